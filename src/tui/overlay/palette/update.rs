//! Opening the command palette, and choosing a command there.

use crate::locale::{family, notice};
use crate::tui::command::keymap::Keymap;
use crate::tui::command::spec::CommandSpec;
use crate::tui::message::StatusMessage;
use crate::tui::overlay::{CommandPalette, Overlay};
use crate::tui::state::State;
use crate::tui::widget::{Picker, PickerChoice, PickerItem};

impl State {
    /// Opens the command palette.
    pub(crate) fn open_palette(&mut self, keymap: &Keymap) {
        let context = self.context();
        let commands: Vec<&'static CommandSpec> = keymap
            .topics()
            .iter()
            .flat_map(|topic| &topic.commands)
            .copied()
            .filter(|command| command.contexts.contains(&context) && !command.takes_char && command.name != "palette")
            .collect();
        let items = commands.iter().map(|command| PickerItem {
            name: self.locale.text(command.description()).into_owned(),
            aliases: self.command_aliases(command),
            detail: format!("{}  {}", command.name, keymap.keys_of(context, command.name).join("  ")),
            ..PickerItem::default()
        });
        let picker = Picker::new(items.collect(), false);
        self.overlay = Some(Overlay::Palette(CommandPalette { picker, commands }));
        self.fit_overlay();
    }

    /// What else people call a command: its name in the settings, and the words of its message
    /// `words-<name>`.
    fn command_aliases(&self, command: &CommandSpec) -> Vec<String> {
        let words = family::WORDS.find(command.name).map(|id| self.locale.text(id)).unwrap_or_default();
        std::iter::once(command.name).chain(words.split_whitespace()).map(str::to_owned).collect()
    }

    /// Queues the chosen command.
    pub(in crate::tui) fn accept_command(&mut self, palette: &CommandPalette) {
        let chosen = match palette.picker.choice() {
            Some(PickerChoice::Items(items)) => items.first().and_then(|item| palette.commands.get(*item)).copied(),
            _ => None,
        };
        match chosen {
            Some(command) => self.queued_command = Some(command.name),
            None => self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE)),
        }
    }
}
