//! Commands of the review, the history, copies of a speech, blind coding, and disagreements between coders.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::Context;
use crate::tui::message::StatusMessage;
use pizhu_annotation::CopyLink;

const BOTH: &[Context] = &[Context::Reader, Context::Outline];
const HERE: &[Context] = &[Context::Review];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("review", BOTH, &["R"], |cx| cx.state.open_review()),
    Command::new("review-accept", HERE, &["<Enter>", "y"], |cx| cx.state.accept_case(cx.effects)),
    Command::new("review-attach", HERE, &["r"], |cx| cx.state.attach_case_by_hand()),
    Command::new("review-orphan", HERE, &["o"], |cx| cx.state.orphan_case(cx.effects)),
    Command::new("review-delete", HERE, &["D", "x", "<Del>"], |cx| cx.state.delete_case(cx.effects)),
    Command::new("review-down", HERE, &["j", "<Down>", "<Space>", "<PageDown>"], |cx| move_selection(cx, false, 1)),
    Command::new("review-up", HERE, &["k", "<Up>", "<PageUp>"], |cx| move_selection(cx, true, 1)),
    Command::new("review-first", HERE, &["gg", "<Home>"], |cx| move_selection(cx, true, isize::MAX)),
    Command::new("review-last", HERE, &["G", "<End>"], |cx| move_selection(cx, false, isize::MAX)),
    Command::new("history", BOTH, &["gh"], |cx| cx.effects.push(Effect::LoadHistory)),
    Command::new("copies", BOTH, &["gc"], |cx| cx.effects.push(Effect::LinkCopies(CopyLink::Query))),
    Command::new("disagreements", BOTH, &["gd"], |cx| cx.state.pick_disagreement()),
    Command::new("done", BOTH, &["gD"], |cx| cx.state.ask_done()),
    Command::new("toggle-blind", BOTH, &["gZ"], |cx| cx.state.toggle_blind(cx.effects)),
];

fn move_selection(cx: &mut Invocation<'_>, back: bool, rows: isize) {
    let steps = cx.steps(back).saturating_mul(rows);
    if !cx.state.select_case_by(steps) {
        cx.set_status(StatusMessage::hint(if back { notice::AT_START } else { notice::AT_END }));
    }
}
