//! The parse cache of a library: loaded when its scan begins, completed after it.

use pizhu_library::document_cache::DocumentCache;
use pizhu_library::parse_cache;
use pizhu_library::parse_cache::MetadataFingerprint;
use pizhu_library::parse_cache::ParseCache;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// The cache of the current library.
#[derive(Default)]
pub(super) struct LibraryCaches {
    inner: Mutex<OpenCache>,
    /// Whether missing records are being computed.
    is_filling: AtomicBool,
}

#[derive(Default)]
struct OpenCache {
    /// Cache folder, and the library's folders and files.
    library: Option<(PathBuf, Vec<PathBuf>)>,
    parse_cache: Arc<ParseCache>,
}

/// A library that has been scanned.
pub(crate) struct ScannedLibrary {
    /// Its folders and files.
    pub roots: Vec<PathBuf>,
    /// The cache folder.
    pub cache: PathBuf,
    /// Its speeches.
    pub files: Vec<(PathBuf, MetadataFingerprint)>,
}

impl LibraryCaches {
    /// The cache; blocks while it is being loaded.
    pub(super) fn get(&self) -> Arc<ParseCache> {
        Arc::clone(&self.lock().parse_cache)
    }

    /// Loads the cache of a library, unless it is loaded already.
    pub(super) fn load(&self, cache: &Path, roots: &[PathBuf]) {
        let mut open = self.lock();
        let library = Some((cache.to_owned(), roots.to_owned()));
        if open.library != library {
            *open = OpenCache { library, parse_cache: Arc::new(ParseCache::load(cache, roots)) };
        }
    }

    fn lock(&self) -> MutexGuard<'_, OpenCache> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Completes the cache of a scanned library; see
/// [`scan_callback`](super::QueryWorker::scan_callback).
pub(super) fn complete_cache(caches: &LibraryCaches, documents: &DocumentCache, library: &ScannedLibrary, is_outdated: &dyn Fn() -> bool) {
    let fingerprints = library.files.iter().map(|(_, fingerprint)| *fingerprint).collect();
    documents.retain(&fingerprints);
    documents.set_catalogue_len(library.files.len());
    caches.load(&library.cache, &library.roots);
    if caches.is_filling.swap(true, Ordering::Relaxed) {
        return;
    }
    let parse_cache = caches.get();
    parse_cache::fill(&library.files, &parse_cache, || !is_outdated());
    // If it cannot be written, it is computed again at the next start.
    let _ = parse_cache.save(Some(&fingerprints));
    caches.is_filling.store(false, Ordering::Relaxed);
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
        ScannedLibrary { roots: vec![folder.to_owned()], cache: cache.to_owned(), files }
    }

    #[test]
    fn cache_of_previous_library_is_discarded() {
        let folder = tempfile::tempdir().unwrap();
        let (cache, caches, documents) = (folder.path().join("cache"), LibraryCaches::default(), DocumentCache::new(0));
        let [old, new] = ["a", "b"].map(|name| library(&folder.path().join(name), &cache));
        // The second library is opened while the first one's cache is being filled.
        complete_cache(&caches, &documents, &old, &|| {
            caches.load(&new.cache, &new.roots);
            false
        });
        assert!(!caches.get().has(old.files[0].1));
        complete_cache(&caches, &documents, &new, &|| false);
        assert!(caches.get().has(new.files[0].1));
        // After a restart the cache is available before any scan.
        let again = LibraryCaches::default();
        again.load(&new.cache, &new.roots);
        assert!(again.get().has(new.files[0].1));
    }
}
