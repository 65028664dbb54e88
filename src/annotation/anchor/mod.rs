//! Finding the place of an annotation again in a text that may have changed.

use super::{
    model::{Annotation, Scope},
    selector::Selector,
};
use crate::{
    document::{Document, SectionId},
    text::Span,
};

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

/// Finds places in one document.
#[derive(Debug)]
pub struct Anchorer<'a> {
    document: &'a Document,
}

impl<'a> Anchorer<'a> {
    /// Finds places in `document`.
    #[must_use]
    pub fn new(document: &'a Document) -> Self {
        Self { document }
    }

    /// Where `annotation` is now.
    #[must_use]
    pub fn find(&self, annotation: &Annotation) -> Anchored {
        match annotation.scope {
            Scope::Passage => self.passage(&annotation.selector),
            Scope::Section => self.section(&annotation.selector),
        }
    }

    fn passage(&self, selector: &Selector) -> Anchored {
        let span = selector.span();
        if !span.is_empty() && self.document.source.slice(span) == selector.quote {
            return Anchored { anchor: Anchor::Exact, span: Some(span), proposed: None, section: None };
        }
        Anchored { anchor: Anchor::Orphaned, span: None, proposed: None, section: None }
    }

    fn section(&self, selector: &Selector) -> Anchored {
        for (id, section) in self.document.outline.iter() {
            if section.heading == selector.span() && self.document.source.slice(section.heading) == selector.quote {
                return Anchored { anchor: Anchor::Exact, span: Some(section.span), proposed: None, section: Some(id) };
            }
        }
        Anchored { anchor: Anchor::Orphaned, span: None, proposed: None, section: None }
    }
}
