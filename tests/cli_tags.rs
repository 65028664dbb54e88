//! `pizhu tags export` and `import`, as processes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod program;

use program::Program;
use serde_json::{Value, json};

fn tags(program: &Program) -> Vec<Value> {
    program.run(&["tags", "--format", "json"]).json()["tags"].as_array().unwrap().clone()
}

fn tag(program: &Program, name: &str) -> Value {
    tags(program).into_iter().find(|tag| tag["name"] == name).unwrap_or_default()
}

/// A program whose codebook has two tags of its own, one below the other.
fn with_tags() -> Program {
    let program = Program::new();
    program.run(&["tags", "add", "引才", "--color", "#aa0000", "--definition", "从外面请,不含\"挂职\"", "--keywords", "引进,回引"]).ok();
    program.run(&["tags", "add", "青年引才", "--parent", "引才", "--color", "tag3", "--definition", "=青年"]).ok();
    program
}

/// Takes `text` over to another program under `name`.
fn other_with(name: &str, text: &str) -> Program {
    let other = Program::new();
    other.write(name, text);
    other
}

#[test]
fn a_codebook_goes_over_to_another_store_whole() {
    let program = with_tags();
    program.run(&["tags", "export", "-o", "book.csv"]).ok();
    let table = program.read("book.csv");
    assert_eq!(table, program.run(&["tags", "export"]).ok());
    let other = other_with("book.csv", &table);
    let report = other.run(&["tags", "import", "book.csv"]).ok();
    assert!(report.contains("2 created, ") && report.contains("new tags: 引才, 青年引才"), "{report}");
    assert_eq!(tags(&other), tags(&program));
    let again = other.run(&["tags", "import", "-", "--format", "json"]);
    assert_eq!(again.status, 2, "standard input was empty");
    let again = other.run_with(&["tags", "import", "-", "--format", "json"], &table).json();
    assert_eq!((&again["created"], &again["tags"]), (&json!(0), &json!([])));
    assert_eq!(other.run(&["tags", "export"]).ok(), table);
}

#[test]
fn other_programs_formats_carry_what_they_can() {
    let program = with_tags();
    for (name, format) in [("book.qdc", None), ("book.csv", Some("taguette"))] {
        let mut arguments = vec!["tags", "export", "-o", name];
        arguments.extend(format.iter().flat_map(|format| ["--format", *format]));
        program.run(&arguments).ok();
        let other = other_with(name, &program.read(name));
        other.run(&["tags", "import", name]).ok();
        let came = tag(&other, "青年引才");
        assert_eq!((&came["definition"], &came["parent"] == "引才"), (&json!("=青年"), format.is_none()), "{name}");
    }
}

#[test]
fn a_stores_own_codebook_is_read() {
    let program = with_tags();
    program.run(&["tags", "list", "--store", "team"]).ok();
    program.run(&["tags", "add", "用才", "--store", "team", "--keywords", "使用"]).ok();
    program.run(&["tags", "import", "team/codebook.ron"]).ok();
    assert_eq!(tag(&program, "用才")["keywords"], json!(["使用"]));
}

#[test]
fn tags_that_are_there_keep_what_they_have() {
    let program = with_tags();
    program.write(
        "theirs.csv",
        "name,parent,color,definition,keywords\n留才,育才,,,\n引才,人才工作,tag9,另一种说法,\"回引,柔性引进\"\n育才,,tag2,,\n",
    );
    let report = program.run(&["tags", "import", "theirs.csv", "--format", "json"]).json();
    assert_eq!((&report["created"], &report["merged"], &report["tags"]), (&json!(2), &json!(1), &json!(["育才", "留才"])));
    let there = tag(&program, "引才");
    assert_eq!((&there["color"], &there["parent"]), (&json!("#aa0000"), &Value::Null));
    assert_eq!((&there["definition"], &there["keywords"]), (&json!("从外面请,不含\"挂职\""), &json!(["引进", "回引", "柔性引进"])));
    assert_eq!(tag(&program, "留才")["path"], "育才/留才");
}

#[test]
fn what_cannot_be_done_is_said_in_a_line() {
    let program = with_tags();
    program.write("there.csv", "x");
    program.write("notes.json", "{\"version\":1,\"annotations\":[]}");
    let before = tags(&program);
    for (arguments, words) in [
        (&["tags", "import", "nowhere.csv"][..], "nowhere.csv: there is no such file"),
        (&["tags", "import", "notes.json"], "notes.json: holds no codebook"),
        (&["tags", "import", "there.csv"], "there.csv: holds no annotations or codebook"),
        (&["tags", "export", "-o", "there.csv"], "there.csv: "),
        (&["tags", "export", "-o", "book.docx"], "no format docx"),
    ] {
        let error = program.run(arguments).error(2);
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(tags(&program), before);
    program.run(&["tags", "export", "-o", "there.csv", "--force"]).ok();
    assert!(program.read("there.csv").starts_with("name,parent,color,"));
}
