//! A long text in stretches that can be searched each by itself.
//!
//! A stretch begins where a paragraph does, so no hit that lies within a paragraph is cut.

use crate::document::Document;
use crate::text::Span;
use std::ops::Range;

/// Chunks (of 64 KB) of the first stretch that is searched for what is nearest, and of the longest.
const CHUNKS: (usize, usize) = (16, 256);

/// The chunks of a span of a document, numbered from 0.
pub(super) struct Stretches<'a> {
    document: &'a Document,
    span: Span,
    /// The chunks of the source that hold the span.
    chunks: Range<usize>,
}

impl<'a> Stretches<'a> {
    pub(super) fn new(document: &'a Document, span: Span) -> Self {
        let chunks = document.source.chunks();
        let first = chunks.partition_point(|chunk| chunk.span().end <= span.start);
        let last = chunks.partition_point(|chunk| chunk.span().start < span.end);
        Self { document, span, chunks: first..last.max(first) }
    }

    /// How many chunks there are.
    pub(super) fn len(&self) -> usize {
        self.chunks.len()
    }

    /// What is searched for the chunks of `range`: from the first paragraph that begins with one of
    /// them, or behind them, to the first that does so behind the range. The spans of ranges that
    /// are the whole together are the whole together.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.start(range.start), self.start(range.end))
    }

    fn start(&self, chunk: usize) -> usize {
        if chunk == 0 {
            return self.span.start;
        }
        let begins = (chunk..self.len()).find(|chunk| self.begins_paragraph(*chunk));
        begins.map_or(self.span.end, |chunk| self.document.source.chunks()[self.chunks.start + chunk].span().start)
    }

    /// Whether a paragraph ends before a chunk: with a line end that cleaning keeps.
    fn begins_paragraph(&self, chunk: usize) -> bool {
        let Some(before) = (self.chunks.start + chunk).checked_sub(1).map(|before| &self.document.source.chunks()[before]) else {
            return true;
        };
        let end = before.span().end;
        before.text().ends_with('\n') && self.document.cleaning.within(Span::new(end - 1, end)).is_empty()
    }

    /// The ranges of chunks that are the whole, in the order in which they are searched for what is
    /// nearest to `from`: from there on (towards the start where `back`), and round to it.
    pub(super) fn from(&self, from: usize, back: bool) -> Vec<Range<usize>> {
        let chunks = &self.document.source.chunks()[self.chunks.clone()];
        let mut here = chunks.partition_point(|chunk| chunk.span().end <= from).min(self.len().saturating_sub(1));
        while here > 0 && !self.begins_paragraph(here) {
            here -= 1;
        }
        ordered(self.len(), here, back)
    }
}

fn ordered(count: usize, here: usize, back: bool) -> Vec<Range<usize>> {
    let sides = if back { [0..count.min(here + 1), count.min(here + 1)..count] } else { [here..count, 0..here] };
    let (mut length, most) = CHUNKS;
    let mut ranges = Vec::new();
    for mut rest in sides {
        while !rest.is_empty() {
            let taken = length.min(rest.len());
            length = most.min(length * 2);
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
        fn the_ranges_are_the_whole_and_begin_here(count in 0usize..2000, here in 0usize..2000, back in any::<bool>()) {
            let here = here.min(count.saturating_sub(1));
            let mut ranges = ordered(count, here, back);
            prop_assert!(count == 0 || ranges[0].contains(&here));
            ranges.sort_by_key(|range| range.start);
            prop_assert_eq!(ranges.into_iter().flatten().collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
        }
    }
}
