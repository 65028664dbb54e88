//! REFI-QDA projects in and out, run as processes.

use crate::program;

use program::{SPEECH, TestProgram};
use serde_json::{Value, json};

/// A project with all that there can be: tags of one name under two parents, every field of a tag, notes and
/// tags on passages, sections and speeches by two authors, memos, attributes of every type.
fn everything() -> TestProgram {
    let program = TestProgram::new();
    program.run(&["store", "init", ".", "--empty-codebook"]);
    program.write("甲/讲话.txt", SPEECH);
    program.write("乙/讲话.txt", SPEECH.replace("青禾县", "临江市"));
    for (name, parent) in [("内部", None), ("外部", None), ("作风", Some("内部")), ("作风", Some("外部"))] {
        let mut arguments = vec!["tags", "add", name, "--definition", "何时用 <&>", "--color", "#aa3300"];
        arguments.extend(parent.iter().flat_map(|parent| ["--parent", parent]));
        program.run(&arguments).ok();
    }
    program.run(&["memo", "tag", "外部/作风", "签注\n第二行"]).ok();
    program.run(&["memo", "project", "总的看法", "--author", "甲"]).ok();
    program.run(&["memo", "project", "另一人的看法", "--author", "乙 <&>"]).ok();
    for (author, file) in [("甲", "甲/讲话.txt"), ("乙 <&>", "乙/讲话.txt")] {
        program.run(&["tag", file, "--author", author, "--span", "52:60", "内部/作风", "外部/作风"]).ok();
        program.run(&["note", file, "--author", author, "--span", "52:60", "段注\n\"二\""]).ok();
        program.run(&["tag", file, "--author", author, "--section", "一", "内部"]).ok();
        program.run(&["note", file, "--author", author, "--whole", "篇注"]).ok();
        program.run(&["attr", "set", file, "place=如 皋", "与会人数=007", "开会=2024-05-06", "年份=2024-05"]).ok();
    }
    program
}

/// The export as JSON without what a REFI-QDA project has no place for, and without paths.
fn comparable(program: &TestProgram) -> Value {
    let mut all = program.run(&["export", "--format", "json"]).json();
    for annotation in all["annotations"].as_array_mut().unwrap() {
        annotation["document"] = Value::Null;
    }
    all["annotations"].as_array_mut().unwrap().sort_by_key(|annotation| annotation["id"].to_string());
    for tag in all["codebook"].as_array_mut().unwrap() {
        for field in ["keywords", "english", "sign", "key", "formerly"] {
            tag[field] = Value::Null;
        }
    }
    let memos = all["project"]["records"].as_array().unwrap().iter().filter(|record| record.get("memo").is_some()).cloned().collect();
    all["project"] = Value::Array(memos);
    let mut speeches: Vec<Value> =
        all["speeches"].as_array().unwrap().iter().map(|speech| json!([speech["document_hash"], speech["attributes"]])).collect();
    speeches.sort_by_key(ToString::to_string);
    all["speeches"] = speeches.into();
    all
}

#[test]
fn a_project_with_everything_comes_back_from_its_qdpx() {
    let program = everything();
    program.run(&["export", "-o", "all.qdpx"]).ok();
    let before = comparable(&program);
    let other = TestProgram::new();
    other.run(&["store", "init", ".", "--empty-codebook"]);
    std::fs::copy(program.folder().join("all.qdpx"), other.folder().join("all.qdpx")).unwrap();
    drop(program);
    let report = other.run(&["import", "all.qdpx", "--format", "json"]).json();
    assert_eq!(
        (report["created"].as_u64(), report["failed"].as_array().map(Vec::len), &report["lost"]),
        (Some(6), Some(0), &json!({})),
        "{report}"
    );
    assert_eq!(report["texts"].as_array().unwrap().len(), 2);
    assert_eq!((other.read("all/甲_讲话.txt"), other.read("all/乙_讲话.txt")), (SPEECH.to_owned(), SPEECH.replace("青禾县", "临江市")));
    let after = comparable(&other);
    for part in ["annotations", "codebook", "project", "speeches"] {
        assert_eq!(before[part], after[part], "{part}");
    }
    let again = other.run(&["import", "all.qdpx", "--format", "json"]).json();
    let numbers = ["created", "records", "project"].map(|name| again[name].as_u64());
    assert_eq!((numbers, again["texts"].as_array().map(Vec::len)), ([Some(0); 3], Some(0)), "{again}");
}

#[test]
fn texts_of_a_project_go_where_the_user_says_and_over_nothing() {
    let program = everything();
    program.run(&["export", "-o", "all.qdpx"]).ok();
    let other = TestProgram::new();
    other.run(&["store", "init", "."]);
    std::fs::copy(program.folder().join("all.qdpx"), other.folder().join("all.qdpx")).unwrap();
    drop(program);
    other.write("文本/甲_讲话.txt", "别的文字，谁也不要覆盖。");
    let report = other.run(&["import", "all.qdpx", "--texts", "文本"]).ok();
    assert!(report.contains("甲_讲话 (2).txt"), "{report}");
    assert_eq!(other.read("文本/甲_讲话.txt"), "别的文字，谁也不要覆盖。");
    assert_eq!(other.read("文本/甲_讲话 (2).txt"), SPEECH);
    // From a stream there is no folder to put them.
    let streamed = TestProgram::new();
    streamed.run(&["store", "init", "."]);
    let bytes = std::fs::read(other.folder().join("all.qdpx")).unwrap();
    std::fs::write(streamed.folder().join("x.qdpx"), bytes).unwrap();
    std::fs::write(streamed.folder().join("x"), "a file, not a folder").unwrap();
    let refused = streamed.run(&["import", "x.qdpx"]);
    assert!(refused.status == 2 && refused.err.lines().count() == 1 && refused.err.contains('x'), "{}", refused.err);
}
