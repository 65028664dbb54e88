//! Noticing that others have changed the store.
//!
//! The system tells (inotify, kqueue, ReadDirectoryChanges); nothing is polled, so that a program
//! left idle costs nothing. Where the system cannot tell (some network folders), the user's
//! coming back to the terminal is the time to look: [`Writer::look`](super::Writer::look).

use notify::{RecursiveMode, Watcher as _};
use std::path::Path;

/// A watch kept on a folder as long as it lives.
pub(super) struct Watch {
    _watcher: notify::RecommendedWatcher,
}

impl Watch {
    /// Watches the store in `dir` (not the folders in it) from `there`: the folder itself or, as
    /// long as it is not there, the nearest above it that is. `changed` is called, on a thread of
    /// the watch's own, when a file of the store has been changed in any way, or the way to it has;
    /// also when this process has done it.
    pub(super) fn start(there: &Path, dir: &Path, changed: impl Fn() + Send + 'static) -> notify::Result<Self> {
        let (store, is_there) = (dir.to_owned(), there == dir);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Drafts and locks say nothing; the rename into place does.
            let matters = |path: &Path| {
                if is_there { path.extension().is_some_and(|extension| extension == "ron") } else { store.starts_with(path) }
            };
            if event
                .map_or(true, |event| !event.kind.is_access() && (event.paths.is_empty() || event.paths.iter().any(|path| matters(path))))
            {
                changed();
            }
        })?;
        watcher.watch(there, RecursiveMode::NonRecursive)?;
        Ok(Self { _watcher: watcher })
    }
}
