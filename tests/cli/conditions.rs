//! `--where`, `--author` and dates in search, count and export; counting.

use crate::program;

use program::{SPEECH, TestProgram};
use serde_json::Value;

/// Two speeches with a store; two authors in the first.
fn library() -> TestProgram {
    let program = TestProgram::new();
    program.run(&["store", "init", "."]);
    program.write("a.txt", SPEECH);
    program.write("b.txt", SPEECH.replace("青禾县", "临江市").replace("2024年5月6日", "2022年3月4日"));
    for (file, quote, tag, author) in [
        ("a.txt", "要到外面去请人才", "人才工作", "甲"),
        ("a.txt", "要到外面去请人才", "作风建设", "乙"),
        ("a.txt", "要让人才留得住、用得好", "作风建设", "甲"),
        ("b.txt", "建成两个工作站", "人才工作", "甲"),
    ] {
        program.run(&["tag", file, "--quote", quote, tag, "--author", author]).ok();
    }
    program.run(&["attr", "set", "a.txt", "place=如皋"]).ok();
    program.run(&["attr", "set", "b.txt", "place=南通"]).ok();
    program
}

fn exported(program: &TestProgram, words: &[&str]) -> Vec<(String, String)> {
    let report = program.run(&[&["export", "--format", "json"][..], words].concat()).json();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    report["annotations"].as_array().unwrap().iter().map(|one| (text(one, "document"), text(one, "quote"))).collect()
}

#[test]
fn exports_take_conditions() {
    let program = library();
    let count = |words: &[&str]| exported(&program, words).len();
    assert_eq!(count(&[]), 4);
    assert_eq!(count(&["--where", "作风建设"]), 3, "also that which a passage under the tag overlaps");
    assert_eq!(count(&["--where", "作风建设 and author:甲 and not 人才工作"]), 1);
    assert_eq!(count(&["--where", "attr.place:南通 or author:乙"]), 2);
    assert_eq!(count(&["--where", "人才工作 near:20 (作风建设 and author:甲)"]), 2);
    assert_eq!(count(&["--where", "作风建设", "--author", "甲"]), 1, "of the author's own");
    assert_eq!(count(&["--since", "2023", "--where", "人才工作"]), 2);
    assert_eq!(count(&["--where", "until:2022"]), 1);
    for format in ["jsonl", "csv"] {
        let out = program.run(&["export", "--where", "until:2022", "--format", format]).ok();
        assert_eq!(out.lines().count(), if format == "csv" { 2 } else { 1 });
    }
}

#[test]
fn searches_take_conditions_and_authors() {
    let program = library();
    let count = |words: &[&str]| {
        let run = program.run(&[&["search", "人才", "--format", "json"][..], words].concat());
        assert_eq!(run.err, "");
        serde_json::from_str::<Value>(&run.out).unwrap()["hits"].as_array().unwrap().len()
    };
    let all = count(&[]);
    assert_eq!((all, count(&["--where", "attr.place:如皋 or not attr.place:如皋"])), (8, all));
    assert_eq!(count(&["--where", "作风建设"]), 2);
    assert_eq!(count(&["--where", "level:2 and attr.place:如皋"]), 2);
    assert_eq!((count(&["--author", "乙"]), count(&["--author", "丙"])), (1, 0));
    assert_eq!(count(&["--author", "乙", "--tag", "人才工作"]), 0);
}

#[test]
fn unknown_tags_malformed_conditions_and_impossible_dates_are_refused() {
    let program = library();
    for command in [&["search", "人才"][..], &["count"], &["export", "--format", "csv"], &["export", "--format", "jsonl"]] {
        for (option, value, wanted) in [
            ("--tag", "没有的标签", "没有的标签"),
            ("--where", "人才工作 and 没有的", "character 10"),
            ("--where", "人才工作 作风建设", "character 6"),
            ("--where", "place:如皋", "place:"),
            ("--since", "2020-13", "2020-13"),
            ("--until", "2021-02-30", "2021-02-30"),
        ] {
            let run = program.run(&[command, &[option, value]].concat());
            assert_eq!((run.status, run.out.as_str()), (2, ""), "{command:?} {option} {value}: {}", run.err);
            assert!(run.err.contains(wanted), "{command:?} {option}: {}", run.err);
        }
    }
}

#[test]
fn counts_take_authors_attributes_units_and_shares() {
    let program = library();
    let csv = |words: &[&str]| program.run(&[&["count", "--format", "csv"][..], words].concat()).ok();
    assert_eq!(csv(&["--by", "attr.place"]), "tag,南通,如皋,total\n人才工作,1,1,2\n作风建设,0,2,2\n");
    assert_eq!(csv(&["--by", "attr.place", "--author", "甲"]), "tag,南通,如皋,total\n人才工作,1,1,2\n作风建设,0,1,1\n");
    assert_eq!(csv(&["--by", "attr.place", "--since", "2023"]), "tag,如皋,total\n人才工作,1,1\n作风建设,2,2\n");
    assert_eq!(csv(&["--by", "attr.place", "--percent", "rows"]), "tag,南通,如皋,total\n人才工作,50.00,50.00,2\n作风建设,0.00,100.00,2\n");
    assert_eq!(
        csv(&["--by", "attr.place", "--percent", "columns"]),
        "tag,南通,如皋,total\n人才工作,100.00,33.33,2\n作风建设,0.00,66.67,2\n"
    );
    assert_eq!(csv(&["--by", "year", "--unit", "chars"]), "tag,2022,2024,total\n人才工作,7,8,15\n作风建设,0,19,19\n");
    let together = |words: &[&str]| csv(&[&["--by", "together"][..], words].concat()).lines().nth(1).unwrap().to_owned();
    assert_eq!(together(&[]), "人才工作,2,0,2", "what two coders marked is not together");
    assert_eq!(together(&["--across-authors"]), "人才工作,2,1,2");
    assert_eq!(together(&["--together", "near:9"]), "人才工作,2,1,2");
    assert_eq!(together(&["--together", "section"]), "人才工作,2,0,2");
    assert!(program.run(&["count", "--by", "together", "--together", "section", "--unit", "chars"]).error(2).contains("--unit"));
    let json = program.run(&["count", "--by", "attr.place", "--percent", "rows", "--format", "json"]).json();
    assert_eq!(
        (&json["by"], &json["columns"][0]["attribute"], &json["rows"][0]["percent"][1]),
        (&"attr.place".into(), &"南通".into(), &50.0.into())
    );
    assert!(program.run(&["count", "--by", "nothing"]).err.contains("attr.KEY"));
    assert!(program.run(&["count", "--by", "attr.place", "--percent", "rows"]).ok().contains("50.0%"));
}

/// The speeches come from a list, and are counted by several threads.
#[test]
fn counts_of_a_list_take_conditions() {
    let program = library();
    program.write("list.txt", "b.txt\nnowhere.txt\na.txt\n");
    let ran =
        program.run(&["count", "--files-from", "list.txt", "--by", "attr.place", "--where", "人才工作 and author:甲", "--format", "csv"]);
    assert_eq!((ran.status, ran.out.as_str()), (1, "tag,南通,如皋,total\n人才工作,1,1,2\n"), "{}", ran.err);
    assert!(ran.err.contains("nowhere.txt"), "{}", ran.err);
    let unknown = program.run(&["count", "--files-from", "list.txt", "--where", "没有的标签"]).error(2);
    assert!(unknown.contains("没有的标签"), "{unknown}");
    let level = program.run(&["count", "a.txt", "--by", "level", "--where", "level:2", "--format", "csv"]).ok();
    program.run(&["section", "a.txt", "二、", "--demote"]).ok();
    let below = program.run(&["count", "a.txt", "--by", "level", "--where", "level:3", "--format", "csv"]).ok();
    assert_eq!(below.replacen('3', "2", 1), level, "a condition sees the outline as it is mended");
}
