//! How the record of a speech follows the speech.

use super::{speech_file::SpeechRecord, speech_key::SpeechKey};
use crate::identity::SpeechHash;

/// Maximum number of former identities kept of a speech, and of those that are like it.
const MAX_FORMER: usize = 8;
/// Maximum number of paths kept of a speech: its places.
const MAX_PATHS: usize = 40;

impl SpeechRecord {
    /// The record of a speech seen at one path.
    #[must_use]
    pub fn new(hash: SpeechHash, path: &str, title: &str) -> Self {
        Self {
            hash,
            paths: vec![path.to_owned()],
            title: title.to_owned(),
            former_hashes: Vec::new(),
            detached: false,
            sketch: None,
            similar_texts: Vec::new(),
            refused_texts: Vec::new(),
        }
    }

    /// The record of a speech seen under `key`.
    pub(super) fn of_key(key: &SpeechKey) -> Self {
        let mut record = Self { sketch: key.sketch(), ..Self::new(key.hash, &key.name, &key.title) };
        record.paths.retain(|path| !path.is_empty());
        record
    }

    /// Updates the record: the speech was seen under `key`.
    pub(super) fn update_from(&mut self, key: &SpeechKey) {
        if key.has_place() && !self.paths.contains(&key.name) {
            self.add_path(key.name.clone());
        }
        if self.hash != key.hash {
            // A text that comes back is a former one no longer.
            self.former_hashes.retain(|hash| *hash != key.hash && *hash != self.hash);
            self.former_hashes.push(self.hash);
            self.hash = key.hash;
            keep_last(&mut self.former_hashes, MAX_FORMER);
            self.sketch = key.sketch().or(self.sketch.take());
        } else if self.sketch.is_none() {
            self.sketch = key.sketch();
        }
        self.title.clone_from(&key.title);
    }

    /// Adds a path as the latest.
    pub(super) fn add_path(&mut self, name: String) {
        self.paths.push(name);
        keep_last(&mut self.paths, MAX_PATHS);
    }

    /// Whether this is or was the record of a text.
    pub(super) fn has_had(&self, hash: SpeechHash) -> bool {
        self.hash == hash || self.former_hashes.contains(&hash)
    }

    /// Notes that the speech of a text may be this one.
    pub(super) fn consider(&mut self, hash: SpeechHash) {
        if !self.refused_texts.contains(&hash) && !self.similar_texts.contains(&hash) && !self.has_had(hash) {
            self.similar_texts.push(hash);
            keep_last(&mut self.similar_texts, MAX_FORMER);
        }
    }

    /// Notes that the speech of a text is not this one.
    pub(super) fn refuse(&mut self, hash: SpeechHash) {
        self.similar_texts.retain(|similar| *similar != hash);
        if !self.refused_texts.contains(&hash) {
            self.refused_texts.push(hash);
            keep_last(&mut self.refused_texts, MAX_FORMER);
        }
    }
}

fn keep_last<T>(list: &mut Vec<T>, count: usize) {
    list.drain(..list.len().saturating_sub(count));
}
