//! What the source format tells about the text beside its characters.

use super::ParagraphKind;
use crate::text::Span;

/// What a reader of a format knows and plain text does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// The text is Markdown: `#` lines are headings without any doubt.
    pub markdown: bool,
    /// Headings that the format marks as such, sorted by place.
    pub headings: Vec<HeadingHint>,
    /// Lines of which the format tells the kind, sorted by place: boilerplate (navigation, share
    /// buttons), verbatim (tables), end matter (footnotes). No section begins in them.
    pub kinds: Vec<KindHint>,
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

/// A line, or several in succession, of which the format tells the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindHint {
    /// The chars of the lines.
    pub span: Span,
    /// What it is.
    pub kind: ParagraphKind,
}

impl Hints {
    /// What the format tells of the kind of the line at `span`.
    #[must_use]
    pub fn kind_of(&self, span: Span) -> Option<ParagraphKind> {
        let next = self.kinds.partition_point(|hint| hint.span.end <= span.start);
        self.kinds.get(next).filter(|hint| hint.span.overlaps(span)).map(|hint| hint.kind)
    }

    /// The hints for a Markdown file.
    #[must_use]
    pub fn markdown() -> Self {
        Self { markdown: true, ..Self::default() }
    }
}
