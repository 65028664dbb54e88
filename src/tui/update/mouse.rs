//! What the mouse does: a press goes there, a drag selects, two select the word and three the
//! sentence, the wheel scrolls what it is over.

use crate::tui::effect::Effect;
use crate::tui::effect::Mouse;
use crate::tui::effect::MouseKind;
use crate::tui::state::Focus;
use crate::tui::state::Item;
use crate::tui::state::Overlay;
use crate::tui::state::Reader;
use crate::tui::state::Screen;
use crate::tui::state::State;
use crate::tui::state::Unit;
use crate::tui::widget::inside;
use ratatui::layout::{Position, Rect};

/// Rows that one step of the wheel scrolls.
const WHEEL: isize = 3;

pub(super) fn update(state: &mut State, mouse: Mouse, effects: &mut Vec<Effect>) {
    match mouse.kind {
        MouseKind::Press => {
            state.notice = None;
            state.pending = crate::tui::command::keymap::Pending::default();
            let clicks = state.pointer.press((mouse.column, mouse.row), mouse.at);
            press(state, Position::new(mouse.column, mouse.row), clicks, effects);
        }
        MouseKind::Drag => drag(state, mouse),
        MouseKind::Release => state.pointer.anchor = None,
        MouseKind::WheelUp => wheel(state, Position::new(mouse.column, mouse.row), -WHEEL),
        MouseKind::WheelDown => wheel(state, Position::new(mouse.column, mouse.row), WHEEL),
    }
    if let Some(reader) = &mut state.reader {
        reader.settle();
    }
}

fn press(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    match &mut state.overlay {
        None => match state.screen {
            Screen::Library => press_library(state, at, clicks, effects),
            Screen::Reader => press_reader(state, at, clicks),
            Screen::Across => press_across(state, at, clicks, effects),
            Screen::Counts => press_counts(state, at, clicks, effects),
            Screen::Beside => press_beside(state, at, clicks, effects),
        },
        Some(Overlay::Annotations(listing)) => {
            let area = inside(state.size.full());
            let count = state.reader.as_ref().map_or(0, |reader| listing.marks(reader).len());
            if let Some(row) = row_in(area, at).and_then(|row| listing.list.entry_at(row, count, area.height)) {
                listing.list.select(row, count, area.height);
                if clicks == 2 {
                    state.go_to_listed();
                }
            }
        }
        Some(Overlay::Editor(editor)) => {
            let area = inside(state.size.editor());
            if area.contains(at) {
                editor.area.click(at.x - area.x, at.y - area.y);
            }
        }
        Some(Overlay::Steps) => {
            state.leave_overlay();
        }
        Some(Overlay::Settings(list)) => {
            let frame = state.size.settings();
            let area = inside(frame);
            if let Some(row) = row_in(area, at).and_then(|row| list.entry_at(row, Item::ALL.len(), area.height)) {
                list.select(row, Item::ALL.len(), area.height);
                if clicks >= 2 {
                    state.change_setting(1, effects);
                }
            } else if !frame.contains(at) {
                state.leave_overlay();
            }
        }
        Some(Overlay::Prompt(_) | Overlay::Help(_) | Overlay::Review(_)) => {}
        Some(_) => press_picker(state, at, clicks, effects),
    }
}

/// A press on a row selects it, a second opens its place.
fn press_across(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let area = state.size.library();
    let Some(across) = &mut state.across else { return };
    let count = across.shown().len();
    let Some(row) = row_in(area, at).and_then(|row| across.list.entry_at(row, count, area.height)) else { return };
    across.select(row);
    if clicks == 2 {
        state.open_spot(false, effects);
    }
}

/// A press on a row of a pane goes there, a second opens its source.
fn press_beside(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let Some(beside) = &mut state.beside else { return };
    let areas = beside.areas();
    let Some(pane) = areas.iter().position(|area| area.contains(at)) else { return };
    let body = Rect { y: areas[pane].y + 1, height: areas[pane].height.saturating_sub(1), ..areas[pane] };
    let len = beside.panes[pane].shown().len();
    let Some(row) = row_in(body, at).and_then(|row| beside.panes[pane].list.entry_at(row, len, body.height)) else { return };
    beside.focus = pane;
    beside.select(row);
    if clicks == 2 {
        state.open_beside_source(effects);
    }
}

/// A press on a row of figures selects it, a second opens what the figure one is at counts.
fn press_counts(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let area = state.size.library();
    let Some(counts) = &mut state.counts else { return };
    let heads = area.height.saturating_sub(counts.height());
    let body = Rect { y: area.y + heads, height: area.height.saturating_sub(heads), ..area };
    let Some(row) = row_in(body, at).and_then(|row| counts.row.entry_at(row, counts.table().rows.len(), body.height)) else { return };
    counts.select(row);
    if clicks == 2 {
        state.open_figure(effects);
    }
}

/// A press on an entry selects it, a second takes it; one beside the picker leaves it.
fn press_picker(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let frame = state.size.picker();
    if !frame.contains(at) {
        return state.cancel(effects);
    }
    let area = inside(frame);
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let Some(row) = row_in(list, at) else { return };
    let there = state.picker().is_some_and(|picker| picker.click(row));
    if there && clicks == 2 {
        state.accept(effects);
    }
}

fn press_library(state: &mut State, at: Position, clicks: u8, effects: &mut Vec<Effect>) {
    let area = state.size.library();
    let Some(row) = row_in(area, at) else { return };
    let count = state.library.shown().len();
    let Some(index) = state.library.list().entry_at(row, count, area.height) else { return };
    state.library.select(index);
    if clicks == 2
        && let Some(path) = state.library.selected().map(|entry| entry.path.clone())
    {
        state.open(&path, effects);
    }
}

fn press_reader(state: &mut State, at: Position, clicks: u8) {
    let panes = state.panes();
    let Some(reader) = &mut state.reader else { return };
    if panes.outline.contains(at) {
        reader.outline_press(at.y - panes.outline.y, at.x - panes.outline.x, panes.outline.width);
        return state.arrange();
    }
    if !panes.text.contains(at) {
        return;
    }
    reader.set_focus(Focus::Text);
    reader.selection = None;
    let Some(offset) = offset_at(reader, panes.column, at) else { return };
    reader.viewport.put(offset);
    let unit = match clicks {
        2 => Unit::Word,
        3 => Unit::Sentence,
        _ => {
            state.pointer.anchor = Some(offset);
            return;
        }
    };
    // Nothing moves away under the pointer: the next click is on the same text.
    let top = reader.viewport.top();
    reader.select_unit(unit);
    reader.viewport.return_to(top);
}

/// Selects from where the button went down; at the edge of the text it scrolls.
fn drag(state: &mut State, mouse: Mouse) {
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
        reader.viewport.put(offset);
        if offset != anchor || reader.selection.is_some() {
            reader.select_from(anchor);
        }
    }
}

fn wheel(state: &mut State, at: Position, rows: isize) {
    match &mut state.overlay {
        None => match state.screen {
            Screen::Library => drop(state.library.select_by(rows)),
            Screen::Across => drop(state.across.as_mut().map(|across| across.step(rows))),
            Screen::Counts => drop(state.counts.as_mut().map(|counts| counts.step(rows))),
            Screen::Beside => drop(state.beside.as_mut().map(|beside| beside.step(rows))),
            Screen::Reader => {
                let panes = state.panes();
                let Some(reader) = &mut state.reader else { return };
                if panes.outline.contains(at) {
                    reader.outline_select_by(rows);
                } else {
                    reader.viewport.scroll(rows);
                }
            }
        },
        Some(Overlay::Help(help)) => drop(help.scroll(rows)),
        Some(Overlay::Settings(_)) => drop(state.select_setting_by(rows.signum())),
        Some(Overlay::Annotations(_)) => drop(state.select_annotation_by(rows)),
        Some(Overlay::Review(_)) => drop(state.select_case_by(rows.signum())),
        Some(Overlay::Editor(_) | Overlay::Prompt(_) | Overlay::Steps) => {}
        Some(_) => drop(state.move_pick(rows.signum())),
    }
}

/// The char of the text at a cell; beside the text, of the row's nearest end.
fn offset_at(reader: &Reader, column: Rect, at: Position) -> Option<usize> {
    reader.viewport.offset_at(at.y.checked_sub(column.y)?, at.x.saturating_sub(column.x))
}

/// Which row of `area` a cell is in.
fn row_in(area: Rect, at: Position) -> Option<u16> {
    area.contains(at).then(|| at.y - area.y)
}
