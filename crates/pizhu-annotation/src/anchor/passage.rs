//! Anchors a passage in a changed text.
//!
//! Only evidence that cannot be chance makes an anchor certain: the full context on both sides; or
//! a string (quote plus context) that was unique when the passage was marked and still is; or
//! context on both sides with something similar between. A fuzzy score alone is never enough,
//! because these texts repeat their formulas.
//!
//! All lengths are in significant chars (letters and digits) unless noted.

use super::{
    boundaries::{ContextMatch, classify, extend_to_boundaries, is_visible, surroundings_match},
    claims::Wanted,
    normalized_text::{NormalizedText, SignificantChars},
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
pub(super) const MAX_OCCURRENCES: usize = 4096;
/// Length of the context used as a search probe, and the least.
const PROBE_CHARS: usize = 10;
const MIN_PROBE: usize = 6;
/// Context length, both sides together, that counts as full.
const MIN_FULL_CONTEXT: usize = 24;

/// Maximum number of occurrences whose marks are compared.
const MAX_MARK_COMPARISONS: usize = 64;
/// Context by which a window must lead those that overlap it.
const MIN_LEAD: usize = 8;
/// Letters that may have been put in between the quote and its context.
pub(super) const MAX_INSERTED: usize = 48;
/// Maximum number of windows compared with the quote.
const MAX_WINDOWS: usize = 256;

/// Minimum context on each side of a text that is only similar to the quote.
const MIN_ENCLOSING_CONTEXT: usize = 14;

/// An occurrence of the quote, with the context that agrees before and after it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occurrence {
    pub(super) at: usize,
    pub(super) left: usize,
    pub(super) right: usize,
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
pub(super) struct ContextWindow {
    pub(super) start: usize,
    pub(super) end: usize,
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
    pub(super) document: &'a Document,
    pub(super) normalized: &'a NormalizedText,
    pub(super) selector: &'a Selector,
    pub(super) quote: SignificantChars,
    pub(super) before: SignificantChars,
    pub(super) after: SignificantChars,
    work: &'a WorkBudget,
    pub(super) comparisons: ComparisonBudget<'a>,
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
                self.complete_quote(occurrence, window)
            }
            (Some(occurrence), Some(_)) => self.review(occurrence.at, occurrence.at + self.quote.len()),
            // The exact words occur elsewhere with context, so the window may hold a copy.
            (None, Some(window))
                if occurrences
                    .iter()
                    .any(|occurrence| self.is_claim(*occurrence) && !(window.start..window.end).contains(&occurrence.at)) =>
            {
                self.review(window.start, window.end)
            }
            (None, Some(window)) => match occurrences.iter().find(|occurrence| self.shares_edge_with(window, occurrence)) {
                // The quote is complete, and something was inserted next to it.
                Some(occurrence) if !self.has_ambiguous_edge(*occurrence) => self.complete_quote(*occurrence, window),
                Some(_) => self.review(window.start, window.end),
                None => self.edited_quote(window),
            },
            (None, None) => self.propose(&occurrences, &context_windows),
        }
    }

    /// The place of a quote that is complete within a window. If its marks are not next to it, something was put in before
    /// them, and the window has both.
    ///
    /// Example: the quote `第一，` before `建一所`, and the text `第一要，建一所`.
    fn complete_quote(&self, occurrence: Occurrence, window: ContextWindow) -> Resolution {
        let found = self.unrivalled_occurrence(occurrence);
        let is_within = occurrence.at >= window.start && occurrence.at + self.quote.len() <= window.end;
        let is_hardly_longer = window.end - window.start <= self.quote.len() + MIN_LEAD;
        if found.span.is_none() && is_within && is_hardly_longer { self.edited_quote(window) } else { found }
    }

    /// The place of a quote that was edited: what is between its contexts.
    fn edited_quote(&self, window: ContextWindow) -> Resolution {
        if self.has_ambiguous_deletion(window)
            || self.has_context_inside(window)
            || self.has_other_run(window)
            || self.has_other_line(window)
            || self.has_other_line_around(&(window.start..window.end), window.left, window.right)
            || self.has_thin_end(window)
            || self.has_marked_end(window)
            || self.has_rival(window.start, window.end)
        {
            return self.review(window.start, window.end);
        }
        let found = self.certain(window.start, window.end, ContextMatch { before: window.left, after: window.right, same: false });
        // A quote with nothing before it began with the first mark of the text.
        match found.span {
            Some(span) if window.start == 0 && self.begins_with_context() => {
                let first = self.document.source.chars_from(0).find(|(_, c)| is_visible(*c)).map_or(span.start, |(at, _)| at);
                let span = Span::new(first.min(span.start), span.end);
                Resolution::found(classify(self.document, self.selector, span), span)
            }
            _ => found,
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
        let is_rival = |occurrence: &Occurrence| occurrence.at != best.at && self.is_claim(*occurrence);
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
        reaches(self.selector.unique_before, left) && reaches(self.selector.unique_after, right)
    }

    /// Whether an occurrence may be that of the passage, or a copy of it: one side agrees too far for chance, or was once
    /// in the text that it was marked in.
    fn is_claim(&self, occurrence: Occurrence) -> bool {
        const MIN_STRING: usize = 8;
        let is_unique = |least: Option<u8>, context: usize| reaches(least, context) && context + self.quote.len() >= MIN_STRING;
        occurrence.is_witnessed()
            || is_unique(self.selector.unique_before, occurrence.left)
            || is_unique(self.selector.unique_after, occurrence.right)
    }

    fn shares_edge_with(&self, window: ContextWindow, occurrence: &Occurrence) -> bool {
        let end = occurrence.at + self.quote.len();
        (occurrence.at == window.start && end <= window.end) || (end == window.end && occurrence.at >= window.start)
    }

    /// All windows between context and context, however little of the context agrees.
    fn context_windows(&self) -> ContextWindows {
        let chars = &self.normalized.chars;
        let (before, after) = (self.before.last(PROBE_CHARS), self.after.first(PROBE_CHARS));
        // A short context is enough where the text began or ended with it, and does so still.
        let is_enough = |side: &SignificantChars| side.len() >= MIN_PROBE;
        if !(is_enough(&before) || self.begins_with_context()) || !(is_enough(&after) || self.ends_with_context()) {
            return ContextWindows::default();
        }
        let all = 0..chars.len();
        let ends: Vec<usize> = if is_enough(&before) {
            chars.find(&before, all.clone(), MAX_OCCURRENCES).into_iter().map(|at| at + before.len()).collect()
        } else {
            vec![self.before.len()]
        };
        let starts = if is_enough(&after) { chars.find(&after, all, MAX_OCCURRENCES) } else { vec![chars.len() - self.after.len()] };
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

    /// Whether the text began with the context before, and does so still.
    fn begins_with_context(&self) -> bool {
        !is_full_context(&self.selector.before) && self.normalized.chars.slice(0..self.before.len()) == self.before
    }

    /// Whether the text ended with the context after, and does so still.
    fn ends_with_context(&self) -> bool {
        let len = self.normalized.chars.len();
        !is_full_context(&self.selector.after)
            && len >= self.after.len()
            && self.normalized.chars.slice(len - self.after.len()..len) == self.after
    }

    /// The only window similar to the quote. With two, one is a copy and the choice is ambiguous, unless they overlap and
    /// one has the whole context.
    fn unique_window(&self, context_windows: &[ContextWindow]) -> Option<ContextWindow> {
        let fitting = || context_windows.iter().filter(|window| window.end > window.start && window.score >= 0.5);
        let best = *fitting().max_by_key(|window| window.context())?;
        let is_whole = best.left == self.before.len() && best.right == self.after.len();
        let is_less = |window: &ContextWindow| {
            let overlaps = window.start < best.end && best.start < window.end;
            is_whole && overlaps && window.score < best.score && window.context() + MIN_LEAD <= best.context()
        };
        let is_same = |window: &ContextWindow| (window.start, window.end) == (best.start, best.end);
        if !fitting().all(|window| is_same(window) || is_less(window)) {
            return None;
        }
        let least = MIN_ENCLOSING_CONTEXT.min(self.before.len()).min(self.after.len()).max(PROBE_CHARS);
        // All that was there is enough where the text began or ended with it, and does so still.
        let begins = best.start == self.before.len() && self.begins_with_context();
        let ends = best.end + self.after.len() == self.normalized.chars.len() && self.ends_with_context();
        let is_enclosed = (best.left >= least || begins) && (best.right >= least || ends);
        // Similar words with so much context may have been there before, elsewhere.
        let is_unique = self.is_unique_with(best.left, best.right);
        (best.score >= 0.6 && is_unique && is_enclosed && best.context() >= MIN_FULL_CONTEXT).then_some(best)
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

/// Whether so much context is there that makes a passage unique in its text.
fn reaches(least: Option<u8>, there: usize) -> bool {
    least.is_some_and(|least| there >= usize::from(least))
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
