//! What the source format tells about the text beside its characters.

use crate::text::Span;

/// What a reader of a format knows and plain text does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// The text is Markdown: `#` lines are headings without any doubt.
    pub markdown: bool,
    /// Headings that the format marks as such, sorted by place.
    pub headings: Vec<HeadingHint>,
    /// The title the format names (of an HTML page or an EPUB), used where the text gives none.
    pub title: Option<String>,
}

/// A line that the format marks as a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadingHint {
    /// The line's chars.
    pub span: Span,
    /// 1 for the topmost.
    pub level: u8,
}

impl Hints {
    /// The hints for a Markdown file.
    #[must_use]
    pub fn markdown() -> Self {
        Self { markdown: true, ..Self::default() }
    }
}
