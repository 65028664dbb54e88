//! The built-in speeches as DOCX, HTML and EPUB give the outline of their plain text: by pandoc
//! and LibreOffice (`tests/formats/make`; what is kept beside it and what PIZHU_FORMATS names),
//! and written by hand with automatic numbers.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "outline/expected.rs"]
#[allow(dead_code, reason = "the samples' test uses all of it")]
mod expected;

use expected::Expected;
use pizhu_text::document::Document;
use pizhu_library::source;
use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    fs,
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
};
use zip::{ZipWriter, write::SimpleFileOptions};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The speeches by their names, each with its expected outline.
fn expectations() -> BTreeMap<String, (PathBuf, Expected)> {
    let speeches = fs::read_dir(root().join("sample-data")).unwrap().map(|entry| entry.unwrap().path());
    let expected = |stem: &str| Expected::read(&fs::read_to_string(root().join(format!("tests/outlines/{stem}.outline"))).unwrap());
    speeches
        .map(|path| {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            (stem.clone(), (path, expected(&stem)))
        })
        .collect()
}

fn faults(expected: &Expected, document: &Document) -> Vec<String> {
    let mut faults = expected.front_faults(document);
    faults.extend(expected.score(document).differences);
    faults
}

#[test]
fn what_other_programs_make_of_a_speech_has_its_outline() {
    let expectations = expectations();
    let mut folders = vec![root().join("tests/formats")];
    folders.extend(env::var_os("PIZHU_FORMATS").map(PathBuf::from));
    let mut kinds = BTreeMap::new();
    let mut failures = Vec::new();
    for path in folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some((stem, kind)) = name.split_once('.') else { continue };
        // LibreOffice's EPUB has no headings, only large letters: what has no ordinal is lost.
        if kind == "writer.epub" && root().join(format!("sample-data/{stem}.md")).is_file() {
            continue;
        }
        let (_, expected) = &expectations[stem];
        let speech = source::open(&path, None).unwrap();
        let faults = faults(expected, &speech.document);
        *kinds.entry(kind.to_owned()).or_insert(0) += 1;
        if !faults.is_empty() {
            failures.push(format!("{name}\n    {}", faults.join("\n    ")));
        }
    }
    println!("{kinds:?}");
    assert_eq!(
        kinds.keys().map(String::as_str).collect::<Vec<_>>(),
        ["pandoc.docx", "pandoc.epub", "pandoc.html", "writer.docx", "writer.epub", "writer.html"]
    );
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

const NUMBERING: &str = r#"<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum><w:num w:numId="4"><w:abstractNumId w:val="0"/></w:num></w:numbering>"#;

/// The line without the ordinal it begins with, and the level that ordinal is of.
fn unnumbered(line: &str) -> (Option<u8>, &str) {
    let digits = |text: &str| text.chars().take_while(|c| "一二三四五六七八九十".contains(*c)).map(char::len_utf8).sum::<usize>();
    if let Some(rest) = line.strip_prefix('（')
        && let Some(rest) = rest[digits(rest)..].strip_prefix('）').filter(|_| digits(rest) > 0)
    {
        return (Some(1), rest);
    }
    match line[digits(line)..].strip_prefix('、') {
        Some(rest) if digits(line) > 0 => (Some(0), rest),
        _ => (None, line),
    }
}

/// The speech as somebody types it who lets Word count: no ordinal stands in the text.
fn counted_by_word(text: &str) -> Vec<u8> {
    let mut body = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (level, text) = unnumbered(line);
        let number = level
            .map_or(String::new(), |level| format!("<w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"4\"/></w:numPr></w:pPr>"));
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let _ = write!(body, "<w:p>{number}<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>");
    }
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in [("[Content_Types].xml", "<Types/>"), ("word/document.xml", &document), ("word/numbering.xml", NUMBERING)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(part.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn automatic_numbers_are_the_ordinals_they_show() {
    let folder = tempfile::tempdir().unwrap();
    let (mut counted, mut failures) = (0, Vec::new());
    for (stem, (path, expected)) in expectations() {
        let plain = source::open(&path, None).unwrap().document;
        let text = plain.quote(plain.source.span());
        let levels: Vec<u8> = text.lines().filter_map(|line| unnumbered(line.trim()).0).collect();
        // Where the writer's own count skips or repeats, a word processor's does not.
        let mut counts = [0; 2];
        let agrees = text.lines().map(str::trim).all(|line| {
            let (Some(level), rest) = unnumbered(line) else { return true };
            counts[usize::from(level)] += 1;
            counts[usize::from(level) + 1..].fill(0);
            let number = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"][counts[usize::from(level)] - 1];
            line.strip_suffix(rest) == Some(&if level == 0 { format!("{number}、") } else { format!("（{number}）") })
        });
        if levels.len() < 3 || !agrees || path.extension().is_some_and(|extension| extension == "md") {
            continue;
        }
        counted += 1;
        let file = folder.path().join(format!("{stem}.docx"));
        fs::write(&file, counted_by_word(&text)).unwrap();
        let document = source::open(&file, None).unwrap().document;
        let faults = faults(&expected, &document);
        if !faults.is_empty() {
            failures.push(format!("{stem}\n    {}", faults.join("\n    ")));
        }
        let plain_kinds: Vec<_> = plain.outline.sections().iter().map(|section| (section.depth, section.marker_text)).collect();
        let kinds: Vec<_> = document.outline.sections().iter().map(|section| (section.depth, section.marker_text)).collect();
        assert_eq!(kinds, plain_kinds, "{stem}");
    }
    println!("{counted} speeches");
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(counted >= 4);
}
