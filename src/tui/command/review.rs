//! Deciding about annotations that have lost their place; the history; copies of a speech; where
//! coders disagree.

use super::{Command, Context, Invocation};
use pizhu_annotation::Sharing;
use crate::tui::effect::Effect;
use crate::tui::state::Notice;

const BOTH: &[Context] = &[Context::Reader, Context::Outline];
const HERE: &[Context] = &[Context::Review];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("review", BOTH, &["R"], |on| on.state.open_review()),
    Command::new("review-accept", HERE, &["<Enter>", "y"], |on| on.state.accept_case(on.effects)),
    Command::new("review-attach", HERE, &["r"], |on| on.state.attach_case_by_hand()),
    Command::new("review-orphan", HERE, &["o"], |on| on.state.orphan_case(on.effects)),
    Command::new("review-delete", HERE, &["D", "x", "<Del>"], delete),
    Command::new("review-down", HERE, &["j", "<Down>", "<Space>", "<PageDown>"], |on| step(on, false, 1)),
    Command::new("review-up", HERE, &["k", "<Up>", "<PageUp>"], |on| step(on, true, 1)),
    Command::new("review-first", HERE, &["gg", "<Home>"], |on| step(on, true, isize::MAX)),
    Command::new("review-last", HERE, &["G", "<End>"], |on| step(on, false, isize::MAX)),
    Command::new("history", BOTH, &["gh"], |on| on.effects.push(Effect::AskHistory)),
    Command::new("copies", BOTH, &["gc"], |on| on.effects.push(Effect::Share(Sharing::Tell))),
    Command::new("disagreements", BOTH, &["gd"], |on| on.state.offer_disagreements()),
];

fn step(on: &mut Invocation<'_>, back: bool, rows: isize) {
    let steps = on.steps(back).saturating_mul(rows);
    if !on.state.select_case_by(steps) {
        on.say(Notice::hint(if back { "at-start" } else { "at-end" }));
    }
}

fn delete(on: &mut Invocation<'_>) {
    if let Some(id) = on.state.reviewed() {
        on.state.act_on(super::Act::Delete, id, on.effects);
    }
}
