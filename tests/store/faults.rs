//! Faults of disk and clock in a running session: nothing is lost, the error names a remedy, and
//! saving resumes when the fault is gone.

use crate::program;
use crate::reader;

use pizhu_annotation::CopyLink;
use pizhu_annotation::Edit;
use pizhu_annotation::SaveState;
use pizhu_annotation::SessionEvent;
use pizhu_annotation::StoreError;
use pizhu_annotation::Tag;
use pizhu_annotation::storage::Disk;
use pizhu_annotation::storage::FileFingerprint;
use pizhu_annotation::storage::Lock;
use pizhu_annotation::storage::Storage;
use program::TestProgram;
use reader::{HeadlessReader, TIMEOUT, document, notes, store, store_on};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

/// Values of [`FaultyDisk::fault`].
const NO_FAULT: u8 = 0;
const FULL: u8 = 1;
const READ_ONLY: u8 = 2;

/// A disk that can be full (a write stores only its first half) or read-only.
#[derive(Debug, Clone, Default)]
struct FaultyDisk {
    disk: Disk,
    fault: Arc<AtomicU8>,
}

impl FaultyDisk {
    fn set(&self, fault: u8) {
        self.fault.store(fault, Ordering::SeqCst);
    }

    fn check(&self, partial_write: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        match self.fault.load(Ordering::SeqCst) {
            FULL => partial_write().and(Err(io::ErrorKind::StorageFull.into())),
            READ_ONLY => Err(io::ErrorKind::ReadOnlyFilesystem.into()),
            _ => Ok(()),
        }
    }
}

impl Storage for FaultyDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.disk.read(path)
    }
    fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        self.disk.read_head(path, len)
    }
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        self.disk.list(dir)
    }
    fn fingerprint(&self, path: &Path) -> io::Result<FileFingerprint> {
        self.disk.fingerprint(path)
    }
    fn create_dir(&self, dir: &Path, private: bool) -> io::Result<()> {
        self.check(|| Ok(()))?;
        self.disk.create_dir(dir, private)
    }
    fn write(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        self.check(|| self.disk.write(path, &bytes[..bytes.len() / 2], private))?;
        self.disk.write(path, bytes, private)
    }
    fn append(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        self.check(|| self.disk.append(path, &bytes[..bytes.len() / 2], private))?;
        self.disk.append(path, bytes, private)
    }
    fn sync(&self, path: &Path) -> io::Result<()> {
        self.disk.sync(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.check(|| Ok(()))?;
        self.disk.rename(from, to)
    }
    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.disk.sync_dir(dir)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        if self.fault.load(Ordering::SeqCst) == READ_ONLY {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        self.disk.remove(path)
    }
    fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock> {
        self.check(|| Ok(()))?;
        self.disk.lock(path, wait, private)
    }
}

#[test]
fn full_or_read_only_disk_loses_nothing_and_saving_resumes() {
    for (fault, kind) in [(FULL, io::ErrorKind::StorageFull), (READ_ONLY, io::ErrorKind::ReadOnlyFilesystem)] {
        let dir = tempfile::tempdir().unwrap();
        let disk = FaultyDisk::default();
        let mut reader = HeadlessReader::start(store_on(Arc::new(disk.clone()), dir.path()), dir.path(), "甲");
        reader.note(0, "之前");
        reader.wait(HeadlessReader::is_saved);
        reader.writer.flush(TIMEOUT).unwrap();
        disk.set(fault);
        for n in 1..4 {
            reader.note(n, &format!("其间{n}"));
        }
        let mut events = Vec::new();
        reader.wait_collecting(|_, events| events.iter().any(|event| matches!(event, SessionEvent::SaveFailed(_))), &mut events);
        let error = events
            .iter()
            .find_map(|event| if let SessionEvent::SaveFailed(problem) = event { Some(Arc::clone(problem)) } else { None })
            .unwrap();
        assert!(matches!(&*error, StoreError::Io { source, .. } if source.kind() == kind), "{error}");
        assert_ne!(reader.session.overall_save_state(), SaveState::Saved, "must not be shown as saved");
        assert_eq!(reader.notes().len(), 4, "the session keeps the edits");
        assert_eq!(notes(&store(dir.path()), dir.path()), ["之前"], "existing annotations are intact");
        disk.set(NO_FAULT);
        // The writer retries by itself.
        reader.wait(HeadlessReader::is_saved);
        reader.note(5, "之后");
        reader.wait(HeadlessReader::is_saved);
        reader.quit();
        assert_eq!(notes(&store(dir.path()), dir.path()), ["之前", "之后", "其间1", "其间2", "其间3"]);
    }
}

#[test]
fn vanished_store_folder_is_not_recreated_and_saving_resumes() {
    let dir = tempfile::tempdir().unwrap();
    let (store_dir, moved_dir) = (dir.path().join("store"), dir.path().join("away"));
    let mut reader = HeadlessReader::start(store(dir.path()), dir.path(), "甲");
    reader.note(0, "之前");
    reader.wait(HeadlessReader::is_saved);
    reader.writer.flush(TIMEOUT).unwrap();
    fs::rename(&store_dir, &moved_dir).unwrap();
    reader.note(1, "其间");
    reader.wait(HeadlessReader::is_saved);
    let error = reader.writer.flush(TIMEOUT).unwrap_err();
    assert!(matches!(&*error, StoreError::FolderGone(_)), "{error}");
    reader.writer.check_for_changes();
    let mut events = Vec::new();
    reader.wait_collecting(
        |_, events| {
            events
                .iter()
                .any(|event| matches!(event, SessionEvent::CheckpointFailed(problem) if matches!(**problem, StoreError::FolderGone(_))))
        },
        &mut events,
    );
    assert_eq!(reader.notes(), ["之前", "其间"], "shown annotations are kept");
    let refused = reader.writer.edit_codebook(Box::new(|book| book.add(Tag::new("新题目")).map(drop))).unwrap_err();
    assert!(matches!(refused, StoreError::FolderGone(_)), "{refused}");
    reader.session.copy_link(CopyLink::Detach);
    reader
        .wait_collecting(|_, events| events.iter().any(|event| matches!(event, SessionEvent::Copies { copies: Err(_), .. })), &mut events);
    assert!(!store_dir.exists(), "no empty store takes its place");
    fs::rename(&moved_dir, &store_dir).unwrap();
    reader.writer.flush(TIMEOUT).unwrap();
    reader.quit();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之前", "其间"]);
    // The journal of an ended process is replayed by the next one, once the store is back.
    let mut reader = HeadlessReader::start(store(dir.path()), dir.path(), "甲");
    fs::rename(&store_dir, &moved_dir).unwrap();
    reader.note(2, "走时");
    reader.wait(HeadlessReader::is_saved);
    let HeadlessReader { session, writer, .. } = reader;
    drop((session, writer));
    fs::rename(&moved_dir, &store_dir).unwrap();
    let end = std::time::Instant::now() + TIMEOUT;
    while notes(&store(dir.path()), dir.path()).len() < 3 {
        assert!(std::time::Instant::now() < end);
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn edits_survive_a_clock_set_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("讲话.txt");
    let apply = |edit| store(dir.path()).apply(&document(), &path, "甲", vec![edit]).unwrap()[0];
    let id = apply(Edit::Note { target: reader::target(0), note: "之前".to_owned() });
    let other = apply(Edit::Note { target: reader::target(1), note: "留下".to_owned() });
    // Moves all timestamps of the store into the future.
    let move_into_future = |dir: &Path| {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "ron") && !path.ends_with("codebook.ron") {
                let text = fs::read_to_string(&path).unwrap();
                let year = jiff::Timestamp::now().to_string()[..4].to_owned();
                fs::write(&path, text.replace(&format!("\"{year}-"), "\"2199-")).unwrap();
            }
        }
    };
    move_into_future(&dir.path().join("store"));
    apply(Edit::SetNote { id, note: "之后".to_owned() });
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之后", "留下"]);
    apply(Edit::AddTags { id, tags: vec![pizhu_annotation::TagRef::derived("一")] });
    apply(Edit::Delete { id: other });
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之后"]);
    let mut reader = HeadlessReader::start(store(dir.path()), dir.path(), "甲");
    reader.session.undo().unwrap();
    reader.writer.flush(TIMEOUT).unwrap();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之后", "留下"], "a deletion is undone");
    reader.session.undo().unwrap();
    reader.session.undo().unwrap();
    reader.quit();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之前", "留下"]);
    // With backups dated in the future, not every save makes a new backup.
    let backups = || {
        let all = fs::read_dir(dir.path().join("state/backup")).unwrap().map(|entry| entry.unwrap().path());
        all.flat_map(|dir| fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path())).collect::<Vec<PathBuf>>()
    };
    for path in backups() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut parts: Vec<&str> = name.rsplitn(3, '.').collect();
        parts[1] = "7000000000";
        parts.reverse();
        fs::rename(&path, path.with_file_name(parts.join("."))).unwrap();
    }
    for n in 0..6 {
        apply(Edit::Note { target: reader::target(n), note: format!("再{n}") });
    }
    let new = backups().iter().filter(|path| !path.to_string_lossy().contains("7000000000")).count();
    assert!(new <= 2, "{new} backups of rapid saves");
}

#[test]
fn command_on_full_disk_reports_remedy_and_changes_nothing() {
    let program = TestProgram::with_speech();
    program.run(&["note", "a.txt", "--span", "0:3", "之前"]).ok();
    // With a file size limit of 0 blocks, every write fails as on a full disk.
    let limited = |arguments: &str| {
        let mut shell = std::process::Command::new("sh");
        shell.arg("-c").arg(format!("trap '' XFSZ; ulimit -f 0; exec '{}' {arguments}", program::binary().display()));
        let command = program.command(&[]);
        shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("PATH", "/usr/bin:/bin");
        shell.current_dir(program.folder()).output().unwrap()
    };
    let output = limited("note a.txt --span 4:6 其间");
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("the disk is full") && message.contains("free some space and try again"), "{message}");
    let exported = program.run(&["export", "--format", "json"]).json();
    assert_eq!(exported["annotations"].as_array().unwrap().len(), 1, "existing annotations are intact");
    program.run(&["note", "a.txt", "--span", "4:6", "之后"]).ok();
    assert_eq!(program.run(&["export", "--format", "json"]).json()["annotations"].as_array().unwrap().len(), 2);
}

#[test]
fn unwritable_store_reports_remedy() {
    let program = TestProgram::with_speech();
    program.write("store", "a file where the folder should be");
    let message = program.run(&["--store", "store", "note", "a.txt", "--span", "0:3", "字"]).error(2);
    assert!(message.contains("store"), "{message}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = program.folder().join("locked");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
        let output = program.run(&["--store", "locked", "note", "a.txt", "--span", "0:3", "字"]);
        if output.status == 0 {
            println!("skipped: this user may write to any folder");
            return;
        }
        let message = output.error(2);
        assert!(message.contains("make it writable, or name another with --store"), "{message}");
        assert!(program.run(&["--store", "locked", "export", "a.txt"]).status == 0, "a read-only store can be read");
    }
}
