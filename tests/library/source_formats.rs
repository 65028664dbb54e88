//! The built-in speeches as DOCX, HTML and EPUB have the outlines of their plain text. The files are
//! made by pandoc and LibreOffice with `tests/formats/make`, in `tests/formats` and in the folder
//! `PIZHU_FORMATS`; DOCX with automatic numbering is generated here.

use crate::expected;

use expected::ExpectedOutline;
use pizhu_library::source;
use pizhu_text::document::Document;
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

/// The built-in speeches by file stem, with path and expected outline.
fn expectations() -> BTreeMap<String, (PathBuf, ExpectedOutline)> {
    let speeches = fs::read_dir(root().join("sample-data")).unwrap().map(|entry| entry.unwrap().path());
    let expected = |stem: &str| ExpectedOutline::parse(&fs::read_to_string(root().join(format!("tests/outlines/{stem}.outline"))).unwrap());
    speeches
        .map(|path| {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            (stem.clone(), (path, expected(&stem)))
        })
        .collect()
}

fn differences(expected: &ExpectedOutline, document: &Document) -> Vec<String> {
    let mut differences = expected.metadata_differences(document);
    differences.extend(expected.score(document).differences);
    differences
}

#[test]
fn converted_files_have_the_expected_outline() {
    let expectations = expectations();
    let mut folders = vec![root().join("tests/formats")];
    folders.extend(env::var_os("PIZHU_FORMATS").map(PathBuf::from));
    let mut kinds = BTreeMap::new();
    let mut failures = Vec::new();
    for path in folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some((stem, kind)) = name.split_once('.') else { continue };
        // LibreOffice's EPUB has no headings, only large text, so unnumbered headings are lost.
        if kind == "writer.epub" && root().join(format!("sample-data/{stem}.md")).is_file() {
            continue;
        }
        let (_, expected) = &expectations[stem];
        let speech = source::open(&path, None).unwrap();
        let differences = differences(expected, &speech.document);
        *kinds.entry(kind.to_owned()).or_insert(0) += 1;
        if !differences.is_empty() {
            failures.push(format!("{name}\n    {}", differences.join("\n    ")));
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

/// The level of the line's ordinal, if it has one, and the line without it.
fn split_ordinal(line: &str) -> (Option<u8>, &str) {
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

/// The speech as a DOCX with automatic numbering: the text contains no ordinals.
fn docx_with_automatic_numbering(text: &str) -> Vec<u8> {
    let mut body = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (level, text) = split_ordinal(line);
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
fn automatic_numbers_are_parsed_as_ordinals() {
    let folder = tempfile::tempdir().unwrap();
    let (mut count, mut failures) = (0, Vec::new());
    for (stem, (path, expected)) in expectations() {
        let plain = source::open(&path, None).unwrap().document;
        let text = plain.quote(plain.source.span());
        let levels: Vec<u8> = text.lines().filter_map(|line| split_ordinal(line.trim()).0).collect();
        // Skips speeches whose own numbering has gaps or repeats.
        let mut counts = [0; 2];
        let is_consecutive = text.lines().map(str::trim).all(|line| {
            let (Some(level), rest) = split_ordinal(line) else { return true };
            counts[usize::from(level)] += 1;
            counts[usize::from(level) + 1..].fill(0);
            let number = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"][counts[usize::from(level)] - 1];
            line.strip_suffix(rest) == Some(&if level == 0 { format!("{number}、") } else { format!("（{number}）") })
        });
        if levels.len() < 3 || !is_consecutive || path.extension().is_some_and(|extension| extension == "md") {
            continue;
        }
        count += 1;
        let file = folder.path().join(format!("{stem}.docx"));
        fs::write(&file, docx_with_automatic_numbering(&text)).unwrap();
        let document = source::open(&file, None).unwrap().document;
        let differences = differences(&expected, &document);
        if !differences.is_empty() {
            failures.push(format!("{stem}\n    {}", differences.join("\n    ")));
        }
        let plain_kinds: Vec<_> = plain.outline.sections().iter().map(|section| (section.depth, section.marker_text)).collect();
        let kinds: Vec<_> = document.outline.sections().iter().map(|section| (section.depth, section.marker_text)).collect();
        assert_eq!(kinds, plain_kinds, "{stem}");
    }
    println!("{count} speeches");
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(count >= 4);
}
