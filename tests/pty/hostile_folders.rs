//! The reader on hostile folders: it opens the speech, asks about a store that is not trusted, and
//! quits at once; nothing outside the folder is changed.

use crate::{
    hostile::{self, is_root, listing},
    terminal::{Home, Terminal},
};
use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    time::{Duration, Instant},
};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
const QUESTION: &str = "怎么用？";

/// A home with the folder `work`: a speech `a.txt` with a shared store.
fn home() -> Home {
    let home = Home::with_speeches(&[SPEECH]);
    let work = home.path().join("work");
    fs::create_dir(&work).unwrap();
    fs::copy(home.speech(SPEECH), work.join("a.txt")).unwrap();
    home.print(&["store", "init", "work"]);
    home.print(&["--store", "work/.pizhu", "tags", "add", "自定题目"]);
    home.print(&["tag", "work/a.txt", "--section", "一、", "人才工作"]);
    home
}

fn quit(terminal: &mut Terminal, what: &str) {
    terminal.press("<Esc>").settle();
    let start = Instant::now();
    terminal.press("Q");
    let status = terminal.wait_exit();
    assert!(status.success(), "{what}: {}", terminal.screen());
    assert!(start.elapsed() < Duration::from_secs(2), "{what}: quitting takes {:?}", start.elapsed());
}

/// R35: on such folders the reader hung and ignored `Q`.
#[test]
fn the_reader_opens_hostile_folders_and_quits() {
    let home = home();
    let template = tempfile::tempdir().unwrap();
    hostile::copy_folder(&home.path().join("work"), template.path());
    for kind in hostile::kinds() {
        if kind.needs_root && !is_root(kind.name) {
            continue;
        }
        kind.build(template.path(), home.path());
        let before = listing(&home.path().join("outside"));
        let mut terminal = home.open(80, 24, &["work/a.txt"]);
        terminal.wait_for("看清来路").settle();
        quit(&mut terminal, kind.name);
        assert_eq!(listing(&home.path().join("outside")), before, "{}: a file outside was changed", kind.name);
        let mut terminal = home.open(80, 24, &["work"]);
        terminal.wait_for("青禾县").settle();
        quit(&mut terminal, kind.name);
    }
}

/// They were passed over in silence.
#[test]
fn unusable_ignore_rules_are_reported_in_the_library() {
    let home = home();
    let rules = home.path().join("work/.gitignore");
    assert!(std::process::Command::new("mkfifo").arg(&rules).status().unwrap().success());
    let mut terminal = home.open(120, 24, &["work"]);
    terminal.wait_for("青禾县").wait_for("忽略规则").wait_for("没有采用");
    quit(&mut terminal, "rules");
}

fn open_untrusted(home: &Home) -> Terminal {
    let terminal = home.open(80, 24, &["work/a.txt"]);
    // The outline is visible beside the question.
    terminal.wait_for("看清来路");
    terminal
}

/// Tags the section that the cursor is put in.
fn tag(terminal: &mut Terminal, name: &str) {
    terminal.press("/").type_text("项目工地").press("<Enter>").settle();
    terminal.press("<Esc>").settle();
    terminal.press("t").wait_for("Enter");
    terminal.type_text(name).settle();
    terminal.press("<Enter>").settle();
}

/// A store in which anyone may write was used without a question.
#[test]
fn a_store_that_is_not_trusted_is_asked_about_once() {
    let home = home();
    let store = home.path().join("work/.pizhu");
    fs::set_permissions(&store, Permissions::from_mode(0o777)).unwrap();
    let before = listing(&store);
    // Left open, the question comes again.
    for _ in 0..2 {
        let mut terminal = open_untrusted(&home);
        terminal.wait_for(QUESTION).settle();
        terminal.press("<Esc>").wait_gone(QUESTION).settle();
        tag(&mut terminal, "人才工作");
        terminal.wait_for("没有得到信任").settle();
        quit(&mut terminal, "read only");
        assert_eq!(listing(&store), before);
    }
    let mut terminal = open_untrusted(&home);
    terminal.wait_for(QUESTION).settle();
    // The second answer: trust.
    terminal.press("<Down>").settle();
    terminal.press("<Enter>").wait_gone(QUESTION).settle();
    tag(&mut terminal, "基层党建");
    terminal.wait_for("已贴标签").settle();
    quit(&mut terminal, "trusted");
    assert_ne!(listing(&store), before);
    let mut terminal = open_untrusted(&home);
    terminal.settle();
    assert!(!terminal.screen_text().contains(QUESTION), "{}", terminal.screen());
    quit(&mut terminal, "remembered");
    // On the command line, too.
    home.print(&["tag", "work/a.txt", "--section", "二、", "人才工作"]);
}

/// An ignored store is as if it did not exist.
#[test]
fn an_ignored_store_is_neither_read_nor_written() {
    let home = home();
    let store = home.path().join("work/.pizhu");
    fs::set_permissions(&store, Permissions::from_mode(0o777)).unwrap();
    let before = listing(&store);
    let mut terminal = open_untrusted(&home);
    terminal.wait_for(QUESTION).settle();
    terminal.press("<Down><Down>").settle();
    terminal.press("<Enter>").wait_gone(QUESTION).settle();
    quit(&mut terminal, "ignored");
    home.print(&["tag", "work/a.txt", "--section", "二、", "基层党建"]);
    assert_eq!(listing(&store), before);
    let json = home.print(&["export", "work/a.txt", "--format", "json"]);
    assert!(json.contains("\"二、\"") && !json.contains("\"一、\""), "{json}");
}
