//! The error of a store operation.

use super::distrust::Distrust;
use crate::basket::BasketError;
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
    /// The store is not trusted, and only read.
    #[error("{}: the store is not trusted, and only read", dir.display())]
    Untrusted {
        /// The store's folder.
        dir: PathBuf,
        /// The reason.
        distrust: Distrust,
    },
    /// There is another folder at the store's path than the one that was opened: its disk was
    /// unmounted, or another folder was put in its place.
    #[error("{}: not the store's folder that was opened", .0.display())]
    FolderReplaced(PathBuf),
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
    /// A change of a basket is refused.
    #[error(transparent)]
    Basket(#[from] BasketError),
    /// An edit cannot be done.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl StoreError {
    /// Whether the error is that a file does not exist.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Whether a folder cannot be used at all.
    pub(super) fn is_unusable_folder(&self) -> bool {
        matches!(self, Self::Io { source, .. } if is_unusable(source))
    }

    /// Whether the store's folder is not there, or not the one that was opened.
    pub(crate) fn is_folder_away(&self) -> bool {
        matches!(self, Self::FolderGone(_) | Self::FolderReplaced(_))
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

/// Whether a folder cannot be used at all, as opposed to a disk that is full for a while.
pub(super) fn is_unusable(error: &io::Error) -> bool {
    use io::ErrorKind::{AlreadyExists, NotADirectory, PermissionDenied, ReadOnlyFilesystem};
    matches!(error.kind(), PermissionDenied | ReadOnlyFilesystem | NotADirectory | AlreadyExists)
}
