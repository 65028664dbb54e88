//! Blocks of cleaned text, with translation of their byte ranges into source spans.

use crate::text::CleanText;
use crate::text::RemovedRange;
use crate::text::Span;
use crate::text::source::Chunk;
use str_indices::chars;

/// Minimum size in bytes of a block joined from short pieces.
const BLOCK_BYTES: usize = 128 * 1024;

/// Minimum size in bytes of a piece that is searched without being copied.
const MIN_BORROWED_BYTES: usize = 2 * 1024;

/// Up to this many chars are counted instead of looked up in the char index of the chunk.
const MAX_COUNTED_CHARS: usize = 64;

/// Overlap carried into the next block.
#[derive(Debug, Clone, Copy)]
pub(super) enum Overlap {
    /// This many chars: one less than the longest match.
    Chars(usize),
    /// The incomplete last line: matches do not cross lines.
    Line,
}

/// Reader of the cleaned text of a span of a document, block by block.
///
/// A long piece without removed ranges is a block by itself, borrowed from its chunk. Matches that
/// begin before such a block are found in a block of their own, the seam: the end of the previous
/// block and the start of the piece.
pub(super) struct Blocks<'a> {
    clean_text: &'a CleanText,
    overlap: Overlap,
    pieces: KeptPieces<'a>,
    /// The current block.
    block: TextBlock<'a>,
    /// Clean offset of the block.
    start: usize,
    /// The next piece.
    next: Option<&'a str>,
    /// Clean offset of the next piece.
    next_start: usize,
    /// The text of the last joined block or seam; reused for its memory.
    text: String,
}

#[derive(Clone, Copy)]
enum TextBlock<'a> {
    /// Short pieces joined in [`Blocks::text`].
    Joined,
    /// The end of the previous block and, from this byte of [`Blocks::text`] on, the start of the
    /// next piece.
    Seam(usize),
    /// A long piece, borrowed.
    Piece(&'a str),
}

impl<'a> Blocks<'a> {
    pub(super) fn new(clean_text: &'a CleanText, span: Span, overlap: Overlap) -> Self {
        let mut pieces = KeptPieces::new(clean_text, span);
        let start = clean_text.cleaning.to_clean(span.start);
        let next = pieces.next();
        Self { clean_text, overlap, pieces, block: TextBlock::Joined, start, next, next_start: start, text: String::new() }
    }

    /// The cleaned text of the block.
    pub(super) fn text(&self) -> &str {
        match self.block {
            TextBlock::Joined | TextBlock::Seam(_) => &self.text,
            TextBlock::Piece(text) => text,
        }
    }

    /// Whether the text ends with this block.
    pub(super) fn is_last(&self) -> bool {
        self.next.is_none()
    }

    /// Advances to the next block, which overlaps this one from byte `keep_from` on; `false` at the
    /// end of the text. `keep_from` is a char boundary, not before [`Self::overlap_start`].
    pub(super) fn advance(&mut self, keep_from: usize) -> bool {
        let Some(next) = self.next else { return false };
        if let TextBlock::Seam(begin) = self.block {
            let from = keep_from.saturating_sub(begin);
            self.block = TextBlock::Piece(&next[from..]);
            self.start = self.next_start + chars::count(&next[..from]);
            self.next_piece();
            return true;
        }
        match self.block {
            TextBlock::Piece(text) => {
                self.text.clear();
                self.text.push_str(&text[keep_from..]);
            }
            _ => drop(self.text.drain(..keep_from)),
        }
        // The overlap is short, so counting is cheap.
        self.start = self.next_start - chars::count(&self.text);
        match self.overlap {
            Overlap::Chars(count) if is_long(next, count) => {
                if self.text.is_empty() {
                    self.block = TextBlock::Piece(next);
                    self.next_piece();
                } else {
                    self.block = TextBlock::Seam(self.text.len());
                    self.text.push_str(&next[..chars::to_byte_idx(next, count)]);
                }
            }
            _ => {
                self.block = TextBlock::Joined;
                let full = self.text.len() + BLOCK_BYTES;
                while let Some(next) = self.next.filter(|_| self.text.len() < full) {
                    if matches!(self.overlap, Overlap::Chars(count) if is_long(next, count)) {
                        break;
                    }
                    self.text.push_str(next);
                    self.next_piece();
                }
            }
        }
        true
    }

    /// Consumes the next piece.
    fn next_piece(&mut self) {
        self.next_start += self.pieces.piece_chars;
        self.next = self.pieces.next();
    }

    /// First byte of the overlap that the next block needs, not before byte `searched`, the end of
    /// the last hit.
    pub(super) fn overlap_start(&self, searched: usize) -> usize {
        let text = self.text();
        let from = match self.overlap {
            Overlap::Line => memchr::memrchr(b'\n', text.as_bytes()).map_or(0, |lf| lf + 1),
            Overlap::Chars(0) => text.len(),
            Overlap::Chars(count) => text.char_indices().rev().nth(count - 1).map_or(0, |(byte, _)| byte),
        };
        from.max(searched)
    }

    /// Translator of byte ranges of this block into source spans.
    pub(super) fn spans(&self) -> BlockSpans<'_> {
        BlockSpans { clean_text: self.clean_text, text: self.text(), byte: 0, clean: self.start }
    }
}

/// Whether a piece is long enough to be borrowed, with a seam before it, for an overlap of so many
/// chars.
fn is_long(piece: &str, overlap: usize) -> bool {
    piece.len() >= MIN_BORROWED_BYTES && piece.len() / 16 > overlap
}

/// The kept pieces of the source between removed ranges, each within one chunk.
struct KeptPieces<'a> {
    clean_text: &'a CleanText,
    span: Span,
    /// Index of the next chunk.
    chunk: usize,
    /// The current chunk, with the source offset of the next char and its byte in the chunk.
    current: Option<(&'a Chunk, usize, usize)>,
    /// The removed ranges that follow.
    removed: &'a [RemovedRange],
    /// Length in chars of the last piece.
    piece_chars: usize,
}

impl<'a> KeptPieces<'a> {
    fn new(clean_text: &'a CleanText, span: Span) -> Self {
        let chunk = clean_text.source.chunks().partition_point(|chunk| chunk.span().end <= span.start);
        Self { clean_text, span, chunk, current: None, removed: clean_text.cleaning.removed_in(span), piece_chars: 0 }
    }

    /// The next piece; none is empty.
    fn next(&mut self) -> Option<&'a str> {
        loop {
            let (chunk, at, byte) = if let Some(current) = self.current.take() {
                current
            } else {
                let chunk = self.clean_text.source.chunks().get(self.chunk).filter(|chunk| chunk.span().start < self.span.end)?;
                self.chunk += 1;
                let at = self.span.start.max(chunk.span().start);
                (chunk, at, chunk.char_to_byte(at))
            };
            let end = self.span.end.min(chunk.span().end);
            let Some(removed) = self.removed.first().filter(|removed| removed.span.start < end) else {
                let text = &chunk.text()[byte..chunk.char_to_byte(end)];
                self.piece_chars = end - at;
                if text.is_empty() {
                    continue;
                }
                return Some(text);
            };
            let begin = removed.span.start.max(at);
            let to = if begin > at { chunk.char_to_byte(begin) } else { byte };
            let after = removed.span.end.clamp(begin, end);
            // Removed ranges are mostly short.
            let byte_after = if after - begin < MAX_COUNTED_CHARS {
                to + chars::to_byte_idx(&chunk.text()[to..], after - begin)
            } else {
                chunk.char_to_byte(after)
            };
            // A range that continues in the next chunk is met there again.
            if removed.span.end <= end {
                self.removed = &self.removed[1..];
            }
            if after < end {
                self.current = Some((chunk, after, byte_after));
            }
            if to > byte {
                self.piece_chars = begin - at;
                return Some(&chunk.text()[byte..to]);
            }
        }
    }
}

/// Translates ascending byte ranges of one block into source spans.
pub(super) struct BlockSpans<'a> {
    clean_text: &'a CleanText,
    text: &'a str,
    /// Start of the last range, in bytes of the block.
    byte: usize,
    /// Its clean offset.
    clean: usize,
}

impl BlockSpans<'_> {
    /// The source span of bytes `start..end` of the block: char boundaries, and `start` not before
    /// that of the last call.
    pub(super) fn span(&mut self, start: usize, end: usize) -> Span {
        self.clean += chars::count(&self.text[self.byte..start]);
        self.byte = start;
        let length = chars::count(&self.text[start..end]);
        self.clean_text.cleaning.span_to_source(Span::new(self.clean, self.clean + length))
    }
}
