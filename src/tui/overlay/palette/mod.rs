//! The command palette.

mod component;
mod update;

use crate::tui::command::spec::CommandSpec;
use crate::tui::widget::Picker;

/// The command palette.
#[derive(Debug)]
pub(in crate::tui) struct CommandPalette {
    /// The commands.
    pub picker: Picker,
    /// Commands by picker item.
    pub commands: Vec<&'static CommandSpec>,
}
