//! Which pairs of letters are no chance.
//!
//! Two texts that have nothing to do with each other share many a letter and some formulas. A run of
//! pairs stands if it is long, or if only a short change divides it from one that stands: the shorter
//! the run, the shorter the change.

use super::{
    letter_map::{LetterMap, Run},
    placement::Pairing,
};
use std::ops::Range;

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

/// Number of letters between two changes that may be chance.
const MAX_ISLAND: usize = 8;
/// Letters put in on both sides of them that are a phrase which may have it.
const MIN_PHRASE: usize = 8;

impl Pairing<'_> {
    /// Whether all that is left of a passage is a few letters amid text that replaced what was on both sides of them: they may
    /// have come with that text.
    ///
    /// Example: of `全村种果队伍里还有的不少毛病`, the passage `队伍` in `全村种特别是养蜂队伍扩大的不少毛病`.
    pub(super) fn is_island(&self, own: &Range<usize>) -> bool {
        let kept: Vec<(usize, usize)> = own.clone().filter_map(|letter| Some((letter, self.place(letter)?))).collect();
        let (Some(first), Some(last)) = (kept.first(), kept.last()) else { return false };
        // With the letters that follow it on both sides.
        let is_pair = |letter: usize, place: usize| self.map.new_of(letter) == Some(place);
        let before = (1..=first.0.min(first.1)).take(MAX_ISLAND).take_while(|by| is_pair(first.0 - by, first.1 - by)).count();
        let after = (1..=MAX_ISLAND).take_while(|by| is_pair(last.0 + by, last.1 + by)).count();
        if before + kept.len() + after > MAX_ISLAND || last.1 < first.1 {
            return false;
        }
        let ((letter, place), (next, next_place)) = ((first.0 - before, first.1 - before), (last.0 + after + 1, last.1 + after + 1));
        let is_gone = |letter: Option<usize>| letter.is_some_and(|letter| letter < self.old.letters.len() && self.place(letter).is_none());
        let is_put_in = |place: &usize| self.origin(*place).is_none();
        let put_in = [
            (0..place).rev().take_while(is_put_in).take(MIN_PHRASE).count(),
            (next_place..self.new.letters.len()).take_while(is_put_in).take(MIN_PHRASE).count(),
        ];
        is_gone(letter.checked_sub(1)) && is_gone(Some(next)) && !put_in.contains(&0) && put_in[0] + put_in[1] >= MIN_PHRASE
    }
}

#[cfg(test)]
mod tests {
    use crate::anchor::test_help::{AFTER, BEFORE, words_found};

    #[test]
    fn a_passage_is_asked_about_when_it_stands_in_a_phrase_that_replaced_it_with_the_words_around() {
        let old = format!("{BEFORE}，尽早纠正好全乡村庄和各组种果队伍里还有的不少毛病，{AFTER}");
        let new = old.replace("果队伍里还有", "特别是各组蜂农和养蜂队伍扩大");
        assert_eq!(words_found(&old, "队伍", &new), None);
        assert_eq!(words_found(&old, "队伍", &old.replace("果队伍里还有", "果队伍扩大")).as_deref(), Some("队伍"));
    }

    #[test]
    fn a_passage_on_a_deleted_heading_is_not_found_in_another_with_some_of_its_words() {
        let (heading, title) = ("五、办好合作社和种果队伍，推动全市果园工作再上台阶", "县委常委、农办主任在全市果园工作会议上讲话");
        let (old, new) = (format!("{BEFORE}。\n{heading}\n{AFTER}。"), format!("{BEFORE}。\n{title}\n{AFTER}。"));
        assert_eq!(words_found(&old, "市果园工作再上", &new), None);
    }
}
