//! The handle of a store: where it is, and its caches.

use super::{
    error::StoreError,
    header_cache::HeaderCache,
    location::{StoreLocation, state_dir},
    opened_folder::OpenedFolder,
    parse_cache::SpeechFileCache,
    snapshot_state::SnapshotState,
    trust::{self, StoreInspection},
    warning::StoreWarning,
    warning_log::WarningLog,
};
use crate::storage::{Disk, Storage};
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
};

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
    /// The stand-ins of that folder that exist, once looked for.
    pub(super) stand_ins: Arc<Mutex<Option<Vec<PathBuf>>>>,
    pub(super) header_cache: Arc<Mutex<HeaderCache>>,
    pub(super) parse_cache: Arc<SpeechFileCache>,
    /// Set once the journals of dead processes have been recovered.
    pub(super) recovered: Arc<OnceLock<()>>,
    /// Which folder was opened.
    pub(super) opened_folder: Arc<OpenedFolder>,
    /// Warnings that nobody has been told yet.
    pub(super) warnings: Arc<WarningLog>,
    /// Whether the texts that annotations are placed in are kept and used.
    pub(super) keeps_texts: bool,
    pub(super) snapshots: Arc<SnapshotState>,
    /// The author who sees nobody else's annotations of speeches that are not declared done.
    pub(super) blind: Option<Arc<str>>,
    /// Set once the folder was inspected.
    inspection: Arc<OnceLock<StoreInspection>>,
}

impl Store {
    /// The store at `location`, with journals, histories and backups under `state`. Nothing is
    /// written before the first edit.
    #[must_use]
    pub fn new(location: StoreLocation, state: PathBuf) -> Self {
        Self { inspection: Arc::default(), ..Self::with_storage(Arc::new(Disk), location, state) }
    }

    /// [`Self::new`] on a given storage instead of the file system. It is trusted.
    #[must_use]
    pub fn with_storage(storage: Arc<dyn Storage>, location: StoreLocation, state: PathBuf) -> Self {
        Self {
            opened_folder: Arc::new(OpenedFolder::new(&*storage, &location.dir)),
            warnings: Arc::default(),
            keeps_texts: true,
            snapshots: Arc::default(),
            blind: None,
            storage,
            location: Arc::new(location),
            state: Arc::new(state),
            stand_ins: Arc::default(),
            header_cache: Arc::default(),
            parse_cache: Arc::default(),
            recovered: Arc::default(),
            inspection: Arc::new(OnceLock::from(StoreInspection::default())),
        }
    }

    /// The store for a speech: `given` (from `--store` or `PIZHU_STORE`), else the nearest one
    /// upwards from the speech, else the user's own.
    ///
    /// # Errors
    /// Fails if there is no home folder.
    pub fn find(speech: Option<&Path>, given: Option<&Path>) -> Result<Self, StoreError> {
        let store = Self::new(StoreLocation::find(speech, given)?, state_dir()?);
        if let Some(blocking) = speech.filter(|_| given.is_none()).and_then(|speech| store.location.blocked_by(speech)) {
            store.warn(StoreWarning::NoFolder(blocking));
        }
        Ok(store)
    }

    /// The store as an author who codes blind reads it: of a speech that the author has not declared done
    /// (see [`crate::RecordSet::set_done`]), only the author's own annotations are found and counted; `None` is
    /// everybody. What is written is not affected.
    #[must_use]
    pub fn blind_for(self, author: Option<&str>) -> Self {
        Self { blind: author.map(Arc::from), ..self }
    }

    /// Whether there is a folder of the user's for journals, histories and decisions.
    pub(super) fn has_state(&self) -> bool {
        !self.state.as_os_str().is_empty()
    }

    /// The store's location.
    #[must_use]
    pub fn location(&self) -> &StoreLocation {
        &self.location
    }

    /// Whether the store is trusted, and which of its files are passed over. The folder is inspected
    /// the first time.
    #[must_use]
    pub fn inspection(&self) -> &StoreInspection {
        self.inspection.get_or_init(|| trust::inspect(&self.location, &self.state))
    }

    /// Fails if the store is not trusted, so that it must not be written.
    pub(super) fn check_trusted(&self) -> Result<(), StoreError> {
        match &self.inspection().distrust {
            Some(distrust) => Err(StoreError::Untrusted { dir: self.location.dir.clone(), distrust: distrust.clone() }),
            None if self.has_state() => Ok(()),
            None => Err(StoreError::io(&self.location.dir)(io::ErrorKind::ReadOnlyFilesystem.into())),
        }
    }

    /// Fails if the store is only read.
    ///
    /// # Errors
    /// Fails if it is not trusted, or there is no folder of the user's for what is kept beside it.
    pub fn check_writable(&self) -> Result<(), StoreError> {
        self.check_trusted()
    }

    /// The underlying storage.
    pub(crate) fn storage(&self) -> Arc<dyn Storage> {
        Arc::clone(&self.storage)
    }

    /// Keeps a warning for [`Self::take_warnings`], unless it was given before.
    pub(super) fn warn(&self, warning: StoreWarning) {
        self.warnings.add(warning);
    }

    /// The warnings about the store as a whole, and about files rewritten by [`Self::apply`] and its
    /// kin, since the last call: a damaged codebook, a damaged file put aside, a state folder that
    /// cannot be written. Each is given once; that tags have become one, once on this machine.
    #[must_use]
    pub fn take_warnings(&self) -> Vec<StoreWarning> {
        let mut taken = self.warnings.take();
        self.retain_untold_unions(&mut taken);
        taken
    }

    /// Whether only the user may read the files.
    pub(super) fn private(&self) -> bool {
        !self.location.shared
    }
}
