//! `search`, `suggest`, `reuse`, `count`, completions and manual pages, run as processes.

use crate::program;

use program::{SPEECH, TestProgram};
use serde_json::json;

#[test]
fn text_hits_have_line_section_and_snippet() {
    let program = TestProgram::with_speech();
    let out = program.run(&["search", "人才", "a.txt"]).ok();
    assert_eq!(out.lines().count(), 4);
    assert_eq!(out.lines().nth(2).unwrap(), "10: 二、/（一） 要到外面去请人才。");
    let none = program.run(&["search", "火星", "a.txt"]);
    assert_eq!((none.status, none.out.as_str(), none.err.as_str()), (1, "", ""));
}

#[test]
fn json_hits_quote_the_source() {
    let program = TestProgram::with_speech();
    let hits = program.run(&["search", "人才", "a.txt", "--format", "json"]).json();
    assert_eq!(hits["version"], 1);
    let text: Vec<char> = SPEECH.chars().collect();
    for hit in hits["hits"].as_array().unwrap() {
        let (start, end) = (hit["start"].as_u64().unwrap() as usize, hit["end"].as_u64().unwrap() as usize);
        assert_eq!(hit["quote"], json!(text[start..end].iter().collect::<String>()));
        let context = format!("{}{}{}", hit["before"].as_str().unwrap(), "人才", hit["after"].as_str().unwrap());
        assert!(SPEECH.contains(&context));
        assert_eq!(hit["document"], "a.txt");
    }
    assert_eq!(hits["hits"][3]["section"], json!(["二、", "（二）"]));
    let none = program.run(&["search", "火星", "a.txt", "--format", "json"]);
    assert_eq!((none.status, none.out.as_str()), (1, "{\"version\":1,\"hits\":[]}\n"));
}

#[test]
fn search_modes_and_filters() {
    let program = TestProgram::with_speech();
    let count = |arguments: &[&str]| program.run(&[&["search"], arguments, &["a.txt"]].concat()).out.lines().count();
    assert_eq!(count(&["引進"]), 2);
    assert_eq!(count(&["引進", "--mode", "literal"]), 0);
    assert_eq!(count(&["抓(引进|使用)", "--mode", "regex"]), 2);
    assert_eq!(count(&["rencai", "--mode", "pinyin"]), count(&["人才"]));
    assert_eq!(count(&["人才dw", "--mode", "pinyin"]), 0);
    assert_eq!(count(&["人才gz", "--mode", "pinyin"]), 2);
    assert_eq!(count(&["yyrc", "--mode", "pinyin"]), 0);
    assert_eq!(count(&["人才", "--in", "title"]), 1);
    assert_eq!(count(&["抓", "--in", "heading"]), 3);
    assert_eq!(count(&["人才", "--level", "2"]), 2);
    assert_eq!(count(&["人才", "--since", "2025"]), 0);
    assert_eq!(count(&["人才", "--until", "2024"]), 4);
    assert_eq!(count(&["--", "-不在-"]), 0);
}

#[test]
fn notes_and_tagged_passages_can_be_searched() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "二/（二）", "人才工作"]).ok();
    program.run(&["note", "a.txt", "--quote", "全县引进三十人", "数字要核实"]).ok();
    let out = program.run(&["search", "核实", "a.txt", "--in", "note"]).ok();
    assert!(out.contains("全县引进三十人") && out.contains("数字要核实"), "{out}");
    assert_eq!(program.run(&["search", "人才", "a.txt", "--tag", "人才工作"]).ok().lines().count(), 1);
    assert_eq!(program.run(&["search", "人才", "a.txt", "--tag", "作风建设"]).status, 1);
}

#[test]
fn folders_are_searched_in_order_and_bad_files_skipped() {
    let program = TestProgram::new();
    for name in ["b.txt", "a/一.md", "a/二.txt"] {
        program.write(name, SPEECH);
    }
    program.write("c.txt", b"%PDF-1.4 ");
    program.write("pile.dat", "人才");
    let output = program.run(&["search", "留得住"]);
    // The status was 0, as if all had been searched.
    assert_eq!(output.status, 1);
    let names: Vec<&str> = output.out.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(names, ["./a/一.md", "./a/二.txt", "./b.txt"]);
    assert!(output.err.contains("c.txt") && output.err.lines().count() == 1, "{}", output.err);
    let output = program.run(&["search", "留得住", "b.txt", "nowhere.txt"]);
    assert_eq!((output.status, output.out.lines().count()), (1, 1), "one file of many failed");
    assert_eq!(program.run(&["search", "留得住", "nowhere.txt"]).status, 2, "no input at all");
}

#[test]
fn hits_span_broken_lines() {
    let program = TestProgram::new();
    program.write(
        "a.txt",
        "在临江市会议上的讲话\n\n一、认清形势\n    大会提出的要求很明确，各级各部门都要认真学习领会，要切实加强组织工\n作，把各项任务落到实处。\n二、抓好落实\n正文。\n",
    );
    let hits = program.run(&["search", "组织工作", "a.txt", "--format", "json"]).json();
    assert_eq!(hits["hits"].as_array().unwrap().len(), 1, "{hits}");
}

#[test]
fn completions_and_manual_pages() {
    let program = TestProgram::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(program.run(&["completions", shell]).ok().contains("pizhu"));
    }
    assert!(program.run(&["man"]).ok().contains(".TH"));
    program.write("man/.keep", "");
    program.run(&["man", "man"]).ok();
    assert!(program.read("man/pizhu-export.1").contains("json"));
    assert!(program.run(&["--version"]).ok().starts_with("pizhu "));
    assert!(program.run(&["export", "--help"]).ok().contains("jsonl"));
}

#[test]
fn untagged_sections_get_suggestions_with_reasons() {
    let program = TestProgram::with_speech();
    let suggestions = |program: &TestProgram| program.run(&["suggest", "a.txt", "--format", "json"]).json();
    let all = suggestions(&program);
    assert_eq!(all["version"], 1);
    let list = all["suggestions"].as_array().unwrap();
    let talent = list.iter().find(|one| one["section"] == json!(["二、", "（一）"])).unwrap();
    assert_eq!(talent["tags"][0]["tag"], "人才工作");
    assert!(talent["tags"][0]["reasons"].as_array().unwrap().iter().any(|word| word.as_str().unwrap().contains("人才")));
    // A tagged section gets no suggestion; its tag becomes an example.
    program.run(&["tag", "a.txt", "--section", "二/（一）", "人才工作"]).ok();
    let fewer = suggestions(&program);
    assert!(fewer["suggestions"].as_array().unwrap().iter().all(|one| one["section"] != json!(["二、", "（一）"])));
    assert!(program.run(&["suggest", "a.txt"]).ok().contains("人才工作"));
}

#[test]
fn shared_passages_are_found_across_scripts_oldest_first() {
    let program = TestProgram::with_speech();
    let shared = "栽下梧桐樹，引來金鳳凰，還要常澆水、勤施肥，才能留得住人才";
    program.write("b.txt", format!("在臨江市會議上的講話\n（2023年5月6日）\n同志們：\n我講幾句。{shared}。謝謝大家。\n").as_bytes());
    program.write(
        "c.txt",
        "在芦湾县会议上的讲话\n（2021年5月6日）\n同志们：\n先讲别的。栽下梧桐树，引来金凤凰，还要常浇水、勤施肥，才能留得住人才！\n"
            .as_bytes(),
    );
    let found = program.run(&["reuse", "a.txt", "b.txt", "c.txt", "--format", "json"]).json();
    let passages = found["passages"].as_array().unwrap();
    assert_eq!((passages.len(), found["version"].as_u64()), (1, Some(1)), "{found}");
    assert_eq!((&passages[0]["a"]["document"], &passages[0]["b"]["document"]), (&json!("c.txt"), &json!("b.txt")));
    assert_eq!(passages[0]["similarity"], 1.0);
    let text = program.run(&["reuse", "b.txt", "c.txt"]).ok();
    assert!(text.contains("100% c.txt:4:") && text.contains("b.txt:4:"), "{text}");
    assert_eq!(program.run(&["reuse", "a.txt", "b.txt"]).status, 1);
}

#[test]
fn count_by_speech_year_level_and_cooccurrence() {
    let program = TestProgram::with_speech();
    program.run(&["tags", "add", "引才", "--parent", "人才工作"]).ok();
    program.run(&["tag", "a.txt", "--section", "二、/（一）", "引才", "制度建设"]).ok();
    program.run(&["tag", "a.txt", "--section", "一、", "人才工作"]).ok();
    let csv = program.run(&["count", "a.txt", "--by", "level", "--format", "csv"]).ok();
    assert_eq!(csv, "tag,level 1,level 2,total\n人才工作,1,1,2\n引才,0,1,1\n制度建设,0,1,1\n");
    let json = program.run(&["count", "a.txt", "--by", "together", "--format", "json"]).json();
    assert_eq!(json["rows"][0], json!({"tag": "人才工作", "total": 2, "counts": [2, null, 1]}));
    let speech = program.run(&["count", "--format", "json"]).json();
    assert_eq!((&speech["rows"][0]["total"], &speech["columns"][1]["tag"]), (&json!(2), &json!("引才")));
    let table = program.run(&["count", "a.txt", "--by", "level", "--tag", "引才", "--turned"]).ok();
    assert!(table.lines().nth(1).unwrap().starts_with("level 2"), "{table}");
    let bars = program.run(&["count", "a.txt", "--by", "level", "--format", "bars", "--most-first"]).ok();
    assert!(bars.lines().next().unwrap().contains(&"▞".repeat(40)), "{bars}");
    let heat = program.run(&["count", "a.txt", "--by", "level", "--format", "heat"]).ok();
    assert!(heat.contains("▛▟  1"), "{heat}");
    assert_eq!(program.run(&["count", "a.txt", "--tag", "作风建设"]).status, 1);
}
