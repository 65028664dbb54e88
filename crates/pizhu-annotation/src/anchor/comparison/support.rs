//! Which pairs of letters are no chance.
//!
//! Two texts that have nothing to do with each other share many a letter and some formulas. A run of
//! pairs stands if it is long, or if only a short change divides it from one that stands: the shorter
//! the run, the shorter the change.

use super::letter_map::{LetterMap, Run};

/// Length of a run that stands alone.
const MIN_RUN: usize = 12;

/// Whether a run of `len` letters is no chance beyond a change of `old` letters into `new` ones.
fn bridges(len: usize, old: usize, new: usize) -> bool {
    let change = old.max(new);
    match len {
        0 => false,
        1 => change <= 1 || (old == new && change <= 2),
        2 => change <= 3,
        3 => change <= 6,
        4 | 5 => change <= 12,
        6 | 7 => change <= 40,
        _ => change <= 200,
    }
}

/// For each letter of the old text, whether its pair stands. `whole_lines` stand whatever their length.
pub(super) fn supported(map: &LetterMap, whole_lines: &[Run]) -> Vec<bool> {
    let runs = map.runs();
    let mut lines: Vec<&Run> = whole_lines.iter().collect();
    lines.sort_unstable_by_key(|line| line.old);
    let has_line = |run: &Run| {
        let first = lines.partition_point(|line| line.old < run.old);
        lines.get(first).is_some_and(|line| line.old + line.len <= run.old + run.len && line.new + run.old == run.new + line.old)
    };
    let mut stands: Vec<bool> = runs.iter().map(|run| run.len >= MIN_RUN || has_line(run)).collect();
    let changes: Vec<Option<(usize, usize)>> = runs.windows(2).map(|pair| change_between(map, pair[0], pair[1])).collect();
    if let Some(first) = runs.first()
        && (0..first.new).all(|letter| map.old_of(letter).is_none())
    {
        stands[0] |= bridges(first.len, first.old, first.new);
    }
    if let Some(last) = runs.last() {
        let (old, new) = (last.old + last.len, last.new + last.len);
        if (new..map.new_len()).all(|letter| map.old_of(letter).is_none()) {
            stands[runs.len() - 1] |= bridges(last.len, map.old_len() - old, map.new_len() - new);
        }
    }
    for _ in 0..2 {
        grow(&runs, &changes, &mut stands, false);
        grow(&runs, &changes, &mut stands, true);
    }
    let mut letters = vec![false; map.old_len()];
    for (run, _) in runs.iter().zip(stands).filter(|(_, stands)| *stands) {
        letters[run.old_range()].fill(true);
    }
    letters
}

/// Lets runs stand that only a short change divides from one that does. Runs between them that do not
/// stand count as changed.
fn grow(runs: &[Run], changes: &[Option<(usize, usize)>], stands: &mut [bool], backward: bool) {
    // The last run that stands, as long as those after it follow one another in both texts.
    let mut last: Option<usize> = None;
    let order: Vec<usize> = if backward { (0..runs.len()).rev().collect() } else { (0..runs.len()).collect() };
    for index in order {
        let change = if backward { changes.get(index) } else { index.checked_sub(1).and_then(|before| changes.get(before)) };
        if change.is_none_or(Option::is_none) {
            last = None;
        }
        if let Some(from) = last.filter(|_| !stands[index]) {
            let (before, after) = if backward { (runs[index], runs[from]) } else { (runs[from], runs[index]) };
            let (old, new) = (after.old - before.old - before.len, after.new - before.new - before.len);
            stands[index] = bridges(runs[index].len, old, new);
        }
        if stands[index] {
            last = Some(index);
        }
    }
}

/// The letters between two runs, if these follow one another in the new text, too.
pub(super) fn change_between(map: &LetterMap, before: Run, after: Run) -> Option<(usize, usize)> {
    let (old, new) = (before.old + before.len, before.new + before.len);
    let is_next = after.new >= new && (new..after.new).all(|letter| map.old_of(letter).is_none());
    is_next.then(|| (after.old - old, after.new - new))
}
