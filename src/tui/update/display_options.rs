//! Changing settings in the program.

use crate::locale::{Locale, family, notice};
use crate::settings::Settings;
use crate::tui::effect::Effect;
use crate::tui::message::StatusMessage;
use crate::tui::state::{DisplayOptions, ScreenKind, State};

/// Least and greatest width of the outline in cells.
const MIN_OUTLINE: u16 = 12;
const MAX_OUTLINE: u16 = 120;

impl State {
    /// Changes settings and saves them; returns whether anything changed.
    pub(crate) fn update_settings(&mut self, change: impl FnOnce(&mut Settings), effects: &mut Vec<Effect>) -> bool {
        let mut settings = self.settings.clone();
        change(&mut settings);
        if settings == self.settings {
            return false;
        }
        self.apply_settings(settings);
        effects.push(Effect::SaveSettings(Box::new(self.settings.clone())));
        true
    }

    /// Applies settings, e.g. as reloaded from their file.
    pub(crate) fn apply_settings(&mut self, settings: Settings) {
        if settings.outline_width != self.settings.outline_width
            && let Some(reader) = &mut self.reader
        {
            reader.outline_shown = settings.outline_width > 0;
        }
        self.pointer.enabled = settings.mouse;
        self.display_options = DisplayOptions::new(&settings, self.display_options.style.ambiguous);
        if settings.library_columns != self.settings.library_columns {
            self.library.set_columns(&settings.library_columns);
        }
        if settings.library_order != self.settings.library_order {
            self.library.set_order(&settings.library_order);
        }
        if settings.blind != self.settings.blind {
            self.close_counted_screens();
        }
        self.settings = settings;
        self.arrange();
    }

    /// Closes the screens of figures and passages, which may show marks that are to be hidden, or lack
    /// some that are not any more.
    fn close_counted_screens(&mut self) {
        (self.results, self.counts, self.compare, self.tags) = (None, None, None, None);
        if !matches!(self.screen, ScreenKind::Reader | ScreenKind::Library) {
            self.screen = if self.reader.is_some() { ScreenKind::Reader } else { ScreenKind::Library };
        }
    }

    /// Turns blind coding on or off.
    pub(crate) fn toggle_blind(&mut self, effects: &mut Vec<Effect>) {
        self.update_settings(|settings| settings.blind = !settings.blind, effects);
        self.status = Some(StatusMessage::done(if self.settings.blind { notice::BLIND_ON } else { notice::BLIND_OFF }));
    }

    /// Widens or narrows the text column by `by` characters.
    pub(crate) fn widen(&mut self, by: i16, effects: &mut Vec<Effect>) {
        // From its actual width, which the screen may limit.
        let from = self.panes().column.width.min(self.display_options.style.width) / 2;
        let width = from.saturating_add_signed(by).clamp(10, 120);
        self.update_settings(|settings| settings.column_width = width, effects);
        self.status = Some(StatusMessage::done(notice::COLUMN_WIDTH).with("chars", width));
    }

    /// Widens or narrows the outline beside the text by `by` cells.
    pub(crate) fn widen_outline(&mut self, by: i16, effects: &mut Vec<Effect>) {
        let outline = self.panes().outline;
        if outline.is_empty() || outline.width == self.size.width {
            self.status = Some(StatusMessage::hint(notice::OUTLINE_ALONE));
            return;
        }
        self.set_outline_width(outline.width.saturating_add_signed(by), effects);
    }

    /// Gives the outline a width and keeps it in the settings.
    pub(crate) fn set_outline_width(&mut self, width: u16, effects: &mut Vec<Effect>) {
        let width = width.clamp(MIN_OUTLINE, MAX_OUTLINE);
        self.update_settings(|settings| settings.outline_width = width, effects);
        self.status = Some(StatusMessage::done(notice::OUTLINE_WIDTH).with("cells", self.panes().outline.width));
    }

    /// Shows the outline in a width while it is dragged.
    pub(crate) fn drag_outline(&mut self, width: u16) {
        self.display_options.outline_width = width.clamp(MIN_OUTLINE, MAX_OUTLINE);
        self.display_options.outline_grows = false;
        self.arrange();
    }

    /// Switches to the next theme.
    pub(crate) fn next_theme(&mut self, effects: &mut Vec<Effect>) {
        let at = self.theme_names.iter().position(|name| *name == self.theme_name).map_or(0, |at| at + 1);
        if let Some(name) = self.theme_names.get(at % self.theme_names.len().max(1)).cloned() {
            self.status = Some(StatusMessage::done(notice::THEME).with("name", &name));
            self.update_settings(|settings| settings.theme = name, effects);
        }
    }

    /// Switches to the next language.
    pub(crate) fn next_language(&mut self, effects: &mut Vec<Effect>) {
        let language = self.locale.language().next();
        self.locale = Locale::new(language);
        let name = self.locale.text(family::LANGUAGE.id(language.tag())).into_owned();
        self.status = Some(StatusMessage::done(notice::LANGUAGE).with("name", name));
        self.update_settings(|settings| language.tag().clone_into(&mut settings.language), effects);
    }
}
