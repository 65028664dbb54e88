//! Caches of a library: parsed documents and the search index.

use crate::tui::effect::AppEvent;
use crate::tui::event_sink::{EventSink, REPORT_INTERVAL};
use pizhu_library::document_cache::DocumentCache;
use pizhu_library::index;
use pizhu_library::index::BigramIndex;
use pizhu_library::parse_cache;
use pizhu_library::parse_cache::MetadataFingerprint;
use pizhu_library::parse_cache::ParseCache;
use pizhu_library::source::ReadOptions;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

/// Caches of the current library: loaded when its scan begins, completed after it.
#[derive(Default)]
pub(super) struct LibraryIndexes {
    inner: Mutex<IndexSet>,
    /// Whether missing entries are being computed.
    is_building: AtomicBool,
}

#[derive(Default)]
struct IndexSet {
    /// Cache folder, the library's folders and files, and its read options.
    library: Option<(PathBuf, Vec<PathBuf>, ReadOptions)>,
    parse_cache: Arc<ParseCache>,
    index: Arc<BigramIndex>,
}

/// A library that has been scanned.
pub(crate) struct ScannedLibrary {
    /// Its folders and files.
    pub roots: Vec<PathBuf>,
    /// The cache folder.
    pub cache: PathBuf,
    /// How its files are read.
    pub read_options: ReadOptions,
    /// Its speeches.
    pub files: Vec<(PathBuf, MetadataFingerprint)>,
    /// Total size of its files in bytes.
    pub bytes: u64,
}

impl LibraryIndexes {
    /// The caches; blocks while they are being loaded.
    pub(super) fn get(&self) -> (Arc<ParseCache>, Arc<BigramIndex>) {
        let state = self.lock();
        (Arc::clone(&state.parse_cache), Arc::clone(&state.index))
    }

    /// Loads the caches of a library, unless they are loaded already.
    pub(super) fn load(&self, cache: &Path, roots: &[PathBuf], read_options: ReadOptions) {
        let mut state = self.lock();
        let library = Some((cache.to_owned(), roots.to_owned(), read_options));
        if state.library != library {
            // The index covers only files read with the default options.
            let index = if read_options == ReadOptions::default() {
                BigramIndex::open(&index::folder(cache, roots))
            } else {
                BigramIndex::default()
            };
            *state = IndexSet { library, parse_cache: Arc::new(ParseCache::load(cache, roots)), index: Arc::new(index) };
        }
    }

    /// Sets the index that belongs to these caches; ignored if another library was opened since.
    fn set_index(&self, parse_cache: &Arc<ParseCache>, index: BigramIndex) {
        let mut state = self.lock();
        if Arc::ptr_eq(&state.parse_cache, parse_cache) {
            state.index = Arc::new(index);
        }
    }

    fn lock(&self) -> MutexGuard<'_, IndexSet> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Completes the caches of a scanned library; see
/// [`scan_callback`](super::QueryWorker::scan_callback).
pub(super) fn complete_indexes(
    indexes: &LibraryIndexes,
    documents: &DocumentCache,
    library: &ScannedLibrary,
    events: &EventSink,
    is_outdated: &dyn Fn() -> bool,
) {
    let fingerprints = library.files.iter().map(|(_, fingerprint)| *fingerprint).collect();
    documents.retain(&fingerprints);
    documents.set_catalogue_len(library.files.len());
    indexes.load(&library.cache, &library.roots, library.read_options);
    let (parse_cache, index) = indexes.get();
    let needs_index = library.read_options == ReadOptions::default() && library.bytes > documents.text_budget() as u64;
    if !needs_index {
        indexes.set_index(&parse_cache, BigramIndex::default());
    }
    let is_missing = needs_index && library.files.iter().any(|(_, fingerprint)| !index.has(*fingerprint));
    drop(index);
    if indexes.is_building.swap(true, Ordering::Relaxed) {
        return;
    }
    if !is_missing {
        parse_cache::fill(&library.files, &parse_cache, || !is_outdated());
        // If it cannot be written, it is computed again at the next start.
        let _ = parse_cache.save(Some(&fingerprints));
        indexes.is_building.store(false, Ordering::Relaxed);
        return;
    }
    let mut reported_at = Instant::now();
    let report = |count: usize| {
        if reported_at.elapsed() >= REPORT_INTERVAL {
            reported_at = Instant::now();
            events(AppEvent::IndexProgress(Some(count)));
        }
        !is_outdated()
    };
    let folder = index::folder(&library.cache, &library.roots);
    // If it cannot be written, searching is slower.
    let _ = index::build(&folder, &library.files, &parse_cache, report);
    let _ = parse_cache.save(Some(&fingerprints));
    indexes.set_index(&parse_cache, BigramIndex::open(&folder));
    indexes.is_building.store(false, Ordering::Relaxed);
    events(AppEvent::IndexProgress(None));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Creates a folder with one speech, as a scanned library.
    fn library(folder: &Path, cache: &Path) -> ScannedLibrary {
        fs::create_dir_all(folder).unwrap();
        let path = folder.join("a.txt");
        fs::write(&path, "在青禾县会议上的讲话\n同志们：\n一、抓组织工作\n").unwrap();
        let metadata = fs::metadata(&path).unwrap();
        let files = vec![(path.clone(), MetadataFingerprint::new(&path, &metadata))];
        ScannedLibrary {
            roots: vec![folder.to_owned()],
            cache: cache.to_owned(),
            read_options: ReadOptions::default(),
            files,
            bytes: metadata.len(),
        }
    }

    #[test]
    fn index_of_previous_library_is_discarded() {
        let folder = tempfile::tempdir().unwrap();
        let (cache, indexes, documents) = (folder.path().join("cache"), LibraryIndexes::default(), DocumentCache::new(0));
        let [old, new] = ["a", "b"].map(|name| library(&folder.path().join(name), &cache));
        let events: EventSink = Arc::new(|_| true);
        // The second library is opened while the first one's index is being built.
        complete_indexes(&indexes, &documents, &old, &events, &|| {
            indexes.load(&new.cache, &new.roots, new.read_options);
            false
        });
        assert!(indexes.get().1.is_empty());
        complete_indexes(&indexes, &documents, &new, &events, &|| false);
        assert!(indexes.get().1.has(new.files[0].1));
        // After a restart the caches are available before any scan.
        let again = LibraryIndexes::default();
        again.load(&new.cache, &new.roots, new.read_options);
        let (parse_cache, index) = again.get();
        assert!(index.has(new.files[0].1) && parse_cache.has(new.files[0].1));
    }
}
