//! Measures how many cells the terminal gives to characters whose width terminals disagree on.
//!
//! Each sample is written invisibly at the start of the last row, followed by a cursor position query
//! (DSR 6), all in one write. Each answer (CPR) gives a column: the sample's width plus one.

use super::Widths;
use std::fmt::Write as _;

/// The samples measured, one for each class of characters.
pub const SAMPLES: [&str; 5] = ["“", "─", "α", "é", "❤\u{FE0F}"];

/// The number of samples (the first ones) that the setting for ambiguous width decides; the last, an
/// emoji with a variation selector, is only reported.
const AMBIGUOUS_SAMPLES: usize = 4;

/// The widths in cells that a terminal gave to the [`SAMPLES`].
///
/// ```
/// use pizhu_terminal::{Widths, probe::SampleWidths};
///
/// // “ ─ α é ❤️
/// assert_eq!(SampleWidths([1, 1, 1, 1, 2]).widths(), Widths::Narrow);
/// assert_eq!(SampleWidths([2, 2, 2, 2, 2]).widths(), Widths::Wide);
/// assert_eq!(SampleWidths([2, 1, 1, 1, 1]).widths(), Widths::Unknown);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SampleWidths(pub [u8; SAMPLES.len()]);

impl SampleWidths {
    /// The class of ambiguous widths; mixed or impossible measurements give [`Widths::Unknown`].
    #[must_use]
    pub fn widths(self) -> Widths {
        let ambiguous = &self.0[..AMBIGUOUS_SAMPLES];
        if ambiguous.iter().all(|cells| *cells == 1) {
            Widths::Narrow
        } else if ambiguous.iter().all(|cells| *cells == 2) {
            Widths::Wide
        } else {
            Widths::Unknown
        }
    }
}

/// Appends the query, which writes in `row` (from 0; not the first row, whose report could be
/// mistaken for the key F3).
pub(crate) fn push_query(row: u16, out: &mut String) {
    out.push_str("\x1b[8m");
    for sample in SAMPLES {
        // Writing to a string cannot fail.
        let _ = write!(out, "\x1b[{}H{sample}\x1b[6n", row + 1);
    }
    out.push_str("\x1b[0m");
}

/// Collects the cursor position reports that answer a probe.
///
/// ```
/// use pizhu_terminal::probe::{CursorReports, SampleWidths};
///
/// let mut reports = CursorReports::default();
/// for _ in 0..4 {
///     assert_eq!(reports.push(2), None);
/// }
/// assert_eq!(reports.push(3), Some(SampleWidths([1, 1, 1, 1, 2])));
/// ```
#[derive(Debug, Default)]
pub struct CursorReports {
    columns: Vec<u16>,
}

impl CursorReports {
    /// Adds the column (from 1) of one report; returns the widths with the last one.
    pub fn push(&mut self, column: u16) -> Option<SampleWidths> {
        self.columns.push(column);
        if self.columns.len() < SAMPLES.len() {
            return None;
        }
        let mut cells = [0; SAMPLES.len()];
        for (cells, column) in cells.iter_mut().zip(self.columns.drain(..)) {
            *cells = u8::try_from(column.saturating_sub(1)).unwrap_or(u8::MAX);
        }
        Some(SampleWidths(cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(columns: [u16; 5]) -> Option<SampleWidths> {
        let mut answers = CursorReports::default();
        columns.into_iter().fold(None, |_, column| answers.push(column))
    }

    #[test]
    fn reports_give_the_width_class() {
        assert_eq!(answered([2, 2, 2, 2, 3]).map(SampleWidths::widths), Some(Widths::Narrow));
        assert_eq!(answered([3, 3, 3, 3, 2]).map(SampleWidths::widths), Some(Widths::Wide));
        assert_eq!(answered([3, 2, 2, 2, 2]).map(SampleWidths::widths), Some(Widths::Unknown));
        assert_eq!(CursorReports::default().push(2), None);
    }

    #[test]
    fn the_query_asks_for_one_report_a_sample() {
        let mut out = String::new();
        push_query(23, &mut out);
        assert_eq!(out.matches("\x1b[6n").count(), SAMPLES.len());
        assert!(out.starts_with("\x1b[8m\x1b[24H“\x1b[6n") && out.ends_with("\x1b[0m"));
    }
}
