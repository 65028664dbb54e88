//! Library, help, search, resizing, encodings, control characters, and restoring the terminal.

use crate::terminal::Home;

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
const BIG5: &str = "臨江市人才工作會議講話.txt";
const GBK: &str = "云岭区基层党建述职评议会讲话.txt";

#[test]
fn library_lists_titles_and_dates() {
    let home = Home::with_speeches(&[SPEECH, BIG5, GBK]);
    let mut terminal = home.open(100, 24, &["speeches"]);
    for shown in ["在青禾县组织工作会议结束时的讲话", "2023-03-15", "在臨江市人才工作會議閉幕時的講話", "2021-09-28", "2019-01-22"]
    {
        terminal.wait_for(shown);
    }
    terminal.settle().assert_whole();
    terminal.press("q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    assert!(terminal.is_restored());
}

#[test]
fn built_in_speeches_open_without_a_path() {
    let home = Home::with_speeches(&[]);
    let mut terminal = home.open(100, 30, &[]);
    terminal.wait_for("青禾县").wait_for("臨江").settle().assert_whole();
    terminal.press("<Enter>").settle();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn help_opens_and_closes_on_every_screen() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = home.open(90, 30, &["speeches"]);
    terminal.wait_for("青禾县").settle();
    // The status line also contains the word for help, so waits for a line of the key table.
    terminal.press("<F1>").wait_for("j k 滚动");
    terminal.press("<Esc>").wait_gone("j k 滚动");
    terminal.press("<Enter>").wait_for("看清来路");
    terminal.press("<F1>").wait_for("j k 滚动").settle().assert_whole();
    terminal.press("q").wait_gone("j k 滚动");
    terminal.wait_for("看清来路");
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn search_counts_matches_and_moves_between_them() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let hits: serde_json::Value = serde_json::from_str(&home.print(&["search", "第一书记", &speech, "--format", "json"])).unwrap();
    let count = hits["hits"].as_array().unwrap().len();
    assert!(count >= 3, "{hits}");
    let mut terminal = home.open(90, 24, &[&speech]);
    terminal.wait_for("看清来路").settle();
    terminal.press("/").type_text("第一書記").press("<Enter>").wait_for(&format!("1/{count}"));
    terminal.press("n").wait_for(&format!("2/{count}"));
    terminal.press("n").wait_for(&format!("3/{count}"));
    terminal.press("N").wait_for(&format!("2/{count}"));
    terminal.settle().assert_whole();
    terminal.press("<Esc>/").type_text("绝无此语").press("<Enter>").settle();
    terminal.press("<Esc>Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn latin_letters_search_by_pinyin_unless_switched_off() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let count = home.print(&["search", "第一书记", &speech]).lines().count();
    let mut terminal = home.open(90, 24, &[&speech]);
    terminal.wait_for("看清来路").settle();
    terminal.press("/").type_text("diyishuji").wait_for("拼音");
    terminal.press("<Enter>").wait_for(&format!("1/{count}"));
    terminal.press("n").wait_for(&format!("2/{count}"));
    terminal.press("/").type_text("dysj").wait_for(&format!("/{count}"));
    terminal.press("<C-t>").wait_for("逐字").wait_for("0/0");
    terminal.press("<Esc>").settle().assert_whole();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

#[test]
fn resizing_keeps_the_position() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    let mut terminal = home.open(120, 40, &[&speech]);
    terminal.wait_for("看清来路").settle();
    terminal.press("/").type_text("梧桐树下勤浇水").press("<Enter>").wait_for("1/1");
    terminal.press("zt").settle();
    for (columns, rows) in [(60, 20), (40, 12), (200, 50), (80, 24)] {
        terminal.resize(columns, rows).wait_for("大家常讲，").settle().assert_whole();
    }
    // A terminal that is too small for a moment.
    terminal.resize(10, 3).settle();
    terminal.resize(100, 30).wait_for("大家常讲，").settle().assert_whole();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    // The position is also kept when reopened in another size.
    let mut reopened = home.open(70, 20, &[&speech]);
    reopened.wait_for("大家常讲，");
    reopened.press("Q");
    assert_eq!(reopened.wait_exit().exit_code(), 0);
}

#[test]
fn status_line_shows_the_encoding() {
    let home = Home::with_speeches(&[BIG5, GBK]);
    for (name, encoding, text) in [(BIG5, "Big5", "臨江"), (GBK, "gb18030", "云岭")] {
        let mut terminal = home.open(110, 30, &[&format!("speeches/{name}")]);
        terminal.wait_for(encoding).wait_for(text).settle().assert_whole();
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
    }
}

#[test]
fn key_sequences_leave_no_broken_screen() {
    let home = Home::with_speeches(&[SPEECH]);
    let speech = format!("speeches/{SPEECH}");
    for (columns, rows) in [(120, 40), (80, 24), (40, 12)] {
        let mut terminal = home.open(columns, rows, &[&speech]);
        terminal.wait_for("同志们").settle();
        for keys in [
            "<Space>", "<C-d>", "]s", "]p", "s", "<Esc>", "<Tab>", "zM", "zR", "<Tab>", "G", "gg", "V", "+", "<Esc>", "t", "<Esc>", "A",
            "<Esc>",
        ] {
            terminal.press(keys).settle().assert_whole();
        }
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
        assert!(terminal.is_restored());
    }
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let home = Home::with_speeches(&[]);
    let dirty = "在青禾县的讲话\n\n同志们：\n\n\u{1b}]0;假标题\u{7}一、\u{1b}[31m第一件事\u{9b}2J\u{202e}倒序\n\n说明文字。\n\n二、第二件事\n\n说明文字。\n";
    std::fs::write(home.speech("脏.txt"), dirty).unwrap();
    let mut terminal = home.open(80, 24, &["speeches/脏.txt"]);
    terminal.wait_for("第二件事").settle();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let written = terminal.bytes();
    let text = String::from_utf8_lossy(&written);
    for raw in ["\u{1b}]0;假", "\u{1b}[31m第", "\u{9b}2J", "\u{202e}"] {
        assert!(!text.contains(raw), "{raw:?} was sent to the terminal");
    }
}
