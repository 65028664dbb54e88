//! Compares the parser with human-made outlines of real speeches, in the format of
//! `OUTLINE-FORMAT.md` in their folder. The speeches are not part of this repository; without them
//! the test is skipped.

use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::Section;
use pizhu_text::document::parse;
use pizhu_text::text::decode;
use std::{collections::BTreeMap, fs, path::Path};
use unicode_normalization::UnicodeNormalization as _;

/// The text in NFKC, without punctuation, symbols and spaces.
fn alphanumeric(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).collect()
}

/// Comparison key of an ordinal, which keeps its kind: （一） differs from 一、.
fn marker_key(marker: &str) -> String {
    let enclosed = marker.chars().any(|c| matches!(c, '(' | ')' | '（' | '）' | '①'..='⑳'));
    alphanumeric(marker) + if enclosed { "*" } else { "" }
}

#[derive(Default)]
struct HumanOutline {
    title: Option<String>,
    date: Option<String>,
    boilerplate: Vec<String>,
    /// Path of markers; title and, for a damaged heading, the restored title.
    nodes: Vec<(String, Vec<String>)>,
}

fn parse_outline(text: &str) -> HumanOutline {
    let mut expected = HumanOutline::default();
    let mut stack: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if let Some((key, value)) = line.strip_prefix("# ").and_then(|line| line.split_once(':')) {
            match key {
                "title" => expected.title = Some(alphanumeric(value)),
                "date" => expected.date = Some(value.trim().to_owned()),
                "boilerplate" => expected.boilerplate.push(alphanumeric(value)),
                _ => {}
            }
            continue;
        }
        let row = line.trim_start_matches(' ');
        let mut fields = row.split('\t');
        stack.truncate((line.len() - row.len()) / 2);
        stack.push(marker_key(fields.next().unwrap_or_default()));
        expected.nodes.push((stack.join("/"), fields.map(alphanumeric).collect()));
    }
    expected
}

/// The differences, one line each.
fn differences(document: &Document, expected: &HumanOutline) -> Vec<String> {
    let mut faults = Vec::new();
    let title = document.metadata.title.as_deref().map(alphanumeric);
    if title != expected.title {
        faults.push(format!("title {title:?} for {:?}", expected.title));
    }
    let date = document.metadata.date.as_deref().map(str::to_owned);
    if date != expected.date {
        faults.push(format!("date {date:?} for {:?}", expected.date));
    }
    let mut lines: Vec<String> = document.metadata.boilerplate.iter().map(|span| alphanumeric(&document.text(*span))).collect();
    for start in &expected.boilerplate {
        match lines.iter().position(|line| line.starts_with(start.as_str())) {
            Some(found) => drop(lines.remove(found)),
            None => faults.push(format!("boilerplate line missed: {start}")),
        }
    }
    faults.extend(lines.into_iter().map(|line| format!("not boilerplate: {line}")));
    let mut unmatched: BTreeMap<String, Vec<Section<'_>>> = BTreeMap::new();
    for (id, section) in document.outline.iter() {
        let mut path: Vec<String> = document
            .outline
            .ancestors(id)
            .filter_map(|id| document.outline.get(id))
            .map(|section| marker_key(section.marker_text))
            .collect();
        path.reverse();
        let start: String = alphanumeric(section.title_text).chars().take(8).collect();
        unmatched.entry(format!("{} {start}", path.join("/"))).or_default().push(section);
    }
    for (path, titles) in &expected.nodes {
        let start: String = titles[0].chars().take(8).collect();
        match unmatched.get_mut(&format!("{path} {start}")).filter(|found| !found.is_empty()).map(|found| found.remove(0)) {
            None => faults.push(format!("missed: {path} {start}")),
            Some(section) => {
                if alphanumeric(section.title_text) != titles[0] {
                    faults.push(format!("{path}: title {:?} for {:?}", section.title_text, titles[0]));
                }
                let restored = section.repaired_title.map(alphanumeric);
                let differs = match (&restored, titles.get(1)) {
                    (None, None) => false,
                    (Some(ours), Some(theirs)) => {
                        ours.chars().count() != theirs.chars().count()
                            || ours.chars().zip(theirs.chars()).filter(|(a, b)| a != b).count() > 1
                    }
                    _ => true,
                };
                if differs {
                    faults.push(format!("{path}: restored {restored:?} for {:?}", titles.get(1)));
                }
            }
        }
    }
    faults.extend(unmatched.into_iter().flat_map(|(path, sections)| sections.into_iter().map(move |_| format!("extra: {path}"))));
    faults
}

#[test]
fn real_speeches_match_human_outlines() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real-speeches");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: no {}", folder.display());
        return;
    };
    let mut paths: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
    paths.sort();
    let mut faults = Vec::new();
    for path in paths {
        let expected = parse_outline(&fs::read_to_string(path.with_extension("outline")).expect("each speech has an outline"));
        let document = parse(decode(&fs::read(&path).expect("readable"), None).source, &Hints::default());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        faults.extend(differences(&document, &expected).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
