//! Leaving, by a closed window, a full disk or a key: what was typed is kept, the terminal is given back
//! and nothing panics. Signals are in `signal_matrix`.

use crate::{
    annotate::go_to_talent,
    drafts::{NOTE, OFFER, type_note},
    terminal::{Home, Terminal, program},
};
use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";

pub fn open(home: &Home) -> Terminal {
    home.open(100, 30, &[&format!("speeches/{SPEECH}")])
}

/// Asserts that the program ended by that signal as it should.
pub fn check_ended(home: &Home, terminal: &mut Terminal, (name, number): (&str, u32)) {
    let status = terminal.wait_exit();
    assert_eq!(status.exit_code(), 128 + number, "after SIG{name}\n{}", terminal.screen());
    assert!(terminal.is_restored() && terminal.is_cooked(), "after SIG{name}");
    check_no_crash(home);
}

fn check_no_crash(home: &Home) {
    let crashed = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("crash-"));
    let reports: Vec<_> = fs::read_dir(home.state()).unwrap().flatten().map(|entry| entry.path()).filter(|path| crashed(path)).collect();
    assert!(reports.is_empty(), "{reports:?}");
}

/// Before, closing the terminal's window ended in SIGABRT and a crash report, as the message could not
/// be printed; the note was lost.
#[test]
fn closing_the_window_keeps_the_note_and_is_no_crash() {
    let script = Path::new("/usr/bin/script");
    if !script.exists() {
        eprintln!("skipped: there is no /usr/bin/script");
        return;
    }
    let home = Home::with_speeches(&[SPEECH]);
    // `script` is the terminal: killing it closes the terminal under the program.
    let command = format!("trap '' HUP; '{}' speeches/{SPEECH}; echo $? > status", program().display());
    let mut terminal = home.open_program_with(script, &["-qec", &command, "/dev/null"], &[("SHELL", "/bin/sh")]);
    type_note(&mut terminal);
    terminal.kill();
    let start = Instant::now();
    while fs::read_to_string(home.path().join("status")).is_ok_and(|status| status.is_empty()) || !home.path().join("status").exists() {
        assert!(start.elapsed() < Duration::from_secs(20), "the program does not end");
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(fs::read_to_string(home.path().join("status")).unwrap().trim(), "129");
    check_no_crash(&home);
    open(&home).wait_for(OFFER).wait_for(NOTE);
}

/// Before, `ulimit -f` killed commands (SIGXFSZ).
#[test]
fn file_size_limit_is_one_clear_line() {
    let home = Home::with_speeches(&[SPEECH]);
    for command in [
        format!("ulimit -f 0; '{}' export speeches/{SPEECH} --format json > out", program().display()),
        format!("ulimit -f 0; '{}' tag speeches/{SPEECH} --section 一、 人才工作", program().display()),
    ] {
        home.print(&["tag", &format!("speeches/{SPEECH}"), "--section", "二、", "人才工作"]);
        let mut terminal = home.open_program_with(Path::new("/bin/sh"), &["-c", &command], &[]);
        let status = terminal.wait_exit();
        assert_eq!(status.exit_code(), 2, "{command}\n{}", terminal.screen());
        let screen = terminal.screen();
        assert!(screen.contains("pizhu: ") && !screen.contains("panicked") && !screen.contains("src/"), "{screen}");
    }
}

/// Before, `Q` left while an edit could not be saved, with an error after the fact.
#[test]
fn quitting_with_an_edit_that_cannot_be_saved_asks() {
    let home = Home::with_speeches(&[SPEECH]);
    let open = || {
        // The state folder has no stand-in.
        home.open_with(100, 30, &[&format!("speeches/{SPEECH}")], &[("TMPDIR", "/dev/null/none")])
    };
    let tag = |terminal: &mut Terminal, name: &str| {
        terminal.press("t").wait_for("Enter");
        terminal.type_text(name).settle();
        terminal.press("<Enter>").wait_for("待存").settle();
    };
    // A file in place of each folder: not even root can write there.
    let blocks = || [home.path().join("data"), home.state().join("journal")];
    let mut terminal = open();
    go_to_talent(&mut terminal);
    for block in blocks() {
        fs::write(block, "").unwrap();
    }
    tag(&mut terminal, "人才工作");
    terminal.press("Q").wait_for("修改尚未保存").settle();
    // Stay.
    terminal.press("<Down><Down><Enter>").wait_gone("修改尚未保存").wait_for("（三）着眼人尽其才").settle();
    // Try again: it asks again, until it can be saved.
    terminal.press("Q").wait_for("修改尚未保存").settle();
    terminal.press("<Enter>").settle();
    terminal.wait_for("修改尚未保存").settle();
    for block in blocks() {
        fs::remove_file(block).unwrap();
    }
    terminal.press("<Enter>");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert!(home.print(&["export", "speeches", "--format", "json"]).contains("人才工作"));
    // Leave without saving.
    let mut terminal = open();
    terminal.wait_for("（三）着眼人尽其才").settle();
    fs::rename(home.path().join("data"), home.path().join("kept")).unwrap();
    let _ = fs::remove_dir_all(home.state().join("journal"));
    for block in blocks() {
        fs::write(block, "").unwrap();
    }
    tag(&mut terminal, "基层党建");
    terminal.press("Q").wait_for("修改尚未保存").settle();
    terminal.press("<Down><Enter>");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert!(terminal.is_restored());
}

/// A note that is being typed is saved, discarded or gone on with.
#[test]
fn quitting_with_a_note_asks() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    type_note(&mut terminal);
    terminal.press("<C-q>").wait_for("批语尚未保存");
    // Stay.
    terminal.press("<Down><Down><Enter>").wait_gone("批语尚未保存").wait_for(NOTE);
    // Discard: nothing is offered later.
    terminal.press("<C-q>").wait_for("批语尚未保存");
    terminal.press("<Down><Enter>");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let mut reopened = open(&home);
    reopened.wait_for("（三）着眼人尽其才").settle();
    assert!(!reopened.screen_text().contains(OFFER), "{}", reopened.screen());
    // Save.
    reopened.press("a").settle();
    reopened.type_text(NOTE).wait_for(NOTE);
    reopened.press("<C-q>").wait_for("批语尚未保存");
    reopened.press("<Enter>");
    assert_eq!(reopened.wait_exit().exit_code(), 0);
    assert!(home.print(&["export", "speeches", "--format", "json"]).contains(NOTE));
}

/// Before, the place was saved only at quitting: SIGKILL lost where one had read to.
#[test]
fn place_is_saved_while_reading() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    go_to_talent(&mut terminal);
    let place = home.state().join("reading.json");
    terminal.wait("the place on the disk", |_| fs::read_to_string(&place).is_ok_and(|places| places.contains(SPEECH)));
    terminal.kill();
    open(&home).wait_for("（三）着眼人尽其才");
}
