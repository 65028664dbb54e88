//! File watching: the open speech's file, the library's folders and the config folder.
//!
//! Uses the system's notifications (inotify and the like), debounced; nothing is polled.

use pizhu_library::source::Manner;
use pizhu_library::source::Reading;
use pizhu_library::source::Speech;
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

/// A file must be unchanged this long before it is read: programs write in several steps.
const QUIET: Duration = Duration::from_millis(200);
/// Upper bound of the debounce, for a file that is written continuously.
const MOST: Duration = Duration::from_secs(5);

/// A watch, which ends when it is dropped.
pub struct Vigil {
    watcher: Arc<Mutex<Option<notify::RecommendedWatcher>>>,
}

impl Drop for Vigil {
    fn drop(&mut self) {
        // Also ends the thread that is still adding folders.
        drop(self.watcher.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl Vigil {
    /// Watches the file at `path`. `changed` gets the re-read speech on the watch's own thread and
    /// returns `false` to stop; if the file cannot be read (replaced, gone), it is not called.
    ///
    /// # Errors
    /// If the system cannot watch the file's folder.
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

    /// Watches the library's folders recursively, except hidden files and folders (but including
    /// `.gitignore`). `changed` is called after changes, on the watch's own thread. That thread also
    /// registers the folders, since this walks all of them.
    ///
    /// # Errors
    /// If no thread can be started.
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
            // A `.gitignore` is hidden, but decides which files are listed.
            let ignores = |path: &PathBuf| path.ends_with(".gitignore");
            if !event.kind.is_access() && event.paths.iter().any(|path| seen(path) || ignores(path)) {
                let _ = sender.send(());
            }
        })?;
        let watcher = Arc::new(Mutex::new(Some(watcher)));
        let kept = Arc::clone(&watcher);
        thread::Builder::new().name("watching".into()).spawn(move || {
            for folder in folders {
                // If dropped meanwhile, the watch has ended. Folders that cannot be watched are skipped.
                if let Some(watcher) = kept.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    let _ = watcher.watch(&folder, RecursiveMode::Recursive);
                }
            }
            while wait(&told) && changed() {}
        })?;
        Ok(Self { watcher })
    }

    /// Watches a folder recursively; `changed` is called after changes.
    ///
    /// # Errors
    /// If the system cannot watch it.
    pub fn over(folder: &Path, changed: impl Fn() -> bool + Send + 'static) -> notify::Result<Self> {
        let watcher = watch(folder, true, move |_, changes| while wait(changes) && changed() {})?;
        Ok(Self { watcher: Arc::new(Mutex::new(Some(watcher))) })
    }
}

/// Waits for a change and then for quiet; `false` when the channel is closed.
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
            // The receiver is gone.
            let _ = sender.send(());
        }
    })?;
    let folder = if all { path.as_path() } else { path.parent().unwrap_or(&path) };
    // Watch the folder, not the file: many programs write a new file and rename it into place.
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
        // Until the watch has begun, no change is reported.
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
