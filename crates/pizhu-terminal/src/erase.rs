//! Decides whether erasing a row before drawing it takes fewer bytes: most of a row that scrolled in
//! is background.

use super::packed_cell::PackedCell;
use std::ops::Range;

/// Minimum trailing blank cells for which erasing is shorter than writing spaces.
pub(crate) const MIN_ERASED_CELLS: u16 = 4;

/// Bytes of an erase, including the cursor moves over the blanks it leaves.
const ERASE_COST: usize = 16;

/// Whether drawing a row takes fewer bytes if everything from `range.start` on is erased to
/// `blank` first. `range` is the range of cells of `next` that differ from `shown`;
/// `text_end` is where the trailing blanks begin.
pub(crate) fn is_cheaper(shown: &[PackedCell], next: &[PackedCell], range: Range<usize>, blank: PackedCell, text_end: usize) -> bool {
    // The unchanged cells after the range would have to be drawn again: more than is saved.
    if text_end.saturating_sub(range.end) + ERASE_COST >= range.len() {
        return false;
    }
    let differs = |at: &usize| shown[*at] != next[*at];
    let in_place: usize = (range.start..range.end.min(text_end)).filter(differs).map(|at| next[at].byte_len()).sum();
    let mut left = in_place.saturating_sub(ERASE_COST);
    for cell in next.get(range.start..text_end).unwrap_or_default().iter().filter(|cell| **cell != blank) {
        if left <= cell.byte_len() {
            return false;
        }
        left -= cell.byte_len();
    }
    left > 0
}
