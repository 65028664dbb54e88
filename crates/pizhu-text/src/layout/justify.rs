//! Justification: a row is widened to the column's edge by whole cells.
//!
//! Cells go first behind pauses, stops and closing marks, then between hanzi and Latin words or
//! numbers, then anywhere that a row might end.

use super::{breaks::Rank, kinsoku::Mark, unit::Item};
use crate::text::visible::UnitKind;

/// A row that lacks more than one cell in this many is left as it is.
const SPARSE: u16 = 4;

/// The cells to put before each of a row's items so that it grows by `slack`; `None` where it
/// stays as it is. `width` is the row's, `ranks` are those of the places before each item.
pub(super) fn gaps(items: &[Item], ranks: &[Rank], width: u16, slack: u16) -> Option<Vec<u16>> {
    if slack == 0 || items.len() < 2 || ranks.len() != items.len() || slack > (width + slack) / SPARSE {
        return None;
    }
    let mut gaps = vec![0u16; items.len()];
    let mut left = slack;
    let classes: [Vec<usize>; 3] =
        [0, 1, 2].map(|class| (1..items.len()).filter(|at| gap_class(items, ranks, *at) == Some(class)).collect());
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
    Some(gaps)
}

fn gap_class(items: &[Item], ranks: &[Rank], at: usize) -> Option<usize> {
    if ranks[at] != Rank::Allowed {
        return None;
    }
    let (before, after) = (&items[at - 1], &items[at]);
    let narrow = |item: &Item| item.kind == UnitKind::Plain && item.shade.is_ascii_alphanumeric();
    Some(match before.mark {
        Mark::Stop | Mark::Closing => 0,
        _ if narrow(before) != narrow(after) => 1,
        _ => 2,
    })
}
