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
/// The same, next to where the passage is.
const MIN_CLAIM_BESIDE: usize = 6;
/// Letters around a passage, without it, that are not in a text by chance.
const MIN_CLAIM_AROUND: usize = 20;

/// Letters of evidence by which a place must lead.
const MIN_LEAD: usize = 8;
/// Letters gone from a passage that are not somewhere else by chance.
const MIN_TORN: usize = 6;
/// Letters gone from around a passage that are not with it elsewhere by chance; of those so near to it, two together.
const MIN_MISSING: usize = 6;
/// Letters that may have been put in between two that follow one another.
const MAX_PUT_IN: usize = 400;
/// Letters put in within a passage of which some may be those of the passage.
const MAX_STRETCH: usize = 24;
/// Letters between two places that part them.
const MIN_APART: usize = 12;

/// Letters that are not put in by chance.
const STRING: usize = 4;
/// Letters put in next to a passage that are those around it, and not by chance.
const MIN_DOUBLED: usize = 6;
/// Stands for a letter that has another origin.
const BLANK: char = '\0';

/// The letters of the new text that no letters of the old one account for; the others are blank.
#[derive(Debug)]
pub(super) struct FreeText {
    letters: Vec<char>,
    index: StringIndex,
}

impl FreeText {
    fn new(pairing: Pairing<'_>) -> Self {
        let is_free = |letter: usize| pairing.map.old_of(letter).is_none_or(|old| pairing.place(old).is_none());
        let letters: Vec<char> =
            pairing.new.letters.iter().enumerate().map(|(at, letter)| if is_free(at) { *letter } else { BLANK }).collect();
        Self { index: StringIndex::new(&letters, |at| letters[at] != BLANK), letters }
    }

    /// A letter of the new text if it may be that of another place than `place`: it is free, or what is around the
    /// passage has gone there. `near` are the letters on both sides that are still near it.
    fn letter_beyond(&self, letter: usize, place: Place<'_>, near: &[Vec<usize>; 2]) -> char {
        let is_around = |old: &usize| {
            let (before, after) = place.sides();
            (before.contains(old) || after.contains(old)) && near.iter().all(|side| side.binary_search(old).is_err())
        };
        match place.origin(letter) {
            Some(old) if is_around(&old) => place.pairing.new.letters[letter],
            _ => self.letters[letter],
        }
    }
}

/// A search for what may have become of a passage, among the letters that were put in.
#[derive(Debug, Clone, Copy)]
pub(super) struct RivalSearch<'a> {
    pub(super) pairing: Pairing<'a>,
    pub(super) free: &'a OnceLock<FreeText>,
}

/// What the letters are that another place may claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Passage,
    Heading,
    /// One end of a passage or heading.
    End,
}

impl RivalSearch<'_> {
    /// Whether the passage with these letters may be elsewhere than where they are paired.
    pub(super) fn has_rival(self, own: &Range<usize>) -> bool {
        self.has_torn_end(own) || self.has_rival_part(own, Part::Passage)
    }

    /// [`Self::has_rival`] of a heading: where it ends makes no difference.
    pub(super) fn has_rival_heading(self, own: &Range<usize>) -> bool {
        self.has_rival_part(own, Part::Heading)
    }

    fn has_rival_part(self, own: &Range<usize>, whole: Part) -> bool {
        let is_end_claimed =
            |len: usize| self.is_claimed(&(own.start..own.start + len), Part::End) || self.is_claimed(&(own.end - len..own.end), Part::End);
        let is_whole_claimed = if own.len() <= LONG { self.is_claimed(own, whole) } else { is_end_claimed(LONG / 2) };
        is_whole_claimed || (own.len() > END && is_end_claimed(END))
    }

    /// Whether an end of the passage may be that of a copy that was put into it.
    fn has_torn_end(self, own: &Range<usize>) -> bool {
        let is_torn = |own: Range<usize>| {
            Place::new(self.pairing, &own)
                .is_some_and(|(place, kept)| place.has_context_inside(self.free.get_or_init(|| FreeText::new(self.pairing)), kept))
        };
        let ends = |len: usize| [own.start..own.start + len, own.end - len..own.end];
        (own.len() <= LONG && is_torn(own.clone()))
            || (own.len() > END && ends(END).into_iter().any(is_torn))
            || (own.len() > LONG && ends(LONG / 2).into_iter().any(is_torn))
    }

    /// Whether what was put in has as good a claim to these letters.
    fn is_claimed(self, own: &Range<usize>, part: Part) -> bool {
        let is_all = part != Part::End;
        let pairing = self.pairing;
        let Some((place, kept)) = Place::new(pairing, own) else { return false };
        let (before, after) = place.sides();
        let near = [place.near(before.clone()), place.near(after.clone())];
        let is_most = |counts: [usize; 2]| 4 * counts[0] >= 3 * before.len() && 4 * counts[1] >= 3 * after.len();
        // With so much put in, one of its ends may be that of a copy.
        let is_stretched = place.new_range().len() > own.len() + MAX_STRETCH;
        let free = self.free.get_or_init(|| FreeText::new(pairing));
        let is_firm = is_most([near[0].len(), near[1].len()]) && !is_stretched;
        let gone = own.len() - kept;
        if is_whole(pairing, own) || (is_firm && !is_all && gone < MIN_TORN) {
            return false;
        }
        let in_order = [place.count_in_order(before.clone()), place.count_in_order(after.clone())];
        let is_in_order = is_most(in_order);
        let here = kept + near[0].len() + near[1].len();
        let lead = MIN_LEAD.min(here / 4);
        let wanted = before.start..after.end;
        let letters = &pairing.old.letters[wanted.clone()];
        let inside = own.start - wanted.start..own.end - wanted.start;
        let is_doubled = place.has_doubled_side(free);
        let except = if is_stretched { 0..0 } else { place.new_range() };
        // Where a place has the beginning with what was before it, and another the end with what was after it.
        let (mut beginnings, mut ends): (Vec<Range<usize>>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
        let is_rival = free.index.similar_stretches(letters, &free.letters, &except).into_iter().any(|stretch| {
            let there: Vec<char> = stretch.clone().map(|letter| free.letter_beyond(letter, place, &near)).collect();
            let pairs = pairs_together(letters, &there);
            let (Some(from), Some(to)) = (pairs.first(), pairs.last()) else { return false };
            let claimed = stretch.start + from.1..stretch.start + to.1 + 1;
            let is_apart = place.is_apart(&claimed, &wanted);
            let is_far = is_apart && !place.is_within(MAX_PUT_IN, &claimed);
            let claim = Evidence::of_pairs(&pairs, &inside);
            let has = |letter: usize| pairs.iter().any(|(one, _)| *one == letter);
            match (has(inside.start), has(inside.end - 1)) {
                (true, false) if claim.before >= near[0].len().max(MIN_CLAIM) => beginnings.push(claimed.clone()),
                (false, true) if claim.after >= near[1].len().max(MIN_CLAIM) => ends.push(claimed.clone()),
                _ => {}
            }
            // What is gone here is there: the passage was torn.
            let is_gone = |letter: usize| inside.contains(&letter) && pairing.place(wanted.start + letter).is_none();
            let found = pairs.iter().filter(|(letter, _)| is_gone(*letter)).count();
            if found >= MIN_TORN && 2 * found >= gone {
                return true;
            }
            let is_passage = !own.is_empty() && 2 * claim.inside >= own.len();
            // The passage, with what is gone from around it here.
            let is_missing = |letter: usize| !inside.contains(&letter) && pairing.map.new_of(wanted.start + letter).is_none();
            let missing: Vec<usize> = pairs.iter().map(|(letter, _)| *letter).filter(|letter| is_missing(*letter)).collect();
            let is_beside =
                |two: &[usize]| two[1] == two[0] + 1 && two[0] + MIN_MISSING >= inside.start && two[0] < inside.end + MIN_MISSING;
            let is_whole = claim.inside >= kept && missing.len() >= MIN_MISSING;
            if is_all && is_passage && (is_whole || missing.windows(2).any(is_beside)) {
                return true;
            }
            let put_in: Vec<(usize, usize)> = pairs.iter().copied().filter(|(_, at)| free.letters[stretch.start + at] != BLANK).collect();
            let put_in = Evidence::of_pairs(&put_in, &inside);
            let is_claim = (is_passage && put_in.all() >= MIN_CLAIM) || put_in.around() >= MIN_CLAIM_AROUND;
            // As much of the passage, with one side of it: a copy of much of the text. Where the order is kept here,
            // the passage is not there, unless what is around it is.
            let is_side = |there: usize| 4 * there >= 3 * AROUND;
            let is_as_good = is_all && is_passage && claim.inside >= kept && (is_side(claim.before) || is_side(claim.after));
            // With as many letters on each side, one may be a copy of the other, unless only here it goes on as before.
            let is_alike = claim.before == near[0].len() && claim.after == near[1].len();
            let goes_on = in_order == [before.len(), after.len()] && (claim.before < before.len() || claim.after < after.len());
            // With a side that is not here: each may be half of the original. A heading's section tells which.
            let is_parted = part == Part::Passage && (claim.before > near[0].len() + lead || claim.after > near[1].len() + lead);
            if is_as_good && (is_parted || (is_alike && !goes_on) || !(is_far && is_in_order && put_in.all() == claim.all())) {
                return true;
            }
            // Much was put into it here, and there it is as it was.
            let is_broken = place.new_range().len() >= kept + MIN_TORN;
            if is_all && is_broken && claim.inside == own.len() && put_in.all() >= MIN_CLAIM {
                return true;
            }
            // A copy began or ended here, and may be what is taken for the passage.
            if is_all && is_doubled && claim.inside >= kept && is_passage && put_in.all() >= MIN_CLAIM {
                return true;
            }
            // Beside it: a copy next to the original, edited.
            if is_all && is_passage && place.is_within(GAP, &claimed) && put_in.all() >= MIN_CLAIM_BESIDE {
                return true;
            }
            if is_firm {
                return false;
            }
            // What is whole here and edited there may be a copy.
            let is_edited = claim.inside < kept && claim.before > 0 && claim.after > 0;
            if is_all && is_passage && is_edited && put_in.all() >= MIN_CLAIM {
                return true;
            }
            // Beyond text that keeps its order, the order decides.
            if is_apart { (is_claim || is_passage) && claim.all() + lead > here && !is_in_order } else { is_claim }
        });
        // The passage may have been torn apart there, and this be a copy.
        let is_torn = || beginnings.iter().any(|one| ends.iter().any(|other| one.end <= other.start || other.end <= one.start));
        is_rival || (is_all && is_torn())
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

impl<'a> Place<'a> {
    /// Where the letters of a passage are that are left, and their number; `None` if there are none.
    fn new(pairing: Pairing<'a>, own: &'a Range<usize>) -> Option<(Self, usize)> {
        let mut kept = own.clone().filter_map(|letter| Some((letter, pairing.place(letter)?)));
        let first = kept.next()?;
        let (last, count) = kept.fold((first, 1), |(_, count), pair| (pair, count + 1));
        Some((Self { pairing, own, first, last }, count))
    }

    /// The letters of the new text from the first to the last.
    fn new_range(&self) -> Range<usize> {
        self.first.1.min(self.last.1)..self.first.1.max(self.last.1) + 1
    }

    /// The letters of the old text on each side that are compared.
    fn sides(&self) -> (Range<usize>, Range<usize>) {
        let len = self.pairing.old.letters.len();
        (self.own.start.saturating_sub(AROUND)..self.own.start, self.own.end..(self.own.end + AROUND).min(len))
    }

    /// Whether text of the passage or around it was put in between its letters: then one of its ends is that of a copy.
    ///
    /// Example: the passage `每篇不超过`, after `一事一得`, and the text `一事一得每篇一事一得每不超过`.
    fn has_context_inside(&self, free: &FreeText, kept: usize) -> bool {
        let here = self.new_range();
        if here.len() < kept + STRING {
            return false;
        }
        let (before, after) = self.sides();
        let wanted = &self.pairing.old.letters[before.start..after.end];
        let is_put_in = |string: &&[char]| !string.contains(&BLANK);
        let is_around = |string: &[char]| wanted.windows(STRING).any(|other| other == string);
        free.letters[here].windows(STRING).filter(is_put_in).any(is_around)
    }

    /// Whether text of the passage or around it was put in next to the passage.
    fn has_doubled_side(&self, free: &FreeText) -> bool {
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
    fn near(&self, side: Range<usize>) -> Vec<usize> {
        let is_near = |letter: &usize| {
            let edge = self.edge(*letter);
            self.pairing
                .place(*letter)
                .is_some_and(|place| (place < edge.1) == (*letter < edge.0) && place.abs_diff(edge.1) <= letter.abs_diff(edge.0) + GAP)
        };
        side.filter(is_near).collect()
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

    /// Whether no more than so many letters are between the passage and `other`.
    fn is_within(&self, distance: usize, other: &Range<usize>) -> bool {
        let here = self.new_range();
        other.start <= here.end + distance && here.start <= other.end + distance
    }

    /// Whether text of the old one that is not `wanted` is between the passage and `other`.
    fn is_apart(&self, other: &Range<usize>, wanted: &Range<usize>) -> bool {
        let here = self.new_range();
        let between = if other.start < here.start { other.end..here.start } else { here.end..other.start };
        between.filter(|letter| self.origin(*letter).is_some_and(|old| !wanted.contains(&old))).take(MIN_APART).count() == MIN_APART
    }
}

/// Whether all that is around the passage is also around where it is: then it is as good as the original. Where the text
/// began or ended, it does so still.
fn is_whole(pairing: Pairing<'_>, own: &Range<usize>) -> bool {
    let (old_len, new_len) = (pairing.old.letters.len(), pairing.new.letters.len());
    let whole = own.start.saturating_sub(CONTEXT_CHARS)..(own.end + CONTEXT_CHARS).min(old_len);
    let Some(first) = pairing.map.new_of(whole.start) else { return false };
    (own.start >= CONTEXT_CHARS || first == 0)
        && (own.end + CONTEXT_CHARS <= old_len || first + whole.len() == new_len)
        && whole.zip(first..).all(|(letter, place)| pairing.map.new_of(letter) == Some(place))
}
