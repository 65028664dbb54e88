//! Where a heading went: most of its letters are enough to know it, wherever its ends are.

use super::{MAX_DOUBLED, MAX_PHRASE, TextComparison, place::Place, placement::Pairing};
use crate::selector::CONTEXT_CHARS;
use pizhu_text::text::Span;
use std::ops::Range;

/// Number of letters of a heading next to one another that are not those of another one.
const MIN_HEADING_RUN: usize = 4;

impl TextComparison {
    /// Whether the passage at `span` of the old text cannot be anywhere else: the text around it keeps its order, and what is
    /// like it elsewhere would leave it.
    pub(in super::super) fn is_settled(&self, span: Span) -> bool {
        let own = self.old.letters_in(&self.old.units_in(span));
        self.rival_search().is_some_and(|search| search.is_settled(&own))
    }

    /// Whether the letters at `span` of the old text, with all that was on one side of them, are in the new one more than
    /// once.
    pub(in super::super) fn is_repeated(&self, span: Span) -> bool {
        let own = self.old.letters_in(&self.old.units_in(span));
        let is_twice = |letters: Range<usize>| {
            let letters = &self.old.letters[letters];
            self.new.letters.windows(letters.len()).filter(|other| *other == letters).take(2).count() == 2
        };
        let (before, after) = (own.start.checked_sub(CONTEXT_CHARS), Some(own.end + CONTEXT_CHARS));
        !own.is_empty()
            && (before.is_some_and(|start| is_twice(start..own.end))
                || after.filter(|end| *end <= self.old.letters.len()).is_some_and(|end| is_twice(own.start..end)))
    }

    /// Whether the first letter left of the passage is the same however the letters are paired.
    pub(in super::super) fn has_clear_start(&self, span: Span) -> bool {
        let own = self.old.letters_in(&self.old.units_in(span));
        let mut firsts = self.pairings().map(|pairing| own.clone().find_map(|letter| Some((letter, pairing.place(letter)?))));
        let first = firsts.next().flatten();
        first.is_some() && firsts.all(|other| other == first)
    }

    /// Whether the first letters of the passage are gone, and text put in there parts it from what was before it: they may
    /// be before that text.
    pub(in super::super) fn is_parted_from_start(&self, span: Span) -> bool {
        let own = self.old.letters_in(&self.old.units_in(span));
        let is_moved = self.fragments.iter().any(|run| run.old_range().contains(&own.start));
        self.pairings().any(|pairing| {
            let Some((letter, place)) = own.clone().find_map(|letter| Some((letter, pairing.place(letter)?))) else { return false };
            // One of them put in before may be the one that was there.
            let lost = &self.old.letters[own.start..letter];
            let before = (1..=MAX_PHRASE.min(own.start)).find_map(|by| pairing.place(own.start - by));
            let is_put_in = |before: usize| {
                let mut between = before + 1..place;
                before < place
                    && place - before <= MAX_PHRASE
                    && !self.fragments.iter().any(|run| run.new < between.end && between.start < run.new + run.len)
                    && between.all(|at| pairing.origin(at).is_none() && !lost.contains(&self.new.letters[at]))
            };
            letter > own.start && (is_moved || !before.is_some_and(is_put_in))
        })
    }

    /// The offsets in the new text of the letters that are left of `span` of the old one.
    pub(in super::super) fn letters_left(&self, span: Span) -> Vec<usize> {
        let letters = self.old.letters_in(&self.old.units_in(span));
        let Some(pairing) = self.pairings().next() else { return Vec::new() };
        letters.filter_map(|letter| self.new.letter_offset(pairing.place(letter)?)).collect()
    }

    /// The offsets of the letters of the heading at `span` of the old text where they stand with all that was around them.
    pub(in super::super) fn whole_heading(&self, span: Span) -> Option<Vec<usize>> {
        let own = self.old.letters_in(&self.old.units_in(span));
        let is_whole = |pairing: &Pairing<'_>| Place::new(*pairing, &own).is_some_and(|(place, _)| place.is_whole());
        let pairing = self.pairings().find(is_whole)?;
        own.clone().map(|letter| self.new.letter_offset(pairing.place(letter)?)).collect()
    }

    /// The offsets of the letters left of the heading at `span` of the old text, if most of it is certainly there:
    /// wherever its ends are.
    pub(in super::super) fn heading_letters(&self, span: Span) -> Option<Vec<usize>> {
        let own = self.old.letters_in(&self.old.units_in(span));
        let mut likeliest: Option<Vec<(usize, usize)>> = None;
        let (mut from, mut to, mut do_agree) = (usize::MAX, 0, true);
        for pairing in self.pairings() {
            let kept: Vec<(usize, usize)> = own.clone().filter_map(|letter| Some((letter, pairing.place(letter)?))).collect();
            let (first, last) = (kept.first()?, kept.last()?);
            let is_own = |new: usize| pairing.map.old_of(new).is_none_or(|old| own.contains(&old));
            let is_half = || {
                2 * kept.len() >= own.len()
                    && longest_run(&kept) >= (own.len() / 3).max(MIN_HEADING_RUN)
                    && Place::new(pairing, &own).is_some_and(|(place, _)| place.is_between_neighbours())
            };
            let is_most = 3 * kept.len() >= 2 * own.len() || is_half();
            if !is_most || !kept.is_sorted_by_key(|(_, new)| *new) || !(first.1..=last.1).all(is_own) {
                return None;
            }
            (from, to) = (from.min(first.1), to.max(last.1 + 1));
            let same = likeliest.get_or_insert_with(|| kept.clone());
            do_agree &= *same == kept;
            if 2 * same.iter().filter(|pair| kept.binary_search(pair).is_ok()).count() < same.len() {
                return None;
            }
        }
        // One of several ways may have torn it.
        if !do_agree && to - from > 2 * own.len() + MAX_DOUBLED {
            return None;
        }
        let kept = likeliest.filter(|_| self.rival_search().is_some_and(|search| !search.has_rival_heading(&own)))?;
        Some(kept.into_iter().filter_map(|(_, new)| self.new.letter_offset(new)).collect())
    }
}

/// Length of the longest run of pairs that follow one another in both texts.
fn longest_run(pairs: &[(usize, usize)]) -> usize {
    pairs.chunk_by(|one, other| one.0 + 1 == other.0 && one.1 + 1 == other.1).map(<[_]>::len).max().unwrap_or(0)
}
