//! Whether a row is erased before it is drawn: most of a row that scrolled in is ground.

use super::code::Code;
use std::ops::Range;

/// Blank cells at a row's end from which on erasing is shorter than writing.
pub const LEAST: u16 = 4;

/// Bytes that erasing takes, with the moves over what is left blank.
const ERASING: usize = 16;

/// Whether drawing a row takes fewer bytes where all from `places` on is erased to `ground` first.
/// `places` are the cells of `next` that differ from `shown`, `text_end` is where the ground begins
/// that ends the row.
pub fn gains(shown: &[Code], next: &[Code], places: Range<usize>, ground: Code, text_end: usize) -> bool {
    // What stands behind the places would be drawn again: more than what they can save.
    if text_end.saturating_sub(places.end) + ERASING >= places.len() {
        return false;
    }
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
