//! The settings, one row each.

use super::Face;
use crate::tui::state::Item;
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::List;
use crate::tui::widget::Popup;
use crate::tui::widget::draw_list;
use ratatui::{buffer::Buffer, style::Style};

pub(super) fn draw(list: &List, state: &State, face: Face<'_>, buffer: &mut Buffer) {
    let (title, hint) = (face.locale.text("settings-title"), face.locale.text("settings-hint"));
    let inside = Popup { title: &title, hint: &hint, bare: !face.frames }.draw(state.size.settings(), buffer, face.look);
    draw_list(list, Item::ALL.len(), inside, buffer, face.look, |index| {
        let Some(item) = Item::ALL.get(index) else { return Label::default() };
        let mut value = item.value(&state.settings, face.locale);
        if *item == Item::Theme && state.settings.theme == "auto" && !state.theme.is_empty() {
            value = format!("{value} ({})", state.theme);
        }
        Label::new(face.locale.text(item.message()), Style::new()).right(format!("{value} "), face.look.style(Role::Key))
    });
}
