//! `attr`: attributes of speeches, and what other commands do with them.

use crate::program;

use program::{SPEECH, TestProgram};
use serde_json::{Value, json};

/// Two speeches with a store.
fn library() -> TestProgram {
    let program = TestProgram::new();
    program.run(&["store", "init", "."]);
    program.write("a.txt", SPEECH);
    program.write("b.txt", SPEECH.replace("青禾县", "临江市").replace("（2024年5月6日）\n", ""));
    program.run(&["tag", "a.txt", "--section", "二、/（一）", "人才工作"]).ok();
    program.run(&["tag", "b.txt", "--quote", "全县引进三十人", "人才工作"]).ok();
    program
}

fn value(report: &Value, speech: usize, key: &str) -> (String, String) {
    let all = report["speeches"][speech]["attributes"].as_array().unwrap();
    let found = all.iter().find(|one| one["key"] == key);
    let text = |name: &str| found.and_then(|one| one[name].as_str()).unwrap_or("-").to_owned();
    (text("value"), text("source"))
}

#[test]
fn found_attributes_are_overruled_emptied_and_taken_back() {
    let program = library();
    let get = || program.run(&["attr", "get", "--format", "json"]).json();
    assert_eq!(value(&get(), 0, "date"), ("2024-05-06".into(), "found".into()));
    assert_eq!(value(&get(), 0, "kind"), ("讲话".into(), "found".into()));
    program.run(&["attr", "set", "a.txt", "b.txt", "place=如皋", "与会人数=230", "--author", "甲"]).ok();
    program.run(&["attr", "set", "a.txt", "date=2024-05-07", "occasion="]).ok();
    assert_eq!(value(&get(), 0, "date"), ("2024-05-07".into(), "set".into()));
    assert_eq!(value(&get(), 0, "occasion"), (String::new(), "set".into()));
    assert_eq!(value(&get(), 1, "place"), ("如皋".into(), "set".into()));
    program.run(&["attr", "unset", "a.txt", "date", "occasion"]).ok();
    assert_eq!(value(&get(), 0, "date"), ("2024-05-06".into(), "found".into()));
    let list = program.run(&["attr", "list", "--format", "json"]).json();
    let people = list["attributes"].as_array().unwrap().iter().find(|one| one["key"] == "与会人数").cloned().unwrap();
    assert_eq!(people, json!({"key": "与会人数", "type": "number", "speeches": 2, "set": 2, "distinct": 1}));
    let shown = program.run(&["attr", "get", "a.txt", "--key", "place"]).ok();
    assert!(shown.starts_with("place  如皋  "), "{shown}");
}

#[test]
fn attributes_are_in_the_history() {
    let program = library();
    program.run(&["attr", "set", "a.txt", "place=如皋", "--author", "甲"]).ok();
    program.run(&["attr", "set", "a.txt", "place=南通"]).ok();
    let history = program.run(&["history", "a.txt", "--format", "json"]).json();
    assert_eq!(history["states"][2]["attributes"], json!([{"key": "place", "before": "如皋", "after": "南通"}]));
    assert!(program.run(&["history", "a.txt"]).ok().contains("place: 如皋 → 南通"));
    program.run(&["history", "a.txt", "--restore", "2"]).ok();
    let get = program.run(&["attr", "get", "a.txt", "--format", "json"]).json();
    assert_eq!(value(&get, 0, "place").0, "如皋");
    program.run(&["history", "a.txt", "--restore", "1"]).ok();
    let get = program.run(&["attr", "get", "a.txt", "--format", "json"]).json();
    assert_eq!(value(&get, 0, "place").1, "-");
}

#[test]
fn attributes_and_mended_headings_are_in_one_history() {
    let program = library();
    let place = || value(&program.run(&["attr", "get", "a.txt", "--format", "json"]).json(), 0, "place").0;
    let first = || program.run(&["outline", "a.txt", "--format", "json"]).json()["sections"].as_array().unwrap().len();
    let parsed = first();
    program.run(&["attr", "set", "a.txt", "place=如皋", "--author", "甲"]).ok();
    program.run(&["section", "a.txt", "二", "--demote", "--author", "甲"]).ok();
    program.run(&["attr", "set", "a.txt", "place=南通", "--author", "甲"]).ok();
    assert_eq!((place().as_str(), first()), ("南通", parsed - 1));
    let history = program.run(&["history", "a.txt", "--format", "json"]).json();
    let states = history["states"].as_array().unwrap();
    assert_eq!((&states[1]["attributes"][0]["key"], &states[2]["changes"][0]["outline"]), (&json!("place"), &json!("demote")));
    assert!(states[2].get("attributes").is_none());
    // What only another author has done stays, unless asked.
    let kept = program.run(&["history", "a.txt", "--restore", "1", "--author", "乙", "--format", "json"]).json();
    assert_eq!((&kept["restored"], &kept["kept"]), (&json!(0), &json!(2)));
    assert_eq!((place().as_str(), first()), ("南通", parsed - 1));
    program.run(&["history", "a.txt", "--restore", "2", "--author", "甲"]).ok();
    assert_eq!((place().as_str(), first()), ("如皋", parsed));
    program.run(&["history", "a.txt", "--restore", "4", "--author", "乙", "--all"]).ok();
    assert_eq!((place().as_str(), first()), ("南通", parsed - 1));
    program.run(&["history", "a.txt", "--restore", "1", "--author", "乙", "--all"]).ok();
    assert_eq!((place().as_str(), first()), ("-", parsed));
}

#[test]
fn wrong_keys_and_values_are_refused() {
    let program = library();
    program.run(&["attr", "type", "与会人数", "number"]).ok();
    for (words, wanted) in [
        (vec!["attr", "set", "a.txt", "date=2024-13"], "2024-13"),
        (vec!["attr", "set", "a.txt", "与会人数=许多"], "许多"),
        (vec!["attr", "set", "a.txt", "（一）=x"], "（一）"),
        (vec!["attr", "set", "a.txt", "b.txt"], "name one or more speeches"),
        (vec!["attr", "set", "c.txt", "place=x"], "c.txt"),
        (vec!["attr", "unset", "c.txt", "place"], "c.txt"),
    ] {
        let error = program.run(&words).error(2);
        assert!(error.contains(wanted), "{words:?}: {error}");
    }
    program.run(&["attr", "set", "a.txt", "与会人数=12.5"]).ok();
    assert_eq!(
        program.run(&["attr", "list", "--format", "json"]).json()["attributes"].as_array().unwrap().last().unwrap()["type"],
        "number"
    );
}

#[test]
fn a_table_goes_out_and_comes_back() {
    let program = library();
    program.run(&["attr", "set", "a.txt", "place=如皋"]).ok();
    for file in ["attributes.csv", "attributes.xlsx"] {
        program.run(&["attr", "export", "-o", file]).ok();
        let report = program.run(&["attr", "import", file, "--format", "json"]).json();
        assert_eq!((&report["set"], &report["failed"]), (&json!(0), &json!([])), "{file}: nothing is new");
    }
    program.write("table.csv", "文件,place,date,人数\nb.txt,临江,2023-01-02,12\n没有.txt,x,,\na.txt,,2024-13,\n");
    let run = program.run(&["attr", "import", "table.csv", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.status, &report["speeches"], &report["set"]), (1, &json!(1), &json!(3)));
    let failed: Vec<(u64, &str)> =
        report["failed"].as_array().unwrap().iter().map(|row| (row["row"].as_u64().unwrap(), row["document"].as_str().unwrap())).collect();
    assert_eq!(failed, [(3, "没有.txt"), (4, "a.txt")]);
    let csv = program.run(&["attr", "export", "--key", "place", "--key", "人数"]).ok();
    assert_eq!(csv.lines().next(), Some("document,title,place,人数"));
    assert!(csv.contains("b.txt,在临江市人才工作会议上的讲话,临江,12"), "{csv}");
    assert!(program.run(&["attr", "export", "-o", "a.txt", "--force"]).error(2).contains("a.txt"));
    assert!(program.run(&["attr", "import", "a.txt"]).error(2).contains("document"));
}

#[test]
fn a_corrected_date_counts_everywhere() {
    let program = library();
    program.run(&["attr", "set", "b.txt", "date=2023-01-02", "place=如皋"]).ok();
    let years = program.run(&["count", "--by", "year", "--format", "csv"]).ok();
    assert_eq!(years.lines().next(), Some("tag,2023,2024,total"));
    let found = program.run(&["search", "工作站", "--until", "2023", "--format", "json"]).json();
    assert_eq!(found["hits"].as_array().unwrap().len(), 1);
    assert!(found["hits"][0]["document"].as_str().unwrap().ends_with("b.txt"));
    let json = program.run(&["export", "--until", "2023", "--format", "json"]).json();
    let annotations = json["annotations"].as_array().unwrap();
    assert_eq!((annotations.len(), &annotations[0]["document_date"]), (1, &json!("2023-01-02")));
    assert_eq!(annotations[0]["attributes"]["place"], "如皋");
    let csv = program.run(&["export", "--format", "csv"]).ok();
    let header = csv.lines().next().unwrap();
    assert!(header.ends_with("attr.occasion,attr.place,attr.date,attr.kind,attr.addressees"), "{header}");
    let line = program.run(&["export", "b.txt", "--format", "jsonl"]).ok();
    assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["attributes"]["date"], "2023-01-02");
}
