//! What the mouse did last: for clicks that follow on one another, and for drags.

use std::time::Duration;

/// A press this soon after the last one, on the same cell, is of the same click.
const TOGETHER: Duration = Duration::from_millis(400);
/// Clicks that mean something: one, two, three.
const MOST: u8 = 3;

/// The mouse.
#[derive(Debug, Clone, Default)]
pub struct Pointer {
    /// Whether the terminal reports it.
    pub on: bool,
    last: Option<Press>,
    /// The char of the text that was pressed on, where a drag selects from.
    pub anchor: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Press {
    place: (u16, u16),
    at: Duration,
    count: u8,
}

impl Pointer {
    /// A mouse that is reported or not.
    #[must_use]
    pub fn new(on: bool) -> Self {
        Self { on, ..Self::default() }
    }

    /// Takes a press on a cell (column, row); how many in a row it is, from 1 to 3 and round
    /// again.
    pub fn press(&mut self, place: (u16, u16), at: Duration) -> u8 {
        let count = match self.last {
            Some(last) if last.place == place && at.saturating_sub(last.at) < TOGETHER => last.count % MOST + 1,
            _ => 1,
        };
        self.last = Some(Press { place, at, count });
        self.anchor = None;
        count
    }
}
