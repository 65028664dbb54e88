//! The main workflow on a real speech. The real speeches are not part of this repository; without
//! them the tests are skipped. Titles are taken from the expected outline.

use crate::{
    annotate::wait_saved,
    terminal::{Home, Terminal},
};
use std::{fs, path::Path};

const SPEECH: &str = "000_6e9f755146e3096f";
const NOTE: &str = "这一句要核对原文";

/// The title of the section 二、/(三) in the expected outline.
fn expected_title(outline: &str) -> String {
    let mut inside = false;
    for line in outline.lines().filter(|line| !line.starts_with('#')) {
        let (marker, title) = line.split_once('\t').unwrap_or((line, ""));
        match marker {
            "二、" => inside = true,
            "三、" => inside = false,
            marker if inside && marker.trim() == "(三)" => return title.to_owned(),
            _ => {}
        }
    }
    panic!("the outline has no 二、/(三)");
}

fn go_to_section(terminal: &mut Terminal, title: &str) {
    terminal.press("<Tab>").settle();
    for key in ["J", "l", "J", "J"] {
        terminal.press(key).settle();
    }
    terminal.press("<Enter>");
    let head: String = title.chars().take(6).collect();
    terminal.wait_for(&head).settle().assert_whole();
}

fn check_workflow(columns: u16, rows: u16) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real-speeches");
    let Ok(outline) = fs::read_to_string(folder.join(SPEECH).with_extension("outline")) else {
        eprintln!("skipped: {} does not exist", folder.display());
        return;
    };
    let title = expected_title(&outline);
    let home = Home::with_speeches(&[]);
    fs::copy(folder.join(SPEECH).with_extension("txt"), home.speech("real.txt")).unwrap();

    let mut terminal = home.open(columns, rows, &["speeches/real.txt"]);
    terminal.wait("the text", |terminal| terminal.screen().lines().filter(|row| !row.trim().is_empty()).count() > 5);
    terminal.settle().assert_whole();
    go_to_section(&mut terminal, &title);
    terminal.press("t").wait_for("Enter");
    terminal.type_text("人才工作").wait_for("人才工作");
    terminal.settle();
    terminal.press("<Enter>").wait_for("已贴标签");
    wait_saved(&terminal);
    // Notes a sentence in the section's second point.
    terminal.press("}").press("s").settle();
    terminal.press("a").settle();
    terminal.type_text(NOTE).wait_for(NOTE);
    terminal.press("<C-s>").wait_for("批语已保存");
    wait_saved(&terminal);
    terminal.assert_whole();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);

    let json: serde_json::Value = serde_json::from_str(&home.print(&["export", "speeches", "--format", "json"])).unwrap();
    let annotations = json["annotations"].as_array().unwrap();
    assert_eq!(annotations.len(), 2);
    let section = annotations.iter().find(|entry| entry["scope"] == "section").unwrap();
    assert_eq!(section["section"], serde_json::json!(["二、", "(三)"]));
    assert_eq!(section["tags"], serde_json::json!(["人才工作"]));
    let passage = annotations.iter().find(|entry| entry["scope"] == "passage").unwrap();
    assert_eq!(passage["note"], NOTE);
    assert_eq!(passage["section"].as_array().unwrap()[..2], section["section"].as_array().unwrap()[..]);
    let sentence = passage["text"].as_str().unwrap();
    assert!(sentence.ends_with(['。', '；', '！', '？']), "a whole sentence");
    for format in ["markdown", "csv", "html"] {
        let text = home.print(&["export", "speeches", "--format", format]);
        assert!(text.contains("人才工作") && text.contains(NOTE) && text.contains(sentence), "{format}");
    }

    let mut reopened = home.open(columns, rows, &["speeches/real.txt"]);
    reopened.wait("the text", |reopened| reopened.screen().lines().filter(|row| !row.trim().is_empty()).count() > 5);
    // Annotations are loaded after the text is shown.
    reopened.settle();
    reopened.press("A").wait_for("人才工作").wait_for(&NOTE.chars().take(5).collect::<String>());
    reopened.press("gg<Enter>").wait("the marks", |reopened| reopened.screen().contains('▴') && reopened.screen().contains('✎'));
    reopened.settle().assert_whole();
    reopened.press("Q");
    assert_eq!(reopened.wait_exit().exit_code(), 0);
}

#[test]
fn real_speech_in_a_wide_terminal() {
    check_workflow(120, 40);
}

#[test]
fn real_speech_in_a_standard_terminal() {
    check_workflow(80, 24);
}

#[test]
fn real_speech_in_a_narrow_terminal() {
    check_workflow(40, 12);
}
