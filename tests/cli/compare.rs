//! `pizhu compare`.

use crate::program::{SPEECH, TestProgram};
use serde_json::Value;

/// Next year's speech: the talent section has other figures, a section on the grassroots is new, and the
/// one on thoughts is gone.
const NEXT: &str = "\
在青禾縣人才工作會議上的講話
（2025年5月8日）

同志們：
今天的會議很重要，我講兩點意見。
一、突出重點，狠抓落實
（一）抓引進
要到外面去請人才。今年要拿出二十個崗位，面向全國公開招考。
（二）抓使用
要讓人才留得住、用得好。
二、建強基層組織
每個村都要有一個堅強的支部，黨員要在急難險重的時候站得出來、頂得上去。
";

fn library() -> TestProgram {
    let program = TestProgram::with_speech();
    program.write("b.txt", NEXT);
    program
}

#[test]
fn sections_of_two_years_are_compared_across_scripts() {
    let program = library();
    let report = program.run(&["compare", "a.txt", "b.txt", "--format", "json"]).json();
    let line = |section: &Value| {
        let path = |side: &str| section[side].as_str().unwrap_or("null").to_owned();
        format!("{} {} {}", section["state"].as_str().unwrap(), path("a"), path("b"))
    };
    let lines: Vec<String> = report["sections"].as_array().unwrap().iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "same  ",
            "dropped 一、 null",
            "dropped 一、/一是 null",
            "dropped 一、/二是 null",
            "same 二、 一、",
            "reworded 二、/（一） 一、/（一）",
            "same 二、/（二） 一、/（二）",
            "new null 二、",
        ]
    );
    let section = &report["sections"][5];
    let (a, b): (Vec<char>, Vec<char>) = (SPEECH.chars().collect(), NEXT.chars().collect());
    let text = |chars: &[char], span: &Value| -> String {
        chars[span["start"].as_u64().unwrap() as usize..span["end"].as_u64().unwrap() as usize].iter().collect()
    };
    let changes = section["changes"].as_array().unwrap();
    assert_eq!((changes.len(), text(&a, &changes[0]["a"])), (1, String::new()));
    assert_eq!(text(&b, &changes[0]["b"]), "今年要拿出二十個崗位，面向全國公開招考");
    assert_eq!(text(&b, &section["b_span"]), "（一）抓引進\n要到外面去請人才。今年要拿出二十個崗位，面向全國公開招考。\n");
    // As records, and the other way round.
    let records = program.run(&["compare", "b.txt", "a.txt", "--format", "jsonl"]).ok();
    assert_eq!(records.lines().count(), lines.len());
    assert!(records.lines().all(|line| serde_json::from_str::<Value>(line).unwrap()["a_document"] == "b.txt"));
}

#[test]
fn uncoloured_comparison_marks_changes_by_signs() {
    let program = library();
    let text = program.run(&["compare", "a.txt", "b.txt"]).ok();
    for line in [
        "- 一、统一思想，提高认识  dropped",
        "~ 一、突出重點，狠抓落實  ",
        "+ 二、建強基層組織  new",
        "=   （二）抓使用  was 二、/（二）, same",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(text.contains("{+今年要拿出二十個崗位，面向全國公開招考+}") && !text.contains('\u{1B}'), "{text}");
    let summary = program.run(&["compare", "a.txt", "b.txt", "--summary"]).ok();
    assert!(text.starts_with(&summary) && !summary.contains("{+"), "{summary}");
    let coloured = program.run(&["compare", "a.txt", "b.txt", "--color", "always"]).ok();
    let plain: String =
        coloured.split('\u{1B}').enumerate().map(|(n, part)| if n == 0 { part } else { part.split_once('m').unwrap().1 }).collect();
    assert_eq!(plain, text);
    assert!(program.run(&["compare", "a.txt", "c.txt"]).error(2).contains("c.txt"));
}

/// A text that repeats itself over and over has no place of its own for anything; comparing it once took
/// the square of its length.
#[test]
fn hostile_repetition_is_compared_in_bounded_time() {
    let program = TestProgram::new();
    let texts = ["甲乙".repeat(60_000), "一、抓好落实\n要抓好落实。\n".repeat(8_000), "丙".repeat(120_000)];
    for (index, text) in texts.iter().enumerate() {
        program.write(&format!("{index}.txt"), text);
        program.write(&format!("{index}-other.txt"), format!("{}另一句话。\n{text}", text.chars().skip(2001).collect::<String>()));
    }
    for index in 0..texts.len() {
        program.run(&["compare", &format!("{index}.txt"), &format!("{index}-other.txt"), "--summary"]).ok();
    }
}
