//! Opening the settings and changing one.

use super::{SettingItem, SettingsMenu};
use crate::tui::effect::Effect;
use crate::tui::overlay::Overlay;
use crate::tui::state::State;
use crate::tui::widget::inner_area;

impl State {
    /// Opens the settings.
    pub(crate) fn open_settings(&mut self) {
        self.overlay = Some(Overlay::Settings(SettingsMenu::default()));
    }

    /// Moves the selection in the settings; returns whether it changed.
    pub(crate) fn select_setting_by(&mut self, steps: isize) -> bool {
        let height = inner_area(self.size.settings()).height;
        let Some(Overlay::Settings(SettingsMenu { list })) = &mut self.overlay else { return false };
        let before = list.selected();
        list.step(steps, SettingItem::ALL.len(), height);
        list.selected() != before
    }

    /// Changes the selected setting by steps.
    pub(crate) fn change_setting(&mut self, steps: isize, effects: &mut Vec<Effect>) {
        let Some(Overlay::Settings(SettingsMenu { list })) = &self.overlay else { return };
        let Some(item) = SettingItem::ALL.get(list.selected()) else { return };
        let themes = self.theme_names.clone();
        self.update_settings(|settings| item.change(settings, steps, &themes), effects);
    }
}
