//! Reading across speeches: searching in all of them, and what lies under a tag.

use super::{Command, Context, Invocation};
use crate::tui::state::Notice;
use crate::tui::state::Screen;
use crate::tui::state::Subject;

const SCREENS: &[Context] = &[Context::Library, Context::Reader, Context::Outline];
const QUERY: &[Context] = &[Context::Query];
const ROWS: &[Context] = &[Context::Across];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("search-library", SCREENS, &["g/"], |on| on.state.open_across(Subject::Search, on.effects)),
    Command::new("read-tag", SCREENS, &["gR"], read_tag),
    Command::new("shared-passages", SCREENS, &["gC"], |on| on.state.open_across(Subject::Shared, on.effects)),
    Command::new("suggest", &[Context::Reader, Context::Outline], &["gS"], |on| on.state.open_suggestions(on.effects)),
    Command::new("across-accept", ROWS, &["a"], |on| on.state.accept_suggestion(on.effects)),
    Command::new("across-refuse", ROWS, &["x"], |on| on.state.refuse_suggestion(on.effects)),
    Command::new("across-other", ROWS, &["o"], |on| on.state.open_spot(true, on.effects)),
    Command::new("query-down", QUERY, &["<Down>", "<C-n>"], |on| by(on, 1)),
    Command::new("query-up", QUERY, &["<Up>", "<C-p>"], |on| by(on, -1)),
    Command::new("query-page-down", QUERY, &["<PageDown>"], |on| page(on, 1)),
    Command::new("query-page-up", QUERY, &["<PageUp>"], |on| page(on, -1)),
    Command::new("query-next-speech", QUERY, &["<Tab>"], |on| item(on, false)),
    Command::new("query-previous-speech", QUERY, &["<S-Tab>"], |on| item(on, true)),
    Command::new("query-open", QUERY, &["<Enter>"], |on| on.state.open_spot(false, on.effects)),
    Command::new("query-mode", QUERY, &["<C-t>"], next_mode),
    Command::new("query-leave", QUERY, &["<Esc>", "<C-c>"], |on| on.state.leave_across()),
    Command::new("across-down", ROWS, &["j", "<Down>"], |on| by(on, 1)),
    Command::new("across-up", ROWS, &["k", "<Up>"], |on| by(on, -1)),
    Command::new("across-page-down", ROWS, &["<Space>", "<PageDown>", "<C-f>", "<C-d>"], |on| page(on, 1)),
    Command::new("across-page-up", ROWS, &["<PageUp>", "<C-b>", "<C-u>"], |on| page(on, -1)),
    Command::new("across-first", ROWS, &["gg", "<Home>"], |on| to(on, 0)),
    Command::new("across-last", ROWS, &["G", "<End>"], |on| to(on, usize::MAX)),
    Command::new("across-next", ROWS, &["n", "]", "<Tab>"], |on| item(on, false)),
    Command::new("across-previous", ROWS, &["N", "[", "<S-Tab>"], |on| item(on, true)),
    Command::new("across-open", ROWS, &["<Enter>", "l", "<Right>"], |on| on.state.open_spot(false, on.effects)),
    Command::new("across-sort", ROWS, &["s"], sort),
    Command::new("across-export", ROWS, &["X"], |on| on.state.ask_export_across(None, false)),
    Command::new("across-leave", ROWS, &["<Esc>", "h", "<Left>"], |on| on.state.leave_across()),
    Command::new("results", &[Context::Reader, Context::Outline], &["g\\"], results),
];

fn by(on: &mut Invocation<'_>, direction: isize) {
    let steps = on.steps(direction < 0);
    if !on.state.across.as_mut().is_some_and(|across| across.step(steps)) {
        on.say(Notice::hint(if direction < 0 { "at-start" } else { "at-end" }));
    }
}

fn page(on: &mut Invocation<'_>, direction: isize) {
    if let Some(across) = &mut on.state.across {
        let rows = isize::from(across.height().max(2).cast_signed()) - 1;
        across.step(direction.saturating_mul(rows));
    }
}

fn to(on: &mut Invocation<'_>, row: usize) {
    if let Some(across) = &mut on.state.across {
        across.select(row);
    }
}

fn item(on: &mut Invocation<'_>, back: bool) {
    if !on.state.across.as_mut().is_some_and(|across| across.step_item(back)) {
        on.say(Notice::hint(if back { "at-start" } else { "at-end" }));
    }
}

fn next_mode(on: &mut Invocation<'_>) {
    if let Some(across) = &mut on.state.across {
        across.mode = across.mode.next();
        on.state.ask(on.effects);
    }
}

/// Reads the tag that the place one is at has; else asks for one.
fn read_tag(on: &mut Invocation<'_>) {
    on.state.ask_tag();
}

fn sort(on: &mut Invocation<'_>) {
    let Some(across) = &mut on.state.across else { return };
    let Subject::Tagged { by_date, .. } = &mut across.subject else { return on.say(Notice::hint("no-other-order")) };
    *by_date = !*by_date;
    let id = if *by_date { "sort-date" } else { "sort-path" };
    on.say(Notice::done(id));
    on.state.ask(on.effects);
}

/// Back to the rows that a speech was opened from.
fn results(on: &mut Invocation<'_>) {
    if on.state.across.is_some() {
        on.state.screen = Screen::Across;
        on.state.arrange();
    } else {
        on.say(Notice::hint("no-search-yet"));
    }
}
