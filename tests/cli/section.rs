//! `section`: an outline mended by hand, and every command that shows it.

use crate::program;

use program::{SPEECH, TestProgram};
use serde_json::{Value, json};

/// Path and level of the sections.
fn outline(program: &TestProgram, arguments: &[&str]) -> Vec<(String, u64)> {
    let arguments: Vec<&str> = ["outline", "a.txt", "--format", "jsonl"].into_iter().chain(arguments.iter().copied()).collect();
    let lines = program.run(&arguments).ok();
    let section = |line: &str| {
        let record: Value = serde_json::from_str(line).unwrap();
        (record["path"].as_str().unwrap().to_owned(), record["level"].as_u64().unwrap())
    };
    lines.lines().map(section).collect()
}

fn paths(program: &TestProgram) -> Vec<String> {
    outline(program, &[]).into_iter().map(|(path, _)| path).collect()
}

const PARSED: [&str; 6] = ["一、", "一、/一是", "一、/二是", "二、", "二、/（一）", "二、/（二）"];

#[test]
fn every_command_shows_the_outline_as_it_is_mended() {
    let program = TestProgram::with_speech();
    assert_eq!(paths(&program), PARSED);
    program.run(&["tag", "a.txt", "--section", "二/（二）", "人才工作"]).ok();
    let id = program.run(&["section", "a.txt", "二", "--demote"]).ok();
    assert_eq!(id.trim().len(), 36, "{id}");
    assert_eq!(paths(&program), ["一、", "一、/一是", "一、/二是", "一、/二、", "一、/二、/（一）", "一、/二、/（二）"]);
    let tree = program.run(&["outline", "a.txt", "--format", "json"]).json();
    assert_eq!(tree["sections"][0]["children"][2]["children"][1]["path"], "一、/二、/（二）");
    assert!(program.run(&["outline", "a.txt"]).ok().contains("\n  二、突出重点"));
    let hits = program.run(&["search", "用得好", "a.txt", "--format", "json"]).json();
    assert_eq!(hits["hits"][0]["section"], json!(["一、", "二、", "（二）"]));
    let exported = program.run(&["export", "a.txt", "--format", "json"]).json();
    assert_eq!(exported["annotations"][0]["section"], json!(["一、", "二、", "（二）"]));
    assert_eq!((&exported["annotations"][0]["scope"], &exported["annotations"][0]["anchor"]), (&json!("section"), &json!("exact")));
    let counted = program.run(&["count", "a.txt", "--by", "level"]).ok();
    assert!(counted.contains('3'), "{counted}");
    let text = program.run(&["text", "a.txt", "--format", "jsonl"]).ok();
    assert!(text.lines().any(|line| line.contains("一、/二、/（一）")), "{text}");
    // A new tag goes to the section by the path that is shown.
    program.run(&["tag", "a.txt", "--section", "一/二/（一）", "干部队伍"]).ok();
    // Without the user's store nothing is mended.
    let plain = outline(&program, &["--state", "none"]);
    assert_eq!(plain.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), PARSED);
    // Over a folder, with the caches of searches.
    for _ in 0..2 {
        let hits = program.run(&["search", "用得好", ".", "--format", "json"]).json();
        assert_eq!(hits["hits"][0]["section"], json!(["一、", "二、", "（二）"]));
    }
}

#[test]
fn section_command_removes_and_adds_headings_and_sets_the_title() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "二/（一）", "人才工作"]).ok();
    program.run(&["section", "a.txt", "二/（一）", "--no-heading"]).ok();
    assert_eq!(paths(&program), ["一、", "一、/一是", "一、/二是", "二、", "二、/（二）"]);
    let annotation = |program: &TestProgram| program.run(&["export", "a.txt", "--format", "json"]).json()["annotations"][0].clone();
    let now = annotation(&program);
    assert_eq!(
        (&now["scope"], &now["quote"], &now["anchor"]),
        (&json!("passage"), &json!("（一）抓引进\n要到外面去请人才。"), &json!("exact"))
    );
    program.run(&["section", "a.txt", "--quote", "（一）抓引进", "--reset"]).ok();
    assert_eq!((paths(&program), annotation(&program)["scope"].clone()), (PARSED.map(str::to_owned).to_vec(), json!("section")));
    // A line becomes a heading; without a level, beside the section above.
    program.run(&["section", "a.txt", "--line", "5", "--heading"]).ok();
    assert_eq!(paths(&program)[0], "今天的会议很重要，我讲两点意见");
    program.run(&["section", "a.txt", "--quote", "要让人才留得住", "--heading", "2"]).ok();
    assert!(outline(&program, &[]).contains(&("二、/要让人才留得住".to_owned(), 2)));
    program.run(&["section", "a.txt", "--line", "5", "--title"]).ok();
    let title = program.run(&["outline", "a.txt", "--format", "json"]).json()["title"].clone();
    assert_eq!(title, "今天的会议很重要，我讲两点意见");
    let edits = program.run(&["section", "a.txt", "--format", "json"]).json();
    let changes: Vec<&str> = edits["edits"].as_array().unwrap().iter().map(|edit| edit["change"].as_str().unwrap()).collect();
    assert_eq!(changes, ["heading", "heading", "title"]);
    assert!(program.run(&["section", "a.txt"]).ok().contains("要让人才留得住"));
    let history = program.run(&["history", "a.txt"]).ok();
    assert!(history.contains("no heading") && history.contains("title"), "{history}");
    program.run(&["section", "a.txt", "--reset"]).ok();
    assert_eq!(paths(&program), PARSED);
    program.run(&["history", "a.txt", "--restore", "2"]).ok();
    assert_eq!(paths(&program).len(), 5, "the state after the heading was taken away");
}

#[test]
fn impossible_outline_edits_are_one_line_errors() {
    let program = TestProgram::with_speech();
    let refused = |arguments: &[&str], words: &str| {
        let arguments: Vec<&str> = ["section", "a.txt"].into_iter().chain(arguments.iter().copied()).collect();
        let error = program.run(&arguments).error(2);
        assert!(error.contains("a.txt") && error.contains(words), "{error}");
    };
    refused(&["一", "--promote"], "cannot be moved");
    refused(&["二/（一）", "--demote"], "cannot be moved");
    refused(&["--quote", "请人才", "--promote"], "no heading");
    refused(&["--quote", "请人才", "--no-heading"], "no heading");
    refused(&["--line", "400", "--heading"], "no words");
    refused(&["五", "--promote"], "no section");
    refused(&["--span", "5:900", "--heading", "1"], "5:900");
    assert!(program.run(&["section", "a.txt", "一"]).error(2).contains("--promote"));
    assert_eq!(program.run(&["section", "a.txt", "一", "--promote", "--demote"]).status, 2);
    assert_eq!(program.run(&["section", "a.txt", "--promote"]).status, 2);
    assert_eq!(program.run(&["section", "a.txt", "一", "--promote", "--state", "none"]).status, 2);
    assert_eq!(paths(&program), PARSED);
    assert_eq!(program.run(&["section", "a.txt", "--format", "json"]).json(), json!({ "version": 1, "edits": [] }));
}

#[test]
fn outline_edit_follows_its_text_and_lost_ones_need_review() {
    let program = TestProgram::with_speech();
    program.run(&["section", "a.txt", "二", "--demote"]).ok();
    let id = program.run(&["section", "a.txt", "一/二/（二）", "--no-heading"]).ok();
    let changed = SPEECH
        .replace("同志们：", "各位代表，同志们：\n先说几句题外话，天气冷了，大家注意身体。")
        .replace("（二）抓使用", "（二）抓好使用");
    program.write("a.txt", &changed);
    assert_eq!(paths(&program), ["一、", "一、/一是", "一、/二是", "一、/二、", "一、/二、/（一）"]);
    // Opened with what the store has of it, it is known under its new text.
    assert_eq!(program.run(&["section", "a.txt"]).ok().lines().count(), 2);
    std::fs::rename(program.folder().join("a.txt"), program.folder().join("b.txt")).unwrap();
    let moved = program.run(&["outline", "b.txt", "--format", "jsonl"]).ok();
    assert_eq!(moved.lines().count(), 5, "{moved}");
    std::fs::rename(program.folder().join("b.txt"), program.folder().join("a.txt")).unwrap();
    // The heading is gone from the text.
    let (head, _) = changed.split_once("（二）").unwrap();
    program.write("a.txt", head);
    let reviewed = program.run(&["review", "a.txt", "--format", "json"]).json();
    let case = &reviewed["annotations"][0];
    assert_eq!((case["id"].as_str(), &case["scope"], &case["change"]), (Some(id.trim()), &json!("outline"), &json!("no-heading")));
    assert_eq!(case["old"]["quote"], "（二）抓使用");
    assert!(program.run(&["review", "a.txt"]).ok().contains("no heading"));
    program.run(&["review", "a.txt", "--id", id.trim(), "--orphan"]).ok();
    assert_eq!(program.run(&["review", "a.txt"]).ok(), "");
    let kept = program.run(&["section", "a.txt", "--format", "json"]).json();
    assert_eq!(kept["edits"].as_array().unwrap().len(), 2, "nothing is dropped");
}

#[test]
fn a_shared_store_shows_everyone_what_one_has_mended() {
    let program = TestProgram::with_speech();
    program.write(".pizhu/.keep", "");
    program.run(&["section", "a.txt", "二", "--demote", "--author", "甲"]).ok();
    program.run(&["section", "a.txt", "一/二", "--promote", "--author", "乙"]).ok();
    assert_eq!(paths(&program), PARSED, "taken back by another");
    program.run(&["section", "a.txt", "二", "--demote", "--author", "甲"]).ok();
    let shared = outline(&program, &["--state", "none"]);
    assert_eq!(shared[3], ("一、/二、".to_owned(), 2), "a shared store is read without the user's folders");
    // A line of a program that knows more stays as it is.
    let file = std::fs::read_dir(program.folder().join(".pizhu")).unwrap().map(|entry| entry.unwrap().path());
    let file = file
        .into_iter()
        .find(|path| {
            path.to_string_lossy().contains('a') && path.extension().is_some_and(|end| end == "ron") && !path.ends_with("codebook.ron")
        })
        .unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let strange = "mended_by_machine(id:\"01\",at:[1,2]),";
    std::fs::write(&file, text.replace("records: [\n", &format!("records: [\n{strange}\n"))).unwrap();
    program.run(&["section", "a.txt", "一", "--no-heading"]).ok();
    assert!(std::fs::read_to_string(&file).unwrap().contains(strange));
}
