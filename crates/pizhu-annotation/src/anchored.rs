//! An annotation together with its present place in a document.

use super::{
    anchor::{AnchorStatus, Resolution, Resolver},
    mended_section::place_section,
    model::{Annotation, AnnotationId, Scope, Target},
};
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use std::sync::Arc;

/// An annotation with its resolved place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnchoredAnnotation {
    /// The annotation.
    pub annotation: Arc<Annotation>,
    /// How it was anchored.
    pub status: AnchorStatus,
    /// Its chars, never empty; for a section, the whole section, for the speech, the whole text. `None` for review and orphaned.
    pub span: Option<Span>,
    /// The likeliest place, for a review.
    pub proposed: Option<Span>,
    /// The section, for an annotation on a section.
    pub section: Option<SectionId>,
    /// The section it is on; for a passage, the innermost section containing its start.
    pub home_section: Option<SectionId>,
}

/// Order in lists: by position, an enclosing span before those inside it.
pub(super) type SortKey = (usize, usize, AnnotationId);

impl AnchoredAnnotation {
    /// The annotation's id.
    #[must_use]
    pub fn id(&self) -> AnnotationId {
        self.annotation.id
    }

    /// Its place as a target for edits; `None` for review and orphaned.
    #[must_use]
    pub fn target(&self) -> Option<Target> {
        match self.annotation.scope {
            // A section whose heading was taken away is the passage that it was.
            Scope::Section => self.section.map(Target::Section).or(self.span.map(Target::Passage)),
            Scope::Passage => self.span.map(Target::Passage),
            Scope::Speech => self.span.map(|_| Target::Speech),
        }
    }

    pub(super) fn new(document: &Document, annotation: Arc<Annotation>, found: Resolution) -> Self {
        let home_section = match annotation.scope {
            Scope::Speech => None,
            Scope::Passage | Scope::Section => found.section.or_else(|| document.outline.section_at(found.span?.start)),
        };
        Self { annotation, status: found.status, span: found.span, proposed: found.proposed, section: found.section, home_section }
    }

    /// The annotation where `resolver` finds it.
    pub(super) fn resolved(resolver: &Resolver<'_>, annotation: Arc<Annotation>) -> Self {
        let document = resolver.document();
        let mut found = resolver.resolve(&annotation);
        if annotation.scope == Scope::Section {
            found = place_section(document, found, |parsed| Resolver::brief(parsed).resolve(&annotation));
        }
        Self::new(document, annotation, found)
    }

    pub(super) fn has_same_selector(&self, annotation: &Annotation) -> bool {
        (self.annotation.scope, &self.annotation.selector) == (annotation.scope, &annotation.selector)
    }

    /// Sort key; without a resolved place, by the proposed or the original one.
    pub(super) fn sort_key(&self) -> SortKey {
        let span = self.span.or(self.proposed).unwrap_or(self.annotation.selector.span());
        (span.start, usize::MAX - span.end, self.annotation.id)
    }
}
