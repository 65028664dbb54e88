//! The user's folder for journals, histories and backups, and its stand-in.
//!
//! If the state folder cannot be written, a private folder for the time of the login takes its
//! place: never the store's own, which is synced to other machines and read by other people.

use super::{error::StoreError, handle::Store, warning::StoreWarning};
use crate::path_name::canonical_path;
use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::PoisonError,
};

impl Store {
    /// This user's folder of one kind (`journal`, `history`, `backup`) for this store.
    pub(crate) fn state_subdir(&self, kind: &str) -> PathBuf {
        self.state.join(kind).join(self.state_name())
    }

    /// All folders of one kind that may hold something, the regular one first.
    pub(super) fn state_subdirs(&self, kind: &str) -> Vec<PathBuf> {
        if !self.has_state() {
            return Vec::new();
        }
        let mut stand_ins = self.stand_ins.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.keeps_listing() {
            stand_ins.take();
        }
        let stand_ins = stand_ins.get_or_insert_with(|| stand_in_candidates().into_iter().filter(|dir| is_own_private(dir)).collect());
        let stand_ins = stand_ins.iter().map(|dir| dir.join(kind).join(self.state_name()));
        std::iter::once(self.state_subdir(kind)).chain(stand_ins).collect()
    }

    /// Name of this store's folder among those of other stores.
    fn state_name(&self) -> String {
        let store = canonical_path(&self.location.dir);
        let mut hash = blake3::hash(store.as_os_str().as_encoded_bytes()).to_hex().to_string();
        hash.truncate(16);
        hash
    }

    /// Writes to the folder of one kind; if the state folder cannot be written, to its stand-in.
    pub(crate) fn write_state<T>(&self, kind: &str, write: impl Fn(&Path) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let error = match write(&self.state_subdir(kind)) {
            Err(error) if error.is_unusable_folder() => error,
            other => return other,
        };
        let stand_in = stand_in_candidates().into_iter().find(|dir| {
            make_private(dir);
            is_own_private(dir)
        });
        // One may just have been made.
        self.stand_ins.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.warn(StoreWarning::StateUnwritable { state: self.state.to_path_buf(), instead: stand_in.clone() });
        match stand_in {
            Some(dir) => write(&dir.join(kind).join(self.state_name())),
            None => Err(error),
        }
    }
}

/// Where the stand-in may be: below the user's runtime folder, else below the system's folder for
/// temporary files.
fn stand_in_candidates() -> Vec<PathBuf> {
    let runtime = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let temporary = env::temp_dir().join(temporary_name());
    runtime.map(|dir| dir.join("pizhu")).into_iter().chain([temporary]).collect()
}

/// A name that other users' folders do not have.
fn temporary_name() -> String {
    #[cfg(unix)]
    return format!("pizhu-{}", rustix::process::getuid().as_raw());
    #[cfg(not(unix))]
    return "pizhu".to_owned();
}

/// Creates a folder that only this user can enter; whether it is so is checked afterwards.
fn make_private(dir: &Path) {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    #[cfg(not(unix))]
    builder.recursive(false);
    let _ = builder.create(dir);
}

/// Whether it is a folder, not a link, that belongs to this user and that nobody else can enter:
/// anyone may have created something of that name in a folder for temporary files.
fn is_own_private(dir: &Path) -> bool {
    let Ok(data) = fs::symlink_metadata(dir) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        data.is_dir() && data.uid() == rustix::process::getuid().as_raw() && data.mode().trailing_zeros() >= 6
    }
    #[cfg(not(unix))]
    data.is_dir()
}
