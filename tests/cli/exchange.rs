//! Export to files and streams, and import, run as processes.

use crate::program;

use pizhu_text::text::Encoding;
use pizhu_text::text::decode::encode;
use program::{SPEECH, TestProgram};
use serde_json::{Value, json};
use std::io::{Cursor, Read as _, Write as _};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

fn zip_archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn archive_part(archive: &[u8], name: &str) -> String {
    let mut text = String::new();
    ZipArchive::new(Cursor::new(archive)).unwrap().by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn export_overwrites_only_with_force_and_streams_the_same_bytes() {
    let program = TestProgram::with_speech();
    program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
    program.write("out.csv", "mine");
    let refused = program.run(&["export", "-o", "out.csv"]).error(2);
    assert!(refused.contains("out.csv") && refused.contains("--force"), "{refused}");
    assert_eq!(program.read("out.csv"), "mine");
    assert_eq!(program.run(&["export", "-o", "out.csv", "--force"]).ok(), "");
    let streamed = program.run(&["export", "-o", "-", "--format", "csv"]).ok();
    assert_eq!(program.read("out.csv"), streamed, "the extension decides the format");
    assert!(streamed.starts_with("id,scope,document,"));
    // Binary formats are written to a pipe; only a terminal refuses them.
    let mut command = program.command(&["export", "--format", "xlsx"]);
    assert!(command.output().unwrap().stdout.starts_with(b"PK\x03\x04"));
    assert!(program.run(&["export", "-o", "none/out.csv"]).error(2).contains("none/out.csv"));
    let names: Vec<_> = std::fs::read_dir(program.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "no temporary file remains: {names:?}");
}

#[test]
fn formula_like_cells_are_escaped() {
    let program = TestProgram::with_speech();
    let dangerous = ["=HYPERLINK(\"http://a\")", "+1", "-2+3", "@SUM(A1)", "\t=1", "＝1", "'=1"];
    for (index, note) in dangerous.iter().enumerate() {
        let span = format!("{index}:{}", index + 5);
        program.run(&["note", "a.txt", "--span", &span, "--author", "=李工", note]).ok();
        program.run(&["tag", "a.txt", "--span", &span, "--author", "=李工", "=标签"]).ok();
    }
    for excel in [false, true] {
        let mut arguments = vec!["export", "--format", "csv"];
        arguments.extend(excel.then_some("--excel"));
        let table = program.run(&arguments).ok();
        let mut reader = csv::Reader::from_reader(table.trim_start_matches('\u{FEFF}').as_bytes());
        for row in reader.records() {
            let row = row.unwrap();
            let runs = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
            assert!(!row.iter().any(runs), "{row:?}");
            assert_eq!((&row[9], &row[14]), ("'=标签", "'=李工"));
        }
        assert_eq!(table.contains("\r\n"), excel);
    }
    let book = program.command(&["export", "--format", "xlsx"]).output().unwrap().stdout;
    let sheet = archive_part(&book, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "no cell is a formula");
    assert!(archive_part(&book, "xl/sharedStrings.xml").contains("=HYPERLINK("), "text is stored unescaped");
    let taguette = program.run(&["tags", "export", "--format", "taguette"]).ok();
    assert!(taguette.contains("\n'=标签,"), "{taguette}");
}

#[test]
fn import_reports_created_review_and_failed_entries() {
    let input = json!({"annotations": [
        {"document": "a.txt", "quote": "要到外面去请人才", "tags": ["引才"]},
        {"document": "a.txt", "quote": "文中没有的话", "note": "记"},
        {"document": "a.txt", "start": 900, "end": 905, "note": "记"},
        {"document": "a.txt", "section": ["九、"], "note": "记"},
        {"document": "a.txt", "quote": "同志们"},
        {"document": "b.txt", "quote": "同志们", "note": "记"},
    ]});
    let program = TestProgram::with_speech();
    program.write("in.json", input.to_string());
    let ran = program.run(&["import", "in.json"]);
    assert_eq!((ran.status, ran.err.as_str()), (1, ""), "part of it failed");
    assert_eq!(
        ran.out.lines().collect::<Vec<_>>(),
        [
            "2 created, 0 merged, 1 to review, 4 failed",
            "new tags: 引才",
            "to review: entry 2, a.txt: 文中没有的话",
            "failed: entry 6, b.txt: no such speech; give its file or folder after the file to import",
            "failed: entry 3, a.txt: its position is outside the text",
            "failed: entry 4, a.txt: the speech has no section 九、",
            "failed: entry 5, a.txt: it has neither tags nor a note",
        ]
    );
    let again = TestProgram::run(&program, &["import", "in.json", "--format", "json"]);
    let report: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!((&report["created"], &report["merged"], &report["review"]), (&json!(0), &json!(2), &json!(1)));
    assert_eq!((&report["to_review"][0]["entry"], &report["to_review"][0]["quote"]), (&json!(2), &json!("文中没有的话")));
    assert_eq!(report["failed"][0], json!({"entry": 6, "document": "b.txt", "reason": "no such speech"}));
    let chinese = TestProgram::with_speech().set_env("LANG", "zh_CN.UTF-8");
    let localized = chinese.run_with_stdin(&["import", "-", "a.txt"], &input.to_string());
    assert!(localized.out.starts_with("新建 2 条，") && localized.out.contains("未能导入：第 4 条，"), "{}", localized.out);
}

#[test]
fn annotations_survive_export_and_import_in_each_format() {
    let program = TestProgram::with_speech();
    program.run(&["tags", "add", "引才", "--parent", "人才工作"]).ok();
    program.run(&["tag", "a.txt", "--section", "二/（二）", "引才", "新题目"]).ok();
    program.run(&["note", "a.txt", "--quote", "全县引进三十人", "一\n\"二\""]).ok();
    let store = program.folder().join(".pizhu");
    let all = program.run(&["export", "--format", "json"]).json();
    for format in ["json", "jsonl", "ron", "web-annotation", "csv", "qdpx"] {
        let bytes = program.command(&["export", "--format", format]).output().unwrap().stdout;
        let other = TestProgram::with_speech();
        other.write("in.any", bytes);
        let name = format!("in.{format}");
        std::fs::rename(other.folder().join("in.any"), other.folder().join(&name)).unwrap();
        other.run(&["import", &name, "a.txt"]).ok();
        let back = other.run(&["export", "--format", "json"]).json();
        let strip = |value: &Value| -> Vec<Value> {
            let mut entries = value["annotations"].as_array().unwrap().clone();
            // Each store is a user store, which names speeches by absolute path.
            for entry in &mut entries {
                entry.as_object_mut().unwrap().remove("document");
            }
            entries
        };
        assert_eq!(strip(&back), strip(&all), "{format}");
    }
    assert!(!store.exists(), "no store is created beside the speech");
}

const TRACKED_CHANGES_XML: &str = r#"<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>一、抓好</w:t></w:r><w:del><w:r><w:delText>三</w:delText></w:r></w:del><w:ins><w:r><w:t>五</w:t></w:r></w:ins><w:r><w:t>件事</w:t></w:r></w:p><w:p><w:r><w:t>要抓实。</w:t></w:r></w:p></w:body></w:document>"#;

#[test]
fn tracked_changes_can_be_read_accepted_or_original() {
    let program = TestProgram::new();
    program.write("a.docx", zip_archive(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", TRACKED_CHANGES_XML)]));
    let outline = |arguments: &[&str]| program.run(arguments).ok();
    assert!(outline(&["outline", "a.docx"]).contains("抓好五件事"));
    assert!(outline(&["outline", "a.docx", "--changes", "original"]).contains("抓好三件事"));
    assert!(program.run(&["search", "三件事", "a.docx", "--changes", "original"]).ok().contains("三件事"));
    assert_eq!(program.run(&["search", "三件事", "a.docx"]).status, 1);
    // The setting does the same; the command line overrides it.
    program.write("../config/pizhu/settings.ron", "(tracked_changes: Original)");
    assert!(outline(&["outline", "a.docx"]).contains("抓好三件事"));
    assert!(outline(&["outline", "a.docx", "--changes", "accepted"]).contains("抓好五件事"));
    // In a folder, cached results of one mode are not used for the other.
    for (side, words) in [("original", "三件事"), ("accepted", "五件事"), ("original", "三件事")] {
        let hits = program.run(&["search", "件事", ".", "--changes", side]).ok();
        assert!(hits.contains(words), "{side}: {hits}");
    }
    program.write("../config/pizhu/settings.ron", "(tracked_changes: Both)");
    let ran = program.run(&["outline", "a.docx"]);
    assert!(ran.status == 0 && ran.out.contains("抓好五件事") && ran.err.contains("settings.ron"), "{}", ran.err);
}

#[test]
fn author_setting_is_used() {
    let program = TestProgram::with_speech();
    program.write("../config/pizhu/settings.ron", "(author: \"王工\")");
    program.run(&["tag", "a.txt", "--section", "一", "人才工作"]).ok();
    assert_eq!(program.run(&["export", "--format", "json"]).json()["annotations"][0]["author"], "王工");
}

#[test]
fn chapters_of_a_book_are_decoded_and_missing_ones_told() {
    let program = TestProgram::new();
    let package = r#"<package><metadata><dc:title>讲话选</dc:title></metadata><manifest><item id="a" href="a.xhtml"/><item id="b" href="b.xhtml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>"#;
    let container = r#"<container><rootfiles><rootfile full-path="book.opf"/></rootfiles></container>"#;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let chapter = encode("<html><body><p>要坚持党管人才，抓好落实。</p></body></html>", Encoding::GB18030).unwrap();
    let parts: [(&str, &[u8]); 4] = [
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", container.as_bytes()),
        ("book.opf", package.as_bytes()),
        ("a.xhtml", &chapter),
    ];
    for (name, content) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    program.write("a.epub", zip.finish().unwrap().into_inner());
    let run = program.run(&["read", "a.epub", "--encoding", "gbk"]);
    assert!(run.out.contains("要坚持党管人才，抓好落实。"), "{}", run.out);
    assert!(run.err.contains("a.epub: 1 chapters that the book names are missing in the file (b.xhtml)"), "{}", run.err);
}

#[test]
fn tables_of_a_word_file_are_set_in_columns() {
    let program = TestProgram::new();
    let cell = |text: &str| format!("<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let row = |cells: [&str; 3]| format!("<w:tr>{}</w:tr>", cells.map(cell).concat());
    let table = |rows: &[[&str; 3]]| format!("<w:tbl>{}</w:tbl>", rows.iter().map(|cells| row(*cells)).collect::<String>());
    let first = table(&[["年份", "教师数", "学生数"], ["2031", "12", "340"]]);
    let second = table(&[["事项", "责任部门", "完成情况"], ["清淤", "水利站", "已完成"]]);
    let body = format!("<w:p><w:r><w:t>办学情况</w:t></w:r></w:p>{first}<w:p/>{second}");
    let document = format!("<w:document><w:body>{body}</w:body></w:document>");
    program.write("a.docx", zip_archive(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &document)]));
    let set = program.run(&["read", "a.docx", "--width", "30"]).ok();
    assert!(set.ends_with("\n年份  教师数  学生数\n2031  12      340\n\n事项  责任部门  完成情况\n清淤  水利站    已完成\n"), "{set}");
    let narrow = program.run(&["read", "a.docx", "--width", "16"]).ok();
    assert!(
        narrow.ends_with("\n年份\n  教师数\n  学生数\n2031\n  12\n  340\n\n事项\n  责任部门\n  完成情况\n清淤\n  水利站\n  已完成\n"),
        "{narrow}"
    );
}

#[test]
fn malformed_files_are_rejected_with_one_line() {
    let program = TestProgram::new();
    let bomb = zip_archive(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", &" ".repeat(30 << 20))]);
    assert!(bomb.len() < 100_000);
    let entity = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><w:document><w:body><w:p>&b;</w:p></w:body></w:document>";
    let container = r#"<container><rootfiles><rootfile full-path="../../etc/passwd"/></rootfiles></container>"#;
    let cases: [(&str, Vec<u8>); 7] = [
        ("bomb.docx", bomb),
        ("entities.docx", zip_archive(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", entity)])),
        ("paths.epub", zip_archive(&[("mimetype", "application/epub+zip"), ("META-INF/container.xml", container)])),
        ("old.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on".to_vec()),
        ("picture.txt", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".to_vec()),
        ("cut.docx", zip_archive(&[("[Content_Types].xml", "<Types/>"), ("word/document.xml", TRACKED_CHANGES_XML)])[..300].to_vec()),
        ("speech.pdf", b"%PDF-1.7\n".to_vec()),
    ];
    for (name, bytes) in cases {
        program.write(name, bytes);
        let error = program.run(&["outline", name]).error(2);
        assert!(error.contains(name), "{error}");
    }
    assert!(program.run(&["outline", "old.doc"]).error(2).contains("soffice"), "names a program to convert it");
    // An invalid project and a plain text are rejected by `import`.
    program.write("a.qdpx", zip_archive(&[("project.qde", entity)]));
    program.write("b.json", SPEECH);
    for name in ["a.qdpx", "b.json"] {
        assert!(program.run(&["import", name]).error(2).contains(name));
    }
}
