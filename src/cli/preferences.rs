//! Settings and interface language, read before the arguments because help is localized too.

use super::error::reason_arg;
use crate::locale::Locale;
use crate::locale::{Language, id, notice};
use crate::settings;
use crate::settings::Folders;
use crate::settings::Problem;
use crate::settings::ProblemKind;
use crate::settings::Settings;
use crate::settings::SettingsError;
use pizhu_text::text::visible::visible;
use std::{env, path::Path};

/// The user's settings and interface language.
#[derive(Debug, Default)]
pub struct Preferences {
    /// The settings; defaults if the file cannot be used.
    pub(super) settings: Settings,
    /// Messages in the language of the settings, else of the environment.
    pub(super) locale: Locale,
    /// Problems of the settings file, one line each.
    pub(super) problems: Vec<String>,
}

impl Preferences {
    /// Reads the settings file.
    #[must_use]
    pub fn load() -> Self {
        let variable = |name: &str| env::var(name).ok();
        let path = Folders::find(variable).map(|folders| folders.settings());
        let (settings, entries, failed) = match path.as_deref().map(settings::load) {
            Some(Ok((settings, entries))) => (settings, entries, None),
            Some(Err(error)) => (Settings::default(), Vec::new(), Some(error)),
            None => (Settings::default(), Vec::new(), None),
        };
        let locale = Locale::new(Language::from_setting(&settings.language, variable));
        let path = path.unwrap_or_default();
        let ignored = entries.iter().map(|problem| problem_line(&path, problem, locale));
        let problems = failed.iter().map(|error| error_line(error, locale)).chain(ignored);
        let problems = problems.map(|line| visible(&line).into_owned()).collect();
        Self { settings, locale, problems }
    }

    /// The default settings, with the language of the environment; reads no file.
    #[must_use]
    pub fn of_environment() -> Self {
        let settings = Settings::default();
        let locale = Locale::new(Language::from_setting(&settings.language, |name| env::var(name).ok()));
        Self { settings, locale, problems: Vec::new() }
    }

    /// Messages in the user's language.
    #[must_use]
    pub fn locale(&self) -> Locale {
        self.locale
    }
}

/// The message for an entry that was ignored or corrected.
fn problem_line(path: &Path, problem: &Problem, locale: Locale) -> String {
    let mut facts = vec![("path", path.display().to_string().into()), ("line", problem.line.into())];
    let message = match &problem.kind {
        ProblemKind::UnknownEntry(name) => {
            facts.push(("name", name.as_str().into()));
            notice::UNKNOWN_SETTING
        }
        ProblemKind::OutOfRange { entry, range } => {
            facts.extend([("name", (*entry).into()), ("least", (*range.start()).into()), ("most", (*range.end()).into())]);
            notice::SETTING_RANGE
        }
    };
    locale.format(message, &facts)
}

/// The message for a file that cannot be used.
fn error_line(error: &SettingsError, locale: Locale) -> String {
    match error {
        SettingsError::Io { path, source } => {
            locale.format(id::ERROR_UNREADABLE, &[("path", path.display().to_string().into()), reason_arg(source, locale)])
        }
        SettingsError::Syntax { path, line, reason, .. } => {
            let facts = [("path", path.display().to_string().into()), ("line", (*line).into()), ("reason", reason.as_str().into())];
            locale.format(notice::BAD_SETTINGS, &facts)
        }
    }
}
