//! The review: annotations and mended headings whose position is uncertain or lost, decided one by one.

mod component;
mod update;
mod view;

use crate::tui::state::ReaderScreen;
use crate::tui::widget::ListState;
use pizhu_annotation::review::{self, QuoteInContext};
use pizhu_annotation::{AnchoredAnnotation, AnnotationId, PlacedOutlineEdit};
use pizhu_text::document::Document;

/// State of the review.
#[derive(Debug, Clone, Copy, Default)]
pub struct Review {
    /// The selected position.
    pub list: ListState,
}

impl Review {
    /// Rows of `height` for the list of `count` cases; the rest shows the selected one.
    #[must_use]
    pub(crate) fn list_rows(height: u16, count: usize) -> u16 {
        u16::try_from(count).unwrap_or(u16::MAX).clamp(1, (height / 3).max(1))
    }
}

/// What is to be decided on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum UndecidedCase<'a> {
    /// An annotation.
    Annotation(&'a AnchoredAnnotation),
    /// A heading mended by hand.
    Heading(&'a PlacedOutlineEdit),
}

impl UndecidedCase<'_> {
    /// Its id.
    #[must_use]
    pub(crate) fn id(self) -> AnnotationId {
        match self {
            Self::Annotation(anchored) => anchored.id(),
            Self::Heading(placed) => placed.id,
        }
    }

    /// Offset of the proposed place, or of the original one.
    #[must_use]
    pub(crate) fn likeliest_start(self) -> usize {
        let (proposed, selector) = match self {
            Self::Annotation(anchored) => (anchored.proposed, &anchored.annotation.selector),
            Self::Heading(placed) => (placed.proposed, &placed.selector),
        };
        proposed.map_or(selector.start, |span| span.start)
    }

    /// The original words, and those of the proposed place.
    #[must_use]
    pub(crate) fn quotes(self, document: &Document) -> (QuoteInContext, Option<QuoteInContext>) {
        match self {
            Self::Annotation(anchored) => (review::original_quote(anchored), review::current_quote(document, anchored)),
            Self::Heading(placed) => (review::described_quote(&placed.selector), review::heading_quote(document, placed)),
        }
    }
}

impl ReaderScreen {
    /// What is to be decided on: annotations in text order, then mended headings.
    #[must_use]
    pub fn cases(&self) -> Vec<UndecidedCase<'_>> {
        let annotations = review::unresolved(self.annotations.all()).map(UndecidedCase::Annotation);
        annotations.chain(self.annotations.outline_edits().unresolved().map(UndecidedCase::Heading)).collect()
    }

    /// The selected one.
    #[must_use]
    pub fn case(&self, review: &Review) -> Option<UndecidedCase<'_>> {
        let cases = self.cases();
        let last = cases.len().checked_sub(1)?;
        cases.get(review.list.selected().min(last)).copied()
    }
}
