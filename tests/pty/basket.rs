//! The basket in a terminal: the story of a writer who gathers what was said on talent.

use crate::{story::Story, terminal::Home};
use std::fs;

const FILES: [&str; 3] = ["玉带市人才工作推进会讲话.txt", "臨江市人才工作會議講話.txt", "青禾县组织工作会议讲话.txt"];

/// A writer finds six passages on talent in three speeches, puts them under two headings and exports
/// them for Word, in less than sixty keys.
#[test]
fn a_writer_gathers_six_passages_and_exports_them_for_word() {
    let home = Home::with_speeches(&FILES);
    let mut story = Story::new(home.open(120, 36, &["speeches"]));
    story.terminal.wait_for("2021-09-28").settle();
    story.press("g/", 2).type_text("人才").wait("3 篇").show("searched");
    // Two sentences of each speech, chosen by reading.
    let steps = ["<Down>".repeat(6), "<Down>".into(), format!("<Tab>{}", "<Down>".repeat(5)), "<Down>".repeat(2)];
    for (number, steps) in (1..).zip(steps.into_iter().chain([format!("<Tab>{}", "<Down>".repeat(5)), "<Down>".into()])) {
        story.press(&steps, steps.matches('<').count()).press("<C-b>", 1).wait(&format!("（{number}）"));
    }
    story.show("six put in");
    story.press("<Enter>", 1).wait("人才");
    story.press("gp", 2).wait("6 段").show("the basket");
    story.press("gg", 2).press("H", 1).type_text("引进").press("<Enter>", 1).wait("已加标题");
    story.press("4j", 2).press("H", 1).type_text("使用").press("<Enter>", 1).wait("已加标题").show("under two headings");
    story.press("X", 1).wait("素材.docx");
    story.press("<Enter>", 1).wait("已导出 6 段").show("exported");
    assert!(story.keys < 60, "{} keys", story.keys);
    let bytes = fs::read(home.path().join("素材.docx")).unwrap();
    assert!(bytes.starts_with(b"PK"));
    let markdown = home.print(&["basket", "export", "--basket", "素材"]);
    assert_eq!((markdown.matches("[^6]: ").count(), markdown.matches("\n## ").count()), (1, 2), "{markdown}");
    insta::assert_snapshot!("basket_story", story.told(&home));
}

#[test]
fn a_basket_is_edited_undone_and_kept_when_the_program_is_killed() {
    for (columns, rows) in [(80, 24), (40, 12)] {
        let home = Home::with_speeches(&FILES);
        let file = format!("speeches/{}", FILES[2]);
        let mut terminal = home.open(columns, rows, &[&file]);
        terminal.wait_for("同志们").settle();
        terminal.press("]]p").wait_for("已放入").settle();
        terminal.press("gp").wait_for("1 段").settle().assert_whole();
        terminal.press("a").settle();
        terminal.type_text("先说这个").press("<C-s>").wait_for("已加文字").settle().assert_whole();
        terminal.press("K").wait_for("已移动").settle();
        terminal.press("u").wait_for("已撤销").settle();
        terminal.press("H").settle();
        terminal.type_text("开头").press("<Enter>").wait_for("已加标题").settle().assert_whole();
        // Another basket, and back; an entry is moved into it.
        terminal.press("n").settle();
        terminal.type_text("另一份").press("<Enter>").wait_for("0 段").settle().assert_whole();
        terminal.press("b").settle().assert_whole();
        terminal.press("<Enter>").wait_for("1 段").wait_for("先说这个").settle();
        // The source is opened, and left for the basket again.
        terminal.press("gg<Enter>").wait_for("看清来路").settle();
        terminal.press("q").wait_for("先说这个").settle().assert_whole();
        terminal.kill();
        let list = home.print(&["basket", "list"]);
        let at = |words: &str| list.find(words).unwrap_or_else(|| panic!("{words} in {list}"));
        assert!(at("开头") < list.len() && at("先说这个") < list.len(), "{list}");
    }
}
