//! An annotation with the place it has in the text as it is now.

use super::{
    anchor::{Anchor, Anchored},
    model::{Annotation, AnnotationId, Scope, Target},
};
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use std::sync::Arc;

/// An annotation and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The annotation.
    pub annotation: Arc<Annotation>,
    /// How its place was found.
    pub anchor: Anchor,
    /// Its chars; of a section, the whole section. `None` for review and orphaned; never empty.
    pub span: Option<Span>,
    /// Where it may belong, for a review.
    pub proposed: Option<Span>,
    /// The section it is on, if it is on one.
    pub section: Option<SectionId>,
    /// The section it is on, or of a passage the innermost it begins in.
    pub home: Option<SectionId>,
}

/// The order in lists: by place, a longer span before those inside it.
pub(super) type Key = (usize, usize, AnnotationId);

impl Placed {
    /// The annotation's id.
    #[must_use]
    pub fn id(&self) -> AnnotationId {
        self.annotation.id
    }

    /// The place as one can annotate it again; `None` for review and orphaned.
    #[must_use]
    pub fn target(&self) -> Option<Target> {
        match self.annotation.scope {
            Scope::Section => self.section.map(Target::Section),
            Scope::Passage => self.span.map(Target::Passage),
        }
    }

    pub(super) fn new(document: &Document, annotation: Arc<Annotation>, found: Anchored) -> Self {
        let home = found.section.or_else(|| document.outline.at(found.span?.start));
        Self { annotation, anchor: found.anchor, span: found.span, proposed: found.proposed, section: found.section, home }
    }

    pub(super) fn is_described_as(&self, annotation: &Annotation) -> bool {
        (self.annotation.scope, &self.annotation.selector) == (annotation.scope, &annotation.selector)
    }

    /// Where it stands in a list; what has no place stands where it was marked.
    pub(super) fn key(&self) -> Key {
        let span = self.span.or(self.proposed).unwrap_or(self.annotation.selector.span());
        (span.start, usize::MAX - span.end, self.annotation.id)
    }
}
