//! Themes: the style of each named role.
//!
//! A theme is a RON file that gives roles their styles; the built-in ones are in `themes/` and compiled
//! in. Views name roles, never colours. A role that a theme omits inherits the style of its parent
//! ([`StyleRole::parent`]), in the end that of `text`.

mod contrast;
mod error;
mod file;
mod role;
mod styles;

pub(crate) use contrast::legible_over;
pub(crate) use error::ThemeError;
pub(crate) use role::StyleRole;
pub use styles::Theme;
pub(crate) use styles::{SIGN_WITHOUT_COLOR, TAG_COLORS};

use pizhu_terminal::Colors;
use ratatui::style::Style;
use std::{fs, path::Path};
use styles::colorless_tags;

/// The built-in themes: name and RON text.
pub(crate) const BUILT_IN: [(&str, &str); 9] = [
    ("light", include_str!("../../../themes/light.ron")),
    ("dark", include_str!("../../../themes/dark.ron")),
    ("paper", include_str!("../../../themes/paper.ron")),
    ("high-contrast", include_str!("../../../themes/high-contrast.ron")),
    ("solar", include_str!("../../../themes/solar.ron")),
    ("256", include_str!("../../../themes/256.ron")),
    ("16", include_str!("../../../themes/16.ron")),
    ("16-dark", include_str!("../../../themes/16-dark.ron")),
    ("none", include_str!("../../../themes/none.ron")),
];

impl Theme {
    /// The built-in theme of that name.
    ///
    /// # Errors
    /// When there is none.
    pub fn built_in(name: &str) -> Result<Self, ThemeError> {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name).ok_or_else(|| ThemeError::Unknown(name.to_owned()))?;
        Self::parse(text)
    }

    /// The theme without colours: for `NO_COLOR`, and as a fallback.
    #[must_use]
    pub fn plain() -> Self {
        let bare = || Self { name: "none".to_owned(), styles: [Style::new(); StyleRole::ALL.len()], tags: colorless_tags() };
        Self::built_in("none").unwrap_or_else(|_| bare())
    }

    /// Loads the theme of that name: the user's own in `folder`, else a built-in one.
    ///
    /// # Errors
    /// When there is none, or the user's cannot be read or parsed.
    pub fn load(name: &str, folder: Option<&Path>) -> Result<Self, ThemeError> {
        // A name must not lead out of the folder.
        let plain = !name.contains(['/', '\\']) && !name.starts_with('.');
        let own = folder.filter(|_| plain).map(|folder| folder.join(format!("{name}.ron"))).filter(|path| path.is_file());
        match own {
            Some(path) => Ok(Self { name: name.to_owned(), ..Self::parse(&fs::read_to_string(path)?)? }),
            None => Self::built_in(name),
        }
    }

    /// The names of all themes: the built-in ones, then the user's own in `folder`.
    #[must_use]
    pub fn names(folder: Option<&Path>) -> Vec<String> {
        let mut names: Vec<String> = BUILT_IN.iter().map(|(name, _)| (*name).to_owned()).collect();
        let entries = folder.and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
        let own = entries.filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".ron")?.to_owned()));
        let mut own: Vec<String> = own.filter(|name| !names.contains(name)).collect();
        own.sort();
        names.extend(own);
        names
    }

    /// The theme for a setting: a theme's name, or `auto` for one that suits the terminal's colour depth
    /// and background (`dark`, if known). Without colours it is always the plain one.
    ///
    /// # Errors
    /// When there is no theme of this name, or the user's cannot be used.
    pub fn choose(setting: &str, dark: Option<bool>, colors: Colors, folder: Option<&Path>) -> Result<Self, ThemeError> {
        match (colors, setting, dark) {
            (Colors::None, ..) => Ok(Self::plain()),
            (Colors::Sixteen, "auto", Some(true)) => Self::built_in("16-dark"),
            (Colors::Sixteen, "auto", _) => Self::built_in("16"),
            (_, "auto", Some(false)) => Self::built_in("light"),
            (Colors::Indexed, "auto", _) => Self::built_in("256"),
            (Colors::True, "auto", _) => Self::built_in("dark"),
            (_, name, _) => Self::load(name, folder),
        }
    }
}

#[cfg(test)]
mod drawn_tests;
#[cfg(test)]
mod tests;
