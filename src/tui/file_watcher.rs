//! File watching: the open speech's file, the library's folders and the config folder.
//!
//! Uses the system's notifications (inotify and the like), debounced; nothing is polled.

use notify::{RecursiveMode, Watcher as _};
use pizhu_library::source;
use pizhu_library::source::ReadOptions;
use pizhu_library::source::SourceError;
use pizhu_library::source::Speech;
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
const DEBOUNCE: Duration = Duration::from_millis(200);
/// Upper bound of the debounce, for a file that is written continuously.
const MAX_DEBOUNCE: Duration = Duration::from_secs(5);

/// A watch, which ends when it is dropped.
pub(super) struct FileWatcher {
    watcher: Arc<Mutex<Option<notify::RecommendedWatcher>>>,
}

impl Drop for FileWatcher {
    fn drop(&mut self) {
        // Also ends the thread that is still adding folders.
        drop(self.watcher.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl FileWatcher {
    /// Watches the file at `path`. `changed` gets the re-read speech on the watch's own thread, or
    /// `None` if the file is gone, and returns `false` to stop; if the file cannot be read, it is not
    /// called.
    ///
    /// # Errors
    /// If the system cannot watch the file's folder.
    pub(super) fn watch_file(
        path: &Path,
        read_options: ReadOptions,
        changed: impl Fn(Option<Speech>) -> bool + Send + 'static,
    ) -> notify::Result<Self> {
        let watcher = spawn_watcher(path, false, move |path, changes| {
            while wait_for_quiet(changes) {
                let found = match source::open(path, read_options) {
                    Ok(speech) => Some(speech),
                    Err(SourceError::Missing(_)) => None,
                    Err(_) => continue,
                };
                if !changed(found) {
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
    pub(super) fn watch_library(roots: &[PathBuf], changed: impl Fn() -> bool + Send + 'static) -> notify::Result<Self> {
        let (events, received) = mpsc::channel();
        let folders: Vec<PathBuf> = roots.iter().map(std::path::absolute).collect::<Result<_, _>>()?;
        let roots_watched = folders.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.is_ok_and(|event| changes_library(&roots_watched, &event)) {
                let _ = events.send(());
            }
        })?;
        let watcher = Arc::new(Mutex::new(Some(watcher)));
        let shared = Arc::clone(&watcher);
        thread::Builder::new().name("watching".into()).spawn(move || {
            for folder in folders {
                // If dropped meanwhile, the watch has ended. Folders that cannot be roots_watched are skipped.
                if let Some(watcher) = shared.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                    let _ = watcher.watch(&folder, RecursiveMode::Recursive);
                }
            }
            while wait_for_quiet(&received) && changed() {}
        })?;
        Ok(Self { watcher })
    }

    /// Watches a folder recursively; `changed` is called after changes.
    ///
    /// # Errors
    /// If the system cannot watch it.
    pub(super) fn watch_folder(folder: &Path, changed: impl Fn() -> bool + Send + 'static) -> notify::Result<Self> {
        let watcher = spawn_watcher(folder, true, move |_, changes| while wait_for_quiet(changes) && changed() {})?;
        Ok(Self { watcher: Arc::new(Mutex::new(Some(watcher))) })
    }
}

/// Whether an event may change the list of speeches in `folders`: a change of a visible file, or of a
/// `.gitignore`, which decides which files are listed.
fn changes_library(folders: &[PathBuf], event: &notify::Event) -> bool {
    let is_visible = |path: &PathBuf| {
        let inside = folders.iter().find_map(|folder| path.strip_prefix(folder).ok());
        inside.is_some_and(|inside| !inside.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b".")))
    };
    !event.kind.is_access() && event.paths.iter().any(|path| is_visible(path) || path.ends_with(".gitignore"))
}

/// Waits for a change and then for quiet; `false` when the channel is closed.
fn wait_for_quiet(changes: &Receiver<()>) -> bool {
    if changes.recv().is_err() {
        return false;
    }
    let begun = Instant::now();
    while begun.elapsed() < MAX_DEBOUNCE && changes.recv_timeout(DEBOUNCE).is_ok() {}
    true
}

/// Watches a file or, if `all`, a folder recursively; `on_change` runs on a thread of its own.
fn spawn_watcher(
    path: &Path,
    all: bool,
    on_change: impl FnOnce(&Path, &Receiver<()>) + Send + 'static,
) -> notify::Result<notify::RecommendedWatcher> {
    let path: PathBuf = std::path::absolute(path)?;
    let (sender, receiver) = mpsc::channel();
    let name = path.file_name().map(ToOwned::to_owned);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let is_named = |path: &PathBuf| path.file_name() == name.as_deref();
        if !event.kind.is_access() && (all || event.paths.iter().any(is_named)) {
            // The receiver is gone.
            let _ = sender.send(());
        }
    })?;
    let folder = if all { path.as_path() } else { path.parent().unwrap_or(&path) };
    // Watch the folder, not the file: many programs write a new file and rename it into place.
    watcher.watch(folder, if all { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive })?;
    thread::Builder::new().name("watching".into()).spawn(move || on_change(&path, &receiver))?;
    Ok(watcher)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Maximum time to wait for a change.
    const TIMEOUT: Duration = Duration::from_secs(20);

    #[test]
    fn library_watch_ignores_hidden_files() {
        let folders = [PathBuf::from("/home/.data/speeches")];
        let change = |path: &str| notify::Event::new(notify::EventKind::Any).add_path(folders[0].join(path));
        for path in ["2021/讲话.txt", "2021", ".gitignore", "2021/.gitignore"] {
            assert!(changes_library(&folders, &change(path)), "{path}");
        }
        for path in ["2021/.git/x", ".讲话.txt.swp", "/elsewhere/讲话.txt"] {
            assert!(!changes_library(&folders, &change(path)), "{path}");
        }
        let access = notify::Event::new(notify::EventKind::Access(notify::event::AccessKind::Any)).add_path(folders[0].join("讲话.txt"));
        assert!(!changes_library(&folders, &access));
    }

    #[test]
    fn library_watch_reports_changes_until_dropped() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("2021")).unwrap();
        let (sender, receiver) = mpsc::channel();
        let watcher = FileWatcher::watch_library(&[folder.path().to_owned()], move || sender.send(()).is_ok()).unwrap();
        // Folders are registered on the watch's thread: writes again until a change is reported.
        let is_reported = (0..200).any(|n| {
            fs::write(folder.path().join(format!("2021/{n}.txt")), "讲话").unwrap();
            receiver.recv_timeout(DEBOUNCE * 3).is_ok()
        });
        assert!(is_reported);
        drop(watcher);
        let end = loop {
            if let Err(end) = receiver.recv_timeout(TIMEOUT) {
                break end;
            }
        };
        assert_eq!(end, mpsc::RecvTimeoutError::Disconnected, "the thread ends with the watch");
    }

    #[test]
    fn changed_file_is_reloaded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("讲话.txt");
        fs::write(&path, "一").unwrap();
        let (sender, receiver) = mpsc::channel();
        let watcher = FileWatcher::watch_file(&path, ReadOptions::default(), move |speech| {
            sender.send(speech.map_or(0, |speech| speech.document.source.len())).is_ok()
        })
        .unwrap();
        fs::write(folder.path().join("别的.txt"), "别的").unwrap();
        fs::write(&path, "一二三").unwrap();
        assert_eq!(receiver.recv_timeout(TIMEOUT).unwrap(), 3);
        let other = folder.path().join("草稿");
        fs::write(&other, "一二三四五").unwrap();
        fs::rename(&other, &path).unwrap();
        assert_eq!(receiver.recv_timeout(TIMEOUT).unwrap(), 5);
        fs::remove_file(&path).unwrap();
        assert_eq!(receiver.recv_timeout(TIMEOUT).unwrap(), 0, "its deletion is told");
        drop(watcher);
        assert!(receiver.recv_timeout(TIMEOUT).is_err(), "the thread ends with the watch");
    }
}
