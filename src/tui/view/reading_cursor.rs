//! Where the hardware cursor stands while nothing is typed: where one reads, or at the selected entry.
//! Screen readers and braille displays follow it.

use crate::tui::state::State;
use ratatui::layout::Position;

/// The position of the cursor; `None` if nothing is selected there.
pub(super) fn reading_cursor(state: &State) -> Option<Position> {
    match &state.overlay {
        None => (state.screen.functions().reading_cursor)(state),
        Some(overlay) => overlay.component().reading_cursor(state),
    }
}
