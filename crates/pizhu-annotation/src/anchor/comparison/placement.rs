//! Where a passage went, by one way of pairing the letters.

use super::super::rivals::pairs_together;
use super::{
    folded_text::FoldedText,
    letter_map::{LetterMap, Run},
};
use std::ops::Range;

/// Maximum number of letters looked at for the limits of a change.
pub(super) const MAX_CHANGE: usize = 64;
/// Number of letters at an end of a passage whose marks are compared together with those around it.
const EDGE_LETTERS: usize = 3;
/// Number of letters that follow one another in both texts and are no chance, however few of them are a passage's.
const MIN_FIRM_RUN: usize = 12;

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
        if !covered.clone().all(is_own)
            || self.goes_on(before.clone(), Outward::ToFront)
            || self.goes_on(after.clone(), Outward::ToBack)
            || self.has_words_around(&letters, before, after)
        {
            return Fate::Unclear;
        }
        if self.has_letter_beyond(&letters, &covered) {
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

    /// Whether a letter that may be one of the passage is next to what is taken for it, beyond what was put in on the same line:
    /// one that comes from it by chance, or one like its outermost, which is gone.
    ///
    /// Example: of `离不开【玉带】！`, in `离不开玉，这一点十分重要。带！`.
    fn has_letter_beyond(&self, own: &Range<usize>, covered: &Range<usize>) -> bool {
        let is_like = |letter: usize, edge: usize| self.place(edge).is_none() && self.new.letters[letter] == self.old.letters[edge];
        let is_own = |letter: usize, edge: usize| self.map.old_of(letter).map_or_else(|| is_like(letter, edge), |old| own.contains(&old));
        let is_free = |letter: &usize| self.origin(*letter).is_none_or(|old| own.contains(&old));
        let is_on_line = |edge: usize, letter: usize| self.new.are_on_one_line(self.new.unit_of(edge), self.new.unit_of(letter));
        let before = (0..covered.start).rev().take(MAX_CHANGE).take_while(|letter| is_on_line(covered.start, *letter));
        let after = (covered.end..self.new.letters.len()).take(MAX_CHANGE).take_while(|letter| is_on_line(covered.end - 1, *letter));
        before.take_while(is_free).any(|letter| is_own(letter, own.start))
            || after.take_while(is_free).any(|letter| is_own(letter, own.end - 1))
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
    pub(super) fn neighbour(&self, edge: usize, end: usize, outward: Outward) -> Option<(usize, usize)> {
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
}

#[cfg(test)]
mod tests {
    use crate::anchor::test_help::{AFTER, BEFORE, OTHER, words_found};

    #[test]
    fn a_passage_does_not_take_a_letter_of_its_context_with_the_mark_before_it() {
        let quote = "一步要向乡村延伸，让最偏远的果园也能听到最好的课。有几位守岛的同志来信说，信号不好，要断七八回";
        let old = format!("{BEFORE}，夜校现在已经有1640门课程、学员5.2万人，下{quote}。{AFTER}");
        let new = old.replace("程、学员5.2万人，下一步要向乡村延伸，让最偏远的果园也能听到最好", "，切实，下");
        let found = words_found(&old, quote, &new);
        assert!(found.as_ref().is_none_or(|words| words.starts_with("的课。")), "{found:?}");
    }

    #[test]
    fn a_passage_is_asked_about_when_its_last_letter_is_beyond_a_phrase_put_in() {
        let old = format!("{BEFORE}，让天下英才看得见玉带、来得了玉带、离不开玉带！\n上一篇：{AFTER}\n");
        let new = format!(
            "{BEFORE}，让天下英才看得见玉带、来得了玉带、离不开玉同志们，这一点十分重要，必须引起高度重视，做到早谋划、早落实。带！\n"
        );
        let quote = "、来得了玉带、离不开玉带";
        let found = words_found(&old, quote, &new);
        assert!(found.as_ref().is_none_or(|words| words.ends_with('带')), "{found:?}");
    }

    #[test]
    fn a_passage_takes_no_words_of_the_next_line_that_end_like_it() {
        let moved = format!("看护职责，四是要挑选苗木，{OTHER}。");
        let old = format!("{BEFORE}。要在三个村子种出新果园，以灌溉为重点的山坡水田上种出新果园，{AFTER}\n{moved}\n");
        let new = old.replace(&format!("{moved}\n"), "").replace("为重点的山坡", &format!("为重点的\n产业升级的{moved}\n山坡"));
        assert_eq!(words_found(&old, "新果园，以灌溉为重点的", &new).as_deref(), Some("新果园，以灌溉为重点的"));
    }
}
