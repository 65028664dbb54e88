//! Whether a passage may be at another place although the text around it keeps its order.

use super::{
    free_text::{BLANK, FreeText},
    place::{MIN_APART, Place, STRING},
};
use std::ops::Range;

/// Maximum number of letters between two places of which others are looked for.
const MAX_DISPLACED: usize = 2000;

/// Whether a passage may be at another place than the one where all that is around it is in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherPlace {
    /// What is between the places is there twice, once for either.
    Possible,
    /// What is between the places is there once, so that the other place would leave the order.
    OutOfOrder,
    /// Hardly anything of the old text is between them.
    Near,
}

/// Whether a passage that is at `place`, with the text around it in order, may be at `there` instead: then the text
/// between the two is there again beyond `there`.
///
/// Example: of `甲乙丙丁`, is left `甲乙丙乙丙丁`: 乙 may be the second one, because 丙 follows it, too. In
/// `甲乙丙丁甲乙`, it is the first: 丙丁 do not follow the second.
pub(super) fn other_place(place: &Place<'_>, free: &FreeText, there: &Range<usize>) -> OtherPlace {
    let between = letters_between(place, there);
    if between.len() < MIN_APART {
        return OtherPlace::Near;
    }
    let region = beyond(place, free, there, &between);
    let wanted: Vec<char> = between.iter().map(|letter| place.pairing.old.letters[*letter]).collect();
    let mut is_found = vec![false; wanted.len()];
    for (from, string) in wanted.windows(STRING).enumerate() {
        let is_there = |at: usize| at >= region.start && at + STRING <= region.end && free.letters.get(at..at + STRING) == Some(string);
        if !string.contains(&BLANK) && free.index.places(string).any(is_there) {
            is_found[from..from + STRING].fill(true);
        }
    }
    if 2 * is_found.iter().filter(|found| **found).count() >= wanted.len() { OtherPlace::Possible } else { OtherPlace::OutOfOrder }
}

/// The letters of the old text next to a passage that are between its place and `there` in the new one, sorted.
fn letters_between(place: &Place<'_>, there: &Range<usize>) -> Vec<usize> {
    let (pairing, own, here) = (place.pairing, place.own, place.new_range());
    let is_after = there.start >= here.end;
    let between = if is_after { here.end..there.start } else { there.end..here.start };
    let is_beyond = |letter: &usize| pairing.place(*letter).is_some_and(|at| if is_after { at >= there.start } else { at < there.end });
    let outward: Box<dyn Iterator<Item = usize>> =
        if is_after { Box::new(own.end..pairing.old.letters.len()) } else { Box::new((0..own.start).rev()) };
    let near = outward.take(MAX_DISPLACED).take_while(|letter| !is_beyond(letter));
    let mut letters: Vec<usize> = near.filter(|letter| pairing.place(*letter).is_some_and(|at| between.contains(&at))).collect();
    letters.sort_unstable();
    letters
}

/// The letters of the new text beyond `there` up to where the old text goes on with other letters than `between`.
fn beyond(place: &Place<'_>, free: &FreeText, there: &Range<usize>, between: &[usize]) -> Range<usize> {
    let is_other = |origin: usize| between.binary_search(&origin).is_err() && !place.own.contains(&origin);
    let mut others = 0;
    let mut is_open = |at: &usize| {
        others += usize::from(place.pairing.origin(*at).is_some_and(is_other));
        others < MIN_APART
    };
    if there.start >= place.new_range().end {
        there.end..there.end + (there.end..free.letters.len()).take_while(&mut is_open).count()
    } else {
        there.start - (0..there.start).rev().take_while(&mut is_open).count()..there.start
    }
}
