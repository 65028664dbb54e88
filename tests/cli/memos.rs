//! Memos of tags and of the project, and the list of all memos and notes, run as processes.

use crate::program;

use program::TestProgram;
use serde_json::Value;

fn kinds(list: &Value) -> Vec<(&str, &str)> {
    list["memos"].as_array().unwrap().iter().map(|memo| (memo["kind"].as_str().unwrap(), memo["text"].as_str().unwrap())).collect()
}

fn with_memos() -> TestProgram {
    let program = TestProgram::with_speech();
    program.run(&["memo", "project", "先看人才部分", "--author", "甲"]).ok();
    program.run(&["memo", "tag", "人才工作", "与干部分开\n=记"]).ok();
    program.run(&["note", "a.txt", "--whole", "全篇偏重基层", "--author", "乙"]).ok();
    program.run(&["note", "a.txt", "--section", "一", "本节有数字", "--author", "乙"]).ok();
    program
}

#[test]
fn all_memos_are_listed_written_and_deleted() {
    let program = with_memos();
    let list: Value = serde_json::from_str(&program.run(&["memo", "list", "--format", "json"]).ok()).unwrap();
    let wanted = [("project", "先看人才部分"), ("tag", "与干部分开\n=记"), ("speech", "全篇偏重基层"), ("section", "本节有数字")];
    assert_eq!(kinds(&list), wanted);
    let section = &list["memos"][3];
    assert_eq!((section["author"].as_str(), section["section"].as_str()), (Some("乙"), Some("一、")));
    assert!(section["document"].as_str().unwrap().ends_with("a.txt") && section["modified"].as_str().unwrap().ends_with('Z'));
    assert_eq!((list["memos"][1]["tag"].as_str(), list["memos"][1]["author"].is_null()), (Some("人才工作"), true));
    let lines = program.run(&["memo", "list", "--format", "jsonl", "--kind", "tag", "--kind", "section"]).ok();
    assert_eq!(lines.lines().count(), 2);
    let text = program.run(&["memo", "list", "--author", "乙"]).ok();
    assert!(text.contains("全篇偏重基层") && !text.contains("先看"), "{text}");
    // One's own is replaced, another's stays.
    program.run(&["memo", "project", "改了", "--author", "甲"]).ok();
    program.run(&["memo", "project", "乙的", "--author", "乙"]).ok();
    program.run(&["memo", "project", "--delete", "--author", "乙"]).ok();
    assert!(program.run(&["memo", "project", "--delete", "--author", "乙"]).error(2).contains('乙'));
    program.run(&["memo", "tag", "人才工作", "--delete"]).ok();
    assert!(program.run(&["memo", "tag", "人才工作", "--delete"]).error(2).contains("人才工作"));
    assert!(program.run(&["memo", "tag", "没有", "记"]).error(2).contains("没有"));
    let list: Value = serde_json::from_str(&program.run(&["memo", "--format", "json"]).ok()).unwrap();
    assert_eq!(kinds(&list)[0], ("project", "改了"));
    assert_eq!(kinds(&list).len(), 3);
}

#[test]
fn memos_are_found_by_a_search_of_notes() {
    let program = with_memos();
    let found: Value = serde_json::from_str(&program.run(&["search", "人才", "--in", "note", "--format", "json", "."]).ok()).unwrap();
    assert_eq!((found["hits"].as_array().unwrap().len(), kinds(&found)), (0, vec![("project", "先看人才部分")]));
    let found = program.run(&["search", "分", "--in", "note", "."]).ok();
    assert!(found.contains("先看人才部分") && found.contains("人才工作: 与干部分开 =记"), "{found}");
    let of_tag = program.run(&["search", "分", "--in", "note", "--tag", "人才工作", "."]).ok();
    assert!(of_tag.contains("与干部分开") && !of_tag.contains("先看"), "{of_tag}");
    let lines = program.run(&["search", "幹部", "--in", "note", "--format", "jsonl", "."]).ok();
    assert_eq!(serde_json::from_str::<Value>(lines.trim()).unwrap()["kind"], "tag");
    assert_eq!(program.run(&["search", "没有这样的话", "--in", "note", "."]).status, 1);
}

#[test]
fn memos_go_with_an_export_and_come_back() {
    for format in ["json", "ron"] {
        let program = with_memos();
        program.run(&["attr", "set", "a.txt", "place=如皋", "与会人数=230"]).ok();
        program.run(&["attr", "type", "与会人数", "number"]).ok();
        let name = format!("all.{format}");
        program.run(&["export", "-o", &name]).ok();
        let before = program.run(&["export", "--format", "json"]).ok();
        let strip = |text: &str, program: &TestProgram| text.replace(&program.folder().display().to_string(), "");
        let (before, exported) = (strip(&before, &program), program.read(&name));
        // Else the speech would be found where it was.
        drop(program);
        let other = TestProgram::with_speech();
        other.write(&name, &exported);
        let report: Value = serde_json::from_str(&other.run(&["import", &name, "--format", "json"]).ok()).unwrap();
        assert_eq!((report["records"].as_u64(), report["project"].as_u64()), (Some(2), Some(2)), "{report}");
        let after = strip(&other.run(&["export", "--format", "json"]).ok(), &other);
        let differing: Vec<_> = before.lines().zip(after.lines()).filter(|(one, other)| one != other).collect();
        assert!(before == after, "{format}: {differing:?}");
        let report: Value = serde_json::from_str(&other.run(&["import", &name, "--format", "json"]).ok()).unwrap();
        assert_eq!((report["records"].as_u64(), report["project"].as_u64()), (Some(0), Some(0)), "again");
    }
    let program = with_memos();
    program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
    let markdown = program.run(&["export", "--format", "markdown", "--order", "tag"]).ok();
    assert!(markdown.starts_with("先看人才部分  \n— 甲\n") && markdown.contains("与干部分开  \n\\=记\n"), "{markdown}");
    assert!(program.run(&["export", "--format", "html"]).ok().contains("先看人才部分"));
}
