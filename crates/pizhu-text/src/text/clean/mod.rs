//! Cleaning: the ranges of the source that are not part of the running text.
//!
//! A cleaning is a list of removed ranges over the source; it copies and changes no text. Clean
//! offsets count the kept chars. The maps between clean and source offsets are inverse on every
//! kept char.

mod forum_noise;
mod gloss;
mod page_mark;
mod physical_line;
mod running_head;
pub mod scan;

pub use physical_line::PhysicalLine;

use super::{SourceText, Span};
use std::sync::Arc;

/// Why a range is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RemovedKind {
    /// A page number, page footer, running head, or copy protection of a forum.
    PageMark,
    /// A pronunciation gloss that the publishing site put after a character: 踔厉(chuō lì).
    Gloss,
    /// Stray white space: between hanzi, at line starts.
    Space,
    /// A physical line end inside a logical paragraph.
    LineBreak,
    /// Markdown syntax of a heading or emphasis.
    Markup,
}

/// One removed range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemovedRange {
    /// The removed chars; never empty.
    pub span: Span,
    /// Why it is removed.
    pub kind: RemovedKind,
    /// Total chars of the removed ranges before this one.
    removed_before: usize,
}

/// The removed ranges of a source text: sorted, disjoint, none empty.
///
/// ```
/// use pizhu_text::text::{Cleaning, RemovedKind, SourceText, Span};
///
/// let source = SourceText::from("干部(gàn bù)队伍");
/// let cleaning = Cleaning::new(vec![(Span::new(2, 10), RemovedKind::Gloss)]);
/// assert_eq!(cleaning.text(&source, source.span()), "干部队伍");
/// assert_eq!(cleaning.to_clean(10), 2); // 队
/// assert_eq!(cleaning.to_source(2), 10);
/// assert_eq!(cleaning.span_to_source(Span::new(1, 3)), Span::new(1, 11)); // 部(gàn bù)队
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleaning {
    removed: Arc<Vec<RemovedRange>>,
}

impl Cleaning {
    /// A cleaning that removes `ranges`, given in any order. Of two that overlap, the one that
    /// starts first (the longer if they start together) gets the shared chars.
    #[must_use]
    pub fn new(mut ranges: Vec<(Span, RemovedKind)>) -> Self {
        ranges.sort_by_key(|(span, _)| (span.start, usize::MAX - span.end));
        let mut removed: Vec<RemovedRange> = Vec::with_capacity(ranges.len());
        for (span, kind) in ranges {
            let (from, removed_before) = removed.last().map_or((0, 0), |last| (last.span.end, last.removed_before + last.span.len()));
            let span = Span::new(span.start.max(from), span.end);
            if !span.is_empty() && span.end > from {
                removed.push(RemovedRange { span, kind, removed_before });
            }
        }
        Self { removed: Arc::new(removed) }
    }

    /// All removed ranges in order.
    #[must_use]
    pub fn removed(&self) -> &[RemovedRange] {
        &self.removed
    }

    /// The removed ranges that share at least one char with `span`.
    #[must_use]
    pub fn removed_in(&self, span: Span) -> &[RemovedRange] {
        let from = self.removed.partition_point(|removed| removed.span.end <= span.start);
        let to = self.removed.partition_point(|removed| removed.span.start < span.end);
        &self.removed[from..to.max(from)]
    }

    /// The parts of `span` that are kept, in order; none is empty.
    pub fn kept_spans(&self, span: Span) -> impl Iterator<Item = Span> {
        let removed = self.removed_in(span);
        let starts = std::iter::once(span.start).chain(removed.iter().map(move |removed| removed.span.end.min(span.end)));
        let ends = removed.iter().map(move |removed| removed.span.start.max(span.start)).chain(std::iter::once(span.end));
        starts.zip(ends).filter(|(start, end)| start < end).map(|(start, end)| Span::new(start, end))
    }

    /// The clean offset of source offset `offset`: the number of kept chars before it.
    #[must_use]
    pub fn to_clean(&self, offset: usize) -> usize {
        let index = self.removed.partition_point(|removed| removed.span.start < offset);
        let gone = index.checked_sub(1).map_or(0, |index| {
            let last = &self.removed[index];
            last.removed_before + last.span.len().min(offset - last.span.start)
        });
        offset - gone
    }

    /// The source offset of kept char number `clean` (from 0): after a removed range, not at its
    /// start. The inverse of [`Self::to_clean`] on kept chars.
    #[must_use]
    pub fn to_source(&self, clean: usize) -> usize {
        let index = self.removed.partition_point(|removed| removed.span.start - removed.removed_before <= clean);
        let gone = index.checked_sub(1).map_or(0, |index| self.removed[index].removed_before + self.removed[index].span.len());
        clean + gone
    }

    /// The source span of the clean span `clean`: from its first to its last kept char.
    #[must_use]
    pub fn span_to_source(&self, clean: Span) -> Span {
        if clean.is_empty() {
            return Span::empty(self.to_source(clean.start));
        }
        Span::new(self.to_source(clean.start), self.to_source(clean.end - 1) + 1)
    }

    /// The cleaned text of `span`.
    #[must_use]
    pub fn text(&self, source: &SourceText, span: Span) -> String {
        self.kept_spans(span).flat_map(|kept| source.pieces(kept)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn clean_and_source_offsets_are_inverse_on_kept_chars(ranges in prop::collection::vec((0usize..80, 0usize..9), 0..12)) {
            let cleaning = Cleaning::new(ranges.iter().map(|(start, len)| (Span::new(*start, (start + len).min(80)), RemovedKind::Space)).collect());
            let gone: Vec<bool> = (0..80).map(|at| ranges.iter().any(|(start, len)| *start <= at && at < start + len)).collect();
            let text: String = (0..80).map(|n| char::from(b'0' + n)).collect();
            let source = SourceText::from(text.as_str());
            let expected: String = text.chars().zip(&gone).filter(|(_, gone)| !**gone).map(|(c, _)| c).collect();
            prop_assert_eq!(cleaning.text(&source, source.span()), expected);
            let mut clean = 0;
            for (offset, gone) in gone.iter().enumerate() {
                prop_assert_eq!(cleaning.to_clean(offset), clean);
                if !gone {
                    prop_assert_eq!(cleaning.to_source(clean), offset);
                    clean += 1;
                }
            }
            for pair in cleaning.removed().windows(2) {
                prop_assert!(pair[0].span.end <= pair[1].span.start);
            }
        }
    }
}
