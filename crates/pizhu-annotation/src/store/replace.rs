//! Writing a file of the store whole: checked, drafted beside it, and renamed into its place.

use super::{Store, StoreError, sheet::Sheet};
use crate::storage::Stamp;
use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use uuid::Uuid;

/// How old a draft is that whoever wrote it has given up.
const GIVEN_UP: Duration = Duration::from_hours(1);

/// How often something is tried on files that others keep changing.
const ATTEMPTS: usize = 20;

impl Store {
    /// Does `step` again until nobody has changed its files meanwhile, which it answers with
    /// `None`: editors and sync programs know nothing of the lock.
    pub(super) fn persist<T>(&self, mut step: impl FnMut() -> Result<Option<T>, StoreError>) -> Result<T, StoreError> {
        for _ in 0..ATTEMPTS {
            if let Some(done) = step()? {
                return Ok(done);
            }
        }
        Err(StoreError::Locked(self.place.dir.clone()))
    }

    /// Writes a sheet as the first of the files it was made of; `None` where one of them is not as
    /// it was.
    pub(super) fn rewrite(&self, files: &[(PathBuf, Stamp)], sheet: &Sheet) -> Result<Option<()>, StoreError> {
        let Some((path, _)) = files.first() else { return Ok(None) };
        let text = self.checked_text(sheet, path)?;
        Ok(self.replace_if(path, text.as_bytes(), || self.is_unchanged(files))?.then_some(()))
    }

    /// Writes a sheet as the file at `path`.
    pub(super) fn write_sheet(&self, path: &Path, sheet: &Sheet) -> Result<(), StoreError> {
        self.replace(path, self.checked_text(sheet, path)?.as_bytes())
    }

    /// The text of a sheet, which reads back as the same.
    pub(super) fn checked_text(&self, sheet: &Sheet, path: &Path) -> Result<String, StoreError> {
        let text = sheet.to_ron().map_err(|_| StoreError::NotTheSame(path.to_owned()))?;
        let back = Sheet::from_ron(text.as_bytes());
        if back.speech.as_ref() != Some(&sheet.speech) || back.entries != sheet.entries || back.repaired || back.is_newer() {
            return Err(StoreError::NotTheSame(path.to_owned()));
        }
        self.recent.keep(text.as_bytes(), back);
        Ok(text)
    }

    /// Replaces a file of the store by `bytes`: after this they are on the disk; a crash at any
    /// moment leaves either the old file or the new.
    pub(super) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        self.replace_if(path, bytes, || true).map(|_| ())
    }

    /// [`Self::replace`], asking at the last moment whether to; `false` where it was not done.
    pub(super) fn replace_if(&self, path: &Path, bytes: &[u8], still: impl Fn() -> bool) -> Result<bool, StoreError> {
        let dir = path.parent().unwrap_or(&self.place.dir);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // A name of its own: a sync program may bring the draft of another machine, and what is
        // renamed has to be this one.
        let draft = dir.join(format!(".{name}.{:08x}.new", Uuid::now_v7().as_u128() as u32));
        let steps = || {
            self.storage.write(&draft, bytes, self.private())?;
            self.storage.sync(&draft)?;
            if !still() {
                self.storage.remove(&draft)?;
                return Ok(false);
            }
            self.storage.rename(&draft, path)?;
            self.storage.sync_dir(dir)?;
            Ok(true)
        };
        steps().map_err(|source| {
            // A draft that could not be finished is of no use; the error told is the first one.
            let _ = self.storage.remove(&draft);
            StoreError::Io { path: path.to_owned(), source }
        })
    }

    /// Removes drafts that were never finished. Only under the store's lock, where nobody on this
    /// machine is at one; those of other machines are left alone for a while.
    pub(super) fn sweep_drafts(&self) {
        let Ok(paths) = self.storage.list(&self.place.dir) else { return };
        let is_draft = |path: &&PathBuf| {
            path.extension().is_some_and(|extension| extension == "new")
                && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
        };
        for path in paths.iter().filter(is_draft) {
            let modified = self.storage.stamp(path).ok().and_then(|stamp| stamp.modified);
            // One of the future is of a clock that was wrong.
            let is_old = modified.is_some_and(|time| SystemTime::now().duration_since(time).map_or(true, |age| age >= GIVEN_UP));
            if is_old {
                // One draft too many does no harm.
                let _ = self.storage.remove(path);
            }
        }
    }
}
