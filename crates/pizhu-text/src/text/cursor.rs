//! A place in the running text that moves forward: the source without what cleaning removes.
//!
//! Cheap to clone, so looking ahead is walking a copy.

use super::{Cleaning, SourceText, Span, clean::Removed, source::Chunk};
use std::str::Chars;
use str_indices::chars;

/// Up to this far ahead chars are counted rather than looked up.
const NEAR: usize = 96;

/// Walks the chars of a source from some offset on, skipping removed ranges.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    /// The chunk that holds the offset, and those behind it.
    chunks: &'a [Chunk],
    /// What is left of the first of them.
    chars: Chars<'a>,
    removed: &'a [Removed],
    offset: usize,
    /// Up to here chars come one after another: the next removed range or the end.
    stop: usize,
    end: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor over `span` of `source`, without what `cleaning` removes.
    #[must_use]
    pub fn new(source: &'a SourceText, cleaning: &'a Cleaning, span: Span) -> Self {
        let mut cursor = Self::raw(source, span);
        let all = cleaning.removed();
        cursor.removed = &all[all.partition_point(|removed| removed.span.end <= span.start)..];
        cursor.look_ahead();
        cursor
    }

    /// A cursor over `span` of `source` as it stands.
    #[must_use]
    pub fn raw(source: &'a SourceText, span: Span) -> Self {
        let (chunks, chars) = source.chunks_from(span.start);
        let end = span.end.min(source.len());
        Self { chunks, chars, removed: &[], offset: span.start.min(source.len()), stop: end, end }
    }

    /// Moves on to `span`, which begins at or behind [`Self::offset`], and ends there from now
    /// on. Cheap however far it is.
    pub fn move_to(&mut self, span: Span) {
        let ahead = span.start.saturating_sub(self.offset);
        let text = self.chars.as_str();
        // Within the chunk and near, so that counting is less than looking up.
        let near = if ahead <= NEAR { chars::to_byte_idx(text, ahead) } else { text.len() };
        if near < text.len() {
            self.chars = text[near..].chars();
            self.offset += ahead;
        } else if ahead > 0 {
            let gone = self.chunks.iter().take_while(|chunk| chunk.span().end <= span.start).count();
            self.chunks = &self.chunks[gone.min(self.chunks.len().saturating_sub(1))..];
            if let Some(chunk) = self.chunks.first() {
                self.offset = span.start.min(chunk.span().end);
                self.chars = chunk.chars_from(self.offset);
            }
        }
        while let Some((first, rest)) = self.removed.split_first()
            && first.span.end <= self.offset
        {
            self.removed = rest;
        }
        self.end = span.end;
        self.look_ahead();
    }

    /// The offset of the char that comes next, before removed ranges are skipped.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The next kept char and its offset, without moving.
    #[must_use]
    #[inline]
    pub fn peek(&self) -> Option<(usize, char)> {
        if self.offset < self.stop
            && let Some(c) = self.chars.clone().next()
        {
            return Some((self.offset, c));
        }
        self.clone().next()
    }

    /// Moves past white space other than line ends, at most `limit` chars.
    pub fn skip_blanks(&mut self, limit: usize) {
        for _ in 0..limit {
            match self.peek() {
                Some((_, c)) if c != '\n' && is_blank(c) => self.next(),
                _ => return,
            };
        }
    }

    /// Moves past the chars that come next and are all in `set`, as far as they stand in one
    /// piece; the last of them, if there is one.
    pub fn skip_run(&mut self, set: &PlainSet) -> Option<char> {
        let text = self.chars.as_str();
        let (count, bytes) = set.run(text.as_bytes(), self.stop.saturating_sub(self.offset));
        let (run, rest) = text.split_at_checked(bytes)?;
        self.chars = rest.chars();
        self.offset += count;
        run.chars().next_back()
    }

    /// Finds where the next removed range or the end comes.
    fn look_ahead(&mut self) {
        self.stop = self.removed.first().map_or(self.end, |next| next.span.start.min(self.end));
    }

    #[inline]
    fn step(&mut self) -> Option<char> {
        loop {
            if let Some(c) = self.chars.next() {
                self.offset += 1;
                return Some(c);
            }
            let (_, rest) = self.chunks.split_first()?;
            self.chunks = rest;
            self.chars = rest.first()?.text().chars();
        }
    }

    /// Moves past the removed ranges that come next; `None` at the end.
    #[cold]
    fn skip_removed(&mut self) -> Option<()> {
        while let Some((first, rest)) = self.removed.split_first()
            && self.offset >= first.span.start
        {
            while self.offset < first.span.end {
                self.step()?;
            }
            self.removed = rest;
        }
        self.look_ahead();
        (self.offset < self.end).then_some(())
    }
}

impl Iterator for Cursor<'_> {
    type Item = (usize, char);

    #[inline]
    fn next(&mut self) -> Option<(usize, char)> {
        if self.offset >= self.stop {
            self.skip_removed()?;
        }
        let at = self.offset;
        self.step().map(|c| (at, c))
    }
}

/// A set of chars that take three bytes in UTF-8 (U+0800 to U+FFFF), which are most of what a
/// Chinese text is made of, so that a pass can leap over those that mean nothing to it.
///
/// Laid out by their bytes: a word for the first two, a bit for the third.
#[derive(Debug)]
pub struct PlainSet([u64; 16 * 64]);

impl PlainSet {
    /// The ideographs of the basic block (U+4E00 to U+9FFF) but those in `except`.
    #[must_use]
    pub const fn ideographs_but(except: &[char]) -> Self {
        let mut set = [0; 16 * 64];
        let mut word = 0x4E00 / 64;
        while word <= 0x9FFF / 64 {
            set[word] = u64::MAX;
            word += 1;
        }
        let mut index = 0;
        while index < except.len() {
            let code = except[index] as usize;
            set[code / 64] &= !(1 << (code % 64));
            index += 1;
        }
        Self(set)
    }

    /// The same set and the chars in `more`.
    #[must_use]
    pub const fn and(mut self, more: &[char]) -> Self {
        let mut index = 0;
        while index < more.len() {
            let code = more[index] as usize;
            self.0[code / 64] |= 1 << (code % 64);
            index += 1;
        }
        self
    }

    /// Whether `c` is in the set.
    #[must_use]
    pub fn contains(&self, c: char) -> bool {
        let mut bytes = [0; 4];
        self.run(c.encode_utf8(&mut bytes).as_bytes(), 1).0 == 1
    }

    /// `text` in two: the chars at its start that are all in the set, and the rest.
    #[must_use]
    pub fn split<'a>(&self, text: &'a str) -> (&'a str, &'a str) {
        let (_, bytes) = self.run(text.as_bytes(), usize::MAX);
        text.split_at_checked(bytes).unwrap_or(("", text))
    }

    /// How many chars at the start of `bytes`, which are UTF-8, are all in the set, at most
    /// `limit`; and how many bytes they take.
    fn run(&self, bytes: &[u8], limit: usize) -> (usize, usize) {
        // Of two bytes that begin no char of three the place lies outside the table.
        const FIRST: usize = 0xE0 * 64 + 0x80;
        let (chars, _) = bytes.as_chunks::<3>();
        let chars = &chars[..chars.len().min(limit)];
        let outside = chars.iter().position(|[first, second, third]| {
            let place = (usize::from(*first) * 64 + usize::from(*second)).wrapping_sub(FIRST);
            self.0.get(place).is_none_or(|word| word >> (third % 64) & 1 == 0)
        });
        let count = outside.unwrap_or(chars.len());
        (count, 3 * count)
    }
}

/// White space, and the invisible characters that dirty texts have in its place.
#[must_use]
#[inline]
pub fn is_blank(c: char) -> bool {
    match c {
        ' ' | '\t' | '\n' | '\r' | '\u{3000}' | '\u{A0}' | '\u{200B}'..='\u{200D}' | '\u{FEFF}' | '\u{2060}' | '\u{AD}' => true,
        '\u{0}'..='\u{7E}' | '\u{2E80}'..='\u{9FFF}' => false,
        _ => c.is_whitespace(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::RemovedKind;

    #[test]
    fn removed_ranges_are_skipped_and_offsets_are_the_source_s() {
        let source = SourceText::from("一二三四五六");
        let cleaning = Cleaning::new(vec![(Span::new(1, 3), RemovedKind::PageMark), (Span::new(3, 4), RemovedKind::Gloss)]);
        let seen: Vec<_> = Cursor::new(&source, &cleaning, Span::new(0, 5)).collect();
        assert_eq!(seen, [(0, '一'), (4, '五')]);
        let from_inside: Vec<_> = Cursor::new(&source, &cleaning, Span::new(2, 6)).collect();
        assert_eq!(from_inside, [(4, '五'), (5, '六')]);
    }

    #[test]
    fn runs_end_at_what_is_not_in_the_set_at_removed_ranges_and_at_the_end() {
        const SET: PlainSet = PlainSet::ideographs_but(&['三', '一']).and(&['、']);
        let source = SourceText::from("甲、丙三丁，戊己庚辛");
        let cleaning = Cleaning::new(vec![(Span::new(8, 9), RemovedKind::Gloss)]);
        let mut cursor = Cursor::new(&source, &cleaning, Span::new(0, 10));
        assert_eq!((cursor.skip_run(&SET), cursor.offset()), (Some('丙'), 3));
        assert_eq!(cursor.skip_run(&SET), None);
        assert_eq!(cursor.next(), Some((3, '三')));
        assert_eq!((cursor.skip_run(&SET), cursor.offset()), (Some('丁'), 5));
        assert_eq!(cursor.next(), Some((5, '，')));
        assert_eq!((cursor.skip_run(&SET), cursor.offset()), (Some('己'), 8));
        assert_eq!(cursor.skip_run(&SET), None);
        assert_eq!(cursor.next(), Some((9, '辛')));
        let mut cursor = Cursor::raw(&source, Span::new(0, 2));
        assert_eq!((cursor.skip_run(&SET), cursor.next()), (Some('、'), None));
    }

    #[test]
    fn moving_on_is_beginning_there() {
        let source = SourceText::from("一二三四五六七八");
        let cleaning = Cleaning::new(vec![(Span::new(1, 2), RemovedKind::Gloss), (Span::new(5, 6), RemovedKind::Gloss)]);
        let mut cursor = Cursor::new(&source, &cleaning, Span::new(0, 1));
        for span in [Span::new(1, 3), Span::new(3, 3), Span::new(4, 8)] {
            cursor.move_to(span);
            let here: Vec<_> = cursor.by_ref().collect();
            assert_eq!(here, Cursor::new(&source, &cleaning, span).collect::<Vec<_>>());
        }
    }

    #[test]
    fn chunks_are_crossed() {
        let text = "字".repeat(60_000);
        let source = SourceText::from(text.as_str());
        assert!(source.chunks().len() > 1);
        assert_eq!(Cursor::raw(&source, source.span()).count(), 60_000);
        assert_eq!(Cursor::raw(&source, Span::new(59_990, 70_000)).count(), 10);
    }
}
