//! Speeches kept in memory while many are read again and again.
//!
//! For searching the texts are kept, each with its digest: hardly more than the text. Speeches that
//! are asked for whole are kept as they were parsed. Each is kept as long as its file stays as it
//! is, and as long as there is room: what would go beyond is read anew each time.

use super::{
    digest::{Digest, Digests, Stamp, StampMap},
    seek::Seeker,
};
use pizhu_text::document::Document;
use crate::source;
use crate::source::Contents;
use crate::source::Manner;
use crate::source::SourceError;
use pizhu_text::text::SourceText;
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Bytes that keeping a text takes beside it: the places of its chars, its entry, its digest.
const OVERHEAD: usize = 1024;

/// Bytes that the list takes for each of its speeches, what is known of it included.
const LISTED: usize = 1536;

/// The speeches kept. Used from any thread.
#[derive(Debug)]
pub struct Shelf {
    kept: Mutex<Kept>,
    /// Bytes of memory that may be used, and how many speeches are listed, which takes of it.
    room: AtomicUsize,
    listed: AtomicUsize,
}

#[derive(Debug, Default)]
struct Kept {
    speeches: HashMap<PathBuf, (Stamp, Arc<Document>)>,
    texts: StampMap<Text>,
    /// Bytes of memory that the speeches take, and the texts.
    whole: usize,
    bytes: usize,
}

/// A text with what was found in it.
#[derive(Debug, Clone)]
struct Text {
    source: SourceText,
    digest: Digest,
}

impl Shelf {
    /// A shelf that with the list of speeches takes as many bytes of memory, a quarter of what the
    /// list leaves for speeches as parsed.
    #[must_use]
    pub fn new(room: usize) -> Self {
        Self { kept: Mutex::default(), room: AtomicUsize::new(room), listed: AtomicUsize::new(0) }
    }

    /// Changes the room there is from now on.
    pub fn set_room(&self, room: usize) {
        self.room.store(room, Ordering::Relaxed);
    }

    /// Takes how many speeches are listed.
    pub fn set_listed(&self, speeches: usize) {
        self.listed.store(speeches, Ordering::Relaxed);
    }

    fn room(&self) -> usize {
        self.room.load(Ordering::Relaxed).saturating_sub(self.listed.load(Ordering::Relaxed) * LISTED)
    }

    /// Bytes of text that there is room for.
    #[must_use]
    pub fn room_for_texts(&self) -> usize {
        self.room() / 4 * 3
    }

    /// The speech of a file, with its final tree.
    ///
    /// # Errors
    /// The file gives no speech.
    pub fn document(&self, path: &Path, manner: Manner) -> Result<Arc<Document>, SourceError> {
        let stamp = stamp_of(path);
        if let Some(stamp) = stamp
            && let Some((known, document)) = self.lock().speeches.get(path)
            && *known == stamp
        {
            return Ok(Arc::clone(document));
        }
        let document = source::open(path, manner)?.document;
        let bytes = document.source.len_bytes() * 2;
        let mut kept = self.lock();
        if let Some((_, old)) = kept.speeches.remove(path) {
            kept.whole -= old.source.len_bytes() * 2;
        }
        if let Some(stamp) = stamp
            && kept.whole + bytes <= self.room() / 4
        {
            kept.whole += bytes;
            kept.speeches.insert(path.to_owned(), (stamp, Arc::clone(&document)));
        }
        Ok(document)
    }

    /// The speech of a file so far as searching needs it, as [`Seeker::read`]. `stamp` is the
    /// file's where it is known; else the system is asked.
    ///
    /// # Errors
    /// The file gives no speech.
    pub fn seek(
        &self,
        path: &Path,
        stamp: Option<Stamp>,
        manner: Manner,
        seeker: &Seeker,
        digests: &Digests,
    ) -> Result<Option<Arc<Document>>, SourceError> {
        if seeker.needs_whole() {
            return self.document(path, manner).map(Some);
        }
        if manner != Manner::default() {
            return seeker.read(path, manner, digests);
        }
        let Some(stamp) = stamp.or_else(|| stamp_of(path)) else { return seeker.read(path, manner, digests) };
        let known = self.lock().texts.get(&stamp).cloned();
        if let Some(text) = known {
            return Ok(text.found(seeker));
        }
        if self.lock().bytes >= self.room_for_texts() {
            return seeker.read(path, manner, digests);
        }
        let Some(contents) = source::read_where(path, manner, |_| true)? else { return Ok(None) };
        let text = match contents {
            Contents::Speech(speech) => Text { source: speech.document.source.clone(), digest: Digest::of(&speech.document) },
            Contents::Text(text) => {
                let source = text.source().clone();
                let digest = digests.get(stamp).unwrap_or_else(|| {
                    let digest = Digest::of(&text.parse().document);
                    digests.add(stamp, digest.clone());
                    digest
                });
                Text { source, digest }
            }
        };
        let found = text.found(seeker);
        let mut kept = self.lock();
        let bytes = text.source.len_bytes() + OVERHEAD;
        if kept.texts.insert(stamp, text).is_none() {
            kept.bytes += bytes;
        }
        Ok(found)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives up the texts of all other stamps than these.
    pub fn keep_only(&self, stamps: &std::collections::HashSet<Stamp>) {
        let mut kept = self.lock();
        kept.texts.retain(|stamp, _| stamps.contains(stamp));
        kept.bytes = kept.texts.values().map(|text| text.source.len_bytes() + OVERHEAD).sum();
    }
}

impl Default for Shelf {
    fn default() -> Self {
        Self::new(512 * 1024 * 1024)
    }
}

impl Text {
    fn found(&self, seeker: &Seeker) -> Option<Arc<Document>> {
        let passes = match self.source.chunks() {
            [one] => seeker.passes(one.text()),
            // What lies across two chunks is not seen in either.
            _ => true,
        };
        if passes { self.digest.unpack(self.source.clone()).map(Arc::new) } else { None }
    }
}

fn stamp_of(path: &Path) -> Option<Stamp> {
    fs::metadata(path).ok().map(|metadata| Stamp::of(path, &metadata))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find::Question;

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
        assert_eq!(shelf.kept.lock().unwrap().whole, second.source.len_bytes() * 2);
        assert!(shelf.document(&folder.path().join("none.txt"), Manner::default()).is_err());
    }

    #[test]
    fn texts_are_sought_from_memory_and_from_the_disk_alike() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "在青禾县会议上的讲话\n同志们：\n一、抓組織工作\n").unwrap();
        let seeker = |words: &str| Seeker::new(Question { words: words.to_owned(), ..Question::default() }).unwrap();
        let digests = Digests::default();
        for room in [0, 1 << 20] {
            let shelf = Shelf::new(room);
            for _ in 0..2 {
                let found = shelf.seek(&path, None, Manner::default(), &seeker("组织"), &digests).unwrap().unwrap();
                let hits: Vec<Vec<String>> = seeker("组织").hits(&found, None).described().map(|hit| hit.section.to_vec()).collect();
                assert_eq!(hits, [["一、"]]);
                assert!(shelf.seek(&path, None, Manner::default(), &seeker("临江"), &digests).unwrap().is_none());
            }
            assert_eq!(shelf.kept.lock().unwrap().texts.len(), usize::from(room > 0));
        }
    }
}
