//! Locating the store.

use super::error::StoreError;
use crate::path_name::{canonical_path, named_path, path_name};
use directories::ProjectDirs;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Name of a folder that makes its parent folder, with everything below, share a store.
pub(crate) const SHARED_DIR: &str = ".pizhu";

/// The folder of a store.
///
/// ```
/// use pizhu_annotation::StoreLocation;
/// use std::path::Path;
///
/// let dir = tempfile::tempdir().unwrap();
/// std::fs::create_dir(dir.path().join(".pizhu")).unwrap();
/// let location = StoreLocation::from_dir(dir.path());
/// assert!(location.shared);
/// assert!(location.dir.ends_with(".pizhu"));
///
/// // Speeches below the shared folder are named by relative paths.
/// let speech = dir.path().join("2024/讲话.txt");
/// assert_eq!(location.document_name(&speech), "2024/讲话.txt");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreLocation {
    /// Where the files are.
    pub dir: PathBuf,
    /// The folder to which the names of speeches are relative; `None` if they are absolute.
    pub root: Option<PathBuf>,
    /// Whether a team shares the store, so that file permissions follow the umask. Other stores are
    /// readable by their user only.
    pub shared: bool,
}

impl StoreLocation {
    /// The store in `dir`, or in the `SHARED_DIR` inside it.
    #[must_use]
    pub fn from_dir(dir: &Path) -> Self {
        let inner = dir.join(SHARED_DIR);
        let dir = if inner.is_dir() { inner } else { dir.to_owned() };
        let shared = dir.file_name().is_some_and(|name| name == SHARED_DIR);
        let root = if shared { dir.parent().map(Path::to_owned) } else { Some(dir.clone()) };
        Self { dir, root, shared }
    }

    /// The name of the speech at `path`: relative to the root with `/` if it lies below it, else
    /// absolute. See [`path_name`] for one that is not Unicode.
    #[must_use]
    pub fn document_name(&self, path: &Path) -> String {
        let path = canonical_path(path);
        if let Some(relative) = self.root.as_deref().and_then(|root| path.strip_prefix(canonical_path(root)).ok()) {
            return path_name(&relative.components().collect::<PathBuf>()).replace(std::path::MAIN_SEPARATOR, "/");
        }
        path_name(&path)
    }

    /// The inverse of [`Self::document_name`].
    #[must_use]
    pub fn document_path(&self, name: &str) -> PathBuf {
        let path = named_path(name);
        match &self.root {
            Some(root) if path.is_relative() => root.join(path),
            _ => path,
        }
    }
}

/// Locates the stores of many speeches like [`StoreLocation::find`], with one lookup for
/// consecutive speeches in the same folder.
#[derive(Debug, Default)]
pub struct StoreLocator {
    /// The last folder and its store.
    last: Option<(PathBuf, StoreLocation)>,
}

impl StoreLocator {
    /// Locates the store for a speech.
    ///
    /// # Errors
    /// Fails like [`StoreLocation::find`].
    pub fn find(&mut self, speech: &Path, given: Option<&Path>) -> Result<StoreLocation, StoreError> {
        let is_link = fs::symlink_metadata(speech).is_ok_and(|metadata| metadata.is_symlink());
        let Some(folder) = speech.parent().filter(|_| !is_link) else { return StoreLocation::find(Some(speech), given) };
        if let Some((last, location)) = &self.last
            && last == folder
        {
            return Ok(location.clone());
        }
        let location = StoreLocation::find(Some(speech), given)?;
        self.last = Some((folder.to_owned(), location.clone()));
        Ok(location)
    }
}

/// The user's folder for data kept beside the stores: journals, histories, backups.
///
/// # Errors
/// Fails if the user has no home folder.
pub fn state_dir() -> Result<PathBuf, StoreError> {
    let dirs = ProjectDirs::from("", "", "pizhu").ok_or(StoreError::NoHome)?;
    Ok(dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_shared_folder_upwards_is_the_store() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        std::fs::create_dir_all(top.join("a/b")).unwrap();
        std::fs::create_dir_all(top.join(".pizhu")).unwrap();
        let speech = top.join("a/b/讲话.txt");
        let location = StoreLocation::find(Some(&speech), None).unwrap();
        assert_eq!((location.dir.as_path(), location.shared), (top.join(".pizhu").as_path(), true));
        assert_eq!(location.document_name(&speech), "a/b/讲话.txt");
        assert_eq!(location.document_path("a/b/讲话.txt"), speech);
        assert_eq!(StoreLocation::find(Some(&speech), Some(&top)).unwrap(), location, "given by its parent folder");
        let other = StoreLocation::find(Some(&speech), Some(&top.join("另处"))).unwrap();
        assert_eq!((other.dir.as_path(), other.shared), (top.join("另处").as_path(), false));
        assert_eq!(other.document_path(&other.document_name(&speech)), speech);
    }

    #[cfg(unix)]
    #[test]
    fn locator_agrees_with_single_lookups() {
        let dir = tempfile::tempdir().unwrap();
        let top = dir.path().canonicalize().unwrap();
        for folder in ["a/.pizhu", "a/inner", "b/.pizhu", "c"] {
            std::fs::create_dir_all(top.join(folder)).unwrap();
        }
        for name in ["a/1.txt", "a/2.txt", "a/inner/3.txt", "b/4.txt", "c/5.txt"] {
            std::fs::write(top.join(name), "").unwrap();
        }
        std::os::unix::fs::symlink(top.join("b/4.txt"), top.join("a/link.txt")).unwrap();
        let mut locator = StoreLocator::default();
        for name in ["a/1.txt", "a/2.txt", "a/link.txt", "a/none.txt", "a/inner/3.txt", "b/4.txt", "c/5.txt", "none"] {
            let path = top.join(name);
            assert_eq!(locator.find(&path, None).unwrap(), StoreLocation::find(Some(&path), None).unwrap(), "{name}");
        }
    }
}
