//! What is left of a passage of several lines after whole lines of it were deleted, by its selector alone.
//!
//! Example: of the quote `抓好人才。⏎补短板` with `，再接再厉` after it, the line `补短板，再接再厉` is left. It is certain if the
//! rest stands where a line begins or ends, with all of the context on its other side, once in the text, and if there
//! is no trace of the lines that are gone.
//!
//! All lengths are in significant chars (letters and digits).

use super::{
    normalized_text::{NormalizedText, SignificantChars},
    rivals::pairs_together,
    work_budget::ComparisonBudget,
};
use crate::selector::Selector;
use pizhu_text::document::Document;
use std::ops::Range;

/// Length of the rest with its context that is no chance.
const MIN_LENGTH: usize = 28;
/// Length of the context alone.
const MIN_CONTEXT: usize = 24;
/// Length of the rest alone.
const MIN_REST: usize = 2;
/// Length of a line that is not what is left of a longer one.
const MIN_LINE: usize = 5;
/// Letters that two stretches may have in common by chance, and the share of the shorter one.
const CHANCE: usize = 3;
const CHANCE_SHARE: usize = 6;
/// Letters beside the rest that are compared, beyond the length of what is gone.
const SLACK: usize = 16;

/// The rest of a passage: where it is, and which of its ends is that of the quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RestOfLines {
    /// Its letters.
    pub(super) place: Range<usize>,
    /// Whether its beginning is gone; else its end.
    pub(super) is_end: bool,
}

/// A search for the rest of a quote.
pub(super) struct RestSearch<'a> {
    pub(super) document: &'a Document,
    pub(super) text: &'a NormalizedText,
    pub(super) selector: &'a Selector,
    pub(super) before: &'a SignificantChars,
    pub(super) after: &'a SignificantChars,
    pub(super) budget: &'a ComparisonBudget<'a>,
}

impl RestSearch<'_> {
    /// The only rest that is certain.
    pub(super) fn find(&self, quote: &str) -> Option<RestOfLines> {
        let lines: Vec<SignificantChars> = quote.split('\n').map(SignificantChars::from_text).filter(|line| !line.is_empty()).collect();
        let joined = |lines: &[SignificantChars]| lines.iter().fold(SignificantChars::default(), |all, line| all.concat(line));
        let mut found = (1..lines.len()).flat_map(|cut| {
            let (first, second) = (joined(&lines[..cut]), joined(&lines[cut..]));
            let (last, next) = (&lines[cut - 1], &lines[cut]);
            // A line that is there twice may be the other one.
            let is_told = |line: &SignificantChars, beyond: SignificantChars| beyond.find(line, 0..beyond.len(), 1).is_empty();
            let end = is_told(next, self.before.concat(&first)).then(|| self.find_end(&first, &second)).flatten();
            let beginning = is_told(last, second.concat(self.after)).then(|| self.find_beginning(&first, &second)).flatten();
            [end, beginning]
        });
        let longest = found.by_ref().flatten().collect::<Vec<_>>();
        // The first of each end is the longest one of the end, the last of each beginning likewise: one of both is certain.
        let end = longest.iter().find(|rest| rest.is_end).cloned();
        let beginning = longest.iter().rev().find(|rest| !rest.is_end).cloned();
        match (end, beginning) {
            (Some(one), None) | (None, Some(one)) => Some(one),
            _ => None,
        }
    }

    /// The end of the quote, if its beginning is gone.
    fn find_end(&self, gone: &SignificantChars, rest: &SignificantChars) -> Option<RestOfLines> {
        let at = self.only_place(&rest.concat(self.after), rest.len(), self.after.len())?;
        let place = at..at + rest.len();
        // The line that the passage began in is gone as a whole.
        let line = SignificantChars::from_text(self.selector.before.rsplit('\n').next().unwrap_or_default()).concat(gone);
        let beside = at.saturating_sub(line.len() + SLACK)..at;
        let is_certain = self.is_line_end(at.checked_sub(1), Some(at))
            && at.checked_sub(1).is_none_or(|last| self.line_of(last).is_some_and(|len| len >= MIN_LINE))
            && (at == 0 || self.text.chars.slice(at - 1..at) != gone.last(1))
            && self.has_no_trace(&line, beside, &place);
        is_certain.then_some(RestOfLines { place, is_end: true })
    }

    /// The beginning of the quote, if its end is gone.
    fn find_beginning(&self, rest: &SignificantChars, gone: &SignificantChars) -> Option<RestOfLines> {
        let at = self.only_place(&self.before.concat(rest), rest.len(), self.before.len())? + self.before.len();
        let place = at..at + rest.len();
        let line = gone.concat(&SignificantChars::from_text(self.selector.after.split('\n').next().unwrap_or_default()));
        let next = Some(place.end).filter(|next| *next < self.text.chars.len());
        let beside = place.end..(place.end + line.len() + SLACK).min(self.text.chars.len());
        let is_certain = self.is_line_end(Some(place.end - 1), next)
            && next.is_none_or(|next| self.line_of(next).is_some_and(|len| len >= MIN_LINE))
            && next.is_none_or(|next| self.text.chars.slice(next..next + 1) != gone.first(1))
            && self.has_no_trace(&line, beside, &place);
        is_certain.then_some(RestOfLines { place, is_end: false })
    }

    /// Where a rest and its context are, if they are there once and are long enough.
    fn only_place(&self, wanted: &SignificantChars, rest: usize, context: usize) -> Option<usize> {
        if rest < MIN_REST || context < MIN_CONTEXT || wanted.len() < MIN_LENGTH {
            return None;
        }
        match self.text.chars.find(wanted, 0..self.text.chars.len(), 2)[..] {
            [at] => Some(at),
            _ => None,
        }
    }

    /// Whether a line ends between two letters; the text ends where there is none.
    fn is_line_end(&self, last: Option<usize>, next: Option<usize>) -> bool {
        let (Some(last), Some(next)) = (last, next) else { return true };
        let (Some(last), Some(next)) = (self.text.source_span(last, last + 1), self.text.source_span(next, next + 1)) else { return false };
        self.document.source.chars_from(last.end).take_while(|(at, _)| *at < next.start).any(|(_, c)| c == '\n')
    }

    /// Number of letters of the line of a letter.
    fn line_of(&self, letter: usize) -> Option<usize> {
        let at = self.text.source_span(letter, letter + 1)?.start;
        let line = self.document.source.line_span(self.document.source.char_to_line(at));
        Some(self.text.index_of(line.end) - self.text.index_of(line.start))
    }

    /// Whether the lines that are gone have left nothing, neither beside the rest nor elsewhere.
    fn has_no_trace(&self, gone: &SignificantChars, beside: Range<usize>, rest: &Range<usize>) -> bool {
        let gone = gone.to_chars();
        let chance = CHANCE.max(gone.len() / CHANCE_SHARE);
        let beside = self.text.chars.slice(beside).to_chars();
        if !self.budget.spend(gone.len() * beside.len() + self.text.index_work()) {
            return false;
        }
        // One of several lines may have stayed: then its letters follow one another.
        let shared = pairs_together(&gone, &beside);
        let follows = |one: &(usize, usize), other: &(usize, usize)| one.0 + 1 == other.0 && one.1 + 1 == other.1;
        if shared.len() > chance || shared.chunk_by(follows).any(|run| run.len() > CHANCE) {
            return false;
        }
        let (letters, index) = self.text.indexed();
        !index.similar_stretches(&gone, letters, rest).into_iter().any(|stretch| {
            if !self.budget.spend(gone.len() * stretch.len()) {
                return true;
            }
            3 * pairs_together(&gone, &letters[stretch]).len() > gone.len()
        })
    }
}
