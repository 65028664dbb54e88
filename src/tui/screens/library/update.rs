//! Updates of the library screen that concern other screens or the settings too.

use crate::locale::{id, notice};
use crate::tui::effect::Effect;
use crate::tui::message::StatusMessage;
use crate::tui::overlay::QuickPickAction;
use crate::tui::state::State;
use crate::tui::widget::PickerItem;
use std::path::PathBuf;

impl State {
    /// Lifts the library's filter, on the screens that it narrows too.
    pub(crate) fn lift_library_filter(&mut self, effects: &mut Vec<Effect>) {
        if self.library.filter().is_empty() {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_DROP));
            return;
        }
        self.library.set_filter("");
        self.status = Some(StatusMessage::done(notice::FILTER_LIFTED));
        (self.screen.functions().library_changed)(self, effects);
    }

    /// Marks the selected speech as wanted at hand, or no longer.
    pub(crate) fn toggle_favourite(&mut self, effects: &mut Vec<Effect>) {
        match self.library.selected().filter(|entry| entry.error.is_empty()) {
            Some(entry) => effects.push(Effect::SetFavourite { path: entry.path.clone(), is_favourite: !entry.favourite }),
            None => self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE)),
        }
    }

    /// Handles that a speech was marked as wanted at hand, or no longer.
    pub(crate) fn favourite_set(&mut self, path: &std::path::Path, is_favourite: bool) {
        self.library.set_favourite(path, is_favourite);
        self.status = Some(StatusMessage::done(if is_favourite { notice::FAVOURITE } else { notice::NO_FAVOURITE }));
    }

    /// Lists the favourites only, or all again.
    pub(crate) fn filter_favourites(&mut self) {
        let only = "is:favourite";
        let filter = if self.library.filter() == only { "" } else { only };
        self.library.set_filter(filter);
        if !filter.is_empty() && self.library.visible_entries().len() == 0 {
            self.status = Some(StatusMessage::hint(notice::NO_FAVOURITES));
        }
    }

    /// Keeps the order of the library in the settings.
    pub(crate) fn remember_library_order(&mut self, effects: &mut Vec<Effect>) {
        let order = self.library.order_name();
        self.update_settings(|settings| settings.library_order = order, effects);
    }

    /// Takes the attributes that get a column, and keeps them in the settings.
    pub(in crate::tui) fn choose_library_columns(&mut self, keys: &str, effects: &mut Vec<Effect>) {
        self.library.set_columns(keys);
        let columns = self.library.columns().join(" ");
        self.status = Some(StatusMessage::done(notice::LIBRARY_COLUMNS).with("keys", &columns));
        self.update_settings(|settings| settings.library_columns = columns, effects);
    }

    /// Opens the speech that was read last.
    pub(crate) fn continue_reading(&mut self, effects: &mut Vec<Effect>) {
        match self.library.recently_read().first().map(|entry| entry.path.clone()) {
            Some(path) => self.open_speech(&path, effects),
            None => self.status = Some(StatusMessage::hint(notice::NOTHING_READ_YET)),
        }
    }

    /// Lets the user pick one of the speeches read last.
    pub(crate) fn pick_recent(&mut self) {
        let recent = self.library.recently_read();
        if recent.is_empty() {
            self.status = Some(StatusMessage::hint(notice::NOTHING_READ_YET));
            return;
        }
        let item = |entry: &&crate::tui::message::LibraryEntry| PickerItem {
            name: entry.title.clone(),
            detail: format!("{} {}%", entry.date, entry.percent.unwrap_or(0)),
            ..PickerItem::default()
        };
        let items: Vec<PickerItem> = recent.iter().map(item).collect();
        let paths: Vec<PathBuf> = recent.iter().map(|entry| entry.path.clone()).collect();
        self.open_quick_pick(id::PROMPT_RECENT, items, QuickPickAction::Open(paths));
    }
}
