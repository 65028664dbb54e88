//! Commands of the results screen, and those that open it.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::message::Context;
use crate::tui::message::QuerySubject;
use crate::tui::message::StatusMessage;
use crate::tui::state::ScreenKind;

const SCREENS: &[Context] = &[Context::Library, Context::Reader, Context::Outline];
const QUERY: &[Context] = &[Context::Query];
const ROWS: &[Context] = &[Context::Results];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("search-library", SCREENS, &["g/"], |cx| cx.state.open_results(QuerySubject::Search, cx.effects)),
    Command::new("read-tag", SCREENS, &["gR"], |cx| cx.state.pick_tag_to_read(cx.effects)),
    Command::new("shared-passages", SCREENS, &["gC"], |cx| cx.state.open_results(QuerySubject::Shared, cx.effects)),
    Command::new("suggest", &[Context::Reader, Context::Outline], &["gS"], |cx| cx.state.open_suggestions(cx.effects)),
    Command::new("across-accept", ROWS, &["a"], |cx| cx.state.accept_suggestion(cx.effects)),
    Command::new("across-refuse", ROWS, &["x"], |cx| cx.state.refuse_suggestion(cx.effects)),
    Command::new("across-other", ROWS, &["o"], |cx| cx.state.open_result(true, cx.effects)),
    Command::new("query-down", QUERY, &["<Down>", "<C-n>"], |cx| move_selection(cx, 1)),
    Command::new("query-up", QUERY, &["<Up>", "<C-p>"], |cx| move_selection(cx, -1)),
    Command::new("query-page-down", QUERY, &["<PageDown>"], |cx| move_page(cx, 1)),
    Command::new("query-page-up", QUERY, &["<PageUp>"], |cx| move_page(cx, -1)),
    Command::new("query-next-speech", QUERY, &["<Tab>"], |cx| move_to_head(cx, false)),
    Command::new("query-previous-speech", QUERY, &["<S-Tab>"], |cx| move_to_head(cx, true)),
    Command::new("query-open", QUERY, &["<Enter>"], |cx| cx.state.open_result(false, cx.effects)),
    Command::new("query-mode", QUERY, &["<C-t>"], next_mode),
    Command::new("query-leave", QUERY, &["<Esc>", "<C-c>"], |cx| cx.state.leave_results()),
    Command::new("across-down", ROWS, &["j", "<Down>"], |cx| move_selection(cx, 1)),
    Command::new("across-up", ROWS, &["k", "<Up>"], |cx| move_selection(cx, -1)),
    Command::new("across-page-down", ROWS, &["<Space>", "<PageDown>", "<C-f>", "<C-d>"], |cx| move_page(cx, 1)),
    Command::new("across-page-up", ROWS, &["<PageUp>", "<C-b>", "<C-u>"], |cx| move_page(cx, -1)),
    Command::new("across-first", ROWS, &["gg", "<Home>"], |cx| select_row(cx, 0)),
    Command::new("across-last", ROWS, &["G", "<End>"], |cx| select_row(cx, usize::MAX)),
    Command::new("across-next", ROWS, &["n", "]", "<Tab>"], |cx| move_to_head(cx, false)),
    Command::new("across-previous", ROWS, &["N", "[", "<S-Tab>"], |cx| move_to_head(cx, true)),
    Command::new("across-open", ROWS, &["<Enter>", "l", "<Right>"], |cx| cx.state.open_result(false, cx.effects)),
    Command::new("across-sort", ROWS, &["s"], sort),
    Command::new("across-export", ROWS, &["X"], |cx| cx.state.prompt_export_passages(None)),
    Command::new("across-leave", ROWS, &["<Esc>", "h", "<Left>"], |cx| cx.state.leave_results()),
    Command::new("results", &[Context::Reader, Context::Outline], &["g\\"], results),
];

fn move_selection(cx: &mut Invocation<'_>, direction: isize) {
    let steps = cx.steps(direction < 0);
    if !cx.state.results.as_mut().is_some_and(|results| results.step(steps)) {
        cx.set_status(StatusMessage::hint(if direction < 0 { notice::AT_START } else { notice::AT_END }));
    }
}

fn move_page(cx: &mut Invocation<'_>, direction: isize) {
    if let Some(results) = &mut cx.state.results {
        let rows = isize::from(results.height().max(2).cast_signed()) - 1;
        results.step(direction.saturating_mul(rows));
    }
}

fn select_row(cx: &mut Invocation<'_>, row: usize) {
    if let Some(results) = &mut cx.state.results {
        results.select(row);
    }
}

fn move_to_head(cx: &mut Invocation<'_>, back: bool) {
    if !cx.state.results.as_mut().is_some_and(|results| results.step_head(back)) {
        cx.set_status(StatusMessage::hint(if back { notice::AT_START } else { notice::AT_END }));
    }
}

fn next_mode(cx: &mut Invocation<'_>) {
    if let Some(results) = &mut cx.state.results {
        results.mode = results.mode.next();
        cx.state.run_query(cx.effects);
    }
}

fn sort(cx: &mut Invocation<'_>) {
    let Some(results) = &mut cx.state.results else { return };
    let QuerySubject::Tagged { group, .. } = &mut results.subject else {
        return cx.set_status(StatusMessage::hint(notice::NO_OTHER_ORDER));
    };
    *group = group.next();
    let id = group.message();
    cx.set_status(StatusMessage::done(id));
    cx.state.run_query(cx.effects);
}

/// Returns to the results a speech was opened from.
fn results(cx: &mut Invocation<'_>) {
    if cx.state.results.is_some() {
        cx.state.screen = ScreenKind::Results;
        cx.state.arrange();
    } else {
        cx.set_status(StatusMessage::hint(notice::NO_SEARCH_YET));
    }
}
