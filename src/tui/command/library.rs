//! The list of speeches.

use super::{Command, Context, Invocation};
use crate::tui::state::Overlay;
use crate::tui::state::Prompt;
use crate::tui::state::PromptKind;

const HERE: &[Context] = &[Context::Library];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("library-down", HERE, &["j", "<Down>"], |on| by(on, 1)),
    Command::new("library-up", HERE, &["k", "<Up>"], |on| by(on, -1)),
    Command::new("library-page-down", HERE, &["<PageDown>", "<C-f>", "<C-d>", "<Space>"], |on| page(on, 1)),
    Command::new("library-page-up", HERE, &["<PageUp>", "<C-b>", "<C-u>"], |on| page(on, -1)),
    Command::new("library-first", HERE, &["gg", "<Home>"], |on| to(on, 0)),
    Command::new("library-last", HERE, &["G", "<End>"], |on| to(on, usize::MAX)),
    Command::new("library-open", HERE, &["<Enter>", "l", "<Right>", "o"], open),
    Command::new("library-filter", HERE, &["/", "f"], filter),
    Command::new("library-clear-filter", HERE, &["<Esc>"], clear_filter),
    Command::new("library-sort", HERE, &["s"], |on| {
        let notice = on.state.library.sort_next();
        on.say(notice);
    }),
    Command::new("library-rescan", HERE, &["R", "<C-r>", "<F5>"], |on| {
        let effect = on.state.library.rescan();
        on.effects.push(effect);
    }),
];

fn by(on: &mut Invocation<'_>, direction: isize) {
    let steps = on.steps(direction < 0);
    if !on.state.library.select_by(steps) {
        let edge = if direction < 0 { "at-start" } else { "at-end" };
        on.say(crate::tui::state::Notice::hint(edge));
    }
}

fn page(on: &mut Invocation<'_>, direction: isize) {
    let rows = isize::from(on.state.size.height.cast_signed()).saturating_sub(4).max(1);
    on.state.library.select_by(direction.saturating_mul(rows));
}

fn to(on: &mut Invocation<'_>, index: usize) {
    let index = on.count.map_or(index, |count| count - 1);
    on.state.library.select(index);
}

fn open(on: &mut Invocation<'_>) {
    match on.state.library.selected() {
        Some(entry) => {
            let path = entry.path.clone();
            on.state.open(&path, on.effects);
        }
        None => on.say(crate::tui::state::Notice::hint("library-empty")),
    }
}

fn filter(on: &mut Invocation<'_>) {
    let mut prompt = Prompt::new(PromptKind::LibraryFilter, 0);
    prompt.input.set(on.state.library.filter());
    on.state.overlay = Some(Overlay::Prompt(prompt));
}

fn clear_filter(on: &mut Invocation<'_>) {
    if on.state.library.filter().is_empty() {
        on.say(crate::tui::state::Notice::hint("nothing-to-drop"));
    } else {
        on.state.library.set_filter("");
    }
}
