//! Mouse handling: a click moves the cursor, a drag selects, a double click selects a word and a
//! triple click a sentence; the wheel scrolls the pane it is over.

use crate::tui::command::keymap::Keymap;
use crate::tui::effect::{Effect, Mouse, MouseKind};
use crate::tui::overlay::component::Press;
use crate::tui::state::State;
use ratatui::layout::Position;

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
    (state.screen.functions().press)(state, Press { at, clicks }, effects);
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
    if let Some(offset) = crate::tui::screens::reader::component::offset_at(reader, column, Position::new(mouse.column, row)) {
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
    (state.screen.functions().wheel)(state, at, rows);
}
