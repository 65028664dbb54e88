//! Mending the outline key by key: in the outline and in the text, undone, killed, reopened.

use crate::annotate::go_to_talent;
use crate::terminal::{Home, TIMEOUT, Terminal};
use std::thread;
use std::time::{Duration, Instant};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";

/// Path and level of the sections as `outline` prints them.
fn outline(home: &Home) -> Vec<(String, u64)> {
    let lines = home.print(&["outline", &format!("speeches/{SPEECH}"), "--format", "jsonl"]);
    let section = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        (record["path"].as_str().unwrap().to_owned(), record["level"].as_u64().unwrap())
    };
    lines.lines().map(section).collect()
}

/// Waits until a command sees the outline as `is_wanted` says: an open reader writes to the store a
/// moment after what it shows as saved is in its journal.
#[track_caller]
fn wait_outline(home: &Home, is_wanted: impl Fn(&[(String, u64)]) -> bool) {
    let start = Instant::now();
    loop {
        let now = outline(home);
        if is_wanted(&now) {
            return;
        }
        assert!(start.elapsed() < TIMEOUT, "{now:?}");
        thread::sleep(Duration::from_millis(100));
    }
}

fn quit(mut terminal: Terminal) {
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn outline_keys_edit_headings_and_undo_names_the_edit() {
    let home = Home::with_speeches(&[SPEECH]);
    let before = outline(&home);
    let mut terminal = home.open(120, 40, &[&format!("speeches/{SPEECH}")]);
    go_to_talent(&mut terminal);
    // In the text, the section of the cursor: 二、/（三） comes up a level.
    let is_promoted = |now: &[(String, u64)]| now.iter().any(|(path, level)| path == "（三）" && *level == 1);
    terminal.press("O<").wait_for("升一级").wait_for("着眼人尽其才").wait_for(" ·╎");
    terminal.assert_whole();
    wait_outline(&home, is_promoted);
    terminal.press("u").wait_for("已撤销：升一级").wait_gone(" ·╎");
    wait_outline(&home, |now| now == before);
    terminal.press("U").wait_for("已重做：升一级").wait_for(" ·╎");
    wait_outline(&home, is_promoted);
    // The unfinished sequence shows what may follow.
    terminal.press("O").wait_for("这不是标题");
    terminal.press("r").wait_for("撤掉修正");
    wait_outline(&home, |now| now == before);
    // In the outline, the entry selected.
    terminal.press("<Tab>").settle();
    terminal.press("Ox").wait_for("不是标题：");
    wait_outline(&home, |now| now.len() == before.len() - 1);
    terminal.press("u").wait_for("已撤销：不是标题");
    quit(terminal);
    assert_eq!(outline(&home), before);
}

#[test]
fn a_selection_becomes_a_heading_and_the_title() {
    let home = Home::with_speeches(&[SPEECH]);
    let before = outline(&home);
    let mut terminal = home.open(100, 30, &[&format!("speeches/{SPEECH}")]);
    terminal.wait_for("同志们").settle();
    terminal.press("/").type_text("今年拿出2000万元").press("<Enter>").settle();
    terminal.press("<Esc>c").settle();
    terminal.press("3Oo").wait_for("定为 3 级标题");
    let is_added = |(path, level): &(String, u64)| *level == 3 && path.contains("今年拿出");
    wait_outline(&home, |now| now.len() == before.len() + 1 && now.iter().any(is_added));
    terminal.press("gg").settle();
    terminal.press("Ox").settle();
    terminal.press("/").type_text("同志们").press("<Enter>").settle();
    terminal.press("<Esc>Ot").wait_for("定为题名");
    quit(terminal);
    let title = home.print(&["outline", &format!("speeches/{SPEECH}"), "--format", "json"]);
    let title: serde_json::Value = serde_json::from_str(&title).unwrap();
    assert!(title["title"].as_str().unwrap().starts_with("同志们"), "{title}");
}

#[test]
fn kill_loses_no_mended_heading() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = home.open(100, 30, &[&format!("speeches/{SPEECH}")]);
    go_to_talent(&mut terminal);
    terminal.press("O<").wait_for("升一级");
    terminal.wait_for("已存");
    terminal.kill();
    assert!(outline(&home).iter().any(|(path, level)| path == "（三）" && *level == 1));
    let reopened = home.open(100, 30, &[&format!("speeches/{SPEECH}")]);
    reopened.wait_for(" ·╎");
    quit(reopened);
}
