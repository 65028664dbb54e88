//! What a store's handle remembers about snapshots.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Arc, Mutex, atomic::AtomicBool},
};

/// What a handle and its clones know about snapshots.
#[derive(Debug, Default)]
pub(super) struct SnapshotState {
    /// Whether those without a speech were looked for.
    pub(super) is_swept: AtomicBool,
    /// The files of all folders, while a listing of the store is kept.
    pub(super) listing: Mutex<Option<Arc<SnapshotListing>>>,
}

/// The snapshots that may be read, and where new ones are written.
#[derive(Debug, Clone, Default)]
pub(super) struct SnapshotListing {
    /// Name and folder of each.
    pub(super) files: BTreeSet<(String, PathBuf)>,
    /// The folder for new ones.
    pub(super) dir: PathBuf,
    /// Whether only the user may read new ones.
    pub(super) private: bool,
    /// Whether the folder for new ones was checked, and made if it was not there.
    pub(super) is_prepared: bool,
}

impl SnapshotListing {
    /// The files of an identity, whose names begin with `prefix`.
    pub(super) fn beginning_with<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = PathBuf> + 'a {
        let first = (prefix.to_owned(), PathBuf::new());
        self.files.range(first..).take_while(move |(name, _)| name.starts_with(prefix)).map(|(name, dir)| dir.join(name))
    }
}
