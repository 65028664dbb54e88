//! The story of a user who puts her tags in order while she reads, without leaving the reader.

use crate::{story::Story, terminal::Home};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
const TALENT: &str = "玉带市人才工作推进会讲话.txt";
const BIG5: &str = "臨江市人才工作會議講話.txt";

/// Three speeches tagged over the years: one subject under two names, and a name that grew too narrow.
fn tagged_home() -> Home {
    let home = Home::with_speeches(&[SPEECH, TALENT, BIG5]);
    let tag = |speech: &str, section: &str, tags: &[&str]| {
        home.print(&[&["tag", &format!("speeches/{speech}"), "--section", section], tags].concat());
    };
    tag(SPEECH, "二、/（三）", &["人才工作"]);
    tag(SPEECH, "一、/（三）", &["引才"]);
    tag(SPEECH, "二、/（一）", &["作风建设"]);
    tag(TALENT, "一、", &["引才"]);
    home.print(&["tag", &format!("speeches/{BIG5}"), "--whole", "人才工作"]);
    home
}

/// Number of annotations of each tag, as the shell has them.
fn uses(home: &Home) -> Vec<(String, usize)> {
    let collection: serde_json::Value = serde_json::from_str(&home.print(&["export", "speeches", "--format", "json"])).unwrap();
    let annotations = collection["annotations"].as_array().unwrap();
    let mut uses = std::collections::BTreeMap::new();
    for tag in annotations.iter().flat_map(|entry| entry["tags"].as_array().unwrap()) {
        *uses.entry(tag.as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    uses.into_iter().collect()
}

#[test]
fn a_user_renames_merges_and_recolours_tags_without_leaving_the_reader() {
    let home = tagged_home();
    let mut story = Story::new(home.open(100, 30, &[&format!("speeches/{SPEECH}")]));
    story.wait("同志们").press("]s]s", 4).wait("抓住要害").show("reading, in the second section");
    // The names are typed in pinyin; each change says what it touches before it is made.
    story.press("gM", 2).wait("作风建设").show("the tags");
    story.press("/", 1).type_text("zuofeng").press("<Enter>", 1).wait("1 条批注").press("r", 1);
    story.wait("1 篇讲话的 1 条批注随之改名").show("asked for the new name");
    story.type_text("与纪律").press("<Enter>", 1).wait("已改名").show("renamed");
    story.press("/<C-u>", 2).type_text("yincai").press("<Enter>", 1).wait("2 条批注，2 篇讲话");
    story.press("m", 1).wait("把 引才 并入").type_text("rencai").press("<Enter>", 1);
    story.wait("2 篇讲话的 2 条批注改为 人才工作").show("asked before merging");
    story.press("<Enter>", 1).wait("已并入").wait("4 条批注，3 篇讲话").show("merged");
    // The keys go on from one another, however quickly they come.
    story.press("CCC", 3).wait("颜色 12 / 12").show("recoloured");
    // Back where she read, the new names, signs and colours beside the text.
    story.press("<Esc><Esc>", 2).wait("抓住要害").show("reading on");
    // The one tag has what the two had, and tags with its new name are found.
    story
        .press("t", 1)
        .wait("标签 ·")
        .type_text("zfjsyj")
        .wait_gone("党员队伍")
        .wait("作风建设与纪律")
        .show("the tag list knows the new name");
    story.press("<Esc><Esc>", 2).wait("抓住要害").press("Q", 1);
    assert_eq!(story.terminal.wait_exit().exit_code(), 0);
    assert!(story.keys < 60, "{} keys", story.keys);
    assert_eq!(uses(&home), [("人才工作".to_owned(), 4), ("作风建设与纪律".to_owned(), 1)]);
    insta::assert_snapshot!("tag_story", story.told(&home));
}
