//! Drafts: a note being typed survives the end of the program and is offered at its place.

use crate::{
    annotate::go_to_talent,
    terminal::{Home, Terminal},
};
use std::{
    fs, thread,
    time::{Duration, Instant},
};

const SPEECH: &str = "青禾县组织工作会议讲话.txt";
pub const NOTE: &str = "这里可以再加一个例子";
/// Title of the question about a draft.
pub const OFFER: &str = "这篇讲话有未写完的批语";

fn open(home: &Home) -> Terminal {
    home.open(100, 30, &[&format!("speeches/{SPEECH}")])
}

/// Types a note on the section 二、/（三）.
pub fn type_note(terminal: &mut Terminal) {
    go_to_talent(terminal);
    terminal.press("a").settle();
    terminal.type_text(NOTE).wait_for(NOTE);
}

fn drafts(home: &Home) -> Vec<String> {
    let Ok(entries) = fs::read_dir(home.state().join("drafts")) else { return Vec::new() };
    let paths = entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|found| found == "json"));
    paths.filter_map(|path| fs::read_to_string(path).ok()).collect()
}

/// What the drafts' files hold, also of those that only the system has.
fn kept(home: &Home) -> String {
    let entries = fs::read_dir(home.state().join("drafts")).into_iter().flatten().flatten();
    entries.filter_map(|entry| fs::read_to_string(entry.path()).ok()).collect()
}

/// The notes in the store.
fn notes(home: &Home) -> Vec<(serde_json::Value, String)> {
    let json: serde_json::Value = serde_json::from_str(&home.print(&["export", "speeches", "--format", "json"])).unwrap();
    let annotations = json["annotations"].as_array().unwrap();
    annotations.iter().map(|entry| (entry["section"].clone(), entry["note"].as_str().unwrap().to_owned())).collect()
}

/// Before, a note being typed was lost with the program. `PIZHU_DRAFT_KILLS` is the number of runs.
#[test]
fn kill_loses_at_most_the_last_second_of_a_note() {
    let kills = std::env::var("PIZHU_DRAFT_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(5);
    for run in 0..kills {
        let home = Home::with_speeches(&[SPEECH]);
        let mut terminal = open(&home);
        go_to_talent(&mut terminal);
        terminal.press("a").settle();
        // Words come one by one, without a pause, until the program is killed.
        let length = Duration::from_millis(1300 + 170 * (run % 7));
        let (begun, mut typed) = (Instant::now(), Vec::new());
        while begun.elapsed() < length {
            let word = format!("第{}句。", typed.len() + 1);
            terminal.type_text(&word);
            typed.push((Instant::now(), word));
            thread::sleep(Duration::from_millis(25));
        }
        let killed = Instant::now();
        terminal.kill();
        let kept = kept(&home);
        for (at, word) in &typed {
            assert!(kept.contains(word.as_str()) || killed.duration_since(*at) < Duration::from_secs(1), "run {run}: {word} is lost");
        }
        open(&home).wait_for(OFFER);
    }
}

#[test]
fn draft_is_continued_at_its_place_after_the_speech_was_edited() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    type_note(&mut terminal);
    terminal.wait("the draft", |_| !drafts(&home).is_empty());
    terminal.kill();
    let text = fs::read_to_string(home.speech(SPEECH)).unwrap();
    fs::write(home.speech(SPEECH), text.replacen("同志们", "各位代表、同志们", 1)).unwrap();
    let mut reopened = open(&home);
    reopened.wait_for(OFFER).wait_for(NOTE);
    reopened.press("<Enter>").wait_gone(OFFER).wait_for(NOTE);
    reopened.type_text("，写完了").wait_for("写完了");
    reopened.press("<C-s>").wait_for("批语已保存");
    crate::annotate::wait_saved(&reopened);
    reopened.wait("no draft", |_| drafts(&home).is_empty());
    reopened.press("Q");
    assert_eq!(reopened.wait_exit().exit_code(), 0);
    assert_eq!(notes(&home), [(serde_json::json!(["二、", "（三）"]), format!("{NOTE}，写完了"))]);
}

#[test]
fn draft_is_discarded_or_kept_for_later() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    type_note(&mut terminal);
    terminal.wait("the draft", |_| !drafts(&home).is_empty());
    terminal.kill();
    let mut later = open(&home);
    later.wait_for(OFFER);
    later.press("<Down><Down><Enter>").wait_gone(OFFER);
    later.press("Q");
    assert_eq!(later.wait_exit().exit_code(), 0);
    assert_eq!(drafts(&home).len(), 1);
    let mut discarding = open(&home);
    discarding.wait_for(OFFER);
    discarding.press("<Down><Enter>").wait_gone(OFFER);
    discarding.wait("no draft", |_| drafts(&home).is_empty());
    discarding.press("Q");
    assert_eq!(discarding.wait_exit().exit_code(), 0);
}

#[test]
fn cancelled_note_leaves_no_draft() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    type_note(&mut terminal);
    terminal.wait("the draft", |_| !drafts(&home).is_empty());
    terminal.press("<Esc><Esc>").wait_gone(NOTE);
    terminal.wait("no draft", |_| drafts(&home).is_empty());
    terminal.press("Q");
    assert_eq!(terminal.wait_exit().exit_code(), 0);
}

/// Two readers of one speech keep a draft each; neither is offered the other's while that one lives.
#[test]
fn two_readers_keep_a_draft_each() {
    let home = Home::with_speeches(&[SPEECH]);
    let (mut first, mut second) = (open(&home), open(&home));
    second.wait_for("同志们").settle();
    type_note(&mut first);
    first.wait("the draft", |_| drafts(&home).len() == 1);
    type_note(&mut second);
    second.type_text("（二）").wait("two drafts", |_| drafts(&home).len() == 2);
    let third = open(&home);
    third.wait_for("（三）着眼人尽其才").settle();
    assert!(!third.screen_text().contains(OFFER), "{}", third.screen());
    third.kill();
    second.wait("the whole draft", |_| drafts(&home).iter().any(|draft| draft.contains("（二）")));
    first.kill();
    second.kill();
    let mut reopened = open(&home);
    reopened.wait_for(OFFER);
    reopened.press("<Esc>").wait_for(OFFER).wait_for("（二）");
}

/// Kills the reader while something is typed, opens it again and returns it where that is offered.
fn killed_while_typing(home: &Home, keys: &str, typed: &str) -> Terminal {
    let mut terminal = open(home);
    terminal.wait_for("F1").settle();
    for keys in keys.split(' ') {
        terminal.press(keys).settle();
    }
    terminal.type_text(typed).wait_for(typed);
    terminal.wait("the draft", |_| drafts(home).iter().any(|draft| draft.contains(typed)));
    terminal.kill();
    let again = open(home);
    again.wait_for("F1").settle();
    again
}

#[test]
fn words_and_headings_of_a_basket_are_offered_after_a_kill() {
    let home = Home::with_speeches(&[SPEECH]);
    let mut terminal = open(&home);
    terminal.wait_for("同志们").settle();
    terminal.press("]sp").wait_for("已放入").settle();
    terminal.press("]sp").wait_for("已放入").settle();
    terminal.press("Q").wait_exit();
    let offer = "素材里有未写完的文字";
    // Words between two passages, then a heading; each goes to where it was being written.
    let mut terminal = killed_while_typing(&home, "gp gg a", "接着说引才");
    terminal.press("gp").wait_for(offer).wait_for("接着说引才").settle().assert_whole();
    terminal.press("<Enter>").wait_gone(offer);
    terminal.type_text("的办法").press("<C-s>").wait_for("已加文字").settle().assert_whole();
    terminal.wait("no draft", |_| drafts(&home).is_empty());
    terminal.press("Q").wait_exit();
    let mut terminal = killed_while_typing(&home, "gp gg H", "怎么引");
    terminal.press("gp").wait_for(offer).settle();
    terminal.press("<Enter>").wait_gone(offer).wait_for("怎么引");
    terminal.type_text("才").press("<Enter>").wait_for("已加标题").settle();
    terminal.wait("no draft", |_| drafts(&home).is_empty());
    terminal.press("Q").wait_exit();
    let list = home.print(&["basket", "list"]);
    let at = |words: &str| list.find(words).unwrap_or_else(|| panic!("{words} in {list}"));
    assert!(at("怎么引才") < at("看清来路") && at("看清来路") < at("接着说引才的办法"), "{list}");
    // What was discarded or given up is not offered again.
    let mut terminal = killed_while_typing(&home, "gp G a", "不要了");
    terminal.press("gp").wait_for(offer).settle();
    terminal.press("<Down><Enter>").wait_gone(offer);
    terminal.wait("no draft", |_| drafts(&home).is_empty());
    terminal.press("H").settle();
    terminal.type_text("也不要").wait_for("也不要").wait("the draft", |_| !drafts(&home).is_empty());
    terminal.press("<Esc>").wait("no draft", |_| drafts(&home).is_empty());
    terminal.press("Q").wait_exit();
}

#[test]
fn texts_of_tags_and_memos_are_offered_after_a_kill() {
    let home = Home::with_speeches(&[SPEECH]);
    home.print(&["tag", &format!("speeches/{SPEECH}"), "--section", "一、", "人才工作"]);
    let mut terminal = killed_while_typing(&home, "gM /rencai<Enter> n", "与引才一并考虑");
    terminal.press("gM").wait_for("标签有未写完的说明").settle().assert_whole();
    terminal.press("<Enter>").wait_gone("标签有未写完的说明");
    terminal.press("<C-s>").settle();
    terminal.wait("no draft", |_| drafts(&home).is_empty());
    terminal.press("Q").wait_exit();
    let tags: serde_json::Value = serde_json::from_str(&home.print(&["tags", "--format", "json"])).unwrap();
    let talent = tags["tags"].as_array().unwrap().iter().find(|tag| tag["name"] == "人才工作").unwrap();
    assert_eq!(talent["memo"], "与引才一并考虑");
    let mut terminal = killed_while_typing(&home, "gN a", "全项目的想法");
    terminal.press("gN").wait_for("有未写完的备忘").settle();
    terminal.press("<Enter>").wait_gone("有未写完的备忘");
    terminal.press("<C-s>").settle();
    terminal.wait("no draft", |_| drafts(&home).is_empty());
    terminal.press("Q").wait_exit();
    assert!(home.print(&["memo", "list"]).contains("全项目的想法"));
}
