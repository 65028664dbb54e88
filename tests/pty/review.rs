//! Review of annotations after the speech was edited; lists of history states and coder
//! disagreements; copies.

use crate::terminal::Home;
use serde_json::Value;

const FILE: &str = "speeches/讲话.txt";
const SPEECH: &str = "在青禾县人才工作会议上的讲话\n\n同志们：\n\n一、统一思想\n青禾县的人才工作有了新的进步，队伍壮大了。\n\n二、狠抓落实\n（一）抓引进\n要到外面去请人才。\n（二）抓使用\n要让人才留得住、用得好。\n";

fn anchor_statuses(home: &Home) -> Vec<(String, String)> {
    let exported: Value = serde_json::from_str(&home.print(&["export", FILE, "--format", "json"])).unwrap();
    let entries = exported["annotations"].as_array().unwrap().clone();
    entries.iter().map(|entry| (entry["tags"][0].as_str().unwrap().to_owned(), entry["anchor"].as_str().unwrap().to_owned())).collect()
}

/// A home with a speech that was tagged three times and then edited. The text that was tagged is not
/// kept, so that not all places are certain.
fn home_with_edited_speech() -> Home {
    let home = Home::with_speeches(&[]);
    std::fs::create_dir_all(home.path().join("config/pizhu")).unwrap();
    std::fs::write(home.path().join("config/pizhu/settings.ron"), "(snapshots: false)").unwrap();
    std::fs::write(home.speech("讲话.txt"), SPEECH).unwrap();
    home.print(&["tag", FILE, "--section", "二/（一）", "引才"]);
    home.print(&["tag", FILE, "--quote", "队伍壮大了", "队伍"]);
    home.print(&["tag", FILE, "--quote", "留得住、用得好", "用才"]);
    let text = SPEECH
        .replace("（一）抓引进\n要到外面去请人才。", "（一）抓人才引进\n要把门打开。")
        .replace("，队伍壮大了", "")
        .replace("要让人才留得住、用得好。", "另行安排。");
    std::fs::write(home.speech("讲话.txt"), text).unwrap();
    home
}

#[test]
fn unresolved_annotations_are_accepted_reattached_or_kept() {
    for (columns, rows) in [(100, 30), (40, 12)] {
        let home = home_with_edited_speech();
        assert!(
            anchor_statuses(&home).iter().all(|(_, anchor)| anchor == "review" || anchor == "orphaned"),
            "{:?}",
            anchor_statuses(&home)
        );
        let mut terminal = home.open(columns, rows, &[FILE]);
        terminal.wait_for("按 R").settle();
        terminal.press("R").wait_for("复核 3").settle().assert_whole();
        // In text order: 队伍 (orphaned), 引才 (proposed match), 用才 (orphaned).
        terminal.press("o").wait_for("复核 2");
        terminal.wait_for("抓人才引进").settle();
        terminal.press("<Enter>").wait_for("复核 1").settle();
        terminal.press("r").wait_for("已拿起").settle();
        terminal.press("/").type_text("另行安排").press("<Enter>").settle();
        terminal.press("c").settle();
        terminal.press("gr").wait_for("批注已移到选中处").settle();
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
        let mut found = anchor_statuses(&home);
        found.sort();
        let expected =
            [("引才", "exact"), ("用才", "exact"), ("队伍", "orphaned")].map(|(tag, anchor)| (tag.to_owned(), anchor.to_owned()));
        assert_eq!(found, expected, "{columns}x{rows}");
        assert_eq!(home.print(&["review", FILE]), "", "nothing is left to decide");
    }
}

#[test]
fn history_state_is_restored_and_disagreements_are_listed() {
    let home = Home::with_speeches(&[]);
    std::fs::write(home.speech("讲话.txt"), SPEECH).unwrap();
    home.print(&["--author", "甲", "tag", FILE, "--section", "一", "思想"]);
    home.print(&["--author", "乙", "tag", FILE, "--section", "一", "思想"]);
    home.print(&["--author", "乙", "tag", FILE, "--section", "二/（二）", "用才"]);
    let mut terminal = home.open(100, 30, &[FILE]);
    terminal.wait_for("同志们").settle();
    terminal.press("gd").wait_for("未决1处").wait_for("乙+用才").settle().assert_whole();
    terminal.press("<Enter>").wait_for("共识取什么").settle().assert_whole();
    terminal.press("<Esc>").settle();
    terminal.press("gh").wait_for("回到哪一步").wait_for("用才").settle().assert_whole();
    // Restores the last state but one, with the two tags 思想.
    terminal.press("<Down><Enter>").wait_for("一并退回").settle();
    // What only others have done since is asked about.
    terminal.press("<Down><Enter>").wait_for("已恢复").settle();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    let tags: Vec<String> = anchor_statuses(&home).into_iter().map(|(tag, _)| tag).collect();
    assert_eq!(tags, ["思想", "思想"]);
}

#[test]
fn copy_is_detached_and_attached_in_the_reader() {
    let home = Home::with_speeches(&[]);
    let copy = "speeches/副本.txt";
    std::fs::write(home.speech("讲话.txt"), SPEECH).unwrap();
    std::fs::write(home.speech("副本.txt"), SPEECH).unwrap();
    home.print(&["tag", FILE, "--section", "一", "思想"]);
    let tags = |file: &str| {
        let exported: Value = serde_json::from_str(&home.print(&["export", file, "--format", "json"])).unwrap();
        let entries = exported["annotations"].as_array().unwrap().clone();
        entries.iter().map(|entry| entry["tags"][0].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut terminal = home.open(100, 30, &[copy]);
    terminal.wait_for("共用批注").settle();
    // The second entry keeps the copy attached; the first detaches it.
    terminal.press("gc").wait_for("继续共用").settle().assert_whole();
    terminal.press("<Down><Enter>").settle();
    terminal.press("gc").wait_for("继续共用").wait_for("讲话.txt").settle();
    terminal.press("<Enter>").wait_for("已分开").settle();
    home.print(&["tag", copy, "--section", "二", "副本的"]);
    home.print(&["tag", FILE, "--section", "二", "原件的"]);
    assert_eq!((tags(copy), tags(FILE)), (vec!["思想".into(), "副本的".into()], vec!["思想".into(), "原件的".into()]));
    terminal.press("gc").wait_for("仍然分开").settle();
    terminal.press("<Enter>").wait_for("已合用").settle();
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
    for file in [copy, FILE] {
        let mut tags = tags(file);
        tags.sort();
        assert_eq!(tags, ["副本的", "原件的", "思想"]);
    }
}

/// A speech that was moved and edited at once has no annotations of its own; those of the nearly equal
/// one are offered, and taken or refused for good.
#[test]
fn annotations_of_a_nearly_equal_speech_are_offered() {
    let new = "speeches/新稿.txt";
    for take in [true, false] {
        let home = Home::with_speeches(&[]);
        std::fs::write(home.speech("讲话.txt"), SPEECH).unwrap();
        home.print(&["tag", FILE, "--section", "一", "思想"]);
        std::fs::remove_file(home.speech("讲话.txt")).unwrap();
        std::fs::write(home.speech("新稿.txt"), SPEECH.replace("要到外面去请人才。", "要到外面去请各路人才。")).unwrap();
        let mut terminal = home.open(100, 30, &[new]);
        terminal.wait_for("大体相同").settle();
        terminal.press("gc").wait_for("大体相同的讲话的批注").wait_for("采用它的批注（1 条").settle().assert_whole();
        if take {
            terminal.press("<Enter>").wait_for("已采用批注").wait_for("思想").settle();
        } else {
            terminal.press("<Down><Enter>").wait_for("已拒绝").settle();
        }
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
        let exported: Value = serde_json::from_str(&home.print(&["export", new, "--format", "json"])).unwrap();
        assert_eq!(exported["annotations"].as_array().unwrap().len(), usize::from(take));
        // Refused is refused for good, and what was taken is not offered again.
        let mut terminal = home.open(100, 30, &[new]);
        terminal.wait_for("同志们").settle();
        assert!(!terminal.screen().contains("大体相同"), "{}", terminal.screen());
        terminal.press("Q");
        assert_eq!(terminal.wait_exit().exit_code(), 0);
    }
}
