//! Watches the store's folder for changes by others.
//!
//! Uses the system's notifications (inotify, kqueue, ReadDirectoryChangesW) and never polls, so
//! that an idle program costs nothing. If the system gives no notifications (some network folders),
//! the program checks when the terminal regains focus:
//! [`StoreWriter::check_for_changes`](super::StoreWriter::check_for_changes).

use notify::{RecursiveMode, Watcher as _};
use std::path::Path;

/// Watches a folder until it is dropped.
pub(super) struct StoreWatcher {
    _watcher: notify::RecommendedWatcher,
}

impl StoreWatcher {
    /// Watches the store in `dir` (not its subfolders) from `target`: the folder itself or, as long
    /// as it does not exist, its nearest existing ancestor. `changed` is called on the watcher's
    /// own thread after any change of a file of the store or of the path to it, including changes
    /// by this process.
    pub(super) fn start(target: &Path, dir: &Path, changed: impl Fn() + Send + 'static) -> notify::Result<Self> {
        let (store, exists) = (dir.to_owned(), target == dir);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Drafts and locks do not matter; the rename that follows does.
            let is_relevant = |path: &Path| {
                if exists { path.extension().is_some_and(|extension| extension == "ron") } else { store.starts_with(path) }
            };
            if event.map_or(true, |event| {
                !event.kind.is_access() && (event.paths.is_empty() || event.paths.iter().any(|path| is_relevant(path)))
            }) {
                changed();
            }
        })?;
        watcher.watch(target, RecursiveMode::NonRecursive)?;
        Ok(Self { _watcher: watcher })
    }
}
