//! Mouse handling: a click moves the cursor, a drag selects, a double click selects a word and a
//! triple click a sentence; the wheel scrolls the pane it is over.

use crate::tui::command::keymap::Keymap;
use crate::tui::effect::{Effect, Mouse, MouseKind};
use crate::tui::overlay::component::Press;
use crate::tui::state::{Focus, ReaderScreen, ScreenKind, State, TextUnit};
use ratatui::layout::{Position, Rect};

/// Rows per wheel step.
const WHEEL_ROWS: isize = 3;

pub(super) fn update(state: &mut State, keymap: &Keymap, mouse: Mouse, effects: &mut Vec<Effect>) {
    match mouse.kind {
        MouseKind::Press => {
            state.status = None;
            state.pending_keys = crate::tui::key::PendingKeys::default();
            let clicks = state.pointer.press((mouse.column, mouse.row), mouse.at);
            press(state, keymap, Position::new(mouse.column, mouse.row), clicks, effects);
        }
        MouseKind::Drag => drag(state, mouse),
        MouseKind::Release => {
            state.pointer.anchor = None;
            if std::mem::take(&mut state.pointer.drags_outline) {
                state.set_outline_width(state.panes().outline.width, effects);
            }
        }
        MouseKind::WheelUp => wheel(state, Position::new(mouse.column, mouse.row), -WHEEL_ROWS),
        MouseKind::WheelDown => wheel(state, Position::new(mouse.column, mouse.row), WHEEL_ROWS),
    }
    if let Some(reader) = &mut state.reader {
        reader.sync_to_cursor();
    }
}

fn press(state: &mut State, keymap: &Keymap, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    if let Some(overlay) = &state.overlay {
        return (overlay.reactions().press)(state, keymap, Press { at, clicks }, effects);
    }
    match state.screen {
        ScreenKind::Library => press_library(state, at, clicks, effects),
        ScreenKind::Reader => press_reader(state, at, clicks),
        ScreenKind::Results => press_results(state, at, clicks, effects),
        ScreenKind::Counts => press_counts(state, at, clicks, effects),
        ScreenKind::Compare => press_compare(state, at, clicks, effects),
        ScreenKind::Tags => press_tags(state, at, clicks, effects),
        ScreenKind::Memos => press_memos(state, at, clicks, effects),
        ScreenKind::Basket => press_basket(state, at, clicks, effects),
    }
}

/// Click on a result: selects it; double click opens its source.
fn press_results(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let area = state.size.list_area();
    let Some(results) = &mut state.results else { return };
    let count = results.wrapped_rows().len();
    let Some(row) = row_in(area, at).and_then(|row| results.list.entry_at(row, count, area.height)) else { return };
    results.select(row);
    if clicks == 2 {
        state.open_result(false, effects);
    }
}

/// Click on a row of a pane: selects it; double click opens its source.
fn press_compare(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let Some(compare) = &mut state.compare else { return };
    let areas = compare.areas();
    let Some(pane) = areas.iter().position(|area| area.contains(at)) else { return };
    let body = Rect { y: areas[pane].y + 1, height: areas[pane].height.saturating_sub(1), ..areas[pane] };
    let len = compare.panes[pane].wrapped_rows().len();
    let Some(row) = row_in(body, at).and_then(|row| compare.panes[pane].list.entry_at(row, len, body.height)) else { return };
    compare.focus = pane;
    compare.select(row);
    if clicks == 2 {
        state.open_compare_source(effects);
    }
}

/// Click on a memo: selects it; double click goes to what it is on.
fn press_memos(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let (area, _) = state.size.tags_areas();
    let Some(memos) = &mut state.memos else { return };
    let Some(row) = row_in(area, at).and_then(|row| memos.list().entry_at(row, memos.len(), area.height)) else { return };
    memos.select_row(row);
    if clicks == 2 {
        state.open_memo(effects);
    }
}

/// Click on a tag: selects it; double click reads all under it.
fn press_tags(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let (area, _) = state.size.tags_areas();
    let Some(tags) = &mut state.tags else { return };
    let count = tags.tree().row_count();
    let Some(row) = row_in(area, at).and_then(|row| tags.tree().list().entry_at(row, count, area.height)) else { return };
    tags.select_row(row);
    if clicks == 2 {
        state.read_selected_tag(effects);
    }
}

/// Click on an entry of a basket: selects it; double click opens its source.
fn press_basket(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let (area, _) = state.size.tags_areas();
    let Some(basket) = &mut state.basket else { return };
    let count = basket.entries().len();
    let Some(row) = row_in(area, at).and_then(|row| basket.list().entry_at(row, count, area.height)) else { return };
    basket.select(row);
    if clicks == 2 {
        state.open_basket_entry(effects);
    }
}

/// Click on a row of the counts: selects it; double click opens the selected cell's passages.
fn press_counts(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let area = state.size.list_area();
    let Some(counts) = &mut state.counts else { return };
    let heads = area.height.saturating_sub(counts.height());
    let body = Rect { y: area.y + heads, height: area.height.saturating_sub(heads), ..area };
    let Some(row) = row_in(body, at).and_then(|row| counts.row.entry_at(row, counts.table().rows.len(), body.height)) else { return };
    counts.select(row);
    if clicks == 2 {
        state.open_cell(effects);
    }
}

fn press_library(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let heads = state.size.library_heads();
    if heads.contains(at) {
        let order = state.library.order_at(at.x, heads.width);
        state.library.sort_by(order);
        return state.remember_library_order(effects);
    }
    let (area, _) = state.size.library_areas();
    let Some(row) = row_in(area, at) else { return };
    let count = state.library.visible_entries().len();
    let Some(index) = state.library.list().entry_at(row, count, area.height) else { return };
    state.library.select(index);
    if clicks == 2
        && let Some(path) = state.library.selected().map(|entry| entry.path.clone())
    {
        state.open_speech(&path, effects);
    }
}

fn press_reader(state: &mut State, at: Position, clicks: u8) {
    let panes = state.panes();
    let Some(reader) = &mut state.reader else { return };
    if !panes.outline.is_empty() && at.x == panes.outline.right() && at.y < panes.outline.bottom() {
        state.pointer.drags_outline = true;
        return;
    }
    if panes.outline.contains(at) {
        reader.outline_click(at.y - panes.outline.y, at.x - panes.outline.x, panes.outline.width);
        return state.arrange();
    }
    if !panes.text.contains(at) {
        return;
    }
    reader.set_focus(Focus::Text);
    reader.selection = None;
    let Some(offset) = offset_at(reader, panes.column, at) else { return };
    reader.viewport.place_cursor(offset);
    let unit = match clicks {
        2 => TextUnit::Word,
        3 => TextUnit::Sentence,
        _ => {
            state.pointer.anchor = Some(offset);
            return;
        }
    };
    // Keep the rows in place, so that the next click hits the same text.
    let top = reader.viewport.top();
    reader.select_unit(unit);
    reader.viewport.return_to(top);
}

/// Selects from where the button was pressed; scrolls at the edges of the text.
fn drag(state: &mut State, mouse: Mouse) {
    if state.pointer.drags_outline {
        return state.drag_outline(mouse.column);
    }
    let (Some(anchor), None) = (state.pointer.anchor, &state.overlay) else { return };
    let column = state.panes().column;
    let Some(reader) = &mut state.reader else { return };
    if mouse.row <= column.y {
        reader.viewport.scroll(-1);
    } else if mouse.row + 1 >= column.bottom() {
        reader.viewport.scroll(1);
    }
    let row = mouse.row.clamp(column.y, column.bottom().saturating_sub(1));
    if let Some(offset) = offset_at(reader, column, Position::new(mouse.column, row)) {
        reader.viewport.place_cursor(offset);
        if offset != anchor || reader.selection.is_some() {
            reader.select_from(anchor);
        }
    }
}

fn wheel(state: &mut State, at: Position, rows: isize) {
    if let Some(overlay) = &state.overlay {
        return (overlay.reactions().wheel)(state, rows);
    }
    match state.screen {
        ScreenKind::Library => drop(state.library.select_by(rows)),
        ScreenKind::Results => drop(state.results.as_mut().map(|results| results.step(rows))),
        ScreenKind::Counts => drop(state.counts.as_mut().map(|counts| counts.step(rows))),
        ScreenKind::Compare => drop(state.compare.as_mut().map(|compare| compare.step(rows))),
        ScreenKind::Tags => drop(state.tags.as_mut().map(|tags| tags.step(rows))),
        ScreenKind::Memos => drop(state.memos.as_mut().map(|memos| memos.step(rows))),
        ScreenKind::Basket => drop(state.basket.as_mut().map(|basket| basket.step(rows))),
        ScreenKind::Reader => {
            let panes = state.panes();
            let Some(reader) = &mut state.reader else { return };
            if panes.outline.contains(at) {
                reader.outline_select_by(rows);
            } else if reader.viewport.scroll(rows) > 0 {
                reader.visited_from = None;
            }
        }
    }
}

/// Char offset at a cell; beside the text, at the nearer end of the row.
fn offset_at(reader: &ReaderScreen, column: Rect, at: Position) -> Option<usize> {
    reader.viewport.offset_at(at.y.checked_sub(column.y)?, at.x.saturating_sub(column.x))
}

/// Row of `area` that a cell is in.
fn row_in(area: Rect, at: Position) -> Option<u16> {
    area.contains(at).then(|| at.y - area.y)
}
