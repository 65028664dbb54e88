//! Equal runs of two sequences of letters, without the knowledge of lines: for comparing parts of
//! speeches.

use super::alignment::{DiffEnd, diff_into};
use super::blocks::{split_by_order, unique_blocks};
use super::folded_text::FoldedText;
use super::letter_map::{LetterMap, Run};
use super::support::supported;
use std::ops::Range;

/// Maximum letters that are compared at once where no block divides them.
const MAX_DIFF_LETTERS: usize = 8_000;

/// Letters that two sequences have in common, next to one another in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EqualRun {
    /// Index of the first letter in the one.
    pub a: usize,
    /// Index of the first letter in the other.
    pub b: usize,
    /// Number of letters.
    pub len: usize,
}

impl From<Run> for EqualRun {
    fn from(run: Run) -> Self {
        Self { a: run.old, b: run.new, len: run.len }
    }
}

/// The letters that two sequences have in common in the same order: first the blocks that both have
/// once, then a diff of what lies between. Letters that agree by chance are no runs.
///
/// ```
/// use pizhu_annotation::anchor::equal_runs;
///
/// let [a, b] = ["全年引进人才三十名并全部安排到岗", "全年引进人才五十六名并全部安排到岗"].map(|text| text.chars().collect::<Vec<char>>());
/// let runs = equal_runs(&a, &b);
/// assert_eq!(runs.iter().map(|run| (run.a, run.b, run.len)).collect::<Vec<_>>(), [(0, 0, 6), (7, 7, 1), (8, 9, 8)]);
/// ```
#[must_use]
pub fn equal_runs(a: &[char], b: &[char]) -> Vec<EqualRun> {
    let [old, new] = [a, b].map(FoldedText::of_letters);
    let (ordered, _) = split_by_order(unique_blocks(a, b));
    let mut map = LetterMap::new(a.len(), b.len());
    for block in &ordered {
        map.pair_run(*block);
    }
    let (mut at, mut other_at) = (0, 0);
    for block in ordered.iter().copied().chain([Run { old: a.len(), new: b.len(), len: 0 }]) {
        fill_gap(&mut map, at..block.old, other_at..block.new, &old, &new);
        (at, other_at) = (block.old + block.len, block.new + block.len);
    }
    let kept = supported(&map, &[]);
    for (letter, _) in kept.iter().enumerate().filter(|(_, kept)| !**kept) {
        map.part(letter);
    }
    map.runs().into_iter().map(EqualRun::from).collect()
}

/// Pairs what lies between two blocks by a diff; a long stretch piece by piece. Where thousands of letters
/// hold no block that both have once, they repeat themselves or have nothing in common, and a diff of all
/// of them takes the square of their number.
fn fill_gap(map: &mut LetterMap, ours: Range<usize>, theirs: Range<usize>, old: &FoldedText, new: &FoldedText) {
    let pieces = ours.len().max(theirs.len()).div_ceil(MAX_DIFF_LETTERS);
    for piece in 0..pieces {
        let part = |range: &Range<usize>| {
            let at = |piece: usize| range.start + range.len() * piece / pieces;
            at(piece)..at(piece + 1)
        };
        diff_into(map, part(&ours), part(&theirs), old, new, DiffEnd::Front);
    }
}

/// The blocks of 12 letters and more that each of two sequences has exactly once, in whatever order.
#[must_use]
pub fn common_blocks(a: &[char], b: &[char]) -> Vec<EqualRun> {
    unique_blocks(a, b).into_iter().map(EqualRun::from).collect()
}

/// Of things that are at `a` in the one order and at `b` in the other, those that keep their order: as
/// much as possible by `len`. Sorted by `a`.
#[must_use]
pub fn in_order(things: &[EqualRun]) -> Vec<EqualRun> {
    let mut runs: Vec<Run> = things.iter().map(|thing| Run { old: thing.a, new: thing.b, len: thing.len }).collect();
    runs.sort_unstable_by_key(|run| run.old);
    split_by_order(runs).0.into_iter().map(EqualRun::from).collect()
}
