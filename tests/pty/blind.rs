//! Blind coding key by key: the marks of others stay hidden until one is done, then the disagreements
//! are settled; and the attributes of a speech, set, taken back and undone.

use crate::annotate::go_to_talent;
use crate::terminal::{Home, TIMEOUT, Terminal};
use std::thread;
use std::time::{Duration, Instant};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";

fn path() -> String {
    format!("speeches/{SPEECH}")
}

fn quit(mut terminal: Terminal) {
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

/// Authors and tags of the annotations, sorted.
fn annotations(home: &Home) -> Vec<(String, String)> {
    let lines = home.print(&["export", &path(), "--format", "jsonl"]);
    let fields = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        (record["author"].as_str().unwrap().to_owned(), record["tags"].to_string())
    };
    let mut found: Vec<_> = lines.lines().map(fields).collect();
    found.sort();
    found
}

#[test]
fn blind_coder_who_is_done_sees_and_settles_disagreements() {
    let home = Home::with_speeches(&[SPEECH]);
    home.print(&["tag", &path(), "--section", "二、/（三）", "人才工作", "--author", "乙"]);
    home.print(&["note", &path(), "--section", "二、/（三）", "乙的批语", "--author", "乙"]);
    let mut terminal = home.open(120, 40, &["--blind", "--author", "甲", &path()]);
    go_to_talent(&mut terminal);
    terminal.wait_for("盲编");
    assert!(!terminal.screen_text().contains("乙的批语"), "{}", terminal.screen());
    terminal.press("A").wait_for("这篇还没有批注");
    terminal.press("gd").wait_for("正在盲编");
    terminal.press("gh").wait_for("还没有历史");
    terminal.press("t").wait_for("Enter");
    terminal.type_text("作风建设").wait_for("作风建设").settle();
    terminal.press("<Enter>").wait_for("已贴标签：作风建设").wait_for("已存");
    // Enter alone changes nothing.
    terminal.press("gD").wait_for("编完了吗").settle();
    terminal.press("<Enter>").settle();
    terminal.wait_for("盲编");
    terminal.press("gD").wait_for("编完了吗").settle();
    terminal.press("<Down><Enter>").wait_for("已宣布编完").wait_gone("盲编");
    terminal.press("A").wait_for("乙的批语").settle();
    terminal.press("<Esc>").settle();
    terminal.press("gd").wait_for("未决1处").wait_for("乙+人才工作").settle();
    terminal.press("<Enter>").wait_for("共识取什么").wait_for("取乙的").settle();
    terminal.press("<Enter>").wait_for("已记入“共识”：1处").wait_for("未决0处，已决1处").settle();
    terminal.press("<Esc>").settle();
    terminal.press("u").wait_for("已撤销").wait_for("已存");
    terminal.press("U").wait_for("已重做").wait_for("已存");
    terminal.assert_whole();
    quit(terminal);
    let found = annotations(&home);
    let authors: Vec<&str> = found.iter().map(|(author, _)| author.as_str()).collect();
    assert_eq!(authors, ["乙", "共识", "甲"]);
    assert_eq!(found[1].1, found[0].1, "the consensus has what 乙 gave");
    // It is remembered: the next time nothing is hidden, and elsewhere it still is.
    let mut reopened = home.open(120, 40, &["--blind", "--author", "甲", &path()]);
    reopened.wait_for("着眼人尽其才").wait_for("已存").settle();
    reopened.press("A").wait_for("乙的批语");
    quit(reopened);
    let mut other = home.open(120, 40, &["--blind", "--author", "丙", &path()]);
    other.wait_for("着眼人尽其才").wait_for("盲编").settle();
    other.press("A").wait_for("这篇还没有批注");
    quit(other);
}

/// Waits until a command sees the date, or none that was set.
#[track_caller]
fn wait_date(home: &Home, wanted: &str) {
    let start = Instant::now();
    loop {
        let found = home.print(&["attr", "get", &path(), "--key", "date"]);
        if found.contains(wanted) {
            return;
        }
        assert!(start.elapsed() < TIMEOUT, "{found:?}");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn attributes_are_set_in_the_reader_and_undone() {
    let home = Home::with_speeches(&[SPEECH]);
    let before = home.print(&["attr", "get", &path(), "--key", "date"]);
    for (columns, rows) in [(80, 24), (40, 12)] {
        let mut terminal = home.open(columns, rows, &[&path()]);
        terminal.wait_for("同志们").settle();
        terminal.press("ga").wait_for("属性").wait_for("日期").settle();
        terminal.press("j<Enter>").settle();
        terminal.press("<C-u>").type_text("2031-13-01").press("<Enter>").wait_for("不是日期").settle();
        terminal.press("<Enter>").wait_for("值2031-13-01").settle();
        terminal.press("<C-u>").type_text("2031-05-06").press("<Enter>").wait_for("2031-05-06").settle();
        terminal.assert_whole();
        wait_date(&home, "2031-05-06");
        terminal.press("u").wait_for("已撤销");
        wait_date(&home, before.trim());
        terminal.press("U").wait_for("已重做");
        wait_date(&home, "2031-05-06");
        terminal.press("x").wait_for("恢复为文中认出的值");
        wait_date(&home, before.trim());
        terminal.press("<Esc>").settle();
        quit(terminal);
    }
}
