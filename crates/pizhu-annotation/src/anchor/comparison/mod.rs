//! Comparison of a text with the one it has become, char by char.
//!
//! Every letter of the old text goes to one place in the new one, or none: what both have once is
//! found first, then moved lines, and what lies between by a diff. Unlike a search for a quote, this
//! cannot take a copy for the original that still stands. Where several ways are equally likely
//! ([`variants`]) or letters agree by chance ([`support`]), the place is left open.
//!
//! White space, punctuation and its width, and the script make no difference.

mod alignment;
mod blocks;
mod boundary;
mod displaced;
mod equal_runs;
mod folded_text;
mod fragment;
mod free_text;
mod heading;
mod letter_map;
mod line_cut;
mod marks;
mod place;
mod placement;
mod rival;
mod rival_claim;
mod support;
mod variants;

pub use equal_runs::{EqualRun, common_blocks, equal_runs, in_order};

use self::{
    alignment::Alignment,
    folded_text::FoldedText,
    free_text::FreeText,
    letter_map::{LetterMap, Run},
    place::Place,
    placement::{Fate, Pairing},
    rival::RivalSearch,
};
use pizhu_text::text::{SourceText, Span};
use std::ops::Range;
use std::sync::OnceLock;

/// Maximum number of chars of a text that is compared.
const MAX_CHARS: usize = 1_000_000;
/// Number of letters that are enough whatever the length of their passage.
const ENOUGH_LETTERS: usize = 6;
/// Number of letters of a phrase that may have come in place of the first letters of a heading.
const MAX_PHRASE: usize = 64;
/// Number of letters put in next to a passage that may be the same as those there.
const MAX_DOUBLED: usize = 8;

/// Where a passage went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// It is here.
    Found(Span),
    /// It was deleted.
    Gone,
    /// The comparison cannot decide; the likeliest place, if there is one.
    Undecided(Option<Span>),
}

/// A way of pairing the letters, with the old letters whose pairs are no chance.
#[derive(Debug)]
struct Way {
    map: LetterMap,
    supported: Vec<bool>,
}

/// The comparison of two texts.
///
/// ```
/// use pizhu_annotation::anchor::TextComparison;
/// use pizhu_text::text::SourceText;
///
/// let old = SourceText::from("今年要抓好人才工作，把短板补起来，把长板做得更长。");
/// let new = SourceText::from("同志们：今年要抓好人才工作，把短板补起来，把长板做得更长。");
/// let comparison = TextComparison::new(&old, &new).unwrap();
/// assert_eq!(comparison.nearest(3), Some(7), "抓好人才工作");
/// ```
#[derive(Debug)]
pub struct TextComparison {
    old: FoldedText,
    new: FoldedText,
    /// The first is the likeliest.
    ways: Vec<Way>,
    /// What of the new text is not from the old one.
    free: OnceLock<FreeText>,
    /// Parts of lines that are elsewhere in the new text: moved or copied.
    fragments: Vec<Run>,
}

impl TextComparison {
    /// Compares two texts. `None` if one is too long, or there are too many ways in which the old may
    /// have become the new: one of them repeats itself over and over.
    #[must_use]
    pub fn new(old: &SourceText, new: &SourceText) -> Option<Self> {
        let (old, new) = (FoldedText::new(old, MAX_CHARS)?, FoldedText::new(new, MAX_CHARS)?);
        let Alignment { maps, whole_lines, fragments } = Alignment::new(&old, &new);
        let maps = variants::variants(maps, &old, &new)?;
        let way = |map: LetterMap| Way { supported: support::supported(&map, &whole_lines), map };
        Some(Self { ways: maps.into_iter().map(way).collect(), old, new, free: OnceLock::new(), fragments })
    }

    fn pairings(&self) -> impl Iterator<Item = Pairing<'_>> {
        let fragments = &self.fragments;
        self.ways.iter().map(|way| Pairing { old: &self.old, new: &self.new, map: &way.map, supported: &way.supported, fragments })
    }

    /// Where the passage at `span` of the old text went.
    pub(super) fn place(&self, span: Span) -> Placement {
        let units = self.old.units_in(span);
        let letters = self.old.letters_in(&units);
        let fates: Vec<Fate> = self.pairings().map(|pairing| pairing.fate(&units)).collect();
        let mut union: Option<Range<usize>> = None;
        let (mut least, mut most) = (usize::MAX, 0);
        for fate in &fates {
            let kept = match fate {
                Fate::Kept { units, letters } => {
                    union = Some(union.map_or(units.clone(), |all| all.start.min(units.start)..all.end.max(units.end)));
                    *letters
                }
                Fate::Gone | Fate::Unclear => 0,
            };
            (least, most) = (least.min(kept), most.max(kept));
        }
        let proposed = || {
            let found = union.clone().and_then(|units| self.new.source_span(&units));
            found.or_else(|| self.rest_of(&letters)).or_else(|| self.fragment_of(&letters))
        };
        if fates.contains(&Fate::Unclear) {
            return Placement::Undecided(proposed());
        }
        let is_rest_of_lines = least == most && least > 0 && self.pairings().all(|pairing| pairing.is_rest_of_lines(&letters));
        // What is left is no more than chance or a shifted change leaves.
        let is_chance = (most == 0 && union.is_none())
            || (most <= 2 && 3 * most <= letters.len())
            || (least == 0 && most <= 3 && 2 * most <= letters.len());
        if is_chance && !is_rest_of_lines {
            let fragment = self.fragment_of(&letters);
            return fragment.map_or(Placement::Gone, |span| Placement::Undecided(Some(span)));
        }
        let is_island = || self.pairings().any(|pairing| pairing.is_island(&letters));
        if self.is_partly_elsewhere(&letters) || self.is_on_exchanged_line(&letters) || is_island() {
            return Placement::Undecided(proposed());
        }
        let is_enough = is_rest_of_lines || letters.is_empty() || 2 * least > letters.len() || least >= ENOUGH_LETTERS;
        let is_certain = |units: &Range<usize>| {
            is_enough
                && self.fits_all(units, &fates, &letters)
                && !self.has_rival(&letters)
                && !self.has_shifted_end(&letters)
                && !self.has_ambiguous_run(&letters)
        };
        let Some(units) = union.clone().filter(is_certain) else {
            return Placement::Undecided(proposed());
        };
        self.new.source_span(&self.with_doubled(units)).map_or(Placement::Gone, Placement::Found)
    }

    fn rival_search(&self) -> Option<RivalSearch<'_>> {
        self.pairings().next().map(|pairing| RivalSearch { pairing, free: &self.free })
    }

    fn has_rival(&self, own: &Range<usize>) -> bool {
        self.rival_search().is_some_and(|search| search.has_rival(own))
    }

    /// Whether `units` are right however the letters are paired: beyond what the passage has become
    /// they have only letters that were put in.
    fn fits_all(&self, units: &Range<usize>, fates: &[Fate], own: &Range<usize>) -> bool {
        let letters = self.new.letters_in(units);
        let is_own = |way: &Way, letter: usize| way.map.old_of(letter).is_none_or(|old| own.contains(&old));
        self.ways.iter().zip(fates).all(|(way, fate)| {
            let Fate::Kept { units: kept, .. } = fate else { return false };
            let inner = self.new.letters_in(kept);
            // Marks there may be those of the text around.
            (units.start..kept.start).chain(kept.end..units.end).all(|unit| self.new.is_letter(unit))
                && (letters.start..inner.start).chain(inner.end..letters.end).all(|letter| is_own(way, letter))
        })
    }

    /// `units` with what was put in next to its ends up to a letter that is the same as the one there: either may be the
    /// passage's.
    ///
    /// Example: the passage `组织建设` and the text `切实组织组织建设`.
    fn with_doubled(&self, units: Range<usize>) -> Range<usize> {
        let (letters, new) = (self.new.letters_in(&units), &self.new.letters);
        let is_put_in = |letter: usize| self.ways.iter().all(|way| way.map.old_of(letter).is_none());
        let is_next = |one: usize, other: usize| {
            let (one, other) = (self.new.unit_of(one), self.new.unit_of(other));
            one.abs_diff(other) == 1 && self.new.are_on_one_line(one, other)
        };
        let (mut start, mut end) = (letters.start, letters.end);
        if start < end && self.new.unit_of(start) == units.start {
            let put_in = (start.saturating_sub(MAX_DOUBLED)..start).rev().take_while(|at| is_put_in(*at) && is_next(*at, at + 1));
            start = put_in.filter(|at| new[*at] == new[start]).last().unwrap_or(start);
        }
        if start < end && self.new.unit_of(end - 1) + 1 == units.end {
            let put_in = (end..(end + MAX_DOUBLED).min(new.len())).take_while(|at| is_put_in(*at) && is_next(*at, at - 1));
            end = put_in.filter(|at| new[*at] == new[end - 1]).last().map_or(end, |last| last + 1);
        }
        let first = if start < letters.start { self.new.unit_of(start) } else { units.start };
        let last = if end > letters.end { self.new.unit_of(end - 1) + 1 } else { units.end };
        first..last
    }

    /// Whether an end of the passage may be one letter further: that one was put in, and the one between with it.
    ///
    /// Example: the passage `进一` before `步扩大`, and the text `进一步一切扩大`: `步` may have been put in, and that of the
    /// old text replaced.
    fn has_shifted_end(&self, own: &Range<usize>) -> bool {
        let letters = &self.new.letters;
        let is_shifted = |pairing: Pairing<'_>, edge: usize, outside: Option<usize>| {
            let (Some(place), Some(next)) = (pairing.place(edge), outside.and_then(|outside| pairing.place(outside))) else { return false };
            let beyond = if next > place { next.checked_add(1) } else { next.checked_sub(1) };
            next.abs_diff(place) == 1
                && beyond.is_some_and(|beyond| letters.get(beyond) == Some(&letters[place]) && pairing.map.old_of(beyond).is_none())
        };
        own.end > own.start
            && self.pairings().any(|pairing| {
                is_shifted(pairing, own.start, own.start.checked_sub(1))
                    || is_shifted(pairing, own.end - 1, Some(own.end))
                    || self.is_doubled_across(pairing, own.start, own.start)
                    || self.is_doubled_across(pairing, own.end - 1, own.end)
                    || self.is_doubled_beyond_mark(pairing, own)
            })
    }

    /// Whether letters at an end of the passage were put in once more next to it, with a mark between: either may be its own.
    ///
    /// Example: the passage `切实打造`, and the text `切实，切实打造`.
    fn is_doubled_beyond_mark(&self, pairing: Pairing<'_>, own: &Range<usize>) -> bool {
        const MIN_DOUBLED: usize = 2;
        let new = &self.new.letters;
        // Whether the letters on both sides of `cut` are the same, those at `put_in` were put in, and a mark is between.
        let is_doubled = |cut: usize, len: usize, put_in: Range<usize>| {
            let sides = cut.checked_sub(len).and_then(|start| new.get(start..cut)).zip(new.get(cut..cut + len));
            sides.is_some_and(|(one, other)| one == other)
                && self.new.unit_of(cut) - self.new.unit_of(cut - 1) > 1
                && put_in.into_iter().all(|letter| pairing.map.old_of(letter).is_none())
        };
        (MIN_DOUBLED..=MAX_DOUBLED.min(own.len())).any(|len| {
            pairing.place(own.start).is_some_and(|place| is_doubled(place, len, place.saturating_sub(len)..place))
                || pairing.place(own.end - 1).is_some_and(|last| is_doubled(last + 1, len, last + 1..last + 1 + len))
        })
    }

    /// Whether letters of both sides of an end of the passage, which is before the letter `end`, are there twice, one after the
    /// other or with a few put in between: either may be those that were there. `edge` is the passage's letter at the end.
    ///
    /// Example: the passage `实做到` after `切`, and the text `切实切实和到`; or `步凸显` after `进一`, and `进和一步进一步凸显`.
    fn is_doubled_across(&self, pairing: Pairing<'_>, edge: usize, end: usize) -> bool {
        let Some(place) = pairing.place(edge) else { return false };
        let cut = if edge < end { place + 1 } else { place };
        let new = &self.new.letters;
        let sides = (1..=MAX_DOUBLED / 2).flat_map(|before| (1..=MAX_DOUBLED / 2).map(move |after| (before, after)));
        sides.into_iter().any(|(before, after)| {
            let len = before + after;
            let (Some(start), Some(old_start)) = (cut.checked_sub(before), end.checked_sub(before)) else { return false };
            let Some(there) = new.get(start..start + len) else { return false };
            let is_put_in = |letter: usize| pairing.map.old_of(letter).is_none();
            let is_copy = |at: usize| new.get(at..at + len) == Some(there) && (at..at + len).any(is_put_in);
            let is_near_copy = |by: usize| {
                let (after, before) = (start + len + by, start.checked_sub(len + by));
                (is_copy(after) && (start + len..after).all(is_put_in))
                    || before.is_some_and(|before| is_copy(before) && (before + len..start).all(is_put_in))
            };
            self.old.letters.get(old_start..old_start + len) == Some(there) && (0..=MAX_DOUBLED / 2).any(is_near_copy)
        })
    }

    /// Whether a letter that is repeated across an end of the passage is there more or less often: which of them were the
    /// passage's is not certain.
    ///
    /// Example: the passage `备00` before `00号` and the text `备000号`.
    fn has_ambiguous_run(&self, own: &Range<usize>) -> bool {
        let is_other_run = |pairing: Pairing<'_>, edge: usize, outside: usize| {
            let (old, new) = (&self.old.letters, &self.new.letters);
            let Some(place) = pairing.place(edge).filter(|_| old.get(outside) == Some(&old[edge])) else { return false };
            run_around(old, edge) != run_around(new, place)
        };
        own.end > own.start
            && self.pairings().any(|pairing| {
                own.start.checked_sub(1).is_some_and(|outside| is_other_run(pairing, own.start, outside))
                    || is_other_run(pairing, own.end - 1, own.end)
            })
    }

    /// Whether the passage begins or ends on a line that stood twice, with another line before or after it now: it may be the
    /// other one.
    ///
    /// Example: of `标题`, `导语`, `标题`, `同志们`, the passage `题同志` is left in `标题`, `同志们`; 题 may be that of the first line.
    fn is_on_exchanged_line(&self, own: &Range<usize>) -> bool {
        let is_twice = |line: &Range<usize>| {
            let same = self.old.lines.iter().filter(|other| self.old.letters[other.start..other.end] == self.old.letters[line.clone()]);
            same.take(2).count() == 2
        };
        let is_one_gone = |line: &Range<usize>| {
            let line = &self.old.letters[line.clone()];
            let count = |letters: &[char]| letters.windows(line.len()).filter(|other| *other == line).count();
            count(&self.new.letters) < count(&self.old.letters)
        };
        let is_next = |pairing: Pairing<'_>, one: Option<usize>, other: usize| {
            let other = pairing.place(other);
            let one = one.map(|one| pairing.place(one));
            match (one, other) {
                (Some(one), Some(other)) => one.is_some_and(|one| one.abs_diff(other) == 1),
                // The text began or ended with the line.
                (None, Some(other)) => other == 0 || other + 1 == self.new.letters.len(),
                (_, None) => false,
            }
        };
        self.pairings().any(|pairing| {
            let mut kept = own.clone().filter(|letter| pairing.place(*letter).is_some());
            let Some(first) = kept.next() else { return false };
            let lines = [first, kept.next_back().unwrap_or(first)].map(|letter| self.old.line_of(letter));
            let [Some(from), Some(to)] = lines.map(|line| self.old.lines.get(line)) else { return false };
            let begins_elsewhere = || !is_next(pairing, from.start.checked_sub(1), from.start);
            let ends_elsewhere = || !is_next(pairing, Some(to.end).filter(|end| *end < self.old.letters.len()), to.end - 1);
            if from.start <= own.start && own.end <= from.end {
                return is_twice(from) && (begins_elsewhere() || ends_elsewhere());
            }
            (is_twice(from) && begins_elsewhere() && is_one_gone(from)) || (is_twice(to) && ends_elsewhere() && is_one_gone(to))
        })
    }

    /// Where those of these letters are that are left, if they are no chance and together.
    fn rest_of(&self, letters: &Range<usize>) -> Option<Span> {
        let (place, kept) = Place::new(self.pairings().next()?, letters)?;
        let range = place.new_range();
        let is_together = range.len() <= 2 * letters.len() + MAX_PHRASE;
        (is_together && (kept >= ENOUGH_LETTERS || 2 * kept > letters.len()))
            .then(|| self.new.source_span(&(self.new.unit_of(range.start)..self.new.unit_of(range.end - 1) + 1)))?
    }

    /// The offset in the new text of the letter at or after `offset` of the old one; if it is gone, of
    /// the nearest one that is left. `None` if nothing is.
    #[must_use]
    pub fn nearest(&self, offset: usize) -> Option<usize> {
        let start = self.old.letters_in(&self.old.units_in(Span::new(0, offset))).end;
        let pairing = self.pairings().next()?;
        let after = (start..self.old.letters.len()).find_map(|letter| Some((letter - start, pairing.place(letter)?)));
        let before = (0..start).rev().find_map(|letter| Some((start - letter, pairing.place(letter)?)));
        let (_, nearest) = match (before, after) {
            (Some(before), Some(after)) if before.0 < after.0 => before,
            (before, after) => after.or(before)?,
        };
        self.new.letter_offset(nearest)
    }
}

/// Number of equal letters that follow one another, with the one at `at`.
fn run_around(letters: &[char], at: usize) -> usize {
    let is_same = |letter: &&char| **letter == letters[at];
    letters[..at].iter().rev().take_while(is_same).count() + letters[at..].iter().take_while(is_same).count()
}
