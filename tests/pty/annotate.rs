//! The main workflow: tag a section, note a sentence; both persist and are exported.

use crate::terminal::{Home, Terminal};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
const OTHER: &str = "臨江市人才工作會議講話.txt";
const SENTENCE: &str = "县里已经决定，今年拿出2000万元设立人才发展专项资金，比去年翻一番。";
const NOTE: &str = "这句可以写进明年的报告";

/// Waits until the status line shows that everything is saved.
pub fn wait_saved(terminal: &Terminal) {
    // A narrow status line shows only unsaved changes.
    let is_narrow = terminal.with_screen(|screen| screen.size().1.get() < 60);
    terminal.wait("all saved", |terminal| {
        let screen = terminal.screen_text();
        (is_narrow || screen.contains("已存")) && !screen.contains("待存")
    });
}

/// Goes to the section 二、/（三） through the outline; the text then has the focus.
pub fn go_to_talent(terminal: &mut Terminal) {
    terminal.wait_for("同志们").settle();
    // From 一、 to 二、, to its first subsection, then to the third.
    terminal.press("<Tab>").settle();
    for key in ["J", "l", "J", "J"] {
        terminal.press(key).settle();
    }
    terminal.press("<Enter>");
    terminal.wait_for("（三）着眼人尽其才").settle();
}

fn tag_section(terminal: &mut Terminal) {
    terminal.press("t").wait_for("Enter");
    terminal.type_text("人才工作").wait_for("人才工作");
    terminal.settle();
    terminal.press("<Enter>").wait_for("已贴标签");
    wait_saved(terminal);
}

/// Searches the sentence, selects it and adds a note.
fn note_sentence(terminal: &mut Terminal) {
    terminal.press("/").type_text("今年拿出2000万元").press("<Enter>").settle();
    terminal.press("<Esc>s").settle();
    terminal.press("a").settle();
    terminal.type_text(NOTE).wait_for(NOTE);
    terminal.press("<C-s>").wait_for("批语已保存");
    wait_saved(terminal);
}

/// Asserts that the exports contain the tag and the note.
fn check_exports(home: &Home) {
    let json = home.print(&["export", "speeches", "--format", "json"]);
    let collection: serde_json::Value = serde_json::from_str(&json).unwrap();
    let annotations = collection["annotations"].as_array().unwrap();
    assert_eq!(annotations.len(), 2, "{json}");
    let section = annotations.iter().find(|entry| entry["scope"] == "section").unwrap();
    assert_eq!(section["section"], serde_json::json!(["二、", "（三）"]));
    assert_eq!(section["tags"], serde_json::json!(["人才工作"]));
    let passage = annotations.iter().find(|entry| entry["scope"] == "passage").unwrap();
    assert_eq!(passage["quote"], SENTENCE);
    assert_eq!(passage["note"], NOTE);
    for format in ["markdown", "csv"] {
        let text = home.print(&["export", "speeches", "--format", format]);
        for part in ["人才工作", SENTENCE, NOTE, "二、"] {
            assert!(text.contains(part), "{format} lacks {part}:\n{text}");
        }
    }
}

fn check_workflow(columns: u16, rows: u16) {
    let home = Home::with_speeches(&[SPEECH, OTHER]);
    let mut terminal = home.open(columns, rows, &["speeches"]);
    terminal.wait_for("青禾县").settle().assert_whole();
    terminal.press("/").type_text("青禾").press("<Enter>").settle();
    terminal.press("<Enter>");
    go_to_talent(&mut terminal);
    terminal.assert_whole();
    tag_section(&mut terminal);
    terminal.assert_whole();
    note_sentence(&mut terminal);
    terminal.assert_whole();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert!(terminal.is_restored(), "the terminal is left as it was");
    check_exports(&home);

    let speech = format!("speeches/{SPEECH}");
    let mut reopened = home.open(columns, rows, &[&speech]);
    reopened.wait_for("专项资金").settle().assert_whole();
    // Signs are in the outline if it is shown, beside the text, and in the annotation list.
    reopened.press("A").wait_for("这句可以写进");
    reopened.press("gg<Enter>").wait_for("着眼人尽其才");
    reopened.wait("the marks", |reopened| {
        reopened.screen().lines().filter(|row| row.contains('▴')).count() >= if columns >= 80 { 2 } else { 1 }
    });
    reopened.wait("the note's mark", |reopened| reopened.screen().contains('✎'));
    reopened.press("A").wait_for("这句可以写进").wait_for("人才工作").settle().assert_whole();
    reopened.press("<Esc>Q");
    assert_eq!(reopened.wait_exit().exit_code(), 0);
}

#[test]
fn tag_and_note_in_a_wide_terminal() {
    check_workflow(120, 40);
}

#[test]
fn tag_and_note_in_a_standard_terminal() {
    check_workflow(80, 24);
}

#[test]
fn tag_and_note_in_a_narrow_terminal() {
    check_workflow(40, 12);
}

#[test]
fn kill_loses_no_saved_edit() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let mut terminal = home.open(100, 30, &[&speech]);
    go_to_talent(&mut terminal);
    tag_section(&mut terminal);
    note_sentence(&mut terminal);
    terminal.kill();
    let mut reopened = home.open(100, 30, &[&speech]);
    reopened.wait_for("人才").settle();
    reopened.press("A").wait_for(NOTE).wait_for("人才工作");
    reopened.press("<Esc>Q");
    assert_eq!(reopened.wait_exit().exit_code(), 0);
    check_exports(&home);
}

#[test]
fn undo_restores_a_deleted_annotation() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let mut terminal = home.open(100, 30, &[&speech]);
    go_to_talent(&mut terminal);
    tag_section(&mut terminal);
    note_sentence(&mut terminal);
    terminal.press("A").wait_for(NOTE);
    terminal.press("G").settle();
    terminal.press("D").wait_gone(NOTE);
    wait_saved(&terminal);
    terminal.press("u").wait_for(NOTE);
    wait_saved(&terminal);
    terminal.press("<Esc>Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    check_exports(&home);
}

#[test]
fn long_pasted_note_is_kept_whole() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let note = (1..=400).map(|number| format!("第{number}条，记在青禾县。")).collect::<Vec<_>>().join("\n");
    let mut terminal = home.open(80, 24, &[&speech]);
    go_to_talent(&mut terminal);
    terminal.press("a").settle();
    terminal.paste(&note).wait_for("第400条");
    terminal.press("<C-s>").wait_for("批语已保存");
    wait_saved(&terminal);
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let json: serde_json::Value = serde_json::from_str(&home.print(&["export", "speeches", "--format", "json"])).unwrap();
    assert_eq!(json["annotations"][0]["note"], note.as_str());
}
