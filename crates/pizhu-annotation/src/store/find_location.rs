//! Finding the store of a speech.

use super::{
    error::StoreError,
    location::{SHARED_DIR, StoreLocation},
    trust::is_ignored,
};
use crate::path_name::canonical_path;
use directories::ProjectDirs;
use std::path::{Path, PathBuf};

impl StoreLocation {
    /// Locates the store for a speech (or a folder of speeches): `given` if the user names one,
    /// else the nearest `SHARED_DIR` upwards from the speech that the user has not decided to
    /// ignore, else the user's own.
    ///
    /// # Errors
    /// Fails if the user has no home folder.
    pub fn find(speech: Option<&Path>, given: Option<&Path>) -> Result<Self, StoreError> {
        if let Some(shared) = Self::find_shared(speech, given, |shared| !is_ignored(shared)) {
            return Ok(shared);
        }
        let dirs = ProjectDirs::from("", "", "pizhu").ok_or(StoreError::NoHome)?;
        Ok(Self { dir: dirs.data_dir().join("store"), root: None, shared: false })
    }

    /// What stands in the place of the folder of a store nearer to the speech than this one, but is no
    /// folder: a file, a FIFO, a link that leads nowhere.
    pub(super) fn blocked_by(&self, speech: &Path) -> Option<PathBuf> {
        let nearer = canonical_path(speech);
        let nearer = nearer.ancestors().map(|dir| dir.join(SHARED_DIR)).take_while(|dir| *dir != self.dir);
        nearer.filter(|dir| !dir.is_dir()).find(|dir| dir.symlink_metadata().is_ok())
    }

    /// `given`, else the nearest `SHARED_DIR` upwards from the speech that `is_used`.
    pub(super) fn find_shared(speech: Option<&Path>, given: Option<&Path>, is_used: impl Fn(&Self) -> bool) -> Option<Self> {
        if let Some(given) = given {
            return Some(Self::from_dir(&canonical_path(given)));
        }
        let shared = |dir: &Path| Some(dir.join(SHARED_DIR)).filter(|dir| dir.is_dir()).map(|dir| Self::from_dir(&dir));
        canonical_path(speech?).ancestors().filter_map(shared).find(is_used)
    }
}
