//! Half-open ranges of source text.

use serde::{Deserialize, Serialize};

/// A half-open range `start..end` of the source text, counted in chars (Unicode scalar values),
/// as W3C Web Annotation and REFI-QDA count.
///
/// Invariant: `start <= end`.
///
/// ```
/// use pizhu_text::text::Span;
///
/// let span = Span::new(2, 5);
/// assert_eq!(span.len(), 3); // chars
/// assert!(span.contains(2) && !span.contains(5));
/// assert_eq!(span.intersection(Span::new(4, 9)), Some(Span::new(4, 5)));
/// assert_eq!(span.hull(Span::new(7, 9)), Span::new(2, 9));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first char.
    pub start: usize,
    /// Offset after the last char.
    pub end: usize,
}

impl Span {
    /// The range `start..end`; an inverted pair becomes the empty range at `start`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The empty range at `offset`.
    #[must_use]
    pub fn empty(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// Length in chars.
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the range holds no char.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the char at `offset` lies inside.
    #[must_use]
    pub fn contains(self, offset: usize) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether `other` lies within this range; an empty `other` at either end does.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one char.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The chars that both hold; `None` if they share none.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        self.overlaps(other).then(|| Self::new(self.start.max(other.start), self.end.min(other.end)))
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn range_relations() {
        let a = Span::new(2, 5);
        assert!(a.contains(2) && a.contains(4) && !a.contains(5));
        assert!(a.overlaps(Span::new(4, 9)) && !a.overlaps(Span::new(5, 9)));
        assert_eq!(a.intersection(Span::new(4, 9)), Some(Span::new(4, 5)));
        assert_eq!(a.hull(Span::new(7, 9)), Span::new(2, 9));
        assert!(a.covers(Span::new(2, 5)) && !a.covers(Span::new(1, 3)));
        assert_eq!(Span::new(5, 2), Span::empty(5));
    }
}
