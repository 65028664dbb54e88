//! Justification: a row is widened to the column's edge by whole cells.
//!
//! Cells go first behind pauses, stops and closing marks, then between hanzi and Latin words or
//! numbers, then anywhere that a row might end.

use super::{Glyph, breaks::Rank, kinsoku::Mark};

/// A row that lacks more than one cell in this many is left as it is.
const SPARSE: u16 = 4;

/// Widens a row by `slack` cells. `ranks` are those of the places before each glyph.
pub(super) fn spread(glyphs: &mut [Glyph], ranks: &[Rank], slack: u16) {
    let width = glyphs.last().map_or(0, Glyph::end_column);
    if slack == 0 || glyphs.len() < 2 || ranks.len() != glyphs.len() || slack > (width + slack) / SPARSE {
        return;
    }
    let mut gaps = vec![0u16; glyphs.len()]; // cells before each glyph
    let mut left = slack;
    let classes: [Vec<usize>; 3] =
        [0, 1, 2].map(|class| (1..glyphs.len()).filter(|at| gap_class(glyphs, ranks, *at) == Some(class)).collect());
    while left > 0 && classes.iter().any(|class| !class.is_empty()) {
        for class in &classes {
            let count = class.len().min(usize::from(left));
            for n in 0..count {
                // Evenly over the row.
                gaps[class[(2 * n + 1) * class.len() / (2 * count)]] += 1;
            }
            left -= count as u16;
        }
    }
    let mut shift = 0;
    for (glyph, gap) in glyphs.iter_mut().zip(gaps) {
        shift += gap;
        glyph.column += shift;
    }
}

fn gap_class(glyphs: &[Glyph], ranks: &[Rank], at: usize) -> Option<usize> {
    if ranks[at] != Rank::Allowed {
        return None;
    }
    let last = |glyph: &Glyph| glyph.text.chars().next().unwrap_or(' ');
    let (before, after) = (last(&glyphs[at - 1]), last(&glyphs[at]));
    let narrow = |c: char| c.is_ascii_alphanumeric();
    Some(match Mark::of(before) {
        Mark::Stop | Mark::Closing => 0,
        _ if narrow(before) != narrow(after) => 1,
        _ => 2,
    })
}
