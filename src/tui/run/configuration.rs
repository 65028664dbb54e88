//! Loading the settings file and the themes folder.

use crate::locale::{Language, MessageId, notice};
use crate::settings;
use crate::settings::Folders;
use crate::settings::ProblemKind;
use crate::settings::Settings;
use crate::settings::SettingsError;
use crate::tui::command::default_keymap;
use crate::tui::command::keymap::Conflict;
use crate::tui::command::keymap::Keymap;
use crate::tui::command::keymap::RejectReason;
use crate::tui::message::StatusMessage;
use crate::tui::theme::Theme;
use pizhu_terminal::Colors;
use std::{fs, path::Path};

/// The contents of the settings file.
pub(super) struct Configuration {
    /// The settings; `None` if the file cannot be used.
    pub settings: Option<Settings>,
    /// The keymap with the settings' changes.
    pub keymap: Keymap,
    /// Problems in the file, as status messages.
    pub problems: Vec<StatusMessage>,
}

impl Configuration {
    /// Reads the file, if there is one.
    ///
    /// # Errors
    /// If the keys of the command table conflict (a unit test prevents this).
    pub(super) fn load(folders: Option<&Folders>) -> Result<Self, Conflict> {
        let mut keymap = default_keymap()?;
        let Some(path) = folders.map(Folders::settings) else {
            return Ok(Self { settings: Some(Settings::default()), keymap, problems: Vec::new() });
        };
        let problem = |id: MessageId, line: usize| StatusMessage::error(id).with("path", path.display()).with("line", line);
        let (settings, found) = match settings::load(&path) {
            Ok(read) => read,
            Err(error) => {
                let problems = vec![match error {
                    SettingsError::Io { path, source } => {
                        StatusMessage::error(notice::CANNOT_OPEN).with("path", path.display()).with("reason", source)
                    }
                    SettingsError::Syntax { line, reason, .. } => problem(notice::BAD_SETTINGS, line).with("reason", reason),
                }];
                return Ok(Self { settings: None, keymap, problems });
            }
        };
        let mut problems: Vec<StatusMessage> = Vec::new();
        for found in found {
            problems.push(match found.kind {
                ProblemKind::UnknownEntry(name) => problem(notice::UNKNOWN_SETTING, found.line).with("name", name),
                ProblemKind::OutOfRange { entry, range } => {
                    problem(notice::SETTING_RANGE, found.line).with("name", entry).with("least", range.start()).with("most", range.end())
                }
            });
        }
        let rejected = keymap.apply_settings(&settings.keymap);
        if !rejected.is_empty() {
            let text = fs::read_to_string(&path).unwrap_or_default();
            for rejected in rejected {
                let line = settings::line_of_keys(&text, &rejected.context, &rejected.keys);
                let (context, keys) = (&rejected.context, &rejected.keys);
                problems.push(match rejected.reason {
                    RejectReason::UnknownContext => problem(notice::KEYS_PLACE, line).with("place", context),
                    RejectReason::UnknownCommand(name) => problem(notice::KEYS_COMMAND, line).with("place", context).with("name", name),
                    RejectReason::Notation => problem(notice::KEYS_NOTATION, line).with("keys", keys),
                    RejectReason::TypesText => problem(notice::KEYS_TYPED, line).with("keys", keys).with("place", context),
                    RejectReason::Conflict(other) => problem(notice::KEYS_CONFLICT, line).with("keys", keys).with("other", other),
                });
            }
        }
        Ok(Self { settings: Some(settings), keymap, problems })
    }
}

/// The language of the settings, else of the environment.
pub(super) fn language(settings: &Settings) -> Language {
    Language::from_setting(&settings.language, |name| std::env::var(name).ok())
}

/// The theme of the settings, in the colours of the terminal; if it cannot be used, the default
/// theme and the reason.
pub(super) fn theme(setting: &str, dark: Option<bool>, colors: Colors, folder: Option<&Path>) -> (Theme, Option<StatusMessage>) {
    let (theme, problem) = match Theme::choose(setting, dark, colors, folder) {
        Ok(theme) => (theme, None),
        Err(error) => {
            let message = StatusMessage::error(notice::BAD_THEME).with("name", setting).with("reason", error);
            (Theme::choose("auto", dark, colors, None).unwrap_or_else(|_| Theme::plain()), Some(message))
        }
    };
    (theme.with_colors(|color| colors.degrade(color)), problem)
}

/// Whether the background is dark according to `COLORFGBG` (`15;0`, `0;default;15`).
pub(super) fn dark_from_colorfgbg(variable: Option<String>) -> Option<bool> {
    match variable?.rsplit(';').next()?.parse::<u8>().ok()? {
        7 | 9..=15 => Some(false),
        0..=6 | 8 => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(text: &str) -> Vec<(&'static str, String)> {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        fs::create_dir_all(&folders.config).unwrap();
        fs::write(folders.settings(), text).unwrap();
        let problems = Configuration::load(Some(&folders)).unwrap().problems;
        let line = |message: &StatusMessage| message.arguments.iter().find(|(name, _)| *name == "line").map(|(_, line)| line.clone());
        problems.iter().map(|message| (message.name(), line(message).unwrap_or_default())).collect()
    }

    #[test]
    fn problems_are_reported_with_line_numbers() {
        let text = "(\n  tehme: 1,\n  line_spacing: 9,\n  keymap: {\"reader\": {\"g\": \"tag\",\n  \"x\": \"tug\"}},\n)";
        let expected = [("unknown-setting", "2"), ("setting-range", "3"), ("keys-conflict", "4"), ("keys-command", "5")];
        assert_eq!(problems_of(text), expected.map(|(id, line)| (id, line.to_owned())));
        assert_eq!(problems_of("(\nmouse: perhaps)"), [("bad-settings", "2".to_owned())]);
        assert!(problems_of("()").is_empty());
    }

    #[test]
    fn colorfgbg_gives_background() {
        let background = |value: &str| dark_from_colorfgbg(Some(value.to_owned()));
        assert_eq!(
            [background("15;0"), background("0;15"), background("0;default;15"), background("12;8"), background("x")],
            [Some(true), Some(false), Some(false), Some(true), None]
        );
    }

    #[test]
    fn unusable_theme_is_reported_and_replaced() {
        let (shown, problem) = theme("none such", Some(false), Colors::True, None);
        assert_eq!((shown.name(), problem.map(|message| message.name())), ("light", Some("bad-theme")));
    }
}
