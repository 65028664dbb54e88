//! Hints of the source format: structure that the characters alone do not show.

use super::ParagraphKind;
use crate::text::Span;

/// Structure that the loader of a file format knows and plain text lacks.
///
/// ```
/// use pizhu_text::document::{HeadingHint, Hints, OrdinalKind, parse};
/// use pizhu_text::text::{SourceText, Span};
///
/// // An HTML page with an `<h1>` (chars 0 to 10) and an `<h2>` (chars 12 to 16).
/// let text = "在青禾县会议上的讲话\n\n工作回顾\n\n今年任务更重，大家要抓紧。\n";
/// let headings = vec![
///     HeadingHint { span: Span::new(0, 10), level: 1 },
///     HeadingHint { span: Span::new(12, 16), level: 2 },
/// ];
/// let document = parse(SourceText::from(text), &Hints { headings, ..Hints::default() });
/// let section = document.outline.sections().first().unwrap();
/// assert_eq!((section.kind, section.title_text), (OrdinalKind::Heading, "工作回顾"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// The text is Markdown: lines that begin with `#` are headings, `*` marks emphasis.
    pub markdown: bool,
    /// Lines that the format marks as headings, sorted by offset.
    pub headings: Vec<HeadingHint>,
    /// Lines whose kind the format gives, sorted by offset: boilerplate (navigation, share
    /// buttons), verbatim (tables), end matter (footnotes). No section begins in them.
    pub kinds: Vec<KindHint>,
    /// The title given by the format (of an HTML page or an EPUB), used if the text has none.
    pub title: Option<String>,
    /// Offsets of the line ends that may stand within a paragraph (`<br>`, a soft break of Word),
    /// sorted; every other line end ends one. `None` where the format has no paragraphs, as plain
    /// text: any line end may stand within one.
    pub soft_breaks: Option<Vec<usize>>,
}

/// A line that the format marks as a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadingHint {
    /// The chars of the line.
    pub span: Span,
    /// Heading level, 1 for the topmost.
    pub level: u8,
}

/// A line, or several consecutive lines, whose kind the format gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindHint {
    /// The chars of the lines.
    pub span: Span,
    /// Their kind.
    pub kind: ParagraphKind,
}

impl Hints {
    /// Returns the hinted kind of the line at `span`.
    ///
    /// ```
    /// use pizhu_text::document::{Hints, KindHint, ParagraphKind};
    /// use pizhu_text::text::Span;
    ///
    /// let kinds = vec![KindHint { span: Span::new(0, 8), kind: ParagraphKind::Boilerplate }];
    /// let hints = Hints { kinds, ..Hints::default() };
    /// assert_eq!(hints.kind_at(Span::new(0, 8)), Some(ParagraphKind::Boilerplate));
    /// assert_eq!(hints.kind_at(Span::new(9, 20)), None);
    /// ```
    #[must_use]
    pub fn kind_at(&self, span: Span) -> Option<ParagraphKind> {
        let next = self.kinds.partition_point(|hint| hint.span.end <= span.start);
        self.kinds.get(next).filter(|hint| hint.span.overlaps(span)).map(|hint| hint.kind)
    }

    /// Whether a paragraph certainly ends in `gap`, which lies between two lines.
    ///
    /// ```
    /// use pizhu_text::document::Hints;
    /// use pizhu_text::text::Span;
    ///
    /// let hints = Hints { soft_breaks: Some(vec![8]), ..Hints::default() };
    /// assert!(hints.ends_paragraph(Span::new(3, 4)) && !hints.ends_paragraph(Span::new(8, 9)));
    /// assert!(!Hints::default().ends_paragraph(Span::new(3, 4)));
    /// ```
    #[must_use]
    pub fn ends_paragraph(&self, gap: Span) -> bool {
        self.soft_breaks.as_ref().is_some_and(|soft| {
            let next = soft.partition_point(|offset| *offset < gap.start);
            soft.get(next).is_none_or(|offset| *offset >= gap.end)
        })
    }

    /// Hints for a Markdown file.
    ///
    /// ```
    /// use pizhu_text::document::{Hints, parse};
    /// use pizhu_text::text::SourceText;
    ///
    /// let text = "# 在青禾县会议上的讲话\n\n## 一、总体要求\n\n要稳。\n";
    /// let document = parse(SourceText::from(text), &Hints::markdown());
    /// assert_eq!(document.metadata.title.as_deref(), Some("在青禾县会议上的讲话"));
    /// let section = document.outline.sections().first().unwrap();
    /// assert_eq!(section.title_text, "总体要求");
    /// ```
    #[must_use]
    pub fn markdown() -> Self {
        Self { markdown: true, ..Self::default() }
    }
}
