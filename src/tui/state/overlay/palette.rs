//! Choosing a command by its name or what it does.

use super::Overlay;
use crate::tui::command;
use crate::tui::command::COMMANDS;
use crate::tui::command::Command;
use crate::tui::effect::Effect;
use crate::tui::state::Notice;
use crate::tui::state::State;
use crate::tui::widget::Choice;
use crate::tui::widget::Picker;
use crate::tui::widget::PickerItem;

/// Choosing a command.
#[derive(Debug)]
pub struct Palette {
    /// The commands.
    pub picker: Picker,
    /// What the picker's items are.
    pub commands: Vec<&'static Command>,
}

impl State {
    /// Lets a command be chosen by its name or doc.
    pub fn open_palette(&mut self) {
        let context = self.context();
        let commands: Vec<&'static Command> = COMMANDS
            .iter()
            .flat_map(|topic| topic.commands)
            .filter(|command| command.contexts.contains(&context) && !command.takes_char && command.name != "palette")
            .collect();
        let items = commands.iter().map(|command| PickerItem {
            name: self.locale.text(&command.doc()).into_owned(),
            aliases: vec![command.name.to_owned()],
            detail: format!("{}  {}", command.name, self.keymap.keys_of(context, command.name).join("  ")),
            ..PickerItem::default()
        });
        let picker = Picker::new(items.collect(), false);
        self.overlay = Some(Overlay::Palette(Palette { picker, commands }));
        self.fit_overlay();
    }

    pub(super) fn accept_command(&mut self, palette: &Palette, effects: &mut Vec<Effect>) {
        let chosen = match palette.picker.choice() {
            Some(Choice::Items(items)) => items.first().and_then(|item| palette.commands.get(*item)).copied(),
            _ => None,
        };
        match chosen {
            Some(command) => command::run(self, command, None, None, effects),
            None => self.notice = Some(Notice::hint("nothing-to-choose")),
        }
    }
}
