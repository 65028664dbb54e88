//! Lists to choose from by typing.

use super::Face;
use crate::tui::state::State;
use crate::tui::widget::Picker;
use crate::tui::widget::Popup;
use ratatui::{buffer::Buffer, layout::Position};

pub(super) fn draw(picker: &Picker, title: &str, hint: &str, state: &State, face: Face<'_>, buffer: &mut Buffer) -> Option<Position> {
    let (title, hint) = (super::titled(title, state, face), face.locale.text(hint));
    let inside = Popup { title: &title, hint: &hint, bare: !face.frames }.draw(state.size.picker(), buffer, face.look);
    picker.draw(inside, buffer, face.look, &face.locale.text("picker-create"))
}
