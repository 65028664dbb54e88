//! Commands of the library screen.

use super::definition::{Command, Invocation};
use crate::locale::notice;
use crate::tui::message::{Context, StatusMessage};
use crate::tui::overlay::{Overlay, Prompt, PromptKind};

const HERE: &[Context] = &[Context::Library];
/// Screens that show only what the library's filter lets pass.
const FILTERED: &[Context] = &[Context::Library, Context::Query, Context::Results, Context::Counts];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("library-down", HERE, &["j", "<Down>"], |cx| move_selection(cx, 1)),
    Command::new("library-up", HERE, &["k", "<Up>"], |cx| move_selection(cx, -1)),
    Command::new("library-page-down", HERE, &["<PageDown>", "<C-f>", "<C-d>", "<Space>"], |cx| move_page(cx, 1)),
    Command::new("library-page-up", HERE, &["<PageUp>", "<C-b>", "<C-u>"], |cx| move_page(cx, -1)),
    Command::new("library-first", HERE, &["gg", "<Home>"], |cx| select_row(cx, 0)),
    Command::new("library-last", HERE, &["G", "<End>"], |cx| select_row(cx, usize::MAX)),
    Command::new("library-open", HERE, &["<Enter>", "l", "<Right>", "o"], open),
    Command::new("library-filter", HERE, &["/", "f"], filter),
    Command::new("library-clear-filter", HERE, &["<Esc>"], clear_filter),
    Command::new("library-lift-filter", FILTERED, &["<F8>"], |cx| cx.state.lift_library_filter(cx.effects)),
    Command::new("library-continue", HERE, &["c"], |cx| cx.state.continue_reading(cx.effects)),
    Command::new("library-recent", HERE, &["r"], |cx| cx.state.pick_recent()),
    Command::new("library-favourite", HERE, &["*"], |cx| cx.state.toggle_favourite(cx.effects)),
    Command::new("library-favourites", HERE, &["F"], |cx| cx.state.filter_favourites()),
    Command::new("library-sort", HERE, &["s"], |cx| {
        let message = cx.state.library.sort_next();
        cx.state.remember_library_order(cx.effects);
        cx.set_status(message);
    }),
    Command::new("library-reverse", HERE, &["S"], |cx| {
        let reversed = cx.state.library.reverse_order();
        cx.state.remember_library_order(cx.effects);
        cx.set_status(StatusMessage::done(if reversed { notice::ORDER_REVERSED } else { notice::ORDER_FORWARD }));
    }),
    Command::new("library-columns", HERE, &["C"], columns),
    Command::new("library-rescan", HERE, &["R", "<C-r>", "<F5>"], |cx| {
        let effect = cx.state.library.rescan();
        cx.effects.push(effect);
    }),
];

fn move_selection(cx: &mut Invocation<'_>, direction: isize) {
    let steps = cx.steps(direction < 0);
    if !cx.state.library.select_by(steps) {
        let hint = if direction < 0 { notice::AT_START } else { notice::AT_END };
        cx.set_status(StatusMessage::hint(hint));
    }
}

fn move_page(cx: &mut Invocation<'_>, direction: isize) {
    let rows = isize::from(cx.state.size.height.cast_signed()).saturating_sub(4).max(1);
    cx.state.library.select_by(direction.saturating_mul(rows));
}

fn select_row(cx: &mut Invocation<'_>, index: usize) {
    let index = cx.count.map_or(index, |count| count - 1);
    cx.state.library.select(index);
}

fn open(cx: &mut Invocation<'_>) {
    match cx.state.library.selected() {
        Some(entry) => {
            let path = entry.path.clone();
            cx.state.open_speech(&path, cx.effects);
        }
        None => cx.set_status(StatusMessage::hint(notice::LIBRARY_EMPTY)),
    }
}

fn filter(cx: &mut Invocation<'_>) {
    let mut prompt = Prompt::new(PromptKind::LibraryFilter, 0);
    prompt.input.set(cx.state.library.filter());
    cx.state.overlay = Some(Overlay::Prompt(prompt));
}

/// Asks for the attributes that get a column.
fn columns(cx: &mut Invocation<'_>) {
    let mut prompt = Prompt::new(PromptKind::LibraryColumns, 0);
    prompt.input.set(&cx.state.library.columns().join(" "));
    cx.state.overlay = Some(Overlay::Prompt(prompt));
}

fn clear_filter(cx: &mut Invocation<'_>) {
    if cx.state.library.filter().is_empty() {
        cx.set_status(StatusMessage::hint(notice::NOTHING_TO_DROP));
    } else {
        cx.state.library.set_filter("");
    }
}
