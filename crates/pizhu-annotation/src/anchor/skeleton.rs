//! The skeleton of a text: its letters and digits, folded.
//!
//! Passages are looked for in the skeleton, so that white space, punctuation and its width, line
//! ends and the script make no difference. Every skeleton char knows its place in
//! the source.

use pizhu_text::document::Document;
use pizhu_text::text::Span;
use pizhu_text::text::fold::fold;
use memchr::memmem;

/// Bytes a char takes in the skeleton: all chars take as many, so that places can be counted.
const WIDTH: usize = 3;

/// Folded letters and digits, searchable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Letters(Vec<u8>);

impl Letters {
    /// The letters and digits of a text.
    pub(super) fn of(text: &str) -> Self {
        let mut letters = Self::default();
        text.chars().filter_map(letter).for_each(|c| letters.push(c));
        letters
    }

    fn push(&mut self, c: char) {
        let [_, a, b, c] = u32::from(c).to_be_bytes();
        self.0.extend([a, b, c]);
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len() / WIDTH
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those in `range` (clamped to what there is).
    pub(super) fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let end = range.end.min(self.len());
        Self(self.0[range.start.min(end) * WIDTH..end * WIDTH].to_vec())
    }

    /// The first `n`.
    pub(super) fn first(&self, n: usize) -> Self {
        self.slice(0..n)
    }

    /// The last `n`.
    pub(super) fn last(&self, n: usize) -> Self {
        self.slice(self.len().saturating_sub(n)..self.len())
    }

    /// These and then `other`.
    pub(super) fn with(&self, other: &Self) -> Self {
        Self([self.0.as_slice(), &other.0].concat())
    }

    /// One by one.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &[u8]> + ExactSizeIterator {
        self.0.chunks_exact(WIDTH)
    }

    /// Where `what` (not empty) occurs within `range`, at most `limit` times.
    pub(super) fn find(&self, what: &Self, range: std::ops::Range<usize>, limit: usize) -> Vec<usize> {
        if what.is_empty() {
            return Vec::new();
        }
        let end = range.end.min(self.len());
        let start = range.start.min(end);
        let finder = memmem::Finder::new(&what.0);
        let bytes = &self.0[start * WIDTH..end * WIDTH];
        let (mut found, mut from) = (Vec::new(), 0);
        while let Some(at) = finder.find(&bytes[from..]) {
            let at = from + at;
            from = at + 1;
            // Bytes of two neighbours may look like a char.
            if at.is_multiple_of(WIDTH) {
                found.push(start + at / WIDTH);
                if found.len() == limit {
                    break;
                }
            }
        }
        found
    }

    /// How many chars before `at` agree with the end of `before`.
    pub(super) fn agree_before(&self, at: usize, before: &Self) -> usize {
        let here = self.0[..at * WIDTH].rchunks_exact(WIDTH);
        here.zip(before.0.rchunks_exact(WIDTH)).take_while(|(a, b)| a == b).count()
    }

    /// How many chars from `at` on agree with the beginning of `after`.
    pub(super) fn agree_after(&self, at: usize, after: &Self) -> usize {
        let here = self.0[at.min(self.len()) * WIDTH..].chunks_exact(WIDTH);
        here.zip(after.iter()).take_while(|(a, b)| a == b).count()
    }
}

/// The char as it stands in a skeleton; `None` for what is left out.
fn letter(c: char) -> Option<char> {
    let folded = fold(c);
    folded.is_alphanumeric().then_some(folded)
}

/// A document's skeleton.
#[derive(Debug, Clone, Default)]
pub(super) struct Skeleton {
    /// Its letters and digits.
    pub(super) letters: Letters,
    /// The source offset of each.
    offsets: Vec<u32>,
}

impl Skeleton {
    /// The skeleton of a whole text (of its first 4 G chars), page marks and glosses among it.
    pub(super) fn of_source(document: &Document) -> Self {
        Self::of_spans(document, std::iter::once(document.source.span()))
    }

    /// The skeleton of a text without what cleaning removes.
    pub(super) fn of_cleaned(document: &Document) -> Self {
        Self::of_spans(document, document.cleaning.kept(document.source.span()))
    }

    fn of_spans(document: &Document, spans: impl Iterator<Item = Span>) -> Self {
        let mut skeleton = Self::default();
        for span in spans {
            let mut at = span.start;
            for piece in document.source.pieces(span) {
                for c in piece.chars() {
                    if let Some(c) = letter(c)
                        && let Ok(offset) = u32::try_from(at)
                    {
                        skeleton.letters.push(c);
                        skeleton.offsets.push(offset);
                    }
                    at += 1;
                }
            }
        }
        skeleton
    }

    /// The source span from the first to the last of some skeleton chars (at least one).
    pub(super) fn source_span(&self, start: usize, end: usize) -> Option<Span> {
        let (first, last) = (*self.offsets.get(start)?, *self.offsets.get(end.checked_sub(1)?)?);
        (start < end).then(|| Span::new(first as usize, last as usize + 1))
    }

    /// The first skeleton char at or behind a source offset.
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
        fn places_lead_back_to_the_source(text in "[a-c人才工作，。 \n２]{0,60}") {
            let document = Document { source: SourceText::from(text.as_str()), is_final: true, ..Document::default() };
            let skeleton = Skeleton::of_source(&document);
            prop_assert_eq!(&skeleton.letters, &Letters::of(&text));
            for index in 0..skeleton.letters.len() {
                let span = skeleton.source_span(index, index + 1).unwrap();
                prop_assert_eq!(Letters::of(&document.quote(span)), skeleton.letters.slice(index..index + 1));
                prop_assert_eq!(skeleton.index_of(span.start), index);
            }
        }

        #[test]
        fn all_occurrences_are_found(text in "[ab人才]{0,40}", what in "[ab人才]{1,3}") {
            let (letters, sought) = (Letters::of(&text), Letters::of(&what));
            let expected: Vec<usize> = (0..letters.len()).filter(|at| letters.slice(*at..*at + sought.len()) == sought).collect();
            prop_assert_eq!(letters.find(&sought, 0..letters.len(), usize::MAX), expected);
        }
    }
}
