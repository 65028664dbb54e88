//! Re-anchoring measured: passages marked in real and sample speeches, the texts edited by seeded
//! scripts that know where every char went, and each passage looked for again.
//!
//! A passage is *silently wrong* when it is reported exact, moved or changed on chars that are
//! neither the marked ones by the script's map nor a copy that equals them in quote and in 32
//! folded chars on each side. That must not happen, in any cell. `PIZHU_WRITE_TABLE=1` writes the
//! table to `docs/src/anchoring.md`; otherwise the table there must be the current one.

#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

mod anchoring;

use anchoring::{
    Kind, Random, Text,
    judge::{Verdict, judge, judge_section},
};
use pizhu_annotation::Annotation;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::anchor::Anchorer;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    fs,
};

/// The lengths in chars that are measured apart.
const BUCKETS: [(usize, usize); 4] = [(2, 4), (5, 12), (13, 40), (41, 120)];
/// Passages measured in each cell, at least.
const ENOUGH: usize = 2000;

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    right: usize,
    review: usize,
    orphaned: usize,
    wrong: usize,
}

impl Cell {
    fn all(self) -> usize {
        self.right + self.review + self.orphaned + self.wrong
    }

    fn share(self, part: usize) -> f64 {
        100.0 * part as f64 / self.all().max(1) as f64
    }
}

/// A passage marked in the text as it was.
struct Marked {
    bucket: usize,
    span: Span,
    annotation: Annotation,
}

/// Passages of all lengths in places all over the text, at least `apart` chars between them.
fn mark(document: &Document, random: &mut Random, each: usize, apart: usize) -> Vec<Marked> {
    let len = document.source.len();
    let mut taken: Vec<Span> = Vec::new();
    let mut marked = Vec::new();
    for bucket in (0..BUCKETS.len()).rev() {
        let (least, most) = BUCKETS[bucket];
        for _ in 0..each {
            for _ in 0..20 {
                let length = least + random.below(most - least + 1);
                let start = random.below(len.saturating_sub(length + 1).max(1));
                let span = Span::new(start, start + length);
                let ends = [start, start + length - 1].map(|at| document.source.char_at(at));
                let solid = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
                let wide = Span::new(start.saturating_sub(apart), span.end + apart);
                if !ends.into_iter().all(solid) || (apart > 0 && taken.iter().any(|other| other.overlaps(wide))) {
                    continue;
                }
                // A mark alone says nothing, and nobody marks it.
                if !document.quote(span).chars().any(char::is_alphanumeric) {
                    continue;
                }
                let Some(selector) = Selector::passage(document, span) else { continue };
                taken.push(span);
                marked.push(Marked { bucket, span, annotation: Annotation::new(Scope::Passage, selector, "测") });
                break;
            }
        }
    }
    marked
}

fn measure(texts: &[Document], kind: Kind, table: &mut BTreeMap<(Kind, usize), Cell>) {
    let mut random = Random::new(0x9E37 + kind as u64);
    let mut round = 0;
    let mut failures: HashMap<usize, usize> = HashMap::new();
    while (0..BUCKETS.len()).any(|bucket| table.get(&(kind, bucket)).is_none_or(|cell| cell.all() < ENOUGH)) {
        assert!(round < 4000, "{kind:?} gives too few passages");
        let document = &texts[round % texts.len()];
        round += 1;
        let text = Text::of(document);
        let (each, apart) = if kind.is_within() { (8, 40) } else { (25, 0) };
        let marked = mark(document, &mut random, each, apart);
        let spans: Vec<Span> = marked.iter().map(|marked| marked.span).collect();
        let edited = kind.edit(&text, &spans, &mut random);
        let now = edited.parse();
        let anchorer = Anchorer::new(&now);
        for marked in &marked {
            let cell = table.entry((kind, marked.bucket)).or_default();
            if cell.all() >= ENOUGH + 500 {
                continue;
            }
            let found = anchorer.find(&marked.annotation);
            match judge(&text, &edited, marked.span, kind, &found) {
                Verdict::NotAsked => {}
                Verdict::Right => cell.right += 1,
                Verdict::Review => cell.review += 1,
                Verdict::Orphaned => cell.orphaned += 1,
                Verdict::Wrong(told) => {
                    cell.wrong += 1;
                    let count = failures.entry(marked.bucket).or_default();
                    *count += 1;
                    if *count <= 3 {
                        eprintln!("{kind:?} {:?}: {told}", BUCKETS[marked.bucket]);
                    }
                }
            }
        }
    }
}

fn write_table(table: &BTreeMap<(Kind, usize), Cell>) -> String {
    let mut text = String::from(
        "# How sure re-anchoring is\n\n\
         Passages of four lengths (in characters) marked all over five real speeches and the samples, the texts then \
         edited by seeded scripts that know where every character went (`tests/anchoring/`), each passage looked for \
         again. *Silently wrong*: reported as found on characters that are neither the marked ones nor a copy equal to \
         them in quote and in 32 characters on each side. Written by `tests/anchor_evaluation.rs`.\n\n\
         | edit | length | passages | right | review | orphaned | silently wrong |\n|---|---|---:|---:|---:|---:|---:|\n",
    );
    for ((kind, bucket), cell) in table {
        let (least, most) = BUCKETS[*bucket];
        writeln!(
            text,
            "| {} | {least}–{most} | {} | {:.2}% | {:.2}% | {:.2}% | {} |",
            kind.name(),
            cell.all(),
            cell.share(cell.right),
            cell.share(cell.review),
            cell.share(cell.orphaned),
            cell.wrong
        )
        .unwrap();
    }
    text.push_str("\nOf deleted passages none is *right*: orphaned is what they are.\n");
    text
}

/// Marks the sections of a text by their headings.
fn mark_sections(document: &Document, random: &mut Random) -> Vec<Marked> {
    let mut marked = Vec::new();
    for (id, section) in document.outline.iter() {
        // Half of them, so that edits inside headings leave others alone.
        if random.below(2) == 0 || section.heading.is_empty() {
            continue;
        }
        let Some(selector) = Selector::section(document, id) else { continue };
        marked.push(Marked { bucket: 0, span: section.heading, annotation: Annotation::new(Scope::Section, selector, "测") });
    }
    marked
}

fn measure_sections(texts: &[Document], kind: Kind) -> Cell {
    let mut random = Random::new(0xA11 + kind as u64);
    let (mut cell, mut round, mut told) = (Cell::default(), 0, 0);
    while cell.all() < ENOUGH {
        assert!(round < 4000, "{kind:?} gives too few sections");
        let document = &texts[round % texts.len()];
        round += 1;
        let text = Text::of(document);
        let marked = mark_sections(document, &mut random);
        let spans: Vec<Span> = marked.iter().map(|marked| marked.span).collect();
        let edited = kind.edit(&text, &spans, &mut random);
        let now = edited.parse();
        let anchorer = Anchorer::new(&now);
        for marked in &marked {
            match judge_section(&text, &edited, marked.span, kind, &anchorer.find(&marked.annotation), &now) {
                Verdict::NotAsked => {}
                Verdict::Right => cell.right += 1,
                Verdict::Review => cell.review += 1,
                Verdict::Orphaned => cell.orphaned += 1,
                Verdict::Wrong(what) => {
                    cell.wrong += 1;
                    told += 1;
                    if told <= 3 {
                        eprintln!("{kind:?}: {what}");
                    }
                }
            }
        }
    }
    cell
}

fn write_sections(cells: &[(Kind, Cell)]) -> String {
    let mut text = String::from(
        "\n## Sections\n\n\
         Annotations on sections, known by their headings: the same texts and edits, half of the sections of each marked; \
         *the passage deleted* and *edits inside* are of the heading. *Right*: on the section that has what is left of the \
         heading. What is found on a copy of a section whose own heading an edit has torn counts as silently wrong.\n\n\
         | edit | sections | right | review | orphaned | silently wrong |\n|---|---:|---:|---:|---:|---:|\n",
    );
    for (kind, cell) in cells {
        let (name, all) = (kind.name(), cell.all());
        let [right, review, orphaned] = [cell.right, cell.review, cell.orphaned].map(|part| cell.share(part));
        writeln!(text, "| {name} | {all} | {right:.2}% | {review:.2}% | {orphaned:.2}% | {} |", cell.wrong).unwrap();
    }
    text
}

/// Holds a part of the document against what was measured, or writes it.
fn keep_current(text: &str, is_sections: bool) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/anchoring.md");
    let there = fs::read_to_string(&path).unwrap_or_default();
    let at = there.find("\n## Sections").unwrap_or(there.len());
    let (passages, sections) = there.split_at(at);
    if std::env::var_os("PIZHU_WRITE_TABLE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, if is_sections { format!("{passages}{text}") } else { format!("{text}{sections}") }).unwrap();
        return;
    }
    let current = if is_sections { sections } else { passages };
    assert_eq!(current, text, "docs/src/anchoring.md is not current: run with PIZHU_WRITE_TABLE=1 and --test-threads 1");
}

#[test]
fn no_section_annotation_comes_to_another_section() {
    let (texts, complete) = anchoring::texts();
    if !complete {
        println!("skipped: the table is of the real speeches, which are not here");
        return;
    }
    let cells: Vec<(Kind, Cell)> = Kind::ALL.iter().map(|kind| (*kind, measure_sections(&texts, *kind))).collect();
    let text = write_sections(&cells);
    println!("{text}");
    for (kind, cell) in &cells {
        assert_eq!(cell.wrong, 0, "silently wrong: {kind:?}");
        if matches!(kind, Kind::Width | Kind::LineEnds | Kind::Script) {
            assert!(cell.share(cell.right) >= 99.0, "{kind:?}: {:.2}% right", cell.share(cell.right));
        }
    }
    keep_current(&text, true);
}

#[test]
fn no_passage_comes_to_stand_on_other_words() {
    let (texts, complete) = anchoring::texts();
    let mut table = BTreeMap::new();
    for kind in Kind::ALL {
        measure(&texts, kind, &mut table);
    }
    let text = write_table(&table);
    println!("{text}");
    for ((kind, bucket), cell) in &table {
        assert_eq!(cell.wrong, 0, "silently wrong: {kind:?}, {:?}", BUCKETS[*bucket]);
        let right = cell.share(cell.right);
        if let Some(least) = kind.least_right(*bucket) {
            assert!(right >= least, "{kind:?}, {:?}: {right:.2}% right, not {least}%", BUCKETS[*bucket]);
        }
        if kind.deletes() && *bucket >= 2 {
            assert!(cell.share(cell.orphaned) >= 90.0, "{kind:?}, {:?}: orphaned {:.2}%", BUCKETS[*bucket], cell.share(cell.orphaned));
        }
    }
    if complete {
        keep_current(&text, false);
    } else {
        println!("skipped: the table is of the real speeches, which are not here");
    }
}
