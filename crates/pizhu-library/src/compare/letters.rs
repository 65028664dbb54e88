//! What became of the letters: changes inside sections that were paired, and passages that went into
//! another section.

use super::matching::SectionPairs;
use super::text::SpeechLetters;
use pizhu_annotation::anchor::{EqualRun, common_blocks, equal_runs, in_order};
use std::ops::Range;

/// Minimum letters of a passage that was moved.
const MIN_MOVED_LETTERS: usize = 16;
/// Marks the ends of what is left in either speech: no letters, and not the same.
const SEPARATORS: [char; 2] = ['\u{F0000}', '\u{100000}'];

/// A stretch of letters in either speech; one of them may be empty.
pub(super) type LetterPair = [Range<usize>; 2];

/// A pair of sections, compared.
#[derive(Debug)]
pub(super) struct PairedSections {
    /// The sections.
    pub(super) sections: [usize; 2],
    /// Whether it stands elsewhere: under another section, or in another order.
    pub(super) is_moved: bool,
    /// Number of letters that are the same in both.
    pub(super) equal: usize,
    /// What differs.
    pub(super) changes: Vec<LetterPair>,
}

/// The comparison of all letters of two speeches.
#[derive(Debug)]
pub(super) struct ComparedLetters {
    pub(super) pairs: Vec<PairedSections>,
    /// Passages that are the same and stand in sections that are no pair.
    pub(super) moves: Vec<LetterPair>,
    /// Whether each letter of either speech is in the other.
    pub(super) kept: [Vec<bool>; 2],
}

impl ComparedLetters {
    /// Compares two speeches; the same either way round.
    pub(super) fn new(texts: [&SpeechLetters; 2]) -> Self {
        let [a, b] = texts;
        if a.order_key() <= b.order_key() {
            return Self::in_this_order(texts);
        }
        let Self { mut pairs, mut moves, kept: [theirs, ours] } = Self::in_this_order([b, a]);
        for pair in &mut pairs {
            pair.sections.reverse();
            pair.changes.iter_mut().for_each(|change| change.reverse());
        }
        for passage in &mut moves {
            passage.reverse();
        }
        Self { pairs, moves, kept: [ours, theirs] }
    }

    fn in_this_order(texts: [&SpeechLetters; 2]) -> Self {
        let [a, b] = texts;
        let found = SectionPairs::new(texts);
        let stands_elsewhere = moved_sections(texts, &found);
        let mut kept = texts.map(|text| vec![false; text.letters.len()]);
        let mut pairs = Vec::new();
        for (one, other) in found.to_b.iter().enumerate().filter_map(|(one, other)| Some((one, (*other)?))) {
            let (own, others) = (a.sections[one].own.clone(), b.sections[other].own.clone());
            let runs = readable(&equal_runs(a.own(one), b.own(other)), own.len(), others.len());
            let mut changes = Vec::new();
            let mut equal = 0;
            let mut at = [own.start, others.start];
            let last = EqualRun { a: own.len(), b: others.len(), len: 0 };
            for run in runs.iter().chain([&last]) {
                let here = [own.start + run.a, others.start + run.b];
                if at != here {
                    changes.push([at[0]..here[0], at[1]..here[1]]);
                }
                at = here.map(|start| start + run.len);
                kept[0][here[0]..at[0]].fill(true);
                kept[1][here[1]..at[1]].fill(true);
                equal += run.len;
            }
            pairs.push(PairedSections { sections: [one, other], is_moved: stands_elsewhere[one], equal, changes });
        }
        let moves = moved_passages(texts, &kept);
        for moved in &moves {
            for (kept, range) in kept.iter_mut().zip(moved) {
                kept[range.clone()].fill(true);
            }
        }
        Self { pairs, moves, kept }
    }
}

/// Runs without single letters between two changes: what reads as one change is one.
fn readable(runs: &[EqualRun], len: usize, other_len: usize) -> Vec<EqualRun> {
    let touches = |runs: &[EqualRun], index: usize| {
        let run = runs[index];
        let before = index
            .checked_sub(1)
            .map_or((run.a, run.b), |before| (run.a - runs[before].a - runs[before].len, run.b - runs[before].b - runs[before].len));
        let next = runs.get(index + 1).map_or((len, other_len), |next| (next.a, next.b));
        let after = (next.0 - run.a - run.len, next.1 - run.b - run.len);
        before.0 + before.1 > 2 && after.0 + after.1 > 2
    };
    (0..runs.len()).filter(|index| runs[*index].len > 1 || !touches(runs, *index)).map(|index| runs[index]).collect()
}

/// For each section of the one speech, whether its counterpart stands elsewhere: under another section
/// than the one above has become, or in another order among its siblings.
fn moved_sections(texts: [&SpeechLetters; 2], found: &SectionPairs) -> Vec<bool> {
    let [a, b] = texts;
    let mut moved = vec![false; a.sections.len()];
    let stays = |one: usize, other: usize| match (a.sections[one].parent, b.sections[other].parent) {
        (None, None) => true,
        (Some(one), Some(other)) => found.to_b[one] == Some(other),
        _ => false,
    };
    let parents = std::iter::once(None).chain((1..a.sections.len()).map(Some));
    for parent in parents {
        let mut siblings = Vec::new();
        for one in a.children(parent) {
            let Some(other) = found.to_b[one] else { continue };
            if stays(one, other) {
                siblings.push(EqualRun { a: one, b: other, len: 1 + a.whole(one).len() + b.whole(other).len() });
            } else {
                moved[one] = true;
            }
        }
        if siblings.is_sorted_by_key(|sibling| sibling.b) {
            continue;
        }
        let in_order = in_order(&siblings);
        for sibling in siblings {
            moved[sibling.a] = in_order.binary_search_by_key(&sibling.a, |one| one.a).is_err();
        }
    }
    moved
}

/// The passages that are left in both speeches, in sections that are no pair.
fn moved_passages(texts: [&SpeechLetters; 2], kept: &[Vec<bool>; 2]) -> Vec<LetterPair> {
    let sides = [0, 1].map(|side: usize| {
        let (mut letters, mut places): (Vec<char>, Vec<usize>) = (Vec::new(), Vec::new());
        for section in &texts[side].sections {
            letters.push(SEPARATORS[side]);
            places.push(usize::MAX);
            for letter in section.own.clone().filter(|letter| !kept[side][*letter]) {
                if places.last().is_some_and(|last| *last != usize::MAX && last + 1 != letter) {
                    letters.push(SEPARATORS[side]);
                    places.push(usize::MAX);
                }
                letters.push(texts[side].letters[letter]);
                places.push(letter);
            }
        }
        (letters, places)
    });
    let blocks = common_blocks(&sides[0].0, &sides[1].0);
    let long = blocks.into_iter().filter(|block| block.len >= MIN_MOVED_LETTERS);
    long.map(|block| [sides[0].1[block.a], sides[1].1[block.b]].map(|start| start..start + block.len)).collect()
}
