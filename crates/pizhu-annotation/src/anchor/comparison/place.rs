//! Where a passage is in the new text, and what of the text around it is near it.

use super::{
    free_text::{BLANK, FreeText},
    placement::Pairing,
};
use crate::selector::CONTEXT_CHARS;
use std::ops::Range;

/// Letters on each side of a passage that are compared.
pub(super) const AROUND: usize = 48;
/// Letters that may have been put in between a passage and what is around it.
pub(super) const GAP: usize = 12;
/// Letters that may have been put in between two that follow one another.
pub(super) const MAX_PUT_IN: usize = 400;
/// Letters between two places that part them.
pub(super) const MIN_APART: usize = 12;
/// Letters that are not put in by chance.
pub(super) const STRING: usize = 4;
/// Letters put in next to a passage that are those around it, and not by chance.
const MIN_DOUBLED: usize = 6;
/// Letters that may be gone where all is as it was but for what was put in.
const MAX_LOST: usize = 6;

/// Where the letters of a passage are that are left: the first and the last, in the old text and the new one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) pairing: Pairing<'a>,
    pub(super) own: &'a Range<usize>,
    first: (usize, usize),
    last: (usize, usize),
}

impl<'a> Place<'a> {
    /// Where the letters of a passage are that are left, and their number; `None` if there are none.
    pub(super) fn new(pairing: Pairing<'a>, own: &'a Range<usize>) -> Option<(Self, usize)> {
        let mut kept = own.clone().filter_map(|letter| Some((letter, pairing.place(letter)?)));
        let first = kept.next()?;
        let (last, count) = kept.fold((first, 1), |(_, count), pair| (pair, count + 1));
        Some((Self { pairing, own, first, last }, count))
    }

    /// The letters of the new text from the first to the last.
    pub(super) fn new_range(&self) -> Range<usize> {
        self.first.1.min(self.last.1)..self.first.1.max(self.last.1) + 1
    }

    /// The letters of the old text on each side that are compared.
    pub(super) fn sides(&self) -> (Range<usize>, Range<usize>) {
        let len = self.pairing.old.letters.len();
        (self.own.start.saturating_sub(AROUND)..self.own.start, self.own.end..(self.own.end + AROUND).min(len))
    }

    /// Whether all that is around the passage is also around where it is: then it is as good as the original. Where the
    /// text began or ended, it does so still.
    pub(super) fn is_whole(&self) -> bool {
        let (Pairing { old, new, map, .. }, own) = (self.pairing, self.own);
        let whole = own.start.saturating_sub(CONTEXT_CHARS)..(own.end + CONTEXT_CHARS).min(old.letters.len());
        let Some(first) = map.new_of(whole.start) else { return false };
        let ours = old.unit_of(whole.start)..old.unit_of(whole.end - 1);
        let theirs = new.unit_of(first)..new.unit_of(first + whole.len() - 1);
        (own.start >= CONTEXT_CHARS || first == 0)
            && (own.end + CONTEXT_CHARS <= old.letters.len() || first + whole.len() == new.letters.len())
            && whole.zip(first..).all(|(letter, place)| map.new_of(letter) == Some(place))
            // With its marks: a copy that was put in leaves two where there was one.
            && old.units.get(ours) == new.units.get(theirs)
    }

    /// Whether the passage and what is around it are as they were, but for what was put in and a few letters: text was
    /// copied, and nothing moved.
    ///
    /// Example: of `一甲乙丙丁二`, in `一甲（乙丙）乙丙（甲乙）丁二`.
    pub(super) fn keeps_order(&self) -> bool {
        let (before, after) = self.sides();
        let lost = |letters: Range<usize>| letters.filter(|letter| self.pairing.place(*letter).is_none()).count();
        lost(before.start..after.end) <= MAX_LOST
            && 8 * lost(self.own.clone()) <= self.own.len()
            && (before.start..after.end).filter_map(|letter| self.pairing.place(letter)).is_sorted()
    }

    /// Whether most of both sides is near the passage, as before.
    pub(super) fn is_between_neighbours(&self) -> bool {
        let (before, after) = self.sides();
        [before, after].into_iter().all(|side| 2 * self.near(side.clone()).len() >= side.len())
    }

    /// Whether text around the passage was put in between its letters: then one of its ends is that of a copy.
    ///
    /// Example: the passage `每篇不超过`, after `一事一得`, and the text `一事一得每篇一事一得每不超过`.
    pub(super) fn has_context_inside(&self, free: &FreeText, kept: usize) -> bool {
        let here = self.new_range();
        if here.len() < kept + STRING {
            return false;
        }
        let (before, after) = self.sides();
        let reach = STRING - 1;
        // With some of the text around: words of the passage alone may be repeated in it.
        let sides = [before.start..self.own.end.min(before.end + reach), self.own.start.max(after.start.saturating_sub(reach))..after.end];
        let is_put_in = |string: &&[char]| !string.contains(&BLANK);
        let is_around =
            |string: &[char]| sides.iter().any(|side| self.pairing.old.letters[side.clone()].windows(STRING).any(|other| other == string));
        free.letters[here].windows(STRING).filter(is_put_in).any(is_around)
    }

    /// Whether text of the passage or around it was put in next to the passage.
    pub(super) fn has_doubled_side(&self, free: &FreeText) -> bool {
        let here = self.new_range();
        let (before, after) = self.sides();
        let wanted = &self.pairing.old.letters[before.start..after.end];
        let reach = GAP + MIN_DOUBLED;
        let sides = [here.start.saturating_sub(reach)..here.start, here.end..(here.end + reach).min(free.letters.len())];
        let is_copy = |string: &[char]| !string.contains(&BLANK) && wanted.windows(MIN_DOUBLED).any(|other| other == string);
        sides.into_iter().any(|side| free.letters[side].windows(MIN_DOUBLED).any(is_copy))
    }

    fn edge(&self, letter: usize) -> (usize, usize) {
        if letter < self.own.start { self.first } else { self.last }
    }

    /// The letters of one side that are near the passage, as before.
    pub(super) fn near(&self, side: Range<usize>) -> Vec<usize> {
        let is_near = |letter: &usize| {
            let edge = self.edge(*letter);
            self.pairing
                .place(*letter)
                .is_some_and(|place| (place < edge.1) == (*letter < edge.0) && place.abs_diff(edge.1) <= letter.abs_diff(edge.0) + GAP)
        };
        side.filter(is_near).collect()
    }

    /// How many letters of one side follow one another from the passage on, with nothing between but what was put in.
    pub(super) fn count_in_order(&self, side: Range<usize>) -> usize {
        let is_before = side.end <= self.own.start;
        let outward: Vec<usize> = if is_before { side.rev().collect() } else { side.collect() };
        let mut at = if is_before { self.first.1 } else { self.last.1 };
        let mut count = 0;
        for letter in outward {
            let Some(place) = self.pairing.place(letter).filter(|place| (*place < at) == is_before && *place != at) else { continue };
            let mut between = place.min(at) + 1..place.max(at);
            if between.len() > MAX_PUT_IN || !between.all(|letter| self.pairing.origin(letter).is_none()) {
                break;
            }
            (at, count) = (place, count + 1);
        }
        count
    }

    /// Whether no more than so many letters are between the passage and `other`.
    pub(super) fn is_within(&self, distance: usize, other: &Range<usize>) -> bool {
        let here = self.new_range();
        other.start <= here.end + distance && here.start <= other.end + distance
    }

    /// Whether text of the old one that is not `wanted` is between the passage and `other`.
    pub(super) fn is_apart(&self, other: &Range<usize>, wanted: &Range<usize>) -> bool {
        let here = self.new_range();
        let between = if other.start < here.start { other.end..here.start } else { here.end..other.start };
        between.filter(|letter| self.pairing.origin(*letter).is_some_and(|old| !wanted.contains(&old))).take(MIN_APART).count() == MIN_APART
    }
}
