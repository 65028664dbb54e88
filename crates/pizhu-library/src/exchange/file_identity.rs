//! The identity of a file, whatever path leads to it.

use std::{
    ffi::OsStr,
    fs::{self, Metadata},
    path::Path,
};

/// The device and inode of a file; where the system has none, its real path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileIdentity {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    inode: u64,
    #[cfg(not(unix))]
    path: std::path::PathBuf,
}

impl FileIdentity {
    /// The identity of the file at `path`, whose metadata is known.
    #[cfg(unix)]
    pub(super) fn new(_: &Path, metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self { device: metadata.dev(), inode: metadata.ino() }
    }

    /// The identity of the file at `path`.
    #[cfg(not(unix))]
    pub(super) fn new(path: &Path, _: &Metadata) -> Self {
        Self { path: path.canonicalize().unwrap_or_else(|_| path.to_owned()) }
    }

    /// The identity of the file that `path` leads to, through links; `None` if there is none.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        Some(Self::new(path, &fs::metadata(path).ok()?))
    }

    /// Whether this is a file in `folder` of a name that `is_named` accepts. The folder is listed
    /// once; its files are not opened.
    #[cfg(unix)]
    pub(super) fn is_in_folder(&self, folder: &Path, is_named: impl Fn(&OsStr) -> bool) -> bool {
        use std::os::unix::fs::DirEntryExt as _;
        Self::of(folder).is_some_and(|folder| folder.device == self.device)
            && fs::read_dir(folder)
                .is_ok_and(|entries| entries.flatten().any(|entry| entry.ino() == self.inode && is_named(&entry.file_name())))
    }

    /// Whether this is a file in `folder` of a name that `is_named` accepts.
    #[cfg(not(unix))]
    pub(super) fn is_in_folder(&self, folder: &Path, is_named: impl Fn(&OsStr) -> bool) -> bool {
        let fits = || self.path.file_name().is_some_and(is_named);
        folder.canonicalize().is_ok_and(|folder| self.path.parent() == Some(&folder) && fits())
    }
}
