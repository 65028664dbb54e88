//! The built-in speeches, parsed from their bytes, match the expected outlines in `tests/outlines/`:
//! title, date, boilerplate, all nodes with their titles, and restored titles of damaged headings.

use crate::expected;

use expected::{ExpectedOutline, alphanumeric, marker_key};
use pizhu_text::document;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::text;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The built-in speeches with their expected outlines.
fn samples() -> Vec<(PathBuf, ExpectedOutline)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut speeches: Vec<PathBuf> =
        fs::read_dir(root.join("sample-data")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    speeches.sort();
    speeches
        .into_iter()
        .map(|path| {
            let outline = root.join("tests/outlines").join(path.file_stem().unwrap()).with_extension("outline");
            (path, ExpectedOutline::parse(&fs::read_to_string(outline).unwrap()))
        })
        .collect()
}

fn parse(path: &Path) -> Document {
    let decoded = text::decode(&fs::read(path).unwrap(), None);
    assert_eq!(decoded.replaced, 0, "{}", path.display());
    let hints = if path.extension().is_some_and(|extension| extension == "md") { Hints::markdown() } else { Hints::default() };
    document::parse(decoded.source, &hints)
}

/// Differences in restored titles: each damaged heading has one, with at most one wrong character;
/// other headings have none.
fn repair_differences(expected: &ExpectedOutline, document: &Document) -> Vec<String> {
    let damaged: Vec<_> = expected.nodes.iter().filter(|node| node.titles.len() > 1).collect();
    let repaired: Vec<_> = document.outline.sections().iter().filter(|section| section.repaired_title.is_some()).collect();
    let mut faults = Vec::new();
    if damaged.len() != repaired.len() {
        faults.push(format!("{} restored of {}", repaired.len(), damaged.len()));
    }
    for (node, section) in damaged.iter().zip(&repaired) {
        let (title, ours) = (alphanumeric(&node.titles[1]), alphanumeric(section.repaired_title.unwrap_or_default()));
        let wrong = title.chars().zip(ours.chars()).filter(|(a, b)| a != b).count();
        if marker_key(&node.marker) != marker_key(section.marker_text) || title.chars().count() != ours.chars().count() || wrong > 1 {
            faults.push(format!("restored {ours:?} for {title:?}"));
        }
    }
    faults
}

#[test]
fn samples_match_their_expected_outlines() {
    let samples = samples();
    assert!(samples.len() >= 10);
    let mut failures = Vec::new();
    for (path, expected) in samples {
        let document = parse(&path);
        let score = expected.score(&document);
        let mut faults = expected.metadata_differences(&document);
        faults.extend(score.differences.iter().cloned());
        faults.extend(repair_differences(&expected, &document));
        if !faults.is_empty() {
            let name = path.file_name().unwrap().to_string_lossy();
            failures.push(format!("{name}: F1 {:.3}, exact {:.2}\n    {}", score.f1, score.exact, faults.join("\n    ")));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn score_detects_wrong_parent_kind_title_and_extra_or_missing_nodes() {
    let source =
        text::decode("标题\n\n一、甲事\n\n（一）乙事\n\n说明。\n\n（二）丙事\n\n说明。\n\n二、丁事\n\n说明。\n".as_bytes(), None).source;
    let document = document::parse(source, &Hints::default());
    let right = "# title: 标题\n一、\t甲事\n  （一）\t乙事\n  (二)\t丙事\n二、\t丁事\n";
    assert!(ExpectedOutline::parse(right).score(&document).is_perfect());
    for wrong in [
        right.replace("  （一）", "（一）"),
        right.replace("（一）", "一、"),
        right.replace("二、\t丁事\n", ""),
        format!("{right}三、\t戊事\n"),
        right.replace("丙事", "丙"),
    ] {
        assert!(!ExpectedOutline::parse(&wrong).score(&document).is_perfect(), "{wrong}");
    }
}
