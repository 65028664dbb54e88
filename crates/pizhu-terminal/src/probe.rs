//! Asking the terminal how many cells it gives to characters of each class.
//!
//! Each sample is written at the start of the last row, invisible, and the cursor asked for: all
//! in one write, so that one round trip answers. An answer names a column; the sample's width is
//! the column less one.

use super::Widths;
use std::fmt::Write as _;

/// What is measured, one sample a class.
pub const SAMPLES: [&str; 5] = ["“", "─", "α", "é", "❤\u{FE0F}"];

/// The samples whose width the setting for ambiguous width decides: all but the last.
const AMBIGUOUS: usize = 4;

/// The cells that a terminal gave to [`SAMPLES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measured(pub [u8; SAMPLES.len()]);

impl Measured {
    /// What the measure says of the terminal: mixed or impossible answers leave it unknown.
    #[must_use]
    pub fn widths(self) -> Widths {
        let ambiguous = &self.0[..AMBIGUOUS];
        if ambiguous.iter().all(|cells| *cells == 1) {
            Widths::Narrow
        } else if ambiguous.iter().all(|cells| *cells == 2) {
            Widths::Wide
        } else {
            Widths::Unknown
        }
    }
}

/// Appends the question, to be asked in `row` (from 0, not the first: an answer from there could
/// be taken for a key).
pub fn ask(row: u16, out: &mut String) {
    out.push_str("\x1b[8m");
    for sample in SAMPLES {
        // Writing to a string does not fail.
        let _ = write!(out, "\x1b[{}H{sample}\x1b[6n", row + 1);
    }
    out.push_str("\x1b[0m");
}

/// Gathers the answers.
#[derive(Debug, Default)]
pub struct Answers {
    columns: Vec<u16>,
}

impl Answers {
    /// Takes the column (from 1) of one cursor report; gives the measure with the last of them.
    pub fn take(&mut self, column: u16) -> Option<Measured> {
        self.columns.push(column);
        if self.columns.len() < SAMPLES.len() {
            return None;
        }
        let mut cells = [0; SAMPLES.len()];
        for (cells, column) in cells.iter_mut().zip(self.columns.drain(..)) {
            *cells = u8::try_from(column.saturating_sub(1)).unwrap_or(u8::MAX);
        }
        Some(Measured(cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(columns: [u16; 5]) -> Option<Measured> {
        let mut answers = Answers::default();
        columns.into_iter().fold(None, |_, column| answers.take(column))
    }

    #[test]
    fn answers_become_widths() {
        assert_eq!(answered([2, 2, 2, 2, 3]).map(Measured::widths), Some(Widths::Narrow));
        assert_eq!(answered([3, 3, 3, 3, 2]).map(Measured::widths), Some(Widths::Wide));
        assert_eq!(answered([3, 2, 2, 2, 2]).map(Measured::widths), Some(Widths::Unknown));
        assert_eq!(Answers::default().take(2), None);
    }

    #[test]
    fn the_question_is_one_write_with_as_many_reports_as_samples() {
        let mut out = String::new();
        ask(23, &mut out);
        assert_eq!(out.matches("\x1b[6n").count(), SAMPLES.len());
        assert!(out.starts_with("\x1b[8m\x1b[24H“\x1b[6n") && out.ends_with("\x1b[0m"));
    }
}
