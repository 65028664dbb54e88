//! Watching the open speech's file: when it has changed, it is read again and handed on.
//!
//! The system tells of changes (inotify and its kin); nothing is polled.

use crate::source::{Manner, Reading, Speech};
use notify::{RecursiveMode, Watcher as _};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

/// How long a file must be left alone before it is read: programs write in several steps.
const QUIET: Duration = Duration::from_millis(200);
/// How long at most: something may go on being written.
const MOST: Duration = Duration::from_secs(5);

/// A watch kept as long as it lives.
pub struct Vigil {
    watcher: Arc<Mutex<Option<notify::RecommendedWatcher>>>,
}

impl Drop for Vigil {
    fn drop(&mut self) {
        // Where folders are still being added, that ends with this.
        drop(self.watcher.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
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
        Ok(Self { watcher: Arc::new(Mutex::new(Some(watcher))) })
    }

    /// Watches the folders of a library with all in them but what is hidden; `changed` is called
    /// when something there has, on a thread of the watch's own, which also begins the watching:
    /// that goes through all the folders.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn library(roots: &[PathBuf], changed: impl Fn() -> bool + Send + 'static) -> notify::Result<Self> {
        let (sender, told) = mpsc::channel();
        let folders: Vec<PathBuf> = roots.iter().map(std::path::absolute).collect::<Result<_, _>>()?;
        let under = folders.clone();
        let seen = move |path: &PathBuf| {
            let inside = under.iter().find_map(|folder| path.strip_prefix(folder).ok());
            inside.is_some_and(|inside| !inside.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b".")))
        };
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            // A `.gitignore` is hidden and counts all the same.
            let ignores = |path: &PathBuf| path.ends_with(".gitignore");
            if !event.kind.is_access() && event.paths.iter().any(|path| seen(path) || ignores(path)) {
                let _ = sender.send(());
            }
        })?;
        let watcher = Arc::new(Mutex::new(Some(watcher)));
        let kept = Arc::clone(&watcher);
        thread::Builder::new().name("watching".into()).spawn(move || {
            for folder in folders {
                // Dropped meanwhile, the watch has ended; what cannot be watched is not.
                if let Some(watcher) = kept.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    let _ = watcher.watch(&folder, RecursiveMode::Recursive);
                }
            }
            while wait(&told) && changed() {}
        })?;
        Ok(Self { watcher })
    }

    /// Watches a folder with all in it; `changed` is called when something there has.
    ///
    /// # Errors
    /// When the system cannot watch it.
    pub fn over(folder: &Path, changed: impl Fn() -> bool + Send + 'static) -> notify::Result<Self> {
        let watcher = watch(folder, true, move |_, changes| while wait(changes) && changed() {})?;
        Ok(Self { watcher: Arc::new(Mutex::new(Some(watcher))) })
    }
}

/// Waits for a change and for quiet after it; `false` when there will be none.
fn wait(changes: &Receiver<()>) -> bool {
    if changes.recv().is_err() {
        return false;
    }
    let begun = Instant::now();
    while begun.elapsed() < MOST && changes.recv_timeout(QUIET).is_ok() {}
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
    fn a_library_is_watched_but_for_what_is_hidden() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("2021/.git")).unwrap();
        let (sender, receiver) = mpsc::channel();
        let vigil = Vigil::library(&[folder.path().to_owned()], move || sender.send(()).is_ok()).unwrap();
        // Until the watch has begun, nothing is told.
        let told = |act: &dyn Fn(usize)| {
            (0..200).any(|n| {
                act(n);
                receiver.recv_timeout(QUIET * 3).is_ok()
            })
        };
        assert!(told(&|n| fs::write(folder.path().join(format!("2021/{n}.txt")), "讲话").unwrap()));
        while receiver.recv_timeout(Duration::from_millis(600)).is_ok() {}
        fs::write(folder.path().join("2021/.git/x"), "x").unwrap();
        assert!(receiver.recv_timeout(Duration::from_millis(600)).is_err());
        drop(vigil);
        assert!(matches!(receiver.recv_timeout(Duration::from_secs(20)), Err(mpsc::RecvTimeoutError::Disconnected)));
    }

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
