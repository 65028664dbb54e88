//! Logical paragraphs: what the reader sees set as one block.

use super::SectionId;
use crate::text::Span;

/// What a paragraph is to the speech. Every char of the source is in exactly one of title,
/// metadata, boilerplate, page mark, gloss, heading, body, end matter and white space; page marks,
/// glosses and the signs of Markdown are the cleaning's, the rest are these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParagraphKind {
    /// The speech's title (or a repetition of it).
    Title,
    /// A line about the speech: date, place, speaker.
    Metadata,
    /// A line about the page: date stamp, lead-in, navigation, share buttons, copyright.
    Boilerplate,
    /// The words that address the audience.
    Salutation,
    /// A paragraph that begins with the heading of this section, alone or running on.
    Heading(SectionId),
    /// A short unnumbered heading, which is no section.
    Subheading,
    /// Running text.
    Body,
    /// The closing words.
    Closing,
    /// Lines kept as they stand: tables and verse.
    Verbatim,
    /// What follows the speech: annexes, glossaries, end notes.
    EndMatter,
}

/// One logical paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paragraph {
    /// Its chars, without the white space around them; physical line ends may lie inside.
    pub span: Span,
    /// What it is.
    pub kind: ParagraphKind,
}
