//! The text of one line, char by char with its offsets, for reading fields out of it.

use super::FrontField;
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::fold::fold;
use std::ops::Range;
use std::sync::Arc;

/// Longest line, in chars, whose fields are read.
const MAX_LINE_CHARS: usize = 400;

/// The cleaned chars of a line with their offsets, as they are and folded. Line ends inside the line
/// are left out.
#[derive(Debug, Clone, Default)]
pub(in crate::document) struct LineText {
    offsets: Vec<usize>,
    chars: Vec<char>,
    folded: Vec<char>,
    /// A bit for each char that occurs, by [`bit`]: most words that rules ask for have a char whose bit
    /// is missing, and need not be looked for.
    occurring: u64,
}

/// The bit of a char among 64.
fn bit(c: char) -> u64 {
    1 << (u32::from(c) % 64)
}

impl LineText {
    /// Reads the first [`MAX_LINE_CHARS`] chars of `span`.
    pub(in crate::document) fn new(source: &SourceText, cleaning: &Cleaning, span: Span) -> Self {
        let mut line = Self::with_capacity(span.len().min(MAX_LINE_CHARS));
        line.read(Cursor::new(source, cleaning, span).take(MAX_LINE_CHARS));
        line
    }

    /// Reads the first and the last `count` chars of a longer `span`.
    pub(in crate::document) fn ends_of(source: &SourceText, cleaning: &Cleaning, span: Span, count: usize) -> Self {
        let mut line = Self::with_capacity(2 * count);
        line.read(Cursor::new(source, cleaning, Span::new(span.start, span.start + count)));
        line.read(Cursor::new(source, cleaning, Span::new(span.end - count, span.end)));
        line
    }

    fn with_capacity(count: usize) -> Self {
        Self { offsets: Vec::with_capacity(count), chars: Vec::with_capacity(count), folded: Vec::with_capacity(count), occurring: 0 }
    }

    fn read(&mut self, chars: impl Iterator<Item = (usize, char)>) {
        for (at, c) in chars.filter(|(_, c)| *c != '\n') {
            self.offsets.push(at);
            self.chars.push(c);
            let folded = fold(c);
            self.folded.push(folded);
            self.occurring |= bit(folded);
        }
    }

    /// Reads text that stands at the offsets from 0 on, for the examples of rules.
    #[cfg(test)]
    pub(in crate::document) fn from_text(text: &str) -> Self {
        let source = SourceText::from(text);
        Self::new(&source, &Cleaning::default(), source.span())
    }

    /// Number of chars.
    pub(in crate::document) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The folded chars.
    pub(in crate::document) fn folded(&self) -> &[char] {
        &self.folded
    }

    /// The folded text without white space.
    pub(in crate::document) fn bare(&self) -> String {
        self.folded.iter().filter(|c| !is_blank(**c)).collect()
    }

    /// The folded letters and digits.
    pub(in crate::document) fn letters(&self) -> String {
        let mut letters = String::with_capacity(3 * self.folded.len());
        letters.extend(self.folded.iter().filter(|c| c.is_alphanumeric()));
        letters
    }

    /// The cleaned text of a range of chars.
    pub(in crate::document) fn text(&self, range: Range<usize>) -> String {
        self.chars.get(range).unwrap_or_default().iter().collect()
    }

    /// The range without white space and `marks` at its ends.
    pub(in crate::document) fn trim(&self, range: Range<usize>, marks: &[char]) -> Range<usize> {
        let idle = |at: usize| self.folded.get(at).is_none_or(|c| is_blank(*c) || marks.contains(c));
        let (mut start, mut end) = (range.start, range.end.min(self.len()));
        while start < end && idle(start) {
            start += 1;
        }
        while start < end && idle(end - 1) {
            end -= 1;
        }
        start..end
    }

    /// The range of all chars, without surrounding white space.
    pub(in crate::document) fn all(&self) -> Range<usize> {
        self.trim(0..self.len(), &[])
    }

    /// Where the folded `word` first begins in `range`.
    pub(in crate::document) fn find(&self, word: &str, range: Range<usize>) -> Option<usize> {
        self.may_have(word).then_some(())?;
        let word: Vec<char> = word.chars().collect();
        let chars = self.folded.get(range.clone())?;
        (word.len() <= chars.len()).then_some(())?;
        chars.windows(word.len()).position(|window| window == word).map(|at| range.start + at)
    }

    /// Where the folded `word` last begins in `range`.
    pub(in crate::document) fn find_last(&self, word: &str, range: Range<usize>) -> Option<usize> {
        self.may_have(word).then_some(())?;
        let word: Vec<char> = word.chars().collect();
        let chars = self.folded.get(range.clone())?;
        (word.len() <= chars.len()).then_some(())?;
        chars.windows(word.len()).rposition(|window| window == word).map(|at| range.start + at)
    }

    /// Whether all chars of `word` may occur.
    fn may_have(&self, word: &str) -> bool {
        word.chars().all(|c| self.occurring & bit(c) != 0)
    }

    /// Whether the folded chars of `range` begin with `word`.
    pub(in crate::document) fn starts_with(&self, word: &str, range: Range<usize>) -> bool {
        let mut chars = self.folded.get(range).unwrap_or_default().iter();
        word.chars().all(|c| chars.next() == Some(&c))
    }

    /// The source span of a range that is not empty.
    pub(in crate::document) fn span(&self, range: Range<usize>) -> Option<Span> {
        let last = range.end.checked_sub(1).filter(|last| *last >= range.start)?;
        Some(Span::new(*self.offsets.get(range.start)?, self.offsets.get(last)? + 1))
    }

    /// The field that a range holds; `None` if nothing but white space is in it.
    pub(in crate::document) fn field(&self, range: Range<usize>) -> Option<FrontField> {
        let range = self.trim(range, &[]);
        let span = self.span(range.clone())?;
        Some(FrontField { text: Arc::from(self.text(range)), span })
    }
}
