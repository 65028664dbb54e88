//! `tag`, `note`, `tags` and `export`, run as processes on one store.

use crate::program;

use program::{SPEECH, TestProgram};
use serde_json::{Value, json};

fn exported_annotations(program: &TestProgram) -> Vec<Value> {
    program.run(&["export", "--format", "json"]).json()["annotations"].as_array().unwrap().clone()
}

#[test]
fn tags_and_notes_persist_across_processes() {
    let program = TestProgram::with_speech();
    let id = program.run(&["tag", "a.txt", "--section", "二/(一)", "人才工作", "干部队伍"]).ok();
    let noted = program.run(&["note", "a.txt", "--quote", "全县引进三十人", "数字要核实"]).ok();
    let entries = exported_annotations(&program);
    assert_eq!(entries.len(), 2);
    let (note, tag) = (&entries[0], &entries[1]);
    assert_eq!((note["id"].as_str(), tag["id"].as_str()), (Some(noted.trim()), Some(id.trim())));
    assert_eq!((&note["note"], &note["quote"], &note["scope"]), (&json!("数字要核实"), &json!("全县引进三十人"), &json!("passage")));
    assert_eq!(note["section"], json!(["一、", "一是"]));
    assert_eq!((&tag["section"], &tag["scope"], &tag["anchor"]), (&json!(["二、", "（一）"]), &json!("section"), &json!("exact")));
    assert_eq!(tag["tags"], json!(["人才工作", "干部队伍"]));
    assert_eq!(tag["author"], "李工");
    let text: Vec<char> = SPEECH.chars().collect();
    for entry in &entries {
        let span = entry["start"].as_u64().unwrap() as usize..entry["end"].as_u64().unwrap() as usize;
        assert_eq!(entry["quote"], json!(text[span].iter().collect::<String>()));
    }
}

#[test]
fn json_export_fields_are_stable() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--span", "0:3", "人才工作"]).ok();
    let entry = exported_annotations(&program).remove(0);
    let fields: Vec<&str> = entry.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "id",
        "scope",
        "document",
        "document_hash",
        "document_title",
        "document_date",
        "section",
        "start",
        "end",
        "quote",
        "text",
        "tags",
        "tag_paths",
        "note",
        "author",
        "created",
        "modified",
        "anchor",
        "attributes",
    ];
    expected.sort_unstable();
    assert_eq!(fields, expected);
    assert_eq!(entry["document"], json!(program.folder().join("a.txt")));
    assert_eq!(entry["section"], json!([]));
}

#[test]
fn shared_store_uses_relative_paths() {
    let program = TestProgram::new();
    program.write(".pizhu/.keep", "");
    program.write("2024/春.txt", SPEECH);
    program.run(&["tag", "2024/春.txt", "--section", "一", "人才工作"]).ok();
    assert_eq!(exported_annotations(&program)[0]["document"], "2024/春.txt");
    let elsewhere = TestProgram::with_speech().set_env("PIZHU_STORE", program.folder().to_str().unwrap());
    assert_eq!(exported_annotations(&elsewhere).len(), 1);
}

#[test]
fn tags_and_notes_can_be_removed() {
    let program = TestProgram::with_speech();
    let id = program.run(&["tag", "a.txt", "--section", "一、", "人才工作", "干部队伍"]).ok();
    program.run(&["untag", "a.txt", "--section", "一、", "干部队伍"]).ok();
    assert_eq!(exported_annotations(&program)[0]["tags"], json!(["人才工作"]));
    program.run(&["note", "a.txt", "--id", id.trim(), "- 第一行\n第二行"]).ok();
    assert_eq!(exported_annotations(&program)[0]["note"], "- 第一行\n第二行");
    program.run_with_stdin(&["note", "a.txt", "--id", id.trim(), "-"], "从标准输入来\n").ok();
    assert_eq!(exported_annotations(&program)[0]["note"], "从标准输入来");
    program.run(&["note", "a.txt", "--section", "一、", "--delete"]).ok();
    assert_eq!(exported_annotations(&program)[0]["note"], "");
    program.run(&["untag", "a.txt", "--id", id.trim()]).ok();
    assert_eq!(exported_annotations(&program), Vec::<Value>::new());
    assert!(program.run(&["note", "a.txt", "--id", id.trim(), "x"]).error(2).contains("there is no annotation"));
}

#[test]
fn codebook_can_be_listed_and_edited() {
    let program = TestProgram::with_speech();
    let names = |program: &TestProgram| -> Vec<String> {
        let tags = program.run(&["tags", "list", "--format", "json"]).json();
        tags["tags"].as_array().unwrap().iter().map(|tag| tag["path"].as_str().unwrap().to_owned()).collect()
    };
    assert!(names(&program).contains(&"人才工作".to_owned()), "the starter codebook");
    program
        .run(&["tags", "add", "引才", "--parent", "人才工作", "--color", "#aa0000", "--definition", "从外面请", "--keywords", "引进,回引"])
        .ok();
    assert!(names(&program).contains(&"人才工作/引才".to_owned()));
    let added = program.run(&["tags", "--format", "json"]).json();
    let added = added["tags"].as_array().unwrap().iter().find(|tag| tag["name"] == "引才").unwrap().clone();
    assert_eq!((&added["color"], &added["keywords"]), (&json!("#aa0000"), &json!(["引进", "回引"])));
    program.run(&["tags", "add", "用才"]).ok();
    assert!(program.run(&["tags", "--format", "json"]).ok().contains("\"name\":\"用才\",\"path\":\"用才\",\"parent\":null,\"color\":\"\""));
    assert_eq!(program.run(&["tags", "add", "x", "--color", "always"]).status, 2);
    program.run(&["tag", "a.txt", "--section", "二/(一)", "引才"]).ok();
    program.run(&["tags", "rename", "引才", "引才聚才"]).ok();
    assert_eq!(exported_annotations(&program)[0]["tag_paths"], json!(["人才工作/引才聚才"]));
    assert_eq!(program.run(&["export", "--format", "json", "--tag", "人才工作"]).json()["annotations"].as_array().unwrap().len(), 1);
    program.run(&["tags", "move", "引才聚才"]).ok();
    assert!(names(&program).contains(&"引才聚才".to_owned()));
    program.run(&["tags", "merge", "引才聚才", "人才工作"]).ok();
    assert_eq!(exported_annotations(&program)[0]["tags"], json!(["人才工作"]));
    program.run(&["tags", "delete", "人才工作"]).ok();
    assert!(!names(&program).contains(&"人才工作".to_owned()));
    assert!(program.run(&["tags", "rename", "没有", "x"]).error(2).contains("no tag 没有"));
    assert!(program.run(&["tags", "add", "a/b"]).error(2).contains("cannot be a tag name"));
    assert!(program.run(&["tags", "add", "党员队伍"]).error(2).contains("already"));
}

#[test]
fn markdown_export_by_position_and_by_tag() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "二/（二）", "人才工作"]).ok();
    program.run(&["tag", "a.txt", "--quote", "全县引进三十人", "人才工作"]).ok();
    program.run(&["note", "a.txt", "--quote", "全县引进三十人", "1. 核实\n2. 补充"]).ok();
    let title = "在青禾县人才工作会议上的讲话";
    let path = program.folder().join("a.txt").display().to_string().replace('_', "\\_");
    assert_eq!(
        program.run(&["export"]).ok(),
        format!(
            "# {title}\n\n2024-05-06 · {path}\n\n## 一、/一是 队伍壮大了\n\n> 全县引进三十人\n\n1\\. 核实  \n2\\. 补充\n\n— 〔人才工作〕 · 李工\n\n\
             ## 二、/（二）抓使用\n\n> （二）抓使用\n>\n> 要让人才留得住、用得好。\n\n— 〔人才工作〕 · 李工\n"
        )
    );
    let by_tag = program.run(&["export", "a.txt", "--format", "md", "--order", "tag"]).ok();
    assert!(by_tag.starts_with("# 人才工作\n\n> 全县引进三十人\n"), "{by_tag}");
    assert!(by_tag.contains(&format!("— 《{title}》 · 2024-05-06 · 二、/（二）抓使用 · 〔人才工作〕 · 李工")), "{by_tag}");
}

#[test]
fn csv_export_has_one_row_per_tag_and_no_formulas() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "一", "人才工作", "干部队伍"]).ok();
    program.run(&["note", "a.txt", "--span", "0:3", "=1+1"]).ok();
    let rows = |arguments: &[&str]| -> Vec<Vec<String>> {
        let table = program.run(arguments).ok();
        let table = table.trim_start_matches('\u{FEFF}').to_owned();
        csv::Reader::from_reader(table.as_bytes()).records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    let all = rows(&["export", "--format", "csv"]);
    assert_eq!(all.iter().map(|row| row[9].as_str()).collect::<Vec<_>>(), ["", "人才工作", "干部队伍"]);
    assert_eq!(all[0][11], "'=1+1");
    assert_eq!((all[1][5].as_str(), all[1][6].as_str()), ("2024-05-06", "一、"));
    assert_eq!(rows(&["export", "--format", "csv", "--tag", "干部队伍"]).len(), 1);
    assert_eq!(rows(&["export", "--format", "csv", "--author", "王工"]).len(), 0);
    assert_eq!(rows(&["export", "--format", "csv", "--since", "2024-06"]).len(), 0);
    assert_eq!(rows(&["export", "--format", "csv", "--until", "2024-05"]).len(), 3);
    assert!(program.run(&["export", "--format", "csv", "--excel"]).ok().starts_with('\u{FEFF}'));
}

#[test]
fn export_to_file_is_silent_and_overwrites_only_with_force() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
    assert_eq!(program.run(&["export", "-o", "out.jsonl", "--format", "jsonl"]).ok(), "");
    assert_eq!(program.read("out.jsonl").lines().count(), 1);
    program.run(&["export", "-o", "out.jsonl", "--format", "json", "--force"]).ok();
    assert_eq!(serde_json::from_str::<Value>(&program.read("out.jsonl")).unwrap()["version"], 1);
    assert_eq!(TestProgram::new().run(&["export", "--format", "json"]).json()["annotations"], json!([]), "an empty export is valid");
}

#[test]
fn export_skips_missing_speech_with_a_warning() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
    std::fs::remove_file(program.folder().join("a.txt")).unwrap();
    let ran = program.run(&["export", "--format", "json"]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("a.txt") && ran.err.lines().count() == 1, "{}", ran.err);
}
