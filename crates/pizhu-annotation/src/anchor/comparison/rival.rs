//! Text that was put in and may be a passage, edited: then what is paired with the passage is a copy.

use super::{
    super::rivals::{Evidence, StringIndex, pairs_together},
    placement::Pairing,
};
use crate::selector::CONTEXT_CHARS;
use std::{ops::Range, sync::OnceLock};

/// Letters on each side of a passage that are compared.
const AROUND: usize = 48;
/// Letters of the longest passage that is compared as one.
const LONG: usize = 128;
/// Letters at each end of a passage that are compared by themselves, too.
const END: usize = 24;
/// Letters that may have been put in between a passage and what is around it.
const GAP: usize = 12;
/// Letters of a passage with what is around it that are not in a text by chance.
const MIN_CLAIM: usize = 10;
/// Letters around a passage, without it, that are not in a text by chance.
const MIN_CLAIM_AROUND: usize = 20;

/// The letters of the new text that no letters of the old one account for; the others are blank.
#[derive(Debug)]
pub(super) struct FreeText {
    letters: Vec<char>,
    index: StringIndex,
}

/// Letters of evidence by which a place must lead.
const MIN_LEAD: usize = 8;
/// Letters that may have been put in between two that follow one another.
const MAX_PUT_IN: usize = 400;
/// Letters between two places that part them.
const MIN_APART: usize = 12;

/// Stands for a letter that has another origin.
const BLANK: char = '\0';

impl FreeText {
    fn new(pairing: Pairing<'_>) -> Self {
        let is_free = |letter: usize| pairing.map.old_of(letter).is_none_or(|old| pairing.place(old).is_none());
        let letters: Vec<char> =
            pairing.new.letters.iter().enumerate().map(|(at, letter)| if is_free(at) { *letter } else { BLANK }).collect();
        Self { index: StringIndex::new(&letters, |at| letters[at] != BLANK), letters }
    }
}

impl Pairing<'_> {
    /// Whether the passage with these letters may be elsewhere than where they are paired.
    pub(super) fn has_rival(self, free: &OnceLock<FreeText>, own: &Range<usize>) -> bool {
        let is_end_claimed =
            |len: usize| self.is_claimed(free, &(own.start..own.start + len)) || self.is_claimed(free, &(own.end - len..own.end));
        let is_whole_claimed = if own.len() <= LONG { self.is_claimed(free, own) } else { is_end_claimed(LONG / 2) };
        is_whole_claimed || (own.len() > END && is_end_claimed(END))
    }

    fn is_claimed(self, free: &OnceLock<FreeText>, own: &Range<usize>) -> bool {
        let kept: Vec<(usize, usize)> = own.clone().filter_map(|letter| Some((letter, self.place(letter)?))).collect();
        let (Some(first), Some(last)) = (kept.first(), kept.last()) else { return false };
        let place = Place { pairing: self, own, first: *first, last: *last };
        let (before, after) = place.sides();
        let near = [place.count_near(before.clone()), place.count_near(after.clone())];
        let is_most = |counts: [usize; 2]| 4 * counts[0] >= 3 * before.len() && 4 * counts[1] >= 3 * after.len();
        if is_whole(self, own) || is_most(near) {
            return false;
        }
        let is_in_order = is_most([place.count_in_order(before.clone()), place.count_in_order(after.clone())]);
        let here = kept.len() + near[0] + near[1];
        let lead = MIN_LEAD.min(here / 4);
        let free = free.get_or_init(|| FreeText::new(self));
        let wanted = before.start..after.end;
        let letters = &self.old.letters[wanted.clone()];
        let inside = own.start - wanted.start..own.end - wanted.start;
        free.index.similar_stretches(letters, &free.letters, &place.new_range()).into_iter().any(|stretch| {
            let pairs = pairs_together(letters, &free.letters[stretch.clone()]);
            let (Some(from), Some(to)) = (pairs.first(), pairs.last()) else { return false };
            let claim = Evidence::of_pairs(&pairs, &inside);
            let is_passage = !own.is_empty() && 2 * claim.inside >= own.len();
            let is_claim = (is_passage && claim.all() >= MIN_CLAIM) || claim.around() >= MIN_CLAIM_AROUND;
            // Beyond text that keeps its order, the order decides.
            if place.is_apart(stretch.start + from.1..stretch.start + to.1 + 1, &wanted) {
                (is_claim || is_passage) && claim.all() + lead > here && !is_in_order
            } else {
                is_claim
            }
        })
    }
}

/// Where the letters of a passage are that are left: the first and the last, in the old text and the new one.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    pairing: Pairing<'a>,
    own: &'a Range<usize>,
    first: (usize, usize),
    last: (usize, usize),
}

impl Place<'_> {
    /// The letters of the new text from the first to the last.
    fn new_range(&self) -> Range<usize> {
        self.first.1.min(self.last.1)..self.first.1.max(self.last.1) + 1
    }

    /// The letters of the old text on each side that are compared.
    fn sides(&self) -> (Range<usize>, Range<usize>) {
        let len = self.pairing.old.letters.len();
        (self.own.start.saturating_sub(AROUND)..self.own.start, self.own.end..(self.own.end + AROUND).min(len))
    }

    fn edge(&self, letter: usize) -> (usize, usize) {
        if letter < self.own.start { self.first } else { self.last }
    }

    /// How many letters of one side are near the passage, as before.
    fn count_near(&self, side: Range<usize>) -> usize {
        let is_near = |letter: &usize| {
            let edge = self.edge(*letter);
            self.pairing
                .place(*letter)
                .is_some_and(|place| (place < edge.1) == (*letter < edge.0) && place.abs_diff(edge.1) <= letter.abs_diff(edge.0) + GAP)
        };
        side.filter(is_near).count()
    }

    /// How many letters of one side follow one another from the passage on, with nothing between but what was put in.
    fn count_in_order(&self, side: Range<usize>) -> usize {
        let is_before = side.end <= self.own.start;
        let outward: Vec<usize> = if is_before { side.rev().collect() } else { side.collect() };
        let mut at = if is_before { self.first.1 } else { self.last.1 };
        let mut count = 0;
        for letter in outward {
            let Some(place) = self.pairing.place(letter).filter(|place| (*place < at) == is_before && *place != at) else { continue };
            let mut between = place.min(at) + 1..place.max(at);
            if between.len() > MAX_PUT_IN || !between.all(|letter| self.origin(letter).is_none()) {
                break;
            }
            (at, count) = (place, count + 1);
        }
        count
    }

    /// The letter of the old text that one of the new text comes from, if that is no chance.
    fn origin(&self, letter: usize) -> Option<usize> {
        self.pairing.map.old_of(letter).filter(|old| self.pairing.place(*old).is_some())
    }

    /// Whether text of the old one that is not `wanted` is between the passage and `other`.
    fn is_apart(&self, other: Range<usize>, wanted: &Range<usize>) -> bool {
        let here = self.new_range();
        let between = if other.start < here.start { other.end..here.start } else { here.end..other.start };
        between.filter(|letter| self.origin(*letter).is_some_and(|old| !wanted.contains(&old))).take(MIN_APART).count() == MIN_APART
    }
}

/// Whether all that is around the passage is also around where it is: then it is as good as the original.
fn is_whole(pairing: Pairing<'_>, own: &Range<usize>) -> bool {
    let whole = own.start.saturating_sub(CONTEXT_CHARS)..(own.end + CONTEXT_CHARS).min(pairing.old.letters.len());
    let first = pairing.map.new_of(whole.start);
    first.is_some() && whole.zip(first.unwrap_or(0)..).all(|(letter, place)| pairing.map.new_of(letter) == Some(place))
}
