//! Commands as a stage of a pipeline: many speeches, lists of files, JSON lines.

use crate::program;

use program::{SPEECH, TestProgram};
use serde_json::{Value, json};
use std::fmt::Write as _;

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A folder with three speeches and a file that is none.
fn library() -> TestProgram {
    let program = TestProgram::with_speech();
    program.write("2031/b 乙.txt", SPEECH.replace("青禾县", "临江市"));
    program.write("2031/c.txt", SPEECH);
    program.write("2031/d.txt", b"%PDF-1.4\n\x00\x01");
    program
}

#[test]
fn outlines_of_many_files_name_each_and_skip_bad_ones() {
    let program = library();
    let run = program.run(&["outline", "a.txt", "2031", "none.txt"]);
    assert_eq!(run.status, 1);
    assert_eq!(run.err.lines().count(), 2, "{}", run.err);
    assert!(run.err.contains("d.txt") && run.err.contains("none.txt"), "{}", run.err);
    let names: Vec<&str> = run.out.lines().filter(|line| line.contains(".txt")).collect();
    assert_eq!(names, ["a.txt", "2031/b 乙.txt", "2031/c.txt"]);
    assert_eq!(run.out.matches("一、统一思想，提高认识").count(), 3);

    let run = program.run(&["outline", "--format", "json", "a.txt", "2031", "none.txt"]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let documents = report["documents"].as_array().unwrap();
    assert_eq!((run.status, &report["version"], documents.len()), (1, &json!(1), 3));
    assert_eq!(documents[1]["title"], "在临江市人才工作会议上的讲话");
    assert_eq!(documents[0]["document_hash"], documents[2]["document_hash"]);
    let single = program.run(&["outline", "--format", "json", "a.txt"]).json();
    assert_eq!(single["sections"], documents[0]["sections"]);
    // A single file that cannot be read is wrong input, as ever.
    program.run(&["outline", "none.txt"]).error(2);
    assert_eq!(program.run(&["outline"]).status, 2, "no input at all");
}

#[test]
fn sections_are_flat_records() {
    let program = library();
    let run = program.run(&["outline", "--format", "jsonl", "2031", "a.txt"]);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    let records = lines(&run.out);
    let of = |name: &str| records.iter().filter(|record| record["document"] == name).collect::<Vec<_>>();
    assert_eq!((of("2031/b 乙.txt").len(), of("a.txt").len(), records.len()), (6, 6, 19));
    let third = of("a.txt")[2];
    assert_eq!((&third["path"], &third["parent"], &third["level"]), (&json!("一、/二是"), &json!("一、"), &json!(2)));
    assert_eq!((&third["document_date"], &third["kind"], &third["restored"]), (&json!("2024-05-06"), &json!("shi"), &json!(null)));
    let text: Vec<char> = SPEECH.chars().collect();
    let start = third["start"].as_u64().unwrap() as usize;
    assert!(text[start..].iter().collect::<String>().starts_with("二是平台建起来了"));
    let error = of("2031/d.txt")[0];
    assert_eq!(error["error"]["code"], "not_text");
    assert!(error["error"]["message"].as_str().unwrap().contains("d.txt"));
    // Every section has the same fields, so that an engine infers one type.
    let names = |record: &Value| record.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert!(records.iter().filter(|record| record.get("error").is_none()).all(|record| names(record) == names(third)));
}

#[test]
fn records_are_read_from_json_lines() {
    let program = TestProgram::new();
    let mut input = String::new();
    for n in 0..300 {
        let text = if n % 7 == 0 { SPEECH.replace('\n', "\r\n") } else { SPEECH.to_owned() };
        writeln!(input, "{}", json!({ "id": n, "text": text, "year": 2031 })).unwrap();
        match n {
            100 => input.push_str("{\"id\":\"broken\",\"text\":12}\n\n"),
            200 => input.push_str("no json\n"),
            _ => {}
        }
    }
    let run = program.run_with_stdin(&["outline", "--input", "jsonl", "--format", "jsonl"], &input);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    let records = lines(&run.out);
    let ids: Vec<u64> = records.iter().filter(|record| record.get("error").is_none()).filter_map(|record| record["id"].as_u64()).collect();
    assert!(ids.is_sorted() && ids.len() == 300 * 6, "in order");
    assert!(records.windows(6).any(|six| six.iter().all(|one| one["start"].is_u64())));
    let errors: Vec<&Value> = records.iter().filter(|record| record.get("error").is_some()).collect();
    assert_eq!((&errors[0]["id"], &errors[0]["line"], &errors[0]["error"]["code"]), (&json!("broken"), &json!(102), &json!("not_text")));
    assert_eq!((&errors[1]["line"], &errors[1]["error"]["code"]), (&json!(204), &json!("not_json")));
    assert_eq!(errors[1].get("id"), None);
    // Offsets count the text with LF line ends, so that both are alike.
    let starts = |id: u64| records.iter().filter(|r| r["id"] == id).map(|r| r["start"].clone()).collect::<Vec<_>>();
    assert_eq!(starts(7), starts(8));

    program.write("all.jsonl", &input);
    let from_file = program.run(&["outline", "--input", "jsonl", "--format", "jsonl", "all.jsonl", "--jobs", "1"]);
    assert_eq!(from_file.out.lines().count(), run.out.lines().count());
    assert_eq!(program.run_with_stdin(&["outline", "--input", "jsonl", "--format", "jsonl"], "").ok(), "");
}

#[test]
fn files_are_read_from_a_list() {
    let program = library();
    program.write("list", "a.txt\r\n\n2031/b 乙.txt\nnone.txt\n");
    let run = program.run(&["text", "--files-from", "list", "--format", "jsonl"]);
    let records = lines(&run.out);
    assert_eq!((run.status, records.last().unwrap()["error"]["code"].as_str()), (1, Some("missing")));
    assert_eq!(records[0]["kind"], "title");
    let run = program.run_with_stdin(&["text", "--files-from", "-", "-0"], "a.txt\x002031/b 乙.txt");
    assert_eq!(run.status, 0, "{}", run.err);
    assert!(run.out.starts_with("a.txt:0:14\t在青禾县人才工作会议上的讲话\n"), "{}", run.out);
    program.run(&["text", "--files-from", "no-list"]).error(2);
}

#[test]
fn text_prints_each_paragraph_after_its_span() {
    let program = TestProgram::with_speech();
    let out = program.run(&["text", "a.txt"]).ok();
    let text: Vec<char> = SPEECH.chars().collect();
    for line in out.lines() {
        let (span, paragraph) = line.split_once('\t').unwrap();
        let (start, end) = span.split_once(':').unwrap();
        let source: String = text[start.parse().unwrap()..end.parse().unwrap()].iter().collect();
        assert_eq!(source, paragraph);
    }
    assert_eq!(out.lines().count(), SPEECH.lines().filter(|line| !line.is_empty()).count());
    let report = program.run(&["text", "--format", "json", "a.txt"]).json();
    assert_eq!(report["paragraphs"][4]["section"], "一、");
    let refused = program.run(&["tags", "list", "--format", "jsonl"]);
    assert_eq!((refused.status, refused.out.as_str()), (2, ""));
}
