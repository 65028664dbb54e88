//! Where a passage ends whose lines beyond are gone as a whole.

use super::super::rivals::pairs_together;
use super::{
    folded_text::FoldedText,
    marks::MAX_MARKS,
    placement::{Outward, Pairing},
};
use std::ops::Range;

impl Pairing<'_> {
    /// Whether the letters of a passage that are left end with a line, because the lines beyond are gone as a whole:
    /// `innermost` is the outermost one that is left.
    ///
    /// Example: of the lines `要办实事。` and `要讲实话。`, the passage `实事。要讲` after the first was deleted.
    pub(super) fn is_cut_at_line(&self, own: &Range<usize>, innermost: (usize, usize), outward: Outward) -> bool {
        let (letter, place) = innermost;
        let mut gone = self.lines_beyond(own, letter, outward);
        let next = match outward {
            Outward::ToFront => place.checked_sub(1),
            Outward::ToBack => Some(place + 1).filter(|next| *next < self.new.letters.len()),
        };
        !gone.is_empty()
            && self.is_at_line_end(innermost, outward)
            && gone.all(|letter| self.map.new_of(letter).is_none())
            // The next line is one that was there, so that nothing of the lines that are gone is left on it.
            && next.is_none_or(|next| self.is_on_foreign_line(next, own))
    }

    /// The letters of the lines of a passage beyond one of its letters that is at the end of a line.
    pub(super) fn lines_beyond(&self, own: &Range<usize>, innermost: usize, outward: Outward) -> Range<usize> {
        let line = |letter: usize| self.old.lines.get(self.old.line_of(letter)).cloned().unwrap_or(letter..letter);
        match outward {
            Outward::ToFront => line(own.start).start..innermost,
            Outward::ToBack => innermost + 1..line(own.end - 1).end,
        }
    }

    /// Whether a letter and its place are at the end of their lines towards which `outward` leads.
    pub(super) fn is_at_line_end(&self, (letter, place): (usize, usize), outward: Outward) -> bool {
        match outward {
            Outward::ToFront => self.old.is_line_start(letter) && self.new.is_line_start(place),
            Outward::ToBack => self.old.is_line_end(letter) && self.new.is_line_end(place),
        }
    }

    /// Whether the line of a new letter has letters of the text around a passage, and none of the passage.
    fn is_on_foreign_line(&self, letter: usize, own: &Range<usize>) -> bool {
        let Some(line) = self.new.lines.get(self.new.line_of(letter)) else { return false };
        let origins = || line.clone().filter_map(|letter| self.map.old_of(letter));
        origins().all(|old| !own.contains(&old)) && origins().any(|old| self.place(old).is_some())
    }

    /// The first unit of the line of a new letter, or the end of the last one.
    fn line_units(&self, letter: usize, outward: Outward) -> usize {
        let unit = self.new.unit_of(letter);
        let is_on_line = |other: &usize| self.new.are_on_one_line(unit, *other);
        match outward {
            Outward::ToFront => (0..unit).rev().take_while(is_on_line).last().unwrap_or(unit),
            Outward::ToBack => (unit..self.new.units.len()).take_while(is_on_line).last().map_or(unit + 1, |last| last + 1),
        }
    }

    /// The end of a passage of these units whose lines beyond the one of `innermost` are gone: that of the line, or of the
    /// marks of the passage on the next line that is left. `None` if marks there may be the passage's.
    ///
    /// Example: of the lines `要办实事。`, `要严` and `要讲实话。`, the passage `。要严要讲` after the second was deleted.
    pub(super) fn end_at_line(&self, units: &Range<usize>, innermost: (usize, usize), outward: Outward) -> Option<usize> {
        let (letter, place) = innermost;
        let end = self.line_with_marks(letter, place, outward)?;
        let gone = self.lines_beyond(&self.old.letters_in(units), letter, outward);
        if self.has_rest_of_line(&gone, place, outward) {
            return None;
        }
        let (next, theirs): (Option<usize>, Range<usize>) = match outward {
            Outward::ToFront => (place.checked_sub(1), self.new.gap_before(place)..end),
            Outward::ToBack => (Some(place + 1).filter(|next| *next < self.new.letters.len()), end..self.new.unit_of(place + 1)),
        };
        // From the letter that is next outwards.
        let theirs: Vec<usize> = if outward == Outward::ToFront { theirs.collect() } else { theirs.rev().collect() };
        let beside: Vec<usize> = next.and_then(|next| self.map.old_of(next)).map_or_else(Vec::new, |origin| {
            let unit = self.old.unit_of(origin);
            let is_beside = |other: &usize| !self.old.is_letter(*other) && self.old.are_on_one_line(unit, *other);
            match outward {
                Outward::ToFront => (unit + 1..self.old.units.len()).take_while(is_beside).collect(),
                Outward::ToBack => (0..unit).rev().take_while(is_beside).collect(),
            }
        });
        let is_same = |(ours, theirs): (&usize, &usize)| self.old.units[*ours] == self.new.units[*theirs];
        if beside.len() == theirs.len() && beside.iter().zip(&theirs).all(is_same) {
            let own = beside.iter().zip(&theirs).find(|(ours, _)| units.contains(ours));
            return Some(own.map_or(end, |(_, theirs)| if outward == Outward::ToFront { *theirs } else { theirs + 1 }));
        }
        let near = self.old.unit_of(letter);
        let beyond = if outward == Outward::ToFront { units.start..near } else { near + 1..units.end };
        let mut lost = beyond.filter(|unit| !self.old.is_letter(*unit) && !self.old.are_on_one_line(*unit, near));
        (!lost.any(|ours| theirs.iter().any(|theirs| is_same((&ours, theirs))))).then_some(end)
    }

    /// [`Self::line_units`], with the marks that were at the end of the line and are on the next one now: the text was wrapped.
    /// `None` if the line has other marks there than it had.
    fn line_with_marks(&self, letter: usize, place: usize, outward: Outward) -> Option<usize> {
        let end = self.line_units(place, outward);
        let (ours, theirs) = (self.old.unit_of(letter), self.new.unit_of(place));
        let outwards = |from: usize, len: usize| -> Box<dyn Iterator<Item = usize>> {
            if outward == Outward::ToFront { Box::new((0..from).rev()) } else { Box::new(from + 1..len) }
        };
        let is_beside = |text: &FoldedText, near: usize, unit: usize| !text.is_letter(unit) && text.are_on_one_line(near, unit);
        let own: Vec<usize> =
            outwards(ours, self.old.units.len()).take_while(|unit| is_beside(self.old, ours, *unit)).take(MAX_MARKS).collect();
        let on_line = outwards(theirs, self.new.units.len()).take_while(|unit| is_beside(self.new, theirs, *unit)).take(MAX_MARKS).count();
        let there: Vec<usize> = outwards(theirs, self.new.units.len()).take(own.len()).collect();
        let same = own.iter().zip(&there).take_while(|(ours, theirs)| self.old.units[**ours] == self.new.units[**theirs]).count();
        Some(match there.last().filter(|_| same == own.len()) {
            Some(last) if outward == Outward::ToFront => end.min(*last),
            Some(last) => end.max(last + 1),
            None => end,
        })
        .filter(|_| on_line <= same)
    }

    /// Whether the line of the new text that is next to `place` has much of one of the passage's lines that are gone: it may be
    /// what is left of it. Not if it is, as a whole, another one of the old text.
    fn has_rest_of_line(&self, gone: &Range<usize>, place: usize, outward: Outward) -> bool {
        let next = match outward {
            Outward::ToFront => place.checked_sub(1),
            Outward::ToBack => Some(place + 1).filter(|next| *next < self.new.letters.len()),
        };
        let line = |text: &FoldedText, at: usize| text.lines.get(text.line_of(at)).cloned();
        let Some(theirs) = next.and_then(|next| line(self.new, next)) else { return false };
        let there = &self.new.letters[theirs.clone()];
        let origin = self.origin(theirs.start).and_then(|origin| line(self.old, origin));
        let is_whole = origin.is_some_and(|origin| &self.old.letters[origin] == there);
        let lines = self.old.line_of(gone.start)..=self.old.line_of(gone.end.max(gone.start + 1) - 1);
        lines.filter_map(|line| self.old.lines.get(line)).any(|ours| {
            let ours = &self.old.letters[ours.clone()];
            ours == there || (!is_whole && 2 * pairs_together(ours, there).len() >= there.len())
        })
    }
}
