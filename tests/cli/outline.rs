//! `pizhu outline` and `pizhu read`, run as processes.

use crate::program;

use program::{SPEECH, TestProgram, samples};
use serde_json::{Value, json};
use std::{path::Path, process::Command};

#[test]
fn text_format() {
    let program = TestProgram::with_speech();
    let expected = "\
在青禾县人才工作会议上的讲话
2024-05-06
一、统一思想，提高认识
  一是 队伍壮大了
  二是 平台建起来了
二、突出重点，狠抓落实
  （一）抓引进
  （二）抓使用
";
    assert_eq!(program.run(&["outline", "a.txt"]).ok(), expected);
    assert_eq!(program.run_with_stdin(&["outline", "-"], SPEECH).ok(), expected);
    assert!(program.run(&["outline", "a.txt", "--color", "always"]).ok().contains("\u{1B}["));
}

#[test]
fn json_fields_are_stable() {
    let tree = TestProgram::with_speech().run(&["outline", "--format", "json", "a.txt"]).json();
    assert_eq!(
        (&tree["version"], &tree["title"], &tree["date"]),
        (&json!(1), &json!("在青禾县人才工作会议上的讲话"), &json!("2024-05-06"))
    );
    assert_eq!(tree["boilerplate"], json!([]));
    let text: Vec<char> = SPEECH.chars().collect();
    let quote = |span: &Value| -> String {
        text[span["start"].as_u64().unwrap() as usize..span["end"].as_u64().unwrap() as usize].iter().collect()
    };
    let second = &tree["sections"][1]["children"][1];
    let fields: Vec<&str> = second.as_object().unwrap().keys().map(String::as_str).collect();
    let mut sorted = ["path", "marker", "kind", "number", "title", "confidence", "heading", "span", "children"];
    sorted.sort_unstable();
    assert_eq!(fields, sorted);
    assert_eq!(second["path"], "二、/（二）");
    assert_eq!((&second["kind"], &second["number"]), (&json!("paren"), &json!(2)));
    assert_eq!(quote(&second["heading"]), "（二）抓使用");
    assert!(quote(&second["span"]).starts_with("（二）抓使用\n要让人才"));
    assert_eq!(tree["sections"][0]["children"][0]["kind"], "shi");
}

#[test]
fn front_matter_has_texts_and_spans() {
    let program = TestProgram::new();
    let text = "青政发〔2031〕12号\n青石县人民政府关于清理河道的\n通知\n各乡镇人民政府：\n现通知如下。\n一、清淤要彻底\n挖到硬底。\n二、杂物要运走\n不得堆放。\n青石县人民政府\n2031年5月30日\n";
    program.write("b.txt", text);
    let tree = program.run(&["outline", "--format", "json", "b.txt"]).json();
    assert_eq!((&tree["title"], &tree["date"]), (&json!("青石县人民政府关于清理河道的 通知"), &json!("2031-05-30")));
    let chars: Vec<char> = text.chars().collect();
    let field = |name: &str| -> String {
        let field = &tree["front"][name];
        let at = |end: &str| usize::try_from(field[end].as_u64().unwrap()).unwrap();
        let quote: String = chars[at("start")..at("end")].iter().collect();
        assert_eq!(field["text"], json!(quote), "{name}");
        quote
    };
    assert_eq!(field("number"), "青政发〔2031〕12号");
    assert_eq!(field("addressees"), "各乡镇人民政府");
    assert_eq!(field("signature"), "青石县人民政府");
    assert_eq!(tree["front"]["speaker"], json!(null));
    assert_eq!(tree["front"].as_object().unwrap().len(), 8);
}

#[test]
fn text_without_sections_has_an_empty_outline() {
    let program = TestProgram::new();
    program.write("b.txt", "从前有一座山。\n山里有一条河。\n");
    program.write("empty.txt", "");
    assert_eq!(program.run(&["--format", "json", "outline", "b.txt"]).json()["sections"], json!([]));
    assert_eq!(program.run(&["outline", "empty.txt", "--format", "json"]).json()["sections"], json!([]));
    assert_eq!(program.run(&["outline", "empty.txt"]).ok(), "");
    assert_eq!(program.run(&["read", "empty.txt"]).ok(), "");
}

#[test]
fn spans_of_samples_contain_their_subsections() {
    fn visit(sections: &Value, parent: (u64, u64), count: &mut usize) {
        for section in sections.as_array().unwrap() {
            let span = (section["span"]["start"].as_u64().unwrap(), section["span"]["end"].as_u64().unwrap());
            assert!(parent.0 <= span.0 && span.0 < span.1 && span.1 <= parent.1, "{section}");
            *count += 1;
            visit(&section["children"], span, count);
        }
    }
    let program = TestProgram::new();
    let mut count = 0;
    for sample in samples() {
        let tree = program.run(&["outline", "--format", "json", sample.to_str().unwrap()]).json();
        visit(&tree["sections"], (0, u64::MAX), &mut count);
    }
    assert!(count > 50);
}

#[test]
fn read_wraps_rows_to_the_width() {
    let program = TestProgram::with_speech();
    for (width, sign) in [("20", "narrow"), ("33", "wide"), ("80", "narrow")] {
        let rows = program.run(&["read", "a.txt", "--width", width, "--ambiguous", sign]).ok();
        assert!(rows.contains("一、统一思想"));
        for row in rows.lines() {
            let cells: usize = row.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            assert!(cells <= width.parse().unwrap() && !row.starts_with(['，', '。', '、']), "{row}");
        }
        let without_white_space = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
        assert_eq!(without_white_space(&rows), without_white_space(SPEECH), "no characters are lost or added");
    }
}

#[test]
fn real_speeches_match_their_expected_outlines() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real-speeches");
    let score = folder.join("score.py");
    if !score.is_file() {
        eprintln!("skipped: {} does not exist", score.display());
        return;
    }
    let mut speeches: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    speeches.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    speeches.sort();
    let mut command = Command::new("python3");
    command.arg(score).args(["--min", "1", "--exact", "1", "--front"]).arg(program::binary()).args(speeches);
    let Ok(run) = command.output() else {
        eprintln!("skipped: python3 is not installed");
        return;
    };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}
