//! Two speeches or two tags side by side.

use super::{Command, Context, Invocation};
use crate::tui::state::Beside;
use crate::tui::state::Notice;

const SCREENS: &[Context] = &[Context::Library, Context::Reader, Context::Outline];
const PANES: &[Context] = &[Context::Beside];

pub(super) const COMMANDS: &[Command] = &[
    Command::new("beside", SCREENS, &["g|"], |on| on.state.ask_beside()),
    Command::new("beside-other", PANES, &["<Tab>"], other),
    Command::new("beside-together", PANES, &["="], together),
    Command::new("beside-down", PANES, &["j", "<Down>"], |on| by(on, false)),
    Command::new("beside-up", PANES, &["k", "<Up>"], |on| by(on, true)),
    Command::new("beside-page-down", PANES, &["<Space>", "<PageDown>", "<C-f>", "<C-d>"], |on| change(on, |beside| beside.page(1))),
    Command::new("beside-page-up", PANES, &["<PageUp>", "<C-b>", "<C-u>"], |on| change(on, |beside| beside.page(-1))),
    Command::new("beside-first", PANES, &["gg", "<Home>"], |on| change(on, |beside| beside.select(0))),
    Command::new("beside-last", PANES, &["G", "<End>"], |on| change(on, |beside| beside.select(usize::MAX))),
    Command::new("beside-next", PANES, &["n", "]"], |on| item(on, false)),
    Command::new("beside-previous", PANES, &["N", "["], |on| item(on, true)),
    Command::new("beside-open", PANES, &["<Enter>"], |on| on.state.open_beside_source(on.effects)),
    Command::new("beside-leave", PANES, &["<Esc>"], |on| on.state.leave_beside()),
];

fn change(on: &mut Invocation<'_>, change: impl FnOnce(&mut Beside)) {
    if let Some(beside) = &mut on.state.beside {
        change(beside);
    }
}

fn other(on: &mut Invocation<'_>) {
    change(on, |beside| beside.focus = 1 - beside.focus);
}

fn together(on: &mut Invocation<'_>) {
    let Some(beside) = &mut on.state.beside else { return };
    beside.together = !beside.together;
    let id = if beside.together { "beside-together" } else { "beside-alone" };
    on.say(Notice::done(id));
}

fn by(on: &mut Invocation<'_>, back: bool) {
    let steps = on.steps(back);
    if !on.state.beside.as_mut().is_some_and(|beside| beside.step(steps)) {
        on.say(Notice::hint(if back { "at-start" } else { "at-end" }));
    }
}

fn item(on: &mut Invocation<'_>, back: bool) {
    if !on.state.beside.as_mut().is_some_and(|beside| beside.step_item(back)) {
        on.say(Notice::hint(if back { "at-start" } else { "at-end" }));
    }
}
