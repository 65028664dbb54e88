//! Commands on the attributes of the open speech.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, StatusMessage};

const BOTH: &[Context] = &[Context::Reader, Context::Outline];
const HERE: &[Context] = &[Context::Attributes];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("attributes", BOTH, &["ga"], |cx| cx.state.open_attributes()),
    Command::new("attributes-edit", HERE, &["<Enter>", "e", "a", "l", "<Right>"], |cx| cx.state.edit_attribute()),
    Command::new("attributes-add", HERE, &["n", "o"], |cx| cx.state.add_attribute()),
    Command::new("attributes-none", HERE, &["-"], |cx| cx.state.empty_attribute(cx.effects)),
    Command::new("attributes-unset", HERE, &["x", "D", "<Del>"], |cx| cx.state.unset_attribute(cx.effects)),
    Command::new("attributes-down", HERE, &["j", "<Down>", "<Space>", "<PageDown>"], |cx| move_selection(cx, false)),
    Command::new("attributes-up", HERE, &["k", "<Up>", "<PageUp>"], |cx| move_selection(cx, true)),
    Command::new("attributes-undo", HERE, &["u"], |cx| cx.effects.push(Effect::Undo)),
    Command::new("attributes-redo", HERE, &["U", "<C-r>"], |cx| cx.effects.push(Effect::Redo)),
    Command::new("attributes-close", HERE, &["<Esc>", "h", "<Left>"], |cx| {
        cx.state.close_overlay();
    }),
];

fn move_selection(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    if !cx.state.select_attribute_by(steps) {
        cx.set_status(StatusMessage::hint(if back { notice::AT_START } else { notice::AT_END }));
    }
}
