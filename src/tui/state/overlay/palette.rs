//! The command palette.

use crate::tui::command::spec::CommandSpec;
use crate::tui::widget::Picker;

/// The command palette.
#[derive(Debug)]
pub struct CommandPalette {
    /// The commands.
    pub picker: Picker,
    /// Commands by picker item.
    pub commands: Vec<&'static CommandSpec>,
}
