//! The cleaned text in blocks, with the way back from their bytes to source offsets.

use crate::document::Document;
use crate::text::Removed;
use crate::text::Span;
use crate::text::source::Chunk;
use str_indices::chars;

/// Short pieces of cleaned text are gathered until a block holds this many bytes.
const BLOCK_BYTES: usize = 128 * 1024;

/// Bytes of a piece that is searched where it stands.
const LONG_BYTES: usize = 2 * 1024;

/// Chars that are sooner counted than looked up.
const FEW_CHARS: usize = 64;

/// What of a block must be seen again with the next one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Carry {
    /// This many chars: one less than the longest match has.
    Chars(usize),
    /// The last line, as far as it has come: matches lie within lines.
    Line,
}

/// Walks the cleaned text of a span of a document.
///
/// Where nothing is taken out for long, a block is the text as it stands in its chunk, not copied;
/// what reaches into it from the block before is seen in a block of its own, made of the end of
/// the one and as much of the other.
pub(super) struct Blocks<'a> {
    document: &'a Document,
    carry: Carry,
    pieces: Pieces<'a>,
    /// The block, and the clean offset of its first char.
    block: Block<'a>,
    start: usize,
    /// The piece that comes next, and the clean offset of its first char.
    next: Option<&'a str>,
    ahead: usize,
    /// What was gathered last, kept for its memory.
    text: String,
}

#[derive(Clone, Copy)]
enum Block<'a> {
    /// What was gathered.
    Gathered,
    /// What was gathered, the end of which, from this byte on, is the beginning of the next piece.
    Seam(usize),
    /// A piece as it stands.
    Piece(&'a str),
}

impl<'a> Blocks<'a> {
    pub(super) fn new(document: &'a Document, span: Span, carry: Carry) -> Self {
        let mut pieces = Pieces::new(document, span);
        let start = document.cleaning.to_clean(span.start);
        let next = pieces.next();
        Self { document, carry, pieces, block: Block::Gathered, start, next, ahead: start, text: String::new() }
    }

    /// The block as it stands: cleaned text.
    pub(super) fn text(&self) -> &str {
        match self.block {
            Block::Gathered | Block::Seam(_) => &self.text,
            Block::Piece(text) => text,
        }
    }

    /// Whether the text ends with this block.
    pub(super) fn is_last(&self) -> bool {
        self.next.is_none()
    }

    /// Drops the bytes before `keep_from` and reads on; `false` at the end of the text.
    /// `keep_from` must be a char boundary, and not before what [`Self::keep_from`] says.
    pub(super) fn advance(&mut self, keep_from: usize) -> bool {
        let Some(next) = self.next else { return false };
        if let Block::Seam(begin) = self.block {
            let from = keep_from.saturating_sub(begin);
            self.block = Block::Piece(&next[from..]);
            self.start = self.ahead + chars::count(&next[..from]);
            self.take();
            return true;
        }
        match self.block {
            Block::Piece(text) => {
                self.text.clear();
                self.text.push_str(&text[keep_from..]);
            }
            _ => drop(self.text.drain(..keep_from)),
        }
        // What is kept is short.
        self.start = self.ahead - chars::count(&self.text);
        match self.carry {
            Carry::Chars(count) if is_long(next, count) => {
                if self.text.is_empty() {
                    self.block = Block::Piece(next);
                    self.take();
                } else {
                    self.block = Block::Seam(self.text.len());
                    self.text.push_str(&next[..chars::to_byte_idx(next, count)]);
                }
            }
            _ => {
                self.block = Block::Gathered;
                let enough = self.text.len() + BLOCK_BYTES;
                while let Some(next) = self.next.filter(|_| self.text.len() < enough) {
                    if matches!(self.carry, Carry::Chars(count) if is_long(next, count)) {
                        break;
                    }
                    self.text.push_str(next);
                    self.take();
                }
            }
        }
        true
    }

    /// Goes on to the piece behind the next.
    fn take(&mut self) {
        self.ahead += self.pieces.taken;
        self.next = self.pieces.next();
    }

    /// Where the block must be kept from to find what reaches beyond it. Nothing before byte
    /// `searched` is kept.
    pub(super) fn keep_from(&self, searched: usize) -> usize {
        let text = self.text();
        let from = match self.carry {
            Carry::Line => memchr::memrchr(b'\n', text.as_bytes()).map_or(0, |lf| lf + 1),
            Carry::Chars(0) => text.len(),
            Carry::Chars(count) => text.char_indices().rev().nth(count - 1).map_or(0, |(byte, _)| byte),
        };
        from.max(searched)
    }

    /// A translator of this block's bytes into source spans.
    pub(super) fn places(&self) -> Places<'_> {
        Places { document: self.document, text: self.text(), byte: 0, clean: self.start }
    }
}

/// Whether a piece is worth a seam before it, where so many chars are carried over.
fn is_long(piece: &str, carried: usize) -> bool {
    piece.len() >= LONG_BYTES && piece.len() / 16 > carried
}

/// The pieces of the source between what cleaning removes, each within one chunk.
struct Pieces<'a> {
    document: &'a Document,
    span: Span,
    /// The next chunk of the source, and the one at hand with the char and byte that come next.
    chunk: usize,
    here: Option<(&'a Chunk, usize, usize)>,
    /// The removed ranges not yet passed.
    removed: &'a [Removed],
    /// Chars of the piece that was given last.
    taken: usize,
}

impl<'a> Pieces<'a> {
    fn new(document: &'a Document, span: Span) -> Self {
        let chunk = document.source.chunks().partition_point(|chunk| chunk.span().end <= span.start);
        Self { document, span, chunk, here: None, removed: document.cleaning.within(span), taken: 0 }
    }

    /// The next piece; none is empty.
    fn next(&mut self) -> Option<&'a str> {
        loop {
            let (chunk, at, byte) = if let Some(here) = self.here.take() {
                here
            } else {
                let chunk = self.document.source.chunks().get(self.chunk).filter(|chunk| chunk.span().start < self.span.end)?;
                self.chunk += 1;
                let at = self.span.start.max(chunk.span().start);
                (chunk, at, chunk.byte_at(at))
            };
            let end = self.span.end.min(chunk.span().end);
            let Some(removed) = self.removed.first().filter(|removed| removed.span.start < end) else {
                let text = &chunk.text()[byte..chunk.byte_at(end)];
                self.taken = end - at;
                if text.is_empty() {
                    continue;
                }
                return Some(text);
            };
            let begin = removed.span.start.max(at);
            let to = if begin > at { chunk.byte_at(begin) } else { byte };
            let behind = removed.span.end.clamp(begin, end);
            // What is removed is mostly short, and sooner counted than looked up.
            let byte_behind = if behind - begin < FEW_CHARS {
                to + chars::to_byte_idx(&chunk.text()[to..], behind - begin)
            } else {
                chunk.byte_at(behind)
            };
            // What goes on in the next chunk is met there again.
            if removed.span.end <= end {
                self.removed = &self.removed[1..];
            }
            if behind < end {
                self.here = Some((chunk, behind, byte_behind));
            }
            if to > byte {
                self.taken = begin - at;
                return Some(&chunk.text()[byte..to]);
            }
        }
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
