//! The store's folder: which one it is, and its lock.
//!
//! A path may lead to another folder than before: its disk was unmounted, or another folder was put
//! in its place. Edits written there would lie where nobody looks for them, so the folder is known
//! by device and inode from the moment the store is opened, and compared under the lock and right
//! before each rename.

use super::{error::StoreError, handle::Store, opened_folder::FolderComparison};
use crate::storage::{Lock, create_dir_synced};
use std::{io, sync::PoisonError, time::Duration};

/// How long a process waits for another to finish writing.
const LOCK_WAIT: Duration = Duration::from_secs(10);
/// Maximum number of file names kept to recognize the folder.
const MAX_LANDMARKS: usize = 32;

impl Store {
    /// Fails if the store's folder is no longer the one that was opened. One that did not exist then
    /// is known from the moment it is first seen.
    pub(crate) fn check_same_folder(&self) -> Result<(), StoreError> {
        let dir = &self.location.dir;
        match self.opened_folder.compare(&*self.storage, dir) {
            FolderComparison::Same => Ok(()),
            FolderComparison::Gone => Err(StoreError::FolderGone(dir.clone())),
            FolderComparison::Replaced => Err(StoreError::FolderReplaced(dir.clone())),
        }
    }

    /// Takes the store's lock, creating its folder if needed.
    ///
    /// The folder itself is locked, because a lock file can be deleted while others hold or wait for
    /// it. The lock file is locked too: it excludes programs of earlier versions, and is all there is
    /// where a file system cannot lock folders.
    pub(super) fn lock(&self) -> Result<Lock, StoreError> {
        self.check_trusted()?;
        self.check_same_folder()?;
        let dir = &self.location.dir;
        create_dir_synced(&*self.storage, dir, self.private()).map_err(StoreError::io(dir))?;
        let path = dir.join(".lock");
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::WouldBlock => StoreError::Locked(dir.clone()),
            _ => StoreError::io(&path)(error),
        };
        let file = self.storage.lock(&path, LOCK_WAIT, self.private()).map_err(failed)?;
        self.opened_folder.refresh_created(&*self.storage, dir);
        let folder = self.storage.lock_folder(dir, LOCK_WAIT).map_err(failed)?;
        // The folder may have been replaced during the wait.
        self.check_same_folder()?;
        self.recheck_listing();
        Ok(Lock::new(Box::new((file, folder))))
    }

    /// Names of the speeches' files seen last: by them the folder is recognized when it is back,
    /// whatever device it is on then.
    pub(crate) fn landmark_files(&self) -> Vec<String> {
        let cache = self.header_cache.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<String> =
            cache.headers.keys().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
        names.sort();
        names.truncate(MAX_LANDMARKS);
        names
    }

    /// Whether the folder holds one of these files.
    pub(super) fn has_landmark(&self, names: &[String]) -> bool {
        names.is_empty() || names.iter().any(|name| self.storage.fingerprint(&self.location.dir.join(name)).is_ok())
    }
}
