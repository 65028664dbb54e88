//! The help screen, out of the command table and the keymap.

use super::Face;
use crate::tui::command::Command;
use crate::tui::command::Context;
use crate::tui::state::Help;
use crate::tui::state::State;
use crate::tui::state::help::HelpRow;
use crate::tui::theme::Role;
use crate::tui::widget::Label;
use crate::tui::widget::Popup;
use crate::tui::widget::paint;
use ratatui::buffer::Buffer;

/// Cells for the keys.
const KEYS: usize = 24;

pub(super) fn draw(state: &State, help: &Help, face: Face<'_>, buffer: &mut Buffer) {
    let look = face.look;
    let area = state.size.full();
    let mut title = face.locale.text("help-title").into_owned();
    if !help.filter().is_empty() {
        title = format!("{title}: {}", help.filter());
    }
    let hint = face.locale.text("help-hint");
    let inside = Popup { title: &title, hint: &hint, bare: !face.frames }.draw(area, buffer, look);
    let rows = help.rows();
    if rows.is_empty() {
        face.put(buffer, inside, &face.format("help-none-fit", &[("filter", help.filter().into())]), Role::Dim);
    }
    let ground = look.style(Role::Text).patch(look.style(Role::Popup));
    for (row, entry) in inside.rows().zip(rows.iter().skip(help.top())) {
        match entry {
            HelpRow::Blank => {}
            HelpRow::Topic(name) => {
                Label::new(face.locale.text(&format!("topic-{name}")), look.style(Role::Strong)).draw(row, buffer, ground, look.ambiguous);
            }
            HelpRow::Entry(command, here) => {
                let context = if *here { help.context } else { command.contexts.first().copied().unwrap_or(help.context) };
                entry_label(state, command, context, *here, inside.width, face).draw(row, buffer, ground, look.ambiguous);
            }
        }
    }
}

fn entry_label<'a>(state: &State, command: &Command, context: Context, here: bool, width: u16, face: Face<'_>) -> Label<'a> {
    let look = face.look;
    let room = KEYS.min(usize::from(width) / 2);
    let keys = state.keymap.keys_of(context, command.name).join("  ");
    let keys = paint::truncate(&keys, room, look.ambiguous).into_owned();
    let gap = " ".repeat((room + 1).saturating_sub(paint::width(&keys, look.ambiguous)));
    let doc = face.locale.text(&command.doc());
    let label = Label::new(keys, look.style(Role::Key)).and(gap, ratatui::style::Style::new());
    let role = if here { Role::Popup } else { Role::Dim };
    let label = label.and(doc, look.style(role));
    if here { label } else { label.right(face.locale.text(context.message()), look.style(Role::Dim)) }
}
