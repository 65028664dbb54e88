//! Equal runs of two sequences of letters, without the knowledge of lines: for comparing parts of
//! speeches.

use super::alignment::{DiffEnd, fill_gaps};
use super::blocks::{split_by_order, unique_blocks};
use super::folded_text::FoldedText;
use super::letter_map::{LetterMap, Run};
use super::support::supported;

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
    let [old, new] = [a, b].map(|letters| FoldedText::of_letters(letters));
    let (ordered, _) = split_by_order(unique_blocks(a, b));
    let mut map = LetterMap::new(a.len(), b.len());
    for block in &ordered {
        map.pair_run(*block);
    }
    fill_gaps(&mut map, &ordered, &old, &new, DiffEnd::Front);
    let kept = supported(&map, &[]);
    for (letter, _) in kept.iter().enumerate().filter(|(_, kept)| !**kept) {
        map.part(letter);
    }
    map.runs().into_iter().map(EqualRun::from).collect()
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
