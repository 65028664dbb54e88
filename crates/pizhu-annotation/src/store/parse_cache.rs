//! A cache of recently parsed files.
//!
//! A file is always read from the disk; only the parsing is skipped if its bytes are known.

use super::speech_file::{ReadOutcome, SpeechFile};
use blake3::Hash;
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// Maximum number of files cached.
const MAX_CACHED: usize = 3;
/// Minimum size in bytes of a file worth caching.
const MIN_CACHED_BYTES: usize = 64 * 1024;

/// Parse results of a few large files by content hash.
#[derive(Debug, Default)]
pub(super) struct SpeechFileCache(Mutex<VecDeque<(Hash, ReadOutcome)>>);

impl SpeechFileCache {
    /// Parses these bytes like [`SpeechFile::from_ron`], or returns the cached result.
    pub(super) fn read(&self, bytes: &[u8]) -> ReadOutcome {
        if bytes.len() < MIN_CACHED_BYTES {
            return SpeechFile::from_ron(bytes);
        }
        let hash = blake3::hash(bytes);
        {
            let cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, outcome)) = cached.iter().find(|(key, _)| *key == hash) {
                return outcome.clone();
            }
        }
        let outcome = SpeechFile::from_ron(bytes);
        self.insert(hash, outcome.clone());
        outcome
    }

    /// Caches the result of reading these bytes back.
    pub(super) fn insert_outcome(&self, bytes: &[u8], outcome: ReadOutcome) {
        if bytes.len() >= MIN_CACHED_BYTES {
            self.insert(blake3::hash(bytes), outcome);
        }
    }

    fn insert(&self, hash: Hash, outcome: ReadOutcome) {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.retain(|(key, _)| *key != hash);
        cached.truncate(MAX_CACHED - 1);
        cached.push_front((hash, outcome));
    }
}
