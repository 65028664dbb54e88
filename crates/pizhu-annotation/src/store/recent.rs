//! What was last read and written, so that it need not be parsed again.
//!
//! A file is always read from the disk; only when its bytes are those seen before is what they say
//! taken from here.

use super::sheet::{Reading, Sheet};
use blake3::Hash;
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// Contents kept.
const KEPT: usize = 3;
/// Bytes from which on a file is worth keeping.
const LARGE: usize = 64 * 1024;

/// The readings of a few large files by their content.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<VecDeque<(Hash, Reading)>>);

impl Recent {
    /// What these bytes say: [`Sheet::from_ron`].
    pub(super) fn read(&self, bytes: &[u8]) -> Reading {
        if bytes.len() < LARGE {
            return Sheet::from_ron(bytes);
        }
        let hash = blake3::hash(bytes);
        {
            let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, reading)) = kept.iter().find(|(known, _)| *known == hash) {
                return reading.clone();
            }
        }
        let reading = Sheet::from_ron(bytes);
        self.put(hash, reading.clone());
        reading
    }

    /// Notes what was found in reading these bytes back.
    pub(super) fn keep(&self, bytes: &[u8], reading: Reading) {
        if bytes.len() >= LARGE {
            self.put(blake3::hash(bytes), reading);
        }
    }

    fn put(&self, hash: Hash, reading: Reading) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != hash);
        kept.truncate(KEPT - 1);
        kept.push_front((hash, reading));
    }
}
