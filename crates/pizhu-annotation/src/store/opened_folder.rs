//! Which folder a store's path led to when it was opened.

use crate::storage::{FolderIdentity, Storage};
use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

/// Result of comparing the folder at the path with the one that was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FolderComparison {
    /// The same, or the first that was seen there, or still none.
    Same,
    /// There is none any more.
    Gone,
    /// There is another.
    Replaced,
}

/// The folder that was opened; `None` if there was none yet.
#[derive(Debug, Default)]
pub(super) struct OpenedFolder(Mutex<Option<FolderIdentity>>);

impl OpenedFolder {
    /// The folder of a store that is being opened.
    pub(super) fn new(storage: &dyn Storage, dir: &Path) -> Self {
        Self(Mutex::new(storage.folder_identity(dir).ok()))
    }

    /// Compares the folder that is now at `dir`. One that did not exist at first is known from the
    /// moment it is first seen.
    pub(super) fn compare(&self, storage: &dyn Storage, dir: &Path) -> FolderComparison {
        let present = storage.folder_identity(dir).ok();
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match (*opened, present) {
            (Some(_), None) => FolderComparison::Gone,
            (Some(before), Some(now)) if before != now => FolderComparison::Replaced,
            _ => {
                *opened = present;
                FolderComparison::Same
            }
        }
    }

    /// Takes over the creation time that the folder has now: an overlay file system gives it a new one
    /// when something is written to it for the first time.
    pub(super) fn refresh_created(&self, storage: &dyn Storage, dir: &Path) {
        let mut opened = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(before), Ok(now)) = (&mut *opened, storage.folder_identity(dir))
            && (before.device, before.inode) == (now.device, now.inode)
        {
            before.created = now.created;
        }
    }
}
