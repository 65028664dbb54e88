//! Copies kept of a store's files: backups that rotate by age, and what could not be read.

use super::{Store, StoreError, locate::absolute};
use crate::storage::make_dir;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Seconds between two backups of a file.
const BACKUP_EVERY: i64 = 600;

impl Store {
    /// This user's folder of one kind for this store.
    pub(in crate) fn state_of(&self, kind: &str) -> PathBuf {
        let store = absolute(&self.place.dir);
        let hash = blake3::hash(store.as_os_str().as_encoded_bytes()).to_hex();
        self.state.join(kind).join(&hash.as_str()[..16])
    }

    /// Keeps a copy of a file's content before it is replaced, where the last is old enough or
    /// `always`. Gives its path where one was made.
    pub(super) fn back_up(&self, path: &Path, bytes: &[u8], always: bool) -> Result<Option<PathBuf>, StoreError> {
        let dir = self.state_of("backup");
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let kept = self.backups(&dir, &name)?;
        let now = Timestamp::now().as_second();
        // Those of the future are of a clock that was wrong.
        if !always && kept.iter().rev().any(|(time, _)| (0..BACKUP_EVERY).contains(&(now - time))) {
            return Ok(None);
        }
        make_dir(&*self.storage, &dir, true).map_err(StoreError::io(&dir))?;
        let copy = dir.join(format!("{name}.{now}.ron"));
        let steps = || {
            self.storage.write(&copy, bytes, true)?;
            self.storage.sync(&copy)?;
            self.storage.sync_dir(&dir)
        };
        steps().map_err(StoreError::io(&copy))?;
        for old in surplus(&kept, now) {
            // One backup too many does no harm.
            let _ = self.storage.remove(&old);
        }
        Ok(Some(copy))
    }

    /// The backups of a file, the oldest first, with their times in Unix seconds.
    fn backups(&self, dir: &Path, name: &str) -> Result<Vec<(i64, PathBuf)>, StoreError> {
        let mut kept: Vec<(i64, PathBuf)> = self
            .storage
            .list(dir)
            .map_err(StoreError::io(dir))?
            .into_iter()
            .filter_map(|path| {
                let file = path.file_name()?.to_string_lossy().into_owned();
                let time = file.strip_prefix(name)?.strip_prefix('.')?.strip_suffix(".ron")?.parse().ok()?;
                Some((time, path))
            })
            .collect();
        kept.sort();
        Ok(kept)
    }

    /// Copies a file of the store into `aside/` beside it, on the disk when this returns.
    pub(super) fn put_aside(&self, path: &Path) -> Result<PathBuf, StoreError> {
        let bytes = self.storage.read(path).map_err(StoreError::io(path))?;
        let dir = self.place.dir.join("aside");
        make_dir(&*self.storage, &dir, self.private()).map_err(StoreError::io(&dir))?;
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

/// The backups that are no longer needed: of the last day all stay, of the last month one a day,
/// of the time before one a month.
fn surplus(kept: &[(i64, PathBuf)], now: i64) -> Vec<PathBuf> {
    const DAY: i64 = 24 * 3600;
    let mut gone = Vec::new();
    let mut last = None;
    for (time, path) in kept {
        let age = now - time;
        let slot = if age < DAY {
            continue;
        } else if age < 30 * DAY {
            (1, time / DAY)
        } else {
            (2, time / (30 * DAY))
        };
        if last == Some(slot) {
            gone.push(path.clone());
        }
        last = Some(slot);
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backups_thin_out_with_age() {
        let hour = 3600;
        let now = 100 * 24 * hour;
        let kept: Vec<(i64, PathBuf)> = (0..now / hour).map(|n| (n * hour, PathBuf::from(n.to_string()))).collect();
        let gone = surplus(&kept, now);
        let left = kept.len() - gone.len();
        assert!((24 + 29 + 3..=24 + 30 + 4).contains(&left), "{left}");
        assert!(gone.iter().all(|path| now - path.to_str().unwrap().parse::<i64>().unwrap() * hour >= 24 * hour));
    }
}
