//! Whether a row is erased before it is drawn: most of a row that scrolled in is ground.

use super::code::Code;
use std::ops::Range;

/// Blank cells at a row's end from which on erasing is shorter than writing.
pub const LEAST: u16 = 4;

/// Bytes that erasing takes, with the moves over what is left blank.
const ERASING: usize = 16;

/// Whether drawing a row takes fewer bytes where all from `places` on is erased to `ground` first.
/// `places` are the cells of `next` that differ from `shown`.
pub fn gains(shown: &[Code], next: &[Code], places: Range<usize>, ground: Code) -> bool {
    // The ground at the end is erased in any case.
    let text_end = next.iter().rposition(|code| *code != ground).map_or(0, |at| at + 1);
    let differs = |at: &usize| shown[*at] != next[*at];
    let in_place: usize = (places.start..places.end.min(text_end)).filter(differs).map(|at| next[at].bytes()).sum();
    let mut left = in_place.saturating_sub(ERASING);
    for code in next.get(places.start..text_end).unwrap_or_default().iter().filter(|code| **code != ground) {
        if left <= code.bytes() {
            return false;
        }
        left -= code.bytes();
    }
    left > 0
}
