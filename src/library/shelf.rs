//! Speeches kept in memory while many are read again and again.
//!
//! A speech is kept as long as its file's size and time of change stay the same, and as long as
//! there is room: what would go beyond `ROOM` is read anew each time.

use crate::{
    document::Document,
    source::{self, Manner, SourceError},
};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

/// Bytes of text that are kept.
const ROOM: usize = 256 * 1024 * 1024;

/// A file's size and time of change.
type Stamp = (u64, Option<SystemTime>);

/// The speeches kept. Used from any thread.
#[derive(Debug, Default)]
pub struct Shelf {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    speeches: HashMap<PathBuf, (Stamp, Arc<Document>)>,
    /// Bytes of all their texts.
    bytes: usize,
}

impl Shelf {
    /// The speech of a file, with its final tree.
    ///
    /// # Errors
    /// The file gives no speech.
    pub fn document(&self, path: &Path, manner: Manner) -> Result<Arc<Document>, SourceError> {
        let stamp = fs::metadata(path).ok().map(|metadata| (metadata.len(), metadata.modified().ok()));
        if let Some(stamp) = stamp
            && let Some((known, document)) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).speeches.get(path)
            && *known == stamp
        {
            return Ok(Arc::clone(document));
        }
        let document = source::open(path, manner)?.document;
        let bytes = document.source.len_bytes();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, old)) = kept.speeches.remove(path) {
            kept.bytes -= old.source.len_bytes();
        }
        if let Some(stamp) = stamp
            && kept.bytes + bytes <= ROOM
        {
            kept.bytes += bytes;
            kept.speeches.insert(path.to_owned(), (stamp, Arc::clone(&document)));
        }
        Ok(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speech_is_read_again_only_when_its_file_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "在青禾县会议上的讲话\n").unwrap();
        let shelf = Shelf::default();
        let first = shelf.document(&path, Manner::default()).unwrap();
        assert!(Arc::ptr_eq(&first, &shelf.document(&path, Manner::default()).unwrap()));
        fs::write(&path, "在临江市一次会议上的讲话\n").unwrap();
        let second = shelf.document(&path, Manner::default()).unwrap();
        assert!(!Arc::ptr_eq(&first, &second));
        assert_eq!(shelf.kept.lock().unwrap().bytes, second.source.len_bytes());
        assert!(shelf.document(&folder.path().join("none.txt"), Manner::default()).is_err());
    }
}
