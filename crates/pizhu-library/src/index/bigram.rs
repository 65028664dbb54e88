//! The terms of the index.

/// Two adjacent folded chars; the second is NUL before a char that is not indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Bigram(pub(super) u64);

impl Bigram {
    pub(super) fn new(first: char, second: char) -> Self {
        Self(u64::from(u32::from(first)) << 21 | u64::from(u32::from(second)))
    }

    pub(super) fn chars(self) -> Option<(char, char)> {
        Some((char::from_u32((self.0 >> 21) as u32)?, char::from_u32((self.0 & 0x1F_FFFF) as u32)?))
    }
}

/// Whether `c` is part of bigrams.
pub(super) fn is_indexed(c: char) -> bool {
    c.is_alphanumeric()
}
