//! Start-up: the options, what the paths mean, and the initial configuration.

use super::{
    configuration::{self, Configuration},
    error::TuiError,
};
use crate::app::open::{FirstPart, SpeechOpening};
use crate::locale::Locale;
use crate::samples;
use crate::settings;
use crate::settings::Folders;
use crate::settings::Settings;
use crate::tui::command::keymap::Conflict;
use crate::tui::command::keymap::Keymap;
use crate::tui::message::StatusMessage;
use crate::tui::state::LibraryScreen;
use crate::tui::theme::Theme;
use pizhu_library::reading_state::ReadingState;
use pizhu_library::source;
use pizhu_library::source::ReadOptions;
use pizhu_library::source::STDIN;
use pizhu_library::source::SourceError;
use pizhu_terminal::Colors;
use pizhu_terminal::Widths;
use pizhu_terminal::profile;
use pizhu_text::layout;
use pizhu_text::text::width::AmbiguousWidth;
use std::path::{Path, PathBuf};

/// Options of the terminal reader.
#[derive(Debug, Clone, Default)]
pub(crate) struct TuiOptions {
    /// Files and folders; if empty, the last library, else the samples.
    pub paths: Vec<PathBuf>,
    /// How files are read.
    pub read_options: ReadOptions,
    /// The store given on the command line.
    pub store: Option<PathBuf>,
    /// Author of new annotations.
    pub author: String,
    /// Whether the marks of others are hidden, even if the settings do not say so.
    pub blind: bool,
    /// The width of ambiguous characters given on the command line.
    pub ambiguous: Option<AmbiguousWidth>,
    /// Whether to use no colours.
    pub no_color: bool,
    /// The user's folders; `None`: nothing is saved.
    pub folders: Option<Folders>,
}

/// Resolves the paths to a library or to one speech, read to its first block.
pub(super) fn resolve_paths(options: &TuiOptions, positions: &ReadingState) -> Result<(LibraryScreen, Option<SpeechOpening>), TuiError> {
    let folder = |path: &Path| path.is_dir();
    match options.paths.as_slice() {
        [] => {
            if let Some(roots) = last_library(positions) {
                return Ok((LibraryScreen::new(roots), None));
            }
            let folder = match &options.folders {
                Some(folders) => folders.data.join("samples"),
                None => std::env::temp_dir().join("pizhu-samples"),
            };
            samples::write_to(&folder)?;
            Ok((LibraryScreen::samples(folder), None))
        }
        [one] if !folder(one) => {
            let resumes = positions.position(one, None).is_some_and(|position| position.offset > 0);
            // A saved place may be shown in a later part than the beginning.
            let part = if resumes { FirstPart::Block } else { FirstPart::Screenful };
            Ok((LibraryScreen::default(), Some(SpeechOpening::begin(one, options.read_options, part)?)))
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
                return Err(TuiError::NoSpeeches(one.clone()));
            }
            Ok((LibraryScreen::new(several.to_vec()), None))
        }
    }
}

/// The saved reading positions; empty if none can be read.
pub(super) fn load_positions(options: &TuiOptions) -> ReadingState {
    let state = options.folders.as_ref().map(|folders| folders.state.as_path());
    state.and_then(|state| ReadingState::load(Some(state)).ok()).map_or_else(ReadingState::default, |(positions, _)| positions)
}

fn last_library(positions: &ReadingState) -> Option<Vec<PathBuf>> {
    let roots: Vec<PathBuf> = positions.library().iter().filter(|path| path.exists()).cloned().collect();
    (!roots.is_empty()).then_some(roots)
}

/// The initial configuration, from settings and environment.
pub(super) struct StartupConfig {
    pub settings: Settings,
    /// Problems with the settings.
    pub problems: Vec<StatusMessage>,
    pub widths: Widths,
    pub colors: Colors,
    /// Whether the terminal's background is dark; `None` if unknown.
    pub dark_background: Option<bool>,
    pub theme: Theme,
    pub locale: Locale,
    pub keymap: Keymap,
}

impl StartupConfig {
    pub(super) fn load(options: &TuiOptions) -> Result<Self, Conflict> {
        let Configuration { settings, keymap, mut problems } = Configuration::load(options.folders.as_ref())?;
        let settings = settings.unwrap_or_default();
        let locale = Locale::new(configuration::language(&settings));
        locale.prepare();
        layout::prepare();
        let remembered = options.folders.as_ref().map(|folders| profile::load(&folders.state, &profile::key())).unwrap_or_default();
        let widths = match (options.ambiguous, settings.ambiguous) {
            (Some(named), _) => named.into(),
            (None, settings::AmbiguousSetting::Narrow) => Widths::Narrow,
            (None, settings::AmbiguousSetting::Wide) => Widths::Wide,
            (None, settings::AmbiguousSetting::Auto) => remembered.widths,
        };
        let colors = if options.no_color { Colors::None } else { Colors::detect() };
        // Remembered from the last start: else a light terminal would be drawn twice at each start.
        let dark_background = remembered.dark.or_else(|| configuration::dark_from_colorfgbg(std::env::var("COLORFGBG").ok()));
        let folder = options.folders.as_ref().map(Folders::themes);
        let (theme, problem) = configuration::theme(&settings.theme, dark_background, colors, folder.as_deref());
        problems.extend(problem);
        Ok(Self { settings, problems, widths, colors, dark_background, theme, locale, keymap })
    }
}
