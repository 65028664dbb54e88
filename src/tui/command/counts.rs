//! Commands of the counts screen: tags by speech, year, level or other tags.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::message::Context;
use crate::tui::message::StatusMessage;

const SCREENS: &[Context] = &[Context::Library, Context::Reader, Context::Outline];
const COUNTS: &[Context] = &[Context::Counts];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("count-tags", SCREENS, &["g#"], |cx| cx.state.open_counts(cx.effects)),
    Command::new("counts-by", COUNTS, &["<Tab>"], |cx| cx.state.next_grouping(false)),
    Command::new("counts-by-back", COUNTS, &["<S-Tab>"], |cx| cx.state.next_grouping(true)),
    Command::new("counts-form", COUNTS, &["v"], |cx| cx.state.next_display()),
    Command::new("counts-turn", COUNTS, &["t"], |cx| cx.state.transpose_counts()),
    Command::new("counts-sort", COUNTS, &["s"], sort),
    Command::new("counts-down", COUNTS, &["j", "<Down>"], |cx| move_row(cx, 1)),
    Command::new("counts-up", COUNTS, &["k", "<Up>"], |cx| move_row(cx, -1)),
    Command::new("counts-right", COUNTS, &["l", "<Right>"], |cx| move_column(cx, 1)),
    Command::new("counts-left", COUNTS, &["h", "<Left>"], |cx| move_column(cx, -1)),
    Command::new("counts-page-down", COUNTS, &["<Space>", "<PageDown>", "<C-f>", "<C-d>"], |cx| move_page(cx, 1)),
    Command::new("counts-page-up", COUNTS, &["<PageUp>", "<C-b>", "<C-u>"], |cx| move_page(cx, -1)),
    Command::new("counts-first", COUNTS, &["gg"], |cx| select_row(cx, 0)),
    Command::new("counts-last", COUNTS, &["G"], |cx| select_row(cx, usize::MAX)),
    Command::new("counts-first-column", COUNTS, &["^", "<Home>"], |cx| move_column(cx, isize::MIN / 2)),
    Command::new("counts-last-column", COUNTS, &["$", "<End>"], |cx| move_column(cx, isize::MAX / 2)),
    Command::new("counts-open", COUNTS, &["<Enter>"], |cx| cx.state.open_cell(cx.effects)),
    Command::new("counts-export", COUNTS, &["X"], |cx| cx.state.prompt_export_counts(None)),
    Command::new("counts-leave", COUNTS, &["<Esc>"], |cx| cx.state.leave_counts()),
];

fn move_row(cx: &mut Invocation<'_>, direction: isize) {
    let steps = cx.steps(direction < 0);
    if !cx.state.counts.as_mut().is_some_and(|counts| counts.step(steps)) {
        cx.set_status(StatusMessage::hint(if direction < 0 { notice::AT_START } else { notice::AT_END }));
    }
}

fn move_column(cx: &mut Invocation<'_>, direction: isize) {
    let steps = if direction.unsigned_abs() > 1 { direction } else { cx.steps(direction < 0) };
    if !cx.state.step_column(steps) {
        cx.set_status(StatusMessage::hint(if direction < 0 { notice::AT_START } else { notice::AT_END }));
    }
}

fn move_page(cx: &mut Invocation<'_>, direction: isize) {
    if let Some(counts) = &mut cx.state.counts {
        let rows = isize::from(counts.height().max(2).cast_signed()) - 1;
        counts.step(direction.saturating_mul(rows));
    }
}

fn select_row(cx: &mut Invocation<'_>, row: usize) {
    if let Some(counts) = &mut cx.state.counts {
        counts.select(row);
    }
}

fn sort(cx: &mut Invocation<'_>) {
    let most_first = cx.state.sort_counts();
    cx.set_status(StatusMessage::done(if most_first { notice::COUNTS_MOST_FIRST } else { notice::COUNTS_IN_ORDER }));
}
