//! Evaluation of re-anchoring: passages are marked in real and sample speeches, the texts are edited
//! by seeded scripts that track every char, and each passage is resolved in the edited text.
//!
//! A passage is *silently wrong* if it is reported exact, moved or changed on chars that are neither
//! the marked ones nor a copy with the same quote and the same 32 folded chars on each side. This
//! must not happen. Each passage is resolved with the text it was marked in at hand, and by its selector
//! alone.
//!
//! `PIZHU_ANCHOR_PASSAGES=1000` asks for so many passages in each cell (100,000 in all) instead of a
//! few; then `docs/src/anchoring.md` must be up to date, and `PIZHU_WRITE_TABLE=1` writes it.
//! `PIZHU_ANCHOR_SEED=n` takes other passages and edits; what the page says is not compared then.
//! `PIZHU_ANCHOR_KINDS=Pasted,Copied` measures these kinds of edits only, and prints all that is wrong, with what
//! is needed to see it again: the same seed, kind and number of passages give the same cases.
//! `PIZHU_ANCHOR_UNDECIDED=1` prints the passages and sections that were not found, too.

use crate::anchoring;

use anchoring::{
    EditKind, EditRng, TracedText,
    judge::{AnchorVerdict, describe, judge, judge_section},
};
use pizhu_annotation::Annotation;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::anchor::{PastTexts, Resolver};
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    fs,
};

/// Ranges of passage lengths in chars (inclusive); results are per range.
const BUCKETS: [(usize, usize); 4] = [(2, 4), (5, 12), (13, 40), (41, 120)];
/// Number of passages per edit kind and length range on the page.
const PAGE_PASSAGES: usize = 1000;

/// Whether the text that a passage was marked in is at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum AnchorMode {
    Snapshot,
    Selector,
}

impl AnchorMode {
    const ALL: [Self; 2] = [Self::Snapshot, Self::Selector];

    fn resolver<'a>(self, edited: &'a Document, original: &Document) -> Resolver<'a> {
        match self {
            Self::Snapshot => Resolver::with_past(edited, PastTexts::from_iter([original.source.clone()])),
            Self::Selector => Resolver::new(edited),
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Snapshot => "with the text they were placed in",
            Self::Selector => "by their selectors alone",
        }
    }
}

fn number(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// Minimum number of passages per edit kind and length range.
fn min_passages() -> usize {
    number("PIZHU_ANCHOR_PASSAGES").unwrap_or(120)
}

/// Changes all passages and edits.
fn seed() -> u64 {
    number("PIZHU_ANCHOR_SEED").unwrap_or(0) as u64 * 0x5851_F42D
}

/// The kinds of edits that are measured.
fn kinds() -> Vec<EditKind> {
    let wanted = std::env::var("PIZHU_ANCHOR_KINDS").ok();
    EditKind::ALL
        .into_iter()
        .filter(|kind| wanted.as_ref().is_none_or(|list| list.split(',').any(|name| name == format!("{kind:?}"))))
        .collect()
}

/// Whether the passages that were not found are printed, too.
fn prints_undecided() -> bool {
    std::env::var_os("PIZHU_ANCHOR_UNDECIDED").is_some()
}

/// Maximum number of wrong cases that are printed of each cell.
fn max_printed() -> usize {
    if kinds().len() < EditKind::ALL.len() { usize::MAX } else { 5 }
}

/// Whether the results are those of the page.
fn is_of_page() -> bool {
    min_passages() == PAGE_PASSAGES && seed() == 0 && kinds().len() == EditKind::ALL.len()
}

/// Counts of the outcomes in a cell of the table.
#[derive(Debug, Clone, Copy, Default)]
struct OutcomeCounts {
    right: usize,
    review: usize,
    orphaned: usize,
    wrong: usize,
}

impl OutcomeCounts {
    fn total(self) -> usize {
        self.right + self.review + self.orphaned + self.wrong
    }

    fn add(&mut self, verdict: &AnchorVerdict) {
        match verdict {
            AnchorVerdict::NotCounted => {}
            AnchorVerdict::Right => self.right += 1,
            AnchorVerdict::Review => self.review += 1,
            AnchorVerdict::Orphaned => self.orphaned += 1,
            AnchorVerdict::Wrong(_) => self.wrong += 1,
        }
    }

    fn share(self, part: usize) -> f64 {
        100.0 * part as f64 / self.total().max(1) as f64
    }

    /// Whether at least `min` percent are right. One that is not tells nothing of a share: of a few it is
    /// more than is allowed of many.
    fn is_right(self, min: f64) -> bool {
        self.share(self.right) >= min || self.total() - self.right <= 1
    }
}

/// An annotation on a passage or heading of the original text.
struct MarkedTarget {
    bucket: usize,
    span: Span,
    annotation: Annotation,
}

/// Marks up to `each` random passages per length range, at least `apart` chars apart.
fn mark(document: &Document, random: &mut EditRng, each: usize, apart: usize) -> Vec<MarkedTarget> {
    let len = document.source.len();
    let mut marked_spans: Vec<Span> = Vec::new();
    let mut marked = Vec::new();
    for bucket in (0..BUCKETS.len()).rev() {
        let (min, max) = BUCKETS[bucket];
        for _ in 0..each {
            for _ in 0..20 {
                let length = min + random.below(max - min + 1);
                let start = random.below(len.saturating_sub(length + 1).max(1));
                let span = Span::new(start, start + length);
                let ends = [start, start + length - 1].map(|at| document.source.char_at(at));
                let is_visible = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
                let surroundings = Span::new(start.saturating_sub(apart), span.end + apart);
                if !ends.into_iter().all(is_visible) || (apart > 0 && marked_spans.iter().any(|other| other.overlaps(surroundings))) {
                    continue;
                }
                // Skips passages of punctuation only.
                if !document.quote(span).chars().any(char::is_alphanumeric) {
                    continue;
                }
                let Some(selector) = Selector::for_passage(document, span) else { continue };
                marked_spans.push(span);
                marked.push(MarkedTarget { bucket, span, annotation: Annotation::new(Scope::Passage, selector, "测") });
                break;
            }
        }
    }
    marked
}

/// Results by edit kind, length range and mode.
type Cells = BTreeMap<(EditKind, usize, AnchorMode), OutcomeCounts>;

fn measure(texts: &[Document], kind: EditKind, table: &mut Cells) {
    let mut random = EditRng::new(0x9E37 + kind as u64 + seed());
    let mut round = 0;
    let mut failures: HashMap<(usize, AnchorMode), usize> = HashMap::new();
    let is_full = |cell: Option<&OutcomeCounts>, more: usize| cell.is_some_and(|cell| cell.total() >= min_passages() + more);
    while (0..BUCKETS.len()).any(|bucket| !is_full(table.get(&(kind, bucket, AnchorMode::Selector)), 0)) {
        assert!(round < 4000, "{kind:?} gives too few passages");
        let document = &texts[round % texts.len()];
        round += 1;
        let text = TracedText::from_document(document);
        let (each, apart) = if kind.edits_passages() { (8, 40) } else { (25, 0) };
        let marked = mark(document, &mut random, each, apart);
        let spans: Vec<Span> = marked.iter().map(|marked| marked.span).collect();
        let edited = kind.edit(&text, &spans, &mut random);
        let edited_document = edited.parse();
        for mode in AnchorMode::ALL {
            let resolver = mode.resolver(&edited_document, document);
            for marked in &marked {
                let cell = table.entry((kind, marked.bucket, mode)).or_default();
                if is_full(Some(cell), min_passages() / 4) {
                    continue;
                }
                let found = resolver.resolve(&marked.annotation);
                let verdict = judge(&text, &edited, marked.span, kind, &found);
                if let AnchorVerdict::Wrong(description) = &verdict {
                    let count = failures.entry((marked.bucket, mode)).or_default();
                    *count += 1;
                    if *count <= max_printed() {
                        eprintln!("WRONG round {round} {kind:?} {:?} {mode:?}: {description}", BUCKETS[marked.bucket]);
                    }
                }
                if prints_undecided() && matches!(verdict, AnchorVerdict::Review | AnchorVerdict::Orphaned) {
                    let description = describe(&text, &edited, marked.span, &found);
                    eprintln!("UNDECIDED round {round} {kind:?} {:?} {mode:?}: {description}", BUCKETS[marked.bucket]);
                }
                cell.add(&verdict);
            }
        }
    }
}

fn write_table(table: &Cells) -> String {
    let mut text = String::from(
        "# How reliably annotations find their text again\n\n\
         Passages of four lengths (in characters) are marked in five real speeches and the samples. Seeded scripts that \
         record where every character goes then edit the texts (`tests/annotation/anchoring/`), and each passage is \
         resolved again. *Right*: covers all of its characters that are left, letters put in at its edges either way; of \
         three edits at once also: orphaned where no letter is left. *Silently wrong*: reported as found on characters \
         that are neither the marked ones nor a copy with the same quote and the same 32 characters on each side. Written \
         by `tests/annotation/anchor_evaluation.rs`.\n",
    );
    for mode in AnchorMode::ALL {
        write!(
            text,
            "\n## Passages, {}\n\n\
             | edit | length | passages | right | review | orphaned | silently wrong |\n|---|---|---:|---:|---:|---:|---:|\n",
            mode.title()
        )
        .unwrap();
        for ((kind, bucket, _), cell) in table.iter().filter(|((.., of), _)| *of == mode) {
            let (min, max) = BUCKETS[*bucket];
            writeln!(
                text,
                "| {} | {min}–{max} | {} | {:.2}% | {:.2}% | {:.2}% | {} |",
                kind.name(),
                cell.total(),
                cell.share(cell.right),
                cell.share(cell.review),
                cell.share(cell.orphaned),
                cell.wrong
            )
            .unwrap();
        }
    }
    text.push_str("\nA deleted passage cannot be *right*; it should be orphaned.\n");
    text
}

/// Marks about half of the sections of a text.
fn mark_sections(document: &Document, random: &mut EditRng) -> Vec<MarkedTarget> {
    let mut marked = Vec::new();
    for (id, section) in document.outline.iter() {
        // Unmarked headings stay unchanged by edits inside marked ones.
        if random.below(2) == 0 || section.heading.is_empty() {
            continue;
        }
        let Some(selector) = Selector::for_section(document, id) else { continue };
        marked.push(MarkedTarget { bucket: 0, span: section.heading, annotation: Annotation::new(Scope::Section, selector, "测") });
    }
    marked
}

fn measure_sections(texts: &[Document], kind: EditKind) -> [OutcomeCounts; 2] {
    let mut random = EditRng::new(0xA11 + kind as u64 + seed());
    let (mut cells, mut round, mut reported) = ([OutcomeCounts::default(); 2], 0, 0);
    while cells[0].total() < min_passages() {
        assert!(round < 4000, "{kind:?} gives too few sections");
        let document = &texts[round % texts.len()];
        round += 1;
        let text = TracedText::from_document(document);
        let marked = mark_sections(document, &mut random);
        let spans: Vec<Span> = marked.iter().map(|marked| marked.span).collect();
        let edited = kind.edit(&text, &spans, &mut random);
        let edited_document = edited.parse();
        for (mode, cell) in AnchorMode::ALL.into_iter().zip(&mut cells) {
            let resolver = mode.resolver(&edited_document, document);
            for marked in &marked {
                let found = resolver.resolve(&marked.annotation);
                let verdict = judge_section(&text, &edited, marked.span, kind, &found, &edited_document);
                if prints_undecided() && matches!(verdict, AnchorVerdict::Review | AnchorVerdict::Orphaned) {
                    let description = describe(&text, &edited, marked.span, &found);
                    eprintln!("UNDECIDED round {round} section {kind:?} {mode:?}: {description}");
                }
                if let AnchorVerdict::Wrong(description) = &verdict {
                    reported += 1;
                    if reported <= max_printed() {
                        eprintln!("WRONG round {round} section {kind:?} {mode:?}: {description}");
                    }
                }
                cell.add(&verdict);
            }
        }
    }
    cells
}

fn write_sections(cells: &[(EditKind, [OutcomeCounts; 2])]) -> String {
    let mut text = String::from(
        "\n## Sections\n\n\
         Annotations on sections, identified by their headings: the same texts and edits, with half of the sections \
         marked. *The passage deleted* and *edits inside* refer to the heading. *Right*: on the section that has the rest \
         of the heading. A match on a copy of a section whose own heading was split by an edit counts as silently wrong.\n",
    );
    for (mode, index) in AnchorMode::ALL.into_iter().zip(0..) {
        write!(
            text,
            "\n### Sections, {}\n\n\
             | edit | sections | right | review | orphaned | silently wrong |\n|---|---:|---:|---:|---:|---:|\n",
            mode.title()
        )
        .unwrap();
        for (kind, cells) in cells {
            let (name, cell): (_, OutcomeCounts) = (kind.name(), cells[index]);
            let [right, review, orphaned] = [cell.right, cell.review, cell.orphaned].map(|part| cell.share(part));
            writeln!(text, "| {name} | {} | {right:.2}% | {review:.2}% | {orphaned:.2}% | {} |", cell.total(), cell.wrong).unwrap();
        }
    }
    text
}

/// Asserts that a part of `docs/src/anchoring.md` is up to date, or writes it; if these are the results
/// of the page.
fn check_or_write(text: &str, is_sections: bool) {
    if !is_of_page() {
        println!("the page is not compared: it has {PAGE_PASSAGES} passages a cell");
        return;
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/anchoring.md");
    let current_text = fs::read_to_string(&path).unwrap_or_default();
    let at = current_text.find("\n## Sections\n").unwrap_or(current_text.len());
    let (passages, sections) = current_text.split_at(at);
    if std::env::var_os("PIZHU_WRITE_TABLE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, if is_sections { format!("{passages}{text}") } else { format!("{text}{sections}") }).unwrap();
        return;
    }
    let current_part = if is_sections { sections } else { passages };
    assert_eq!(current_part, text, "docs/src/anchoring.md is not current: run with PIZHU_WRITE_TABLE=1 and --test-threads 1");
}

#[test]
fn no_section_annotation_moves_to_a_wrong_section() {
    let (texts, complete) = anchoring::texts();
    if !complete {
        println!("skipped: the table needs the real speeches, which are not available");
        return;
    }
    let cells: Vec<(EditKind, [OutcomeCounts; 2])> = kinds().into_iter().map(|kind| (kind, measure_sections(&texts, kind))).collect();
    let text = write_sections(&cells);
    println!("{text}");
    check_or_write(&text, true);
    for (kind, cells) in &cells {
        for (mode, cell) in AnchorMode::ALL.into_iter().zip(cells) {
            assert!(cell.wrong == 0, "silently wrong: {kind:?}, {mode:?}: {}", cell.wrong);
            if let Some(min) = kind.min_sections_right(mode == AnchorMode::Snapshot) {
                assert!(cell.is_right(min), "{kind:?}, {mode:?}: {:.2}% right, not {min}%", cell.share(cell.right));
            }
        }
    }
}

#[test]
fn no_passage_is_silently_wrong() {
    let (texts, complete) = anchoring::texts();
    let mut table = BTreeMap::new();
    for kind in kinds() {
        measure(&texts, kind, &mut table);
    }
    let text = write_table(&table);
    println!("{text}");
    if complete {
        check_or_write(&text, false);
    } else {
        println!("skipped: the table needs the real speeches, which are not available");
    }
    for ((kind, bucket, mode), cell) in &table {
        assert!(cell.wrong == 0, "silently wrong: {kind:?}, {:?}, {mode:?}: {}", BUCKETS[*bucket], cell.wrong);
        let right = cell.share(cell.right);
        if let Some(min) = kind.min_right(*bucket, *mode == AnchorMode::Snapshot).map(|min| anchoring::min_right(min, complete)) {
            assert!(cell.is_right(min), "{kind:?}, {:?}, {mode:?}: {right:.2}% right, not {min}%", BUCKETS[*bucket]);
        }
        if kind.deletes() && (*bucket >= 2 || *mode == AnchorMode::Snapshot) {
            assert!(cell.share(cell.orphaned) >= 90.0, "{kind:?}, {:?}: orphaned {:.2}%", BUCKETS[*bucket], cell.share(cell.orphaned));
        }
    }
}
