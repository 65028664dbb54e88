//! The resolver: chooses the search for each annotation, and keeps the normalized texts of its
//! document.

use super::{
    compared,
    normalized_text::{NormalizedText, SignificantChars},
    passage::PassageSearch,
    past_text::{PastTexts, is_made_from},
    resolution::{AnchorStatus, Resolution},
    section::{self, Headings},
    work_budget::WorkBudget,
};
use crate::model::{Annotation, Scope};
use crate::selector::Selector;
use pizhu_text::document::Document;
use pizhu_text::document::Section;
use pizhu_text::document::SectionId;
use pizhu_text::text::RemovedKind;
use pizhu_text::text::Span;
use std::cell::OnceCell;

/// Anchors annotations in one document. An annotation whose text has not moved costs a few
/// comparisons; the first one that has moved costs a pass over the whole text, which is then kept.
///
/// ```
/// use pizhu_annotation::{Annotation, Scope, Selector};
/// use pizhu_annotation::anchor::{AnchorStatus, Resolver};
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::{SourceText, Span};
///
/// let old = parse(SourceText::from("各位同志：\n今年要抓好人才工作，把短板补起来。\n"), &Hints::default());
/// let selector = Selector::for_passage(&old, Span::new(9, 15)).unwrap();
/// assert_eq!(selector.quote, "抓好人才工作");
/// let annotation = Annotation::new(Scope::Passage, selector, "甲");
///
/// let new = parse(SourceText::from("开场白。\n各位同志：\n今年要抓好人才工作，把短板补起来。\n"), &Hints::default());
/// let found = Resolver::new(&new).resolve(&annotation);
/// assert_eq!(found.status, AnchorStatus::Moved);
/// assert_eq!(new.quote(found.span.unwrap()), "抓好人才工作");
/// ```
#[derive(Debug)]
pub struct Resolver<'a> {
    document: &'a Document,
    source: OnceCell<NormalizedText>,
    cleaned: OnceCell<NormalizedText>,
    headings: OnceCell<Headings>,
    work: WorkBudget,
    past: PastTexts,
}

impl<'a> Resolver<'a> {
    /// Creates a resolver for `document`.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        Self::with_past(document, PastTexts::default())
    }

    /// Creates a resolver for `document` that knows former versions of its text.
    #[must_use]
    pub fn with_past(document: &'a Document, past: PastTexts) -> Self {
        Self { document, source: OnceCell::new(), cleaned: OnceCell::new(), headings: OnceCell::new(), work: WorkBudget::default(), past }
    }

    /// Creates a resolver for the drawing thread: it soon gives up, and what it has not found by then
    /// goes to review until the saving thread has searched for it.
    #[must_use]
    pub fn brief(document: &'a Document) -> Self {
        Self { work: WorkBudget::brief(), ..Self::new(document) }
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// The work left.
    #[cfg(test)]
    pub(super) fn work(&self) -> &WorkBudget {
        &self.work
    }

    fn cleaned(&self) -> &NormalizedText {
        self.cleaned.get_or_init(|| NormalizedText::from_cleaned(self.document))
    }

    /// Searches the raw text first, then the text without page marks and glosses: such marks may
    /// have been added, removed or moved since.
    fn passage(&self, selector: &Selector) -> Resolution {
        let source = self.source.get_or_init(|| NormalizedText::from_source(self.document));
        let found = PassageSearch::new(self.document, source, selector, &selector.quote, &self.work).run();
        let is_mark = |kind: RemovedKind| matches!(kind, RemovedKind::PageMark | RemovedKind::Gloss);
        let has_marks = selector.text.is_some() || self.document.cleaning.removed().iter().any(|removed| is_mark(removed.kind));
        if found.span.is_some() || !has_marks {
            return found;
        }
        let cleaned = PassageSearch::new(self.document, self.cleaned(), selector, selector.cleaned_quote(), &self.work).run();
        match (found.proposed, cleaned.span) {
            // The quote began or ended inside a mark, so part of it is missing.
            (_, Some(span)) if !same_ends(&selector.quote, selector.cleaned_quote()) => Resolution::review(span),
            (_, Some(_)) | (None, None) => cleaned,
            (Some(_), None) => found,
        }
    }

    /// Finds the present place of `annotation`.
    #[must_use]
    pub fn resolve(&self, annotation: &Annotation) -> Resolution {
        let selector = &annotation.selector;
        if annotation.scope == Scope::Speech {
            // A speech without text has no place.
            let span = self.document.source.span();
            return if span.is_empty() { Resolution::orphaned() } else { Resolution::found(AnchorStatus::Exact, span) };
        }
        if selector.orphaned && !self.is_unchanged(selector) {
            return Resolution::orphaned();
        }
        // A provisional text is not all of the new one.
        let comparison = || self.document.is_final.then(|| self.past.comparison(selector, &self.document.source)).flatten();
        match annotation.scope {
            Scope::Passage | Scope::Speech => {
                if self.is_unchanged(selector) {
                    return Resolution::found(AnchorStatus::Exact, selector.span());
                }
                match comparison() {
                    Some(comparison) => compared::passage(self.document, selector, comparison, || self.passage(selector)),
                    None => self.passage(selector),
                }
            }
            Scope::Section => {
                if self.is_unchanged(selector)
                    && let Some((id, section)) = self.section_at(selector.span())
                {
                    return Resolution { section: Some(id), ..Resolution::found(AnchorStatus::Exact, section.span) };
                }
                let by_selector = || {
                    let headings = self.headings.get_or_init(|| Headings::new(self.document, self.cleaned()));
                    section::find(self.document, self.cleaned(), headings, selector, &self.work)
                };
                match comparison() {
                    Some(comparison) => compared::section(self.document, selector, comparison, by_selector),
                    None => by_selector(),
                }
            }
        }
    }

    /// Whether quote and context are found unchanged, char by char, at the stored offsets.
    fn is_unchanged(&self, selector: &Selector) -> bool {
        is_made_from(selector, &self.document.source)
    }

    /// The section whose heading has exactly this span.
    fn section_at(&self, heading: Span) -> Option<(SectionId, Section<'_>)> {
        let sections = self.document.outline.sections();
        let index = sections.partition_point(|section| section.heading.start < heading.start);
        let section = sections.get(index).filter(|section| section.heading == heading)?;
        Some((SectionId(u32::try_from(index).ok()?), section))
    }
}

/// Whether two texts begin and end with the same three significant chars.
fn same_ends(a: &str, b: &str) -> bool {
    let (a, b) = (SignificantChars::from_text(a), SignificantChars::from_text(b));
    let shared = 3.min(a.len()).min(b.len());
    a.is_empty() == b.is_empty() && a.first(shared) == b.first(shared) && a.last(shared) == b.last(shared)
}
