//! Several hands on one store: an editor that changes the file under an open reader, before and
//! while it is saved. Nobody's edit is lost, and all is seen.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod reader;

use pizhu::annotation::{
    Edit,
    storage::{Disk, Lock, Stamp, Storage},
};
use reader::{PATIENCE, Reader, notes, store, store_on};
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// The speech's file in the store of `dir`.
fn sheet(dir: &Path) -> PathBuf {
    let files = fs::read_dir(dir.join("store")).unwrap().map(|entry| entry.unwrap().path());
    let is_sheet = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        path.extension().is_some_and(|extension| extension == "ron")
            && !name.starts_with("codebook")
            && !name.starts_with('.')
            && !name.contains("conflict")
    };
    files.filter(is_sheet).min().unwrap()
}

type Hook = Box<dyn FnOnce() + Send>;

/// A disk on which somebody else does something right behind a draft's being synced, or right
/// before a file is read.
#[derive(Default, Clone)]
struct Busy {
    disk: Disk,
    at_draft: Arc<Mutex<Option<Hook>>>,
    at_read: Arc<Mutex<Option<Hook>>>,
}

impl fmt::Debug for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Busy")
    }
}

fn run(hook: &Mutex<Option<Hook>>) {
    let hook = hook.lock().unwrap().take();
    if let Some(hook) = hook {
        hook();
    }
}

impl Storage for Busy {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path.extension().is_some_and(|extension| extension == "ron") && !path.ends_with("codebook.ron") {
            run(&self.at_read);
        }
        self.disk.read(path)
    }
    fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        self.disk.read_head(path, len)
    }
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        self.disk.list(dir)
    }
    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.disk.stamp(path)
    }
    fn create_dir(&self, dir: &Path, private: bool) -> io::Result<()> {
        self.disk.create_dir(dir, private)
    }
    fn write(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        self.disk.write(path, bytes, private)
    }
    fn append(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        self.disk.append(path, bytes, private)
    }
    fn sync(&self, path: &Path) -> io::Result<()> {
        self.disk.sync(path)?;
        if path.extension().is_some_and(|extension| extension == "new") && !path.to_string_lossy().contains("codebook") {
            run(&self.at_draft);
        }
        Ok(())
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)
    }
    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.disk.sync_dir(dir)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.disk.remove(path)
    }
    fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock> {
        self.disk.lock(path, wait, private)
    }
}

#[test]
fn what_an_editor_saves_while_a_fold_is_under_way_is_merged() {
    let dir = tempfile::tempdir().unwrap();
    let busy = Busy::default();
    let mut reader = Reader::start(store_on(Arc::new(busy.clone()), dir.path()), dir.path(), "甲");
    reader.note(0, "第一");
    reader.note(1, "第二");
    reader.writer.flush(PATIENCE).unwrap();
    let file = sheet(dir.path());
    *busy.at_draft.lock().unwrap() = Some(Box::new(move || {
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("第一", "编辑器改过的第一")).unwrap();
    }));
    reader.note(2, "第三");
    reader.writer.flush(PATIENCE).unwrap();
    assert!(busy.at_draft.lock().unwrap().is_none(), "the editor came between");
    let expected = ["第三", "第二", "编辑器改过的第一"];
    assert_eq!(notes(&store(dir.path()), dir.path()), expected);
    reader.wait(|reader| reader.notes() == expected);
    reader.quit();
}

#[test]
fn a_file_that_an_editor_is_still_writing_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let busy = Busy::default();
    let mut reader = Reader::start(store_on(Arc::new(busy.clone()), dir.path()), dir.path(), "甲");
    for n in 0..6 {
        reader.note(n, &format!("第{n}"));
    }
    reader.writer.flush(PATIENCE).unwrap();
    let file = sheet(dir.path());
    let writing = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&writing);
    *busy.at_read.lock().unwrap() = Some(Box::new(move || {
        // An editor that empties the file and takes its time to fill it.
        let text = fs::read_to_string(&file).unwrap();
        let half: String = text.chars().take(text.chars().count() / 2).collect();
        fs::write(&file, half).unwrap();
        *kept.lock().unwrap() = Some(thread::spawn(move || {
            thread::sleep(Duration::from_millis(40));
            fs::write(&file, text.replace("第5", "编辑过")).unwrap();
        }));
    }));
    reader.note(7, "新的");
    reader.writer.flush(PATIENCE).unwrap();
    writing.lock().unwrap().take().unwrap().join().unwrap();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["新的", "第0", "第1", "第2", "第3", "第4", "编辑过"]);
    assert!(!dir.path().join("store/aside").exists(), "nothing was damaged");
    reader.quit();
}

#[test]
fn lines_changed_and_deleted_by_hand_are_seen_live_and_stay_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut reader = Reader::start(store(dir.path()), dir.path(), "甲");
    for (n, note) in ["留下", "要改", "要删", "都改"].iter().enumerate() {
        reader.note(n, note);
    }
    reader.writer.flush(PATIENCE).unwrap();
    let both = reader.session.placements().iter().find(|placed| placed.annotation.note == "都改").unwrap().id();
    let file = sheet(dir.path());
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<String> =
        text.lines().filter(|line| !line.contains("要删")).map(|line| line.replace("要改", "改好").replace("都改", "编辑器写的")).collect();
    // Edited here at the same time, and not folded yet.
    reader.session.apply(Edit::AddTags { id: both, tags: vec!["标签".to_owned()] }).unwrap();
    fs::write(&file, lines.join("\n") + "\n").unwrap();
    reader.wait(|reader| reader.notes() == ["改好", "留下", "编辑器写的"]);
    reader.writer.flush(PATIENCE).unwrap();
    reader.wait(Reader::is_saved);
    let placed = reader.session.placements().get(both).unwrap();
    assert_eq!((placed.annotation.note.as_str(), placed.annotation.tags.len()), ("编辑器写的", 1), "what both did is there");
    assert_eq!(notes(&store(dir.path()), dir.path()), ["改好", "留下", "编辑器写的"]);
    // What the editor deleted does not come back by an undo of something else.
    reader.session.undo().unwrap();
    reader.quit();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["改好", "留下", "编辑器写的"]);
}
