//! The built-in speeches as models: page marks, glosses and line breaks are removed, headings are
//! located by the expected outlines.

use crate::expected::ExpectedOutline;
use crate::model::{ModelParagraph, ModelSpeech, NumberedHeading, Piece, parse_marker};
use pizhu_text::text::decode;
use regex::Regex;
use std::{fs, path::Path, sync::LazyLock};

/// All plain-text speeches of `sample-data/`, normalized.
pub static SPEECHES: LazyLock<Vec<ModelSpeech>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = fs::read_dir(root.join("sample-data")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "txt")).map(|path| read(root, path)).collect()
});

fn read(root: &Path, path: &Path) -> ModelSpeech {
    let decoded = decode(&fs::read(path).unwrap(), None);
    let text = decoded.source.slice(decoded.source.span()).into_owned();
    let outline = root.join("tests/outlines").join(path.file_stem().unwrap()).with_extension("outline");
    let mut expected = ExpectedOutline::parse(&fs::read_to_string(outline).unwrap());
    let text = restore_damaged_headings(&remove_page_marks(&text), &mut expected);
    let title = expected.title.clone().unwrap();
    let mut lines = split_paragraphs(&text, &title);
    lines.retain(|line| *line != title && !expected.boilerplate.iter().any(|start| line.starts_with(start.as_str())));
    let date = lines.first().filter(|line| line.starts_with(['（', '(', '2'])).cloned();
    if date.is_some() {
        lines.remove(0);
    }
    let paragraphs = split_at_headings(lines, &expected);
    let iso_date = date.as_ref().and(expected.date);
    ModelSpeech { name: path.file_stem().unwrap().to_string_lossy().into_owned(), title, date, iso_date, paragraphs }
}

/// Removes page footers, glosses, and page numbers if every line starts with one.
fn remove_page_marks(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let lines_are_pages = lines.iter().zip(1..).all(|(line, number)| line.starts_with(&format!("{number}、")));
    let joined = if lines_are_pages { lines.iter().map(|line| line.split_once('、').unwrap().1).collect() } else { text.to_owned() };
    let footer = Regex::new(" 第 [0-9]+ 页 共 [0-9]+ 页 ").unwrap();
    let gloss = Regex::new(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+\)").unwrap();
    gloss.replace_all(&footer.replace_all(&joined, ""), "").into_owned()
}

/// Replaces damaged titles and ordinals by the restored ones.
fn restore_damaged_headings(text: &str, expected: &mut ExpectedOutline) -> String {
    let mut text = text.replace("、    ", "、");
    for node in expected.nodes.iter_mut().filter(|node| node.titles.len() > 1) {
        let damaged = format!("{}{}", node.marker, node.titles.remove(0));
        node.marker.push('．');
        assert!(text.contains(&damaged), "{damaged}");
        text = text.replacen(&damaged, &format!("{}{}", node.marker, node.titles[0]), 1);
    }
    text
}

/// The paragraphs: lines, or for a text on one line the parts between spaces.
fn split_paragraphs(text: &str, title: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_matches([' ', '\u{3000}'])).filter(|line| !line.is_empty()).collect();
    if let [line] = lines[..] {
        return line.replacen(title, "", 1).split(' ').filter(|line| !line.is_empty()).map(str::to_owned).collect();
    }
    let mut joined: Vec<String> = Vec::new();
    for line in lines {
        match joined.last_mut() {
            Some(last) if last.ends_with([';', '；']) => last.push_str(line),
            _ => joined.push(line.to_owned()),
        }
    }
    joined
}

/// Splits lines into pieces at the expected headings.
fn split_at_headings(lines: Vec<String>, expected: &ExpectedOutline) -> Vec<ModelParagraph> {
    let mut nodes = expected.nodes.iter().peekable();
    let mut paragraphs = Vec::new();
    for line in lines {
        let mut paragraph = Vec::new();
        let mut rest = line.as_str();
        while let Some(node) = nodes.peek() {
            let heading = format!("{}{}", node.marker, node.titles[0]);
            let Some((before, after)) = rest.split_once(&heading) else { break };
            if !before.is_empty() {
                paragraph.push(Piece::Text(before.to_owned()));
            }
            let (kind, number) = parse_marker(&node.marker);
            let title = node.titles[0].clone();
            paragraph.push(Piece::NumberedHeading(NumberedHeading {
                depth: node.depth,
                kind,
                number,
                marker: node.marker.clone(),
                accepted_titles: vec![title.clone()],
                title,
            }));
            rest = after;
            nodes.next();
        }
        if !rest.is_empty() {
            paragraph.push(Piece::Text(rest.to_owned()));
        }
        paragraphs.push(paragraph);
    }
    assert!(nodes.peek().is_none(), "not in the text: {:?}", nodes.peek());
    paragraphs
}
