//! Commands of the compare screen.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::message::Context;
use crate::tui::message::StatusMessage;
use crate::tui::state::CompareScreen;

const SCREENS: &[Context] = &[Context::Library, Context::Reader, Context::Outline];
const PANES: &[Context] = &[Context::Compare];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("beside", SCREENS, &["g|"], |cx| cx.state.pick_comparison(cx.effects)),
    Command::new("beside-other", PANES, &["<Tab>"], switch_pane),
    Command::new("beside-together", PANES, &["="], toggle_synchronized),
    Command::new("beside-down", PANES, &["j", "<Down>"], |cx| move_selection(cx, false)),
    Command::new("beside-up", PANES, &["k", "<Up>"], |cx| move_selection(cx, true)),
    Command::new("beside-page-down", PANES, &["<Space>", "<PageDown>", "<C-f>", "<C-d>"], |cx| with_compare(cx, |compare| compare.page(1))),
    Command::new("beside-page-up", PANES, &["<PageUp>", "<C-b>", "<C-u>"], |cx| with_compare(cx, |compare| compare.page(-1))),
    Command::new("beside-first", PANES, &["gg", "<Home>"], |cx| with_compare(cx, |compare| compare.select(0))),
    Command::new("beside-last", PANES, &["G", "<End>"], |cx| with_compare(cx, |compare| compare.select(usize::MAX))),
    Command::new("beside-next-change", PANES, &["n"], |cx| move_to_change(cx, false)),
    Command::new("beside-previous-change", PANES, &["N"], |cx| move_to_change(cx, true)),
    Command::new("beside-next", PANES, &["]"], |cx| move_to_head(cx, false)),
    Command::new("beside-previous", PANES, &["["], |cx| move_to_head(cx, true)),
    Command::new("beside-sections", PANES, &["s", "o"], |cx| cx.state.pick_compared_section()),
    Command::new("beside-open", PANES, &["<Enter>"], |cx| cx.state.open_compare_source(cx.effects)),
    Command::new("beside-leave", PANES, &["<Esc>"], |cx| cx.state.leave_compare()),
];

fn with_compare(cx: &mut Invocation<'_>, change: impl FnOnce(&mut CompareScreen)) {
    if let Some(compare) = &mut cx.state.compare {
        change(compare);
    }
}

fn switch_pane(cx: &mut Invocation<'_>) {
    with_compare(cx, |compare| compare.focus = 1 - compare.focus);
}

fn toggle_synchronized(cx: &mut Invocation<'_>) {
    let Some(compare) = &mut cx.state.compare else { return };
    compare.synchronized = !compare.synchronized;
    let id = if compare.synchronized { notice::BESIDE_TOGETHER } else { notice::BESIDE_ALONE };
    cx.set_status(StatusMessage::done(id));
}

fn move_selection(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    if !cx.state.compare.as_mut().is_some_and(|compare| compare.step(steps)) {
        cx.set_status(StatusMessage::hint(if back { notice::AT_START } else { notice::AT_END }));
    }
}

fn move_to_head(cx: &mut Invocation<'_>, back: bool) {
    if !cx.state.compare.as_mut().is_some_and(|compare| compare.step_head(back)) {
        cx.set_status(StatusMessage::hint(if back { notice::AT_START } else { notice::AT_END }));
    }
}

fn move_to_change(cx: &mut Invocation<'_>, back: bool) {
    if !cx.state.compare.as_mut().is_some_and(|compare| compare.step_change(back)) {
        cx.set_status(StatusMessage::hint(if back { notice::NO_CHANGE_BEFORE } else { notice::NO_CHANGE_AFTER }));
    }
}
