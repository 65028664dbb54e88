//! Text that was put in and may be a passage, edited: then what is paired with the passage is a copy.

use super::{
    free_text::FreeText,
    place::Place,
    placement::Pairing,
    rival_claim::{Holder, Part},
};
use std::{ops::Range, sync::OnceLock};

/// Letters of the longest passage that is compared as one.
const LONG: usize = 128;
/// Letters at each end of a passage that are compared by themselves, too.
const END: usize = 24;

/// A search for what may have become of a passage, among the letters that were put in.
#[derive(Debug, Clone, Copy)]
pub(super) struct RivalSearch<'a> {
    pub(super) pairing: Pairing<'a>,
    pub(super) free: &'a OnceLock<FreeText>,
}

impl RivalSearch<'_> {
    fn free(&self) -> &FreeText {
        self.free.get_or_init(|| FreeText::new(self.pairing))
    }

    /// Whether the passage with these letters may be elsewhere than where they are paired.
    pub(super) fn has_rival(self, own: &Range<usize>) -> bool {
        self.has_torn_end(own) || self.has_rival_part(own, Part::Passage)
    }

    /// [`Self::has_rival`] of a heading: where it ends makes no difference.
    pub(super) fn has_rival_heading(self, own: &Range<usize>) -> bool {
        self.has_rival_part(own, Part::Heading)
    }

    /// Whether the text around these letters keeps its order, and could not if they were anywhere else.
    pub(super) fn is_settled(self, own: &Range<usize>) -> bool {
        Place::new(self.pairing, own).is_some_and(|(place, kept)| Holder::new(place, kept, Part::Passage, self.free()).is_settled())
    }

    fn has_rival_part(self, own: &Range<usize>, whole: Part) -> bool {
        let is_end_claimed =
            |len: usize| self.is_claimed(&(own.start..own.start + len), Part::End) || self.is_claimed(&(own.end - len..own.end), Part::End);
        let is_whole_claimed = if own.len() <= LONG { self.is_claimed(own, whole) } else { is_end_claimed(LONG / 2) };
        is_whole_claimed || (own.len() > END && is_end_claimed(END))
    }

    /// Whether an end of the passage may be that of a copy that was put into it.
    fn has_torn_end(self, own: &Range<usize>) -> bool {
        let is_torn =
            |own: Range<usize>| Place::new(self.pairing, &own).is_some_and(|(place, kept)| place.has_context_inside(self.free(), kept));
        let ends = |len: usize| [own.start..own.start + len, own.end - len..own.end];
        (own.len() <= LONG && is_torn(own.clone()))
            || (own.len() > END && ends(END).into_iter().any(is_torn))
            || (own.len() > LONG && ends(LONG / 2).into_iter().any(is_torn))
    }

    /// Whether what was put in has as good a claim to these letters.
    fn is_claimed(self, own: &Range<usize>, part: Part) -> bool {
        Place::new(self.pairing, own).filter(|(place, _)| !place.is_whole()).is_some_and(|(place, kept)| {
            let holder = Holder::new(place, kept, part, self.free());
            !holder.is_certain() && holder.has_rival()
        })
    }
}
