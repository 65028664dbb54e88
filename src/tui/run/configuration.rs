//! The settings' file and the themes' folder, read into what the program goes by.

use crate::locale::Language;
use crate::settings;
use crate::settings::Folders;
use crate::settings::ProblemKind;
use crate::settings::Settings;
use crate::settings::SettingsError;
use crate::tui::command::keymap::Conflict;
use crate::tui::command::keymap::Keymap;
use crate::tui::command::keymap::Why;
use crate::tui::state::Notice;
use pizhu_terminal::Colors;
use crate::tui::theme::Theme;
use std::{fs, path::Path};

/// What the settings' file gives.
pub(super) struct Configuration {
    /// The settings; `None` where the file cannot be used.
    pub settings: Option<Settings>,
    /// The keys by them.
    pub keymap: Keymap,
    /// What is wrong with the file, to be told.
    pub problems: Vec<Notice>,
}

impl Configuration {
    /// Reads the file, if there is one.
    ///
    /// # Errors
    /// When the keys of the command table conflict, which its test refuses.
    pub(super) fn load(folders: Option<&Folders>) -> Result<Self, Conflict> {
        let mut keymap = Keymap::from_table()?;
        let Some(path) = folders.map(Folders::settings) else {
            return Ok(Self { settings: Some(Settings::default()), keymap, problems: Vec::new() });
        };
        let problem = |id: &'static str, line: usize| Notice::error(id).with("path", path.display()).with("line", line);
        let (settings, found) = match settings::load(&path) {
            Ok(read) => read,
            Err(error) => {
                let problems = vec![match error {
                    SettingsError::Io { path, source } => Notice::error("cannot-open").with("path", path.display()).with("reason", source),
                    SettingsError::Syntax { line, reason, .. } => problem("bad-settings", line).with("reason", reason),
                }];
                return Ok(Self { settings: None, keymap, problems });
            }
        };
        let mut problems: Vec<Notice> = Vec::new();
        for found in found {
            problems.push(match found.kind {
                ProblemKind::UnknownEntry(name) => problem("unknown-setting", found.line).with("name", name),
                ProblemKind::OutOfRange { entry, range } => {
                    problem("setting-range", found.line).with("name", entry).with("least", range.start()).with("most", range.end())
                }
            });
        }
        let refused = keymap.change(&settings.keymap);
        if !refused.is_empty() {
            let text = fs::read_to_string(&path).unwrap_or_default();
            for refused in refused {
                let line = settings::line_of_keys(&text, &refused.place, &refused.keys);
                let (place, keys) = (&refused.place, &refused.keys);
                problems.push(match refused.why {
                    Why::NoPlace => problem("keys-place", line).with("place", place),
                    Why::NoCommand(name) => problem("keys-command", line).with("place", place).with("name", name),
                    Why::Notation => problem("keys-notation", line).with("keys", keys),
                    Why::Types => problem("keys-typed", line).with("keys", keys).with("place", place),
                    Why::Conflicts(other) => problem("keys-conflict", line).with("keys", keys).with("other", other),
                });
            }
        }
        Ok(Self { settings: Some(settings), keymap, problems })
    }
}

/// The language of the settings, else of the environment.
pub(super) fn language(settings: &Settings) -> Language {
    Language::chosen(&settings.language, |name| std::env::var(name).ok())
}

/// The theme of the settings in the colours the terminal has; where it cannot be used, the one
/// that suits the terminal, and why.
pub(super) fn theme(setting: &str, dark: Option<bool>, colors: Colors, folder: Option<&Path>) -> (Theme, Option<Notice>) {
    let (theme, problem) = match Theme::choose(setting, dark, colors, folder) {
        Ok(theme) => (theme, None),
        Err(error) => {
            let notice = Notice::error("bad-theme").with("name", setting).with("reason", error);
            (Theme::choose("auto", dark, colors, None).unwrap_or_else(|_| Theme::plain()), Some(notice))
        }
    };
    (theme.with_colors(|color| colors.degrade(color)), problem)
}

/// Whether the ground is dark, as some terminals say in `COLORFGBG` (`15;0`, `0;default;15`).
pub(super) fn ground(variable: Option<String>) -> Option<bool> {
    match variable?.rsplit(';').next()?.parse::<u8>().ok()? {
        7 | 9..=15 => Some(false),
        0..=6 | 8 => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(&'static str, String)> {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        fs::create_dir_all(&folders.config).unwrap();
        fs::write(folders.settings(), text).unwrap();
        let problems = Configuration::load(Some(&folders)).unwrap().problems;
        let line = |notice: &Notice| notice.arguments.iter().find(|(name, _)| *name == "line").map(|(_, line)| line.clone());
        problems.iter().map(|notice| (notice.id, line(notice).unwrap_or_default())).collect()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let text = "(\n  tehme: 1,\n  line_spacing: 9,\n  keymap: {\"reader\": {\"g\": \"tag\",\n  \"x\": \"tug\"}},\n)";
        let expected = [("unknown-setting", "2"), ("setting-range", "3"), ("keys-conflict", "4"), ("keys-command", "5")];
        assert_eq!(told(text), expected.map(|(id, line)| (id, line.to_owned())));
        assert_eq!(told("(\nmouse: perhaps)"), [("bad-settings", "2".to_owned())]);
        assert!(told("()").is_empty());
    }

    #[test]
    fn the_ground_is_known_where_the_terminal_names_it() {
        let ground = |value: &str| ground(Some(value.to_owned()));
        assert_eq!(
            [ground("15;0"), ground("0;15"), ground("0;default;15"), ground("12;8"), ground("x")],
            [Some(true), Some(false), Some(false), Some(true), None]
        );
    }

    #[test]
    fn a_theme_that_cannot_be_used_is_told_and_another_taken() {
        let (shown, problem) = theme("none such", Some(false), Colors::True, None);
        assert_eq!((shown.name(), problem.map(|notice| notice.id)), ("light", Some("bad-theme")));
    }
}
