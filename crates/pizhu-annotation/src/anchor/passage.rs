//! The place of a passage in a text that has changed.
//!
//! What decides is evidence that cannot be chance: all the context on both sides; or a string
//! (context and quote) that was the only one of its kind when the passage was marked and is so
//! still; or the context on both sides with something similar between. The score of a fuzzy match
//! alone is never enough: in these texts, formulas repeat.

use super::{
    Anchored,
    edges::{Around, name_of, same_marks, with_edges},
    similarity::similarity,
    skeleton::{Letters, Skeleton},
};
use crate::selector::Selector;
use crate::selector::is_whole_context;
use pizhu_text::document::Document;
use pizhu_text::text::Span;

/// Letters around the old place that are searched first.
const NEAR: usize = 20_000;
/// Occurrences looked at.
const LIMIT: usize = 4096;
/// Letters of context by which a place is looked for.
const KEY: usize = 10;
/// Letters of context, of both sides together, that count as all there is.
const FULL: usize = 24;

/// Letters of context that have to agree on each side of something that is only like the quote.
const ENCLOSING: usize = 14;

/// An occurrence of the quote.
#[derive(Debug, Clone, Copy)]
struct Place {
    at: usize,
    left: usize,
    right: usize,
}

impl Place {
    fn context(self) -> usize {
        self.left + self.right
    }

    /// Whether one side of the context is there so far that it is no chance.
    fn is_witnessed(self) -> bool {
        self.left.max(self.right) >= KEY
    }
}

/// A stretch between the context before and the context behind.
#[derive(Debug, Clone, Copy)]
struct Window {
    start: usize,
    end: usize,
    context: usize,
    /// The side that agrees less.
    weaker: usize,
    likeness: f64,
}

/// One passage being looked for.
pub(super) struct Search<'a> {
    document: &'a Document,
    skeleton: &'a Skeleton,
    selector: &'a Selector,
    quote: Letters,
    before: Letters,
    after: Letters,
}

impl<'a> Search<'a> {
    /// Looks for `quote`, which is the selector's as the skeleton was made: cleaned or as it is.
    pub(super) fn new(document: &'a Document, skeleton: &'a Skeleton, selector: &'a Selector, quote: &str) -> Self {
        Self {
            document,
            skeleton,
            selector,
            quote: Letters::of(quote),
            before: Letters::of(&selector.before),
            after: Letters::of(&selector.after),
        }
    }

    /// Where the passage is.
    pub(super) fn run(&self) -> Anchored {
        if self.quote.is_empty() {
            return self.marks_only();
        }
        let old = self.skeleton.index_of(self.selector.start);
        let nearest =
            |places: &[Place]| places.iter().filter(|place| self.is_full(**place)).min_by_key(|place| place.at.abs_diff(old)).copied();
        if let Some(place) = nearest(&self.places(old.saturating_sub(NEAR)..old + NEAR)) {
            return self.certain_place(place);
        }
        let places = self.places(0..self.skeleton.letters.len());
        if let Some(place) = nearest(&places) {
            return self.certain_place(place);
        }
        let windows = self.windows();
        // Where the context before runs straight into the context behind, the passage was deleted;
        // what is left there may look like it by chance.
        let joint = |place: &Place| {
            windows.iter().any(|w| w.start == w.end && w.context >= 2 * KEY && (place.at..=place.at + self.quote.len()).contains(&w.start))
        };
        let distinct = self.distinct(&places).filter(|place| !joint(place));
        match (distinct, self.enclosed(&windows)) {
            (Some(place), None) => self.certain_place(place),
            (Some(place), Some(window)) if (window.start..window.end).contains(&place.at) => self.certain_place(place),
            (Some(place), Some(_)) => self.review(place.at, place.at + self.quote.len()),
            // The words themselves stand elsewhere with their context: this may be the copy.
            (None, Some(window)) if places.iter().any(|place| place.is_witnessed() && !(window.start..window.end).contains(&place.at)) => {
                self.review(window.start, window.end)
            }
            (None, Some(window)) => match places.iter().find(|place| self.is_at_end_of(window, place) && !self.is_shifted(**place)) {
                // All of it is there, and something was put in beside it.
                Some(place) => self.certain_place(*place),
                None if self.is_sliding(window) => self.review(window.start, window.end),
                None => self.certain(window.start, window.end, Around { before: true, after: true, same: false }),
            },
            (None, None) => self.doubtful(&places, &windows),
        }
    }

    /// The occurrences of the quote in a range of the skeleton.
    fn places(&self, range: std::ops::Range<usize>) -> Vec<Place> {
        let letters = &self.skeleton.letters;
        let mut found = letters.find(&self.quote, range.clone(), LIMIT);
        if found.len() == LIMIT {
            // Too common by itself: where a part of the context stands with it.
            let (before, after) = (self.before.last(KEY), self.after.first(KEY));
            found = letters.find(&before.with(&self.quote), range.clone(), LIMIT).into_iter().map(|at| at + before.len()).collect();
            found.extend(letters.find(&self.quote.with(&after), range, LIMIT));
            found.sort_unstable();
            found.dedup();
        }
        found
            .into_iter()
            .map(|at| Place {
                at,
                left: letters.agree_before(at, &self.before),
                right: letters.agree_after(at + self.quote.len(), &self.after),
            })
            .collect()
    }

    /// Whether all the context is there. At the text's ends there is less of it, and the end has
    /// to be there, too.
    fn is_full(&self, place: Place) -> bool {
        let whole = is_whole_context;
        let left = place.left == self.before.len() && (whole(&self.selector.before) || place.at == place.left);
        let end = place.at + self.quote.len() + place.right;
        let right = place.right == self.after.len() && (whole(&self.selector.after) || end == self.skeleton.letters.len());
        left && right && place.context() >= FULL.min(self.skeleton.letters.len() / 2) && self.has_same_marks(place)
    }

    /// Whether the context is there with its marks, whatever their width.
    fn has_same_marks(&self, place: Place) -> bool {
        let Some(core) = self.skeleton.source_span(place.at, place.at + self.quote.len()) else { return false };
        same_marks(self.document, self.selector, core)
    }

    /// The one place that holds a string which was the only one of its kind: the quote by itself,
    /// or with the context on each side. (With the context of one side alone it may have come
    /// about by a deletion.)
    fn distinct(&self, places: &[Place]) -> Option<Place> {
        let reaches = |least: Option<u8>, there: usize| least.is_some_and(|least| there >= usize::from(least));
        let fits = |place: &&Place| reaches(self.selector.lead, place.left) && reaches(self.selector.trail, place.right);
        let mut fitting = places.iter().filter(fits);
        let (best, None) = (*fitting.next()?, fitting.next()) else { return None };
        // A copy with much of the context: which of the two is meant, nobody knows.
        let rival = |place: &Place| place.at != best.at && place.is_witnessed();
        if places.iter().any(rival) || self.is_shifted(best) {
            return None;
        }
        let quote = self.quote.len();
        let alone = quote >= 5 && self.selector.lead == Some(0);
        let witnessed = best.context() >= 6 && quote + best.context() >= 12 && (quote >= 5 || best.left.min(best.right) >= 3);
        (alone || witnessed).then_some(best)
    }

    /// Whether a letter at one end, doubled there or in the context, may be the wrong one of two.
    fn is_shifted(&self, place: Place) -> bool {
        let letters = &self.skeleton.letters;
        let (start, end) = (place.at, place.at + self.quote.len());
        let (first, last) = (self.quote.first(1), self.quote.last(1));
        let before = place.left == 0 && (self.before.last(1) == first || (start > 0 && letters.slice(start - 1..start) == first));
        let after = place.right == 0 && (self.after.first(1) == last || letters.slice(end..end + 1) == last);
        before || after
    }

    /// Whether an end of the quote is gone in such a way that the letter beside the window may as
    /// well be the quote's: what was cut out began as what follows it begins.
    fn is_sliding(&self, window: Window) -> bool {
        const TOLD_BY: usize = 3;
        let (quote, inside) = (&self.quote, self.skeleton.letters.slice(window.start..window.end));
        let (first, last) = (inside.first(TOLD_BY), inside.last(TOLD_BY));
        let everywhere = || 0..quote.len();
        let behind = last != quote.last(TOLD_BY)
            && quote.find(&last, everywhere(), LIMIT).into_iter().map(|at| at + last.len()).any(|at| {
                let next = quote.slice(at..(at + 1).min(quote.len()));
                !next.is_empty() && next == self.after.first(1)
            });
        let before = first != quote.first(TOLD_BY)
            && quote
                .find(&first, everywhere(), LIMIT)
                .into_iter()
                .filter_map(|at| at.checked_sub(1))
                .any(|at| quote.slice(at..at + 1) == self.before.last(1));
        behind || before
    }

    fn is_at_end_of(&self, window: Window, place: &Place) -> bool {
        let end = place.at + self.quote.len();
        (place.at == window.start && end <= window.end) || (end == window.end && place.at >= window.start)
    }

    /// Stretches between context and context, however little of it agrees.
    fn windows(&self) -> Vec<Window> {
        let letters = &self.skeleton.letters;
        let (before, after) = (self.before.last(KEY), self.after.first(KEY));
        if before.len() < KEY.min(6) || after.len() < KEY.min(6) {
            return Vec::new();
        }
        let all = 0..letters.len();
        let ends: Vec<usize> = letters.find(&before, all.clone(), LIMIT).into_iter().map(|at| at + before.len()).collect();
        let starts = letters.find(&after, all, LIMIT);
        let longest = self.quote.len() * 3 / 2 + 12;
        let mut windows = Vec::new();
        for start in ends {
            let first = starts.partition_point(|end| *end < start);
            for &end in starts[first..].iter().take_while(|end| **end - start <= longest) {
                let (left, right) = (letters.agree_before(start, &self.before), letters.agree_after(end, &self.after));
                let likeness = similarity(&self.quote, &letters.slice(start..end));
                windows.push(Window { start, end, context: left + right, weaker: left.min(right), likeness });
            }
        }
        windows
    }

    /// The one stretch between the contexts that is like the quote. Where there are two, one is a
    /// copy, and which is meant nobody knows.
    fn enclosed(&self, windows: &[Window]) -> Option<Window> {
        let mut fitting = windows.iter().filter(|window| window.end > window.start && window.likeness >= 0.5);
        let (best, None) = (*fitting.next()?, fitting.next()) else { return None };
        let least = ENCLOSING.min(self.before.len()).min(self.after.len()).max(KEY);
        (best.likeness >= 0.6 && best.weaker >= least && best.context >= FULL).then_some(best)
    }

    /// Nothing is certain: what may be it is proposed.
    fn doubtful(&self, places: &[Place], windows: &[Window]) -> Anchored {
        // The text before now runs straight into the text behind: it was deleted.
        if windows.iter().any(|window| window.start == window.end && window.context >= 2 * KEY) {
            return Anchored::orphaned();
        }
        if let Some(best) = places.iter().max_by_key(|place| place.context())
            && (best.context() >= 4 || self.quote.len() >= 13)
        {
            return self.review(best.at, best.at + self.quote.len());
        }
        let like = windows.iter().filter(|window| window.end > window.start && window.likeness >= 0.3);
        if let Some(best) = like.max_by(|a, b| a.likeness.total_cmp(&b.likeness)) {
            return self.review(best.start, best.end);
        }
        self.similar().map_or_else(Anchored::orphaned, |(start, end)| self.review(start, end))
    }

    /// A stretch that is like the quote, wherever it is.
    fn similar(&self) -> Option<(usize, usize)> {
        const PIECE: usize = 8;
        const PIECES: usize = 6;
        let (letters, quote) = (&self.skeleton.letters, self.quote.len());
        if quote < PIECE {
            return None;
        }
        let step = ((quote - PIECE) / (PIECES - 1)).max(1);
        let mut best: Option<(f64, usize)> = None;
        for from in (0..=quote - PIECE).step_by(step) {
            for at in letters.find(&self.quote.slice(from..from + PIECE), 0..letters.len(), 16) {
                let start = at.saturating_sub(from);
                let likeness = similarity(&self.quote, &letters.slice(start..start + quote));
                if likeness >= 0.6 && best.is_none_or(|(most, _)| likeness > most) {
                    best = Some((likeness, start));
                }
            }
        }
        best.map(|(_, start)| (start, (start + quote).min(letters.len())))
    }

    /// A quote of marks or spaces alone: between its contexts, or not at all.
    fn marks_only(&self) -> Anchored {
        let both = self.before.with(&self.after);
        let found = self.skeleton.letters.find(&both, 0..self.skeleton.letters.len(), 2);
        if let [at] = found[..]
            && both.len() >= FULL
            && !self.before.is_empty()
            && !self.after.is_empty()
        {
            let joint = at + self.before.len();
            let (Some(left), Some(right)) = (self.skeleton.source_span(joint - 1, joint), self.skeleton.source_span(joint, joint + 1))
            else {
                return Anchored::orphaned();
            };
            let between = self.document.quote(Span::new(left.end, right.start));
            if let Some(byte) = between.find(&self.selector.quote)
                && between.matches(&self.selector.quote).count() == 1
            {
                let start = left.end + between[..byte].chars().count();
                let span = Span::new(start, start + self.selector.quote.chars().count());
                return Anchored::at(name_of(self.document, self.selector, span), span);
            }
        }
        Anchored::orphaned()
    }

    fn certain_place(&self, place: Place) -> Anchored {
        let around = Around { before: place.left > 0, after: place.right > 0, same: true };
        self.certain(place.at, place.at + self.quote.len(), around)
    }

    fn certain(&self, start: usize, end: usize, around: Around) -> Anchored {
        let Some(core) = self.skeleton.source_span(start, end) else { return Anchored::orphaned() };
        match with_edges(self.document, self.selector, core, around) {
            Some(span) => Anchored::at(name_of(self.document, self.selector, span), span),
            None => Anchored::review(core),
        }
    }

    fn review(&self, start: usize, end: usize) -> Anchored {
        self.skeleton.source_span(start, end).map_or_else(Anchored::orphaned, Anchored::review)
    }
}

/// How much context (letters before, letters behind) makes a passage the only one of its kind.
pub(super) fn least_context(skeleton: &Skeleton, selector: &Selector, limit: usize) -> (Option<u8>, Option<u8>) {
    let letters = &skeleton.letters;
    let quote = Letters::of(&selector.quote);
    let (before, after) = (Letters::of(&selector.before), Letters::of(&selector.after));
    let own = skeleton.index_of(selector.start);
    let places = letters.find(&quote, 0..letters.len(), limit);
    if places.len() == limit || quote.is_empty() {
        return (None, None);
    }
    let others = || places.iter().filter(|at| **at != own);
    let least = |agree: Option<usize>, all: usize| match agree {
        None => Some(0),
        Some(agree) if agree < all => u8::try_from(agree + 1).ok(),
        Some(_) => None,
    };
    let lead = least(others().map(|at| letters.agree_before(*at, &before)).max(), before.len());
    let trail = least(others().map(|at| letters.agree_after(at + quote.len(), &after)).max(), after.len());
    (lead, trail)
}
