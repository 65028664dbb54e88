//! Forward cursor over the cleaned text, with source offsets.
//!
//! A cursor is cheap to clone; lookahead advances a copy.

use super::{Cleaning, SourceText, Span, clean::RemovedRange, source::Chunk};
use std::str::Chars;
use str_indices::chars;

/// Up to this distance a move counts chars instead of using the char index of the chunk.
const MAX_COUNTED_CHARS: usize = 96;

/// Iterates over the chars of a span with their source offsets, skipping removed ranges.
///
/// ```
/// use pizhu_text::text::{Cleaning, Cursor, RemovedKind, SourceText, Span};
///
/// let source = SourceText::from("干部(gan)队");
/// let cleaning = Cleaning::new(vec![(Span::new(2, 7), RemovedKind::Gloss)]);
/// let chars: Vec<_> = Cursor::new(&source, &cleaning, source.span()).collect();
/// assert_eq!(chars, [(0, '干'), (1, '部'), (7, '队')]);
/// ```
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    /// The chunks from the one that holds `offset` on.
    chunks: &'a [Chunk],
    /// The rest of the first chunk.
    chars: Chars<'a>,
    /// The removed ranges that end after `offset`.
    removed: &'a [RemovedRange],
    offset: usize,
    /// Start of the next removed range, or the end: up to here nothing is skipped.
    stop: usize,
    end: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor over the cleaned text of `span`.
    #[must_use]
    pub fn new(source: &'a SourceText, cleaning: &'a Cleaning, span: Span) -> Self {
        let mut cursor = Self::raw(source, span);
        let all = cleaning.removed();
        cursor.removed = &all[all.partition_point(|removed| removed.span.end <= span.start)..];
        cursor.update_stop();
        cursor
    }

    /// A cursor over the uncleaned text of `span`.
    #[must_use]
    pub fn raw(source: &'a SourceText, span: Span) -> Self {
        let (chunks, chars) = source.chunks_from(span.start);
        let end = span.end.min(source.len());
        Self { chunks, chars, removed: &[], offset: span.start.min(source.len()), stop: end, end }
    }

    /// Advances to the start of `span`, not before [`Self::offset`], and makes its end the end of
    /// the iteration. The cost does not grow with the distance.
    pub fn advance_to(&mut self, span: Span) {
        let ahead = span.start.saturating_sub(self.offset);
        let text = self.chars.as_str();
        // Counting is cheaper than an index lookup over a short distance in one chunk.
        let near = if ahead <= MAX_COUNTED_CHARS { chars::to_byte_idx(text, ahead) } else { text.len() };
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
        self.update_stop();
    }

    /// Offset of the next char; a removed range that begins there is not skipped yet.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The next kept char and its offset, without advancing.
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

    /// Skips at most `limit` chars of white space other than line ends.
    pub fn skip_blanks(&mut self, limit: usize) {
        for _ in 0..limit {
            match self.peek() {
                Some((_, c)) if c != '\n' && is_blank(c) => self.next(),
                _ => return,
            };
        }
    }

    /// Skips the following chars that are in `set`, up to the end of the chunk or the next removed
    /// range; returns the last one skipped.
    pub fn skip_run(&mut self, set: &CjkSet) -> Option<char> {
        let text = self.chars.as_str();
        let (count, bytes) = set.prefix_len(text.as_bytes(), self.stop.saturating_sub(self.offset));
        // All chars of the run have three bytes.
        let [.., first, second, third] = text.as_bytes().get(..bytes)? else { return None };
        self.chars = text.get(bytes..)?.chars();
        self.offset += count;
        char::from_u32((u32::from(first & 0x0F) << 12) | (u32::from(second & 0x3F) << 6) | u32::from(third & 0x3F))
    }

    /// Sets `stop` from the remaining removed ranges.
    fn update_stop(&mut self) {
        self.stop = self.removed.first().map_or(self.end, |next| next.span.start.min(self.end));
    }

    /// The next char of the source, removed or not.
    #[inline]
    fn next_raw(&mut self) -> Option<char> {
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

    /// Skips the removed ranges at `offset`; `None` at the end.
    #[cold]
    fn skip_removed(&mut self) -> Option<()> {
        while let Some((first, rest)) = self.removed.split_first()
            && self.offset >= first.span.start
        {
            while self.offset < first.span.end {
                self.next_raw()?;
            }
            self.removed = rest;
        }
        self.update_stop();
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
        self.next_raw().map(|c| (at, c))
    }
}

/// A bit set of the chars of three bytes in UTF-8 (U+0800 to U+FFFF), by which a scan skips the
/// runs of hanzi that mean nothing to it.
///
/// The first two bytes of the char choose a word, the third a bit.
///
/// ```
/// use pizhu_text::text::CjkSet;
///
/// const SET: CjkSet = CjkSet::ideographs_except(&['第']).with(&['，']);
/// assert_eq!(SET.split_prefix("要抓，第二"), ("要抓，", "第二"));
/// ```
#[derive(Debug)]
pub struct CjkSet([u64; 16 * 64]);

impl CjkSet {
    /// The CJK unified ideographs (U+4E00 to U+9FFF) except those in `except`.
    #[must_use]
    pub const fn ideographs_except(except: &[char]) -> Self {
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

    /// The chars of `text`, each of three bytes.
    ///
    /// # Panics
    /// If one is not: such a constant does not compile.
    #[must_use]
    pub const fn of(text: &str) -> Self {
        let (mut set, mut rest) = ([0; 16 * 64], text.as_bytes());
        while let [first, second, third, tail @ ..] = rest {
            set[Self::index(*first, *second)] |= 1 << (*third % 64);
            rest = tail;
        }
        assert!(rest.is_empty(), "chars of three bytes");
        Self(set)
    }

    /// The last chars of `words`, each of three bytes: what ends in one of the words ends in a char of
    /// the set.
    ///
    /// # Panics
    /// If one is not: such a constant does not compile.
    #[must_use]
    pub const fn of_last_chars(words: &[&str]) -> Self {
        let (mut set, mut nth) = ([0; 16 * 64], 0);
        while nth < words.len() {
            let [.., first, second, third] = words[nth].as_bytes() else { panic!("a char of three bytes") };
            set[Self::index(*first, *second)] |= 1 << (*third % 64);
            nth += 1;
        }
        Self(set)
    }

    /// The index of the word for the chars of three bytes that begin with these two; outside the table
    /// for any other two bytes.
    const fn index(first: u8, second: u8) -> usize {
        (first as usize * 64 + second as usize).wrapping_sub(0xE0 * 64 + 0x80)
    }

    /// Adds the chars in `more`, each of three bytes.
    #[must_use]
    pub const fn with(mut self, more: &[char]) -> Self {
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
        let code = c as usize;
        self.0.get(code / 64).is_some_and(|word| word >> (code % 64) & 1 == 1)
    }

    /// Whether the last char of `text` is in the set.
    #[must_use]
    pub fn has_last_of(&self, text: &str) -> bool {
        matches!(text.as_bytes(), [.., first, second, third] if self.has_bytes(*first, *second, *third))
    }

    /// Whether any char of `text` is in the set.
    #[must_use]
    pub fn occurs_in(&self, text: &str) -> bool {
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = match tail {
                [second, third, tail @ ..] if *first >= 0xE0 => {
                    if self.has_bytes(*first, *second, *third) {
                        return true;
                    }
                    tail
                }
                _ => tail,
            };
        }
        false
    }

    /// Whether the char of these three bytes is in the set; not if they do not begin a char of three.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a few instructions for each char of a text, also in the test profile")]
    fn has_bytes(&self, first: u8, second: u8, third: u8) -> bool {
        let index = (usize::from(first) * 64 + usize::from(second)).wrapping_sub(0xE0 * 64 + 0x80);
        index < self.0.len() && self.0[index] >> (third % 64) & 1 == 1
    }

    /// Splits `text` after its longest prefix of chars in the set.
    #[must_use]
    pub fn split_prefix<'a>(&self, text: &'a str) -> (&'a str, &'a str) {
        let (_, bytes) = self.prefix_len(text.as_bytes(), usize::MAX);
        text.split_at_checked(bytes).unwrap_or(("", text))
    }

    /// Length in chars (at most `limit`) and in bytes of the longest prefix of `bytes`, which are
    /// UTF-8, of chars in the set.
    fn prefix_len(&self, bytes: &[u8], limit: usize) -> (usize, usize) {
        let (mut count, mut rest) = (0, bytes);
        while count < limit
            && let [first, second, third, tail @ ..] = rest
            && self.has_bytes(*first, *second, *third)
        {
            (count, rest) = (count + 1, tail);
        }
        (count, 3 * count)
    }
}

/// Whether `c` is white space, or an invisible char that faulty texts use as such (U+200B, U+FEFF).
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
    fn removed_ranges_are_skipped() {
        let source = SourceText::from("一二三四五六");
        let cleaning = Cleaning::new(vec![(Span::new(1, 3), RemovedKind::PageMark), (Span::new(3, 4), RemovedKind::Gloss)]);
        let seen: Vec<_> = Cursor::new(&source, &cleaning, Span::new(0, 5)).collect();
        assert_eq!(seen, [(0, '一'), (4, '五')]);
        let from_inside: Vec<_> = Cursor::new(&source, &cleaning, Span::new(2, 6)).collect();
        assert_eq!(from_inside, [(4, '五'), (5, '六')]);
    }

    #[test]
    fn runs_end_at_other_chars_removed_ranges_and_the_end() {
        const SET: CjkSet = CjkSet::ideographs_except(&['三', '一']).with(&['、']);
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
    fn sets_hold_chars_of_three_bytes_only() {
        const SET: CjkSet = CjkSet::of("会›\u{FFFD}");
        const ENDS: CjkSet = CjkSet::of_last_chars(&["讲话", "的函"]);
        assert!(SET.contains('会') && SET.contains('›') && !SET.contains('议') && !SET.contains('a') && !SET.contains('𠀀'));
        for text in ["会", "a会", "é会𠀀", "𠀀›", "\u{FFFD}"] {
            assert!(SET.occurs_in(text), "{text}");
        }
        for text in ["", "a", "é", "议é", "𠀀𠁂"] {
            assert!(!SET.occurs_in(text), "{text}");
        }
        assert!(SET.has_last_of("开会") && !SET.has_last_of("会a") && !SET.has_last_of(""));
        assert!(ENDS.contains('话') && ENDS.contains('函') && !ENDS.contains('讲'));
    }

    #[test]
    fn advancing_equals_starting_there() {
        let source = SourceText::from("一二三四五六七八");
        let cleaning = Cleaning::new(vec![(Span::new(1, 2), RemovedKind::Gloss), (Span::new(5, 6), RemovedKind::Gloss)]);
        let mut cursor = Cursor::new(&source, &cleaning, Span::new(0, 1));
        for span in [Span::new(1, 3), Span::new(3, 3), Span::new(4, 8)] {
            cursor.advance_to(span);
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
