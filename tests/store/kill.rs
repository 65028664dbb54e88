//! Processes that edit one store concurrently are killed at random moments: edits that a reader
//! showed as saved and edits of commands that succeeded are in the store.
//!
//! `PIZHU_KILL_RUNS=1000 cargo test --test store kill -- --nocapture` runs longer; `PIZHU_KILL_SEED`
//! sets the seed of the random moments.

use crate::disk;
use crate::program;
use crate::reader;

use disk::DiskRng;
use reader::{HeadlessReader, SPEECH, notes, store};
use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// Runs per store; a new one is then created, to bound its size.
const RUNS_PER_STORE: usize = 10;

pub fn env_number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Not a test by itself: the body of the processes that the tests start. With `PIZHU_TEST_COUNT`,
/// writes that many notes and quits; otherwise writes notes until killed and prints each as soon as
/// it is saved.
#[test]
fn process() {
    let Some(dir) = std::env::var_os("PIZHU_TEST_DIR") else { return };
    let (dir, name, count) = (Path::new(&dir), std::env::var("PIZHU_TEST_NAME").unwrap(), env_number("PIZHU_TEST_COUNT", usize::MAX));
    let mut reader = HeadlessReader::start(store(dir), dir, &name);
    for n in 0..count {
        let note = format!("{name}-{n}");
        reader.note(n, &note);
        if count == usize::MAX {
            reader.wait(HeadlessReader::is_saved);
            // `eprintln!` would be captured by the test harness.
            writeln!(std::io::stderr(), "saved {note}").unwrap();
        }
    }
    reader.quit();
}

/// Starts [`process`] as a child process.
fn start_process(dir: &Path, name: &str, count: Option<usize>) -> Child {
    start_process_with(dir, name, count, &[])
}

/// [`start_process`] with environment variables.
pub fn start_process_with(dir: &Path, name: &str, count: Option<usize>, environment: &[(&str, PathBuf)]) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "kill::process", "--nocapture", "--test-threads", "1"]);
    command.env("PIZHU_TEST_DIR", dir).env("PIZHU_TEST_NAME", name);
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    if let Some(count) = count {
        command.env("PIZHU_TEST_COUNT", count.to_string());
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Waits until a process prints a note as saved.
pub fn wait_for_saved_note(child: &mut Child) -> String {
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    lines.map(Result::unwrap).find_map(|line| Some(line.strip_prefix("saved ")?.to_owned())).unwrap()
}

/// The notes that a killed process printed as saved; an incomplete last line is ignored.
fn printed_notes(child: &mut Child) -> Vec<String> {
    let mut saved = Vec::new();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while lines.read_line(&mut line).unwrap() > 0 {
        if let Some(note) = line.strip_prefix("saved ").and_then(|rest| rest.strip_suffix('\n')) {
            saved.push(note.to_owned());
        }
        line.clear();
    }
    saved
}

/// Starts `pizhu note` on the store of `dir`.
fn start_command(dir: &Path, note: &str, start: usize) -> Child {
    Command::new(program::binary())
        .args(["--store", "store", "note", "讲话.txt", "--span", &format!("{start}:{}", start + 2), note])
        .current_dir(dir)
        .env("HOME", dir)
        // Keeps journals and histories of the commands inside `dir`.
        .env("XDG_STATE_HOME", dir.join("xdg"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn kill_loses_no_saved_edit() {
    let runs = env_number("PIZHU_KILL_RUNS", 50);
    let mut random = DiskRng(env_number("PIZHU_KILL_SEED", 7) as u64);
    let (mut saved_by_readers, mut saved_by_commands) = (0, 0);
    let mut dir = tempfile::tempdir().unwrap();
    let mut expected: BTreeSet<String> = BTreeSet::new();
    for run in 0..runs {
        if run % RUNS_PER_STORE == 0 {
            dir = tempfile::tempdir().unwrap();
            expected.clear();
            fs::write(dir.path().join("讲话.txt"), SPEECH).unwrap();
        }
        let mut readers = [start_process(dir.path(), &format!("甲{run}"), None), start_process(dir.path(), &format!("乙{run}"), None)];
        let note = format!("令{run}");
        let mut command = start_command(dir.path(), &note, run % 20);
        thread::sleep(Duration::from_millis(random.below(250) as u64));
        let _ = command.kill();
        let status = command.wait().unwrap();
        if status.success() {
            saved_by_commands += 1;
            expected.insert(note);
        }
        for reader in &mut readers {
            thread::sleep(Duration::from_micros(random.below(100_000) as u64));
            reader.kill().unwrap();
            let saved = printed_notes(reader);
            reader.wait().unwrap();
            saved_by_readers += saved.len();
            expected.extend(saved);
        }
        let stored: BTreeSet<String> = notes(&store(dir.path()), dir.path()).into_iter().collect();
        let lost: Vec<&String> = expected.difference(&stored).collect();
        assert!(lost.is_empty(), "run {run}: {lost:?} were saved but are lost");
    }
    println!(
        "{runs} runs of three processes killed: {saved_by_readers} edits of readers and {saved_by_commands} of commands saved, none lost"
    );
    assert!(saved_by_readers >= runs && saved_by_commands > 0, "{saved_by_readers} {saved_by_commands}: too few edits");
}

/// A killed process whose journal is left with a note that is not in the store. Returns the note and
/// the journal's lock, as a process has it that the killed one was starting.
#[cfg(target_os = "linux")]
fn killed_process(dir: &Path) -> (String, rustix::fd::OwnedFd) {
    use pizhu_annotation::storage::{Disk, Storage as _};
    use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

    fs::write(dir.join("讲话.txt"), SPEECH).unwrap();
    assert!(start_process(dir, "先", Some(1)).wait().unwrap().success());
    // Nothing gets from the journal into the store.
    let held = Disk.lock_folder(&dir.join("store"), Duration::ZERO).unwrap();
    let mut child = start_process(dir, "甲", None);
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let note = lines.find_map(|line| Some(line.unwrap().strip_prefix("saved ")?.to_owned())).unwrap();
    let is_journal_lock = |target: PathBuf| {
        target.display().to_string().contains("/journal/") && target.extension().is_some_and(|extension| extension == "lock")
    };
    let open = fs::read_dir(format!("/proc/{}/fd", child.id())).unwrap().flatten();
    let number = open.filter(|entry| fs::read_link(entry.path()).is_ok_and(is_journal_lock)).last().unwrap().file_name();
    let process = pidfd_open(Pid::from_child(&child), PidfdFlags::empty()).unwrap();
    let inherited = pidfd_getfd(process, number.to_str().unwrap().parse().unwrap(), PidfdGetfdFlags::empty()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    drop((held, lines));
    (note, inherited)
}

/// The journal of a process that is killed while it starts another: that one has the journal's lock
/// until it runs its program, so the journal counts as a living process's. The next opening recovers
/// it.
#[cfg(target_os = "linux")]
#[test]
fn edits_are_recovered_once_an_inherited_lock_of_their_journal_ends() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (note, inherited) = killed_process(dir);
    assert!(!notes(&store(dir), dir).contains(&note), "its process counts as alive");
    rustix::fs::flock(&inherited, rustix::fs::FlockOperation::Unlock).unwrap();
    assert!(notes(&store(dir), dir).contains(&note));
}

/// A reader that was opened meanwhile recovers it too, without being used.
#[cfg(target_os = "linux")]
#[test]
fn open_reader_recovers_edits_once_an_inherited_lock_of_their_journal_ends() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (note, inherited) = killed_process(dir);
    let mut reader = HeadlessReader::start(store(dir), dir, "丙");
    assert!(!reader.notes().contains(&note), "its process counts as alive");
    drop(inherited);
    reader.wait(|reader| reader.notes().contains(&note));
    reader.quit();
}

#[test]
fn two_processes_with_500_edits_each_lose_no_edit() {
    let dir = tempfile::tempdir().unwrap();
    let children = ["甲", "乙"].map(|name| start_process(dir.path(), name, Some(500)));
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let stored = notes(&store(dir.path()), dir.path());
    assert_eq!(stored.len(), 1000);
    let distinct: BTreeSet<&String> = stored.iter().collect();
    assert!(["甲", "乙"].iter().all(|name| (0..500).all(|n| distinct.contains(&format!("{name}-{n}")))));
    // A reader that is open at the same time sees all edits.
    let mut reader = HeadlessReader::start(store(dir.path()), dir.path(), "丙");
    assert_eq!(reader.notes().len(), 1000);
    let child = start_process(dir.path(), "丁", Some(20));
    reader.wait(|reader| reader.notes().len() == 1020);
    assert!({ child }.wait().unwrap().success());
}
