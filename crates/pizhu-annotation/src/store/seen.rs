//! Where this machine has seen the speeches of a store: paths and texts that their records lack.
//!
//! Reading writes nothing to a store. That a speech was opened under a new path is noted here, in the
//! user's state folder, so that it is still found by this path when its text is edited next. The
//! records take it over with the next edit of the annotations. The notes also tell which history is
//! that of a speech whose file the store no longer has.
//!
//! Losing a note costs at most that a speech, moved and then edited, is proposed instead of found; so
//! writing waits for no disk, and a failure is passed over.

use crate::identity::SpeechHash;
use crate::journal::{decode_lines, encode_line};
use crate::path_name::comparable_name;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
};

/// A speech, seen at a path with a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sighting {
    pub(super) name: String,
    pub(super) hash: SpeechHash,
    /// Stem of the name of the speech's file in the store.
    pub(super) file: String,
}

/// All sightings of the speeches of one store.
#[derive(Debug, Clone, Default)]
pub(super) struct SeenSpeeches {
    /// The latest at each path, by the comparable form of its name.
    latest: HashMap<String, Sighting>,
    /// The files of each text.
    by_text: HashMap<SpeechHash, BTreeSet<String>>,
    /// The names of each file, the latest last.
    names: HashMap<String, Vec<String>>,
    /// Lines of the file.
    pub(super) lines: usize,
}

impl SeenSpeeches {
    pub(super) fn from_log(bytes: &[u8]) -> Self {
        let mut seen = Self::default();
        for sighting in decode_lines::<Sighting>(bytes) {
            seen.lines += 1;
            seen.add(sighting);
        }
        seen
    }

    pub(super) fn add(&mut self, sighting: Sighting) {
        let key = comparable_name(&sighting.name).into_owned();
        if let Some(before) = self.latest.get(&key)
            && before.file != sighting.file
            && let Some(names) = self.names.get_mut(&before.file)
        {
            names.retain(|name| *name != sighting.name);
        }
        self.by_text.entry(sighting.hash).or_default().insert(sighting.file.clone());
        let names = self.names.entry(sighting.file.clone()).or_default();
        names.retain(|name| *name != sighting.name);
        names.push(sighting.name.clone());
        self.latest.insert(key, sighting);
    }

    /// The file (by its stem) of the speech seen last at a path.
    pub(super) fn file_at(&self, name: &str) -> Option<&str> {
        self.latest.get(&*comparable_name(name)).map(|sighting| sighting.file.as_str())
    }

    /// The files that a text was seen to belong to.
    pub(super) fn files_of_text(&self, hash: SpeechHash) -> impl Iterator<Item = &str> {
        self.by_text.get(&hash).into_iter().flatten().map(String::as_str)
    }

    /// The paths at which the speech of a file was seen, the latest last.
    pub(super) fn names_of(&self, file: &str) -> &[String] {
        self.names.get(file).map_or(&[], Vec::as_slice)
    }

    /// The texts that the speech of a file was seen to have.
    pub(super) fn texts_of(&self, file: &str) -> impl Iterator<Item = SpeechHash> {
        self.by_text.iter().filter(move |(_, files)| files.contains(file)).map(|(hash, _)| *hash)
    }

    pub(super) fn contains(&self, sighting: &Sighting) -> bool {
        self.latest.get(&*comparable_name(&sighting.name)) == Some(sighting)
    }
}

impl SeenSpeeches {
    /// The lines that none has superseded.
    pub(super) fn compact(&self) -> String {
        self.latest.values().filter_map(|sighting| encode_line(sighting).ok()).collect()
    }
}

/// Stem of the name of a speech's file: it names the file here, and its history.
pub(super) fn file_stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
