//! Commands of the card of an annotation.

use super::definition::{Command, Invocation};
use crate::tui::effect::Effect;
use crate::tui::message::{AnnotationOp, Context};

const CARD: &[Context] = &[Context::Card];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("card-edit", CARD, &["a", "E", "i"], |cx| apply(cx, AnnotationOp::Edit)),
    Command::new("card-retag", CARD, &["t", "T"], |cx| apply(cx, AnnotationOp::Retag)),
    Command::new("card-delete", CARD, &["D", "x", "<Del>"], |cx| apply(cx, AnnotationOp::Delete)),
    Command::new("card-move", CARD, &["gr"], |cx| apply(cx, AnnotationOp::Resize)),
    Command::new("card-next", CARD, &["<Tab>", "j", "<Down>", "n"], |cx| cx.state.step_card(false)),
    Command::new("card-previous", CARD, &["<S-Tab>", "k", "<Up>", "N"], |cx| cx.state.step_card(true)),
    Command::new("card-undo", CARD, &["u"], |cx| cx.effects.push(Effect::Undo)),
    Command::new("card-redo", CARD, &["U", "<C-r>"], |cx| cx.effects.push(Effect::Redo)),
    Command::new("card-close", CARD, &["<Esc>", "<Enter>", "h", "<Left>"], |cx| {
        cx.state.close_overlay();
    }),
];

fn apply(cx: &mut Invocation<'_>, op: AnnotationOp) {
    cx.state.apply_to_card(op, cx.effects);
}
