//! `search`, `suggest`, `export` and `review` as stages of a pipeline.

use crate::program;

use program::{CommandOutput, SPEECH, TestProgram};
use serde_json::{Value, json};
use std::fmt::Write as _;

fn records(run: &CommandOutput) -> Vec<Value> {
    run.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn names(record: &Value) -> Vec<String> {
    record.as_object().unwrap().keys().cloned().collect()
}

/// Three nearly equal speeches that share a store, two with annotations, one of which was edited; and a
/// file that is no speech.
fn library() -> TestProgram {
    let program = TestProgram::new();
    program.run(&["store", "init", "."]);
    for (name, place) in [("1.txt", "青禾县"), ("2.txt", "临江市"), ("3.txt", "云岭区")] {
        program.write(name, SPEECH.replace("青禾县", place));
    }
    program.write("4.txt", b"%PDF-1.4\n\x00\x01");
    program.run(&["tag", "1.txt", "--section", "二、/（一）", "人才工作"]).ok();
    program.run(&["note", "1.txt", "--quote", "平台建起来了", "问一下"]).ok();
    program.run(&["tag", "2.txt", "--quote", "全县引进三十人", "人才工作"]).ok();
    program.write("2.txt", SPEECH.replace("青禾县", "临江市").replace("全县引进三十人", "请来了一大批"));
    program
}

fn input_of(texts: usize) -> String {
    let mut input = String::new();
    for n in 0..texts {
        writeln!(input, "{}", json!({ "id": format!("s{n}"), "text": SPEECH.replace("三十人", &format!("{n}人")) })).unwrap();
    }
    input
}

#[test]
fn hits_are_flat_records_in_order() {
    let program = library();
    program.write("list", "3.txt\n1.txt\n4.txt\n2.txt\n");
    let run = program.run(&["search", "组织工作站工作", "--files-from", "list", "--format", "jsonl"]);
    assert_eq!((run.status, records(&run).len()), (1, 1), "nothing found, and one error record");
    for jobs in ["1", "3"] {
        let run = program.run(&["search", "工作站", "--files-from", "list", "--format", "jsonl", "--jobs", jobs]);
        assert_eq!((run.status, run.err.as_str()), (1, ""));
        let found = records(&run);
        let documents: Vec<&str> = found.iter().map(|record| record["document"].as_str().unwrap()).collect();
        assert_eq!(documents, ["3.txt", "1.txt", "4.txt", "2.txt"]);
        assert_eq!(found[2]["error"]["code"], "not_text");
        assert_eq!((&found[0]["section"], &found[0]["quote"], &found[0]["note"]), (&json!("一、/二是"), &json!("工作站"), &Value::Null));
        assert_eq!((&found[0]["document_date"], names(&found[0])), (&json!("2024-05-06"), names(&found[3])));
    }
    // In JSON and text it is told on standard error.
    for format in ["json", "text"] {
        let run = program.run(&["search", "工作站", "--files-from", "list", "--format", format]);
        assert_eq!((run.status, run.err.lines().count()), (1, 1), "{}", run.err);
    }
    let run = program.run(&["search", "问一下", ".", "--in", "note", "--format", "jsonl"]);
    assert_eq!(records(&run)[0]["note"], "问一下");
}

#[test]
fn records_are_searched_in_their_order() {
    let program = TestProgram::new();
    let input = input_of(300);
    let arguments = ["search", "引进7", "--input", "jsonl", "--format", "jsonl", "--state", "none"];
    let run = program.run_with_stdin(&arguments, &input);
    let ids: Vec<String> = records(&run).iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect();
    let expected: Vec<String> = (0..300).filter(|n| n.to_string().starts_with('7')).map(|n| format!("s{n}")).collect();
    assert_eq!((run.status, ids), (0, expected));
    let one = &records(&run)[0];
    let text: Vec<char> = SPEECH.replace("三十人", "7人").chars().collect();
    let (start, end) = (one["start"].as_u64().unwrap() as usize, one["end"].as_u64().unwrap() as usize);
    assert_eq!(text[start..end].iter().collect::<String>(), "引进7");
    let json = program.run_with_stdin(&["search", "引进7", "--input", "jsonl", "--format", "json"], &input).json();
    assert_eq!((json["hits"].as_array().unwrap().len(), &json["hits"][0]["document"]), (11, &json!("s7")));
    // Records have no annotations.
    program.run_with_stdin(&["search", "x", "--input", "jsonl", "--in", "note"], "").error(2);
    assert_eq!(program.run_with_stdin(&["search", "没有的话", "--input", "jsonl"], &input).status, 1);
}

#[test]
fn suggestions_for_many_are_those_for_each() {
    let program = library();
    let many = program.run(&["suggest", ".", "--format", "json"]);
    assert_eq!((many.status, many.err.lines().count()), (1, 2), "not a speech, and a proposal: {}", many.err);
    let many: Value = serde_json::from_str(&many.out).unwrap();
    let documents = many["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 3);
    for document in documents {
        let name = document["document"].as_str().unwrap();
        let alone: Value = serde_json::from_str(&program.run(&["suggest", name, "--format", "json"]).out).unwrap();
        assert_eq!(alone["suggestions"], document["suggestions"], "{name}");
        assert!(!alone["suggestions"].as_array().unwrap().is_empty());
    }
    let run = program.run(&["suggest", "2.txt", "1.txt", "--format", "jsonl", "--jobs", "2"]);
    let (status, lines) = (run.status, records(&run));
    let of_second = documents.iter().find(|one| one["document"] == "./2.txt" || one["document"] == "2.txt").unwrap();
    let tags: Vec<(&Value, &Value)> = of_second["suggestions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|one| one["tags"].as_array().unwrap())
        .map(|tag| (&tag["tag"], &tag["score"]))
        .collect();
    let found: Vec<(&Value, &Value)> =
        lines.iter().filter(|line| line["document"] == "2.txt").map(|line| (&line["tag"], &line["score"])).collect();
    assert_eq!((status, found), (0, tags));
    assert_eq!((&lines[0]["rank"], names(&lines[0])), (&json!(1), names(lines.last().unwrap())));
    assert!(lines[0]["start"].as_u64() < lines[0]["end"].as_u64());

    // Records are suggested tags by the codebook of the folder's store.
    program.run(&["tags", "add", "平台专题", "--keywords", "平台"]).ok();
    let run = program.run_with_stdin(&["suggest", "--input", "jsonl", "--format", "jsonl"], &input_of(3));
    let ids: Vec<&str> = lines_with_tag(&run, "平台专题");
    assert_eq!((run.status, ids), (0, vec!["s0", "s1", "s2"]), "{}", run.out);
    program.run(&["suggest", "1.txt", "2.txt", "--refuse", "人才工作", "--section", "一、"]).error(2);
}

fn lines_with_tag<'a>(run: &'a CommandOutput, tag: &str) -> Vec<&'a str> {
    let with_tag = run.out.lines().filter(|line| line.contains(tag));
    let mut ids: Vec<&str> = with_tag.map(|line| line.split("\"id\":\"").nth(1).unwrap().split('"').next().unwrap()).collect();
    ids.dedup();
    ids
}

#[test]
fn exports_stream_the_annotations_of_listed_files() {
    let program = library();
    program.write("list", "2.txt\n4.txt\n1.txt\n3.txt\n");
    let run = program.run(&["export", "--files-from", "list", "--format", "jsonl"]);
    assert_eq!((run.status, run.err.lines().count(), run.err.contains("3.txt: nearly equal")), (1, 1, true), "{}", run.err);
    let lines = records(&run);
    let documents: Vec<&str> = lines.iter().map(|record| record["document"].as_str().unwrap()).collect();
    assert_eq!(documents, ["2.txt", "4.txt", "1.txt", "1.txt"]);
    assert_eq!((&lines[2]["document_date"], &lines[1]["error"]["code"]), (&json!("2024-05-06"), &json!("not_text")));
    // The same as the document, which is not streamed.
    let run = program.run(&["export", "--files-from", "list", "--format", "json"]);
    let whole: Value = serde_json::from_str(&run.out).unwrap();
    let without_errors: Vec<&Value> = lines.iter().filter(|line| line.get("error").is_none()).collect();
    assert_eq!((run.status, whole["annotations"].as_array().unwrap().iter().collect::<Vec<_>>()), (1, without_errors));
    let run = program.run(&["export", "1.txt", "3.txt", "--format", "jsonl", "--tag", "人才工作"]);
    assert_eq!((run.status, records(&run).len()), (0, 1));
    // What is imported again is known.
    program.write("again.jsonl", &run.out);
    assert!(program.run(&["import", "again.jsonl", "--format", "json"]).json()["created"] == json!(0));
}

#[test]
fn reviews_are_records_too() {
    let program = library();
    let json = program.run(&["review", "1.txt", "2.txt", "--format", "json"]).json();
    let cases = json["annotations"].as_array().unwrap();
    assert_eq!((cases.len(), &cases[0]["document"]), (1, &json!("2.txt")));
    let run = program.run(&["review", ".", "--format", "jsonl"]);
    let lines = records(&run);
    assert_eq!((run.status, lines.len(), &lines[0]["id"]), (1, 2, &cases[0]["id"]), "{}", run.out);
    assert_eq!((&lines[0]["old_quote"], &lines[0]["document_date"]), (&json!("全县引进三十人"), &json!("2024-05-06")));
    assert_eq!(lines[1]["error"]["code"], "not_text");
    assert_eq!(program.run(&["review", "--format", "json"]).json()["annotations"], json["annotations"]);
    program.write("list", "1.txt\n3.txt\n");
    let none = program.run(&["review", "--files-from", "list", "--format", "json"]);
    assert_eq!((none.status, none.err.as_str()), (0, ""));
    let none = none.json();
    assert_eq!(none["annotations"], json!([]));
    // What may belong to a speech is a list of its own; where there is none for it, it is told.
    let similar: Vec<Value> = none["speeches"].as_array().unwrap().iter().map(|one| one["document"].clone()).collect();
    assert_eq!(similar, ["3.txt", "3.txt"]);
    let run = program.run(&["review", "--files-from", "list", "--format", "jsonl"]);
    assert_eq!((run.status, run.out.as_str(), run.err.lines().count()), (0, "", 1), "{}", run.err);
    let text = program.run(&["review", "--files-from", "list"]).ok();
    assert!(text.starts_with("3.txt\n") && text.contains("2.txt"), "{text}");
    program.write("only", "3.txt\n");
    // Taken from one of them, they are annotations to be reviewed.
    assert_eq!(program.run(&["review", "--take"]).status, 2, "which speeches?");
    let taken = program.run(&["review", "--files-from", "only", "--take", "--from", "1.txt", "--format", "json"]).json();
    assert_eq!(taken["taken"], json!(2));
    assert_eq!(program.run(&["export", "3.txt", "--format", "jsonl"]).out.lines().count(), 2);
}

#[test]
fn copies_are_one_speech_in_a_stream() {
    let program = library();
    for n in 0..5 {
        program.write(&format!("副本/{n}.txt"), SPEECH);
    }
    for jobs in ["1", "3"] {
        let run = program.run(&["export", "1.txt", "副本", "--format", "jsonl", "--jobs", jobs]);
        assert_eq!((run.status, records(&run).len(), run.err.lines().count()), (0, 2, 1), "{}", run.err);
        assert!(records(&run).iter().all(|record| record["document"] == "1.txt"), "the first of them: {}", run.out);
    }
    for format in ["json", "jsonl"] {
        let run = program.run(&["review", "2.txt", "1.txt", "副本", "--format", format]);
        assert_eq!((run.status, run.out.matches("old").count() > 0, run.err.lines().count()), (0, true, 1), "{}", run.err);
    }
}

#[test]
fn tag_names_that_fit_several_are_refused_before_anything_is_printed() {
    let program = library();
    for parent in ["人才工作", "党员队伍"] {
        program.run(&["tags", "add", "小结", "--parent", parent]).ok();
    }
    program.run(&["tag", "1.txt", "--section", "一、", "党员队伍/小结"]).ok();
    program.write("list", "1.txt\n2.txt\n3.txt\n");
    for format in ["json", "jsonl"] {
        for arguments in [&["export", "--format", format] as &[&str], &["search", "工作", "--format", format]] {
            for source in [&["."] as &[&str], &["1.txt", "2.txt"], &["--files-from", "list"]] {
                let run = program.run(&[arguments, source, &["--tag", "小结"]].concat());
                assert_eq!((run.status, run.out.as_str(), run.err.lines().count()), (2, "", 1), "{arguments:?} {source:?}: {}", run.err);
                let run = program.run(&[arguments, source, &["--tag", "党员队伍/小结"]].concat());
                assert!(run.status < 2 && run.out.contains("1.txt") && !run.out.contains("2.txt"), "{arguments:?} {source:?}: {}", run.err);
            }
        }
    }
}

#[test]
fn count_takes_names_from_a_list() {
    let program = library();
    let count = |list: &str, more: &[&str]| {
        let arguments = [&["count", "--format", "json", "--files-from", "-"][..], more].concat();
        program.run_with_stdin(&arguments, list)
    };
    let whole = program.run(&["count", "1.txt", "2.txt", "--format", "json"]);
    assert_eq!(count("1.txt\n2.txt\n", &[]).out, whole.out);
    assert_eq!(count("1.txt\x002.txt\0", &["-0", "--jobs", "3"]).out, whole.out);
    let run = count("1.txt\n无此.txt\n2.txt\n", &[]);
    assert_eq!((run.status, run.out, run.err.contains("无此.txt")), (1, whole.out, true), "{}", run.err);
}

/// Texts that an engine holds are looked up in a store by what they say.
#[test]
fn records_bring_the_annotations_of_their_texts() {
    let program = library();
    let record = |id: &str, name: &str| format!("{}\n", json!({ "id": id, "text": program.read(name) }));
    let input = record("c", "3.txt") + &record("a", "1.txt") + "not json\n" + &record("b", "2.txt");
    let run = program.run_with_stdin(&["export", "--input", "jsonl", "--format", "jsonl"], &input);
    let found = records(&run);
    let ids: Vec<&Value> = found.iter().map(|record| &record["document"]).collect();
    assert_eq!((run.status, ids), (1, vec![&json!("a"), &json!("a"), &Value::Null]));
    assert_eq!(found[2]["error"]["code"], "not_json");
    assert_eq!(found[1]["tags"], json!(["人才工作"]));
    let run = program.run_with_stdin(&["review", "--input", "jsonl", "--format", "jsonl"], &input);
    let found = records(&run);
    assert_eq!(
        (run.status, found.len(), &found[0]["error"]["code"]),
        (1, 1, &json!("not_json")),
        "what comes without a place is known by its text alone"
    );
    program.run_with_stdin(&["export", "--input", "jsonl", "--format", "csv"], &input).error(2);
    program.run_with_stdin(&["review", "--input", "jsonl", "--accept"], &input).error(2);
}
