//! Processes that edit one store at once are killed at random moments: what a reader showed as
//! saved, and what a command said it had done, is there. `PIZHU_KILL_RUNS=1000 cargo test --test
//! store_kill -- --nocapture` runs longer; `PIZHU_KILL_SEED` chooses other moments.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "crash/disk.rs"]
#[allow(dead_code, reason = "only its numbers are used here")]
mod disk;
mod program;
mod reader;

use disk::Random;
use reader::{Reader, SPEECH, notes, store};
use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// Runs on one store before a new one is begun, so that it stays of a size.
const RUNS_A_STORE: usize = 10;

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Not a test of its own: the process that the others start. It writes notes and prints each as
/// soon as it is saved, as fast as it can or, given a number, so many and then quits.
#[test]
fn process() {
    let Some(dir) = std::env::var_os("PIZHU_TEST_DIR") else { return };
    let (dir, name, count) = (Path::new(&dir), std::env::var("PIZHU_TEST_NAME").unwrap(), number("PIZHU_TEST_COUNT", usize::MAX));
    let mut reader = Reader::start(store(dir), dir, &name);
    for n in 0..count {
        let note = format!("{name}-{n}");
        reader.note(n, &note);
        if count == usize::MAX {
            reader.wait(Reader::is_saved);
            // Past the test harness, which would keep it.
            writeln!(std::io::stderr(), "saved {note}").unwrap();
        }
    }
    reader.quit();
}

/// Starts [`process`].
fn start(dir: &Path, name: &str, count: Option<usize>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "process", "--nocapture", "--test-threads", "1"]);
    command.env("PIZHU_TEST_DIR", dir).env("PIZHU_TEST_NAME", name);
    if let Some(count) = count {
        command.env("PIZHU_TEST_COUNT", count.to_string());
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The notes a killed process had printed as saved: whole lines only.
fn printed(child: &mut Child) -> Vec<String> {
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

/// `pizhu note`, on the store of `dir`.
fn command(dir: &Path, note: &str, place: usize) -> Child {
    Command::new(env!("CARGO_BIN_EXE_pizhu"))
        .args(["--store", "store", "note", "讲话.txt", "--span", &format!("{place}:{}", place + 2), note])
        .current_dir(dir)
        .env("HOME", dir)
        // The commands keep their journals and histories where the readers do.
        .env("XDG_STATE_HOME", dir.join("xdg"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn nothing_saved_is_lost_by_kill() {
    let runs = number("PIZHU_KILL_RUNS", 50);
    let mut random = Random(number("PIZHU_KILL_SEED", 7) as u64);
    let (mut saved_by_readers, mut saved_by_commands) = (0, 0);
    let mut dir = tempfile::tempdir().unwrap();
    let mut expected: BTreeSet<String> = BTreeSet::new();
    for run in 0..runs {
        if run % RUNS_A_STORE == 0 {
            dir = tempfile::tempdir().unwrap();
            expected.clear();
            fs::write(dir.path().join("讲话.txt"), SPEECH).unwrap();
        }
        let mut readers = [start(dir.path(), &format!("甲{run}"), None), start(dir.path(), &format!("乙{run}"), None)];
        let note = format!("令{run}");
        let mut command = command(dir.path(), &note, run % 20);
        thread::sleep(Duration::from_millis(random.below(250) as u64));
        let _ = command.kill();
        let ended = command.wait().unwrap();
        if ended.success() {
            saved_by_commands += 1;
            expected.insert(note);
        }
        for reader in &mut readers {
            thread::sleep(Duration::from_micros(random.below(100_000) as u64));
            reader.kill().unwrap();
            let saved = printed(reader);
            reader.wait().unwrap();
            saved_by_readers += saved.len();
            expected.extend(saved);
        }
        let there: BTreeSet<String> = notes(&store(dir.path()), dir.path()).into_iter().collect();
        let lost: Vec<&String> = expected.difference(&there).collect();
        assert!(lost.is_empty(), "run {run}: {lost:?} were saved and are not there");
    }
    println!(
        "{runs} runs of three processes killed: {saved_by_readers} edits of readers and {saved_by_commands} of commands saved, none lost"
    );
    assert!(saved_by_readers >= runs && saved_by_commands > 0, "{saved_by_readers} {saved_by_commands}: too few to tell anything");
}

#[test]
fn two_processes_with_500_edits_each_lose_none() {
    let dir = tempfile::tempdir().unwrap();
    let children = ["甲", "乙"].map(|name| start(dir.path(), name, Some(500)));
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let there = notes(&store(dir.path()), dir.path());
    assert_eq!(there.len(), 1000);
    let distinct: BTreeSet<&String> = there.iter().collect();
    assert!(["甲", "乙"].iter().all(|name| (0..500).all(|n| distinct.contains(&format!("{name}-{n}")))));
    // A reader that is open meanwhile sees all of them.
    let mut reader = Reader::start(store(dir.path()), dir.path(), "丙");
    assert_eq!(reader.notes().len(), 1000);
    let child = start(dir.path(), "丁", Some(20));
    reader.wait(|reader| reader.notes().len() == 1020);
    assert!({ child }.wait().unwrap().success());
}
