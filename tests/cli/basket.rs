//! `pizhu basket`: passages gathered from speeches, in order, exported with their sources.

use crate::program::{SPEECH, TestProgram};
use serde_json::Value;
use std::fs;

/// A basket with a heading, two passages of two speeches and words.
fn program() -> TestProgram {
    let program = TestProgram::with_speech();
    program.run(&["store", "init"]).ok();
    program.write("b.txt", SPEECH.replace("青禾县", "玉带市").replace("三十人", "五十人"));
    assert_eq!(program.run(&["basket", "add", "a.txt", "--quote", "全县引进三十人。"]).ok(), "Basket 1\n");
    assert_eq!(program.run(&["basket", "heading", "怎么引", "--at", "1"]).ok(), "Basket 1\n");
    assert_eq!(program.run(&["basket", "add", "b.txt", "--section", "二、/（一）"]).ok(), "Basket 3\n");
    assert_eq!(program.run(&["basket", "text", "两篇对着看", "--at", "3"]).ok(), "Basket 3\n");
    program
}

fn listed(program: &TestProgram) -> Vec<Value> {
    let report = program.run(&["basket", "list", "--format", "json"]).json();
    report["baskets"].as_array().unwrap().clone()
}

/// The entries of the first basket: kind and text.
fn entries(program: &TestProgram) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    listed(program)[0]["entries"].as_array().unwrap().iter().map(|entry| (word(&entry["kind"]), word(&entry["text"]))).collect()
}

fn kinds(program: &TestProgram) -> Vec<String> {
    entries(program).into_iter().map(|(kind, _)| kind).collect()
}

#[test]
fn entries_are_listed_moved_changed_and_removed() {
    let program = program();
    assert_eq!(kinds(&program), ["heading", "passage", "text", "passage"]);
    let list = program.run(&["basket", "list"]).ok();
    assert!(list.contains("   1  # 怎么引\n   2  “全县引进三十人。”\n"), "{list}");
    assert!(list.contains("《在青禾县人才工作会议上的讲话》（2024-05-06），一、"), "{list}");
    program.run(&["basket", "move", "4", "2"]).ok();
    assert_eq!(kinds(&program), ["heading", "passage", "passage", "text"]);
    assert!(entries(&program)[1].1.contains("到外面去请人才"));
    program.run(&["basket", "heading", "怎么引人", "--level", "2", "--replace", "1"]).ok();
    assert_eq!(entries(&program)[0].1, "怎么引人");
    let error = program.run(&["basket", "text", "改", "--replace", "2"]).error(2);
    assert!(error.contains("entry 2 is a passage"), "{error}");
    assert!(program.run(&["basket", "move", "9", "1"]).error(2).contains("no entry 9"));
    assert!(program.run(&["basket", "text", "  "]).error(2).contains("empty"));
    program.run(&["basket", "remove", "1", "4"]).ok();
    assert_eq!(kinds(&program), ["passage", "passage"]);
}

#[test]
fn there_are_several_baskets_by_name() {
    let program = program();
    program.run(&["basket", "text", "另一份", "--basket", "开头"]).ok();
    assert!(program.run(&["basket", "text", "哪一份"]).error(2).contains("Basket, 开头"));
    program.run(&["basket", "move", "2", "--into", "开头", "--basket", "Basket"]).ok();
    program.run(&["basket", "rename", "正文", "--basket", "Basket"]).ok();
    assert!(program.run(&["basket", "rename", "正文", "--basket", "开头"]).error(2).contains("already"));
    let names: Vec<Value> = listed(&program).iter().map(|basket| basket["name"].clone()).collect();
    assert_eq!(names, ["开头", "正文"]);
    let counts: Vec<usize> = listed(&program).iter().map(|basket| basket["entries"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [2, 3]);
    program.run(&["basket", "delete", "正文"]).ok();
    assert!(program.run(&["basket", "delete", "正文"]).error(2).contains("no basket"));
    assert_eq!(listed(&program).len(), 1);
}

#[test]
fn basket_passages_follow_their_speeches_and_lost_ones_are_kept() {
    let program = program();
    program.write("b.txt", SPEECH.replace("青禾县", "玉带市").replace("（一）抓引进\n要到外面去请人才。\n", ""));
    program.write("a.txt", format!("又一行。\n{}", SPEECH.replace("引进三十人", "引进了四十个人")));
    let states: Vec<Value> = listed(&program)[0]["entries"].as_array().unwrap().iter().map(|entry| entry["state"].clone()).collect();
    assert_eq!(states, [Value::Null, "changed".into(), Value::Null, "orphaned".into()]);
    let list = entries(&program);
    assert!(list[1].1.contains("四十个人") && list[3].1.contains("到外面去请人才"), "{list:?}");
    let output = program.run(&["basket", "export", "--format", "markdown"]);
    assert!(output.err.contains("one passage is not in its speech as it was"), "{}", output.err);
    assert!(output.out.contains("（no longer in the text; as it was）") && output.out.contains("（the text has changed since）"));
    fs::rename(program.folder().join("a.txt"), program.folder().join("改名.txt")).unwrap();
    assert!(program.run(&["basket", "list"]).ok().contains("not there"));
}

#[test]
fn an_annotations_passage_is_put_in_by_its_id() {
    let program = TestProgram::with_speech();
    let id = program.run(&["tag", "a.txt", "--quote", "建成两个工作站", "人才工作"]).ok();
    program.run(&["basket", "add", "a.txt", "--id", id.trim()]).ok();
    assert_eq!(entries(&program), [("passage".to_owned(), "建成两个工作站".to_owned())]);
    let error = program.run(&["basket", "add", "a.txt", "--id", "0192f0c1-2345-7abc-8def-0123456789ab"]).error(2);
    assert!(error.contains("no annotation"), "{error}");
}

#[test]
fn an_export_never_writes_over_a_speech_or_a_store() {
    let program = program();
    program.run(&["basket", "export", "-o", "素材.docx"]).ok();
    assert!(fs::read(program.folder().join("素材.docx")).unwrap().starts_with(b"PK"));
    assert!(program.run(&["basket", "export", "-o", "素材.docx"]).error(2).contains("--force"));
    program.run(&["basket", "export", "-o", "素材.docx", "--force"]).ok();
    let (speech, store) = (program.read("a.txt"), program.read(".pizhu/project.ron"));
    program.run(&["basket", "export", "--format", "markdown", "-o", "a.txt", "--force"]).error(2);
    program.run(&["basket", "export", "--format", "markdown", "-o", ".pizhu/project.ron", "--force"]).error(2);
    assert_eq!((program.read("a.txt"), program.read(".pizhu/project.ron")), (speech, store));
    let markdown = program.run(&["basket", "export"]).ok();
    assert!(markdown.starts_with("# Basket\n\n## 怎么引\n\n> 全县引进三十人。[^1]\n\n两篇对着看\n"), "{markdown}");
    assert!(markdown.ends_with("[^2]: 《在玉带市人才工作会议上的讲话》（2024-05-06），二、/（一） 抓引进，b.txt\n"), "{markdown}");
}

/// Two people edit copies of a store; nothing of either is lost.
#[test]
fn basket_entries_of_two_users_are_merged() {
    let program = program();
    let base = program.read(".pizhu/project.ron");
    program.run(&["basket", "text", "甲的话", "--at", "2"]).ok();
    program.run(&["basket", "remove", "4"]).ok();
    let ours = program.read(".pizhu/project.ron");
    program.write(".pizhu/project.ron", &base);
    program.run(&["basket", "text", "乙的话", "--at", "2"]).ok();
    program.run(&["basket", "move", "5", "1"]).ok();
    let theirs = program.read(".pizhu/project.ron");
    for (name, text) in [("base.ron", &base), ("ours.ron", &ours), ("theirs.ron", &theirs)] {
        program.write(name, text);
    }
    program.run(&["merge", "base.ron", "ours.ron", "theirs.ron"]).ok();
    program.write(".pizhu/project.ron", program.read("ours.ron"));
    let merged = entries(&program);
    let texts: Vec<&str> = merged.iter().map(|(_, text)| text.lines().next().unwrap_or_default()).collect();
    assert!(texts.contains(&"甲的话") && texts.contains(&"乙的话") && !texts.contains(&"两篇对着看"), "{texts:?}");
    assert_eq!((texts.len(), texts[0]), (5, "（一）抓引进"));
}
