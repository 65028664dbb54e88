//! Several hands on one store: an editor that changes the file under an open reader, before and
//! while it is saved. Nobody's edit is lost, and all is seen.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod reader;

use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::Placements;
use pizhu_annotation::Store;
use pizhu_annotation::Tag;
use pizhu_annotation::storage::Disk;
use pizhu_annotation::storage::Lock;
use pizhu_annotation::storage::Stamp;
use pizhu_annotation::storage::Storage;
use reader::{PATIENCE, Reader, SPEECH, document, notes, store, store_on, target};
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
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
/// An operation on the disk and its path: whether it is the one.
type Moment = fn(&str, &Path) -> bool;

/// A disk on which somebody else does something right before an operation, once; and whose user's
/// process may have died.
#[derive(Default, Clone)]
struct Busy {
    disk: Disk,
    hook: Arc<Mutex<Option<(Moment, Hook)>>>,
    dead: Arc<AtomicBool>,
}

impl fmt::Debug for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Busy")
    }
}

impl Busy {
    fn before(moment: Moment, hook: impl FnOnce() + Send + 'static) -> Self {
        let busy = Self::default();
        busy.expect(moment, hook);
        busy
    }

    fn expect(&self, moment: Moment, hook: impl FnOnce() + Send + 'static) {
        *self.hook.lock().unwrap() = Some((moment, Box::new(hook)));
    }

    /// Whether what was expected has come.
    fn has_come(&self) -> bool {
        self.hook.lock().unwrap().is_none()
    }

    fn at(&self, operation: &str, path: &Path) -> io::Result<&Disk> {
        let due = self.hook.lock().unwrap().take_if(|(moment, _)| moment(operation, path));
        if let Some((_, hook)) = due {
            hook();
        }
        if self.dead.load(Ordering::SeqCst) { Err(io::Error::other("the process is dead")) } else { Ok(&self.disk) }
    }
}

impl Storage for Busy {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.at("read", path)?.read(path)
    }
    fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        self.at("head", path)?.read_head(path, len)
    }
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        self.at("list", dir)?.list(dir)
    }
    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        self.at("stamp", path)?.stamp(path)
    }
    fn create_dir(&self, dir: &Path, private: bool) -> io::Result<()> {
        self.at("create", dir)?.create_dir(dir, private)
    }
    fn write(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        self.at("write", path)?.write(path, bytes, private)
    }
    fn append(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        self.at("append", path)?.append(path, bytes, private)
    }
    fn sync(&self, path: &Path) -> io::Result<()> {
        self.at("sync", path)?.sync(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.at("rename", to)?.rename(from, to)
    }
    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.at("sync folder", dir)?.sync_dir(dir)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.at("remove", path)?.remove(path)
    }
    fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock> {
        self.at("lock", path)?.lock(path, wait, private)
    }
}

fn is_codebook(path: &Path) -> bool {
    path.to_string_lossy().contains("codebook")
}

/// A draft of a speech's file is being synced.
fn at_draft(operation: &str, path: &Path) -> bool {
    operation == "sync" && path.extension().is_some_and(|extension| extension == "new") && !is_codebook(path)
}

/// A speech's file is being read.
fn at_read(operation: &str, path: &Path) -> bool {
    operation == "read" && path.extension().is_some_and(|extension| extension == "ron") && !is_codebook(path)
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
    busy.expect(at_draft, move || {
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("第一", "编辑器改过的第一")).unwrap();
    });
    reader.note(2, "第三");
    reader.writer.flush(PATIENCE).unwrap();
    assert!(busy.has_come(), "the editor came between");
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
    busy.expect(at_read, move || {
        // An editor that empties the file and takes its time to fill it.
        let text = fs::read_to_string(&file).unwrap();
        let half: String = text.chars().take(text.chars().count() / 2).collect();
        fs::write(&file, half).unwrap();
        *kept.lock().unwrap() = Some(thread::spawn(move || {
            thread::sleep(Duration::from_millis(40));
            fs::write(&file, text.replace("第5", "编辑过")).unwrap();
        }));
    });
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

/// Edits a speech in the store as a command does.
fn apply(store: &Store, name: &str, edit: Edit) -> AnnotationId {
    store.apply(&document(), Path::new(name), "甲", vec![edit]).unwrap()[0]
}

fn annotations(store: &Store, name: &str) -> Placements {
    store.annotations(&document(), Path::new(name)).unwrap().0
}

fn note(n: usize, note: &str) -> Edit {
    Edit::Note { target: target(n), note: note.to_owned() }
}

/// The path of the speech that `reader` is of.
fn speech(dir: &Path) -> String {
    dir.join("讲话.txt").to_string_lossy().into_owned()
}

#[test]
fn the_draft_of_another_machine_is_not_taken_for_ones_own() {
    let dir = tempfile::tempdir().unwrap();
    apply(&store(dir.path()), &speech(dir.path()), note(0, "之前"));
    let file = sheet(dir.path());
    let foreign = fs::read(&file).unwrap();
    // A sync program brings what another machine has just begun to write under the same name.
    let draft = file.with_file_name(format!(".{}.new", file.file_name().unwrap().to_string_lossy()));
    let busy = Busy::before(|operation, path| operation == "rename" && !is_codebook(path), move || fs::write(draft, foreign).unwrap());
    apply(&store_on(Arc::new(busy.clone()), dir.path()), &speech(dir.path()), note(1, "之后"));
    assert!(busy.has_come());
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之前", "之后"]);
}

#[test]
fn a_conflict_copy_that_changes_while_it_is_merged_is_merged_again() {
    let dir = tempfile::tempdir().unwrap();
    let first = apply(&store(dir.path()), &speech(dir.path()), note(0, "一处"));
    let file = sheet(dir.path());
    let copy = file.with_file_name(format!("{} (conflict).ron", file.file_stem().unwrap().to_string_lossy()));
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&copy, text.replace("一处", "另一台机器写的")).unwrap();
    let later = text.replace("一处", "另一台机器后来写的");
    let at = copy.clone();
    let busy = Busy::before(|operation, path| operation == "rename" && !is_codebook(path), move || fs::write(at, later).unwrap());
    apply(&store_on(Arc::new(busy.clone()), dir.path()), &speech(dir.path()), note(1, "二处"));
    assert!(busy.has_come());
    let there = annotations(&store(dir.path()), &speech(dir.path()));
    for said in ["一处", "另一台机器写的", "另一台机器后来写的"] {
        assert!(there.get(first).unwrap().annotation.note.contains(said), "{said}");
    }
    apply(&store(dir.path()), &speech(dir.path()), note(2, "三处"));
    assert!(!copy.exists(), "merged at last");
    assert!(annotations(&store(dir.path()), &speech(dir.path())).get(first).unwrap().annotation.note.contains("后来写的"));
}

#[test]
fn a_conflict_copy_that_another_process_merges_away_is_missed_by_nobody() {
    let dir = tempfile::tempdir().unwrap();
    apply(&store(dir.path()), &speech(dir.path()), note(0, "一处"));
    let file = sheet(dir.path());
    let copy = file.with_file_name(format!("{} (conflict).ron", file.file_stem().unwrap().to_string_lossy()));
    let at_head: Moment = |operation, path| operation == "head" && path.to_string_lossy().contains("conflict");
    for moment in [at_head, at_read] {
        fs::copy(&file, &copy).unwrap();
        let at = copy.clone();
        let busy = Busy::before(moment, move || fs::remove_file(at).unwrap());
        assert_eq!(notes(&store_on(Arc::new(busy.clone()), dir.path()), dir.path()), ["一处"]);
        assert!(busy.has_come());
    }
}

#[test]
fn a_file_that_cannot_be_read_keeps_no_other_speech_shut() {
    let dir = tempfile::tempdir().unwrap();
    apply(&store(dir.path()), &speech(dir.path()), note(0, "一处"));
    // A folder of that name cannot be read, whoever one is; through a link it looks like a file.
    fs::create_dir(dir.path().join("folder")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(dir.path().join("folder"), dir.path().join("store/坏.ron")).unwrap();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["一处"]);
    apply(&store(dir.path()), &speech(dir.path()), note(1, "二处"));
    assert_eq!(notes(&store(dir.path()), dir.path()), ["一处", "二处"]);
}

#[test]
fn what_others_make_of_the_codebook_is_merged() {
    let dir = tempfile::tempdir().unwrap();
    let add = |store: &Store, name: &str| store.edit_codebook(|book| book.add(Tag::new(name))).unwrap();
    add(&store(dir.path()), "原有");
    let path = dir.path().join("store/codebook.ron");
    // An editor saves while it is being written.
    let at = path.clone();
    let busy = Busy::before(
        |operation, path| operation == "sync" && is_codebook(path) && path.extension().is_some_and(|extension| extension == "new"),
        move || {
            let text = fs::read_to_string(&at).unwrap();
            fs::write(&at, text.replacen("tags: [\n", "tags: [\n(name:\"编辑器加的\"),\n", 1)).unwrap();
        },
    );
    add(&store_on(Arc::new(busy.clone()), dir.path()), "新加");
    assert!(busy.has_come());
    let names = |wanted: &[&str]| {
        let book = store(dir.path()).codebook().unwrap();
        wanted.iter().filter(|name| book.get(name).is_none()).map(|name| (*name).to_owned()).collect::<Vec<String>>()
    };
    assert_eq!(names(&["原有", "编辑器加的", "新加"]), Vec::<String>::new());
    // A sync program leaves what another machine wrote beside it.
    let text = fs::read_to_string(&path).unwrap();
    let copy = path.with_file_name("codebook (conflict).ron");
    let theirs = text.replacen("tags: [\n", "tags: [\n(name:\"另一台加的\"),\n", 1).replace("(name:\"原有\"),\n", "");
    fs::write(&copy, theirs.replacen("deleted: [\n", "deleted: [\n\"原有\",\n", 1)).unwrap();
    assert_eq!(names(&["编辑器加的", "新加", "另一台加的"]), Vec::<String>::new(), "seen at once");
    add(&store(dir.path()), "最后");
    assert!(!copy.exists() && dir.path().join("store/aside").exists(), "merged, and put aside");
    assert_eq!(names(&["原有", "编辑器加的", "新加", "另一台加的", "最后"]), ["原有"], "what was deleted there is gone");
}

#[test]
fn a_speech_that_is_called_as_the_codebook_is_has_annotations() {
    let dir = tempfile::tempdir().unwrap();
    let name = dir.path().join("codebook.txt").to_string_lossy().into_owned();
    apply(&store(dir.path()), &name, note(0, "一处"));
    apply(&store(dir.path()), &name, note(1, "二处"));
    assert_eq!(annotations(&store(dir.path()), &name).len(), 2);
    assert_eq!(store(dir.path()).speeches().unwrap().len(), 1);
    assert!(store(dir.path()).codebook().unwrap().get("人才工作").is_some());
}

#[test]
fn what_is_written_while_a_copy_is_parted_stays() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("讲话.txt"), SPEECH).unwrap();
    apply(&store(dir.path()), &speech(dir.path()), note(0, "一处"));
    let file = sheet(dir.path());
    let busy = Busy::before(at_draft, move || {
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("一处", "编辑器写的")).unwrap();
    });
    let own = dir.path().join("另一份.txt");
    let parting = store_on(Arc::new(busy.clone()), dir.path());
    let key = pizhu_annotation::store::SpeechKey::of(parting.place(), &document(), &own);
    assert!(parting.part(&key).unwrap() && busy.has_come());
    assert_eq!(notes(&store(dir.path()), dir.path()), ["编辑器写的"]);
}

#[test]
fn what_a_dead_process_has_in_the_store_is_not_done_again_over_what_came_after() {
    let dir = tempfile::tempdir().unwrap();
    // A reader that dies when its edit is in the store and nothing else says so.
    let busy = Busy::default();
    let dead = Arc::clone(&busy.dead);
    busy.expect(
        |operation, path| operation == "append" && path.to_string_lossy().contains("history"),
        move || dead.store(true, Ordering::SeqCst),
    );
    let mut reader = Reader::start(store_on(Arc::new(busy.clone()), dir.path()), dir.path(), "甲");
    let tags = vec!["一".to_owned(), "二".to_owned()];
    let id = reader.session.apply(Edit::Tag { target: target(0), tags }).unwrap();
    let _ = reader.writer.flush(PATIENCE);
    assert!(busy.has_come());
    let Reader { session, writer, .. } = reader;
    drop((session, writer));
    // Its thread lets go of the journal a moment after its last handle.
    let journal = dir.path().join("state/journal");
    let inner = fs::read_dir(&journal).unwrap().map(|entry| entry.unwrap().path()).next().unwrap();
    let lock = Disk.list(&inner).unwrap().into_iter().find(|path| path.extension().is_some_and(|extension| extension == "lock")).unwrap();
    drop(Disk.lock(&lock, PATIENCE, true).unwrap());
    // Another process finds the journal and waits for the store's lock, while a third takes off
    // one of the tags.
    let folder = dir.path().to_owned();
    let busy = Busy::before(
        |operation, path| operation == "lock" && path.ends_with("store/.lock"),
        move || {
            apply(&store(&folder), &speech(&folder), Edit::RemoveTags { id, tags: vec!["二".to_owned()] });
        },
    );
    store_on(Arc::new(busy.clone()), dir.path()).recover().unwrap();
    assert!(busy.has_come());
    let there = annotations(&store(dir.path()), &speech(dir.path()));
    assert_eq!(there.get(id).unwrap().annotation.tags.iter().collect::<Vec<_>>(), ["一"]);
}
