//! A bound on the work of anchoring.
//!
//! In a text that repeats itself, every passage occurs thousands of times, and comparing all of them
//! would take minutes. Work is counted; if it is used up, the rest goes to review, never to a guess.

use std::cell::Cell;

/// Work of one document in cells of a comparison: less than a second.
const MAX_WORK: usize = 200_000_000;
/// Work that the drawing thread may do at a time: some milliseconds.
const MAX_BRIEF_WORK: usize = 1_000_000;
/// Work of one annotation's comparisons.
const MAX_COMPARISONS: usize = 8_000_000;
/// Work of examining an occurrence with its context.
const OCCURRENCE_WORK: usize = 100;

/// The work left for the annotations of a document. A unit is one cell of a comparison (a char of
/// one text against a char of the other).
#[derive(Debug)]
pub(super) struct WorkBudget {
    left: Cell<usize>,
    /// Work that was done, also beyond the budget.
    done: Cell<usize>,
}

impl Default for WorkBudget {
    fn default() -> Self {
        Self::of(MAX_WORK)
    }
}

impl WorkBudget {
    fn of(work: usize) -> Self {
        Self { left: Cell::new(work), done: Cell::new(0) }
    }

    /// The budget of the drawing thread.
    pub(super) fn brief() -> Self {
        Self::of(MAX_BRIEF_WORK)
    }

    /// Takes `work` units; `false` if fewer are left, and then none are.
    fn spend(&self, work: usize) -> bool {
        let left = self.left.get().checked_sub(work);
        self.left.set(left.unwrap_or(0));
        if left.is_some() {
            self.add_done(work);
        }
        left.is_some()
    }

    fn add_done(&self, work: usize) {
        self.done.set(self.done.get().saturating_add(work));
    }

    /// Takes the work of examining occurrences.
    pub(super) fn examine(&self, occurrences: usize) {
        let work = occurrences.saturating_mul(OCCURRENCE_WORK);
        if !self.spend(work) {
            self.add_done(work);
        }
    }

    /// Whether nothing is left.
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// The units of work that was done.
    #[cfg(test)]
    pub(super) fn done(&self) -> usize {
        self.done.get()
    }

    /// The units left.
    #[cfg(test)]
    pub(super) fn left(&self) -> usize {
        self.left.get()
    }

    /// The work of one annotation's comparisons.
    pub(super) fn for_annotation(&self) -> ComparisonBudget<'_> {
        ComparisonBudget { all: self, left: Cell::new(MAX_COMPARISONS) }
    }
}

/// The work left for the comparisons of one annotation.
#[derive(Debug)]
pub(super) struct ComparisonBudget<'a> {
    all: &'a WorkBudget,
    left: Cell<usize>,
}

impl ComparisonBudget<'_> {
    /// Takes `work` units; `false` if fewer are left.
    pub(super) fn spend(&self, work: usize) -> bool {
        let Some(left) = self.left.get().checked_sub(work) else { return false };
        self.left.set(left);
        self.all.spend(work)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AnchorStatus, Resolver};
    use crate::{Annotation, Scope, Selector};
    use pizhu_text::document::Document;
    use pizhu_text::text::{SourceText, Span};

    fn document(text: &str) -> Document {
        Document { is_final: true, ..Document::from(SourceText::from(text)) }
    }

    /// 200 annotations in 320 KB of repeating text took 16 seconds: each occurrence of the context
    /// before was compared with each of the context after.
    #[test]
    fn repeating_text_is_anchored_within_the_budget_and_never_wrongly() {
        const SENTENCE: &str = "要抓好人才工作，把短板补起来。";
        let sentence = SENTENCE.chars().count();
        let old = document(&SENTENCE.repeat(7_000));
        // One mark in the middle makes every char before it the same and every char after it moved; at
        // the passages, the words are changed.
        let changed = SENTENCE.replace("人才", "干部");
        let text: String = (0..7_000).map(|n| if n % 7 == 3 { changed.as_str() } else { SENTENCE }).collect();
        let new = document(&format!("又及：{text}"));
        let resolver = Resolver::new(&new);
        for n in 0..200 {
            let start = (7 * (3 * n + 1) + 3) * sentence;
            let length = [4, 12, 300, 1500][n % 4];
            let span = Span::new(start, start + length);
            let quote = old.quote(span);
            let selector = Selector {
                before: old.quote(Span::new(start - 33, start)),
                after: old.quote(Span::new(span.end, span.end + 33)),
                start,
                end: span.end,
                quote: quote.clone(),
                ..Selector::default()
            };
            let found = resolver.resolve(&Annotation::new(Scope::Passage, selector, "甲"));
            match found.status {
                AnchorStatus::Exact | AnchorStatus::Moved => assert_eq!(found.span.map(|span| new.quote(span)), Some(quote), "{n}"),
                AnchorStatus::Changed => panic!("{n}: which of the copies is not certain"),
                AnchorStatus::Review | AnchorStatus::Orphaned => {}
            }
        }
        // Beyond the budget no more than the occurrences of one annotation are examined.
        let done = resolver.work().done();
        assert!(done <= super::MAX_WORK + super::MAX_WORK / 100, "{done} units of work");
    }

    /// Two hundred annotations restored at once held the keys for seconds.
    #[test]
    fn brief_work_finds_what_has_moved_and_leaves_repeating_text_to_review() {
        let text = "各位同志：今年要抓好人才工作，把短板补起来，把长板做得更长。";
        let (old, new) = (document(text), document(&format!("开场白。{text}")));
        let selector = Selector::for_passage(&old, Span::new(8, 14)).unwrap();
        let found = Resolver::brief(&new).resolve(&Annotation::new(Scope::Passage, selector, "甲"));
        assert_eq!((found.status, found.span), (AnchorStatus::Moved, Some(Span::new(12, 18))));
        let (sentence, changed) = ("要抓好人才工作，把短板补起来。", "要抓好干部工作，把短板补起来。");
        let old = document(&sentence.repeat(7_000));
        let text: String = (0..7_000).map(|n| if n % 7 == 3 { changed } else { sentence }).collect();
        let new = document(&format!("又及：{text}"));
        let resolver = Resolver::brief(&new);
        for n in 0..200 {
            let start = (21 * n + 10) * sentence.chars().count();
            let selector = Selector::for_passage(&old, Span::new(start, start + 1500)).unwrap();
            let found = resolver.resolve(&Annotation::new(Scope::Passage, selector, "甲"));
            assert_eq!(found.span, None, "{n}: {found:?}");
        }
        assert_eq!(resolver.work().left(), 0, "the rest costs nothing");
    }

    #[test]
    fn spent_work_leads_to_review_at_the_old_place() {
        let text = "各位同志：今年要抓好人才工作，把短板补起来，把长板做得更长。";
        let old = document(text);
        let selector = Selector::for_passage(&old, Span::new(8, 14)).unwrap();
        let annotation = Annotation::new(Scope::Passage, selector, "甲");
        let new = document(&format!("开场白。{text}"));
        let resolver = Resolver::new(&new);
        assert_eq!(resolver.resolve(&annotation).status, AnchorStatus::Moved);
        assert!(resolver.work().left() < super::MAX_WORK, "the search is counted");
        resolver.work().spend(usize::MAX);
        let found = resolver.resolve(&annotation);
        assert_eq!((found.status, found.span), (AnchorStatus::Review, None));
        assert!(found.proposed.is_some());
        assert_eq!(Resolver::new(&old).resolve(&annotation).status, AnchorStatus::Exact);
    }
}
