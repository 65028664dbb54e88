//! A command with its implementation, and the arguments it runs with.

use super::keymap::Keymap;
use super::spec::CommandSpec;
use crate::locale::MessageId;
use crate::tui::effect::Effect;
use crate::tui::message::{Context, StatusMessage};
use crate::tui::state::{ReaderScreen, State};

/// An entry of the command table.
pub struct Command {
    /// Its description.
    pub spec: CommandSpec,
    /// Its implementation.
    pub run: fn(&mut Invocation<'_>),
}

impl Command {
    /// A command without an argument.
    pub(in crate::tui) const fn new(
        name: &'static str,
        contexts: &'static [Context],
        keys: &'static [&'static str],
        run: fn(&mut Invocation<'_>),
    ) -> Self {
        Self { spec: CommandSpec { name, contexts, keys, takes_char: false }, run }
    }

    /// A command whose argument is the next char typed.
    pub(super) const fn with_char(
        name: &'static str,
        contexts: &'static [Context],
        keys: &'static [&'static str],
        run: fn(&mut Invocation<'_>),
    ) -> Self {
        Self { spec: CommandSpec { name, contexts, keys, takes_char: true }, run }
    }
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.spec.fmt(f)
    }
}

/// Arguments of a command.
pub struct Invocation<'a> {
    /// The application state.
    pub state: &'a mut State,
    /// The key bindings in force.
    pub keymap: &'a Keymap,
    /// The count typed before it.
    pub count: Option<usize>,
    /// The char typed after it, if it takes one.
    pub character: Option<char>,
    /// Effects requested by the command.
    pub effects: &'a mut Vec<Effect>,
}

impl Invocation<'_> {
    /// The count, or 1.
    pub(in crate::tui) fn times(&self) -> usize {
        self.count.unwrap_or(1)
    }

    /// The signed count: negative if `back`.
    pub(in crate::tui) fn steps(&self, back: bool) -> isize {
        let steps = isize::try_from(self.times()).unwrap_or(isize::MAX);
        if back { -steps } else { steps }
    }

    /// Shows a message in the status line.
    pub(in crate::tui) fn set_status(&mut self, notice: StatusMessage) {
        self.state.status = Some(notice);
    }

    /// Runs `change` on the open speech; shows the hint `otherwise` if it returns `false` or no speech is
    /// open.
    pub(in crate::tui) fn with_reader(&mut self, otherwise: MessageId, change: impl FnOnce(&mut ReaderScreen) -> bool) {
        let done = self.state.reader.as_mut().is_some_and(change);
        if !done {
            self.set_status(StatusMessage::hint(otherwise));
        }
    }
}
