//! Exporting from the reader: the name proposed, and the question before a file is replaced; importing.

use crate::{annotate::wait_saved, terminal::Home};
use std::fs;

const FILE: &str = "speeches/讲话.md";
const SPEECH: &str = "# 在青禾县人才工作会议上的讲话\n\n同志们：\n\n## 一、统一思想\n\n青禾县的人才工作有了新的进步。\n\n## 二、狠抓落实\n\n要让人才留得住。\n";

/// In the speech's own folder `X md Enter Enter Enter` wrote over the speech: its own name was
/// proposed, and the second Enter answered a question that one did not see.
#[test]
fn export_never_replaces_the_speech_and_asks_before_other_files() {
    for (columns, rows) in [(100, 30), (50, 16)] {
        let home = Home::with_speeches(&[]);
        fs::write(home.speech("讲话.md"), SPEECH).unwrap();
        home.print(&["tag", FILE, "--quote", "留得住", "人才工作"]);
        let read = |path: &str| fs::read_to_string(home.speech("..").join(path)).unwrap();
        let mut terminal = home.open(columns, rows, &[FILE]);
        terminal.wait_for("同志们").settle();
        wait_saved(&terminal);
        let open_prompt = |terminal: &mut crate::terminal::Terminal| {
            terminal.press("X").settle();
            terminal.type_text("markdown").settle();
            terminal.press("<Enter>").wait_for("讲话-批注.md").settle();
        };
        open_prompt(&mut terminal);
        terminal.press("<Enter>").wait_for("已导出").settle();
        let exported = read("讲话-批注.md");
        assert!(exported.contains("留得住"), "{exported}");
        fs::write(home.speech("..").join("讲话-批注.md"), "我的").unwrap();
        // However often Enter is pressed, nothing is replaced.
        open_prompt(&mut terminal);
        for _ in 0..3 {
            terminal.press("<Enter>").wait_for("替换该文件").settle().assert_whole();
            terminal.press("<Enter>").wait_for("讲话-批注.md").settle();
        }
        assert_eq!(read("讲话-批注.md"), "我的");
        terminal.press("<Enter>").wait_for("替换该文件").settle();
        terminal.press("<Esc>").settle();
        assert_eq!(read("讲话-批注.md"), "我的");
        open_prompt(&mut terminal);
        terminal.press("<Enter>").wait_for("替换该文件").settle();
        terminal.press("<Down><Enter>").wait_for("已导出").settle();
        assert_eq!(read("讲话-批注.md"), exported);
        // The speech itself is refused without a question.
        open_prompt(&mut terminal);
        terminal.press("<C-u>").settle();
        terminal.type_text(FILE).settle();
        terminal.press("<Enter>").wait_for("讲话原文").settle();
        assert_eq!(read(FILE), SPEECH);
        terminal.press("Q");
    }
}

#[test]
fn file_of_another_store_is_imported_into_the_open_speech() {
    let home = Home::with_speeches(&[]);
    fs::write(home.speech("讲话.md"), SPEECH).unwrap();
    let other = home.speech("..").join("别处");
    home.print(&["--store", other.to_str().unwrap(), "note", FILE, "--quote", "留得住", "同事写的批语"]);
    home.print(&["--store", other.to_str().unwrap(), "export", FILE, "--format", "json", "-o", "同事.json"]);
    let mut terminal = home.open(100, 30, &[FILE]);
    terminal.wait_for("同志们").settle();
    terminal.press("gE").wait_for("导入文件").settle();
    terminal.type_text("没有.json").settle();
    terminal.press("<Enter>").wait_for("无法导入 没有.json").settle();
    terminal.press("gE").wait_for("导入文件").settle();
    terminal.type_text("同事.json").settle();
    terminal.press("<Enter>").wait_for("新增 1").settle();
    terminal.press("gn").wait_for("同事写的批语").settle().assert_whole();
    terminal.press("<Esc>Q");
    assert!(home.print(&["export", FILE, "--format", "markdown"]).contains("同事写的批语"));
}
