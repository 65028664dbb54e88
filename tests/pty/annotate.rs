//! The main job: a section tagged, a sentence noted, all there tomorrow and in every export.

use crate::terminal::{Home, Terminal};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
const OTHER: &str = "臨江市人才工作會議講話.txt";
const SENTENCE: &str = "县里已经决定，今年拿出2000万元设立人才发展专项资金，比去年翻一番。";
const NOTE: &str = "这句可以写进明年的报告";

/// Waits until the screen says that everything is saved.
pub fn wait_saved(terminal: &Terminal) {
    // Where the status line has no room for both, only what is not saved is said.
    let is_narrow = terminal.with_screen(|screen| screen.size().1.get() < 60);
    terminal.wait("all saved", |terminal| {
        let screen = terminal.screen_text();
        (is_narrow || screen.contains("已存")) && !screen.contains("待存")
    });
}

/// Opens the speech's section 二、/（三） by the outline and gives the focus to the text.
pub fn go_to_talent(terminal: &mut Terminal) {
    terminal.wait_for("同志们").settle();
    // From 一、 to 二、, into it, and to its third.
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

/// Finds the sentence, selects it whole and notes it.
fn note_sentence(terminal: &mut Terminal) {
    terminal.press("/").type_text("今年拿出2000万元").press("<Enter>").settle();
    terminal.press("<Esc>s").settle();
    terminal.press("a").settle();
    terminal.type_text(NOTE).wait_for(NOTE);
    terminal.press("<C-s>").wait_for("批语已写");
    wait_saved(terminal);
}

/// What the store holds, as the commands give it.
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

fn story(columns: u16, rows: u16) {
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
    let mut again = home.open(columns, rows, &[&speech]);
    again.wait_for("专项资金").settle().assert_whole();
    // In the outline where there is room for it, beside the text, and in the list everywhere.
    again.press("A").wait_for("这句可以写进");
    again.press("gg<Enter>").wait_for("着眼人尽其才");
    again.wait("the marks", |again| again.screen().lines().filter(|row| row.contains('▴')).count() >= if columns >= 80 { 2 } else { 1 });
    again.wait("the note's mark", |again| again.screen().contains('✎'));
    again.press("A").wait_for("这句可以写进").wait_for("人才工作").settle().assert_whole();
    again.press("<Esc>Q");
    assert_eq!(again.wait_exit().exit_code(), 0);
}

#[test]
fn tag_and_note_in_a_wide_terminal() {
    story(120, 40);
}

#[test]
fn tag_and_note_in_a_plain_terminal() {
    story(80, 24);
}

#[test]
fn tag_and_note_in_a_narrow_terminal() {
    story(40, 12);
}

#[test]
fn nothing_shown_as_saved_is_lost_by_kill() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let mut terminal = home.open(100, 30, &[&speech]);
    go_to_talent(&mut terminal);
    tag_section(&mut terminal);
    note_sentence(&mut terminal);
    terminal.kill();
    let mut again = home.open(100, 30, &[&speech]);
    again.wait_for("人才").settle();
    again.press("A").wait_for(NOTE).wait_for("人才工作");
    again.press("<Esc>Q");
    assert_eq!(again.wait_exit().exit_code(), 0);
    check_exports(&home);
}

#[test]
fn a_deleted_annotation_comes_back_by_undo() {
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
fn a_note_pasted_at_once_is_kept_whole() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let note = (1..=400).map(|number| format!("第{number}条，记在青禾县。")).collect::<Vec<_>>().join("\n");
    let mut terminal = home.open(80, 24, &[&speech]);
    go_to_talent(&mut terminal);
    terminal.press("a").settle();
    terminal.paste(&note).wait_for("第400条");
    terminal.press("<C-s>").wait_for("批语已写");
    wait_saved(&terminal);
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let json: serde_json::Value = serde_json::from_str(&home.print(&["export", "speeches", "--format", "json"])).unwrap();
    assert_eq!(json["annotations"][0]["note"], note.as_str());
}
