//! The error of reading a speech.

use super::{extract::ExtractError, file_kind::FileKind};
use std::{
    io,
    path::{Path, PathBuf},
};

/// Error of reading a speech.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file does not exist.
    #[error("{}: no such file", .0.display())]
    Missing(PathBuf),
    /// The path is a folder.
    #[error("{}: is a folder", .0.display())]
    Folder(PathBuf),
    /// Opening or reading failed.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Error of the operating system.
        #[source]
        error: io::Error,
    },
    /// The file does not hold text.
    #[error("{}: is {}, not text", path.display(), what.name())]
    NotText {
        /// The file.
        path: PathBuf,
        /// Detected kind of the file.
        what: FileKind,
    },
    /// The format is known, but its text cannot be extracted.
    #[error("{}: {error}", path.display())]
    Extract {
        /// The file.
        path: PathBuf,
        /// Reason of the failure.
        #[source]
        error: ExtractError,
    },
}

impl SourceError {
    /// Path of the file that could not be read.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Missing(path)
            | Self::Folder(path)
            | Self::Unreadable { path, .. }
            | Self::NotText { path, .. }
            | Self::Extract { path, .. } => path,
        }
    }

    pub(super) fn io(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing(path),
            io::ErrorKind::IsADirectory => Self::Folder(path),
            _ => Self::Unreadable { path, error },
        }
    }
}
