//! Every signal in every situation: what was written is kept, the terminal is given back, nothing
//! panics, and the exit status names the signal.
//!
//! `PIZHU_SIGNALS=TERM cargo test --test pty signal_matrix` takes only the signals of that name,
//! `PIZHU_SIGNAL_ROUNDS=10` repeats them all.

use crate::{
    drafts::{NOTE, OFFER, type_note},
    leaving::{check_ended, open},
    terminal::{Home, Terminal},
};
use pizhu_annotation::storage::{Disk, Storage as _};
use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";

/// Signals that end a program, with their numbers on Linux.
const ENDING: [(&str, u32); 14] = [
    ("HUP", 1),
    ("INT", 2),
    ("QUIT", 3),
    ("TRAP", 5),
    ("ABRT", 6),
    ("USR1", 10),
    ("USR2", 12),
    ("ALRM", 14),
    ("TERM", 15),
    ("XCPU", 24),
    ("VTALRM", 26),
    ("PROF", 27),
    ("IO", 29),
    ("SYS", 31),
];

/// Signals of a write that fails, whose error is told: the reader goes on.
const OF_FAILED_WRITES: [(&str, u32); 2] = [("PIPE", 13), ("XFSZ", 25)];

/// Cases at the same time: nearly all their time is waiting.
const THREADS: usize = 8;
/// What the editor has written into the note's file.
const EDITED: &str = "编辑器里的话";
/// How long the store stays locked after a signal.
const LOCKED: Duration = Duration::from_millis(300);

/// What the reader is doing when the signal comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Situation {
    /// It has been read in.
    Idle,
    /// A note is being typed.
    Typing,
    /// A note was confirmed at this moment: the key may still be unread, or the journal being written.
    Confirming,
    /// A note is in the journal, and the store is locked by another process.
    Journalled,
    /// The external editor has the terminal.
    Editor,
}

const SITUATIONS: [Situation; 5] = [Situation::Idle, Situation::Typing, Situation::Confirming, Situation::Journalled, Situation::Editor];

/// Whether a file of this extension below `folder` contains `text`.
fn has_file_with(folder: &Path, extension: &str, text: &str) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    let mut paths = entries.flatten().map(|entry| entry.path());
    paths.any(|path| {
        if path.is_dir() {
            has_file_with(&path, extension, text)
        } else {
            path.extension().is_some_and(|found| found == extension)
                && fs::read_to_string(&path).is_ok_and(|content| content.contains(text))
        }
    })
}

fn exported(home: &Home) -> String {
    home.print(&["export", "speeches", "--format", "json"])
}

/// Asserts that the note is in the store and no draft of it is offered.
fn check_saved(home: &Home) {
    assert!(exported(home).contains(NOTE), "the note is lost");
    let reopened = open(home);
    reopened.wait_for("已存").settle();
    assert!(!reopened.screen_text().contains(OFFER), "{}", reopened.screen());
}

/// Asserts that the note is offered as a draft and can be continued.
fn check_offered(home: &Home, note: &str) {
    let mut reopened = open(home);
    reopened.wait_for(OFFER).wait_for(note);
    reopened.press("<Enter>").wait_gone(OFFER).wait_for(note);
}

fn quit(terminal: &mut Terminal) {
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0, "{}", terminal.screen());
    assert!(terminal.is_restored() && terminal.is_cooked());
}

fn save_and_quit(terminal: &mut Terminal) {
    terminal.press("<C-s>").wait_for("批语已保存");
    crate::annotate::wait_saved(terminal);
    quit(terminal);
}

/// The reader with a speech and the store's folder, in a situation.
struct Case {
    home: Home,
    terminal: Terminal,
    store: PathBuf,
}

impl Case {
    fn new(situation: Situation) -> Self {
        let home = Home::with_speeches(&[SPEECH]);
        let speech = format!("speeches/{SPEECH}");
        // The store's folder is there already.
        home.print(&["tag", &speech, "--section", "一、", "人才工作"]);
        let store = home.path().join("data/pizhu/store");
        assert!(store.is_dir(), "{}", store.display());
        let editor = format!("printf {EDITED} > \"$1\"; : > started; while ! [ -e go ]; do sleep 0.05; done");
        fs::write(home.path().join("editor.sh"), editor).unwrap();
        let mut terminal = home.open_with(100, 30, &[&speech], &[("EDITOR", "sh editor.sh")]);
        if situation == Situation::Idle {
            terminal.wait_for("同志们").settle();
            terminal.press("<C-f>").settle();
        } else {
            type_note(&mut terminal);
        }
        assert!(!terminal.is_cooked());
        Self { home, terminal, store }
    }
}

/// Sends a signal that ends the reader.
fn check_ending(situation: Situation, signal: (&str, u32), number: usize) {
    let Case { home, mut terminal, store } = Case::new(situation);
    match situation {
        Situation::Idle => {
            terminal.signal(signal.0);
            check_ended(&home, &mut terminal, signal);
            assert!(fs::read_to_string(home.state().join("reading.json")).unwrap().contains(SPEECH), "the place is kept");
        }
        Situation::Typing => {
            terminal.signal(signal.0);
            check_ended(&home, &mut terminal, signal);
            check_offered(&home, NOTE);
        }
        Situation::Confirming => {
            terminal.press("<C-s>");
            // Another moment in each case.
            thread::sleep(Duration::from_millis(number as u64 % 10 * 2));
            terminal.signal(signal.0);
            check_ended(&home, &mut terminal, signal);
            if exported(&home).contains(NOTE) { check_saved(&home) } else { check_offered(&home, NOTE) }
        }
        Situation::Journalled => {
            let lock = Disk.lock_folder(&store, Duration::from_secs(5)).unwrap().unwrap();
            terminal.press("<C-s>").wait("the journal", |_| has_file_with(&home.state().join("journal"), "log", NOTE));
            terminal.signal(signal.0);
            thread::sleep(LOCKED);
            assert!(!has_file_with(&store, "ron", NOTE), "the store was written under another's lock");
            drop(lock);
            check_ended(&home, &mut terminal, signal);
            assert!(has_file_with(&store, "ron", NOTE), "the note is not in the store");
            check_saved(&home);
        }
        Situation::Editor => {
            terminal.press("<C-x>").wait("the editor", |_| home.path().join("started").exists());
            // These two come from the keyboard and are the editor's.
            let is_editors = ["INT", "QUIT"].contains(&signal.0);
            terminal.signal(signal.0);
            if is_editors {
                thread::sleep(LOCKED);
                fs::write(home.path().join("go"), "").unwrap();
                terminal.wait_for(EDITED);
                save_and_quit(&mut terminal);
                assert!(exported(&home).contains(EDITED));
            } else {
                check_ended(&home, &mut terminal, signal);
                check_offered(&home, EDITED);
            }
        }
    }
}

/// Sends a signal that ends nothing.
fn check_going_on(situation: Situation, signal: (&str, u32)) {
    let Case { home, mut terminal, .. } = Case::new(situation);
    match situation {
        Situation::Idle => {
            terminal.signal(signal.0);
            terminal.press("<C-b>").wait_for("同志们");
            quit(&mut terminal);
            return;
        }
        Situation::Typing => {
            terminal.signal(signal.0);
            terminal.type_text("，再写").wait_for("再写");
            save_and_quit(&mut terminal);
        }
        Situation::Confirming => {
            terminal.press("<C-s>").signal(signal.0);
            terminal.wait_for("批语已保存");
            crate::annotate::wait_saved(&terminal);
            quit(&mut terminal);
        }
        Situation::Journalled => {
            terminal.press("<C-s>").wait("the journal", |_| has_file_with(&home.state().join("journal"), "log", NOTE));
            terminal.signal(signal.0);
            quit(&mut terminal);
        }
        Situation::Editor => {
            terminal.press("<C-x>").wait("the editor", |_| home.path().join("started").exists());
            terminal.signal(signal.0);
            fs::write(home.path().join("go"), "").unwrap();
            terminal.wait_for(EDITED);
            save_and_quit(&mut terminal);
            assert!(exported(&home).contains(EDITED));
            return;
        }
    }
    assert!(exported(&home).contains(NOTE), "the note is lost");
}

/// Before, QUIT, USR1, ALRM, XCPU and others killed the program and left the terminal raw, those that
/// were caught ended with status 0, and a note being typed was lost.
#[test]
fn every_signal_in_every_situation() {
    let only = std::env::var("PIZHU_SIGNALS").unwrap_or_default();
    let rounds = std::env::var("PIZHU_SIGNAL_ROUNDS").ok().and_then(|count| count.parse().ok()).unwrap_or(1);
    let signals: Vec<(&str, u32)> =
        ENDING.into_iter().chain(OF_FAILED_WRITES).filter(|(name, _)| only.is_empty() || only == *name).collect();
    let pairs = SITUATIONS.iter().flat_map(|situation| signals.iter().map(move |signal| (*situation, *signal)));
    let cases: Vec<(Situation, (&str, u32))> = (0..rounds).flat_map(|_| pairs.clone()).collect();
    assert!(!cases.is_empty(), "no signal of this name: {only}");
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some((situation, signal)) = cases.get(number) else { return };
                    let checked = catch_unwind(AssertUnwindSafe(|| {
                        if OF_FAILED_WRITES.contains(signal) {
                            check_going_on(*situation, *signal);
                        } else {
                            check_ending(*situation, *signal, number);
                        }
                    }));
                    if checked.is_err() {
                        // The reason has been printed.
                        failed.lock().unwrap().push(format!("{situation:?} SIG{}", signal.0));
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} of {} fail: {}", failed.len(), cases.len(), failed.join(", "));
}
