//! What a store's handle remembers about snapshots.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, atomic::AtomicBool},
};

/// What a handle and its clones know about snapshots.
#[derive(Debug, Default)]
pub(super) struct SnapshotState {
    /// Whether those without a speech were looked for.
    pub(super) is_swept: AtomicBool,
    /// The files of each folder, while a listing of the store is kept.
    pub(super) listing: Mutex<Option<Arc<Vec<PathBuf>>>>,
}
