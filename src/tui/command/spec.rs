//! Descriptions of commands, as the keymap, the help screen and the palette need them.

use crate::locale::{MessageId, family};
use crate::tui::message::Context;

/// A command without its implementation.
#[derive(PartialEq, Eq)]
pub struct CommandSpec {
    /// Its name in the settings, the palette and the command line. Its description is the message
    /// `command-<name>`.
    pub name: &'static str,
    /// Contexts in which it is available.
    pub contexts: &'static [Context],
    /// Its default keys; see [`crate::tui::key`] for the notation.
    pub keys: &'static [&'static str],
    /// Whether the next char typed is its argument.
    pub takes_char: bool,
}

impl CommandSpec {
    /// Id of the message that describes it.
    #[must_use]
    pub(crate) fn description(&self) -> MessageId {
        family::COMMAND.id(self.name)
    }
}

impl std::fmt::Debug for CommandSpec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// A topic of commands.
#[derive(Debug, Clone)]
pub struct TopicSpec {
    /// The message `topic-<name>` names it.
    pub name: &'static str,
    /// Its commands, in the order of the help screen.
    pub commands: Vec<&'static CommandSpec>,
}
