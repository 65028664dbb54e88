//! `pizhu tags export` and `tags import`, run as processes.

use crate::program;

use program::TestProgram;
use serde_json::{Value, json};

fn tags(program: &TestProgram) -> Vec<Value> {
    program.run(&["tags", "--format", "json"]).json()["tags"].as_array().unwrap().clone()
}

fn tag(program: &TestProgram, name: &str) -> Value {
    tags(program).into_iter().find(|tag| tag["name"] == name).unwrap_or_default()
}

/// A program whose codebook has two more tags, parent and child.
fn program_with_tags() -> TestProgram {
    let program = TestProgram::new();
    program.run(&["tags", "add", "引才", "--color", "#aa0000", "--definition", "从外面请,不含\"挂职\"", "--keywords", "引进,回引"]).ok();
    program.run(&["tags", "add", "青年引才", "--parent", "引才", "--color", "tag3", "--definition", "=青年"]).ok();
    program
}

/// Another program with `text` as the file `name` in its folder.
fn other_program_with(name: &str, text: &str) -> TestProgram {
    let other = TestProgram::new();
    other.write(name, text);
    other
}

#[test]
fn codebook_survives_csv_round_trip() {
    let program = program_with_tags();
    program.run(&["tags", "export", "-o", "book.csv"]).ok();
    let table = program.read("book.csv");
    assert_eq!(table, program.run(&["tags", "export"]).ok());
    let other = other_program_with("book.csv", &table);
    let report = other.run(&["tags", "import", "book.csv"]).ok();
    assert!(report.contains("2 created, ") && report.contains("new tags: 引才, 青年引才"), "{report}");
    assert_eq!(tags(&other), tags(&program));
    let again = other.run(&["tags", "import", "-", "--format", "json"]);
    assert_eq!(again.status, 2, "standard input was empty");
    let again = other.run_with_stdin(&["tags", "import", "-", "--format", "json"], &table).json();
    assert_eq!((&again["created"], &again["tags"]), (&json!(0), &json!([])));
    assert_eq!(other.run(&["tags", "export"]).ok(), table);
}

#[test]
fn qdc_and_taguette_keep_supported_fields() {
    let program = program_with_tags();
    for (name, format) in [("book.qdc", None), ("book.csv", Some("taguette"))] {
        let mut arguments = vec!["tags", "export", "-o", name];
        arguments.extend(format.iter().flat_map(|format| ["--format", *format]));
        program.run(&arguments).ok();
        let other = other_program_with(name, &program.read(name));
        other.run(&["tags", "import", name]).ok();
        let imported = tag(&other, "青年引才");
        assert_eq!((&imported["definition"], &imported["parent"]), (&json!("=青年"), &json!("引才")), "{name}");
    }
}

#[test]
fn codebook_of_another_store_can_be_imported() {
    let program = program_with_tags();
    program.run(&["tags", "list", "--store", "team"]).ok();
    program.run(&["tags", "add", "用才", "--store", "team", "--keywords", "使用"]).ok();
    program.run(&["tags", "import", "team/codebook.ron"]).ok();
    assert_eq!(tag(&program, "用才")["keywords"], json!(["使用"]));
}

#[test]
fn existing_tags_keep_their_details_on_import() {
    let program = program_with_tags();
    program.write(
        "theirs.csv",
        "name,parent,color,definition,keywords\n留才,育才,,,\n引才,人才工作,tag9,另一种说法,\"回引,柔性引进\"\n育才,,tag2,,\n",
    );
    let report = program.run(&["tags", "import", "theirs.csv", "--format", "json"]).json();
    assert_eq!((&report["created"], &report["merged"], &report["tags"]), (&json!(2), &json!(1), &json!(["育才", "留才"])));
    let existing = tag(&program, "引才");
    assert_eq!((&existing["color"], &existing["parent"]), (&json!("#aa0000"), &Value::Null));
    assert_eq!((&existing["definition"], &existing["keywords"]), (&json!("从外面请,不含\"挂职\""), &json!(["引进", "回引", "柔性引进"])));
    assert_eq!(tag(&program, "留才")["path"], "育才/留才");
}

#[test]
fn failures_are_reported_in_one_line() {
    let program = program_with_tags();
    program.write("there.csv", "x");
    program.write("notes.json", "{\"version\":1,\"annotations\":[]}");
    let before = tags(&program);
    for (arguments, words) in [
        (&["tags", "import", "nowhere.csv"][..], "nowhere.csv: there is no such file"),
        (&["tags", "import", "notes.json"], "notes.json: contains no codebook"),
        (&["tags", "import", "there.csv"], "there.csv: contains no annotations or codebook"),
        (&["tags", "export", "-o", "there.csv"], "there.csv: "),
        (&["tags", "export", "-o", "book.docx"], "unknown format docx"),
    ] {
        let error = program.run(arguments).error(2);
        assert!(error.contains(words), "{error}");
    }
    assert_eq!(tags(&program), before);
    program.run(&["tags", "export", "-o", "there.csv", "--force"]).ok();
    assert!(program.read("there.csv").starts_with("name,parent,color,"));
}

#[test]
fn a_key_belongs_to_one_tag_and_can_be_taken_away() {
    let program = program_with_tags();
    assert_eq!(tag(&program, "人才工作")["key"], "2");
    program.run(&["tags", "edit", "引才", "--key", "2"]).ok();
    assert_eq!((&tag(&program, "引才")["key"], &tag(&program, "人才工作")["key"]), (&json!("2"), &json!("")));
    program.run(&["tags", "edit", "引才", "--key", ""]).ok();
    assert_eq!(tag(&program, "引才")["key"], "");
    for bad in ["0", "ab", "人"] {
        let ran = program.run(&["tags", "edit", "引才", "--key", bad]);
        assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{bad}");
        assert!(ran.err.contains("a key is one of 1 to 9 and a to z"), "{}", ran.err);
    }
    assert_eq!(tag(&program, "引才")["key"], "");
}

/// R29: the tags of a new version of the codebook take over, and no passage loses its tag unseen.
#[test]
fn a_codebook_is_replaced_by_another() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "一", "人才工作", "杂项"]).ok();
    program.write("new.csv", "name,parent,color,definition,keywords\n队伍,,,,\n人才工作,队伍,,新的定义,\n");
    let before = tags(&program);
    let refused = program.run(&["tags", "import", "new.csv", "--replace"]).error(2);
    assert!(refused.contains("杂项") && !refused.contains("人才工作") && refused.contains("--into"), "{refused}");
    assert_eq!(tags(&program), before);
    let report = program.run(&["tags", "import", "new.csv", "--replace", "--into", "队伍"]).ok();
    assert!(report.contains("1 created, 1 changed, 0 left"), "{report}");
    assert!(report.contains("merged into 队伍 ") && report.contains("杂项") && report.contains("deleted"), "{report}");
    let names: Vec<Value> = tags(&program).iter().map(|tag| tag["name"].clone()).collect();
    assert_eq!(names, ["队伍", "人才工作"]);
    let kept = tag(&program, "人才工作");
    assert_eq!((&kept["definition"], &kept["color"], &kept["parent"]), (&json!("新的定义"), &json!("tag2"), &json!("队伍")));
    let exported = program.run(&["export", "--format", "json"]).json();
    let mut given: Vec<&str> = exported["annotations"][0]["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
    given.sort_unstable();
    assert_eq!(given, ["人才工作", "队伍"]);
    let again = program.run(&["tags", "import", "new.csv", "--replace", "--format", "json"]).json();
    assert_eq!((&again["created"], &again["merged"], &again["changed"], &again["deleted"]), (&json!(0), &json!(2), &json!([]), &json!([])));
    program.run(&["tags", "split", "队伍"]).ok();
    assert!(program.run(&["export", "--format", "json"]).ok().contains("杂项"), "it is undone");
}

/// R29: the starter codebook won over an imported one.
#[test]
fn an_imported_definition_wins_over_the_starter_codebook() {
    let program = TestProgram::new();
    program.write("ours.csv", "name,parent,color,definition,keywords\n人才工作,,#00aa00,我们的定义,英才\n");
    let report = program.run(&["tags", "import", "ours.csv"]).ok();
    assert!(report.contains("0 created, 1 changed, 0 left") && report.contains("changed: 人才工作"), "{report}");
    let ours = tag(&program, "人才工作");
    assert_eq!((&ours["definition"], &ours["color"], &ours["keywords"]), (&json!("我们的定义"), &json!("#00aa00"), &json!(["英才"])));
    program.write("theirs.csv", "name,parent,color,definition,keywords\n人才工作,,tag5,他们的定义,英才\n");
    let report = program.run(&["tags", "import", "theirs.csv"]).ok();
    assert!(report.contains("0 created, 0 changed, 1 left"), "{report}");
    assert_eq!(tag(&program, "人才工作"), ours, "what was chosen stays");
}

#[test]
fn a_store_can_start_with_an_empty_codebook() {
    let program = TestProgram::new();
    assert!(program.run(&["store", "init", "--empty-codebook"]).ok().contains("The codebook is empty."));
    assert_eq!(tags(&program), Vec::<Value>::new());
    program.run(&["tags", "add", "引才"]).ok();
    let again = program.run(&["store", "init", "--empty-codebook"]).ok();
    assert!(again.contains("has a codebook already"), "{again}");
    assert_eq!(tags(&program).len(), 1);
}
