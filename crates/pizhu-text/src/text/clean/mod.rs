//! Cleaning: which ranges of the source are not part of the running text.
//!
//! Nothing is copied and nothing is lost: cleaning is a list of removed spans over the source.
//! Clean offsets count the chars that are left; the two maps are inverse on every kept char.

mod gloss;
mod page_mark;
pub mod scan;

use super::{SourceText, Span};
use std::sync::Arc;

/// Why a range is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RemovedKind {
    /// A page number or page footer.
    PageMark,
    /// A pronunciation or other gloss that a host put behind a character.
    Gloss,
    /// White space that does not belong: between hanzi, at line starts.
    Space,
    /// A physical line end inside a logical paragraph.
    LineBreak,
    /// A sign of the source's format: of a Markdown heading or emphasis.
    Markup,
}

/// One removed range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// The chars taken out; never empty.
    pub span: Span,
    /// Why.
    pub kind: RemovedKind,
    /// Chars removed before this range.
    before: usize,
}

/// The ranges that cleaning removes from a source text: sorted, disjoint, none empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cleaning {
    removed: Arc<Vec<Removed>>,
}

impl Cleaning {
    /// A cleaning that removes `ranges`, which may come in any order; where two overlap, the one
    /// that starts first (and of these the longer) keeps the chars.
    #[must_use]
    pub fn new(mut ranges: Vec<(Span, RemovedKind)>) -> Self {
        ranges.sort_by_key(|(span, _)| (span.start, usize::MAX - span.end));
        let mut removed: Vec<Removed> = Vec::with_capacity(ranges.len());
        for (span, kind) in ranges {
            let (from, before) = removed.last().map_or((0, 0), |last| (last.span.end, last.before + last.span.len()));
            let span = Span::new(span.start.max(from), span.end);
            if !span.is_empty() && span.end > from {
                removed.push(Removed { span, kind, before });
            }
        }
        Self { removed: Arc::new(removed) }
    }

    /// All removed ranges in order.
    #[must_use]
    pub fn removed(&self) -> &[Removed] {
        &self.removed
    }

    /// The removed ranges that share a char with `span`.
    #[must_use]
    pub fn within(&self, span: Span) -> &[Removed] {
        let from = self.removed.partition_point(|removed| removed.span.end <= span.start);
        let to = self.removed.partition_point(|removed| removed.span.start < span.end);
        &self.removed[from..to.max(from)]
    }

    /// The parts of `span` that are kept, in order.
    pub fn kept(&self, span: Span) -> impl Iterator<Item = Span> {
        let removed = self.within(span);
        let starts = std::iter::once(span.start).chain(removed.iter().map(move |removed| removed.span.end.min(span.end)));
        let ends = removed.iter().map(move |removed| removed.span.start.max(span.start)).chain(std::iter::once(span.end));
        starts.zip(ends).filter(|(start, end)| start < end).map(|(start, end)| Span::new(start, end))
    }

    /// The clean offset of source offset `offset`: kept chars before it.
    #[must_use]
    pub fn to_clean(&self, offset: usize) -> usize {
        let index = self.removed.partition_point(|removed| removed.span.start < offset);
        let gone = index.checked_sub(1).map_or(0, |index| {
            let last = &self.removed[index];
            last.before + last.span.len().min(offset - last.span.start)
        });
        offset - gone
    }

    /// The source offset of the kept char number `clean` (the first behind a removed range, not
    /// its start). The inverse of [`Self::to_clean`] on kept chars.
    #[must_use]
    pub fn to_source(&self, clean: usize) -> usize {
        let index = self.removed.partition_point(|removed| removed.span.start - removed.before <= clean);
        let gone = index.checked_sub(1).map_or(0, |index| self.removed[index].before + self.removed[index].span.len());
        clean + gone
    }

    /// The source span of the clean span `clean`, without removed ranges at its ends.
    #[must_use]
    pub fn span_to_source(&self, clean: Span) -> Span {
        if clean.is_empty() {
            return Span::empty(self.to_source(clean.start));
        }
        Span::new(self.to_source(clean.start), self.to_source(clean.end - 1) + 1)
    }

    /// The text of `span` without what is removed.
    #[must_use]
    pub fn text(&self, source: &SourceText, span: Span) -> String {
        self.kept(span).flat_map(|kept| source.pieces(kept)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn clean_and_source_offsets_are_inverse(ranges in prop::collection::vec((0usize..80, 0usize..9), 0..12)) {
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
