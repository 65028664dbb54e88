//! Documents whose outline the user has mended.

use super::{
    Document, OutlineEdit, SectionId,
    mending::{OutlineParts, likely_level, mend, words_at},
};
use crate::text::Span;
use std::sync::Arc;

impl Document {
    /// The document with its outline as the user has mended it, from the parsed one: edits of an
    /// earlier call are not kept. An edit that fits nothing has no effect. The tree is well formed
    /// and covers the same text, whatever the edits.
    ///
    /// ```
    /// use pizhu_text::document::{Hints, OutlineChange, OutlineEdit, parse};
    /// use pizhu_text::text::SourceText;
    ///
    /// let text = "在青禾县会议上的讲话\n\n同志们：\n\n一、总体要求\n\n要稳。\n\n二、保障措施\n\n要实。\n";
    /// let document = parse(SourceText::from(text), &Hints::default());
    /// let second = document.outline.get(document.outline.resolve("二").unwrap()).unwrap().heading;
    /// let demoted = document.mended(&[OutlineEdit::new(second, OutlineChange::Demote)]);
    /// assert_eq!(demoted.outline.resolve("一/二").map(|id| id.0), Ok(1));
    /// let removed = demoted.mended(&[OutlineEdit::new(second, OutlineChange::NoHeading)]);
    /// assert_eq!(removed.outline.sections().len(), 1);
    /// assert_eq!(removed.parsed().outline.sections().len(), 2);
    /// ```
    #[must_use]
    pub fn mended(&self, edits: &[OutlineEdit]) -> Self {
        let parsed = self.parsed();
        let parts =
            OutlineParts { outline: parsed.outline.clone(), paragraphs: Arc::clone(&parsed.paragraphs), metadata: parsed.metadata.clone() };
        match mend(&parsed.clean_text, parts, edits) {
            None => parsed,
            Some((OutlineParts { outline, paragraphs, metadata }, mending)) => {
                Self { outline, paragraphs, metadata, mending: Some(Arc::new(mending)), ..parsed }
            }
        }
    }

    /// The document as it was parsed, without what the user has mended.
    #[must_use]
    pub fn parsed(&self) -> Self {
        match &self.mending {
            None => self.clone(),
            Some(mending) => Self {
                clean_text: self.clean_text.clone(),
                outline: mending.parsed.outline.clone(),
                paragraphs: Arc::clone(&mending.parsed.paragraphs),
                metadata: mending.parsed.metadata.clone(),
                is_final: self.is_final,
                mending: None,
            },
        }
    }

    /// Whether the user made or moved this section's heading.
    #[must_use]
    pub fn is_mended(&self, id: SectionId) -> bool {
        let start = || self.outline.get(id).map(|section| section.heading.start);
        self.mending.as_ref().is_some_and(|mending| start().is_some_and(|start| mending.has_touched(start)))
    }

    /// The words that would be a heading at `place`: those selected, or for an empty place the line
    /// (of a long line that runs on, its first clause). `None` where there are no words.
    ///
    /// ```
    /// use pizhu_text::document::{Hints, parse};
    /// use pizhu_text::text::{SourceText, Span};
    ///
    /// let text = "在青禾县会议上的讲话\n\n同志们：\n\n去年很忙\n大家辛苦了。\n\n再说今年。今年要更忙，大家要抓紧。\n";
    /// let document = parse(SourceText::from(text), &Hints::default());
    /// let at = |words: &str| Span::empty(text.chars().count() - text.split_once(words).unwrap().1.chars().count());
    /// assert_eq!(document.quote(document.heading_words(at("去年")).unwrap()), "去年很忙");
    /// assert_eq!(document.quote(document.heading_words(at("再说")).unwrap()), "再说今年");
    /// ```
    #[must_use]
    pub fn heading_words(&self, place: Span) -> Option<Span> {
        words_at(&self.clean_text, &self.paragraphs, &self.outline, place, true)
    }

    /// The words that would be the title at `place`: those selected, or the line.
    #[must_use]
    pub fn title_words(&self, place: Span) -> Option<Span> {
        words_at(&self.clean_text, &self.paragraphs, &self.outline, place, false)
    }

    /// The level, 1 for the topmost, that a heading of these words most likely has: that of the last
    /// section above with the same kind of ordinal; else below the section above if it has an ordinal,
    /// and beside it if it has none.
    #[must_use]
    pub fn likely_level(&self, words: Span) -> u8 {
        likely_level(&self.clean_text, &self.outline, words)
    }
}

#[cfg(test)]
mod tests;
