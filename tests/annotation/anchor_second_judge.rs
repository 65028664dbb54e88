//! A second evaluation of re-anchoring that edits and judges in other ways than the first: fifty passages of a
//! text at once, any Han characters, and texts changed as a whole at the same time.
//!
//! `PIZHU_ANCHOR_ROUNDS=40` edits each text so often with each mixture instead of once;
//! `PIZHU_ANCHOR_SEED=n` takes other passages and edits.

use crate::anchoring::{self, EditRng, TracedText, traditional};
use pizhu_annotation::anchor::{AnchorStatus, PastTexts, Resolver};
use pizhu_annotation::{Annotation, Scope, Selector};
use pizhu_text::document::Document;
use pizhu_text::text::{Span, fold::simplify};
use std::collections::BTreeMap;

/// Number of passages marked in a text.
const PASSAGES: usize = 50;

/// What is done to a text beside the edits inside its passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mixture {
    InsideOnly,
    WordsBefore,
    Reordered,
    OtherScript,
    WordsPasted,
    ReorderedAndPasted,
    DenselyPasted,
    ReorderedAndDenselyPasted,
}

impl Mixture {
    const ALL: [Self; 8] = [
        Self::InsideOnly,
        Self::WordsBefore,
        Self::Reordered,
        Self::OtherScript,
        Self::WordsPasted,
        Self::ReorderedAndPasted,
        Self::DenselyPasted,
        Self::ReorderedAndDenselyPasted,
    ];

    fn reorders(self) -> bool {
        matches!(self, Self::Reordered | Self::ReorderedAndPasted | Self::ReorderedAndDenselyPasted)
    }

    /// One in how many passages is pasted elsewhere.
    fn pastes_one_in(self) -> Option<usize> {
        match self {
            Self::WordsPasted | Self::ReorderedAndPasted => Some(6),
            Self::DenselyPasted | Self::ReorderedAndDenselyPasted => Some(2),
            Self::InsideOnly | Self::WordsBefore | Self::Reordered | Self::OtherScript => None,
        }
    }

    /// Minimum percentage of passages of at least five letters that must be right, with the text they were marked in.
    fn min_right(self) -> f64 {
        match self {
            Self::InsideOnly | Self::OtherScript => 99.0,
            Self::WordsBefore | Self::Reordered => 97.0,
            Self::WordsPasted | Self::ReorderedAndPasted => 90.0,
            // Where much of a short text is pasted into it again, whole sides of a passage are there twice.
            Self::DenselyPasted | Self::ReorderedAndDenselyPasted => 70.0,
        }
    }
}

type Chars = Vec<(char, Option<usize>)>;

fn any_han(random: &mut EditRng) -> (char, Option<usize>) {
    (char::from_u32(0x4E00 + u32::try_from(random.below(0x5000)).unwrap()).unwrap(), None)
}

/// Passages that do not overlap, of 2 to 120 chars.
fn choose_passages(document: &Document, random: &mut EditRng) -> Vec<Span> {
    let len = document.source.len();
    let mut spans: Vec<Span> = Vec::new();
    for _ in 0..20 * PASSAGES {
        let longest = [6, 12, 40, 119][random.below(4)];
        let length = 2 + random.below(longest);
        let span = Span::new(random.below(len), len).intersection(document.source.span()).unwrap();
        let span = Span::new(span.start, (span.start + length).min(len));
        let letters = document.quote(span).chars().filter(|c| c.is_alphanumeric()).count();
        if letters >= 2 && spans.len() < PASSAGES && spans.iter().all(|other| other.end <= span.start || span.end <= other.start) {
            spans.push(span);
        }
    }
    spans
}

/// A tenth of the passages' chars replaced, deleted, or with another put before them.
fn edit_inside(chars: &mut Chars, spans: &[Span], random: &mut EditRng) {
    let mut edited = Chars::new();
    for (c, from) in chars.drain(..) {
        let is_inside = from.is_some_and(|from| spans.iter().any(|span| span.contains(from)));
        match random.below(if is_inside { 30 } else { usize::MAX }) {
            0 if is_inside => edited.push(any_han(random)),
            1 if is_inside => {}
            2 if is_inside => edited.extend([any_han(random), (c, from)]),
            _ => edited.push((c, from)),
        }
    }
    *chars = edited;
}

/// The parts between line ends, some of them exchanged.
fn reorder(chars: &mut Chars, random: &mut EditRng) {
    let mut lines: Vec<Chars> = chars.split_inclusive(|(c, _)| *c == '\n').map(<[_]>::to_vec).collect();
    if let Some(last) = lines.last_mut().filter(|line| line.last().is_some_and(|(c, _)| *c != '\n')) {
        last.push(('\n', None));
    }
    let cut = 1 + random.below(lines.len().max(2) - 1);
    let cut = cut.min(lines.len());
    lines.rotate_left(cut);
    *chars = lines.concat();
}

/// Pastes some passages, with a few of the chars around them, elsewhere.
fn paste(one_in: usize, chars: &mut Chars, original: &TracedText, spans: &[Span], random: &mut EditRng) {
    for span in spans.iter().filter(|_| random.below(one_in) == 0).collect::<Vec<_>>() {
        let start = span.start.saturating_sub(random.below(20));
        let end = (span.end + random.below(20)).min(original.chars.len());
        let copy: Chars = original.chars[start..end].iter().map(|(c, _)| (*c, None)).collect();
        let at = random.below(chars.len() + 1);
        // A passage that is torn has no right place.
        let is_inside =
            |at: usize| chars.get(at).and_then(|(_, from)| *from).is_some_and(|from| spans.iter().any(|span| span.contains(from)));
        if !is_inside(at) && !at.checked_sub(1).is_some_and(is_inside) {
            chars.splice(at..at, copy);
        }
    }
}

fn edit(mixture: Mixture, original: &TracedText, spans: &[Span], random: &mut EditRng) -> Chars {
    let mut chars = original.chars.clone();
    if mixture == Mixture::WordsBefore {
        let is_start = |from: Option<usize>| from.is_some_and(|from| spans.iter().any(|span| span.start == from));
        let mut edited = Chars::new();
        for (c, from) in chars.drain(..) {
            let count = if is_start(from) { 1 + random.below(12) } else { 0 };
            edited.extend((0..count).map(|_| any_han(random)));
            edited.push((c, from));
        }
        chars = edited;
    }
    edit_inside(&mut chars, spans, random);
    if mixture.reorders() {
        reorder(&mut chars, random);
    }
    if let Some(one_in) = mixture.pastes_one_in() {
        paste(one_in, &mut chars, original, spans, random);
    }
    if mixture == Mixture::OtherScript {
        let to_simplified = random.below(2) == 0;
        for (c, _) in &mut chars {
            *c = if to_simplified { simplify(*c) } else { traditional(*c) };
        }
    }
    chars
}

/// Numbers of passages by outcome.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    right: usize,
    review: usize,
    orphaned: usize,
    wrong: usize,
}

impl Counts {
    fn right_percent(self) -> f64 {
        100.0 * self.right as f64 / (self.right + self.review + self.orphaned + self.wrong).max(1) as f64
    }
}

#[test]
fn fifty_passages_edited_at_once_are_not_silently_wrong() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let (rounds, seed) = (number("PIZHU_ANCHOR_ROUNDS").unwrap_or(1), number("PIZHU_ANCHOR_SEED").unwrap_or(0));
    let (texts, complete) = anchoring::texts();
    // By mixture, whether the text was at hand, and whether the passage has five letters or more.
    let mut table: BTreeMap<(Mixture, bool, bool), Counts> = BTreeMap::new();
    for mixture in Mixture::ALL {
        for (index, document) in texts.iter().enumerate() {
            for round in 0..rounds {
                let mut random = EditRng::new(((seed * 1000 + round) * 100 + index) as u64 * 31 + mixture as u64 + 0x5EC0_0D00);
                let spans = choose_passages(document, &mut random);
                let original = TracedText::from_document(document);
                let edited = TracedText { chars: edit(mixture, &original, &spans, &mut random) };
                let new = edited.parse();
                for with_text in [true, false] {
                    let past = PastTexts::from_iter(with_text.then(|| document.source.clone()));
                    let resolver = Resolver::with_past(&new, past);
                    // A passage that the edits tore has no right place.
                    for span in spans.iter().filter(|span| !is_torn(&edited.chars, **span)) {
                        let selector = Selector::for_passage(document, *span).unwrap();
                        let found = resolver.resolve(&Annotation::new(Scope::Passage, selector, "测"));
                        let letters = document.quote(*span).chars().filter(|c| c.is_alphanumeric()).count();
                        let counts = table.entry((mixture, with_text, letters >= 5)).or_default();
                        let Some(there) = found.span else {
                            *(if found.status == AnchorStatus::Review { &mut counts.review } else { &mut counts.orphaned }) += 1;
                            continue;
                        };
                        if is_right(&edited.chars, *span, there) {
                            counts.right += 1;
                        } else {
                            counts.wrong += 1;
                            let text = |span: Span| -> String { edited.chars[span.start..span.end].iter().map(|(c, _)| c).collect() };
                            eprintln!(
                                "WRONG {mixture:?}, snapshot {with_text}, seed {seed}, text {index}, round {round}, at {}: {:?}\n   \
                                 was {}\n   is {}【{}】{}\n   should be {}",
                                span.start,
                                found.status,
                                document.quote(*span),
                                text(Span::new(there.start.saturating_sub(30), there.start)),
                                text(there),
                                text(Span::new(there.end, (there.end + 30).min(edited.chars.len()))),
                                place_of(&edited.chars, *span).map_or_else(String::new, |place| text(Span::new(
                                    place.start.saturating_sub(30),
                                    (place.end + 30).min(edited.chars.len())
                                ))),
                            );
                        }
                    }
                }
            }
        }
    }
    for ((mixture, with_text, is_long), counts) in &table {
        println!("{mixture:?}, snapshot {with_text}, five letters {is_long}: {:.2}% {counts:?}", counts.right_percent());
    }
    for ((mixture, with_text, is_long), counts) in &table {
        // Without the text, and with half of the passages there twice, next to nothing tells them apart: counted only.
        let is_counted_only = !with_text && mixture.pastes_one_in() == Some(2);
        assert!(counts.wrong == 0 || is_counted_only, "silently wrong: {mixture:?}, snapshot {with_text}: {}", counts.wrong);
        if *with_text && *is_long {
            assert!(
                counts.right_percent() >= anchoring::min_right(mixture.min_right(), complete),
                "{mixture:?}: {:.2}% right",
                counts.right_percent()
            );
        }
    }
}

/// Whether chars of the text around are between those left of the passage.
fn is_torn(chars: &Chars, span: Span) -> bool {
    let is_foreign = |(c, from): &(char, Option<usize>)| from.is_some_and(|from| !span.contains(from)) && !c.is_whitespace();
    place_of(chars, span).is_some_and(|place| chars[place.start..place.end].iter().any(is_foreign))
}

/// From the first char left of the passage to the last.
fn place_of(chars: &Chars, span: Span) -> Option<Span> {
    let is_own = |(_, from): &(char, Option<usize>)| from.is_some_and(|from| span.contains(from));
    Some(Span::new(chars.iter().position(is_own)?, chars.iter().rposition(is_own)? + 1))
}

/// Whether a place has all chars left of the passage, and no others of the original text.
fn is_right(chars: &Chars, span: Span, there: Span) -> bool {
    let is_own = |at: usize| chars[at].1.is_some_and(|from| span.contains(from));
    let is_visible = |at: &usize| !chars[*at].0.is_whitespace();
    let own: Vec<usize> = (0..chars.len()).filter(|at| is_own(*at)).filter(is_visible).collect();
    !own.is_empty()
        && own.iter().all(|at| there.contains(*at))
        && (there.start..there.end).filter(is_visible).all(|at| chars[at].1.is_none() || is_own(at))
        && there.start <= own[0]
        && own[own.len() - 1] < there.end
}
