//! The source text: the decoded file as a list of immutable, shared chunks.
//!
//! Invariants: chunks are contiguous and not empty; a chunk ends after an LF or, inside a line
//! longer than [`CHUNK_BYTES`], at a char boundary; only the empty text has no chunk. A
//! [`SourceText`] never changes: loading more gives a new one that shares the chunks, so passing a
//! snapshot to another thread copies no text.

use super::Span;
use std::{borrow::Cow, ops::Range, sync::Arc};
use str_indices::{chars, lines_lf};

/// Maximum size of a chunk in bytes.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// Maximum bytes of a char in UTF-8.
const MAX_CHAR_BYTES: usize = 4;

/// A position in the text in its three units, all counted from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Position {
    /// Bytes of UTF-8 before it.
    byte: usize,
    /// Chars before it.
    char: usize,
    /// Line feeds before it.
    line: usize,
}

impl Position {
    /// The position after `text`, which begins here.
    fn advanced_by(self, text: &str) -> Self {
        Self { byte: self.byte + text.len(), char: self.char + chars::count(text), line: self.line + lines_lf::count_breaks(text) }
    }
}

/// Chars between two entries of a chunk's char index, which bounds the scan for one char.
const INDEX_CHARS: usize = 64;

/// Up to this many chars line feeds are counted from a known line instead of from the start of the
/// chunk.
const MAX_COUNTED_CHARS: usize = CHUNK_BYTES / 8;

/// One immutable piece of the source text.
#[derive(Debug, Clone)]
pub struct Chunk {
    text: Arc<str>,
    start: Position,
    end: Position,
    /// Char index: the byte offset in `text` of every [`INDEX_CHARS`]th char, from the first on.
    char_index: Arc<[u32]>,
}

impl Chunk {
    fn new(text: &str, start: Position) -> Self {
        let end = start.advanced_by(text);
        let count = (end.char - start.char) / INDEX_CHARS + 1;
        let mut byte = 0;
        let char_index = (0..count).map(|index| {
            if index > 0 {
                byte += chars::to_byte_idx(&text[byte..], INDEX_CHARS);
            }
            byte as u32 // a chunk is far shorter than 4 GB
        });
        Self { char_index: char_index.collect(), text: Arc::from(text), start, end }
    }

    /// The chunk's text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The span of the chunk in the source text.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.start.char, self.end.char)
    }

    /// Byte offset within the chunk of char `offset` of the source.
    ///
    /// # Panics
    /// If `offset` is neither in the chunk nor at its end.
    #[must_use]
    pub fn char_to_byte(&self, offset: usize) -> usize {
        if self.text.len() == self.end.char - self.start.char {
            return offset - self.start.char; // all ASCII
        }
        let chars = offset - self.start.char;
        let from = self.char_index[chars / INDEX_CHARS] as usize;
        from + chars::to_byte_idx(&self.text[from..], chars % INDEX_CHARS)
    }

    /// The chars of the chunk from char `offset` of the source on; `offset` must be in the chunk or
    /// at its end.
    pub(super) fn chars_from(&self, offset: usize) -> std::str::Chars<'_> {
        self.text[self.char_to_byte(offset)..].chars()
    }

    /// Source offset of the char that holds byte `byte` of the chunk. The inverse of
    /// [`Self::char_to_byte`].
    fn byte_to_char(&self, byte: usize) -> usize {
        let entry = self.char_index.partition_point(|start| *start as usize <= byte) - 1;
        let from = self.char_index[entry] as usize;
        self.start.char + entry * INDEX_CHARS + chars::from_byte_idx(&self.text[from..], byte - from)
    }
}

/// The decoded text of a file: no BOM, line ends as LF, one U+FFFD for each undecodable sequence.
/// Offsets count chars. Cloning shares the text.
///
/// ```
/// use pizhu_text::text::{SourceText, Span};
///
/// let source = SourceText::from("一、抓落实\n青禾县");
/// assert_eq!((source.len(), source.len_bytes(), source.len_lines()), (9, 25, 2));
/// assert_eq!(source.slice(Span::new(6, 9)), "青禾县");
/// assert_eq!(source.char_to_byte(6), 16); // char 6 begins at byte 16,
/// assert_eq!(source.byte_to_char(16), 6);
/// assert_eq!(source.char_to_line(6), 1); // and is in line 1
/// assert_eq!(source.line_span(0), Span::new(0, 5)); // without its LF
/// ```
#[derive(Debug, Clone, Default)]
pub struct SourceText {
    chunks: Arc<Vec<Chunk>>,
    end: Position,
}

impl SourceText {
    /// Length in chars.
    #[must_use]
    pub fn len(&self) -> usize {
        self.end.char
    }

    /// Whether there is no char.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.end.char == 0
    }

    /// Length in bytes of UTF-8.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        self.end.byte
    }

    /// The whole text as a span.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(0, self.end.char)
    }

    /// Number of physical lines; a last line without a line feed counts.
    #[must_use]
    pub fn len_lines(&self) -> usize {
        let open = self.chunks.last().is_some_and(|chunk| !chunk.text.ends_with('\n'));
        self.end.line + usize::from(open)
    }

    /// The chunks in order.
    #[must_use]
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// Index of the chunk that holds char `offset`; the last at or past the end of the text; `None`
    /// for an empty text.
    fn chunk_index(&self, offset: usize) -> Option<usize> {
        let after = self.chunks.partition_point(|chunk| chunk.start.char <= offset);
        after.checked_sub(1)
    }

    /// The chunks from the one that holds `offset` on, and the chars of the first from `offset` on.
    pub(super) fn chunks_from(&self, offset: usize) -> (&[Chunk], std::str::Chars<'_>) {
        match self.chunk_index(offset) {
            Some(index) => {
                let chunk = &self.chunks[index];
                (&self.chunks[index..], chunk.chars_from(offset.min(chunk.end.char)))
            }
            None => (&[], "".chars()),
        }
    }

    /// The text of `span` as one piece for each chunk, in order and without copying.
    /// A span past the end of the text is cut there.
    pub fn pieces(&self, span: Span) -> impl Iterator<Item = &str> {
        let first = self.chunk_index(span.start).unwrap_or(0);
        self.chunks[first.min(self.chunks.len())..]
            .iter()
            .take_while(move |chunk| chunk.start.char < span.end)
            .map(move |chunk| {
                let here = chunk.span();
                let from = span.start.clamp(here.start, here.end);
                let to = span.end.clamp(here.start, here.end);
                &chunk.text[chunk.char_to_byte(from)..chunk.char_to_byte(to)]
            })
            .filter(|piece| !piece.is_empty())
    }

    /// The text of `span`; borrowed if it is in one chunk.
    #[must_use]
    pub fn slice(&self, span: Span) -> Cow<'_, str> {
        let mut pieces = self.pieces(span);
        let Some(first) = pieces.next() else { return Cow::Borrowed("") };
        let Some(second) = pieces.next() else { return Cow::Borrowed(first) };
        let mut joined = String::with_capacity(first.len() + second.len());
        joined.push_str(first);
        joined.push_str(second);
        joined.extend(pieces);
        Cow::Owned(joined)
    }

    /// The text of `span` as a byte range of a reference-counted text: that of the chunk if `span`
    /// is in one, otherwise a copy.
    #[must_use]
    pub fn shared_slice(&self, span: Span) -> (Arc<str>, Range<usize>) {
        let span = Span::new(span.start.min(self.end.char), span.end.min(self.end.char));
        if let Some(chunk) = self.chunk_index(span.start).map(|index| &self.chunks[index])
            && span.end <= chunk.end.char
        {
            return (Arc::clone(&chunk.text), chunk.char_to_byte(span.start)..chunk.char_to_byte(span.end));
        }
        let text: Arc<str> = self.slice(span).into();
        let len = text.len();
        (text, 0..len)
    }

    /// The char at `offset`; `None` at or past the end.
    #[must_use]
    pub fn char_at(&self, offset: usize) -> Option<char> {
        self.chars_from(offset).next().map(|(_, c)| c)
    }

    /// The chars from `offset` to the end, each with its offset.
    pub fn chars_from(&self, offset: usize) -> impl Iterator<Item = (usize, char)> {
        self.pieces(Span::new(offset, self.end.char)).flat_map(str::chars).zip(offset..).map(|(c, at)| (at, c))
    }

    /// The chars before `offset`, last first, each with its offset.
    pub fn chars_before(&self, offset: usize) -> impl Iterator<Item = (usize, char)> {
        let offset = offset.min(self.end.char);
        let last = self.chunk_index(offset).map_or(0, |index| index + 1);
        self.chunks[..last]
            .iter()
            .rev()
            .map(move |chunk| {
                let to = offset.clamp(chunk.start.char, chunk.end.char);
                &chunk.text[..chunk.char_to_byte(to)]
            })
            .flat_map(|piece| piece.chars().rev())
            .zip((0..offset).rev())
            .map(|(c, at)| (at, c))
    }

    /// Byte offset (in the text as UTF-8) of char `offset`; the length in bytes at or past the end.
    #[must_use]
    pub fn char_to_byte(&self, offset: usize) -> usize {
        if offset >= self.end.char {
            return self.end.byte;
        }
        self.chunk_index(offset).map_or(0, |index| self.chunks[index].start.byte + self.chunks[index].char_to_byte(offset))
    }

    /// Offset of the char that holds byte `byte` (of the text as UTF-8); the length in chars at or
    /// past the end. The inverse of [`Self::char_to_byte`].
    #[must_use]
    pub fn byte_to_char(&self, byte: usize) -> usize {
        if byte >= self.end.byte {
            return self.end.char;
        }
        let after = self.chunks.partition_point(|chunk| chunk.start.byte <= byte);
        after.checked_sub(1).map_or(0, |index| {
            let chunk = &self.chunks[index];
            chunk.byte_to_char(byte - chunk.start.byte)
        })
    }

    /// Index of the physical line (from 0) that holds char `offset`; an LF belongs to the line it
    /// ends.
    #[must_use]
    pub fn char_to_line(&self, offset: usize) -> usize {
        let offset = offset.min(self.end.char);
        self.chunk_index(offset).map_or(0, |index| {
            let chunk = &self.chunks[index];
            chunk.start.line + lines_lf::from_byte_idx(&chunk.text, chunk.char_to_byte(offset))
        })
    }

    /// [`Self::char_to_line`] of `offset`, given that char `before` is in line `line`. Cheap if
    /// `offset` is shortly after `before`.
    #[must_use]
    pub fn char_to_line_from(&self, before: usize, line: usize, offset: usize) -> usize {
        if (before..before + MAX_COUNTED_CHARS).contains(&offset) {
            let breaks: usize = self.pieces(Span::new(before, offset)).map(lines_lf::count_breaks).sum();
            return line + breaks;
        }
        self.char_to_line(offset)
    }

    /// The span of physical line `line` (from 0) without its LF; past the last line, the empty span
    /// at the end of the text.
    #[must_use]
    pub fn line_span(&self, line: usize) -> Span {
        let start = self.line_start(line);
        let next = self.line_start(line + 1);
        let ended = next > start && self.chars_before(next).next().is_some_and(|(_, c)| c == '\n');
        Span::new(start, next - usize::from(ended))
    }

    /// Offset of the first char of line `line`; past the last line, the length of the text.
    fn line_start(&self, line: usize) -> usize {
        if line == 0 {
            return 0;
        }
        if line > self.end.line {
            return self.end.char;
        }
        // The first chunk that ends in this line or later holds the LF before it.
        let index = self.chunks.partition_point(|chunk| chunk.end.line < line);
        let chunk = &self.chunks[index];
        let byte = lines_lf::to_byte_idx(&chunk.text, line - chunk.start.line);
        chunk.byte_to_char(byte)
    }

    /// The physical lines in order: the span of each without its LF, and its text.
    pub fn lines(&self) -> impl Iterator<Item = (Span, Cow<'_, str>)> {
        let mut at = 0;
        let mut chunk = 0;
        let mut byte = 0;
        std::iter::from_fn(move || {
            let mut joined: Option<String> = None;
            let start = at;
            loop {
                let Some(here) = self.chunks.get(chunk) else {
                    return joined.map(|text| (Span::new(start, at), Cow::Owned(text)));
                };
                let rest = &here.text[byte..];
                let found = memchr::memchr(b'\n', rest.as_bytes());
                let piece = &rest[..found.unwrap_or(rest.len())];
                at += chars::count(piece);
                if found.is_some() && byte + piece.len() + 1 < here.text.len() {
                    byte += piece.len() + 1;
                } else {
                    chunk += 1;
                    byte = 0;
                }
                if found.is_some() {
                    let span = Span::new(start, at);
                    at += 1;
                    return Some(match joined {
                        None => (span, Cow::Borrowed(piece)),
                        Some(mut text) => {
                            text.push_str(piece);
                            (span, Cow::Owned(text))
                        }
                    });
                }
                joined.get_or_insert_default().push_str(piece);
            }
        })
    }
}

/// Copies a text that already has LF line ends and no BOM.
impl From<&str> for SourceText {
    fn from(text: &str) -> Self {
        let mut builder = SourceBuilder::default();
        builder.push_str(text);
        builder.finish()
    }
}

impl PartialEq for SourceText {
    fn eq(&self, other: &Self) -> bool {
        self.end == other.end && self.pieces(self.span()).flat_map(str::bytes).eq(other.pieces(other.span()).flat_map(str::bytes))
    }
}

impl Eq for SourceText {}

/// Builds a [`SourceText`] from text that comes in blocks.
///
/// ```
/// use pizhu_text::text::SourceBuilder;
///
/// let mut builder = SourceBuilder::default();
/// builder.push_str("第一行\n第");
/// let snapshot = builder.snapshot();
/// builder.push_str("二行");
/// assert_eq!((snapshot.len(), builder.finish().len()), (5, 7)); // chars
/// ```
#[derive(Debug, Default)]
pub struct SourceBuilder {
    chunks: Vec<Chunk>,
    end: Position,
    pending: String,
}

impl SourceBuilder {
    /// Appends text.
    pub fn push_str(&mut self, mut text: &str) {
        while self.pending.len() + text.len() > CHUNK_BYTES {
            let before = self.pending.len();
            if before == 0 {
                let cut = self.push_chunk(text);
                text = &text[cut..];
                continue;
            }
            // Enough to find the cut of the chunk; the rest is copied only once.
            let more = text.floor_char_boundary(CHUNK_BYTES + MAX_CHAR_BYTES - before);
            let mut pending = std::mem::take(&mut self.pending);
            pending.push_str(&text[..more]);
            let cut = self.push_chunk(&pending);
            if let Some(taken) = cut.checked_sub(before) {
                text = &text[taken..];
            } else {
                text = &text[more..];
                self.pending.push_str(&pending[cut..]);
            }
        }
        self.pending.push_str(text);
    }

    /// Cuts a chunk off the start of a text longer than one; returns its length in bytes.
    fn push_chunk(&mut self, text: &str) -> usize {
        let bound = text.floor_char_boundary(CHUNK_BYTES);
        let cut = memchr::memrchr(b'\n', &text.as_bytes()[..bound]).map_or(bound, |lf| lf + 1);
        let chunk = Chunk::new(&text[..cut], self.end);
        self.end = chunk.end;
        self.chunks.push(chunk);
        cut
    }

    /// The text so far, sharing the complete chunks.
    #[must_use]
    pub fn snapshot(&self) -> SourceText {
        let mut chunks = self.chunks.clone();
        let mut end = self.end;
        if !self.pending.is_empty() {
            let chunk = Chunk::new(&self.pending, self.end);
            end = chunk.end;
            chunks.push(chunk);
        }
        SourceText { chunks: Arc::new(chunks), end }
    }

    /// The complete text.
    #[must_use]
    pub fn finish(self) -> SourceText {
        self.snapshot()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A text long enough for several chunks, with lines of many lengths.
    fn long_text() -> String {
        (0..9000).flat_map(|n| ["汉字a𠀀".repeat(n % 5), (if n % 7 == 0 { "\n" } else { "，" }).to_owned()]).collect()
    }

    #[test]
    fn chunks_are_contiguous_and_end_at_lines() {
        let text = long_text();
        let source = SourceText::from(text.as_str());
        assert!(source.chunks().len() > 1);
        let mut at = 0;
        for (index, chunk) in source.chunks().iter().enumerate() {
            assert_eq!(chunk.span().start, at);
            at = chunk.span().end;
            assert!(index + 1 == source.chunks().len() || chunk.text().ends_with('\n'));
        }
        assert_eq!(at, text.chars().count());
        assert_eq!(source.slice(source.span()), text);
    }

    #[test]
    fn a_line_longer_than_a_chunk_is_one_line() {
        let text = "字".repeat(100_000) + "\n尾";
        let source = SourceText::from(text.as_str());
        assert!(source.chunks().len() > 3);
        assert_eq!(source.len_lines(), 2);
        assert_eq!(source.line_span(0), Span::new(0, 100_000));
        let lines: Vec<_> = source.lines().map(|(span, text)| (span, text.chars().count())).collect();
        assert_eq!(lines, [(Span::new(0, 100_000), 100_000), (Span::new(100_001, 100_002), 1)]);
    }

    #[test]
    fn an_empty_text_has_no_lines() {
        let source = SourceText::default();
        assert_eq!((source.len(), source.len_lines(), source.char_to_line(0), source.char_to_byte(3)), (0, 0, 0, 0));
        assert_eq!(source.slice(Span::new(0, 5)), "");
        assert_eq!(source.chars_before(4).count() + source.chars_from(0).count() + source.lines().count(), 0);
        assert_eq!(source.line_span(0), Span::empty(0));
    }

    #[test]
    fn a_snapshot_shares_the_complete_chunks() {
        let mut builder = SourceBuilder::default();
        builder.push_str(&long_text());
        let first = builder.snapshot();
        builder.push_str("再来一行");
        let second = builder.finish();
        assert!(Arc::ptr_eq(&first.chunks[0].text, &second.chunks[0].text));
        assert!(second.len() > first.len());
    }

    proptest! {
        /// Blocks of any size give the same text; bytes, chars and lines map there and back.
        #[test]
        fn offsets_bytes_and_lines_are_inverse(pieces in prop::collection::vec("[a字𠀀\n，]{0,40}", 0..20), long in any::<bool>()) {
            let mut builder = SourceBuilder::default();
            let mut text = if long { "长行".repeat(40_000) } else { String::new() };
            builder.push_str(&text);
            for piece in &pieces {
                builder.push_str(piece);
                text.push_str(piece);
            }
            let source = builder.finish();
            let chars: Vec<char> = text.chars().collect();
            prop_assert_eq!(source.len(), chars.len());
            let from = chars.len().saturating_sub(300);
            let mut line = text.chars().take(from).filter(|&c| c == '\n').count();
            for (offset, (byte, c)) in text.char_indices().enumerate().skip(from) {
                prop_assert_eq!(source.char_at(offset), Some(c));
                prop_assert_eq!(source.char_to_byte(offset), byte);
                prop_assert_eq!(source.byte_to_char(byte), offset);
                prop_assert_eq!(source.char_to_line(offset), line);
                prop_assert!(source.line_span(line).start <= offset && offset <= source.line_span(line).end);
                line += usize::from(c == '\n');
            }
            let lines: Vec<String> = source.lines().map(|(span, text)| { assert_eq!(source.slice(span), text); text.into_owned() }).collect();
            let expected: Vec<String> = text.lines().map(str::to_owned).collect();
            prop_assert_eq!(&lines, &expected);
            prop_assert_eq!(source.len_lines(), expected.len());
            for span in [Span::new(from, chars.len()), Span::new(from / 2, from), Span::new(chars.len(), chars.len() + 9)] {
                let (kept, bytes) = source.shared_slice(span);
                prop_assert_eq!(&kept[bytes], &*source.slice(span));
            }
            let back: String = source.chars_before(chars.len()).map(|(_, c)| c).collect();
            prop_assert_eq!(back.chars().rev().collect::<String>(), text);
        }
    }
}
