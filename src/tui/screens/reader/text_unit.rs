//! Text units of motions and selections.

use pizhu_text::document::Document;
use pizhu_text::text::Span;
use pizhu_text::text::segmentation::ParagraphText;

/// Unit of a motion or selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TextUnit {
    /// A word.
    Word,
    /// Up to the next comma.
    Clause,
    /// Up to the next full stop.
    Sentence,
    /// A paragraph.
    Paragraph,
    /// A section.
    Section,
}

impl TextUnit {
    /// From smallest to largest.
    pub(in crate::tui) const ALL: [Self; 5] = [Self::Word, Self::Clause, Self::Sentence, Self::Paragraph, Self::Section];
}

/// The text unit of a kind at a char offset.
pub(in crate::tui) fn unit_at(document: &Document, unit: TextUnit, offset: usize) -> Option<Span> {
    let passage = || {
        let span = document.paragraphs.get(document.paragraph_at(offset)?)?.span;
        Some(ParagraphText { source: &document.source, cleaning: &document.cleaning, span })
    };
    match unit {
        TextUnit::Word => passage()?.word_at(offset),
        TextUnit::Clause => passage()?.clause_at(offset),
        TextUnit::Sentence => passage()?.sentence_at(offset),
        TextUnit::Paragraph => {
            let span = document.paragraphs.get(document.paragraph_at(offset)?)?.span;
            (!span.is_empty()).then_some(span)
        }
        TextUnit::Section => {
            let span = document.outline.get(document.outline.section_at(offset)?)?.span;
            let last = document.source.chars_before(span.end).find(|(at, c)| *at < span.start || !c.is_whitespace())?;
            Some(Span::new(span.start, (last.0 + 1).max(span.start)))
        }
    }
}
