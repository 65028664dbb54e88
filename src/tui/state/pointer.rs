//! State of the mouse: multiple clicks and drags.

use std::time::Duration;

/// Maximum time between the clicks of a double or triple click.
const MULTI_CLICK_INTERVAL: Duration = Duration::from_millis(400);
/// Maximum clicks that are counted together; the next one starts again at 1.
const MAX_CLICKS: u8 = 3;

/// State of the mouse.
#[derive(Debug, Clone, Default)]
pub struct Pointer {
    /// Whether the terminal reports the mouse.
    pub enabled: bool,
    last: Option<Press>,
    /// Char offset where the button went down; a drag selects from here.
    pub anchor: Option<usize>,
    /// Whether the line beside the outline is dragged.
    pub drags_outline: bool,
}

#[derive(Debug, Clone, Copy)]
struct Press {
    cell: (u16, u16),
    at: Duration,
    count: u8,
}

impl Pointer {
    /// A mouse whose reports are on or off.
    #[must_use]
    pub fn new(enabled: bool) -> Self {
        Self { enabled, ..Self::default() }
    }

    /// Registers a press on a cell (column, row); returns its number within a multiple click: 1 to 3.
    pub fn press(&mut self, cell: (u16, u16), at: Duration) -> u8 {
        let count = match self.last {
            Some(last) if last.cell == cell && at.saturating_sub(last.at) < MULTI_CLICK_INTERVAL => last.count % MAX_CLICKS + 1,
            _ => 1,
        };
        self.last = Some(Press { cell, at, count });
        self.anchor = None;
        self.drags_outline = false;
        count
    }
}
