//! Where the hardware cursor stands while nothing is typed: where one reads, or at the selected entry.
//! Screen readers and braille displays follow it.

use crate::tui::overlay::component::row_position;
use crate::tui::state::{Focus, ReaderScreen, ScreenKind, State};
use ratatui::layout::{Position, Rect};

/// The position of the cursor; `None` if nothing is selected there.
pub(super) fn reading_cursor(state: &State) -> Option<Position> {
    match &state.overlay {
        None => screen_cursor(state),
        Some(overlay) => overlay.component().reading_cursor(state),
    }
}

fn screen_cursor(state: &State) -> Option<Position> {
    let list = state.size.list_area();
    match state.screen {
        ScreenKind::Library => row_position(state.library.list(), state.library.visible_entries().len(), state.size.library_areas().0),
        ScreenKind::Results => {
            let results = state.results.as_ref()?;
            row_position(&results.list, results.wrapped_rows().len(), list)
        }
        ScreenKind::Tags => {
            let tree = state.tags.as_ref()?.tree();
            row_position(tree.list(), tree.row_count(), state.size.tags_areas().0)
        }
        ScreenKind::Memos => {
            let memos = state.memos.as_ref()?;
            row_position(memos.list(), memos.len(), state.size.tags_areas().0)
        }
        ScreenKind::Basket => {
            let basket = state.basket.as_ref()?;
            row_position(basket.list(), basket.entries().len(), state.size.tags_areas().0)
        }
        ScreenKind::Counts => {
            let counts = state.counts.as_ref()?;
            let heads = list.height.saturating_sub(counts.height());
            let body = Rect { y: list.y + heads, height: list.height - heads, ..list };
            row_position(&counts.row, counts.table().rows.len(), body)
        }
        ScreenKind::Compare => {
            let compare = state.compare.as_ref()?;
            let area = compare.areas().get(compare.focus).copied()?;
            let pane = compare.panes.get(compare.focus)?;
            let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
            row_position(&pane.list, pane.wrapped_rows().len(), body)
        }
        ScreenKind::Reader => reader_cursor(state, state.reader.as_ref()?),
    }
}

fn reader_cursor(state: &State, reader: &ReaderScreen) -> Option<Position> {
    let panes = state.panes();
    if reader.focus == Focus::Outline {
        let tree = reader.outline.tree();
        return row_position(tree.list(), tree.row_count(), panes.outline);
    }
    let (row, column) = reader.viewport.cell_at(reader.viewport.cursor())?;
    let at = Position::new(panes.column.x + column, panes.column.y + row);
    panes.text.contains(at).then_some(at)
}
