//! Watching the open speech's file: when it has changed, it is read again and handed on.
//!
//! The system tells of changes (inotify and its kin); nothing is polled.

use crate::source::{Manner, Reading, Speech};
use notify::{RecursiveMode, Watcher as _};
use std::{
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

/// How long a file must be left alone before it is read: programs write in several steps.
const QUIET: Duration = Duration::from_millis(200);

/// A watch kept as long as it lives.
pub struct Vigil {
    _watcher: notify::RecommendedWatcher,
}

impl Vigil {
    /// Watches the file at `path`. `changed` gets the speech as it then is, on a thread of the
    /// watch's own; what cannot be read (it is being replaced, it is gone) is passed over.
    ///
    /// # Errors
    /// When the system cannot watch its folder.
    pub fn keep(path: &Path, manner: Manner, changed: impl Fn(Speech) -> bool + Send + 'static) -> notify::Result<Self> {
        let watcher = watch(path, false, move |path, changes| {
            while wait(changes) {
                let read = Reading::begin(path, manner).and_then(Reading::finish);
                if let Ok(speech) = read
                    && !changed(speech)
                {
                    return;
                }
            }
        })?;
        Ok(Self { _watcher: watcher })
    }

    /// Watches a folder with all in it; `changed` is called when something there has.
    ///
    /// # Errors
    /// When the system cannot watch it.
    pub fn over(folder: &Path, changed: impl Fn() -> bool + Send + 'static) -> notify::Result<Self> {
        let watcher = watch(folder, true, move |_, changes| while wait(changes) && changed() {})?;
        Ok(Self { _watcher: watcher })
    }
}

/// Waits for a change and for quiet after it; `false` when there will be none.
fn wait(changes: &Receiver<()>) -> bool {
    if changes.recv().is_err() {
        return false;
    }
    while changes.recv_timeout(QUIET).is_ok() {}
    true
}

fn watch(path: &Path, all: bool, answer: impl FnOnce(&Path, &Receiver<()>) + Send + 'static) -> notify::Result<notify::RecommendedWatcher> {
    let path: PathBuf = std::path::absolute(path)?;
    let (sender, receiver) = mpsc::channel();
    let name = path.file_name().map(ToOwned::to_owned);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let about = |path: &PathBuf| path.file_name() == name.as_deref();
        if !event.kind.is_access() && (all || event.paths.iter().any(about)) {
            // Whoever listened has gone.
            let _ = sender.send(());
        }
    })?;
    let folder = if all { path.as_path() } else { path.parent().unwrap_or(&path) };
    // The folder, not the file: many programs write a new file and rename it into place.
    watcher.watch(folder, if all { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive })?;
    thread::Builder::new().name("watching".into()).spawn(move || answer(&path, &receiver))?;
    Ok(watcher)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_changed_file_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("讲话.txt");
        fs::write(&path, "一").unwrap();
        let (sender, receiver) = mpsc::channel();
        let vigil = Vigil::keep(&path, Manner::default(), move |speech| sender.send(speech.document.source.len()).is_ok()).unwrap();
        fs::write(folder.path().join("别的.txt"), "别的").unwrap();
        fs::write(&path, "一二三").unwrap();
        assert_eq!(receiver.recv_timeout(Duration::from_secs(20)).unwrap(), 3);
        let other = folder.path().join("草稿");
        fs::write(&other, "一二三四五").unwrap();
        fs::rename(&other, &path).unwrap();
        assert_eq!(receiver.recv_timeout(Duration::from_secs(20)).unwrap(), 5);
        drop(vigil);
        assert!(receiver.recv_timeout(Duration::from_secs(20)).is_err(), "the thread ends with the watch");
    }
}
