//! The stores of a run, each opened once; usable from several threads.

use pizhu_annotation::Codebook;
use pizhu_annotation::Store;
use pizhu_annotation::StoreError;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::store::state_dir;
use pizhu_library::source::STDIN;
use pizhu_text::document::Document;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Finds the stores of speeches. One listing and one codebook of each store serves the whole run.
#[derive(Debug)]
pub(crate) struct StoreFinder {
    /// Store named on the command line.
    given: Option<PathBuf>,
    /// Whether the user's own folders may be touched.
    uses_state: bool,
    /// Whether the texts that annotations are placed in are kept and used.
    keeps_texts: bool,
    /// The author who codes blind.
    blind: Option<String>,
    found: Mutex<FoundStores>,
}

#[derive(Debug, Default)]
struct FoundStores {
    stores: Vec<Store>,
    by_folder: HashMap<PathBuf, Store>,
    codebooks: HashMap<PathBuf, Arc<Codebook>>,
}

impl StoreFinder {
    pub(crate) fn new(given: Option<PathBuf>, uses_state: bool, keeps_texts: bool) -> Self {
        Self { given, uses_state, keeps_texts, blind: None, found: Mutex::default() }
    }

    /// The finder for an author who codes blind.
    pub(crate) fn blind_for(self, author: Option<String>) -> Self {
        Self { blind: author, ..self }
    }

    fn found(&self) -> MutexGuard<'_, FoundStores> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The store of a speech or folder; for `None`, of the working directory.
    pub(crate) fn for_path(&self, path: Option<&Path>) -> Result<Store, StoreError> {
        let (path, given) = (Some(path.unwrap_or(Path::new("."))), self.given.as_deref());
        let store = if self.uses_state { Store::find(path, given)? } else { Store::find_without_state(path, given) };
        let mut found = self.found();
        if let Some(known) = found.stores.iter().find(|known| known.location() == store.location()) {
            return Ok(known.clone());
        }
        let store = store.with_snapshots(self.keeps_texts).keep_listing().blind_for(self.blind.as_deref());
        found.stores.push(store.clone());
        Ok(store)
    }

    /// The store of the speech in a file, looked for once in each folder.
    pub(crate) fn of_file(&self, file: &Path) -> Result<Store, StoreError> {
        // The real folder: a link may lead to another one.
        let Some(folder) = file.canonicalize().ok().and_then(|file| Some(file.parent()?.to_owned())) else {
            return self.for_path(Some(file));
        };
        if let Some(store) = self.found().by_folder.get(&folder) {
            return Ok(store.clone());
        }
        let store = self.for_path(Some(file))?;
        self.found().by_folder.insert(folder, store.clone());
        Ok(store)
    }

    /// The distinct stores of some speeches.
    pub(crate) fn of_files(&self, files: &[PathBuf]) -> Result<Vec<Store>, StoreError> {
        let mut found: Vec<Store> = Vec::new();
        for file in files {
            let store = self.of_file(file)?;
            if !found.iter().any(|other| other.location() == store.location()) {
                found.push(store);
            }
        }
        Ok(found)
    }

    /// The codebook of the speeches' store; of several stores, theirs united; without any, that of the
    /// working directory.
    pub(crate) fn codebook_of(&self, files: &[PathBuf]) -> Result<Codebook, StoreError> {
        let mut book: Option<Codebook> = None;
        for store in self.of_files(files)? {
            let other = store.codebook()?;
            book = Some(match book {
                Some(book) => Codebook::two_way_merge(&book, &other),
                None => other,
            });
        }
        match book {
            Some(book) => Ok(book),
            None => self.for_path(None)?.codebook(),
        }
    }

    /// The document of a file, its outline as the store's readers have mended it.
    pub(crate) fn mended(&self, document: &Arc<Document>, file: &Path) -> Result<Arc<Document>, StoreError> {
        if file == Path::new(STDIN) {
            return Ok(Arc::clone(document));
        }
        match self.of_file(file) {
            // Without a store nothing is mended.
            Err(StoreError::NoHome) => Ok(Arc::clone(document)),
            store => store?.mended(document, file),
        }
    }

    /// Whether the error is of a file that is passed over: the end of the run tells of it.
    pub(crate) fn passes_over(&self, error: &StoreError) -> bool {
        let StoreError::Io { path, .. } = error else { return false };
        self.all().iter().any(|store| store.inspection().passed_over.iter().any(|(other, _)| other == path))
    }

    /// Another store than that of a speech, in `dir`; not one of [`Self::all`].
    pub(crate) fn foreign(&self, dir: &Path) -> Result<Store, StoreError> {
        Ok(Store::new(StoreLocation::from_dir(dir), state_dir()?).with_snapshots(self.keeps_texts).keep_listing())
    }

    /// The codebook of a store, read once.
    pub(crate) fn codebook(&self, store: &Store) -> Result<Arc<Codebook>, StoreError> {
        let dir = &store.location().dir;
        if let Some(book) = self.found().codebooks.get(dir) {
            return Ok(Arc::clone(book));
        }
        let book = Arc::new(store.codebook()?);
        self.found().codebooks.insert(dir.clone(), Arc::clone(&book));
        Ok(book)
    }

    /// The stores found so far.
    pub(crate) fn all(&self) -> Vec<Store> {
        self.found().stores.clone()
    }
}
