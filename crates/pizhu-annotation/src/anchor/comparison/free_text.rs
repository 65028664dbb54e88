//! The letters of a text that were put in.

use super::{super::rivals::StringIndex, placement::Pairing};

/// Stands for a letter that has another origin.
pub(super) const BLANK: char = '\0';

/// The letters of the new text that no letters of the old one account for; the others are blank.
#[derive(Debug)]
pub(super) struct FreeText {
    pub(super) letters: Vec<char>,
    pub(super) index: StringIndex,
}

impl FreeText {
    pub(super) fn new(pairing: Pairing<'_>) -> Self {
        let letters: Vec<char> =
            pairing.new.letters.iter().enumerate().map(|(at, letter)| if pairing.origin(at).is_none() { *letter } else { BLANK }).collect();
        Self { index: StringIndex::new(&letters, |at| letters[at] != BLANK), letters }
    }
}
