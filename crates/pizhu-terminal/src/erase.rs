//! Decides whether erasing a row before drawing it takes fewer bytes: most of a row that scrolled in
//! is background.

use super::code::Code;
use std::ops::Range;

/// Minimum trailing blank cells for which erasing is shorter than writing spaces.
pub const LEAST: u16 = 4;

/// Bytes of an erase, including the cursor moves over the blanks it leaves.
const ERASING: usize = 16;

/// Whether drawing a row takes fewer bytes if everything from `places.start` on is erased to the
/// blank `ground` first. `places` is the range of cells of `next` that differ from `shown`;
/// `text_end` is where the trailing blanks begin.
pub fn gains(shown: &[Code], next: &[Code], places: Range<usize>, ground: Code, text_end: usize) -> bool {
    // The unchanged cells after the range would have to be drawn again: more than is saved.
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
