//! A source text with the ranges that cleaning removes.

use super::{Cleaning, SourceText, Span};

/// A source text and its cleaning: what is quoted, searched and laid out.
///
/// ```
/// use pizhu_text::text::{CleanText, SourceText, Span};
///
/// let text = CleanText::from(SourceText::from("全面从严治党"));
/// assert_eq!(text.quote(Span::new(2, 6)), "从严治党");
/// assert_eq!(text.text(Span::new(0, 2)), "全面"); // nothing removed: the same as the quote
/// ```
#[derive(Debug, Clone, Default)]
pub struct CleanText {
    /// The decoded text.
    pub source: SourceText,
    /// The ranges of it that are not read: page marks, glosses, markup, line breaks inside
    /// paragraphs.
    pub cleaning: Cleaning,
}

impl CleanText {
    /// The source text of `span`, unchanged.
    #[must_use]
    pub fn quote(&self, span: Span) -> String {
        self.source.slice(span).into_owned()
    }

    /// The cleaned text of `span`, as it is copied: without page marks, glosses and the line breaks
    /// inside paragraphs.
    #[must_use]
    pub fn text(&self, span: Span) -> String {
        self.cleaning.text(&self.source, span)
    }
}

impl From<SourceText> for CleanText {
    /// A text from which nothing is removed.
    fn from(source: SourceText) -> Self {
        Self { source, cleaning: Cleaning::default() }
    }
}
