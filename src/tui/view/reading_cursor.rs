//! Where the hardware cursor stands while nothing is typed: where one reads, or at the selected entry.
//! Screen readers and braille displays follow it.

use crate::tui::state::{Focus, Overlay, ReaderScreen, Review, ScreenKind, SettingItem, State};
use crate::tui::widget::{ListState, inner_area};
use ratatui::layout::{Position, Rect};

/// The position of the cursor; `None` if nothing is selected there.
pub(super) fn reading_cursor(state: &State) -> Option<Position> {
    match &state.overlay {
        None => screen_cursor(state),
        Some(overlay) => overlay_cursor(overlay, state),
    }
}

/// The start of the selected row of a list in `area`.
fn row_position(list: &ListState, len: usize, area: Rect) -> Option<Position> {
    let row = list.selected().checked_sub(list.first_shown(len, area.height))?;
    let row = u16::try_from(row).ok().filter(|row| *row < area.height && len > 0)?;
    Some(Position::new(area.x, area.y + row))
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

fn overlay_cursor(overlay: &Overlay, state: &State) -> Option<Position> {
    let inside = inner_area(state.size.above_status_line());
    match overlay {
        Overlay::Annotations(listing) => row_position(&listing.list, listing.entries(state.reader.as_ref()?).len(), inside),
        Overlay::Review(review) => {
            let count = state.reader.as_ref()?.cases().len();
            let rows = Review::list_rows(inside.height, count).min(inside.height);
            let mut list = review.list;
            list.select(list.selected(), count, rows);
            row_position(&list, count, Rect { height: rows, ..inside })
        }
        Overlay::Settings(list) => row_position(list, SettingItem::ALL.len(), inner_area(state.size.settings())),
        Overlay::Attributes(card) => {
            let inside = inner_area(state.size.settings());
            row_position(&card.list, state.attribute_rows(card).len(), inside)
        }
        Overlay::Help(_) => Some(inside.as_position()),
        Overlay::Welcome => Some(inner_area(state.size.welcome()).as_position()),
        Overlay::Card(_) => Some(inner_area(state.size.editor()).as_position()),
        // The others have a cursor where one types.
        Overlay::TagPicker(_)
        | Overlay::AnnotationPicker(_)
        | Overlay::Palette(_)
        | Overlay::Editor(_)
        | Overlay::QuickPick(_)
        | Overlay::NamePicker(_)
        | Overlay::FormatPicker(_)
        | Overlay::BookmarkPicker(_)
        | Overlay::Prompt(_) => None,
    }
}
