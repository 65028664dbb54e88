//! Each built-in speech, parsed from its bytes, gives the outline that stands in
//! `tests/outlines/`: title, date, lines about the page, every node with its whole title, and the
//! restored reading of damaged headings.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "outline/expected.rs"]
mod expected;

use expected::{Expected, bare, marker_key};
use pizhu_text::document;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::text;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The speeches, each with its expected outline.
fn samples() -> Vec<(PathBuf, Expected)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut speeches: Vec<PathBuf> =
        fs::read_dir(root.join("sample-data")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    speeches.sort();
    speeches
        .into_iter()
        .map(|path| {
            let outline = root.join("tests/outlines").join(path.file_stem().unwrap()).with_extension("outline");
            (path, Expected::read(&fs::read_to_string(outline).unwrap()))
        })
        .collect()
}

fn parse(path: &Path) -> Document {
    let decoded = text::decode(&fs::read(path).unwrap(), None);
    assert_eq!(decoded.replaced, 0, "{}", path.display());
    let hints = if path.extension().is_some_and(|extension| extension == "md") { Hints::markdown() } else { Hints::default() };
    document::parse(decoded.source, &hints)
}

/// Damaged headings must give their restored title, but for one character; no others may have it.
fn restored_faults(expected: &Expected, document: &Document) -> Vec<String> {
    let wanted: Vec<_> = expected.nodes.iter().filter(|node| node.titles.len() > 1).collect();
    let given: Vec<_> = document.outline.sections().iter().filter(|section| section.restored.is_some()).collect();
    let mut faults = Vec::new();
    if wanted.len() != given.len() {
        faults.push(format!("{} restored of {}", given.len(), wanted.len()));
    }
    for (node, section) in wanted.iter().zip(&given) {
        let (title, ours) = (bare(&node.titles[1]), bare(section.restored.unwrap_or_default()));
        let wrong = title.chars().zip(ours.chars()).filter(|(a, b)| a != b).count();
        if marker_key(&node.marker) != marker_key(section.marker_text) || title.chars().count() != ours.chars().count() || wrong > 1 {
            faults.push(format!("restored {ours:?} for {title:?}"));
        }
    }
    faults
}

#[test]
fn every_sample_gives_its_outline() {
    let samples = samples();
    assert!(samples.len() >= 10);
    let mut failures = Vec::new();
    for (path, expected) in samples {
        let document = parse(&path);
        let score = expected.score(&document);
        let mut faults = expected.front_faults(&document);
        faults.extend(score.differences.iter().cloned());
        faults.extend(restored_faults(&expected, &document));
        if !faults.is_empty() {
            let name = path.file_name().unwrap().to_string_lossy();
            failures.push(format!("{name}: F1 {:.3}, exact {:.2}\n    {}", score.f1, score.exact, faults.join("\n    ")));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn the_score_tells_a_wrong_parent_a_wrong_kind_and_an_extra_node() {
    let source =
        text::decode("标题\n\n一、甲事\n\n（一）乙事\n\n说明。\n\n（二）丙事\n\n说明。\n\n二、丁事\n\n说明。\n".as_bytes(), None).source;
    let document = document::parse(source, &Hints::default());
    let right = "# title: 标题\n一、\t甲事\n  （一）\t乙事\n  (二)\t丙事\n二、\t丁事\n";
    assert!(Expected::read(right).score(&document).is_perfect());
    for wrong in [
        right.replace("  （一）", "（一）"),
        right.replace("（一）", "一、"),
        right.replace("二、\t丁事\n", ""),
        format!("{right}三、\t戊事\n"),
        right.replace("丙事", "丙"),
    ] {
        assert!(!Expected::read(&wrong).score(&document).is_perfect(), "{wrong}");
    }
}
