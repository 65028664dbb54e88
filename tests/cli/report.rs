//! `report` and the pictures of `count`.

use crate::program::{SPEECH, TestProgram};
use std::fs;

/// Three speeches of two years, two coders, a tag below another.
fn project() -> TestProgram {
    let program = TestProgram::new();
    program.run(&["store", "init", "."]).ok();
    program.run(&["tags", "add", "引才", "--parent", "人才工作"]).ok();
    program.write("a.txt", SPEECH);
    program.write("b.txt", SPEECH.replace("青禾县", "临江市").replace("2024年", "2021年"));
    program.write("c.txt", SPEECH.replace("青禾县", "玉带市").replace("（2024年5月6日）\n", ""));
    for (file, tag) in [("a.txt", "引才"), ("b.txt", "人才工作"), ("c.txt", "引才")] {
        program.run(&["tag", file, "--section", "二、/（一）", tag, "--author", "甲"]).ok();
        program.run(&["tag", file, "--section", "二、/（二）", "人才工作", "--author", "乙"]).ok();
    }
    program.run(&["tag", "a.txt", "--section", "二、/（一）", "引才", "--author", "乙"]).ok();
    program
}

/// The texts of a picture.
fn texts(svg: &str) -> Vec<&str> {
    svg.split("<text ").skip(1).filter_map(|text| text.split('>').nth(1)?.split('<').next()).collect()
}

#[test]
fn count_draws_its_table() {
    let program = project();
    let svg = program.run(&["count", "--format", "svg"]).ok();
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    let found = texts(&svg);
    for wanted in ["Tags by speech", "7 annotations in 3 speeches", "引才", "total"] {
        assert!(found.contains(&wanted), "{wanted}: {found:?}");
    }
    // The cells are the figures of the table, one for one.
    let json = program.run(&["count", "--format", "json"]).json();
    let rows = json["rows"].as_array().unwrap();
    let figures: Vec<String> = rows.iter().flat_map(|row| row["counts"].as_array().unwrap()).map(ToString::to_string).collect();
    let cells = svg
        .split("<text class=\"pz-t")
        .skip(1)
        .filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))
        .filter_map(|text| text.split('>').nth(1)?.split('<').next());
    assert_eq!(cells.map(str::to_owned).collect::<Vec<_>>(), figures);
    // With years it is drawn over them: none is left out, and one without a date comes last.
    let years = program.run(&["count", "--by", "year", "--picture", "years"]).ok();
    let found = texts(&years);
    let line: Vec<&&str> = found.iter().filter(|text| text.starts_with("20") || **text == "undated").collect();
    assert_eq!(line, [&"2021", &"2022", &"2023", &"2024", &"undated"]);
    assert_eq!(program.run(&["count", "--by", "year", "--format", "svg"]).ok(), years);
    let shares = program.run(&["count", "--by", "year", "--picture", "heat", "--percent", "rows"]).ok();
    assert!(texts(&shares).iter().any(|text| text.ends_with('%')), "{shares}");
    let bars = program.run(&["count", "--picture", "bars", "--most-first"]).ok();
    assert_eq!(bars.matches("class=\"pz-bar\"").count(), 3, "a bar for each speech");
}

#[test]
fn a_table_goes_into_the_file_of_its_kind() {
    let program = project();
    program.run(&["count", "-o", "图.svg"]).ok();
    assert!(program.read("图.svg").starts_with("<svg "));
    program.run(&["count", "-o", "表.csv"]).ok();
    assert!(program.read("表.csv").starts_with("document,title,"));
    let again = program.run(&["count", "-o", "图.svg", "--by", "level"]);
    assert!(again.error(2).contains("图.svg"), "nothing is replaced unasked");
    program.run(&["count", "-o", "图.svg", "--by", "level", "--force"]).ok();
    assert!(texts(&program.read("图.svg")).contains(&"Tags by section level"));
    let onto = program.run(&["count", "--format", "svg", "-o", "a.txt", "--force"]).error(2);
    assert!(onto.contains("a.txt"), "{onto}");
    assert_eq!(program.read("a.txt"), SPEECH);
    for wrong in [&["count", "-o", "表.txt"][..], &["count", "--picture", "years"], &["count", "--picture", "bars", "--format", "csv"]] {
        assert!(program.run(wrong).error(2).contains("--"), "{wrong:?}");
    }
    assert!(!program.folder().join("表.txt").exists());
}

#[test]
fn report_is_one_page_with_everything() {
    let program = project();
    program.run(&["note", "a.txt", "--whole", "全篇的话"]).ok();
    program.run(&["attr", "set", "a.txt", "与会人数=230"]).ok();
    program.run(&["tags", "edit", "引才", "--definition", "引进人才", "--memo", "见手册", "--color", "#aa3300"]).ok();
    program.run(&["report", "-o", "报告.html"]).ok();
    let page = program.read("报告.html");
    for wanted in [
        "与会人数",
        "<td class=\"\">230",
        "全篇的话",
        "引进人才",
        "见手册",
        "background:#aa3300",
        "人才工作 / 引才",
        "<svg ",
        "Tags over the years",
        "要到外面去请人才",
        "二、/（一）",
        "甲",
        "乙",
        "id=\"agreement\"",
    ] {
        assert!(page.contains(wanted) || page.contains(&wanted.replace(" class=\"\"", "")), "{wanted}");
    }
    for outside in ["<script", "src=", "@import", "url(", "<link", "<iframe"] {
        assert!(!page.contains(outside), "{outside}");
    }
    // Only http-equiv and the namespace of SVG name anything that looks like elsewhere.
    assert_eq!(page.matches("http").count(), page.matches("http-equiv").count() + page.matches("http://www.w3.org/2000/svg").count());
    // A report of one coder, one tag.
    let some = program.run(&["report", "--author", "乙", "--tag", "引才", "--title", "试编码"]).ok();
    assert!(some.contains("<h1>试编码</h1>") && some.contains("--tag 引才 --author 乙") && !some.contains("id=\"agreement\""));
    assert!(!some.contains("全篇的话") && !some.contains("<cite>在临江市"));
    let onto = program.run(&["report", "-o", "b.txt", "--force"]).error(2);
    assert!(onto.contains("b.txt"), "{onto}");
    let inside = program.run(&["report", "-o", ".pizhu/codebook.ron", "--force"]).error(2);
    assert!(inside.contains("codebook.ron"), "{inside}");
    assert!(program.run(&["report", "-o", "报告.html"]).error(2).contains("报告.html"));
}

/// Speeches, tags, authors, notes and files that would be markup.
#[test]
fn hostile_names_and_texts_stay_text() {
    let program = TestProgram::new();
    program.run(&["store", "init", "."]).ok();
    let evil = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    let file = "\"><svg onload=alert(3)>.txt";
    program.write(file, SPEECH.replace("今天的会议很重要", evil).replace("青禾县", "<b>县\u{202E}"));
    program.run(&["tags", "add", "<script>标签", "--definition", evil]).ok();
    program.run(&["tag", file, "--section", "二、/（一）", "<script>标签", "--author", "\"><i>甲\u{1B}[31m"]).ok();
    program.run(&["note", file, "--quote", "我讲两点意见", &format!("{evil}\u{202E}\n</section>")]).ok();
    program.run(&["attr", "set", file, &format!("place={evil}")]).ok();
    let page = program.run(&["report", "--title", "</title><script>alert(4)</script>"]).ok();
    assert!(page.contains("&lt;script&gt;标签") && page.contains("&lt;img src=x onerror=alert(1)&gt;"));
    for tag in ["<script", "<img", "<b>县", "<i>", "<svg onload"] {
        let count = page.matches(tag).count();
        assert_eq!(count, 0, "{tag}");
    }
    assert!(!page.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202E}'));
    let svg = program.run(&["count", "--format", "svg"]).ok();
    assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;标签"));
    fs::remove_file(program.folder().join(file)).unwrap();
}
