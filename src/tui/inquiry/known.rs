//! What is known of the speeches of a library: their digests and their index.

use super::{
    super::{effect::Event, worker::Deliver},
    PAUSE,
};
use pizhu_library::digest;
use pizhu_library::digest::Digests;
use pizhu_library::digest::Stamp;
use pizhu_library::index;
use pizhu_library::index::Index;
use pizhu_library::shelf::Shelf;
use pizhu_library::source::Manner;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

/// What is known of the library's speeches; read when a scan begins, and completed behind it.
#[derive(Default)]
pub struct Known {
    kept: Mutex<Kept>,
    /// What is missing is being made.
    busy: AtomicBool,
}

#[derive(Default)]
struct Kept {
    /// The folder of what can be made again, the library's folders and files, and how they are read.
    library: Option<(PathBuf, Vec<PathBuf>, Manner)>,
    digests: Arc<Digests>,
    index: Arc<Index>,
}

/// A library that has been scanned.
pub struct Scanned {
    /// Its folders and files.
    pub roots: Vec<PathBuf>,
    /// The folder of what can be made again.
    pub cache: PathBuf,
    /// How its files are read.
    pub manner: Manner,
    /// Its speeches.
    pub files: Vec<(PathBuf, Stamp)>,
    /// Bytes of all their files.
    pub bytes: u64,
}

impl Known {
    /// What is known; waits while it is being read.
    pub fn get(&self) -> (Arc<Digests>, Arc<Index>) {
        let kept = self.lock();
        (Arc::clone(&kept.digests), Arc::clone(&kept.index))
    }

    /// Reads what is known of a library, unless it is the one whose is there.
    pub fn open(&self, cache: &Path, roots: &[PathBuf], manner: Manner) {
        let mut kept = self.lock();
        let library = Some((cache.to_owned(), roots.to_owned(), manner));
        if kept.library != library {
            // The index is of files read in no manner of their own.
            let index = if manner == Manner::default() { Index::open(&index::folder(cache, roots)) } else { Index::default() };
            *kept = Kept { library, digests: Arc::new(Digests::load(cache, roots)), index: Arc::new(index) };
        }
    }

    /// Takes the index of the library whose digests these are; not where another has been opened.
    fn take_index(&self, digests: &Arc<Digests>, index: Index) {
        let mut kept = self.lock();
        if Arc::ptr_eq(&kept.digests, digests) {
            kept.index = Arc::new(index);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Completes what is known of a library that has been scanned: see
/// [`takes_scanned`](super::Inquirer::takes_scanned).
pub fn take_scanned(known: &Known, shelf: &Shelf, scanned: &Scanned, deliver: &Deliver, is_old: &dyn Fn() -> bool) {
    let stamps = scanned.files.iter().map(|(_, stamp)| *stamp).collect();
    shelf.keep_only(&stamps);
    shelf.set_listed(scanned.files.len());
    known.open(&scanned.cache, &scanned.roots, scanned.manner);
    let (digests, index) = known.get();
    let needs_index = scanned.manner == Manner::default() && scanned.bytes > shelf.room_for_texts() as u64;
    if !needs_index {
        known.take_index(&digests, Index::default());
    }
    let is_missing = needs_index && scanned.files.iter().any(|(_, stamp)| !index.has(*stamp));
    drop(index);
    if known.busy.swap(true, Ordering::Relaxed) {
        return;
    }
    if !is_missing {
        digest::complete(&scanned.files, &digests, || !is_old());
        // What cannot be written is made again at the next start.
        let _ = digests.save(Some(&stamps));
        known.busy.store(false, Ordering::Relaxed);
        return;
    }
    let mut told = Instant::now();
    let tell = |count: usize| {
        if told.elapsed() >= PAUSE {
            told = Instant::now();
            deliver(Event::Indexed(Some(count)));
        }
        !is_old()
    };
    let folder = index::folder(&scanned.cache, &scanned.roots);
    // What cannot be written leaves the search slower and nothing else.
    let _ = index::build(&folder, &scanned.files, &digests, tell);
    let _ = digests.save(Some(&stamps));
    known.take_index(&digests, Index::open(&folder));
    known.busy.store(false, Ordering::Relaxed);
    deliver(Event::Indexed(None));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A folder of one speech, and the same as a library that has been scanned.
    fn library(folder: &Path, cache: &Path) -> Scanned {
        fs::create_dir_all(folder).unwrap();
        let path = folder.join("a.txt");
        fs::write(&path, "在青禾县会议上的讲话\n同志们：\n一、抓组织工作\n").unwrap();
        let metadata = fs::metadata(&path).unwrap();
        let files = vec![(path.clone(), Stamp::of(&path, &metadata))];
        Scanned { roots: vec![folder.to_owned()], cache: cache.to_owned(), manner: Manner::default(), files, bytes: metadata.len() }
    }

    #[test]
    fn a_library_left_behind_gives_no_index_to_the_one_that_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let (cache, known, shelf) = (folder.path().join("cache"), Known::default(), Shelf::new(0));
        let [old, new] = ["a", "b"].map(|name| library(&folder.path().join(name), &cache));
        let deliver: Deliver = Arc::new(|_| true);
        // The other is opened while the index of the one is being made.
        take_scanned(&known, &shelf, &old, &deliver, &|| {
            known.open(&new.cache, &new.roots, new.manner);
            false
        });
        assert!(known.get().1.is_empty());
        take_scanned(&known, &shelf, &new, &deliver, &|| false);
        assert!(known.get().1.has(new.files[0].1));
        // At the next start it is known before anything has been scanned.
        let again = Known::default();
        again.open(&new.cache, &new.roots, new.manner);
        let (digests, index) = again.get();
        assert!(index.has(new.files[0].1) && digests.has(new.files[0].1));
    }
}
