//! Partition of a long text into ranges that are searched independently.
//!
//! Ranges of chunks are widened or narrowed to begin at paragraph starts, so no hit inside a
//! paragraph is cut.

use crate::text::CleanText;
use crate::text::Span;
use std::ops::Range;

/// Chunks (of 64 KB) in the first range of a nearest-first search. Each range is twice as long as
/// the one before.
const FIRST_CHUNKS: usize = 16;

/// Maximum chunks in a range of a nearest-first search.
const MAX_CHUNKS: usize = 256;

/// The chunks of a span of a document; indexes of chunks count from the first of the span.
pub(super) struct Partitions<'a> {
    clean_text: &'a CleanText,
    span: Span,
    /// Indexes in the source of the chunks that hold the span.
    chunks: Range<usize>,
}

impl<'a> Partitions<'a> {
    pub(super) fn new(clean_text: &'a CleanText, span: Span) -> Self {
        let chunks = clean_text.source.chunks();
        let first = chunks.partition_point(|chunk| chunk.span().end <= span.start);
        let last = chunks.partition_point(|chunk| chunk.span().start < span.end);
        Self { clean_text, span, chunks: first..last.max(first) }
    }

    /// Number of chunks.
    pub(super) fn len(&self) -> usize {
        self.chunks.len()
    }

    /// The span to search for a range of chunks: from the first paragraph start at or after the start
    /// of the range to the first at or after its end. Contiguous ranges give contiguous spans.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.paragraph_start(range.start), self.paragraph_start(range.end))
    }

    /// The first paragraph start at the start of `chunk` or of a later chunk.
    fn paragraph_start(&self, chunk: usize) -> usize {
        if chunk == 0 {
            return self.span.start;
        }
        let begins = (chunk..self.len()).find(|chunk| self.begins_paragraph(*chunk));
        begins.map_or(self.span.end, |chunk| self.clean_text.source.chunks()[self.chunks.start + chunk].span().start)
    }

    /// Whether a paragraph begins with a chunk: a line feed that cleaning keeps precedes it.
    fn begins_paragraph(&self, chunk: usize) -> bool {
        let Some(before) = (self.chunks.start + chunk).checked_sub(1).map(|before| &self.clean_text.source.chunks()[before]) else {
            return true;
        };
        let end = before.span().end;
        before.text().ends_with('\n') && self.clean_text.cleaning.removed_in(Span::new(end - 1, end)).is_empty()
    }

    /// Ranges that cover all chunks, ordered for a search from source offset `from`: to the end and
    /// then from the start, or backwards if `back`.
    pub(super) fn nearest_first(&self, from: usize, back: bool) -> Vec<Range<usize>> {
        let chunks = &self.clean_text.source.chunks()[self.chunks.clone()];
        let mut here = chunks.partition_point(|chunk| chunk.span().end <= from).min(self.len().saturating_sub(1));
        while here > 0 && !self.begins_paragraph(here) {
            here -= 1;
        }
        ranges_from(self.len(), here, back)
    }
}

/// Ranges that cover `count` chunks, beginning with the one that holds chunk `here`.
fn ranges_from(count: usize, here: usize, back: bool) -> Vec<Range<usize>> {
    let sides = if back { [0..count.min(here + 1), count.min(here + 1)..count] } else { [here..count, 0..here] };
    let mut length = FIRST_CHUNKS;
    let mut ranges = Vec::new();
    for mut rest in sides {
        while !rest.is_empty() {
            let taken = length.min(rest.len());
            length = MAX_CHUNKS.min(length * 2);
            if back {
                ranges.push(rest.end - taken..rest.end);
                rest.end -= taken;
            } else {
                ranges.push(rest.start..rest.start + taken);
                rest.start += taken;
            }
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranges_cover_all_chunks_and_begin_here(count in 0usize..2000, here in 0usize..2000, back in any::<bool>()) {
            let here = here.min(count.saturating_sub(1));
            let mut ranges = ranges_from(count, here, back);
            prop_assert!(count == 0 || ranges[0].contains(&here));
            ranges.sort_by_key(|range| range.start);
            prop_assert_eq!(ranges.into_iter().flatten().collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
        }
    }
}
