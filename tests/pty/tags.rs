//! The tags screen: renaming, merging, moving, deleting and undoing without leaving the reader.

use crate::terminal::{Home, Terminal};
use std::fs;

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
const BIG5: &str = "臨江市人才工作會議講話.txt";

/// Two speeches tagged 人才工作, one of them also 作风建设.
fn tagged_home() -> Home {
    let home = Home::with_speeches(&[SPEECH, BIG5]);
    home.print(&["tag", &format!("speeches/{SPEECH}"), "--section", "二、/（三）", "人才工作"]);
    home.print(&["tag", &format!("speeches/{BIG5}"), "--whole", "人才工作", "作风建设"]);
    home
}

/// The tags of all annotations, sorted.
fn exported_tags(home: &Home) -> Vec<String> {
    let collection: serde_json::Value = serde_json::from_str(&home.print(&["export", "speeches", "--format", "json"])).unwrap();
    let annotations = collection["annotations"].as_array().unwrap();
    let mut tags: Vec<String> =
        annotations.iter().flat_map(|entry| entry["tags"].as_array().unwrap()).map(|tag| tag.as_str().unwrap().to_owned()).collect();
    tags.sort();
    tags
}

/// Opens the tags screen and selects the tag found by typing.
fn select(terminal: &mut Terminal, typed: &str, name: &str) {
    terminal.press("/").type_text(typed).press("<Enter>").wait_for(name).settle();
}

#[test]
fn tags_are_managed_from_the_library() {
    for (columns, rows) in [(120, 40), (80, 24)] {
        let home = tagged_home();
        let mut terminal = home.open(columns, rows, &["speeches"]);
        terminal.wait_for("2021-09-28").settle();
        terminal.press("gM").wait_for("标签管理").wait_for("2 / 2").settle().assert_whole();
        // By pinyin; the line above the prompt says what the new name touches.
        select(&mut terminal, "rencai", "人才工作");
        terminal.press("r").wait_for("2 篇讲话的 2 条批注随之改名");
        terminal.press("<C-u>").type_text("人才队伍").press("<Enter>").wait_for("已改名").settle();
        assert_eq!(exported_tags(&home), ["人才队伍", "人才队伍", "作风建设"]);
        terminal.press("u").wait_for("已撤销：人才工作").settle();
        assert_eq!(exported_tags(&home), ["人才工作", "人才工作", "作风建设"]);
        // Merging is asked about, with its numbers, and undone.
        terminal.press("m").wait_for("把 人才工作 并入");
        terminal.type_text("zuofeng").press("<Enter>").wait_for("2 篇讲话的 2 条批注改为 作风建设").settle().assert_whole();
        terminal.press("<Enter>").wait_for("已并入").settle();
        assert_eq!(exported_tags(&home), ["作风建设", "作风建设"]);
        terminal.press("u").wait_for("已撤销").settle();
        assert_eq!(exported_tags(&home), ["人才工作", "人才工作", "作风建设"]);
        // So is deleting.
        terminal.press("<Esc>").settle();
        select(&mut terminal, "人才", "人才工作");
        terminal.press("D").wait_for("2 篇讲话的 2 条批注取下此标签");
        terminal.press("<Enter>").wait_for("已删除").settle();
        assert_eq!(exported_tags(&home), ["作风建设"]);
        terminal.press("u").wait_for("已撤销").settle();
        assert_eq!(exported_tags(&home), ["人才工作", "人才工作", "作风建设"]);
        // Enter reads all under the tag; back goes to the tags, then to the library.
        terminal.press("<Esc>").settle();
        select(&mut terminal, "人才", "人才工作");
        terminal.press("<Enter>").wait_for("2 处 · 2 篇").settle().assert_whole();
        terminal.press("<Esc>").wait_for("标签管理").settle();
        terminal.press("<Esc><Esc>").wait_for("2021-09-28");
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
        assert!(terminal.is_restored());
    }
}

#[test]
fn a_key_given_to_a_tag_chooses_it_in_the_reader() {
    let speech = format!("speeches/{SPEECH}");
    for (columns, rows) in [(100, 30), (40, 12)] {
        let home = tagged_home();
        let mut terminal = home.open(columns, rows, &[&speech]);
        terminal.wait_for("同志们").settle();
        terminal.press("gM").wait_for("标签管理").wait_for("人才工作").settle().assert_whole();
        select(&mut terminal, "zfjs", "作风建设");
        terminal.press("t").press("<C-u>").type_text("z").press("<Enter>").wait_for("按 t z 选 作风建设").settle();
        terminal.press("<Esc><Esc>").wait_for("同志们").settle();
        terminal.press("]stz<Enter>").wait_for("已贴标签：作风建设").settle().assert_whole();
        // Undo says what it took back.
        terminal.press("u").wait_for("已撤销：给").settle();
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
        let tags: serde_json::Value = serde_json::from_str(&home.print(&["tags", "--format", "json"])).unwrap();
        let keyed = tags["tags"].as_array().unwrap().iter().find(|tag| tag["key"] == "z").unwrap();
        assert_eq!(keyed["name"], "作风建设");
    }
}

#[test]
fn enter_shows_an_annotation_with_author_and_place() {
    let speech = format!("speeches/{SPEECH}");
    for (columns, rows) in [(100, 30), (40, 12)] {
        let home = Home::with_speeches(&[SPEECH]);
        let mut terminal = home.open(columns, rows, &[&speech, "--author", "甲科长"]);
        terminal.wait_for("同志们").settle();
        // The selection stays for the note after it was tagged.
        terminal.press("]s}s").settle();
        terminal.press("t").type_text("人才").press("<Enter>").wait_for("已贴标签").settle();
        terminal.press("a").settle();
        terminal.type_text("可作范例").press("<C-s>").wait_for("批语已保存").settle();
        terminal.press("<Enter>").wait_for("甲科长").wait_for("可作范例").wait_for("人才工作").settle().assert_whole();
        terminal.press("x").wait_for("批注已删除").settle();
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
    }
}

/// Screen readers and braille displays follow the hardware cursor.
#[test]
fn the_hardware_cursor_stands_at_the_selected_entry_and_in_the_text() {
    for frames in [true, false] {
        check_cursor(frames);
    }
}

fn check_cursor(frames: bool) {
    let home = tagged_home();
    fs::create_dir_all(home.path().join("config/pizhu")).unwrap();
    fs::write(home.path().join("config/pizhu/settings.ron"), format!("(frames: {frames})")).unwrap();
    let mut terminal = home.open(80, 24, &["speeches"]);
    terminal.wait_for("2021-09-28").settle();
    let row_at_cursor = |terminal: &Terminal| {
        terminal.with_screen(|screen| {
            assert!(!screen.hide_cursor());
            let (row, _) = screen.cursor_position();
            screen.rows(0, 80).nth(usize::from(row)).unwrap_or_default()
        })
    };
    let first = row_at_cursor(&terminal);
    assert!(first.contains("20"), "a speech with its date: {first}");
    terminal.press("j").settle();
    assert_ne!(row_at_cursor(&terminal), first);
    terminal.press("gM").wait_for("标签管理").wait_for("人才工作").settle();
    select(&mut terminal, "rencai", "人才工作");
    assert!(row_at_cursor(&terminal).contains("人才工作"));
    terminal.press("<Esc><Esc>").settle();
    terminal.press("gg<Enter>").wait_for("阅读").settle();
    terminal.press("]s").settle();
    assert!(row_at_cursor(&terminal).contains("一、"), "{}", row_at_cursor(&terminal));
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

/// A terminal that cannot address its cells is not filled with escapes.
#[test]
fn a_dumb_terminal_is_refused_with_the_way_out() {
    let home = tagged_home();
    let mut terminal = home.open_with(80, 24, &["speeches"], &[("TERM", "dumb")]);
    terminal.wait_for("pizhu read");
    assert_eq!(terminal.wait_exit().exit_code(), 2);
    assert!(!terminal.bytes().contains(&0x1b));
}
