//! A place in the running text that moves forward: the source without what cleaning removes.
//!
//! Cheap to clone, so looking ahead is walking a copy.

use super::{Cleaning, SourceText, Span, clean::Removed, source::Chunk};
use std::str::Chars;

/// Walks the chars of a source from some offset on, skipping removed ranges.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    chunks: &'a [Chunk],
    chars: Chars<'a>,
    removed: &'a [Removed],
    offset: usize,
    end: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor over `span` of `source`, without what `cleaning` removes.
    #[must_use]
    pub fn new(source: &'a SourceText, cleaning: &'a Cleaning, span: Span) -> Self {
        let mut cursor = Self::raw(source, span);
        let all = cleaning.removed();
        cursor.removed = &all[all.partition_point(|removed| removed.span.end <= span.start)..];
        cursor
    }

    /// A cursor over `span` of `source` as it stands.
    #[must_use]
    pub fn raw(source: &'a SourceText, span: Span) -> Self {
        let (chunks, chars) = source.chunks_from(span.start);
        Self { chunks, chars, removed: &[], offset: span.start.min(source.len()), end: span.end.min(source.len()) }
    }

    /// The offset of the char that comes next, before removed ranges are skipped.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The next kept char and its offset, without moving.
    #[must_use]
    pub fn peek(&self) -> Option<(usize, char)> {
        self.clone().next()
    }

    /// Moves past white space other than line ends, at most `limit` chars.
    pub fn skip_blanks(&mut self, limit: usize) {
        for _ in 0..limit {
            let mut ahead = self.clone();
            match ahead.next() {
                Some((_, c)) if c != '\n' && is_blank(c) => *self = ahead,
                _ => return,
            }
        }
    }

    fn step(&mut self) -> Option<char> {
        loop {
            if let Some(c) = self.chars.next() {
                self.offset += 1;
                return Some(c);
            }
            let (first, rest) = self.chunks.split_first()?;
            self.chars = first.text().chars();
            self.chunks = rest;
        }
    }
}

impl Iterator for Cursor<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<(usize, char)> {
        while let Some((first, rest)) = self.removed.split_first()
            && self.offset >= first.span.start
        {
            while self.offset < first.span.end {
                self.step()?;
            }
            self.removed = rest;
        }
        if self.offset >= self.end {
            return None;
        }
        let at = self.offset;
        self.step().map(|c| (at, c))
    }
}

/// White space, and the invisible characters that dirty texts have in its place.
#[must_use]
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
    fn chunks_are_crossed() {
        let text = "字".repeat(60_000);
        let source = SourceText::from(text.as_str());
        assert!(source.chunks().len() > 1);
        assert_eq!(Cursor::raw(&source, source.span()).count(), 60_000);
        assert_eq!(Cursor::raw(&source, Span::new(59_990, 70_000)).count(), 10);
    }
}
