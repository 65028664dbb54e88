//! What the program is started with, and what it looks and acts like from the start.

use super::{
    Error,
    configuration::{self, Configuration},
};
use pizhu_text::layout;
use pizhu_library::reading_state::ReadingState;
use crate::samples;
use crate::locale::Locale;
use crate::settings;
use crate::settings::Folders;
use crate::settings::Settings;
use pizhu_library::source;
use pizhu_library::source::Manner;
use pizhu_library::source::STDIN;
use pizhu_library::source::SourceError;
use pizhu_text::text::width::Ambiguous;
use crate::tui::command::keymap::Conflict;
use crate::tui::command::keymap::Keymap;
use crate::tui::state::Library;
use crate::tui::state::Notice;
use pizhu_terminal::Colors;
use pizhu_terminal::Widths;
use pizhu_terminal::profile;
use crate::tui::theme::Theme;
use crate::tui::worker;
use std::path::{Path, PathBuf};

/// What the reader is started with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Files and folders; none for the last library, else the samples.
    pub paths: Vec<PathBuf>,
    /// How files are read.
    pub manner: Manner,
    /// The store that was named.
    pub store: Option<PathBuf>,
    /// Whose annotations are made.
    pub author: String,
    /// The width of ambiguous characters that was named.
    pub ambiguous: Option<Ambiguous>,
    /// No colours.
    pub colorless: bool,
    /// The user's folders; without them nothing is remembered.
    pub folders: Option<Folders>,
}

/// What the paths mean: a library, or one speech. `places` is where speeches were left.
pub(super) fn arguments(options: &Options, places: &ReadingState) -> Result<(Library, Option<worker::First>), Error> {
    let folder = |path: &Path| path.is_dir();
    match options.paths.as_slice() {
        [] => {
            if let Some(roots) = last_library(places) {
                return Ok((Library::of(roots), None));
            }
            let folder = match &options.folders {
                Some(folders) => folders.data.join("samples"),
                None => std::env::temp_dir().join("pizhu-samples"),
            };
            samples::write_to(&folder)?;
            Ok((Library::samples(folder), None))
        }
        [one] if !folder(one) => {
            let resumes = places.place(one, None).is_some_and(|place| place.offset > 0);
            Ok((Library::default(), Some(worker::first(one, options.manner, resumes)?)))
        }
        several => {
            for path in several {
                if path == Path::new(STDIN) {
                    continue;
                }
                if !path.exists() {
                    return Err(SourceError::Missing(path.clone()).into());
                }
            }
            if let [one] = several
                && source::folder::walk(std::slice::from_ref(one)).next().is_none()
            {
                return Err(Error::NoSpeeches(one.clone()));
            }
            Ok((Library::of(several.to_vec()), None))
        }
    }
}

/// Where speeches were left; nothing where that is not remembered or cannot be read.
pub(super) fn places(options: &Options) -> ReadingState {
    let state = options.folders.as_ref().map(|folders| folders.state.as_path());
    state.and_then(|state| ReadingState::load(Some(state)).ok()).map_or_else(ReadingState::default, |(places, _)| places)
}

fn last_library(places: &ReadingState) -> Option<Vec<PathBuf>> {
    let roots: Vec<PathBuf> = places.library().iter().filter(|path| path.exists()).cloned().collect();
    (!roots.is_empty()).then_some(roots)
}

/// What the reader looks and acts like here, from the settings and the environment.
pub(super) struct Outfit {
    pub settings: Settings,
    /// What is wrong with the settings.
    pub problems: Vec<Notice>,
    pub widths: Widths,
    pub colors: Colors,
    /// Whether the terminal's ground is dark, where that is known.
    pub dark: Option<bool>,
    pub theme: Theme,
    pub locale: Locale,
    pub keymap: Keymap,
}

impl Outfit {
    pub(super) fn of(options: &Options) -> Result<Self, Conflict> {
        let Configuration { settings, keymap, mut problems } = Configuration::load(options.folders.as_ref())?;
        let settings = settings.unwrap_or_default();
        let locale = Locale::new(configuration::language(&settings));
        locale.prepare();
        layout::prepare();
        let remembered = options.folders.as_ref().map(|folders| profile::load(&folders.state, &profile::key())).unwrap_or_default();
        let widths = match (options.ambiguous, settings.ambiguous) {
            (Some(named), _) => named.into(),
            (None, settings::Ambiguous::Narrow) => Widths::Narrow,
            (None, settings::Ambiguous::Wide) => Widths::Wide,
            (None, settings::Ambiguous::Auto) => remembered.widths,
        };
        let colors = if options.colorless { Colors::None } else { Colors::detect() };
        // What it answered the last time: without it a light terminal would be drawn on twice at
        // each start.
        let dark = remembered.dark.or_else(|| configuration::ground(std::env::var("COLORFGBG").ok()));
        let folder = options.folders.as_ref().map(Folders::themes);
        let (theme, problem) = configuration::theme(&settings.theme, dark, colors, folder.as_deref());
        problems.extend(problem);
        Ok(Self { settings, problems, widths, colors, dark, theme, locale, keymap })
    }
}
