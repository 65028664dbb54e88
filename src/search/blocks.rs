//! The cleaned text in blocks, with the way back from their bytes to source offsets.

use crate::{
    document::Document,
    text::{Removed, Span, source::CHUNK_BYTES},
};
use str_indices::chars;

/// Runs of cleaned text are gathered until a block holds this many bytes.
const BLOCK_BYTES: usize = 128 * 1024;

/// What of a block must be seen again with the next one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Carry {
    /// This many chars: one less than the longest match has.
    Chars(usize),
    /// The last line, as far as it has come: matches lie within lines.
    Line,
}

/// Walks the cleaned text of a span of a document.
pub(super) struct Blocks<'a> {
    document: &'a Document,
    span: Span,
    /// The next chunk of the source, and the removed ranges not yet passed.
    chunk: usize,
    removed: &'a [Removed],
    text: String,
    /// The clean offsets of the block's first char, and of what follows it.
    start: usize,
    end: usize,
    is_last: bool,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(document: &'a Document, span: Span) -> Self {
        let chunks = document.source.chunks();
        let start = document.cleaning.to_clean(span.start);
        Self {
            document,
            span,
            chunk: chunks.partition_point(|chunk| chunk.span().end <= span.start),
            removed: document.cleaning.within(span),
            text: String::with_capacity((span.len() * 3).min(BLOCK_BYTES + CHUNK_BYTES)),
            start,
            end: start,
            is_last: false,
        }
    }

    /// The block as it stands: cleaned text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text ends with this block.
    pub(super) fn is_last(&self) -> bool {
        self.is_last
    }

    /// Drops the bytes before `keep_from` and reads on; `false` at the end of the text.
    /// `keep_from` must be a char boundary.
    pub(super) fn advance(&mut self, keep_from: usize) -> bool {
        if self.is_last {
            return false;
        }
        self.text.drain(..keep_from);
        // What is kept is short.
        self.start = self.end - chars::count(&self.text);
        let enough = self.text.len() + BLOCK_BYTES;
        while self.text.len() < enough && self.take_chunk() {}
        !self.text.is_empty()
    }

    /// Where the block must be kept from to find what reaches beyond it. Nothing before byte
    /// `searched` is kept.
    pub(super) fn keep_from(&self, carry: Carry, searched: usize) -> usize {
        let from = match carry {
            Carry::Line => memchr::memrchr(b'\n', self.text.as_bytes()).map_or(0, |lf| lf + 1),
            Carry::Chars(0) => self.text.len(),
            Carry::Chars(count) => self.text.char_indices().rev().nth(count - 1).map_or(0, |(byte, _)| byte),
        };
        from.max(searched)
    }

    /// Adds the cleaned text of the next chunk; `false` when there is no more.
    fn take_chunk(&mut self) -> bool {
        let chunks = self.document.source.chunks();
        let Some(chunk) = chunks.get(self.chunk).filter(|chunk| chunk.span().start < self.span.end) else {
            self.is_last = true;
            return false;
        };
        self.chunk += 1;
        self.is_last = chunks.get(self.chunk).is_none_or(|next| next.span().start >= self.span.end);
        let here = chunk.span();
        let mut at = self.span.start.clamp(here.start, here.end);
        let end = self.span.end.min(here.end);
        let mut byte = chunk.byte_at(at);
        while let Some(removed) = self.removed.first().filter(|removed| removed.span.start < end) {
            if removed.span.start > at {
                self.text.push_str(&chunk.text()[byte..chunk.byte_at(removed.span.start)]);
                self.end += removed.span.start - at;
            }
            at = removed.span.end.clamp(at, end);
            byte = chunk.byte_at(at);
            if removed.span.end > end {
                break; // it goes on in the next chunk
            }
            self.removed = &self.removed[1..];
        }
        self.text.push_str(&chunk.text()[byte..chunk.byte_at(end)]);
        self.end += end - at;
        true
    }

    /// A translator of this block's bytes into source spans.
    pub(super) fn places(&self) -> Places<'_> {
        Places { document: self.document, text: &self.text, byte: 0, clean: self.start }
    }
}

/// Translates byte ranges of one block, asked in ascending order, into source spans.
pub(super) struct Places<'a> {
    document: &'a Document,
    text: &'a str,
    byte: usize,
    clean: usize,
}

impl Places<'_> {
    /// The source span of bytes `start..end` of the block, which begin at or behind the last
    /// range asked for and lie at char boundaries.
    pub(super) fn span(&mut self, start: usize, end: usize) -> Span {
        self.clean += chars::count(&self.text[self.byte..start]);
        self.byte = start;
        let length = chars::count(&self.text[start..end]);
        self.document.cleaning.span_to_source(Span::new(self.clean, self.clean + length))
    }
}
