//! Blind coding: `--blind`, `done`, and what `agree` says of both.

use crate::program::{SPEECH, TestProgram};
use serde_json::{Value, json};

/// Two speeches, each coded by 甲 and 乙.
fn project() -> TestProgram {
    let program = TestProgram::new();
    program.run(&["store", "init", "."]).ok();
    program.write("a.txt", SPEECH);
    program.write("b.txt", SPEECH.replace("青禾县", "临江市"));
    for file in ["a.txt", "b.txt"] {
        program.run(&["tag", file, "--section", "二、/（一）", "人才工作", "--author", "甲"]).ok();
        program.run(&["tag", file, "--section", "二、/（二）", "作风建设", "--author", "乙"]).ok();
        program.run(&["note", file, "--quote", "我讲两点意见", "乙的话", "--author", "乙"]).ok();
    }
    program
}

/// The authors in an export.
fn authors(report: &Value) -> Vec<&str> {
    report["annotations"].as_array().unwrap().iter().filter_map(|one| one["author"].as_str()).collect()
}

/// The program as 甲.
fn as_jia() -> TestProgram {
    project().set_env("USER", "甲")
}

#[test]
fn blind_coder_gets_no_annotations_of_others_until_done() {
    let program = as_jia();
    let export = |arguments: &[&str]| program.run(&[&["export", "--format", "json"], arguments].concat()).json();
    assert_eq!(authors(&export(&[])).len(), 6);
    assert_eq!(authors(&export(&["--blind"])), ["甲", "甲"]);
    let search = program.run(&["search", "人才", "--tag", "作风建设", "--blind"]);
    assert_eq!((search.status, search.out.as_str()), (1, ""), "nothing of 乙's is found");
    assert_eq!(program.run(&["search", "人才", "--tag", "作风建设"]).status, 0);
    let count = |arguments: &[&str]| program.run(&[&["count", "--format", "json"], arguments].concat()).json();
    assert_eq!(count(&["--blind"])["columns"].as_array().unwrap().len(), 1);
    let page = program.run(&["report", "--blind"]).ok();
    assert!(!page.contains("乙"), "{page}");
    program.run(&["done", "a.txt"]).ok();
    assert_eq!(authors(&export(&["--blind"])).len(), 4, "of a.txt all");
    let done = program.run(&["done", "--list", "a.txt", "b.txt", "--format", "json"]).json();
    assert_eq!(done["speeches"], json!([{"document": "a.txt", "done": ["甲"]}, {"document": "b.txt", "done": []}]));
    program.run(&["done", "--undo", "a.txt"]).ok();
    assert_eq!(authors(&export(&["--blind"])), ["甲", "甲"]);
    // What is written is whole: tagging blind loses nothing of 乙's.
    program.run(&["tag", "a.txt", "--section", "一、", "人才工作", "--blind"]).ok();
    assert_eq!(authors(&export(&[])).len(), 7);
}

#[test]
fn agree_says_who_is_not_done_and_lists_disagreements_alone() {
    let program = as_jia();
    assert_eq!(program.run(&["agree", "--format", "json", "--draws", "0"]).json()["not_done"], json!([]), "nobody has declared anything");
    program.run(&["done", "a.txt"]).ok();
    program.run(&["done", "a.txt", "b.txt", "--author", "乙"]).ok();
    let report = program.run(&["agree", "--format", "json", "--disagreements"]).json();
    assert_eq!(report["not_done"], json!([{"coder": "甲", "documents": ["b.txt"]}]));
    assert_eq!((report["disagreements"].as_array().unwrap().len(), report.get("overall")), (4, None));
    let text = program.run(&["agree", "--disagreements"]).ok();
    assert!(text.contains("4 disagreements") && text.contains("not done: 甲, 1 speech (b.txt)") && !text.contains('κ'), "{text}");
    assert!(program.run(&["agree"]).ok().contains("not done: 甲, 1 speech (b.txt)"));
    // A consensus is a coder only if it is named.
    program.run(&["tag", "a.txt", "--section", "二、/（一）", "人才工作", "--author", "共识"]).ok();
    let coders =
        |arguments: &[&str]| program.run(&[&["agree", "--format", "json", "--draws", "0"], arguments].concat()).json()["coders"].clone();
    assert_eq!(coders(&[]), json!(["乙", "甲"]));
    assert_eq!(coders(&["--between", "甲,共识"]), json!(["甲", "共识"]));
}

#[test]
fn attributes_are_set_for_the_speeches_of_a_list() {
    let program = project();
    program.write("names", "a.txt\nb.txt\n");
    program.run(&["attr", "set", "--files-from", "names", "place=如皋", "轮次=2"]).ok();
    let found = program.run(&["attr", "get", "--key", "轮次", "--format", "json"]).json();
    assert_eq!(found["speeches"].as_array().unwrap().len(), 2);
    program.run(&["attr", "unset", "--files-from", "names", "轮次"]).ok();
    let found = program.run(&["attr", "get", "--key", "轮次", "--format", "json"]).json();
    assert!(!found.to_string().contains("\"value\":\"2\""), "{found}");
    assert!(program.run(&["attr", "set", "place=如皋"]).status == 2, "no speech is named");
}
