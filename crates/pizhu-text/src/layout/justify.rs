//! Justification: widening of a row to the column's edge by whole cells.
//!
//! Cells go first after stops and closing marks, then between hanzi and Latin words or numbers,
//! then to any other allowed break.

use super::{breaks::BreakPenalty, cluster::Cluster, kinsoku::PunctClass};
use crate::text::visible::ClusterKind;

/// A row is justified only if its slack is at most 1/4 of the column.
const MAX_SLACK_DIVISOR: u16 = 4;

/// Cells to insert before each cluster of a row to widen it by `slack` cells; `None` if it is not
/// justified. `width` is the width of the row in cells, `penalties` are those of the boundary before
/// each cluster.
pub(super) fn gaps(clusters: &[Cluster], penalties: &[BreakPenalty], width: u16, slack: u16) -> Option<Vec<u16>> {
    if slack == 0 || clusters.len() < 2 || penalties.len() != clusters.len() || slack > (width + slack) / MAX_SLACK_DIVISOR {
        return None;
    }
    let mut gaps = vec![0u16; clusters.len()];
    let mut left = slack;
    let classes: [Vec<usize>; 3] =
        [0, 1, 2].map(|class| (1..clusters.len()).filter(|at| gap_class(clusters, penalties, *at) == Some(class)).collect());
    while left > 0 && classes.iter().any(|class| !class.is_empty()) {
        for class in &classes {
            let count = class.len().min(usize::from(left));
            for n in 0..count {
                // Spread evenly over the row.
                gaps[class[(2 * n + 1) * class.len() / (2 * count)]] += 1;
            }
            left -= count as u16;
        }
    }
    Some(gaps)
}

/// Priority of the boundary before cluster `at` for extra cells, 0 first; `None` if no break is
/// allowed there.
fn gap_class(clusters: &[Cluster], penalties: &[BreakPenalty], at: usize) -> Option<usize> {
    if penalties[at] != BreakPenalty::Allowed {
        return None;
    }
    let (before, after) = (&clusters[at - 1], &clusters[at]);
    let narrow = |cluster: &Cluster| cluster.kind == ClusterKind::Plain && cluster.normalized.is_ascii_alphanumeric();
    Some(match before.punct {
        PunctClass::Stop | PunctClass::Closing => 0,
        _ if narrow(before) != narrow(after) => 1,
        _ => 2,
    })
}
