//! The store: annotations in files, one a speech, and the codebook beside them.
//!
//! Invariants: a file is replaced whole, by a rename, after what was written has been read back
//! and compared and is on the disk; it is written only under the store's lock, out of what is in
//! it at that moment merged with the edits; what cannot be read is put aside, never overwritten;
//! what a newer program wrote is never written.

mod backup;
mod codebook_file;
mod copies;
mod files;
mod locate;
mod merge_files;
mod recent;
mod recover;
mod replace;
pub mod sheet;
mod skim;
mod tally;

pub use copies::Copies;
pub use files::{Committed, Notice, Speech, SpeechKey};
pub use locate::{Locator, Place, SHARED_DIR, state_dir};
pub use merge_files::{MergeError, Side, init_shared, merge_files};
pub use tally::TagCounts;

use super::{
    codebook::{Codebook, CodebookError},
    edit::{Action, ActionKind, EditError, plan},
    model::{AnnotationId, Edit},
    placements::Placements,
    storage::{Disk, Lock, Storage, make_dir},
};
use pizhu_text::document::Document;
use files::Index;
use recent::Recent;
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

/// How long a process waits for another to finish writing.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Why the store cannot do something. What was edited is kept by whoever was told.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no home folder to keep a store in; name one.
    #[error("no home folder: name a store with --store or PIZHU_STORE")]
    NoHome,
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Another process has held the store's lock all the time.
    #[error("{}: another process is writing to this store", .0.display())]
    Locked(PathBuf),
    /// The store's folder was there, and is not any more: taken away, or its disk is.
    #[error("{}: the store's folder is gone", .0.display())]
    Gone(PathBuf),
    /// A newer program wrote the file; it can be read but not written.
    #[error("{}: written by a newer program; read only", .0.display())]
    Newer(PathBuf),
    /// What was to be written does not read back the same.
    #[error("{}: what was written did not read back the same", .0.display())]
    NotTheSame(PathBuf),
    /// Saving has not come to an end in the time there was.
    #[error("saving has not come to an end yet")]
    TooSlow,
    /// The history has no such action.
    #[error("the history has no entry {0}")]
    NoSuchAction(uuid::Uuid),
    /// The codebook refuses a change.
    #[error(transparent)]
    Codebook(#[from] CodebookError),
    /// An edit cannot be done.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl StoreError {
    /// Whether it is that a file is not there (any more).
    fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

/// A store. Cheap to clone, used from any thread.
#[derive(Debug, Clone)]
pub struct Store {
    storage: Arc<dyn Storage>,
    place: Arc<Place>,
    /// This user's folder for journals, history and backups.
    state: Arc<PathBuf>,
    index: Arc<Mutex<Index>>,
    recent: Arc<Recent>,
    /// Whether the journals of dead processes have been looked for.
    recovered: Arc<OnceLock<()>>,
}

impl Store {
    /// The store at `place`, with journals, history and backups under `state`. Nothing is written
    /// before the first edit.
    #[must_use]
    pub fn new(place: Place, state: PathBuf) -> Self {
        Self::with_storage(Arc::new(Disk), place, state)
    }

    /// [`Self::new`] on other storage than the file system.
    #[must_use]
    pub fn with_storage(storage: Arc<dyn Storage>, place: Place, state: PathBuf) -> Self {
        Self {
            storage,
            place: Arc::new(place),
            state: Arc::new(state),
            index: Arc::default(),
            recent: Arc::default(),
            recovered: Arc::default(),
        }
    }

    /// The store for a speech: `given` (from `--store` or `PIZHU_STORE`) or the one found from
    /// the speech upwards or the user's own.
    ///
    /// # Errors
    /// When there is no home folder.
    pub fn find(speech: Option<&Path>, given: Option<&Path>) -> Result<Self, StoreError> {
        Ok(Self::new(Place::find(speech, given)?, state_dir()?))
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// What it is kept on.
    pub(super) fn storage(&self) -> Arc<dyn Storage> {
        Arc::clone(&self.storage)
    }

    /// Whether its folder is there.
    pub(super) fn is_there(&self) -> bool {
        self.storage.stamp(&self.place.dir).is_ok()
    }

    /// Whether nobody but the user may read the files.
    fn private(&self) -> bool {
        !self.place.shared
    }

    /// Takes the store's lock, making its folder where need be.
    fn lock(&self) -> Result<Lock, StoreError> {
        let dir = &self.place.dir;
        make_dir(&*self.storage, dir, self.private()).map_err(StoreError::io(dir))?;
        let path = dir.join(".lock");
        self.storage.lock(&path, LOCK_WAIT, self.private()).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => StoreError::Locked(dir.clone()),
            _ => StoreError::io(&path)(error),
        })
    }

    /// The annotations of a document, each with its place in it as it is now.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn annotations(&self, document: &Document, path: &Path) -> Result<(Placements, Vec<Notice>), StoreError> {
        let speech = self.load(&SpeechKey::of(&self.place, document, path))?;
        Ok((Placements::new(document, speech.annotations()), speech.notices))
    }

    /// Does the edits by `author` and saves them: when this returns, they are on the disk. Tags
    /// that the codebook does not have are added to it.
    /// Gives the ids of the annotations concerned, one an edit.
    ///
    /// # Errors
    /// When an edit cannot be done or saved; then none is.
    pub fn apply(&self, document: &Document, path: &Path, author: &str, edits: Vec<Edit>) -> Result<Vec<AnnotationId>, StoreError> {
        let key = SpeechKey::of(&self.place, document, path);
        let mut placements = Placements::new(document, self.load(&key)?.annotations());
        let mut ids = Vec::with_capacity(edits.len());
        let mut changes = Vec::new();
        for edit in edits {
            let (id, planned) = plan(edit, author, document, &placements)?;
            ids.push(id);
            for change in planned {
                match &change.after {
                    Some(after) => placements.place(document, Arc::new(after.clone())),
                    None => drop(change.before.as_ref().and_then(|before| placements.remove(before.id))),
                }
                changes.push(change);
            }
        }
        if !changes.is_empty() {
            self.commit(&key, &[Action::new(ActionKind::Edit, author, changes)])?;
        }
        Ok(ids)
    }

    /// The codebook; the starter where the store has none yet.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn codebook(&self) -> Result<Codebook, StoreError> {
        self.find_codebooks()?;
        Ok(self.read_codebook()?.book)
    }

    /// Changes the codebook and saves it.
    ///
    /// # Errors
    /// When `change` refuses, or it cannot be saved; then nothing is changed.
    pub fn edit_codebook<T>(&self, change: impl FnOnce(&mut Codebook) -> Result<T, CodebookError>) -> Result<T, StoreError> {
        let _lock = self.lock()?;
        self.find_codebooks()?;
        let mut there = self.read_codebook()?;
        let given = change(&mut there.book)?;
        self.write_codebook(there)?;
        Ok(given)
    }
}
