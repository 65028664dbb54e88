//! The file of the sightings in the state folder.

use super::{
    handle::Store,
    seen::{SeenSpeeches, Sighting, file_stem},
    speech_key::SpeechKey,
};
use crate::identity::SpeechHash;
use crate::journal::encode_line;
use crate::storage::create_dir_synced;
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
};

/// Name of the file in this store's folder of the state folder.
const FILE: &str = "seen.log";
/// Kind of the folder among the state folders.
const KIND: &str = "seen";
/// Lines above which those that later ones have superseded are dropped.
const MAX_LINES: usize = 20_000;

impl Store {
    /// The sightings so far.
    pub(super) fn seen(&self) -> Arc<SeenSpeeches> {
        if !self.has_state() {
            return Arc::default();
        }
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
        if key.has_place() {
            self.note_all_seen([(key.name.clone(), key.hash, file)]);
        }
    }

    /// Notes the names and texts under which the speeches of files were seen.
    pub(super) fn note_all_seen<'a>(&self, seen: impl IntoIterator<Item = (String, SpeechHash, &'a Path)>) {
        if !self.has_state() {
            return;
        }
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
            let append = || self.storage.append(&path, format!("\n{lines}").as_bytes(), true);
            match append() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    create_dir_synced(&*self.storage, &dir, true).and_then(|()| append())
                }
                other => other,
            }
        };
        let mut cache = self.header_cache.lock().unwrap_or_else(PoisonError::into_inner);
        if written.is_ok()
            && let Some((fingerprint, seen)) = &mut cache.seen
        {
            let seen = Arc::make_mut(seen);
            seen.lines += new.len();
            for sighting in new {
                seen.add(sighting);
            }
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
