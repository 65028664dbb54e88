//! The error of a store operation.

use crate::codebook::CodebookError;
use crate::edit::EditError;
use std::{
    io,
    path::{Path, PathBuf},
};

/// Why a store operation failed. The caller still has the edits.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no home folder for a store; the user has to name one.
    #[error("no home folder: name a store with --store or PIZHU_STORE")]
    NoHome,
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The path.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Another process has held the store's lock all the time.
    #[error("{}: another process is writing to this store", .0.display())]
    Locked(PathBuf),
    /// The store's folder existed and has vanished: deleted, or its disk removed.
    #[error("{}: the store's folder is gone", .0.display())]
    FolderGone(PathBuf),
    /// A newer program wrote the file; it is read-only.
    #[error("{}: written by a newer program; read only", .0.display())]
    Newer(PathBuf),
    /// The new content does not read back the same.
    #[error("{}: what was written did not read back the same", .0.display())]
    ReadBackMismatch(PathBuf),
    /// Saving has not finished in time.
    #[error("saving has not come to an end yet")]
    Timeout,
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
    /// Whether the error is that a file does not exist.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}
