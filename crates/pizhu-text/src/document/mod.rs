//! The parsed document: section tree, paragraphs and metadata of one speech.
//!
//! [`parse()`] turns a [`SourceText`] into a [`Document`]. Sections are opened by ordinals (`一、`,
//! `（一）`, `1.`, `一是` …), whose nesting is decided over the whole text by a beam search, and by the
//! headings of Markdown and of rich formats. All offsets are chars of the source.

mod announced;
mod back_pointers;
mod beam;
mod boilerplate;
mod boilerplate_words;
mod candidate;
mod candidate_context;
mod candidate_scanner;
mod certainty;
mod confidence;
mod cost;
mod date;
mod doubts;
#[doc(hidden)]
pub mod fitting;
mod front;
mod head;
mod hints;
mod hypothesis;
mod interleaved;
#[cfg(test)]
mod kinds;
mod line_features;
mod line_join;
mod line_recognizers;
mod lines;
#[cfg(test)]
mod list_kinds;
mod logical_line;
mod margin;
mod markup;
mod mended_document;
mod mending;
mod metadata;
mod mojibake_repair;
mod numeral;
pub mod ordinal;
mod ordinal_forms;
mod ordinal_marks;
pub mod outline;
mod outline_decoder;
mod outline_node;
mod paragraph;
mod parse;
mod parse_action;
mod punctuation;
mod quotation;
mod roles;
mod tail;
mod tree;
mod weights;

pub use confidence::Confidence;
pub use front::{FrontField, FrontMatter};
pub use hints::{HeadingHint, Hints, KindHint};
pub use mending::{Mending, OutlineChange, OutlineEdit, RemovedSection};
pub use metadata::Metadata;
pub use ordinal::{OrdinalKind, PartWord};
pub use outline::{Outline, PathError, Section, SectionId, Sections};
pub use paragraph::{Paragraph, ParagraphKind};
pub use parse::{parse, parse_metadata, parse_provisional};
pub use quotation::DamagedHeading;

use crate::text::CleanText;
use crate::text::SourceText;
use std::{ops::Deref, sync::Arc};

/// A parsed speech: an immutable snapshot, cheap to clone.
///
/// ```
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::SourceText;
///
/// let text = "在青禾县会议上的讲话\n\n同志们：\n\n一、总体要求\n\n要稳。\n\n二、保障措施\n\n要实。\n";
/// let document = parse(SourceText::from(text), &Hints::default());
/// let section = document.outline.sections().first().unwrap();
/// assert_eq!(document.quote(section.heading), "一、总体要求");
/// let paragraph = document.paragraph_at(section.span.start).unwrap();
/// assert_eq!(document.text(document.paragraphs[paragraph].span), "一、总体要求");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The text. A document dereferences to it: `document.source`, `document.quote(span)`.
    pub clean_text: CleanText,
    /// The section tree.
    pub outline: Outline,
    /// The paragraphs in order; together with the white space between them they cover the source.
    pub paragraphs: Arc<Vec<Paragraph>>,
    /// Title, date, boilerplate lines and front matter.
    pub metadata: Metadata,
    /// Whether the outline is final; a provisional one covers the first 64 Ki chars only (see
    /// [`parse_provisional`]).
    pub is_final: bool,
    /// What the user has mended, if anything; see [`Document::mended`].
    pub mending: Option<Arc<Mending>>,
}

impl Deref for Document {
    type Target = CleanText;

    fn deref(&self) -> &CleanText {
        &self.clean_text
    }
}

impl From<SourceText> for Document {
    /// A document of the text alone: no sections, no paragraphs.
    fn from(source: SourceText) -> Self {
        Self { clean_text: source.into(), is_final: true, ..Self::default() }
    }
}

impl Document {
    /// Whether a paragraph begins at `offset` or no paragraph contains it.
    #[must_use]
    pub fn begins_paragraph(&self, offset: usize) -> bool {
        self.paragraph_at(offset).and_then(|index| self.paragraphs.get(index)).is_none_or(|paragraph| paragraph.span.start >= offset)
    }

    /// The index of the paragraph that contains `offset`, or of the last one before it; `None`
    /// before the first.
    #[must_use]
    pub fn paragraph_at(&self, offset: usize) -> Option<usize> {
        self.paragraphs.partition_point(|paragraph| paragraph.span.start <= offset).checked_sub(1)
    }
}
