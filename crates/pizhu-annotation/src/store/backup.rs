//! Copies of store files: backups, thinned out with age, and unreadable files put aside.

use super::{
    error::StoreError,
    handle::Store,
    header_cache::{Backup, BackupListing, HeaderCache},
};
use crate::storage::create_dir_synced;
use jiff::Timestamp;
use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::PoisonError,
};

/// Minimum seconds between two backups of a file.
const BACKUP_INTERVAL: i64 = 600;

impl Store {
    /// Backs up a file's content before it is replaced, if the last backup is old enough or
    /// `always`. Returns the path of the backup made.
    ///
    /// # Errors
    /// Fails if the backup cannot be written. One that is not needed `always` is left out where no
    /// folder for it can be written: edits of a writable store must not be refused for that.
    pub(super) fn back_up(&self, path: &Path, bytes: &[u8], always: bool) -> Result<Option<PathBuf>, StoreError> {
        match self.write_state("backup", |dir| self.back_up_in(dir, path, bytes, always)) {
            Err(error) if error.is_unusable_folder() && !always => Ok(None),
            other => other,
        }
    }

    /// The content of a file at its last backup.
    pub(super) fn last_backup(&self, path: &Path) -> Option<Vec<u8>> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let all = self.state_subdirs("backup").into_iter().filter_map(|dir| self.backups(&dir, &name).ok());
        let (_, last) = all.flatten().max()?;
        self.storage.read(&last).ok()
    }

    fn back_up_in(&self, dir: &Path, path: &Path, bytes: &[u8], always: bool) -> Result<Option<PathBuf>, StoreError> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let backups = self.backups(dir, &name)?;
        let now = Timestamp::now().as_second();
        // A time in the future comes from a wrong clock.
        if !always && backups.iter().rev().any(|(time, _)| (0..BACKUP_INTERVAL).contains(&(now - time))) {
            return Ok(None);
        }
        let copy = dir.join(format!("{name}.{now}.ron"));
        let steps = || {
            match self.storage.create_synced(&copy, bytes, true) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    create_dir_synced(&*self.storage, dir, true)?;
                    self.storage.create_synced(&copy, bytes, true)?;
                }
                // The second in this second.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    self.storage.write(&copy, bytes, true)?;
                    self.storage.sync(&copy)?;
                }
                other => other?,
            }
            self.storage.sync_dir(dir)
        };
        steps().map_err(StoreError::io(&copy))?;
        self.note_backup(dir, &name, (now, copy.clone()));
        for old in expired_backups(&backups, now) {
            // One backup too many is harmless.
            let _ = self.storage.remove(&old);
        }
        Ok(Some(copy))
    }

    /// The backups of a file with their times in Unix seconds, oldest first.
    fn backups(&self, dir: &Path, name: &str) -> Result<Vec<Backup>, StoreError> {
        let known = |cache: &HeaderCache| cache.backups.get(dir).map(|listed| listed.get(name).cloned().unwrap_or_default());
        let cached = known(&self.header_cache.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(backups) = cached {
            return Ok(backups);
        }
        let mut listed: BackupListing = HashMap::new();
        for path in self.storage.list(dir).map_err(StoreError::io(dir))? {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let parts = file.strip_suffix(".ron").and_then(|stem| stem.rsplit_once('.'));
            if let Some((of, time)) = parts
                && let Ok(time) = time.parse()
            {
                listed.entry(of.to_owned()).or_default().push((time, path.clone()));
            }
        }
        for backups in listed.values_mut() {
            backups.sort();
        }
        let backups = listed.get(name).cloned().unwrap_or_default();
        let mut cache = self.header_cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.keeps_listing {
            cache.backups.insert(dir.to_owned(), listed);
        }
        Ok(backups)
    }

    /// Adds a backup to the listing, if one is kept.
    fn note_backup(&self, dir: &Path, name: &str, backup: Backup) {
        let mut cache = self.header_cache.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listed) = cache.backups.get_mut(dir) {
            listed.entry(name.to_owned()).or_default().push(backup);
        }
    }

    /// Copies a store file into the folder `aside`; the copy is on the disk when this returns.
    pub(super) fn put_aside(&self, path: &Path) -> Result<PathBuf, StoreError> {
        let bytes = self.storage.read(path).map_err(StoreError::io(path))?;
        let dir = self.location.dir.join("aside");
        // The copy must not land where a link points.
        self.storage.check_folder(&dir).map_err(StoreError::io(&dir))?;
        create_dir_synced(&*self.storage, &dir, self.private()).map_err(StoreError::io(&dir))?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let hash = blake3::hash(&bytes).to_hex();
        let copy = dir.join(format!("{name}.{}.ron", &hash.as_str()[..8]));
        let steps = || {
            self.storage.write(&copy, &bytes, self.private())?;
            self.storage.sync(&copy)?;
            self.storage.sync_dir(&dir)
        };
        steps().map_err(StoreError::io(&copy))?;
        Ok(copy)
    }
}

/// The backups no longer needed: all are kept for a day, one per day for 30 days, then one per 30
/// days.
fn expired_backups(backups: &[Backup], now: i64) -> Vec<PathBuf> {
    const DAY: i64 = 24 * 3600;
    let mut expired = Vec::new();
    let mut last = None;
    for (time, path) in backups {
        let age = now - time;
        let slot = if age < DAY {
            continue;
        } else if age < 30 * DAY {
            (1, time / DAY)
        } else {
            (2, time / (30 * DAY))
        };
        if last == Some(slot) {
            expired.push(path.clone());
        }
        last = Some(slot);
    }
    expired
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_thin_out_with_age() {
        let hour = 3600;
        let now = 100 * 24 * hour;
        let backups: Vec<(i64, PathBuf)> = (0..now / hour).map(|n| (n * hour, PathBuf::from(n.to_string()))).collect();
        let expired = expired_backups(&backups, now);
        let left = backups.len() - expired.len();
        assert!((24 + 29 + 3..=24 + 30 + 4).contains(&left), "{left}");
        assert!(expired.iter().all(|path| now - path.to_str().unwrap().parse::<i64>().unwrap() * hour >= 24 * hour));
    }
}
