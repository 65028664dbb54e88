//! The text of a glyph: nearly always one char, kept in place and written in one store.

use compact_str::CompactString;
use std::{fmt, ops::Deref};

/// The most bytes that are kept in place; the last byte of the word says how many.
const IN_PLACE: usize = 7;

/// A short text that dereferences to `str`.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown(Kept);

#[derive(Clone, PartialEq, Eq)]
enum Kept {
    InPlace([u8; 8]),
    Apart(Box<CompactString>),
}

impl Shown {
    /// Keeps a copy of `text`.
    #[must_use]
    #[inline]
    pub fn new(text: &str) -> Self {
        // Made up in a register: parts written one by one would be waited for when they are
        // copied to their place.
        let byte = |b: u8, n: usize| u64::from(b) << (8 * n);
        let word = match *text.as_bytes() {
            [a, b, c] => byte(a, 0) | byte(b, 1) | byte(c, 2) | byte(3, IN_PLACE),
            [a] => byte(a, 0) | byte(1, IN_PLACE),
            [a, b] => byte(a, 0) | byte(b, 1) | byte(2, IN_PLACE),
            _ => return Self::of_other_length(text),
        };
        Self(Kept::InPlace(word.to_le_bytes()))
    }

    fn of_other_length(text: &str) -> Self {
        if text.len() > IN_PLACE {
            return Self(Kept::Apart(Box::new(CompactString::new(text))));
        }
        let mut bytes = [0; 8];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        bytes[IN_PLACE] = text.len() as u8;
        Self(Kept::InPlace(bytes))
    }
}

impl Deref for Shown {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Kept::InPlace(bytes) => {
                let text = bytes.get(..usize::from(bytes[IN_PLACE])).unwrap_or_default();
                // It was copied from a text whole.
                std::str::from_utf8(text).unwrap_or_default()
            }
            Kept::Apart(text) => text,
        }
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_comes_back() {
        for text in ["", "a", "é", "字", "👩", "e\u{301}", "字\u{fe0f}", "字字a", "<E000>", "<E0100>x", "字字字字字字字字字字"]
        {
            assert_eq!(&*Shown::new(text), text);
        }
        assert_eq!(size_of::<Shown>(), 16);
    }
}
