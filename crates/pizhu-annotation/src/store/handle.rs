//! The handle of a store: where it is, its caches and its lock.

use super::{
    error::StoreError,
    header_cache::HeaderCache,
    location::{StoreLocation, state_dir},
    parse_cache::SpeechFileCache,
};
use crate::storage::{Disk, Lock, Storage, create_dir_synced};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

/// How long a process waits for another to finish writing.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// A store of annotations. Cheap to clone, usable from any thread.
///
/// ```
/// use pizhu_annotation::{Edit, Store, StoreLocation, Target};
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::{SourceText, Span};
///
/// let dir = tempfile::tempdir().unwrap();
/// let store = Store::new(StoreLocation::from_dir(&dir.path().join("store")), dir.path().join("state"));
/// let path = dir.path().join("讲话.txt");
/// let document = parse(SourceText::from("今年要抓好人才工作，把短板补起来。"), &Hints::default());
///
/// let edit = Edit::Note { target: Target::Passage(Span::new(3, 9)), note: "重点".to_owned() };
/// store.apply(&document, &path, "甲", vec![edit])?;
///
/// let (annotations, warnings) = store.annotations(&document, &path)?;
/// assert_eq!(annotations.len(), 1);
/// assert_eq!(annotations[0].annotation.note, "重点");
/// assert!(warnings.is_empty());
/// # Ok::<(), pizhu_annotation::StoreError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Store {
    pub(super) storage: Arc<dyn Storage>,
    pub(super) location: Arc<StoreLocation>,
    /// This user's folder for journals, histories and backups.
    pub(super) state: Arc<PathBuf>,
    pub(super) header_cache: Arc<Mutex<HeaderCache>>,
    pub(super) parse_cache: Arc<SpeechFileCache>,
    /// Set once the journals of dead processes have been recovered.
    pub(super) recovered: Arc<OnceLock<()>>,
}

impl Store {
    /// The store at `location`, with journals, histories and backups under `state`. Nothing is
    /// written before the first edit.
    #[must_use]
    pub fn new(location: StoreLocation, state: PathBuf) -> Self {
        Self::with_storage(Arc::new(Disk), location, state)
    }

    /// [`Self::new`] on a given storage instead of the file system.
    #[must_use]
    pub fn with_storage(storage: Arc<dyn Storage>, location: StoreLocation, state: PathBuf) -> Self {
        Self {
            storage,
            location: Arc::new(location),
            state: Arc::new(state),
            header_cache: Arc::default(),
            parse_cache: Arc::default(),
            recovered: Arc::default(),
        }
    }

    /// The store for a speech: `given` (from `--store` or `PIZHU_STORE`), else the nearest one
    /// upwards from the speech, else the user's own.
    ///
    /// # Errors
    /// Fails if there is no home folder.
    pub fn find(speech: Option<&Path>, given: Option<&Path>) -> Result<Self, StoreError> {
        Ok(Self::new(StoreLocation::find(speech, given)?, state_dir()?))
    }

    /// The store's location.
    #[must_use]
    pub fn location(&self) -> &StoreLocation {
        &self.location
    }

    /// The underlying storage.
    pub(crate) fn storage(&self) -> Arc<dyn Storage> {
        Arc::clone(&self.storage)
    }

    /// Whether the store's folder exists.
    pub(crate) fn folder_exists(&self) -> bool {
        self.storage.fingerprint(&self.location.dir).is_ok()
    }

    /// Whether only the user may read the files.
    pub(super) fn private(&self) -> bool {
        !self.location.shared
    }

    /// Takes the store's lock, creating its folder if needed.
    pub(super) fn lock(&self) -> Result<Lock, StoreError> {
        let dir = &self.location.dir;
        create_dir_synced(&*self.storage, dir, self.private()).map_err(StoreError::io(dir))?;
        let path = dir.join(".lock");
        self.storage.lock(&path, LOCK_WAIT, self.private()).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => StoreError::Locked(dir.clone()),
            _ => StoreError::io(&path)(error),
        })
    }
}
