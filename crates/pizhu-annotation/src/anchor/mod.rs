//! Finding the place of an annotation again in a text that may have changed.

mod edges;
mod passage;
mod section;
mod similarity;
mod skeleton;

use super::{
    model::{Annotation, Scope},
    selector::{Selector, is_whole_context},
};
use pizhu_text::document::Document;
use pizhu_text::document::Section;
use pizhu_text::document::SectionId;
use pizhu_text::text::RemovedKind;
use pizhu_text::text::Span;
use passage::Search;
use skeleton::{Letters, Skeleton};
use std::cell::OnceCell;

/// How the place of an annotation was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Anchor {
    /// The same chars at the same place.
    Exact,
    /// The same chars (after folding of width and script) elsewhere.
    Moved,
    /// The place is certain, the text inside differs.
    Changed,
    /// It is not certain where it belongs.
    Review,
    /// It is gone.
    Orphaned,
}

impl Anchor {
    /// The name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Review => "review",
            Self::Orphaned => "orphaned",
        }
    }
}

/// A place found, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchored {
    /// How it was found.
    pub anchor: Anchor,
    /// Where; `None` for review and orphaned.
    pub span: Option<Span>,
    /// Where it may be, for a review.
    pub proposed: Option<Span>,
    /// Which section, for an annotation on one.
    pub section: Option<SectionId>,
}

impl Anchored {
    fn at(anchor: Anchor, span: Span) -> Self {
        Self { anchor, span: Some(span), proposed: None, section: None }
    }

    fn review(proposed: Span) -> Self {
        Self { anchor: Anchor::Review, span: None, proposed: Some(proposed), section: None }
    }

    fn orphaned() -> Self {
        Self { anchor: Anchor::Orphaned, span: None, proposed: None, section: None }
    }
}

/// Finds places in one document. What is where it was is found at once; the first that is not
/// costs a pass over the whole text.
#[derive(Debug)]
pub struct Anchorer<'a> {
    document: &'a Document,
    source: OnceCell<Skeleton>,
    cleaned: OnceCell<Skeleton>,
}

impl<'a> Anchorer<'a> {
    /// Finds places in `document`.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        Self { document, source: OnceCell::new(), cleaned: OnceCell::new() }
    }

    fn cleaned(&self) -> &Skeleton {
        self.cleaned.get_or_init(|| Skeleton::of_cleaned(self.document))
    }

    /// Looks in the text as it is, and where that is not certain in the text without page marks
    /// and glosses: the marks may have come, gone or moved.
    fn passage(&self, selector: &Selector) -> Anchored {
        let source = self.source.get_or_init(|| Skeleton::of_source(self.document));
        let found = Search::new(self.document, source, selector, &selector.quote).run();
        let is_mark = |kind: RemovedKind| matches!(kind, RemovedKind::PageMark | RemovedKind::Gloss);
        let has_marks = selector.text.is_some() || self.document.cleaning.removed().iter().any(|removed| is_mark(removed.kind));
        if found.span.is_some() || !has_marks {
            return found;
        }
        let cleaned = Search::new(self.document, self.cleaned(), selector, selector.matched()).run();
        match (found.proposed, cleaned.span) {
            // A quote that began or ended within a mark is not all there.
            (_, Some(span)) if !ends_alike(&selector.quote, selector.matched()) => Anchored::review(span),
            (_, Some(_)) | (None, None) => cleaned,
            (Some(_), None) => found,
        }
    }

    /// Where `annotation` is now.
    #[must_use]
    pub fn find(&self, annotation: &Annotation) -> Anchored {
        let selector = &annotation.selector;
        if selector.orphaned && !self.is_untouched(selector) {
            return Anchored::orphaned();
        }
        match annotation.scope {
            Scope::Passage => {
                if self.is_untouched(selector) {
                    return Anchored::at(Anchor::Exact, selector.span());
                }
                self.passage(selector)
            }
            Scope::Section => {
                if self.is_untouched(selector)
                    && let Some((id, section)) = self.section_at(selector.span())
                {
                    return Anchored { section: Some(id), ..Anchored::at(Anchor::Exact, section.span) };
                }
                section::find(self.document, self.cleaned(), selector)
            }
        }
    }

    /// Whether quote and context stand, char by char, where they stood.
    fn is_untouched(&self, selector: &Selector) -> bool {
        let source = &self.document.source;
        let (before, after) = (selector.before.chars().count(), selector.after.chars().count());
        !selector.span().is_empty()
            && (is_whole_context(&selector.after) || source.len() == selector.end + after)
            && (is_whole_context(&selector.before) || selector.start == before)
            && selector.start >= before
            && source.slice(selector.span()) == selector.quote
            && source.slice(Span::new(selector.start - before, selector.start)) == selector.before
            && source.slice(Span::new(selector.end, selector.end + after)) == selector.after
    }

    /// The section whose heading is at exactly that span.
    fn section_at(&self, heading: Span) -> Option<(SectionId, Section<'_>)> {
        let sections = self.document.outline.sections();
        let index = sections.partition_point(|section| section.heading.start < heading.start);
        let section = sections.get(index).filter(|section| section.heading == heading)?;
        Some((SectionId(u32::try_from(index).ok()?), section))
    }
}

/// Whether two texts begin and end with the same letters.
fn ends_alike(a: &str, b: &str) -> bool {
    let (a, b) = (Letters::of(a), Letters::of(b));
    let few = 3.min(a.len()).min(b.len());
    a.first(few) == b.first(few) && a.last(few) == b.last(few)
}

/// How much context (letters before, letters behind) makes the quote the only one of its kind in
/// the document; `None` where all of it does not, or the document is too long to look at once.
pub(super) fn distinct(document: &Document, selector: &Selector) -> (Option<u8>, Option<u8>) {
    const LONGEST: usize = 400_000;
    const OTHERS: usize = 4096;
    if document.source.len() > LONGEST {
        return (None, None);
    }
    passage::least_context(&Skeleton::of_source(document), selector, OTHERS)
}
