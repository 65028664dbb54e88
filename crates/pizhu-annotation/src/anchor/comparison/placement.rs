//! Where a passage went, by one way of pairing the letters.

use super::super::{pairs::earliest_pairs, rivals::pairs_together};
use super::{
    folded_text::FoldedText,
    letter_map::{LetterMap, Run},
};
use std::ops::Range;

/// Maximum number of letters looked at for the limits of a change.
const MAX_CHANGE: usize = 64;
/// Number of letters at an end of a passage whose marks are compared together with those around it.
const EDGE_LETTERS: usize = 3;
/// Number of letters next to a passage that may be gone without its marks there having gone with them.
const FEW_LETTERS: usize = 3;
/// Number of letters that follow one another in both texts and are no chance, however few of them are a passage's.
const MIN_FIRM_RUN: usize = 12;
/// Number of letters around a passage beyond which a mark of it cannot have gone.
const NEIGHBOURS: usize = 3;
/// Maximum number of marks compared at an end of a passage.
pub(super) const MAX_MARKS: usize = 200;

/// What became of a passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// Nothing is left of it.
    Gone,
    /// It is here.
    Kept {
        /// The units of the new text that it covers.
        units: Range<usize>,
        /// Number of its letters that are left.
        letters: usize,
    },
    /// Its pieces are scattered, or its ends are unclear.
    Unclear,
}

/// One way of pairing the letters of two texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pairing<'a> {
    pub(super) old: &'a FoldedText,
    pub(super) new: &'a FoldedText,
    pub(super) map: &'a LetterMap,
    /// Whether the pair of each old letter is no chance.
    pub(super) supported: &'a [bool],
    /// Parts of lines that are elsewhere in the new text.
    pub(super) fragments: &'a [Run],
}

/// A direction in a text, from the inside of a passage to one of its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outward {
    ToFront,
    ToBack,
}

/// What is between two letters, in both texts.
struct MarkGap {
    old: Range<usize>,
    new: Range<usize>,
    /// The units of the passage's letters at its end: of the last one that is left, of the last one, and of the one that what
    /// is there now comes from; if the letters beyond are not those that were there.
    near: Option<[(usize, usize); 3]>,
    /// The unit of the letter of the passage that what is at its end comes from, perhaps by chance.
    origin: Option<usize>,
    /// The units of the new text beyond the gap, if it is not known where what was there went.
    beyond: Range<usize>,
}

impl MarkGap {
    /// The marks of the gap in one of the texts. A mark on another line belongs to the letters there; if
    /// these are gone, so is it.
    fn marks(&self, text: &FoldedText, range: &Range<usize>, of: impl Fn((usize, usize)) -> usize) -> Vec<usize> {
        range.clone().filter(|unit| !text.is_letter(*unit) && self.is_near(text, *unit, &of)).take(MAX_MARKS).collect()
    }

    fn is_near(&self, text: &FoldedText, unit: usize, of: impl Fn((usize, usize)) -> usize) -> bool {
        self.near.is_none_or(|near| near.into_iter().any(|letter| text.are_on_one_line(unit, of(letter))))
    }

    /// The marks of the new text that are on other lines than the passage, and may be its own: not those that stand, as
    /// before, at the end of the line that is next to it.
    fn far_marks(&self, old: &FoldedText, new: &FoldedText, is_own: impl Fn(usize) -> bool) -> Vec<usize> {
        let Some([near, ..]) = self.near else { return Vec::new() };
        let is_front = self.new.end == near.1;
        // From the neighbour inwards.
        let inwards = |range: &Range<usize>| -> Vec<usize> {
            let units = range.clone().take(MAX_MARKS);
            if is_front { units.collect() } else { units.rev().collect() }
        };
        let (ours, theirs) = (inwards(&self.old), inwards(&self.new));
        let neighbour = if is_front { self.old.start.checked_sub(1) } else { Some(self.old.end) };
        let is_beside = |unit: &usize| neighbour.is_some_and(|next| old.are_on_one_line(next, *unit));
        let beside: Vec<usize> = ours.into_iter().take_while(is_beside).collect();
        let is_rest_of_line = !is_beside(&near.0) && !beside.iter().any(|unit| old.is_letter(*unit) || is_own(*unit));
        let is_same = |(ours, theirs): (&usize, &usize)| old.units[*ours] == new.units[*theirs];
        let is_as_before = is_rest_of_line && theirs.len() >= beside.len() && beside.iter().zip(&theirs).all(is_same);
        let known = if is_as_before { beside.len() } else { 0 };
        let is_far = |unit: &usize| !new.is_letter(*unit) && !self.is_near(new, *unit, |near| near.1);
        let beyond = self.beyond.clone().filter(|unit| !new.is_letter(*unit) && new.are_on_one_line(near.1, *unit));
        theirs[known..].iter().copied().filter(is_far).chain(beyond).collect()
    }
}

impl Pairing<'_> {
    /// The new place of an old letter, if that is no chance.
    pub(super) fn place(&self, letter: usize) -> Option<usize> {
        self.supported.get(letter).copied().filter(|supported| *supported).and_then(|_| self.map.new_of(letter))
    }

    /// Where the passage of these units of the old text went.
    pub(super) fn fate(&self, units: &Range<usize>) -> Fate {
        let letters = self.old.letters_in(units);
        if letters.is_empty() {
            return self.fate_of_marks(units, letters.start);
        }
        let kept: Vec<(usize, usize)> = letters.clone().filter_map(|letter| Some((letter, self.place(letter)?))).collect();
        let (Some(first), Some(last)) = (kept.first().copied(), kept.last().copied()) else {
            let chance = letters.clone().filter(|letter| self.map.new_of(*letter).is_some()).count();
            return if chance >= 3 && 2 * chance >= letters.len() { Fate::Unclear } else { Fate::Gone };
        };
        let is_own = |new: usize| self.map.old_of(new).is_none_or(|old| letters.contains(&old));
        if !kept.is_sorted_by_key(|(_, new)| *new) || !(first.1..=last.1).all(is_own) {
            return Fate::Unclear;
        }
        let cut = |innermost, outward| {
            if self.is_cut_at_line(&letters, innermost, outward) {
                self.end_at_line(units, innermost, outward).map(Some)
            } else {
                Some(None)
            }
        };
        let (Some(start_of_line), Some(end_of_line)) = (cut(first, Outward::ToFront), cut(last, Outward::ToBack)) else {
            return Fate::Unclear;
        };
        let start = self.end_of_letters(letters.start, first, letters.clone(), Outward::ToFront);
        let end = self.end_of_letters(letters.end - 1, last, letters.clone(), Outward::ToBack);
        // Where it began with a line, it does so still.
        let is_clear_start = start_of_line.is_some() || (first.0 == letters.start && self.is_at_line_end(first, Outward::ToFront));
        let is_clear_end = end_of_line.is_some() || (last.0 + 1 == letters.end && self.is_at_line_end(last, Outward::ToBack));
        let start = if is_clear_start { Some(first.1) } else { self.clear_end(&letters, &kept, start, Outward::ToFront) };
        let end = if is_clear_end { Some(last.1) } else { self.clear_end(&letters, &kept, end, Outward::ToBack) };
        let (Some(start), Some(end)) = (start, end) else {
            return Fate::Unclear;
        };
        let is_cut_across = |at: usize, innermost: (usize, usize), outward| {
            at != innermost.1
                && self.is_at_line_end(innermost, outward)
                && self.lines_beyond(&letters, innermost.0, outward).all(|letter| self.place(letter).is_none())
        };
        // What was put in beyond the line may belong to another.
        if is_cut_across(start, first, Outward::ToFront) || is_cut_across(end, last, Outward::ToBack) {
            return Fate::Unclear;
        }
        if !(start..=end).all(is_own) || self.has_words_around(&letters, start..first.1, last.1 + 1..end + 1) {
            return Fate::Unclear;
        }
        // Letters put in among the outermost ones may have come between them and their marks.
        let head = &kept[..kept.len().min(EDGE_LETTERS + 1)];
        let tail = &kept[kept.len().saturating_sub(EDGE_LETTERS + 1)..];
        let bare = start..end + 1;
        let start = start_of_line.or_else(|| self.start_of_marks(units, &letters, head, start));
        let end = end_of_line.or_else(|| self.end_of_marks(units, &letters, tail, end));
        let (Some(start), Some(end)) = (start, end) else {
            return Fate::Unclear;
        };
        let covered = self.new.letters_in(&(start..end));
        let (before, after) = (covered.start..bare.start, bare.end..covered.end);
        if self.goes_on(before.clone(), Outward::ToFront)
            || self.goes_on(after.clone(), Outward::ToBack)
            || self.has_words_around(&letters, before, after)
        {
            return Fate::Unclear;
        }
        Fate::Kept { units: start..end, letters: kept.len() }
    }

    /// Whether what is left of a passage is certain although it is little: whole lines of it are gone, or one stretch of text
    /// with an end of it, and the rest stands in a long run of letters.
    pub(super) fn is_rest_of_lines(&self, own: &Range<usize>) -> bool {
        let kept: Vec<(usize, usize)> = own.clone().filter_map(|letter| Some((letter, self.place(letter)?))).collect();
        let (Some(first), Some(last)) = (kept.first().copied(), kept.last().copied()) else { return false };
        let is_cut = |innermost, is_edge: bool, outward| {
            is_edge || self.is_cut_at_line(own, innermost, outward) || self.is_cut_clean(own, innermost, outward)
        };
        // A single letter, such as the number of a line, may be that of another line.
        last.0 > first.0
            && is_cut(first, first.0 == own.start, Outward::ToFront)
            && is_cut(last, last.0 + 1 == own.end, Outward::ToBack)
            && last.0 - first.0 == last.1.abs_diff(first.1)
            && self.run_around(first, last) >= MIN_FIRM_RUN
    }

    /// Number of letters that follow one another in both texts, with those from `first` to `last` among them. On whole
    /// lines, more than any.
    pub(super) fn run_around(&self, first: (usize, usize), last: (usize, usize)) -> usize {
        let is_pair = |letter: usize, place: usize| self.map.new_of(letter) == Some(place);
        let before = (1..=first.0.min(first.1)).take_while(|by| is_pair(first.0 - by, first.1 - by)).count();
        let after = (1..self.old.letters.len() - last.0).take_while(|by| is_pair(last.0 + by, last.1 + by)).count();
        let inside = (first.0..=last.0).zip(first.1..).all(|(letter, place)| is_pair(letter, place));
        let old = first.0 - before..last.0 + after + 1;
        let new = first.1 - before..last.1 + after + 1;
        match inside {
            false => 0,
            true if self.old.is_of_whole_lines(&old) && self.new.is_of_whole_lines(&new) => usize::MAX,
            true => old.len(),
        }
    }

    /// The outermost new letter of a passage towards one end. `edge` is its outermost old letter,
    /// `innermost` the outermost one of which the new place is known.
    ///
    /// Letters that took the place of its own belong to it, but not more of them.
    fn end_of_letters(&self, edge: usize, innermost: (usize, usize), own: Range<usize>, outward: Outward) -> usize {
        let (known, place) = innermost;
        let gone = known.abs_diff(edge);
        if gone == 0 {
            return place;
        }
        let further = |at: usize, by: usize| match outward {
            Outward::ToFront => at.saturating_sub(by),
            Outward::ToBack => (at + by).min(self.new.letters.len() - 1),
        };
        // Up to where letters have no other origin.
        let mut free = 0;
        while free < MAX_CHANGE.max(2 * gone) {
            let next = further(place, free + 1);
            let is_other = self.map.old_of(next).is_some_and(|old| !own.contains(&old)) || self.is_of_other_fragment(next, &own);
            if next == further(place, free) || is_other {
                break;
            }
            free += 1;
        }
        let outside = match outward {
            Outward::ToFront => edge.checked_sub(1),
            Outward::ToBack => Some(edge + 1).filter(|letter| *letter < self.old.letters.len()),
        };
        let replaced = match outside {
            // Both texts end where it began.
            None if further(place, free) == further(place, free + 1) => free.min(gone),
            None => 0,
            Some(outside) if self.place(outside) == Some(further(place, free + 1)) => free.min(gone),
            // The change goes beyond the passage: letter by letter, or it is not known what replaced what.
            Some(outside) => self.limit_of_change(outside, outward).filter(|beyond| beyond + gone == free).map_or(0, |_| gone),
        };
        // Letters of its own that may be there by chance belong to it as well, if they are on its line or
        // a line of their own.
        let is_on_line = |letter: usize, at: usize| {
            (self.old.are_on_one_line(self.old.unit_of(letter), self.old.unit_of(known))
                && self.new.are_on_one_line(self.new.unit_of(at), self.new.unit_of(place)))
                // All that is left of its line.
                || self.new.lines.get(self.new.line_of(at)).is_some_and(|line| {
                    line.clone().all(|other| self.map.old_of(other).is_some_and(|old| own.contains(&old)))
                })
        };
        let islands =
            (edge.min(known)..=edge.max(known)).filter_map(|letter| Some((letter, self.map.new_of(letter)?))).filter(|(letter, at)| {
                at.abs_diff(place) <= free && (*at < place) == (outward == Outward::ToFront) && is_on_line(*letter, *at)
            });
        let furthest = islands.map(|(_, at)| at.abs_diff(place)).max().unwrap_or(0);
        further(place, replaced.max(furthest))
    }

    /// Whether what is taken to have come in place of the passage's first letters (`head`) or its last ones, or between them and
    /// its marks, has words of the text around: then it is what is left of that.
    ///
    /// Example: of `早落实。开放了还要有人气【。各街道】` is left `早落实。开放据统计，各街道`: the mark is not the one before 各.
    fn has_words_around(&self, own: &Range<usize>, head: Range<usize>, tail: Range<usize>) -> bool {
        let (old, new) = (&self.old.letters, &self.new.letters);
        let has_words = |around: &[char], there: Range<usize>| {
            there.len() > 1 && !pairs_together(around, &new[there.start..there.end.min(new.len())]).is_empty()
        };
        has_words(&old[own.start.saturating_sub(MAX_CHANGE)..own.start], head)
            || has_words(&old[own.end..(own.end + MAX_CHANGE).min(old.len())], tail)
    }

    /// Whether letters between a passage and a mark taken for its own are what followed the letter beyond them in the
    /// old text: then so is the mark.
    ///
    /// Example: of `第一，要算大账。再大也只是外壳，【订单】` is left `第一，要算订单`: the mark is not the one before 订单.
    fn goes_on(&self, put_in: Range<usize>, outward: Outward) -> bool {
        let (Some(last), false) = (put_in.end.checked_sub(1), put_in.is_empty()) else { return false };
        let (beyond, edge) = match outward {
            Outward::ToFront => (put_in.start.checked_sub(1), put_in.start),
            Outward::ToBack => (Some(put_in.end), last),
        };
        let before = beyond.and_then(|letter| self.map.old_of(letter)).and_then(|old| match outward {
            Outward::ToFront => old.checked_add(1),
            Outward::ToBack => old.checked_sub(1),
        });
        before.and_then(|letter| self.old.letters.get(letter)) == Some(&self.new.letters[edge])
    }

    /// How many letters from `outside` on, away from the passage, were replaced, too.
    fn limit_of_change(&self, outside: usize, outward: Outward) -> Option<usize> {
        (0..MAX_CHANGE).find(|step| {
            let letter = match outward {
                Outward::ToFront => outside.checked_sub(*step),
                Outward::ToBack => outside.checked_add(*step).filter(|letter| *letter < self.old.letters.len()),
            };
            letter.is_none_or(|letter| self.place(letter).is_some())
        })
    }

    /// The letter outside of a passage, next to `edge` in the old text, after which nothing but what was
    /// put in comes before `end` in the new one: with its new place.
    fn neighbour(&self, edge: usize, end: usize, outward: Outward) -> Option<(usize, usize)> {
        for step in 1..=MAX_CHANGE {
            let letter = match outward {
                Outward::ToFront => edge.checked_sub(step)?,
                Outward::ToBack => edge + step,
            };
            if letter >= self.old.letters.len() {
                return None;
            }
            let Some(place) = self.place(letter) else { continue };
            let between = if outward == Outward::ToFront { place + 1..end } else { end + 1..place };
            let is_outside = if outward == Outward::ToFront { place < end } else { place > end };
            let is_next = is_outside && between.len() <= 2 * MAX_CHANGE && between.into_iter().all(|at| self.origin(at).is_none());
            return is_next.then_some((letter, place));
        }
        None
    }

    /// The outermost of the letters put in from `end` on, an end of the passage `own`: marks beyond them may be its own.
    fn last_free(&self, end: usize, own: &Range<usize>, outward: Outward) -> usize {
        let next = |letter: usize| match outward {
            Outward::ToFront => letter.checked_sub(1),
            Outward::ToBack => Some(letter + 1).filter(|letter| *letter < self.new.letters.len()),
        };
        let is_free = |letter: &usize| self.map.old_of(*letter).is_none() && !self.is_of_other_fragment(*letter, own);
        std::iter::successors(Some(end), |letter| next(*letter).filter(is_free)).take(2 * MAX_CHANGE).last().unwrap_or(end)
    }

    /// The first unit of a passage of which the letters begin at `start`. `kept` are its first letters that
    /// are left, from the first one on.
    fn start_of_marks(&self, units: &Range<usize>, letters: &Range<usize>, kept: &[(usize, usize)], start: usize) -> Option<usize> {
        let first = kept.first()?;
        let is_next = |(_, place): &(usize, usize)| !(place + 1..start).any(|at| self.is_of_other_fragment(at, letters));
        let neighbour = self.neighbour(letters.start, start, Outward::ToFront).filter(is_next);
        let near = (self.old.unit_of(first.0), self.new.unit_of(first.1));
        let edge = (self.old.unit_of(letters.start), self.new.unit_of(start));
        let origin = self.origin_among(letters, start).map(|letter| self.old.unit_of(letter));
        let outer = MarkGap {
            old: self.old.gap_before(neighbour.map_or(letters.start, |(letter, _)| letter + 1))..near.0,
            new: self.new.gap_before(neighbour.map_or_else(|| self.last_free(start, letters, Outward::ToFront), |(_, place)| place + 1))
                ..near.1,
            near: neighbour.is_none_or(|pair| pair.0 + 1 + FEW_LETTERS < letters.start && !self.have_joined(pair, *first)).then_some([
                near,
                edge,
                (origin.unwrap_or(near.0), edge.1),
            ]),
            origin,
            beyond: 0..0,
        };
        let beyond = outer.new.start.saturating_sub(MAX_CHANGE)..outer.new.start;
        let outer = MarkGap { beyond: if neighbour.is_none() { beyond } else { 0..0 }, ..outer };
        if let Some((letter, place)) = neighbour
            && self.have_crossed(&outer, &self.beyond(letter, place, Outward::ToFront), |unit| unit >= units.start)
        {
            return None;
        }
        let bare = self.new.unit_of(start);
        let gaps: Vec<MarkGap> = std::iter::once(outer).chain(kept.windows(2).map(|pair| self.inner_gap(pair[0], pair[1]))).collect();
        let found = self.marks(&gaps, |unit| unit >= units.start, bare..self.new.unit_of(kept.last()?.1), Outward::ToFront)?;
        Some(found.start.min(bare))
    }

    /// The end of the units of a passage of which the letters end with `end`. `kept` are its last letters
    /// that are left, up to the last one.
    fn end_of_marks(&self, units: &Range<usize>, letters: &Range<usize>, kept: &[(usize, usize)], end: usize) -> Option<usize> {
        let last = kept.last()?;
        let is_next = |(_, place): &(usize, usize)| !(end + 1..*place).any(|at| self.is_of_other_fragment(at, letters));
        let neighbour = self.neighbour(letters.end - 1, end, Outward::ToBack).filter(is_next);
        let near = (self.old.unit_of(last.0), self.new.unit_of(last.1));
        let edge = (self.old.unit_of(letters.end - 1), self.new.unit_of(end));
        let origin = self.origin_among(letters, end).map(|letter| self.old.unit_of(letter));
        let outer = MarkGap {
            old: near.0 + 1..self.old.unit_of(neighbour.map_or(letters.end, |(letter, _)| letter)),
            new: near.1 + 1
                ..self.new.unit_of(neighbour.map_or_else(|| self.last_free(end, letters, Outward::ToBack) + 1, |(_, place)| place)),
            near: neighbour.is_none_or(|pair| pair.0 > letters.end + FEW_LETTERS && !self.have_joined(pair, *last)).then_some([
                near,
                edge,
                (origin.unwrap_or(near.0), edge.1),
            ]),
            origin,
            beyond: 0..0,
        };
        let beyond = outer.new.end..(outer.new.end + MAX_CHANGE).min(self.new.units.len());
        let outer = MarkGap { beyond: if neighbour.is_none() { beyond } else { 0..0 }, ..outer };
        if let Some((letter, place)) = neighbour
            && self.have_crossed(&outer, &self.beyond(letter, place, Outward::ToBack), |unit| unit < units.end)
        {
            return None;
        }
        let bare = self.new.unit_of(end) + 1;
        let gaps: Vec<MarkGap> = kept.windows(2).map(|pair| self.inner_gap(pair[0], pair[1])).chain([outer]).collect();
        let found = self.marks(&gaps, |unit| unit < units.end, self.new.unit_of(kept.first()?.1) + 1..bare, Outward::ToBack)?;
        Some(found.end.max(bare))
    }

    /// The letter of a passage that a new one comes from, perhaps by chance.
    fn origin_among(&self, own: &Range<usize>, letter: usize) -> Option<usize> {
        self.map.old_of(letter).filter(|old| own.contains(old))
    }

    /// Whether two letters of different lines are on one now.
    fn have_joined(&self, one: (usize, usize), other: (usize, usize)) -> bool {
        let are_on_one_line = |text: &FoldedText, one: usize, other: usize| text.are_on_one_line(text.unit_of(one), text.unit_of(other));
        are_on_one_line(self.new, one.1, other.1) && !are_on_one_line(self.old, one.0, other.0)
    }

    /// The units beyond a neighbour, in both texts: up to a letter near it that is a pair.
    fn beyond(&self, letter: usize, place: usize, outward: Outward) -> (Range<usize>, Range<usize>) {
        let next = std::iter::successors(Some((letter, place)), |(letter, place)| self.neighbour(*letter, *place, outward));
        let (next, next_place) = next.take(NEIGHBOURS + 1).last().filter(|next| *next != (letter, place)).map_or(
            match outward {
                Outward::ToFront => (letter.checked_sub(1), place.checked_sub(1)),
                Outward::ToBack => (Some(letter + 1), Some(place + 1)),
            },
            |(letter, place)| (Some(letter), Some(place)),
        );
        let units = |text: &FoldedText, one: usize, other: Option<usize>| match outward {
            Outward::ToFront => other.map_or(0, |other| text.unit_of(other) + 1)..text.unit_of(one),
            Outward::ToBack => text.unit_of(one) + 1..other.map_or(text.units.len(), |other| text.unit_of(other)),
        };
        (units(self.old, letter, next), units(self.new, place, next_place))
    }

    /// Whether a mark at an end of a passage may have gone to the other side of its neighbour, because that letter is
    /// not the one that was there but one put in. `beyond` is the gap on the other side of the neighbour, in both texts.
    ///
    /// Example: the passage `45%;` before the line `新设`, and the text `45新%;` before the line `设`.
    fn have_crossed(&self, outer: &MarkGap, beyond: &(Range<usize>, Range<usize>), is_own: impl Fn(usize) -> bool) -> bool {
        let count = |text: &FoldedText, range: &Range<usize>, mark: char| {
            range.clone().take(MAX_MARKS).filter(|unit| text.units.get(*unit) == Some(&mark)).count()
        };
        let mut own = outer.old.clone().filter(|unit| !self.old.is_letter(*unit) && is_own(*unit)).take(MAX_MARKS);
        own.any(|unit| {
            let mark = self.old.units[unit];
            count(self.new, &outer.new, mark) < count(self.old, &outer.old, mark)
                && count(self.new, &beyond.1, mark) > count(self.old, &beyond.0, mark)
        })
    }

    /// The gap between two letters of a passage that are left.
    fn inner_gap(&self, one: (usize, usize), other: (usize, usize)) -> MarkGap {
        MarkGap {
            old: self.old.unit_of(one.0) + 1..self.old.unit_of(other.0),
            new: self.new.unit_of(one.1) + 1..self.new.unit_of(other.1),
            near: None,
            origin: None,
            beyond: 0..0,
        }
    }

    /// How many marks of a gap stand, as before, outside of the passage next to its letters: none of the passage has come there
    /// across these.
    ///
    /// Example: the passage `收一收“缰绳` and the text `收一收的缰绳”，切实`: its quotation mark is gone, and not behind it.
    fn count_same_marks(&self, old: &[usize], new: &[usize], outward: Outward) -> usize {
        let is_same = |(ours, theirs): &(&usize, &usize)| self.old.units[**ours] == self.new.units[**theirs];
        match outward {
            Outward::ToFront => old.iter().rev().zip(new.iter().rev()).take_while(is_same).count(),
            Outward::ToBack => old.iter().zip(new).take_while(is_same).count(),
        }
    }

    /// The units of the new text that the passage's own marks have become, among those of gaps, and
    /// `covered`. `None` if it is not clear which are its own.
    fn marks(&self, gaps: &[MarkGap], is_own: impl Fn(usize) -> bool, covered: Range<usize>, outward: Outward) -> Option<Range<usize>> {
        let mut certain: Vec<(usize, usize)> = Vec::new();
        let (mut ours, mut inner, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
        for gap in gaps {
            let (old, new) = (gap.marks(self.old, &gap.old, |near| near.0), gap.marks(self.new, &gap.new, |near| near.1));
            if old.iter().map(|unit| self.old.units[*unit]).eq(new.iter().map(|unit| self.new.units[*unit])) {
                certain.extend(old.into_iter().zip(new));
                continue;
            }
            let outside = if old.iter().any(|unit| is_own(*unit)) { 0 } else { self.count_same_marks(&old, &new, outward) };
            let (old, new) = if outward == Outward::ToFront {
                let (old_rest, new_rest) = (old.len() - outside, new.len() - outside);
                certain.extend(old[old_rest..].iter().copied().zip(new[new_rest..].iter().copied()));
                (old[..old_rest].to_vec(), new[..new_rest].to_vec())
            } else {
                certain.extend(old.iter().copied().zip(new.iter().copied()).take(outside));
                (old[outside..].to_vec(), new[outside..].to_vec())
            };
            // A mark between two letters that are gone has gone with them, unless there is one too many.
            let mut letters = gap.old.clone().filter(|unit| self.old.is_letter(*unit));
            let first = letters.next();
            let last = letters.next_back().or(first);
            // Not next to a letter that may still be there.
            let is_at_origin = |unit: usize| {
                let between = |origin: usize| unit.min(origin) + 1..unit.max(origin);
                gap.origin.is_some_and(|origin| gap.old.contains(&origin) && !between(origin).any(|unit| self.old.is_letter(unit)))
            };
            let is_inner =
                |unit: &usize| first.is_some_and(|first| *unit > first) && last.is_some_and(|last| *unit < last) && !is_at_origin(*unit);
            inner.extend(old.iter().copied().filter(is_inner));
            ours.extend(old.iter().copied().filter(|unit| !is_inner(unit)));
            theirs.extend(new);
        }
        let mut ways = ways_to_pair(&ours, &theirs, self.old, self.new);
        if ways[0].len() < theirs.len() && !inner.is_empty() {
            ours.extend(inner);
            ours.sort_unstable();
            ways = ways_to_pair(&ours, &theirs, self.old, self.new);
        }
        // A mark of the passage that is lost may be one on another line.
        let is_lost =
            |unit: &usize| is_own(*unit) && !certain.iter().chain(&ways[0]).any(|(ours, _)| ours == unit) && !self.old.is_letter(*unit);
        let has_far = |gap: &MarkGap| {
            let far = gap.far_marks(self.old, self.new, &is_own);
            gap.old.clone().filter(is_lost).any(|unit| far.iter().any(|other| self.old.units[unit] == self.new.units[*other]))
        };
        if gaps.iter().any(has_far) {
            return None;
        }
        // Letters between the places that a mark may be at are of unknown origin.
        let own_units =
            |way: &[(usize, usize)]| -> Vec<usize> { way.iter().filter(|(ours, _)| is_own(*ours)).map(|(_, unit)| *unit).collect() };
        let (one, other) = (own_units(&ways[0]), own_units(&ways[1]));
        let is_parted = |one: Option<&usize>, other: Option<&usize>| {
            one.zip(other).is_some_and(|(one, other)| {
                (*one.min(other)..*one.max(other)).any(|unit| self.new.is_letter(unit) && !covered.contains(&unit))
            })
        };
        if is_parted(one.iter().min(), other.iter().min()) || is_parted(one.iter().max(), other.iter().max()) {
            return None;
        }
        let mut units = covered;
        let pairs = || ways.iter().flatten().chain(&certain);
        for (_, unit) in pairs().filter(|(ours, _)| is_own(*ours)) {
            units = units.start.min(*unit)..units.end.max(unit + 1);
        }
        let is_foreign = |pair: &&(usize, usize)| !is_own(pair.0) && units.contains(&pair.1);
        pairs().find(is_foreign).is_none().then_some(units)
    }

    /// Where a passage of marks went that stands before the letter `next`.
    fn fate_of_marks(&self, units: &Range<usize>, next: usize) -> Fate {
        let Some(before) = next.checked_sub(1) else { return Fate::Unclear };
        let (Some(left), Some(right)) = (self.place(before), self.place(next)) else { return Fate::Unclear };
        if left + 1 != right || units.is_empty() {
            return Fate::Unclear;
        }
        let old: Vec<usize> = (self.old.gap_before(next)..self.old.unit_of(next)).collect();
        let new: Vec<usize> = (self.new.gap_before(right)..self.new.unit_of(right)).collect();
        let [one, other] = ways_to_pair(&old, &new, self.old, self.new);
        let own =
            |way: &[(usize, usize)]| -> Vec<usize> { way.iter().filter(|(ours, _)| units.contains(ours)).map(|(_, at)| *at).collect() };
        let (own, others) = (own(&one), own(&other));
        match (own.first(), own.last()) {
            (Some(first), Some(last)) if own == others && own.len() == units.len() => Fate::Kept { units: *first..last + 1, letters: 0 },
            _ if new.is_empty() => Fate::Gone,
            _ => Fate::Unclear,
        }
    }
}

/// Two ways to pair the marks of gaps: those as far to the front as possible, and to the back.
fn ways_to_pair(ours: &[usize], theirs: &[usize], old: &FoldedText, new: &FoldedText) -> [Vec<(usize, usize)>; 2] {
    let reversed = |list: &[usize]| -> Vec<usize> { list.iter().rev().copied().collect() };
    let pairs = |ours: &[usize], theirs: &[usize]| -> Vec<(usize, usize)> {
        // Parted, so that it makes no difference which marks follow one another: of two that are alike either may be gone.
        let our_marks: Vec<char> = ours.iter().flat_map(|unit| [old.units[*unit], '\0']).collect();
        let their_marks: Vec<char> = theirs.iter().map(|unit| new.units[*unit]).collect();
        earliest_pairs(&our_marks, &their_marks).into_iter().map(|(one, other)| (ours[one / 2], theirs[other])).collect()
    };
    [pairs(ours, theirs), pairs(&reversed(ours), &reversed(theirs))]
}
