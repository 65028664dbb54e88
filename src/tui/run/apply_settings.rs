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
use crate::tui::message::StatusMessage;
use crate::tui::theme::Theme;
use pizhu_terminal::Colors;
use pizhu_terminal::Widths;
use pizhu_terminal::profile;
use std::time::{Duration, Instant};

/// A change of the file this soon after a change in the program is our own write.
const OWN_CHANGE_WINDOW: Duration = Duration::from_secs(1);

impl Program {
    /// Applies the state's settings to locale, theme and width detection.
    pub(super) fn apply_settings(&mut self) -> Option<StatusMessage> {
        let settings = &self.state.settings;
        let language = configuration::language(settings);
        if language != self.state.locale.language() {
            self.state.locale = Locale::new(language);
        }
        let folder = self.options.folders.as_ref().map(Folders::themes);
        let (theme, problem) = configuration::theme(&settings.theme, self.dark_background, self.colors, folder.as_deref());
        theme.name().clone_into(&mut self.state.theme_name);
        self.theme = theme;
        let widths = match (self.options.ambiguous, settings.ambiguous) {
            (Some(named), _) => named.into(),
            (None, AmbiguousSetting::Narrow) => Widths::Narrow,
            (None, AmbiguousSetting::Wide) => Widths::Wide,
            (None, AmbiguousSetting::Auto) => {
                self.options.folders.as_ref().map_or(Widths::Unknown, |folders| profile::load(&folders.state, &profile::key()).widths)
            }
        };
        if widths != self.screen.widths() {
            self.screen.set_widths(widths);
            self.state.display_options.style.ambiguous = self.screen.ambiguous();
            self.state.arrange();
        }
        problem
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
        self.state.theme_names = Theme::names(folders.map(Folders::themes).as_deref());
        self.theme.name().clone_into(&mut self.state.theme_name);
        if let Some(folders) = folders {
            self.jobs.watch_config(&folders.config);
        }
        Ok(())
    }

    /// Handles the terminal's report of whether its background is dark.
    pub(super) fn set_background(&mut self, dark: bool) {
        if self.dark_background != Some(dark) {
            self.dark_background = Some(dark);
            self.state.status = self.apply_settings().or(self.state.status.take());
        }
        if let Some(folders) = &self.options.folders {
            // If this is lost, the next start draws one frame in the other colours.
            let _ = profile::save(&folders.state, &profile::key(), |profile| profile.dark = Some(dark));
        }
    }

    /// Applies the settings and saves them to their file.
    pub(super) fn save_settings(&mut self, settings: Settings) -> Vec<AppEvent> {
        self.settings_changed_at = Some(Instant::now());
        let problem = self.apply_settings();
        if let Some(folders) = &self.options.folders {
            self.jobs.save_settings(folders.settings(), settings);
            self.jobs.watch_config(&folders.config);
        }
        let mut events: Vec<AppEvent> = self.sync_blind_coding();
        events.extend(problem.map(AppEvent::Status));
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
        self.state.theme_names = Theme::names(folders.map(Folders::themes).as_deref());
        let is_own_change = self.settings_changed_at.is_some_and(|changed| changed.elapsed() < OWN_CHANGE_WINDOW);
        let mut problems = Vec::new();
        if let Ok(config) = Configuration::load(folders)
            && !is_own_change
        {
            if let Some(settings) = config.settings {
                self.keymap = config.keymap;
                if settings != self.state.settings {
                    self.state.apply_settings(settings);
                }
            }
            problems = config.problems;
        }
        problems.extend(self.apply_settings());
        for event in self.sync_blind_coding() {
            self.dispatch(event);
        }
        if problems != self.config_problems {
            self.state.status = problems.first().cloned().or(self.state.status.take());
            self.config_problems = problems;
        }
    }
}
