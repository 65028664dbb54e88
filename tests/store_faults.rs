//! What goes wrong with disks and clocks while one works: nothing is lost, what to do is said,
//! and saving goes on when it can.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod program;
mod reader;

use pizhu_annotation::Edit;
use pizhu_annotation::News;
use pizhu_annotation::Saving;
use pizhu_annotation::Sharing;
use pizhu_annotation::StoreError;
use pizhu_annotation::Tag;
use pizhu_annotation::storage::Disk;
use pizhu_annotation::storage::Lock;
use pizhu_annotation::storage::Stamp;
use pizhu_annotation::storage::Storage;
use program::Program;
use reader::{PATIENCE, Reader, document, notes, store, store_on};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

const WELL: u8 = 0;
const FULL: u8 = 1;
const READ_ONLY: u8 = 2;

/// A disk that can be full (of what is written only the first half fits) or not be written.
#[derive(Debug, Clone, Default)]
struct Faulty {
    disk: Disk,
    fault: Arc<AtomicU8>,
}

impl Faulty {
    fn set(&self, fault: u8) {
        self.fault.store(fault, Ordering::SeqCst);
    }

    fn check(&self, half: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        match self.fault.load(Ordering::SeqCst) {
            FULL => half().and(Err(io::ErrorKind::StorageFull.into())),
            READ_ONLY => Err(io::ErrorKind::ReadOnlyFilesystem.into()),
            _ => Ok(()),
        }
    }
}

impl Storage for Faulty {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
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
fn a_full_or_read_only_disk_loses_nothing_and_saving_goes_on() {
    for (fault, kind) in [(FULL, io::ErrorKind::StorageFull), (READ_ONLY, io::ErrorKind::ReadOnlyFilesystem)] {
        let dir = tempfile::tempdir().unwrap();
        let disk = Faulty::default();
        let mut reader = Reader::start(store_on(Arc::new(disk.clone()), dir.path()), dir.path(), "甲");
        reader.note(0, "之前");
        reader.wait(Reader::is_saved);
        reader.writer.flush(PATIENCE).unwrap();
        disk.set(fault);
        for n in 1..4 {
            reader.note(n, &format!("其间{n}"));
        }
        let mut news = Vec::new();
        reader.wait_news(|_, news| news.iter().any(|news| matches!(news, News::Failed(_))), &mut news);
        let told = news.iter().find_map(|news| if let News::Failed(problem) = news { Some(Arc::clone(problem)) } else { None }).unwrap();
        assert!(matches!(&*told, StoreError::Io { source, .. } if source.kind() == kind), "{told}");
        assert_ne!(reader.session.saving_all(), Saving::Saved, "it is not said to be saved");
        assert_eq!(reader.notes().len(), 4, "the session goes on");
        assert_eq!(notes(&store(dir.path()), dir.path()), ["之前"], "what was there is whole");
        disk.set(WELL);
        // Nobody does anything: it is tried again.
        reader.wait(Reader::is_saved);
        reader.note(5, "之后");
        reader.wait(Reader::is_saved);
        reader.quit();
        assert_eq!(notes(&store(dir.path()), dir.path()), ["之前", "之后", "其间1", "其间2", "其间3"]);
    }
}

#[test]
fn a_store_that_vanishes_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let (there, away) = (dir.path().join("store"), dir.path().join("away"));
    let mut reader = Reader::start(store(dir.path()), dir.path(), "甲");
    reader.note(0, "之前");
    reader.wait(Reader::is_saved);
    reader.writer.flush(PATIENCE).unwrap();
    fs::rename(&there, &away).unwrap();
    reader.note(1, "其间");
    reader.wait(Reader::is_saved);
    let told = reader.writer.flush(PATIENCE).unwrap_err();
    assert!(matches!(&*told, StoreError::Gone(_)), "{told}");
    reader.writer.look();
    let mut news = Vec::new();
    reader.wait_news(
        |_, news| news.iter().any(|news| matches!(news, News::Waiting(problem) if matches!(**problem, StoreError::Gone(_)))),
        &mut news,
    );
    assert_eq!(reader.notes(), ["之前", "其间"], "what is shown stays");
    let refused = reader.writer.edit_codebook(Box::new(|book| book.add(Tag::new("新题目")))).unwrap_err();
    assert!(matches!(refused, StoreError::Gone(_)), "{refused}");
    reader.session.share(Sharing::Part);
    reader.wait_news(|_, news| news.iter().any(|news| matches!(news, News::Copies { copies: Err(_), .. })), &mut news);
    assert!(!there.exists(), "no empty store takes its place");
    fs::rename(&away, &there).unwrap();
    reader.writer.flush(PATIENCE).unwrap();
    reader.quit();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之前", "其间"]);
    // A program that is started meanwhile has the journal of one that ended.
    let mut reader = Reader::start(store(dir.path()), dir.path(), "甲");
    fs::rename(&there, &away).unwrap();
    reader.note(2, "走时");
    reader.wait(Reader::is_saved);
    let Reader { session, writer, .. } = reader;
    drop((session, writer));
    fs::rename(&away, &there).unwrap();
    let end = std::time::Instant::now() + PATIENCE;
    while notes(&store(dir.path()), dir.path()).len() < 3 {
        assert!(std::time::Instant::now() < end);
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_clock_that_went_back_spoils_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("讲话.txt");
    let apply = |edit| store(dir.path()).apply(&document(), &path, "甲", vec![edit]).unwrap()[0];
    let id = apply(Edit::Note { target: reader::target(0), note: "之前".to_owned() });
    let other = apply(Edit::Note { target: reader::target(1), note: "留下".to_owned() });
    // All was written by a clock far ahead, the backups too.
    let ahead = |dir: &Path| {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "ron") && !path.ends_with("codebook.ron") {
                let text = fs::read_to_string(&path).unwrap();
                let year = jiff::Timestamp::now().to_string()[..4].to_owned();
                fs::write(&path, text.replace(&format!("\"{year}-"), "\"2199-")).unwrap();
            }
        }
    };
    ahead(&dir.path().join("store"));
    apply(Edit::SetNote { id, note: "之后".to_owned() });
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之后", "留下"]);
    apply(Edit::AddTags { id, tags: vec!["一".to_owned()] });
    apply(Edit::Delete { id: other });
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之后"]);
    let mut reader = Reader::start(store(dir.path()), dir.path(), "甲");
    reader.session.undo().unwrap();
    reader.writer.flush(PATIENCE).unwrap();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之后", "留下"], "a deletion is undone");
    reader.session.undo().unwrap();
    reader.session.undo().unwrap();
    reader.quit();
    assert_eq!(notes(&store(dir.path()), dir.path()), ["之前", "留下"]);
    // Backups of the future do not make one of every save.
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
    assert!(new <= 2, "{new} backups in a moment");
}

#[test]
fn a_command_on_a_full_disk_says_what_to_do_and_changes_nothing() {
    let program = Program::with_speech();
    program.run(&["note", "a.txt", "--span", "0:3", "之前"]).ok();
    // A limit of 0 blocks on what a process may write is a full disk to it.
    let limited = |arguments: &str| {
        let mut shell = std::process::Command::new("sh");
        shell.arg("-c").arg(format!("trap '' XFSZ; ulimit -f 0; exec '{}' {arguments}", env!("CARGO_BIN_EXE_pizhu")));
        let own = program.command(&[]);
        shell.env_clear().envs(own.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("PATH", "/usr/bin:/bin");
        shell.current_dir(program.folder()).output().unwrap()
    };
    let output = limited("note a.txt --span 4:6 其间");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("the disk is full") && said.contains("free some space and try again"), "{said}");
    let there = program.run(&["export", "--format", "json"]).json();
    assert_eq!(there["annotations"].as_array().unwrap().len(), 1, "what was there is whole");
    program.run(&["note", "a.txt", "--span", "4:6", "之后"]).ok();
    assert_eq!(program.run(&["export", "--format", "json"]).json()["annotations"].as_array().unwrap().len(), 2);
}

#[test]
fn a_store_that_cannot_be_written_is_said_with_what_to_do() {
    let program = Program::with_speech();
    program.write("store", "a file where the folder should be");
    let said = program.run(&["--store", "store", "note", "a.txt", "--span", "0:3", "字"]).error(2);
    assert!(said.contains("store"), "{said}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = program.folder().join("locked");
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
        let ran = program.run(&["--store", "locked", "note", "a.txt", "--span", "0:3", "字"]);
        if ran.status == 0 {
            println!("skipped: this user may write anywhere");
            return;
        }
        let said = ran.error(2);
        assert!(said.contains("make it writable, or name another with --store"), "{said}");
        assert!(program.run(&["--store", "locked", "export", "a.txt"]).status == 0, "it can be read");
    }
}
