//! Stores without the user's own folders, for workers that may touch nothing of the user's.
//!
//! Invariant: only the store's own folder is read, and nothing is written. Edits that other
//! processes have only in their journals, and decisions about trust, are not seen.

use super::{handle::Store, location::StoreLocation};
use crate::storage::{FileFingerprint, Lock, Storage};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

impl Store {
    /// The store of a speech as [`Self::find`] finds it, but never the user's own: without a shared
    /// one, a store that has nothing but the starter codebook. It is only read.
    ///
    /// ```
    /// use pizhu_annotation::{Store, Tag};
    ///
    /// let dir = tempfile::tempdir().unwrap();
    /// let store = Store::find_without_state(Some(&dir.path().join("讲话.txt")), Some(dir.path()));
    /// assert!(store.edit_codebook(|book| book.add(Tag::new("宣传"))).is_err());
    /// assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    /// ```
    #[must_use]
    pub fn find_without_state(speech: Option<&Path>, given: Option<&Path>) -> Self {
        if let Some(location) = StoreLocation::find_shared(speech, given, |_| true) {
            return Self::new(location, PathBuf::new());
        }
        let location = StoreLocation { dir: PathBuf::new(), root: None, shared: false };
        Self::with_storage(Arc::new(NoFiles), location, PathBuf::new())
    }
}

/// Storage that holds nothing and takes nothing.
#[derive(Debug)]
struct NoFiles;

fn absent<T>() -> io::Result<T> {
    Err(io::ErrorKind::NotFound.into())
}

fn refused<T>() -> io::Result<T> {
    Err(io::ErrorKind::ReadOnlyFilesystem.into())
}

impl Storage for NoFiles {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        absent()
    }
    fn read_head(&self, _: &Path, _: usize) -> io::Result<Vec<u8>> {
        absent()
    }
    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
    fn fingerprint(&self, _: &Path) -> io::Result<FileFingerprint> {
        absent()
    }
    fn create_dir(&self, _: &Path, _: bool) -> io::Result<()> {
        refused()
    }
    fn write(&self, _: &Path, _: &[u8], _: bool) -> io::Result<()> {
        refused()
    }
    fn append(&self, _: &Path, _: &[u8], _: bool) -> io::Result<()> {
        refused()
    }
    fn sync(&self, _: &Path) -> io::Result<()> {
        refused()
    }
    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        refused()
    }
    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        refused()
    }
    fn remove(&self, _: &Path) -> io::Result<()> {
        refused()
    }
    fn lock(&self, _: &Path, _: Duration, _: bool) -> io::Result<Lock> {
        refused()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Edit, StoreError, Target};
    use pizhu_text::document::Document;
    use pizhu_text::text::{SourceText, Span};

    #[test]
    fn shared_store_is_read_and_nothing_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("组");
        std::fs::create_dir_all(folder.join(".pizhu")).unwrap();
        let (document, path) = (Document::from(SourceText::from("今年要抓好人才工作。")), folder.join("甲.txt"));
        let edit = || vec![Edit::Note { target: Target::Passage(Span::new(0, 2)), note: "重点".to_owned() }];
        let location = StoreLocation::from_dir(&folder);
        Store::new(location, dir.path().join("state")).apply(&document, &path, "甲", edit()).unwrap();
        let listed = || {
            let mut names: Vec<_> = std::fs::read_dir(folder.join(".pizhu")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let before = listed();
        let store = Store::find_without_state(Some(&path), None);
        assert_eq!(store.annotations(&document, &path).unwrap().0.len(), 1);
        assert!(matches!(store.apply(&document, &path, "乙", edit()), Err(StoreError::Io { .. })));
        assert_eq!(listed(), before);
        // A copy, known by its text, was noted in the working folder.
        assert_eq!(store.annotations(&document, &folder.join("乙.txt")).unwrap().0.len(), 1);
        assert!(!store.state_subdir("seen").exists());

        let none = Store::find_without_state(Some(&dir.path().join("乙.txt")), None);
        assert_eq!(none.annotations(&document, &path).unwrap().0.len(), 0);
        assert!(none.codebook().unwrap().tree().len() > 3, "the starter codebook");
        assert!(none.apply(&document, &path, "乙", edit()).is_err());
    }
}
