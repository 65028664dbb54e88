//! The document: one speech as its section tree, its paragraphs and what is set apart from it.

mod boilerplate;
mod candidate;
mod cost;
mod date;
mod find;
mod hints;
mod lines;
mod markup;
mod metadata;
mod numeral;
pub mod ordinal;
pub mod outline;
mod paragraph;
mod parse;
mod past;
mod reading;
mod restore;
mod roles;
mod traits;
mod tree;

pub use hints::{HeadingHint, Hints, KindHint};
pub use metadata::Metadata;
pub use ordinal::OrdinalKind;
pub use outline::{Outline, PathError, Section, SectionId, Sections};
pub use paragraph::{Paragraph, ParagraphKind};
pub use parse::{metadata, parse, parse_provisional};

use crate::text::Cleaning;
use crate::text::SourceText;
use crate::text::Span;
use std::sync::Arc;

/// One speech, parsed. A snapshot: cheap to clone, never changed.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The text as decoded.
    pub source: SourceText,
    /// What cleaning takes out of it.
    pub cleaning: Cleaning,
    /// The section tree.
    pub outline: Outline,
    /// The logical paragraphs in order; together with the white space between them they hold
    /// every char of the source.
    pub paragraphs: Arc<Vec<Paragraph>>,
    /// Title, date, and what is about the page and not part of the speech.
    pub metadata: Metadata,
    /// Whether the tree is final; a provisional one is made of the first block alone.
    pub is_final: bool,
}

impl Document {
    /// The quoted source text of `span`, exactly.
    #[must_use]
    pub fn quote(&self, span: Span) -> String {
        self.source.slice(span).into_owned()
    }

    /// The text of `span` as a reader copies it: without page marks, glosses and the line breaks
    /// inside paragraphs.
    #[must_use]
    pub fn text(&self, span: Span) -> String {
        self.cleaning.text(&self.source, span)
    }

    /// The paragraph that holds `offset`, or the last one before it.
    #[must_use]
    pub fn paragraph_at(&self, offset: usize) -> Option<usize> {
        self.paragraphs.partition_point(|paragraph| paragraph.span.start <= offset).checked_sub(1)
    }
}
