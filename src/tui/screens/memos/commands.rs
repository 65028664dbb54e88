//! Commands of the memos screen.

use super::screen::MemosScreen;
use crate::locale::notice;
use crate::tui::command::definition::{Command, Invocation};
use crate::tui::message::{Context, StatusMessage};
use crate::tui::overlay::{Overlay, Prompt, PromptKind};

const SCREENS: &[Context] = &[Context::Library, Context::Reader, Context::Outline];
const MEMOS: &[Context] = &[Context::Memos];

pub(crate) const COMMANDS: &[Command] = &[
    Command::new("memos", SCREENS, &["gN"], |cx| cx.state.open_memos(cx.effects)),
    Command::new("memos-open", MEMOS, &["<Enter>"], |cx| cx.state.open_memo(cx.effects)),
    Command::new("memos-edit", MEMOS, &["e", "n"], |cx| cx.state.edit_memo()),
    Command::new("memos-add", MEMOS, &["a", "o"], |cx| cx.state.add_memo()),
    Command::new("memos-delete", MEMOS, &["D", "x", "<Del>"], |cx| cx.state.delete_memo(cx.effects)),
    Command::new("memos-undo", MEMOS, &["u"], |cx| cx.state.undo_memo_edit(false, cx.effects)),
    Command::new("memos-redo", MEMOS, &["U", "<C-r>"], |cx| cx.state.undo_memo_edit(true, cx.effects)),
    Command::new("memos-kind", MEMOS, &["v"], |cx| with_memos(cx, MemosScreen::next_kind)),
    Command::new("memos-filter", MEMOS, &["/", "f"], filter),
    Command::new("memos-down", MEMOS, &["j", "<Down>"], |cx| step(cx, false)),
    Command::new("memos-up", MEMOS, &["k", "<Up>"], |cx| step(cx, true)),
    Command::new("memos-page-down", MEMOS, &["<Space>", "<PageDown>", "<C-f>", "<C-d>"], |cx| with_memos(cx, |memos| memos.page(1))),
    Command::new("memos-page-up", MEMOS, &["<PageUp>", "<C-b>", "<C-u>"], |cx| with_memos(cx, |memos| memos.page(-1))),
    Command::new("memos-first", MEMOS, &["gg", "<Home>"], |cx| with_memos(cx, |memos| memos.select_row(0))),
    Command::new("memos-last", MEMOS, &["G", "<End>"], |cx| with_memos(cx, |memos| memos.select_row(usize::MAX))),
    Command::new("memos-leave", MEMOS, &["<Esc>"], leave),
];

fn with_memos(cx: &mut Invocation<'_>, change: impl FnOnce(&mut MemosScreen)) {
    if let Some(memos) = &mut cx.state.memos {
        change(memos);
    }
}

fn step(cx: &mut Invocation<'_>, back: bool) {
    let steps = cx.steps(back);
    if !cx.state.memos.as_mut().is_some_and(|memos| memos.step(steps)) {
        cx.set_status(StatusMessage::hint(if back { notice::AT_START } else { notice::AT_END }));
    }
}

fn filter(cx: &mut Invocation<'_>) {
    let mut prompt = Prompt::new(PromptKind::MemosFilter, 0);
    if let Some(memos) = &cx.state.memos {
        prompt.input.set(memos.filter());
    }
    cx.state.overlay = Some(Overlay::Prompt(prompt));
}

/// Lifts the filter and the choice of a kind if there are any, else leaves.
fn leave(cx: &mut Invocation<'_>) {
    match &mut cx.state.memos {
        Some(memos) if !memos.filter().is_empty() || memos.kind().is_some() => {
            memos.set_filter("");
            memos.set_kind(None);
        }
        _ => cx.state.leave_memos(),
    }
}
