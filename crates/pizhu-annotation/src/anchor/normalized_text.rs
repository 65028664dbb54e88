//! The normalized text that passages are searched in: letters and digits only, folded.
//!
//! White space, punctuation and its width, line ends and the script (simplified or traditional)
//! make no difference. Every char knows its offset in the source. Example: `“２个 重點，”` gives
//! `2个重点`.

use super::rivals::StringIndex;
use memchr::memmem;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use pizhu_text::text::fold::fold;
use std::cell::OnceCell;

/// Bytes per char: a fixed width, so that offsets can be computed.
const BYTES_PER_CHAR: usize = 3;

/// Folded letters and digits in a fixed-width encoding, searchable as bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SignificantChars(Vec<u8>);

impl SignificantChars {
    /// The letters and digits of `text`.
    pub(super) fn from_text(text: &str) -> Self {
        let mut chars = Self::default();
        text.chars().filter_map(significant_char).for_each(|c| chars.push(c));
        chars
    }

    fn push(&mut self, c: char) {
        let [_, a, b, c] = u32::from(c).to_be_bytes();
        self.0.extend([a, b, c]);
    }

    /// Number of chars.
    pub(super) fn len(&self) -> usize {
        self.0.len() / BYTES_PER_CHAR
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The chars in `range`, clamped to the length.
    pub(super) fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let end = range.end.min(self.len());
        Self(self.0[range.start.min(end) * BYTES_PER_CHAR..end * BYTES_PER_CHAR].to_vec())
    }

    /// The first `n` chars.
    pub(super) fn first(&self, n: usize) -> Self {
        self.slice(0..n)
    }

    /// The last `n` chars.
    pub(super) fn last(&self, n: usize) -> Self {
        self.slice(self.len().saturating_sub(n)..self.len())
    }

    /// `self` followed by `other`.
    pub(super) fn concat(&self, other: &Self) -> Self {
        Self([self.0.as_slice(), &other.0].concat())
    }

    /// The chars, each as its bytes.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &[u8]> + ExactSizeIterator {
        self.0.chunks_exact(BYTES_PER_CHAR)
    }

    /// The chars as such.
    pub(super) fn to_chars(&self) -> Vec<char> {
        let code = |bytes: &[u8]| bytes.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
        self.iter().filter_map(|bytes| char::from_u32(code(bytes))).collect()
    }

    /// Offsets of `what` (not empty) within `range`, at most `limit`; matches may overlap.
    pub(super) fn find(&self, what: &Self, range: std::ops::Range<usize>, limit: usize) -> Vec<usize> {
        if what.is_empty() {
            return Vec::new();
        }
        let end = range.end.min(self.len());
        let start = range.start.min(end);
        let finder = memmem::Finder::new(&what.0);
        let bytes = &self.0[start * BYTES_PER_CHAR..end * BYTES_PER_CHAR];
        let (mut found, mut from) = (Vec::new(), 0);
        while let Some(at) = finder.find(&bytes[from..]) {
            let at = from + at;
            from = at + 1;
            // A match across the bytes of two neighbouring chars is none.
            if at.is_multiple_of(BYTES_PER_CHAR) {
                found.push(start + at / BYTES_PER_CHAR);
                if found.len() == limit {
                    break;
                }
            }
        }
        found
    }

    /// How many chars before `at` agree with the end of `before`.
    pub(super) fn agree_before(&self, at: usize, before: &Self) -> usize {
        let here = self.0[..at * BYTES_PER_CHAR].rchunks_exact(BYTES_PER_CHAR);
        here.zip(before.0.rchunks_exact(BYTES_PER_CHAR)).take_while(|(a, b)| a == b).count()
    }

    /// How many chars from `at` on agree with the beginning of `after`.
    pub(super) fn agree_after(&self, at: usize, after: &Self) -> usize {
        let here = self.0[at.min(self.len()) * BYTES_PER_CHAR..].chunks_exact(BYTES_PER_CHAR);
        here.zip(after.iter()).take_while(|(a, b)| a == b).count()
    }
}

/// The folded char; `None` for a char that the normalized text leaves out.
fn significant_char(c: char) -> Option<char> {
    let folded = fold(c);
    folded.is_alphanumeric().then_some(folded)
}

/// The normalized text of a document, with the source offset of each char.
#[derive(Debug, Clone, Default)]
pub(super) struct NormalizedText {
    /// The letters and digits.
    pub(super) chars: SignificantChars,
    /// Source char offset of each of them.
    offsets: Vec<u32>,
    /// The chars once more, with an index of their strings, when needed.
    indexed: OnceCell<(Vec<char>, StringIndex)>,
}

impl NormalizedText {
    /// Normalizes the whole source (its first 4 G chars), including page marks and glosses.
    pub(super) fn from_source(document: &Document) -> Self {
        Self::from_spans(document, std::iter::once(document.source.span()))
    }

    /// Normalizes the text without what cleaning removes.
    pub(super) fn from_cleaned(document: &Document) -> Self {
        Self::from_spans(document, document.cleaning.kept_spans(document.source.span()))
    }

    fn from_spans(document: &Document, spans: impl Iterator<Item = Span>) -> Self {
        let mut normalized = Self::default();
        for span in spans {
            let mut at = span.start;
            for piece in document.source.pieces(span) {
                for c in piece.chars() {
                    if let Some(c) = significant_char(c)
                        && let Ok(offset) = u32::try_from(at)
                    {
                        normalized.chars.push(c);
                        normalized.offsets.push(offset);
                    }
                    at += 1;
                }
            }
        }
        normalized
    }

    /// The chars, with an index of their strings.
    pub(super) fn indexed(&self) -> &(Vec<char>, StringIndex) {
        self.indexed.get_or_init(|| {
            let letters = self.chars.to_chars();
            let index = StringIndex::new(&letters, |_| true);
            (letters, index)
        })
    }

    /// The work that [`Self::indexed`] is, in units of a work budget: none once it is done.
    pub(super) fn index_work(&self) -> usize {
        if self.indexed.get().is_some() { 0 } else { self.chars.len() }
    }

    /// The source span from normalized char `start` to `end` (exclusive, at least one char).
    pub(super) fn source_span(&self, start: usize, end: usize) -> Option<Span> {
        let (first, last) = (*self.offsets.get(start)?, *self.offsets.get(end.checked_sub(1)?)?);
        (start < end).then(|| Span::new(first as usize, last as usize + 1))
    }

    /// Index of the first normalized char at or after a source offset.
    pub(super) fn index_of(&self, offset: usize) -> usize {
        self.offsets.partition_point(|at| (*at as usize) < offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::SourceText;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn offsets_map_back_to_the_source(text in "[a-c人才工作，。 \n２]{0,60}") {
            let document = Document::from(SourceText::from(text.as_str()));
            let normalized = NormalizedText::from_source(&document);
            prop_assert_eq!(&normalized.chars, &SignificantChars::from_text(&text));
            for index in 0..normalized.chars.len() {
                let span = normalized.source_span(index, index + 1).unwrap();
                prop_assert_eq!(SignificantChars::from_text(&document.quote(span)), normalized.chars.slice(index..index + 1));
                prop_assert_eq!(normalized.index_of(span.start), index);
            }
        }

        #[test]
        fn find_returns_all_occurrences(text in "[ab人才]{0,40}", what in "[ab人才]{1,3}") {
            let (chars, wanted) = (SignificantChars::from_text(&text), SignificantChars::from_text(&what));
            let expected: Vec<usize> = (0..chars.len()).filter(|at| chars.slice(*at..*at + wanted.len()) == wanted).collect();
            prop_assert_eq!(chars.find(&wanted, 0..chars.len(), usize::MAX), expected);
        }
    }
}
