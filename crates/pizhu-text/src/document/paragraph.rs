//! Logical paragraphs: the blocks that a reader sees.

use super::SectionId;
use crate::text::Span;

/// The function of a paragraph in the speech.
///
/// Every char of the source is in a paragraph of one of these kinds, in a removed range of the
/// cleaning (page mark, gloss, Markdown sign, line break) or is white space between paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParagraphKind {
    /// The title of the speech, or a repetition of it.
    Title,
    /// A line about the speech: date, place, speaker.
    Metadata,
    /// A line about the web page: date stamp, lead-in, navigation, share buttons, copyright.
    Boilerplate,
    /// The salutation (`同志们：`).
    Salutation,
    /// A paragraph that begins with the heading of this section; the heading may fill it or run on
    /// into text.
    Heading(SectionId),
    /// A short unnumbered heading, which opens no section.
    Subheading,
    /// Running text.
    Body,
    /// The closing words.
    Closing,
    /// Lines kept as they are: tables and verse.
    Verbatim,
    /// Text after the speech: annexes, glossaries, end notes.
    EndMatter,
}

impl ParagraphKind {
    /// The name in JSON, such as `"body"`.
    ///
    /// ```
    /// use pizhu_text::document::ParagraphKind;
    ///
    /// assert_eq!(ParagraphKind::EndMatter.name(), "end_matter");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Metadata => "metadata",
            Self::Boilerplate => "boilerplate",
            Self::Salutation => "salutation",
            Self::Heading(_) => "heading",
            Self::Subheading => "subheading",
            Self::Body => "body",
            Self::Closing => "closing",
            Self::Verbatim => "verbatim",
            Self::EndMatter => "end_matter",
        }
    }
}

/// A logical paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paragraph {
    /// Its chars without surrounding white space; physical line breaks may lie inside.
    pub span: Span,
    /// Its kind.
    pub kind: ParagraphKind,
}
