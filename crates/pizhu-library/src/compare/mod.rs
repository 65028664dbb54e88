//! Comparison of two speeches, section by section.
//!
//! Sections are paired by content, wherever they stand (`matching`); the letters of a pair are then
//! compared char by char, and what is left in both speeches is looked for elsewhere (`letters`). Script,
//! width, case, punctuation and the markers of sections make no difference.
//!
//! Invariants: the own texts of a side's sections follow one another without a gap and cover its source;
//! each is in exactly one [`ComparedSection`]; the comparison of B with A is that of A with B mirrored.

mod grams;
mod letters;
mod matching;
#[cfg(test)]
mod tests;
mod text;

use letters::{ComparedLetters, PairedSections};
use pizhu_text::document::{Document, SectionId};
use pizhu_text::text::Span;
use text::SpeechLetters;

/// What became of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectionState {
    /// The same letters in the same place.
    Same,
    /// Other words in the same place.
    Reworded,
    /// It stands elsewhere, in the same words or others.
    Moved,
    /// Only the second speech has it.
    New,
    /// Only the first speech has it.
    Dropped,
}

impl SectionState {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Reworded => "reworded",
            Self::Moved => "moved",
            Self::New => "new",
            Self::Dropped => "dropped",
        }
    }

    /// Its sign: `=`, `~`, `→`, `+`, `-`.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Same => "=",
            Self::Reworded => "~",
            Self::Moved => "→",
            Self::New => "+",
            Self::Dropped => "-",
        }
    }
}

/// A section of one of the speeches.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionSide {
    /// The section; `None` for what stands before the first one.
    pub id: Option<SectionId>,
    /// Its own text: from its heading to the next heading, whichever that is.
    pub span: Span,
    /// Number of sections above it.
    pub depth: u16,
    /// The share of its letters, with all below it, that the other speech has, from 0 to 1.
    pub kept: f64,
}

/// A section, and what it has become.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparedSection {
    /// The section in the first speech and in the second; one of them may be absent.
    pub sides: [Option<SectionSide>; 2],
    /// What became of it.
    pub state: SectionState,
    /// Dice coefficient of the own texts: twice the letters in common over the letters of both.
    pub similarity: f64,
    /// What differs in the own texts, in order; an empty span stands where the other has more.
    pub changes: Vec<[Span; 2]>,
}

impl ComparedSection {
    /// The state to show for the section with all below it: a section whose heading alone is the same
    /// counts as reworded.
    #[must_use]
    pub fn shown_state(&self) -> SectionState {
        let has_changes = self.sides.iter().flatten().any(|side| side.kept < 1.0);
        if self.state == SectionState::Same && has_changes { SectionState::Reworded } else { self.state }
    }
}

/// A share as a percentage: 0 and 100 mean nothing and all.
#[must_use]
pub fn percent(share: f64) -> u32 {
    if share <= 0.0 {
        0
    } else if share >= 1.0 {
        100
    } else {
        (share * 100.0).round().clamp(1.0, 99.0) as u32
    }
}

/// The comparison of two speeches.
#[derive(Debug, Clone, PartialEq)]
pub struct SpeechComparison {
    /// The sections in the order of the second speech; dropped ones after what stood before them.
    pub sections: Vec<ComparedSection>,
    /// Passages of the first speech that stand in another section of the second.
    pub moves: Vec<[Span; 2]>,
    /// The share of the letters of each speech that the other has, from 0 to 1.
    pub kept: [f64; 2],
}

impl SpeechComparison {
    /// Compares two speeches.
    ///
    /// ```
    /// use pizhu_library::compare::{SectionState, SpeechComparison};
    /// use pizhu_text::document::{Hints, parse};
    /// use pizhu_text::text::SourceText;
    ///
    /// let parse = |text: &str| parse(SourceText::from(text), &Hints::default());
    /// let a = parse("同志们：\n一、抓好人才工作\n去年引进人才三十名，平台建起来了。\n二、改进作风\n要从严从实，少开会。\n");
    /// let b = parse("同志們：\n一、抓好人才工作\n去年引進人才五十名，平臺建起來了。\n二、建强基层组织\n每个村都要有一个坚强的支部。\n");
    /// let states: Vec<SectionState> = SpeechComparison::new(&a, &b).sections.iter().map(|section| section.state).collect();
    /// assert_eq!(states, [SectionState::Same, SectionState::Reworded, SectionState::Dropped, SectionState::New]);
    /// ```
    #[must_use]
    pub fn new(a: &Document, b: &Document) -> Self {
        let texts = [a, b].map(SpeechLetters::new);
        let [one, other] = &texts;
        let letters = ComparedLetters::new([one, other]);
        let counts = [0, 1].map(|side: usize| running_counts(&letters.kept[side]));
        let side = |side: usize, index: usize| {
            let section = &texts[side].sections[index];
            let whole = texts[side].whole(index);
            let kept =
                if whole.is_empty() { 1.0 } else { f64::from(counts[side][whole.end] - counts[side][whole.start]) / whole.len() as f64 };
            Some(SectionSide { id: section.id, span: section.span, depth: section.depth, kept })
        };
        let mut pair_of_a: Vec<Option<&PairedSections>> = vec![None; one.sections.len()];
        let mut pair_of_b: Vec<Option<&PairedSections>> = vec![None; other.sections.len()];
        for pair in &letters.pairs {
            pair_of_a[pair.sections[0]] = Some(pair);
            pair_of_b[pair.sections[1]] = Some(pair);
        }
        let mut sections = Vec::new();
        let drop_after = |sections: &mut Vec<ComparedSection>, from: usize| {
            for index in (from..one.sections.len()).take_while(|index| pair_of_a[*index].is_none()) {
                sections.push(ComparedSection {
                    sides: [side(0, index), None],
                    state: SectionState::Dropped,
                    similarity: 0.0,
                    changes: Vec::new(),
                });
            }
        };
        for (index, pair) in pair_of_b.iter().enumerate() {
            let Some(pair) = pair else {
                sections.push(ComparedSection {
                    sides: [None, side(1, index)],
                    state: SectionState::New,
                    similarity: 0.0,
                    changes: Vec::new(),
                });
                continue;
            };
            let [a, b] = pair.sections;
            let spans = |change: &letters::LetterPair| [one.source_span(a, &change[0]), other.source_span(b, &change[1])];
            let total = one.own(a).len() + other.own(b).len();
            sections.push(ComparedSection {
                sides: [side(0, a), side(1, b)],
                state: match (pair.is_moved, pair.changes.is_empty()) {
                    (true, _) => SectionState::Moved,
                    (false, true) => SectionState::Same,
                    (false, false) => SectionState::Reworded,
                },
                similarity: if total == 0 { 1.0 } else { 2.0 * pair.equal as f64 / total as f64 },
                changes: disjoint(pair.changes.iter().map(spans)),
            });
            drop_after(&mut sections, a + 1);
        }
        let moves = letters.moves.iter().map(|moved| {
            let span = |side: usize| texts[side].source_span(0, &moved[side]);
            [span(0), span(1)]
        });
        let share = |side: usize| {
            let total = letters.kept[side].len();
            if total == 0 { 1.0 } else { f64::from(counts[side][total]) / total as f64 }
        };
        Self { moves: moves.collect(), kept: [share(0), share(1)], sections }
    }

    /// What of one side's source the other speech has elsewhere or not at all, in order.
    #[must_use]
    pub fn marks(&self, side: usize) -> Vec<(Span, MarkKind)> {
        let mut marks: Vec<(Span, MarkKind)> = Vec::new();
        for section in &self.sections {
            match (&section.sides, &section.sides[side]) {
                ([Some(_), Some(_)], _) => {
                    let changes = section.changes.iter().map(|change| (change[side], MarkKind::Changed));
                    marks.extend(changes.filter(|(span, _)| !span.is_empty()));
                }
                (_, Some(only)) => marks.push((only.span, MarkKind::Changed)),
                _ => {}
            }
        }
        marks.sort_unstable_by_key(|(span, _)| (span.start, span.end));
        let mut moves: Vec<Span> = self.moves.iter().map(|moved| moved[side]).collect();
        moves.sort_unstable_by_key(|span| span.start);
        let mut cut = Vec::new();
        let mut moves = moves.into_iter().peekable();
        for (mut span, kind) in marks {
            while let Some(moved) = moves.next_if(|moved| moved.end <= span.end) {
                if span.start < moved.start {
                    cut.push((Span::new(span.start, moved.start), kind));
                }
                cut.push((moved, MarkKind::Moved));
                span.start = moved.end.max(span.start);
            }
            if !span.is_empty() {
                cut.push((span, kind));
            }
        }
        cut
    }
}

/// Kind of a stretch of text that is not the same in both speeches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// Only this speech has it.
    Changed,
    /// The other speech has it in another section.
    Moved,
}

/// Changes of which those that overlap are one: all letters of a restored heading stand for the whole
/// heading.
fn disjoint(changes: impl Iterator<Item = [Span; 2]>) -> Vec<[Span; 2]> {
    let mut all: Vec<[Span; 2]> = Vec::new();
    for change in changes {
        match all.last_mut() {
            Some(last) if change[0].start < last[0].end || change[1].start < last[1].end => {
                *last = [last[0].hull(change[0]), last[1].hull(change[1])];
            }
            _ => all.push(change),
        }
    }
    all
}

/// The number of letters kept before each letter, and at the end.
fn running_counts(kept: &[bool]) -> Vec<u32> {
    let mut count = 0;
    let mut counts = vec![0];
    counts.extend(kept.iter().map(|kept| {
        count += u32::from(*kept);
        count
    }));
    counts
}
