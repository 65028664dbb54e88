//! The library list: filters, sorting, changes of the folder; library search with filters.

use crate::terminal::Home;
use std::fs;

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
const BIG5: &str = "臨江市人才工作會議講話.txt";
const TALENT: &str = "玉带市人才工作推进会讲话.txt";

#[test]
fn list_is_filtered_sorted_and_follows_its_folder() {
    for (columns, rows) in [(120, 40), (80, 24)] {
        let home = Home::with_speeches(&[SPEECH, BIG5, TALENT]);
        home.print(&["tag", &format!("speeches/{TALENT}"), "--section", "二/第二", "人才工作"]);
        let mut terminal = home.open(columns, rows, &["speeches"]);
        terminal.wait_for("2024-07-08").wait_for("2021-09-28").wait_for("3 篇").settle();
        for (typed, count) in
            [("tag:人才", 1), ("since:2022", 2), ("until:2021", 1), ("is:unread", 3), ("is:read", 0), ("in:臨江", 1), ("under:1", 0)]
        {
            terminal.press("f").type_text(typed).press("<Enter>").wait_for(&format!("{count} 篇")).settle();
            terminal.press("<Esc>").wait_for("3 篇").settle();
        }
        for order in ["按日期排序", "按题目排序", "按篇幅排序", "按标签数排序", "按进度排序", "按讲话人排序", "按路径排序"]
        {
            terminal.press("s").wait_for(order).settle();
        }
        terminal.assert_whole();
        // Files that are added, changed or ignored while the list is open.
        let folder = home.path().join("speeches");
        let speech = |place: &str| format!("在{place}会议上的讲话\n（2019年3月4日）\n同志们：\n一、提高认识\n");
        fs::write(folder.join("新.txt"), speech("芦湾县")).unwrap();
        terminal.wait_for("在芦湾县会议上的讲话").wait_for("4 篇").settle();
        fs::write(folder.join("新.txt"), speech("白鹭县一次")).unwrap();
        terminal.wait_for("在白鹭县一次会议上的讲话").settle();
        fs::write(folder.join(".gitignore"), "新.txt\n").unwrap();
        terminal.wait_for("3 篇").settle().assert_whole();
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
    }
}

#[test]
fn search_filters_match_the_command() {
    for (columns, rows) in [(120, 40), (80, 24)] {
        let home = Home::with_speeches(&[SPEECH, BIG5, TALENT]);
        let speech = format!("speeches/{TALENT}");
        home.print(&["tag", &speech, "--section", "二/第二", "人才工作"]);
        home.print(&["note", &speech, "--section", "二/第二", "可作范例"]);
        let filters: [(&str, &[&str]); 8] = [
            ("人才 in:title", &["人才", "--in", "title"]),
            ("人才 in:heading", &["人才", "--in", "heading"]),
            ("范例 in:note", &["范例", "--in", "note"]),
            ("人才 tag:人才工作", &["人才", "--tag", "人才工作"]),
            ("人才 level:1", &["人才", "--level", "1"]),
            ("人才 level:2", &["人才", "--level", "2"]),
            ("人才 since:2022", &["人才", "--since", "2022"]),
            ("人才 until:2021-12", &["人才", "--until", "2021-12"]),
        ];
        let mut terminal = home.open(columns, rows, &["speeches"]);
        terminal.wait_for("2024-07-08").wait_for("2021-09-28").settle();
        terminal.press("g/").wait_for("全库查找");
        for (typed, arguments) in filters {
            let command = [&["search"], arguments, &["--format", "json", "--", "speeches"]].concat();
            let hits: serde_json::Value = serde_json::from_str(&home.print(&command)).unwrap();
            let hits = hits["hits"].as_array().unwrap();
            let speeches: std::collections::BTreeSet<&str> = hits.iter().map(|hit| hit["document"].as_str().unwrap()).collect();
            assert!(!hits.is_empty(), "{typed}");
            terminal.press("<C-u>").type_text(typed).wait_for(&format!("{} 处 · {} 篇", hits.len(), speeches.len()));
            terminal.settle().assert_whole();
        }
        terminal.press("<Esc>").wait_for("2024-07-08");
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
    }
}

#[test]
fn the_selected_speech_is_previewed_and_favourites_are_kept() {
    let home = Home::with_speeches(&[BIG5, SPEECH]);
    home.print(&["tag", &format!("speeches/{SPEECH}"), "--section", "二、/（三）", "人才工作"]);
    home.print(&["note", &format!("speeches/{SPEECH}"), "--section", "三、", "记一笔"]);
    let mut terminal = home.open(120, 40, &["speeches"]);
    terminal.wait_for("2021-09-28").settle();
    terminal.press("G").wait_for("看清来路").settle().assert_whole();
    assert!(terminal.screen_text().contains("批注2条"), "{}", terminal.screen());
    terminal.press("gg").wait_for("站在發展全局").settle();
    // A favourite is kept, and told from others.
    terminal.press("G*").wait_for("★").settle().assert_whole();
    terminal.press("Q");
    terminal.wait_exit();
    let mut terminal = home.open(80, 24, &["speeches"]);
    terminal.wait_for("★").settle();
    terminal.press("F").wait_for("is:favourite").wait_gone("臨江市").settle().assert_whole();
    terminal.press("*").wait_for("已取消收藏").settle();
    terminal.press("F").wait_for("臨江市").wait_gone("★").settle();
    terminal.press("Q");
}
