//! Other programs change the store's files while a reader is open, before and during its saves:
//! editors, sync programs, other processes. No edit is lost, and all are seen.

use crate::reader;

use pizhu_annotation::AnchorIndex;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::Store;
use pizhu_annotation::storage::Disk;
use pizhu_annotation::storage::FileFingerprint;
use pizhu_annotation::storage::Lock;
use pizhu_annotation::storage::Storage;
use pizhu_annotation::{Tag, TagId, TagLookup};
use reader::{HeadlessReader, SPEECH, TIMEOUT, document, notes, store, store_on, target};
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

/// The file of the only speech in the store of `dir`.
pub fn speech_file(dir: &Path) -> PathBuf {
    let files = fs::read_dir(dir.join("store")).unwrap().map(|entry| entry.unwrap().path());
    let is_speech_file = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        path.extension().is_some_and(|extension| extension == "ron")
            && !name.starts_with("codebook")
            && !name.starts_with('.')
            && !name.contains("conflict")
    };
    files.filter(is_speech_file).min().unwrap()
}

type Hook = Box<dyn FnOnce() + Send>;
/// Predicate over the name of a storage operation and its path.
type OperationPredicate = fn(&str, &Path) -> bool;

/// A disk that runs a hook once, right before an operation that matches a predicate, and that fails
/// all operations when the process is marked dead.
#[derive(Default, Clone)]
struct InterferingDisk {
    disk: Disk,
    hook: Arc<Mutex<Option<(OperationPredicate, Hook)>>>,
    dead: Arc<AtomicBool>,
}

impl fmt::Debug for InterferingDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InterferingDisk")
    }
}

impl InterferingDisk {
    /// A disk with [`Self::set_hook`] set.
    fn with_hook(predicate: OperationPredicate, hook: impl FnOnce() + Send + 'static) -> Self {
        let disk = Self::default();
        disk.set_hook(predicate, hook);
        disk
    }

    /// Sets the hook to run before the first operation for which `predicate` is true.
    fn set_hook(&self, predicate: OperationPredicate, hook: impl FnOnce() + Send + 'static) {
        *self.hook.lock().unwrap() = Some((predicate, Box::new(hook)));
    }

    /// Whether the hook has run.
    fn hook_has_run(&self) -> bool {
        self.hook.lock().unwrap().is_none()
    }

    /// The disk for an operation, after running the hook if it is due.
    fn disk_for(&self, operation: &str, path: &Path) -> io::Result<&Disk> {
        let due = self.hook.lock().unwrap().take_if(|(predicate, _)| predicate(operation, path));
        if let Some((_, hook)) = due {
            hook();
        }
        if self.dead.load(Ordering::SeqCst) { Err(io::Error::other("the process is dead")) } else { Ok(&self.disk) }
    }
}

impl Storage for InterferingDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.disk_for("read", path)?.read(path)
    }
    fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        self.disk_for("head", path)?.read_head(path, len)
    }
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        self.disk_for("list", dir)?.list(dir)
    }
    fn fingerprint(&self, path: &Path) -> io::Result<FileFingerprint> {
        self.disk_for("fingerprint", path)?.fingerprint(path)
    }
    fn create_dir(&self, dir: &Path, private: bool) -> io::Result<()> {
        self.disk_for("create", dir)?.create_dir(dir, private)
    }
    fn write(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        self.disk_for("write", path)?.write(path, bytes, private)
    }
    fn append(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        self.disk_for("append", path)?.append(path, bytes, private)
    }
    fn sync(&self, path: &Path) -> io::Result<()> {
        self.disk_for("sync", path)?.sync(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk_for("rename", to)?.rename(from, to)
    }
    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.disk_for("sync folder", dir)?.sync_dir(dir)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        self.disk_for("remove", path)?.remove(path)
    }
    fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock> {
        self.disk_for("lock", path)?.lock(path, wait, private)
    }
    fn lock_folder(&self, dir: &Path, wait: Duration) -> io::Result<Option<Lock>> {
        self.disk_for("lock folder", dir)?.lock_folder(dir, wait)
    }
}

fn is_codebook(path: &Path) -> bool {
    path.to_string_lossy().contains("codebook")
}

/// Whether a temporary file of a speech is being synced.
fn is_temporary_file_sync(operation: &str, path: &Path) -> bool {
    operation == "sync" && path.extension().is_some_and(|extension| extension == "new") && !is_codebook(path)
}

/// Whether a speech's file is being read.
fn is_speech_file_read(operation: &str, path: &Path) -> bool {
    operation == "read" && path.extension().is_some_and(|extension| extension == "ron") && !is_codebook(path)
}

#[test]
fn editor_save_during_a_checkpoint_is_merged() {
    let dir = tempfile::tempdir().unwrap();
    let disk = InterferingDisk::default();
    let mut reader = HeadlessReader::start(store_on(Arc::new(disk.clone()), dir.path()), dir.path(), "甲");
    reader.note(0, "第一");
    reader.note(1, "第二");
    reader.writer.flush(TIMEOUT).unwrap();
    let file = speech_file(dir.path());
    disk.set_hook(is_temporary_file_sync, move || {
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("第一", "编辑器改过的第一")).unwrap();
    });
    reader.note(2, "第三");
    reader.writer.flush(TIMEOUT).unwrap();
    assert!(disk.hook_has_run());
    let expected = ["第三", "第二", "编辑器改过的第一"];
    assert_eq!(notes(&store(dir.path()), dir.path()), expected);
    reader.wait(|reader| reader.notes() == expected);
    reader.quit();
}

#[test]
fn checkpoint_waits_for_a_file_still_being_written() {
    let dir = tempfile::tempdir().unwrap();
    let disk = InterferingDisk::default();
    let mut reader = HeadlessReader::start(store_on(Arc::new(disk.clone()), dir.path()), dir.path(), "甲");
    for n in 0..6 {
        reader.note(n, &format!("第{n}"));
    }
    reader.writer.flush(TIMEOUT).unwrap();
    let file = speech_file(dir.path());
    let editor = Arc::new(Mutex::new(None));
    let editor_slot = Arc::clone(&editor);
    disk.set_hook(is_speech_file_read, move || {
        // Simulates an editor that truncates the file and writes it slowly.
        let text = fs::read_to_string(&file).unwrap();
        let half: String = text.chars().take(text.chars().count() / 2).collect();
        fs::write(&file, half).unwrap();
        *editor_slot.lock().unwrap() = Some(thread::spawn(move || {
            thread::sleep(Duration::from_millis(40));
            fs::write(&file, text.replace("第5", "编辑过")).unwrap();
        }));
    });
    reader.note(7, "新的");
    reader.writer.flush(TIMEOUT).unwrap();
    editor.lock().unwrap().take().unwrap().join().unwrap();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["新的", "第0", "第1", "第2", "第3", "第4", "编辑过"]);
    assert!(!dir.path().join("store/aside").exists(), "no file was treated as damaged");
    reader.quit();
}

#[test]
fn manual_edits_and_deletions_are_seen_live_and_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut reader = HeadlessReader::start(store(dir.path()), dir.path(), "甲");
    for (n, note) in ["留下", "要改", "要删", "都改"].iter().enumerate() {
        reader.note(n, note);
    }
    reader.writer.flush(TIMEOUT).unwrap();
    let edited_by_both = reader.session.annotations().iter().find(|placed| placed.annotation.note == "都改").unwrap().id();
    let file = speech_file(dir.path());
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<String> =
        text.lines().filter(|line| !line.contains("要删")).map(|line| line.replace("要改", "改好").replace("都改", "编辑器写的")).collect();
    // An edit at the same time, not in a checkpoint yet.
    reader.session.apply(Edit::AddTags { id: edited_by_both, tags: vec![pizhu_annotation::TagRef::derived("标签")] }).unwrap();
    fs::write(&file, lines.join("\n") + "\n").unwrap();
    reader.wait(|reader| reader.notes() == ["改好", "留下", "编辑器写的"]);
    reader.writer.flush(TIMEOUT).unwrap();
    reader.wait(HeadlessReader::is_saved);
    let placed = reader.session.annotations().get(edited_by_both).unwrap();
    assert_eq!((placed.annotation.note.as_str(), placed.annotation.tags.len()), ("编辑器写的", 1), "both edits are kept");
    assert_eq!(notes(&store(dir.path()), dir.path()), ["改好", "留下", "编辑器写的"]);
    // Undo of another edit does not restore what the editor deleted.
    reader.session.undo().unwrap();
    reader.quit();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["改好", "留下", "编辑器写的"]);
}

/// Applies one edit, as a command does.
fn apply(store: &Store, name: &str, edit: Edit) -> AnnotationId {
    store.apply(&document(), Path::new(name), "甲", vec![edit]).unwrap()[0]
}

fn annotations(store: &Store, name: &str) -> AnchorIndex {
    store.annotations(&document(), Path::new(name)).unwrap().0
}

fn note(n: usize, note: &str) -> Edit {
    Edit::Note { target: target(n), note: note.to_owned() }
}

/// The path of the speech that [`HeadlessReader`] opens.
fn speech_path(dir: &Path) -> String {
    dir.join("讲话.txt").to_string_lossy().into_owned()
}

#[test]
fn foreign_temporary_file_is_not_used() {
    let dir = tempfile::tempdir().unwrap();
    apply(&store(dir.path()), &speech_path(dir.path()), note(0, "之前"));
    let file = speech_file(dir.path());
    let foreign_content = fs::read(&file).unwrap();
    // A sync program replaces the temporary file by that of another machine.
    let temporary_file = file.with_file_name(format!(".{}.new", file.file_name().unwrap().to_string_lossy()));
    let disk = InterferingDisk::with_hook(
        |operation, path| operation == "rename" && !is_codebook(path),
        move || fs::write(temporary_file, foreign_content).unwrap(),
    );
    apply(&store_on(Arc::new(disk.clone()), dir.path()), &speech_path(dir.path()), note(1, "之后"));
    assert!(disk.hook_has_run());
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之前", "之后"]);
}

#[test]
fn conflict_copy_changed_during_merge_is_merged_again() {
    let dir = tempfile::tempdir().unwrap();
    let first = apply(&store(dir.path()), &speech_path(dir.path()), note(0, "一处"));
    let file = speech_file(dir.path());
    let copy = file.with_file_name(format!("{} (conflict).ron", file.file_stem().unwrap().to_string_lossy()));
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&copy, text.replace("一处", "另一台机器写的")).unwrap();
    let later = text.replace("一处", "另一台机器后来写的");
    let hook_path = copy.clone();
    let disk = InterferingDisk::with_hook(
        |operation, path| operation == "rename" && !is_codebook(path),
        move || fs::write(hook_path, later).unwrap(),
    );
    apply(&store_on(Arc::new(disk.clone()), dir.path()), &speech_path(dir.path()), note(1, "二处"));
    assert!(disk.hook_has_run());
    let anchors = annotations(&store(dir.path()), &speech_path(dir.path()));
    for note in ["一处", "另一台机器写的", "另一台机器后来写的"] {
        assert!(anchors.get(first).unwrap().annotation.note.contains(note), "{note}");
    }
    apply(&store(dir.path()), &speech_path(dir.path()), note(2, "三处"));
    assert!(!copy.exists(), "merged and removed");
    assert!(annotations(&store(dir.path()), &speech_path(dir.path())).get(first).unwrap().annotation.note.contains("后来写的"));
}

#[test]
fn conflict_copy_removed_by_another_process_is_ignored() {
    let dir = tempfile::tempdir().unwrap();
    apply(&store(dir.path()), &speech_path(dir.path()), note(0, "一处"));
    let file = speech_file(dir.path());
    let copy = file.with_file_name(format!("{} (conflict).ron", file.file_stem().unwrap().to_string_lossy()));
    let is_header_read: OperationPredicate = |operation, path| operation == "head" && path.to_string_lossy().contains("conflict");
    for predicate in [is_header_read, is_speech_file_read] {
        fs::copy(&file, &copy).unwrap();
        let hook_path = copy.clone();
        let disk = InterferingDisk::with_hook(predicate, move || fs::remove_file(hook_path).unwrap());
        assert_eq!(notes(&store_on(Arc::new(disk.clone()), dir.path()), dir.path()), ["一处"]);
        assert!(disk.hook_has_run());
    }
}

#[test]
fn unreadable_file_does_not_block_other_speeches() {
    let dir = tempfile::tempdir().unwrap();
    apply(&store(dir.path()), &speech_path(dir.path()), note(0, "一处"));
    // A link to a folder: listed as a file, but unreadable for every user.
    fs::create_dir(dir.path().join("folder")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(dir.path().join("folder"), dir.path().join("store/坏.ron")).unwrap();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["一处"]);
    apply(&store(dir.path()), &speech_path(dir.path()), note(1, "二处"));
    assert_eq!(notes(&store(dir.path()), dir.path()), ["一处", "二处"]);
}

#[test]
fn external_codebook_changes_are_merged() {
    let dir = tempfile::tempdir().unwrap();
    let add = |store: &Store, name: &str| _ = store.edit_codebook(|book| book.add(Tag::new(name))).unwrap();
    add(&store(dir.path()), "原有");
    let path = dir.path().join("store/codebook.ron");
    // An editor saves during a write.
    let hook_path = path.clone();
    let disk = InterferingDisk::with_hook(
        |operation, path| operation == "sync" && is_codebook(path) && path.extension().is_some_and(|extension| extension == "new"),
        move || {
            let text = fs::read_to_string(&hook_path).unwrap();
            fs::write(&hook_path, text.replacen("tags: [\n", "tags: [\n(name:\"编辑器加的\"),\n", 1)).unwrap();
        },
    );
    add(&store_on(Arc::new(disk.clone()), dir.path()), "新加");
    assert!(disk.hook_has_run());
    let missing_tags = |wanted: &[&str]| {
        let book = store(dir.path()).codebook().unwrap();
        wanted.iter().filter(|name| book.find(name).is_err()).map(|name| (*name).to_owned()).collect::<Vec<String>>()
    };
    assert_eq!(missing_tags(&["原有", "编辑器加的", "新加"]), Vec::<String>::new());
    // A sync program adds a conflict copy of another machine.
    let text = fs::read_to_string(&path).unwrap();
    let copy = path.with_file_name("codebook (conflict).ron");
    let line = text.lines().find(|line| line.contains("name:\"原有\"")).unwrap();
    let added = line.replace(line.split('"').nth(1).unwrap(), "7k2m9q4x0c").replace("原有", "另一台加的");
    let theirs = text.replacen("tags: [\n", &format!("tags: [\n{added}\n"), 1).replace(&format!("{line}\n"), "");
    let gone = format!("deleted: [\n(deleted:{}),\n", line.trim_end_matches(','));
    fs::write(&copy, theirs.replacen("deleted: [\n", &gone, 1)).unwrap();
    assert_eq!(missing_tags(&["编辑器加的", "新加", "另一台加的"]), Vec::<String>::new(), "a conflict copy is read at once");
    add(&store(dir.path()), "最后");
    assert!(!copy.exists() && dir.path().join("store/aside").exists(), "merged and backed up");
    assert_eq!(missing_tags(&["原有", "编辑器加的", "新加", "另一台加的", "最后"]), ["原有"], "a deletion in the copy is merged");
}

/// A machine that still has the program before tags had ids syncs its codebook.
#[test]
fn conflict_copy_of_an_older_program_is_merged() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("store/codebook.ron");
    fs::create_dir_all(dir.path().join("store")).unwrap();
    fs::write(&path, "(\nversion: 1,\ntags: [\n(name:\"原有\"),\n(name:\"作风\",was:[\"风气\"]),\n],\ndeleted: [\n],\n)\n").unwrap();
    let add = |name: &str| _ = store(dir.path()).edit_codebook(|book| book.add(Tag::new(name))).unwrap();
    add("新加");
    assert!(fs::read_to_string(&path).unwrap().contains("version: 2,"), "migrated");
    let ids = store(dir.path()).codebook().unwrap().tags().iter().map(|tag| tag.id).collect::<Vec<_>>();
    let copy = path.with_file_name("codebook (conflict).ron");
    let theirs =
        "(\nversion: 1,\ntags: [\n(name:\"另一台加的\"),\n(name:\"党风\",was:[\"作风\",\"风气\"]),\n],\ndeleted: [\n\"原有\",\n],\n)\n";
    fs::write(&copy, theirs).unwrap();
    add("最后");
    assert!(!copy.exists() && dir.path().join("store/aside").exists(), "merged and backed up");
    let book = store(dir.path()).codebook().unwrap();
    let names: Vec<&str> = book.tags().iter().map(|tag| tag.name.as_str()).collect();
    assert!(["新加", "另一台加的", "最后"].iter().all(|name| names.contains(name)), "{names:?}");
    assert!(!names.contains(&"原有"), "a deletion in the copy is merged");
    assert!(matches!(book.resolve(ids[0]), TagLookup::Deleted) && matches!(book.resolve(ids[2]), TagLookup::Found(_)));
    // The older program renamed the tag; its old name stands for the same one.
    let renamed = book.find("党风").unwrap().id;
    for old in ["作风", "风气"] {
        assert!(matches!(book.resolve(TagId::from_name(old)), TagLookup::Found(tag) if tag.id == renamed), "{old}");
    }
}

#[test]
fn speech_named_codebook_can_be_annotated() {
    let dir = tempfile::tempdir().unwrap();
    let name = dir.path().join("codebook.txt").to_string_lossy().into_owned();
    apply(&store(dir.path()), &name, note(0, "一处"));
    apply(&store(dir.path()), &name, note(1, "二处"));
    assert_eq!(annotations(&store(dir.path()), &name).len(), 2);
    assert_eq!(store(dir.path()).speeches().unwrap().len(), 1);
    assert!(store(dir.path()).codebook().unwrap().find("人才工作").is_ok());
}

#[test]
fn write_during_a_detach_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("讲话.txt"), SPEECH).unwrap();
    apply(&store(dir.path()), &speech_path(dir.path()), note(0, "一处"));
    let file = speech_file(dir.path());
    let disk = InterferingDisk::with_hook(is_temporary_file_sync, move || {
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replace("一处", "编辑器写的")).unwrap();
    });
    let copy_path = dir.path().join("另一份.txt");
    let detaching_store = store_on(Arc::new(disk.clone()), dir.path());
    let key = pizhu_annotation::store::SpeechKey::from_document(detaching_store.location(), &document(), &copy_path);
    assert!(detaching_store.detach(&key).unwrap() && disk.hook_has_run());
    assert_eq!(notes(&store(dir.path()), dir.path()), ["编辑器写的"]);
}

#[test]
fn replay_of_a_dead_journal_does_not_override_later_edits() {
    let dir = tempfile::tempdir().unwrap();
    // A reader dies after its checkpoint is in the store, before the history and journal record it.
    let disk = InterferingDisk::default();
    let dead = Arc::clone(&disk.dead);
    disk.set_hook(
        |operation, path| operation == "append" && path.to_string_lossy().contains("history"),
        move || dead.store(true, Ordering::SeqCst),
    );
    let mut reader = HeadlessReader::start(store_on(Arc::new(disk.clone()), dir.path()), dir.path(), "甲");
    let tags = ["一", "二"].map(pizhu_annotation::TagRef::derived).to_vec();
    let id = reader.session.apply(Edit::Tag { target: target(0), tags }).unwrap();
    let _ = reader.writer.flush(TIMEOUT);
    assert!(disk.hook_has_run());
    let HeadlessReader { session, writer, .. } = reader;
    drop((session, writer));
    // The writer thread releases the journal some time after the last handle is dropped.
    let journal = dir.path().join("state/journal");
    let speech_journals = fs::read_dir(&journal).unwrap().map(|entry| entry.unwrap().path()).next().unwrap();
    let lock = Disk
        .list(&speech_journals)
        .unwrap()
        .into_iter()
        .find(|path| path.extension().is_some_and(|extension| extension == "lock"))
        .unwrap();
    drop(Disk.lock(&lock, TIMEOUT, true).unwrap());
    // While another process recovers the journal and waits for the store's lock, a third one removes
    // one of the tags.
    let folder = dir.path().to_owned();
    let disk = InterferingDisk::with_hook(
        |operation, path| operation == "lock" && path.ends_with("store/.lock"),
        move || {
            apply(&store(&folder), &speech_path(&folder), Edit::RemoveTags { id, tags: vec![pizhu_annotation::TagId::from_name("二")] });
        },
    );
    store_on(Arc::new(disk.clone()), dir.path()).recover().unwrap();
    assert!(disk.hook_has_run());
    let anchors = annotations(&store(dir.path()), &speech_path(dir.path()));
    assert_eq!(anchors.get(id).unwrap().annotation.tags.names(), ["一"]);
}
