//! Mending the outline key by key: in the outline and in the text, undone, killed, reopened.

use crate::annotate::{go_to_talent, wait_saved};
use crate::terminal::{Home, Terminal};

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

fn quit(mut terminal: Terminal) {
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn keys_mend_the_outline_and_undo_says_what_it_took_back() {
    let home = Home::with_speeches(&[SPEECH]);
    let before = outline(&home);
    let mut terminal = home.open(120, 40, &[&format!("speeches/{SPEECH}")]);
    go_to_talent(&mut terminal);
    // In the text, the section of the cursor: 二、/（三） comes up a level.
    terminal.press("O<lt>").wait_for("升一级").wait_for("着眼人尽其才 ·");
    terminal.assert_whole();
    wait_saved(&terminal);
    let promoted = outline(&home);
    assert_ne!(promoted, before);
    assert!(promoted.iter().any(|(path, level)| path == "（三）" && *level == 1), "{promoted:?}");
    terminal.press("u").wait_for("已撤销：升一级").wait_gone("着眼人尽其才 ·");
    wait_saved(&terminal);
    assert_eq!(outline(&home), before);
    terminal.press("U").wait_for("已重做：升一级").wait_for("着眼人尽其才 ·");
    // The unfinished sequence shows what may follow.
    terminal.press("O").wait_for("这不是标题");
    terminal.press("r").wait_for("撤掉修正");
    wait_saved(&terminal);
    assert_eq!(outline(&home), before);
    // In the outline, the entry selected.
    terminal.press("<Tab>").settle();
    terminal.press("Ox").wait_for("不是标题：");
    wait_saved(&terminal);
    assert_eq!(outline(&home).len(), before.len() - 1);
    terminal.press("u").wait_for("已撤销：不是标题");
    wait_saved(&terminal);
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
    wait_saved(&terminal);
    let mended = outline(&home);
    assert_eq!(mended.len(), before.len() + 1, "{mended:?}");
    assert!(mended.iter().any(|(path, level)| path.ends_with('番') || *level == 3 && path.contains("今年拿出")), "{mended:?}");
    terminal.press("gg").settle();
    terminal.press("Ox").settle();
    terminal.press("/").type_text("同志们").press("<Enter>").settle();
    terminal.press("<Esc>Ot").wait_for("定为题名");
    wait_saved(&terminal);
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
    terminal.press("O<lt>").wait_for("升一级");
    wait_saved(&terminal);
    terminal.kill();
    assert!(outline(&home).iter().any(|(path, level)| path == "（三）" && *level == 1));
    let reopened = home.open(100, 30, &[&format!("speeches/{SPEECH}")]);
    reopened.wait_for("着眼人尽其才 ·");
    quit(reopened);
}
