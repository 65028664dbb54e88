//! Applies changed settings to the running program, whether changed in it or in their file.

use super::{
    configuration::{self, Configuration},
    program::Program,
};
use crate::locale::Locale;
use crate::settings::AmbiguousSetting;
use crate::settings::Folders;
use crate::settings::Settings;
use crate::tui::effect::AppEvent;
use crate::tui::theme::Theme;
use pizhu_terminal::Colors;
use pizhu_terminal::Widths;
use pizhu_terminal::profile;
use std::time::{Duration, Instant};

/// A change of the file this soon after a change in the program is our own write.
const OWN_CHANGE_WINDOW: Duration = Duration::from_secs(1);

impl Program {
    /// Applies the state's settings to language, theme and width detection; the events tell the state.
    pub(super) fn apply_settings(&mut self) -> Vec<AppEvent> {
        let settings = &self.state.settings;
        let language = configuration::language(settings);
        let locale = if language == self.state.locale.language() { self.state.locale } else { Locale::new(language) };
        let folder = self.options.folders.as_ref().map(Folders::themes);
        let (theme, problem) = configuration::theme(&settings.theme, self.dark_background, self.colors, folder.as_deref());
        let widths = match (self.options.ambiguous, settings.ambiguous) {
            (Some(named), _) => named.into(),
            (None, AmbiguousSetting::Narrow) => Widths::Narrow,
            (None, AmbiguousSetting::Wide) => Widths::Wide,
            (None, AmbiguousSetting::Auto) => {
                self.options.folders.as_ref().map_or(Widths::Unknown, |folders| profile::load(&folders.state, &profile::key()).widths)
            }
        };
        let mut events = vec![AppEvent::Appearance { locale, theme: theme.name().to_owned() }];
        self.theme = theme;
        events.extend(self.set_widths(widths));
        events.extend(problem.map(AppEvent::Status));
        events
    }

    /// Draws with these widths from now on; the event tells the state if they have changed.
    pub(super) fn set_widths(&mut self, widths: Widths) -> Option<AppEvent> {
        (widths != self.screen.widths()).then(|| {
            self.screen.set_widths(widths);
            AppEvent::AmbiguousWidth(self.screen.ambiguous())
        })
    }

    /// Turns mouse reports of the terminal on or off, as the settings say.
    pub(super) fn sync_mouse_reports(&mut self) -> Result<(), super::TuiError> {
        if self.mouse_reported != self.state.pointer.enabled {
            self.mouse_reported = self.state.pointer.enabled;
            self.guard.set_mouse(self.mouse_reported)?;
        }
        Ok(())
    }

    /// Does what can wait until after the first frame: queries the background colour and watches the
    /// settings and themes.
    pub(super) fn after_first_frame(&mut self) -> Result<(), super::TuiError> {
        self.sync_mouse_reports()?;
        if matches!(self.colors, Colors::True | Colors::Indexed) && self.state.settings.theme == "auto" {
            self.screen.query_background()?;
        }
        let folders = self.options.folders.as_ref();
        if let Some(folders) = folders {
            self.jobs.watch_config(&folders.config);
        }
        let names = Theme::names(folders.map(Folders::themes).as_deref());
        self.dispatch(AppEvent::Themes(names));
        self.dispatch(AppEvent::Appearance { locale: self.state.locale, theme: self.theme.name().to_owned() });
        Ok(())
    }

    /// Handles the terminal's report of whether its background is dark.
    pub(super) fn set_background(&mut self, dark: bool) {
        if self.dark_background != Some(dark) {
            self.dark_background = Some(dark);
            for event in self.apply_settings() {
                self.dispatch(event);
            }
        }
        if let Some(folders) = &self.options.folders {
            // If this is lost, the next start draws one frame in the other colours.
            let _ = profile::save(&folders.state, &profile::key(), |profile| profile.dark = Some(dark));
        }
    }

    /// Applies the settings and saves them to their file.
    pub(super) fn save_settings(&mut self, settings: Settings) -> Vec<AppEvent> {
        self.settings_changed_at = Some(Instant::now());
        let mut events = self.apply_settings();
        if let Some(folders) = &self.options.folders {
            self.jobs.save_settings(folders.settings(), settings);
            self.jobs.watch_config(&folders.config);
        }
        events.extend(self.sync_blind_coding());
        events
    }

    /// Hides the marks of others, or shows them, as the settings say; the library is counted anew.
    pub(super) fn sync_blind_coding(&mut self) -> Vec<AppEvent> {
        let before = self.annotation_controller.blind_author();
        let shown = self.annotation_controller.set_blind(self.state.settings.blind);
        let is_other = before != self.annotation_controller.blind_author();
        shown.into_iter().chain(is_other.then_some(AppEvent::LibraryChanged)).collect()
    }

    /// Reloads settings and themes after a change of their files.
    pub(super) fn reload_config(&mut self) {
        let folders = self.options.folders.as_ref();
        let is_own_change = self.settings_changed_at.is_some_and(|changed| changed.elapsed() < OWN_CHANGE_WINDOW);
        let (names, config) = (Theme::names(folders.map(Folders::themes).as_deref()), Configuration::load(folders));
        self.dispatch(AppEvent::Themes(names));
        let mut problems = Vec::new();
        if let Ok(config) = config
            && !is_own_change
        {
            if let Some(settings) = config.settings {
                self.keymap = config.keymap;
                if settings != self.state.settings {
                    self.dispatch(AppEvent::SettingsReloaded(Box::new(settings)));
                }
            }
            problems = config.problems;
        }
        for event in self.apply_settings() {
            match event {
                AppEvent::Status(problem) => problems.push(problem),
                event => self.dispatch(event),
            }
        }
        for event in self.sync_blind_coding() {
            self.dispatch(event);
        }
        if problems != self.config_problems {
            self.config_problems.clone_from(&problems);
            if let Some(problem) = problems.into_iter().next() {
                self.dispatch(AppEvent::Status(problem));
            }
        }
    }
}
