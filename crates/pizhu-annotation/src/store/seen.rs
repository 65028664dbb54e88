//! Where this machine has seen the speeches of a store: paths and texts that their records lack.
//!
//! Reading writes nothing to a store. That a speech was opened under a new path is noted here, in the
//! user's state folder, so that it is still found by this path when its text is edited next. The
//! records take it over with the next edit of the annotations. The notes also tell which history is
//! that of a speech whose file the store no longer has.
//!
//! Losing a note costs at most that a speech, moved and then edited, is proposed instead of found; so
//! writing waits for no disk, and a failure is passed over.

use super::{handle::Store, speech_key::SpeechKey};
use crate::identity::SpeechHash;
use crate::journal::{decode_lines, encode_line};
use crate::path_name::comparable_name;
use crate::storage::create_dir_synced;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
};

/// Name of the file in this store's folder of the state folder.
const FILE: &str = "seen.log";
/// Kind of the folder among the state folders.
const KIND: &str = "seen";
/// Lines above which those that later ones have superseded are dropped.
const MAX_LINES: usize = 20_000;

/// A speech, seen at a path with a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sighting {
    name: String,
    hash: SpeechHash,
    /// Stem of the name of the speech's file in the store.
    file: String,
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
    lines: usize,
}

impl SeenSpeeches {
    fn from_log(bytes: &[u8]) -> Self {
        let mut seen = Self::default();
        for sighting in decode_lines::<Sighting>(bytes) {
            seen.lines += 1;
            seen.add(sighting);
        }
        seen
    }

    fn add(&mut self, sighting: Sighting) {
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

    fn contains(&self, sighting: &Sighting) -> bool {
        self.latest.get(&*comparable_name(&sighting.name)) == Some(sighting)
    }
}

impl Store {
    /// The sightings so far.
    pub(super) fn seen(&self) -> Arc<SeenSpeeches> {
        let path = self.state_subdir(KIND).join(FILE);
        let kept = self.header_cache.lock().unwrap_or_else(PoisonError::into_inner).seen.clone();
        if let Some((_, seen)) = kept.as_ref().filter(|_| self.keeps_listing()) {
            return Arc::clone(seen);
        }
        let fingerprint = self.storage.fingerprint(&path).ok();
        if let Some((known, seen)) = kept
            && known == fingerprint
        {
            return seen;
        }
        let seen = match fingerprint {
            Some(_) => SeenSpeeches::from_log(&self.storage.read(&path).unwrap_or_default()),
            None => SeenSpeeches::default(),
        };
        let seen = Arc::new(seen);
        self.header_cache.lock().unwrap_or_else(PoisonError::into_inner).seen = Some((fingerprint, Arc::clone(&seen)));
        seen
    }

    /// Notes that the speech of `file` was seen under `key`.
    pub(super) fn note_seen(&self, key: &SpeechKey, file: &Path) {
        self.note_all_seen([(key.name.clone(), key.hash, file)]);
    }

    /// Notes the names and texts under which the speeches of files were seen.
    pub(super) fn note_all_seen<'a>(&self, seen: impl IntoIterator<Item = (String, SpeechHash, &'a Path)>) {
        let known = self.seen();
        let sightings = seen.into_iter().map(|(name, hash, file)| Sighting { name, hash, file: file_stem(file) });
        let new: Vec<Sighting> = sightings.filter(|sighting| !known.contains(sighting)).collect();
        let lines: String = new.iter().filter_map(|sighting| encode_line(sighting).ok()).collect();
        if lines.is_empty() {
            return;
        }
        let dir = self.state_subdir(KIND);
        let path = dir.join(FILE);
        // The first byte ends what a process may have left that died while writing.
        let written = if known.lines > MAX_LINES {
            self.storage.write(&path, known.compact().as_bytes(), true).and_then(|()| self.storage.append(&path, lines.as_bytes(), true))
        } else {
            let is_there = self.storage.fingerprint(&dir).is_ok() || create_dir_synced(&*self.storage, &dir, true).is_ok();
            if is_there { self.storage.append(&path, format!("\n{lines}").as_bytes(), true) } else { return }
        };
        let mut cache = self.header_cache.lock().unwrap_or_else(PoisonError::into_inner);
        if written.is_ok()
            && let Some((fingerprint, seen)) = &mut cache.seen
        {
            let seen = Arc::make_mut(seen);
            seen.lines += new.len();
            new.into_iter().for_each(|sighting| seen.add(sighting));
            *fingerprint = self.storage.fingerprint(&path).ok();
        }
    }

    /// The file in the store of a speech that has none there now, if this machine knows it: where the
    /// speech was seen, or as a new file would be named.
    pub(super) fn remembered_file(&self, key: &SpeechKey) -> Option<PathBuf> {
        let seen = self.seen();
        let by_text = || Some(seen.files_of_text(key.hash).next()?.to_owned());
        let file = seen.file_at(&key.name).map(str::to_owned).or_else(by_text)?;
        Some(self.location.dir.join(format!("{file}.ron")))
    }
}

impl SeenSpeeches {
    /// The lines that none has superseded.
    fn compact(&self) -> String {
        self.latest.values().filter_map(|sighting| encode_line(sighting).ok()).collect()
    }
}

/// Stem of the name of a speech's file: it names the file here, and its history.
pub(super) fn file_stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
