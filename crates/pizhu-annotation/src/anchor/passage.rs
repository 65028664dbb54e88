//! Anchors a passage in a changed text.
//!
//! Only evidence that cannot be chance makes an anchor certain: the full context on both sides; or
//! a string (quote plus context) that was unique when the passage was marked and still is; or
//! context on both sides with something similar between. A fuzzy score alone is never enough,
//! because these texts repeat their formulas.
//!
//! All lengths are in significant chars (letters and digits) unless noted.

use super::{
    boundaries::{ContextMatch, classify, extend_to_boundaries, surroundings_match},
    claims::Wanted,
    normalized_text::{NormalizedText, SignificantChars},
    pairs::pairs,
    resolution::Resolution,
    similarity::similarity_within,
    work_budget::{ComparisonBudget, WorkBudget},
};
use crate::selector::Selector;
use crate::selector::is_full_context;
use pizhu_text::document::Document;
use pizhu_text::text::Span;

/// Distance from the old position that is searched first.
const NEARBY_CHARS: usize = 20_000;
/// Maximum number of occurrences examined.
const MAX_OCCURRENCES: usize = 4096;
/// Length of the context used as a search probe.
const PROBE_CHARS: usize = 10;
/// Context length, both sides together, that counts as full.
const MIN_FULL_CONTEXT: usize = 24;

/// Letters of the quote that may be gone between two that are compared at its end.
const QUOTE_SLACK: usize = 3;
/// Maximum number of occurrences whose marks are compared.
const MAX_MARK_COMPARISONS: usize = 64;
/// Maximum number of windows compared with the quote.
const MAX_WINDOWS: usize = 256;

/// Minimum context on each side of a text that is only similar to the quote.
const MIN_ENCLOSING_CONTEXT: usize = 14;

/// An occurrence of the quote, with the context that agrees before and after it.
#[derive(Debug, Clone, Copy)]
struct Occurrence {
    at: usize,
    left: usize,
    right: usize,
}

impl Occurrence {
    fn context(self) -> usize {
        self.left + self.right
    }

    /// Whether one side agrees far enough to rule out chance.
    fn is_witnessed(self) -> bool {
        self.left.max(self.right) >= PROBE_CHARS
    }
}

/// The text between an occurrence of the context before and one of the context after.
#[derive(Debug, Clone, Copy)]
struct ContextWindow {
    start: usize,
    end: usize,
    /// The context that agrees before and after it.
    left: usize,
    right: usize,
    score: f64,
}

impl ContextWindow {
    fn context(self) -> usize {
        self.left + self.right
    }
}

/// The windows of a passage.
#[derive(Debug, Default)]
struct ContextWindows {
    list: Vec<ContextWindow>,
    /// Whether there are more than can be compared: then none of them is certain.
    is_incomplete: bool,
}

/// A search for one passage.
pub(super) struct PassageSearch<'a> {
    document: &'a Document,
    normalized: &'a NormalizedText,
    selector: &'a Selector,
    quote: SignificantChars,
    before: SignificantChars,
    after: SignificantChars,
    work: &'a WorkBudget,
    comparisons: ComparisonBudget<'a>,
}

impl<'a> PassageSearch<'a> {
    /// Prepares a search for `quote`: the selector's raw or cleaned quote, matching how
    /// `normalized` was made.
    pub(super) fn new(
        document: &'a Document,
        normalized: &'a NormalizedText,
        selector: &'a Selector,
        quote: &str,
        work: &'a WorkBudget,
    ) -> Self {
        Self {
            document,
            normalized,
            selector,
            quote: SignificantChars::from_text(quote),
            before: SignificantChars::from_text(&selector.before),
            after: SignificantChars::from_text(&selector.after),
            work,
            comparisons: work.for_annotation(),
        }
    }

    /// Runs the search.
    pub(super) fn run(&self) -> Resolution {
        if self.quote.is_empty() {
            return self.find_marks_only();
        }
        let old = self.normalized.index_of(self.selector.start);
        if self.work.is_spent() {
            return self.review_old_place(old);
        }
        let nearest_full = |occurrences: &[Occurrence]| {
            let mut full: Vec<Occurrence> = occurrences.iter().filter(|occurrence| self.has_full_context(**occurrence)).copied().collect();
            full.sort_by_key(|occurrence| occurrence.at.abs_diff(old));
            full.into_iter().take(MAX_MARK_COMPARISONS).find(|occurrence| self.has_same_marks(*occurrence))
        };
        if let Some(occurrence) = nearest_full(&self.occurrences(old.saturating_sub(NEARBY_CHARS)..old + NEARBY_CHARS)) {
            return self.certain_occurrence(occurrence);
        }
        let occurrences = self.occurrences(0..self.normalized.chars.len());
        if let Some(occurrence) = nearest_full(&occurrences) {
            return self.certain_occurrence(occurrence);
        }
        let ContextWindows { list: context_windows, is_incomplete } = self.context_windows();
        if is_incomplete || self.work.is_spent() {
            return self.propose(&occurrences, &context_windows);
        }
        // If the context before now adjoins the context after, the passage was deleted; a similar
        // text there is chance.
        let is_deletion_point = |occurrence: &Occurrence| {
            context_windows.iter().any(|w| {
                w.start == w.end && w.context() >= 2 * PROBE_CHARS && (occurrence.at..=occurrence.at + self.quote.len()).contains(&w.start)
            })
        };
        let unique = self.unique_occurrence(&occurrences).filter(|occurrence| !is_deletion_point(occurrence));
        match (unique, self.unique_window(&context_windows)) {
            (Some(occurrence), None) => self.unrivalled_occurrence(occurrence),
            (Some(occurrence), Some(window)) if (window.start..window.end).contains(&occurrence.at) => {
                self.unrivalled_occurrence(occurrence)
            }
            (Some(occurrence), Some(_)) => self.review(occurrence.at, occurrence.at + self.quote.len()),
            // The exact words occur elsewhere with context, so the window may hold a copy.
            (None, Some(window))
                if occurrences
                    .iter()
                    .any(|occurrence| occurrence.is_witnessed() && !(window.start..window.end).contains(&occurrence.at)) =>
            {
                self.review(window.start, window.end)
            }
            (None, Some(window)) => match occurrences
                .iter()
                .find(|occurrence| self.shares_edge_with(window, occurrence) && !self.has_ambiguous_edge(**occurrence))
            {
                // The quote is complete, and something was inserted next to it.
                Some(occurrence) => self.unrivalled_occurrence(*occurrence),
                None if self.has_ambiguous_deletion(window) || self.has_context_inside(window) => self.review(window.start, window.end),
                None if self.has_rival(window.start, window.end) => self.review(window.start, window.end),
                None => {
                    let weaker = window.left.min(window.right);
                    self.certain(window.start, window.end, ContextMatch { before: weaker, after: weaker, same: false })
                }
            },
            (None, None) => self.propose(&occurrences, &context_windows),
        }
    }

    /// The occurrences of the quote in `range` of the normalized text.
    fn occurrences(&self, range: std::ops::Range<usize>) -> Vec<Occurrence> {
        let chars = &self.normalized.chars;
        let mut found = chars.find(&self.quote, range.clone(), MAX_OCCURRENCES);
        if found.len() == MAX_OCCURRENCES {
            // Too frequent on its own: search with part of the context.
            let (before, after) = (self.before.last(PROBE_CHARS), self.after.first(PROBE_CHARS));
            found =
                chars.find(&before.concat(&self.quote), range.clone(), MAX_OCCURRENCES).into_iter().map(|at| at + before.len()).collect();
            found.extend(chars.find(&self.quote.concat(&after), range, MAX_OCCURRENCES));
            found.sort_unstable();
            found.dedup();
        }
        self.work.examine(found.len());
        found
            .into_iter()
            .map(|at| Occurrence {
                at,
                left: chars.agree_before(at, &self.before),
                right: chars.agree_after(at + self.quote.len(), &self.after),
            })
            .collect()
    }

    /// Whether the letters of the full context are present. A context cut short by the text's start or end must
    /// still be at that start or end.
    fn has_full_context(&self, occurrence: Occurrence) -> bool {
        let whole = is_full_context;
        let left = occurrence.left == self.before.len() && (whole(&self.selector.before) || occurrence.at == occurrence.left);
        let end = occurrence.at + self.quote.len() + occurrence.right;
        let right = occurrence.right == self.after.len() && (whole(&self.selector.after) || end == self.normalized.chars.len());
        left && right && occurrence.context() >= MIN_FULL_CONTEXT.min(self.normalized.chars.len() / 2)
    }

    /// Whether the context has the same marks, ignoring width.
    fn has_same_marks(&self, occurrence: Occurrence) -> bool {
        let Some(core) = self.normalized.source_span(occurrence.at, occurrence.at + self.quote.len()) else { return false };
        surroundings_match(self.document, self.selector, core)
    }

    /// The only occurrence of a string that was unique when marked: the quote alone, or with
    /// context on both sides. (Quote plus one-sided context may also arise by a deletion.)
    fn unique_occurrence(&self, occurrences: &[Occurrence]) -> Option<Occurrence> {
        let fits = |occurrence: &&Occurrence| self.is_unique_with(occurrence.left, occurrence.right);
        let mut fitting = occurrences.iter().filter(fits);
        let (best, None) = (*fitting.next()?, fitting.next()) else { return None };
        // A copy with much of the context: ambiguous.
        let is_rival = |occurrence: &Occurrence| occurrence.at != best.at && occurrence.is_witnessed();
        if occurrences.iter().any(is_rival) || self.has_ambiguous_edge(best) {
            return None;
        }
        let quote = self.quote.len();
        let alone = quote >= 5 && self.selector.unique_before == Some(0);
        let witnessed = best.context() >= 6 && quote + best.context() >= 12 && (quote >= 5 || best.left.min(best.right) >= 3);
        (alone || witnessed).then_some(best)
    }

    /// Whether the quote with so much context was once in the text that it was marked in.
    fn is_unique_with(&self, left: usize, right: usize) -> bool {
        let reaches = |least: Option<u8>, there: usize| least.is_some_and(|least| there >= usize::from(least));
        reaches(self.selector.unique_before, left) && reaches(self.selector.unique_after, right)
    }

    /// Whether a doubled char at one end makes the boundary ambiguous.
    fn has_ambiguous_edge(&self, occurrence: Occurrence) -> bool {
        let chars = &self.normalized.chars;
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        let (first, last) = (self.quote.first(1), self.quote.last(1));
        let before = occurrence.left == 0 && (self.before.last(1) == first || (start > 0 && chars.slice(start - 1..start) == first));
        let after = occurrence.right == 0 && (self.after.first(1) == last || chars.slice(end..end + 1) == last);
        before
            || after
            || self.has_doubled_end(occurrence)
            || self.has_ambiguous_line(occurrence)
            || self.has_ambiguous_run(occurrence)
            || self.has_ambiguous_insertion(occurrence)
    }

    /// Whether the text next to the quote repeats its end where the context did not: either of the two may be the one put in.
    ///
    /// Example: the quote `扩大党的组织` before `和工作`, and the text `扩大党的组织组织和工作`.
    fn has_doubled_end(&self, occurrence: Occurrence) -> bool {
        const MAX_DOUBLED: usize = 8;
        let chars = &self.normalized.chars;
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        (2..=MAX_DOUBLED.min(self.quote.len())).any(|len| {
            (occurrence.right < len && chars.slice(end..end + len) == self.quote.last(len))
                || (occurrence.left < len && start >= len && chars.slice(start - len..start) == self.quote.first(len))
        })
    }

    /// Whether the quote goes a few letters into a line, and little of the context on that side agrees: many lines begin
    /// alike, and another may have come in its place.
    ///
    /// Example: the quote `基层基础；⏎要` before `坚持痕迹化`, and the line `要坚持数据化`.
    fn has_ambiguous_line(&self, occurrence: Occurrence) -> bool {
        const MAX_ALIKE: usize = 6;
        let beyond_line = |letters: &str, agreement: usize, context: usize| {
            let len = SignificantChars::from_text(letters).len();
            (1..=MAX_ALIKE).contains(&len) && len + agreement <= MAX_ALIKE && agreement < context
        };
        let quote = &self.selector.quote;
        let first = quote.split_once('\n').map(|(first, _)| first);
        let last = quote.rsplit_once('\n').map(|(_, last)| last);
        first.is_some_and(|first| beyond_line(first, occurrence.left, self.before.len()))
            || last.is_some_and(|last| beyond_line(last, occurrence.right, self.after.len()))
    }

    /// Whether a char that is repeated across an end of the quote is there more or less often: which of them
    /// were the quote's is not certain.
    ///
    /// Example: the quote `备0` before `00号` and the text `备00号`.
    fn has_ambiguous_run(&self, occurrence: Occurrence) -> bool {
        fn run<'c>(chars: impl Iterator<Item = &'c [u8]>, of: &SignificantChars) -> usize {
            chars.take_while(|c| of.iter().next() == Some(c)).count()
        }
        let chars = &self.normalized.chars;
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        let (first, last) = (self.quote.first(1), self.quote.last(1));
        let ahead = run(self.before.iter().rev(), &first);
        let behind = run(self.after.iter(), &last);
        (ahead > 0 && run(chars.slice(start.saturating_sub(self.before.len())..start).iter().rev(), &first) != ahead)
            || (behind > 0 && run(chars.slice(end..end + self.after.len()).iter(), &last) != behind)
    }

    /// Whether text put in between the quote and its context ends like the quote: either end may be the quote's.
    ///
    /// Example: the quote `没有办成的`, before `也请你`, and the text `没有办成的工作的也请你`.
    fn has_ambiguous_insertion(&self, occurrence: Occurrence) -> bool {
        const MAX_INSERTED: usize = 48;
        const RESUMED: usize = 4;
        let chars = &self.normalized.chars;
        let (start, end) = (occurrence.at, occurrence.at + self.quote.len());
        let behind = || {
            let resumed = chars.find(&self.after.first(RESUMED), end..end + MAX_INSERTED, 1);
            resumed.first().is_some_and(|at| *at > end && chars.slice(at - 1..*at) == self.quote.last(1))
        };
        let ahead = || {
            let resumed = chars.find(&self.before.last(RESUMED), start.saturating_sub(MAX_INSERTED)..start, MAX_INSERTED);
            resumed
                .last()
                .map(|at| at + self.before.last(RESUMED).len())
                .is_some_and(|at| at < start && chars.slice(at..at + 1) == self.quote.first(1))
        };
        (occurrence.right < RESUMED && behind()) || (occurrence.left < RESUMED && ahead())
    }

    /// Whether an end of the quote was deleted such that the char next to the window could also
    /// belong to the quote: the deleted part began like the text after it.
    fn has_ambiguous_deletion(&self, window: ContextWindow) -> bool {
        const EDGE_CHARS: usize = 3;
        let (quote, inside) = (&self.quote, self.normalized.chars.slice(window.start..window.end));
        let (first, last) = (inside.first(EDGE_CHARS), inside.last(EDGE_CHARS));
        let everywhere = || 0..quote.len();
        let behind = last != quote.last(EDGE_CHARS)
            && quote.find(&last, everywhere(), MAX_OCCURRENCES).into_iter().map(|at| at + last.len()).any(|at| {
                let next = quote.slice(at..(at + 1).min(quote.len()));
                !next.is_empty() && next == self.after.first(1)
            });
        let before = first != quote.first(EDGE_CHARS)
            && quote
                .find(&first, everywhere(), MAX_OCCURRENCES)
                .into_iter()
                .filter_map(|at| at.checked_sub(1))
                .any(|at| quote.slice(at..at + 1) == self.before.last(1));
        behind || before
    }

    /// Whether a window has the letter of the context next to it more often near that end than the quote: what was put in may be
    /// beyond that letter, and the window go too far. Not if letters of the quote follow it: these stand before the context.
    ///
    /// Example: the quote `党建没`, before `有捷径`, and the text `党建没有没有捷径`.
    fn has_context_inside(&self, window: ContextWindow) -> bool {
        const NEAR: usize = 8;
        let inside = self.normalized.chars.slice(window.start..window.end).to_chars();
        let quote = self.quote.to_chars();
        let reversed = |letters: &[char]| letters.iter().rev().copied().collect::<Vec<char>>();
        let (before, after) = (self.before.last(1).to_chars(), self.after.first(1).to_chars());
        // Both ends alike: from the end to the inside.
        let is_beyond = |inside: &[char], quote: &[char], next: Option<&char>| {
            let Some(next) = next else { return false };
            let (near, own) = (&inside[..inside.len().min(NEAR)], &quote[..quote.len().min(NEAR)]);
            let count = |letters: &[char]| letters.iter().filter(|letter| *letter == next).count();
            count(near) > count(own)
                && near.iter().enumerate().filter(|(_, letter)| *letter == next).any(|(at, _)| {
                    let kept = pairs(&quote[..quote.len().min(at + QUOTE_SLACK)], &inside[..at]).len();
                    kept < 2 || 3 * kept < 2 * at
                })
        };
        is_beyond(&reversed(&inside), &reversed(&quote), after.first()) || is_beyond(&inside, &quote, before.first())
    }

    fn shares_edge_with(&self, window: ContextWindow, occurrence: &Occurrence) -> bool {
        let end = occurrence.at + self.quote.len();
        (occurrence.at == window.start && end <= window.end) || (end == window.end && occurrence.at >= window.start)
    }

    /// All windows between context and context, however little of the context agrees.
    fn context_windows(&self) -> ContextWindows {
        let chars = &self.normalized.chars;
        let (before, after) = (self.before.last(PROBE_CHARS), self.after.first(PROBE_CHARS));
        if before.len() < PROBE_CHARS.min(6) || after.len() < PROBE_CHARS.min(6) {
            return ContextWindows::default();
        }
        let all = 0..chars.len();
        let ends: Vec<usize> = chars.find(&before, all.clone(), MAX_OCCURRENCES).into_iter().map(|at| at + before.len()).collect();
        let starts = chars.find(&after, all, MAX_OCCURRENCES);
        let longest = self.quote.len() * 3 / 2 + 12;
        self.work.examine(ends.len() + starts.len());
        let mut windows = ContextWindows::default();
        let mut compared = 0;
        for start in ends {
            let first = starts.partition_point(|end| *end < start);
            for &end in starts[first..].iter().take_while(|end| **end - start <= longest) {
                let score = if start == end {
                    Some(0.0)
                } else if compared < MAX_WINDOWS {
                    compared += 1;
                    similarity_within(&self.quote, &chars.slice(start..end), &self.comparisons)
                } else {
                    None
                };
                let Some(score) = score else {
                    windows.is_incomplete = true;
                    break;
                };
                let (left, right) = (chars.agree_before(start, &self.before), chars.agree_after(end, &self.after));
                windows.list.push(ContextWindow { start, end, left, right, score });
            }
        }
        windows
    }

    /// The only window similar to the quote. With two, one is a copy and the choice is ambiguous.
    fn unique_window(&self, context_windows: &[ContextWindow]) -> Option<ContextWindow> {
        let mut fitting = context_windows.iter().filter(|window| window.end > window.start && window.score >= 0.5);
        let (best, None) = (*fitting.next()?, fitting.next()) else { return None };
        let least = MIN_ENCLOSING_CONTEXT.min(self.before.len()).min(self.after.len()).max(PROBE_CHARS);
        // Similar words with so much context may have been there before, elsewhere.
        let is_unique = self.is_unique_with(best.left, best.right);
        (best.score >= 0.6 && is_unique && best.left.min(best.right) >= least && best.context() >= MIN_FULL_CONTEXT).then_some(best)
    }

    /// Proposes the likeliest place if none is certain.
    fn propose(&self, occurrences: &[Occurrence], context_windows: &[ContextWindow]) -> Resolution {
        // The context before adjoins the context after: the passage was deleted.
        if context_windows.iter().any(|window| window.start == window.end && window.context() >= 2 * PROBE_CHARS) {
            return Resolution::orphaned();
        }
        if let Some(best) = occurrences.iter().max_by_key(|occurrence| occurrence.context())
            && (best.context() >= 4 || self.quote.len() >= 13)
        {
            return self.review(best.at, best.at + self.quote.len());
        }
        let like = context_windows.iter().filter(|window| window.end > window.start && window.score >= 0.3);
        if let Some(best) = like.max_by(|a, b| a.score.total_cmp(&b.score)) {
            return self.review(best.start, best.end);
        }
        self.most_similar().map_or_else(Resolution::orphaned, |(start, end)| self.review(start, end))
    }

    /// The span most similar to the quote, found anywhere by shared shingles.
    fn most_similar(&self) -> Option<(usize, usize)> {
        const SHINGLE_CHARS: usize = 8;
        const MAX_SHINGLES: usize = 6;
        let (chars, quote) = (&self.normalized.chars, self.quote.len());
        if quote < SHINGLE_CHARS {
            return None;
        }
        let step = ((quote - SHINGLE_CHARS) / (MAX_SHINGLES - 1)).max(1);
        let mut best: Option<(f64, usize)> = None;
        for from in (0..=quote - SHINGLE_CHARS).step_by(step) {
            for at in chars.find(&self.quote.slice(from..from + SHINGLE_CHARS), 0..chars.len(), 16) {
                let start = at.saturating_sub(from);
                let Some(score) = similarity_within(&self.quote, &chars.slice(start..start + quote), &self.comparisons) else { break };
                if score >= 0.6 && best.is_none_or(|(highest, _)| score > highest) {
                    best = Some((score, start));
                }
            }
        }
        best.map(|(_, start)| (start, (start + quote).min(chars.len())))
    }

    /// Anchors a quote of punctuation or spaces only: between its contexts, or not at all.
    fn find_marks_only(&self) -> Resolution {
        let both = self.before.concat(&self.after);
        let found = self.normalized.chars.find(&both, 0..self.normalized.chars.len(), 2);
        if let [at] = found[..]
            && both.len() >= MIN_FULL_CONTEXT
            && !self.before.is_empty()
            && !self.after.is_empty()
        {
            let joint = at + self.before.len();
            let (Some(left), Some(right)) = (self.normalized.source_span(joint - 1, joint), self.normalized.source_span(joint, joint + 1))
            else {
                return Resolution::orphaned();
            };
            let between = self.document.quote(Span::new(left.end, right.start));
            if let Some(byte) = between.find(&self.selector.quote)
                && between.matches(&self.selector.quote).count() == 1
            {
                let start = left.end + between[..byte].chars().count();
                let span = Span::new(start, start + self.selector.quote.chars().count());
                return Resolution::found(classify(self.document, self.selector, span), span);
            }
        }
        Resolution::orphaned()
    }

    fn certain_occurrence(&self, occurrence: Occurrence) -> Resolution {
        let context_match = ContextMatch { before: occurrence.left, after: occurrence.right, same: true };
        self.certain(occurrence.at, occurrence.at + self.quote.len(), context_match)
    }

    /// The occurrence, if no other place may be the quote's.
    fn unrivalled_occurrence(&self, occurrence: Occurrence) -> Resolution {
        let end = occurrence.at + self.quote.len();
        if self.has_rival(occurrence.at, end) { self.review(occurrence.at, end) } else { self.certain_occurrence(occurrence) }
    }

    fn has_rival(&self, start: usize, end: usize) -> bool {
        let wanted = Wanted { before: &self.before, quote: &self.quote, after: &self.after };
        wanted.has_rival(self.normalized, start..end, &self.comparisons)
    }

    fn certain(&self, start: usize, end: usize, context_match: ContextMatch) -> Resolution {
        let Some(core) = self.normalized.source_span(start, end) else { return Resolution::orphaned() };
        match extend_to_boundaries(self.document, self.selector, core, context_match) {
            Some(span) => Resolution::found(classify(self.document, self.selector, span), span),
            None => Resolution::review(core),
        }
    }

    /// Proposes the old place, or what is there now: too much work was done to search for it.
    fn review_old_place(&self, old: usize) -> Resolution {
        let end = (old + self.quote.len()).min(self.normalized.chars.len());
        self.review(end.saturating_sub(self.quote.len()), end)
    }

    fn review(&self, start: usize, end: usize) -> Resolution {
        self.normalized.source_span(start, end).map_or_else(Resolution::orphaned, Resolution::review)
    }
}

/// The minimum context before and after that makes a passage unique in the text.
pub(super) fn min_unique_context(normalized: &NormalizedText, selector: &Selector, limit: usize) -> (Option<u8>, Option<u8>) {
    let chars = &normalized.chars;
    let quote = SignificantChars::from_text(&selector.quote);
    let (before, after) = (SignificantChars::from_text(&selector.before), SignificantChars::from_text(&selector.after));
    let own = normalized.index_of(selector.start);
    let occurrences = chars.find(&quote, 0..chars.len(), limit);
    if occurrences.len() == limit || quote.is_empty() {
        return (None, None);
    }
    let others = || occurrences.iter().filter(|at| **at != own);
    let least = |agree: Option<usize>, all: usize| match agree {
        None => Some(0),
        Some(agree) if agree < all => u8::try_from(agree + 1).ok(),
        Some(_) => None,
    };
    let lead = least(others().map(|at| chars.agree_before(*at, &before)).max(), before.len());
    let trail = least(others().map(|at| chars.agree_after(at + quote.len(), &after)).max(), after.len());
    (lead, trail)
}
