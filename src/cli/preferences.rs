//! What the user has set, and the language in which all is said: read once, before the arguments,
//! whose help speaks it too.

use super::error::because;
use crate::locale::Language;
use crate::locale::Locale;
use crate::settings;
use crate::settings::Folders;
use crate::settings::Problem;
use crate::settings::ProblemKind;
use crate::settings::Settings;
use crate::settings::SettingsError;
use pizhu_text::text::visible::visible;
use std::{env, path::Path};

/// The user's settings, and the language.
#[derive(Debug, Default)]
pub struct Preferences {
    /// What is set; the defaults where the file cannot be used.
    pub(super) settings: Settings,
    /// The language of the settings, else of the environment.
    pub(super) words: Locale,
    /// What is wrong with the settings' file, a line each.
    pub(super) faults: Vec<String>,
}

impl Preferences {
    /// Reads the settings' file, if there is one.
    #[must_use]
    pub fn load() -> Self {
        let variable = |name: &str| env::var(name).ok();
        let path = Folders::find(variable).map(|folders| folders.settings());
        let (settings, problems, failed) = match path.as_deref().map(settings::load) {
            Some(Ok((settings, problems))) => (settings, problems, None),
            Some(Err(error)) => (Settings::default(), Vec::new(), Some(error)),
            None => (Settings::default(), Vec::new(), None),
        };
        let words = Locale::new(Language::chosen(&settings.language, variable));
        let path = path.unwrap_or_default();
        let passed_over = problems.iter().map(|problem| passed_over(&path, problem, words));
        let faults = failed.iter().map(|error| unusable(error, words)).chain(passed_over);
        let faults = faults.map(|line| visible(&line).into_owned()).collect();
        Self { settings, words, faults }
    }

    /// The words of the user's language.
    #[must_use]
    pub fn words(&self) -> Locale {
        self.words
    }
}

/// A part of the file that does not hold.
fn passed_over(path: &Path, problem: &Problem, words: Locale) -> String {
    let mut facts = vec![("path", path.display().to_string().into()), ("line", problem.line.into())];
    let message = match &problem.kind {
        ProblemKind::UnknownEntry(name) => {
            facts.push(("name", name.as_str().into()));
            "notice-unknown-setting"
        }
        ProblemKind::OutOfRange { entry, range } => {
            facts.extend([("name", (*entry).into()), ("least", (*range.start()).into()), ("most", (*range.end()).into())]);
            "notice-setting-range"
        }
    };
    words.format(message, &facts)
}

/// Why nothing of the file holds.
fn unusable(error: &SettingsError, words: Locale) -> String {
    match error {
        SettingsError::Io { path, source } => {
            words.format("error-unreadable", &[("path", path.display().to_string().into()), because(source, words)])
        }
        SettingsError::Syntax { path, line, reason, .. } => {
            let facts = [("path", path.display().to_string().into()), ("line", (*line).into()), ("reason", reason.as_str().into())];
            words.format("notice-bad-settings", &facts)
        }
    }
}
