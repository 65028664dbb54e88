//! Atomic replacement of store files: checked, drafted in the same folder, renamed into place.

use super::{
    error::StoreError,
    handle::Store,
    speech_file::{ReadOutcome, SpeechFile},
};
use crate::storage::FileFingerprint;
use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use uuid::Uuid;

/// Age after which a draft is abandoned.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

/// Maximum attempts on files that others keep changing.
const MAX_WRITE_ATTEMPTS: usize = 20;

/// When a file's new name must be on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// When it is written.
    Now,
    /// When the batch that it belongs to ends, which also compares the folder with the one opened.
    WithBatch,
}

impl Store {
    /// Repeats `step` until it succeeds without another program changing its files meanwhile, which
    /// it reports as `None`: editors and sync programs ignore the lock.
    pub(super) fn retry_until_unchanged<T>(&self, mut step: impl FnMut() -> Result<Option<T>, StoreError>) -> Result<T, StoreError> {
        for _ in 0..MAX_WRITE_ATTEMPTS {
            if let Some(done) = step()? {
                return Ok(done);
            }
        }
        Err(StoreError::Locked(self.location.dir.clone()))
    }

    /// Writes `file` to the first of the files it was read from; `None` if one of them has changed.
    pub(super) fn rewrite(&self, files: &[(PathBuf, FileFingerprint)], file: &SpeechFile) -> Result<Option<()>, StoreError> {
        let Some((path, _)) = files.first() else { return Ok(None) };
        let text = self.checked_text(file, path)?;
        Ok(self.replace_if(path, text.as_bytes(), || self.is_unchanged(files))?.then_some(()))
    }

    /// Writes a speech's file at `path`.
    pub(super) fn write_speech_file(&self, path: &Path, file: &SpeechFile) -> Result<(), StoreError> {
        self.replace(path, self.checked_text(file, path)?.as_bytes())
    }

    /// The text of a speech's file, checked to read back the same.
    pub(super) fn checked_text(&self, file: &SpeechFile, path: &Path) -> Result<String, StoreError> {
        let text = file.to_ron().map_err(|_| StoreError::ReadBackMismatch(path.to_owned()))?;
        let back = SpeechFile::from_ron(text.as_bytes());
        if back.speech.as_ref() != Some(&file.speech)
            || back.entries != file.entries
            || back.records != file.records
            || back.repaired
            || back.is_newer()
        {
            return Err(StoreError::ReadBackMismatch(path.to_owned()));
        }
        self.parse_cache.insert_outcome(text.as_bytes(), back);
        Ok(text)
    }

    /// Replaces a file by `bytes`; they are on the disk when this returns. A crash at any moment
    /// leaves either the old file or the new one.
    pub(super) fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        self.replace_if(path, bytes, || true).map(|_| ())
    }

    /// [`Self::replace`] if `is_still_unchanged` says so at the last moment; returns whether it
    /// did.
    pub(super) fn replace_if(&self, path: &Path, bytes: &[u8], is_still_unchanged: impl Fn() -> bool) -> Result<bool, StoreError> {
        // A link is not replaced: what it points to may be what the user means.
        self.storage.check_regular(path).map_err(StoreError::io(path))?;
        self.rename_if(path, bytes, is_still_unchanged, Durability::Now)
    }

    /// [`Self::replace_if`] where `is_still_unchanged` also says that there is a regular file at `path`,
    /// or nothing.
    pub(super) fn rename_if(
        &self,
        path: &Path,
        bytes: &[u8],
        is_still_unchanged: impl Fn() -> bool,
        durability: Durability,
    ) -> Result<bool, StoreError> {
        let dir = path.parent().unwrap_or(&self.location.dir);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // A unique name: a sync program may bring another machine's draft, which must not be
        // renamed.
        let draft = dir.join(format!(".{name}.{:08x}.new", Uuid::now_v7().as_u128() as u32));
        let io = |source| StoreError::Io { path: path.to_owned(), source };
        let steps = || {
            self.storage.create_synced(&draft, bytes, self.private()).map_err(io)?;
            if !is_still_unchanged() {
                self.storage.remove(&draft).map_err(io)?;
                return Ok(false);
            }
            if durability == Durability::Now {
                self.check_same_folder()?;
            }
            self.storage.rename(&draft, path).map_err(io)?;
            if durability == Durability::Now {
                self.storage.sync_dir(dir).map_err(io)?;
            }
            Ok(true)
        };
        steps().inspect_err(|_| {
            // The draft is useless now; the first error is the one reported.
            let _ = self.storage.remove(&draft);
        })
    }

    /// Deletes unfinished drafts. Only under the store's lock, when no process on this machine
    /// writes one; those of other machines are kept for a while.
    pub(super) fn sweep_drafts(&self) {
        let Ok(paths) = self.storage.list(&self.location.dir) else { return };
        let is_draft = |path: &&PathBuf| {
            path.extension().is_some_and(|extension| extension == "new")
                && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
        };
        for path in paths.iter().filter(is_draft) {
            let modified = self.storage.fingerprint(path).ok().and_then(|fingerprint| fingerprint.modified);
            // A time in the future comes from a wrong clock.
            let is_old = modified.is_some_and(|time| SystemTime::now().duration_since(time).map_or(true, |age| age >= ABANDONED_AFTER));
            if is_old {
                // A leftover draft is harmless.
                let _ = self.storage.remove(path);
            }
        }
    }
}

/// Refuses to rewrite damaged or newer-version files.
pub(super) fn check_rewritable(outcomes: &[ReadOutcome], files: &[PathBuf]) -> Result<(), StoreError> {
    for (outcome, file) in outcomes.iter().zip(files) {
        if outcome.is_newer() {
            return Err(StoreError::Newer(file.clone()));
        }
        if !outcome.is_complete() {
            return Err(StoreError::ReadBackMismatch(file.clone()));
        }
    }
    Ok(())
}
