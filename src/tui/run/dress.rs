//! Looking and acting by the settings while they change, from inside and in their file.

use super::{
    Program,
    configuration::{self, Configuration},
};
use crate::locale::Locale;
use crate::settings::Ambiguous;
use crate::settings::Folders;
use crate::settings::Settings;
use crate::tui::effect::Event;
use crate::tui::state::Notice;
use pizhu_terminal::Colors;
use pizhu_terminal::Widths;
use pizhu_terminal::profile;
use crate::tui::theme::Theme;
use std::time::{Duration, Instant};

/// So soon after a change from inside, a change of the file is our own.
const OURS: Duration = Duration::from_secs(1);

impl Program {
    /// Looks and acts by the state's settings.
    pub(super) fn dress(&mut self) -> Option<Notice> {
        let settings = &self.state.settings;
        let language = configuration::language(settings);
        if language != self.state.locale.language() {
            self.state.locale = Locale::new(language);
        }
        let folder = self.options.folders.as_ref().map(Folders::themes);
        let (theme, problem) = configuration::theme(&settings.theme, self.dark, self.colors, folder.as_deref());
        theme.name().clone_into(&mut self.state.theme);
        self.theme = theme;
        let widths = match (self.options.ambiguous, settings.ambiguous) {
            (Some(named), _) => named.into(),
            (None, Ambiguous::Narrow) => Widths::Narrow,
            (None, Ambiguous::Wide) => Widths::Wide,
            (None, Ambiguous::Auto) => {
                self.options.folders.as_ref().map_or(Widths::Unknown, |folders| profile::load(&folders.state, &profile::key()).widths)
            }
        };
        if widths != self.screen.widths() {
            self.screen.set_widths(widths);
            self.state.setting.style.ambiguous = self.screen.ambiguous();
            self.state.arrange();
        }
        problem
    }

    /// Has the terminal report the mouse or not, as the settings have it.
    pub(super) fn set_mouse(&mut self) -> Result<(), super::Error> {
        if self.mouse != self.state.pointer.on {
            self.mouse = self.state.pointer.on;
            self.guard.set_mouse(self.mouse)?;
        }
        Ok(())
    }

    /// Does what may wait until after the first frame: asks for the ground's colour, and watches
    /// the settings and themes.
    pub(super) fn settle_in(&mut self) -> Result<(), super::Error> {
        self.set_mouse()?;
        if matches!(self.colors, Colors::True | Colors::Indexed) && self.state.settings.theme == "auto" {
            self.screen.ask_ground()?;
        }
        let folders = self.options.folders.as_ref();
        self.state.themes = Theme::names(folders.map(Folders::themes).as_deref());
        self.theme.name().clone_into(&mut self.state.theme);
        if let Some(folders) = folders {
            self.worker.watch_folder(&folders.config);
        }
        Ok(())
    }

    /// The terminal has said whether its ground is dark.
    pub(super) fn grounded(&mut self, dark: bool) {
        if self.dark != Some(dark) {
            self.dark = Some(dark);
            self.state.notice = self.dress().or(self.state.notice.take());
        }
        if let Some(folders) = &self.options.folders {
            // Not remembering costs one frame in the other colours next time.
            let _ = profile::save(&folders.state, &profile::key(), |profile| profile.dark = Some(dark));
        }
    }

    /// Keeps the settings in their file, and looks and acts by them.
    pub(super) fn keep_settings(&mut self, settings: Settings) -> Vec<Event> {
        self.changed = Some(Instant::now());
        let problem = self.dress();
        if let Some(folders) = &self.options.folders {
            self.worker.keep_settings(folders.settings(), settings);
            self.worker.watch_folder(&folders.config);
        }
        problem.map(Event::Said).into_iter().collect()
    }

    /// Something in the folder of settings and themes has changed: what is there now holds.
    pub(super) fn configured(&mut self) {
        let folders = self.options.folders.as_ref();
        self.state.themes = Theme::names(folders.map(Folders::themes).as_deref());
        let ours = self.changed.is_some_and(|changed| changed.elapsed() < OURS);
        let mut problems = Vec::new();
        if let Ok(read) = Configuration::load(folders)
            && !ours
        {
            if let Some(settings) = read.settings {
                self.state.keymap = read.keymap;
                if settings != self.state.settings {
                    self.state.take_settings(settings);
                }
            }
            problems = read.problems;
        }
        problems.extend(self.dress());
        if problems != self.problems {
            self.state.notice = problems.first().cloned().or(self.state.notice.take());
            self.problems = problems;
        }
    }
}
