//! The help screen, generated from the command table and the keymap.

use crate::locale::{family, id};
use crate::tui::command::spec::CommandSpec;
use crate::tui::message::Context;
use crate::tui::overlay::Help;
use crate::tui::overlay::help::HelpRow;
use crate::tui::state::State;
use crate::tui::theme::StyleRole;
use crate::tui::view::RenderContext;
use crate::tui::widget::{Label, Popup};
use pizhu_terminal::paint;
use ratatui::buffer::Buffer;

/// Width of the column of keys, in cells.
const KEYS_WIDTH: usize = 24;

pub(in crate::tui) fn draw(state: &State, help: &Help, ctx: RenderContext<'_>, buffer: &mut Buffer) {
    let styles = ctx.styles;
    let area = state.size.above_status_line();
    let mut title = ctx.locale.text(id::HELP_TITLE).into_owned();
    if !help.filter().is_empty() {
        title = format!("{title}: {}", help.filter());
    }
    let hint = ctx.locale.text(id::HELP_HINT);
    let inside = Popup { title: &title, hint: &hint, bare: !ctx.frames }.draw(area, buffer, styles);
    let rows = help.rows();
    if rows.is_empty() {
        ctx.draw_text(buffer, inside, &ctx.format(id::HELP_NONE_FIT, &[("filter", help.filter().into())]), StyleRole::Dim);
    }
    let background = styles.style(StyleRole::Text).patch(styles.style(StyleRole::Popup));
    for (row, entry) in inside.rows().zip(rows.iter().skip(help.top())) {
        match entry {
            HelpRow::Blank => {}
            HelpRow::Topic(name) => {
                Label::new(ctx.locale.text(family::TOPIC.id(name)), styles.style(StyleRole::Strong)).draw(
                    row,
                    buffer,
                    background,
                    styles.ambiguous,
                );
            }
            HelpRow::Entry(command, here) => {
                let context = if *here { help.context } else { command.contexts.first().copied().unwrap_or(help.context) };
                entry_label(command, context, *here, inside.width, ctx).draw(row, buffer, background, styles.ambiguous);
            }
        }
    }
}

fn entry_label<'a>(command: &CommandSpec, context: Context, here: bool, width: u16, ctx: RenderContext<'_>) -> Label<'a> {
    let styles = ctx.styles;
    let room = KEYS_WIDTH.min(usize::from(width) / 2);
    let keys = ctx.keymap.keys_of(context, command.name).join("  ");
    let keys = paint::truncate(&keys, room, styles.ambiguous).into_owned();
    let gap = " ".repeat((room + 1).saturating_sub(paint::width(&keys, styles.ambiguous)));
    let doc = ctx.locale.text(command.description());
    let label = Label::new(keys, styles.style(StyleRole::Key)).and(gap, ratatui::style::Style::new());
    let role = if here { StyleRole::Popup } else { StyleRole::Dim };
    let label = label.and(doc, styles.style(role));
    if here { label } else { label.right(ctx.locale.text(context.message()), styles.style(StyleRole::Dim)) }
}
