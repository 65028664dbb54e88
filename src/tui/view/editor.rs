//! The note editor.

use super::Face;
use crate::tui::state::Editor;
use crate::tui::state::State;
use crate::tui::widget::Popup;
use ratatui::{buffer::Buffer, layout::Position};

pub(super) fn draw(editor: &Editor, state: &State, face: Face<'_>, buffer: &mut Buffer) -> Option<Position> {
    let (title, hint) = (super::titled("note-title", state, face), face.locale.text("note-hint"));
    let inside = Popup { title: &title, hint: &hint, bare: !face.frames }.draw(state.size.editor(), buffer, face.look);
    editor.area.draw(inside, buffer, face.look, &face.locale.text("note-placeholder"))
}
