//! Themes: what each named role looks like.
//!
//! A theme is a RON file that gives roles their colours; the built-in ones lie in `themes/` and
//! are compiled in. Views name roles, never colours. A role a theme leaves out looks like the one
//! it is derived from ([`Role::parent`]), in the end like `text`.

mod file;
mod role;

pub use role::Role;

use pizhu_terminal::Colors;
use file::colorless_tags;
use ratatui::style::{Color, Style};
use std::{fs, io, path::Path};

/// How many tag colours a theme has. A codebook's colours 1 to 12 index them.
pub const TAG_COLORS: usize = 12;

/// What a tag looks like: its colour never alone, but beside its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TagStyle {
    /// A sign of one cell in every terminal.
    pub sign: char,
    /// The sign and the tag's name.
    pub name: Style,
    /// The ground of the tagged text, to lay over its own style.
    pub ground: Style,
}

/// A theme, ready for drawing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Theme {
    name: String,
    dark: bool,
    styles: [Style; Role::ALL.len()],
    tags: [TagStyle; TAG_COLORS],
}

/// Why a theme's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// The file is not RON of the right form.
    #[error("{0}")]
    Syntax(#[from] ron::error::SpannedError),
    /// A colour that is none: not `#rrggbb`, not 0 to 255, not one of the sixteen names.
    #[error("{role}: {color} is no colour")]
    Color {
        /// The role, or `tag` and its number.
        role: String,
        /// What stands there.
        color: String,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// No theme has this name.
    #[error("no theme {0}")]
    Unknown(String),
}

/// The themes that are compiled in: name and file.
pub const BUILT_IN: [(&str, &str); 8] = [
    ("light", include_str!("../../../themes/light.ron")),
    ("dark", include_str!("../../../themes/dark.ron")),
    ("paper", include_str!("../../../themes/paper.ron")),
    ("high-contrast", include_str!("../../../themes/high-contrast.ron")),
    ("solar", include_str!("../../../themes/solar.ron")),
    ("256", include_str!("../../../themes/256.ron")),
    ("16", include_str!("../../../themes/16.ron")),
    ("none", include_str!("../../../themes/none.ron")),
];

impl Theme {
    /// A theme that is compiled in.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn built_in(name: &str) -> Result<Self, ThemeError> {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name).ok_or_else(|| ThemeError::Unknown(name.to_owned()))?;
        Self::parse(text)
    }

    /// The theme without a single colour: for `NO_COLOR`, and where no other can be had.
    #[must_use]
    pub fn plain() -> Self {
        let bare = || Self { name: "none".to_owned(), dark: true, styles: [Style::new(); Role::ALL.len()], tags: colorless_tags() };
        Self::built_in("none").unwrap_or_else(|_| bare())
    }

    /// The theme of that name: the user's own in `folder`, else a built-in one.
    ///
    /// # Errors
    /// There is none, or the user's cannot be read or does not parse.
    pub fn load(name: &str, folder: Option<&Path>) -> Result<Self, ThemeError> {
        // A name is no path.
        let plain = !name.contains(['/', '\\']) && !name.starts_with('.');
        let own = folder.filter(|_| plain).map(|folder| folder.join(format!("{name}.ron"))).filter(|path| path.is_file());
        match own {
            Some(path) => Ok(Self { name: name.to_owned(), ..Self::parse(&fs::read_to_string(path)?)? }),
            None => Self::built_in(name),
        }
    }

    /// The names of the themes there are: the built-in ones, and the user's own in `folder`.
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

    /// The theme for a setting: a theme's name, or `auto` for what suits a terminal of so many
    /// colours, `dark` being what it says of its ground. Without colours it is always the plain
    /// one.
    ///
    /// # Errors
    /// There is no theme of this name, or the user's cannot be used.
    pub fn choose(setting: &str, dark: Option<bool>, colors: Colors, folder: Option<&Path>) -> Result<Self, ThemeError> {
        match (colors, setting, dark) {
            (Colors::None, ..) => Ok(Self::plain()),
            (Colors::Sixteen, "auto", _) => Self::built_in("16"),
            (_, "auto", Some(false)) => Self::built_in("light"),
            (Colors::Indexed, "auto", _) => Self::built_in("256"),
            (Colors::True, "auto", _) => Self::built_in("dark"),
            (_, name, _) => Self::load(name, folder),
        }
    }

    /// The theme's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is written for a dark terminal.
    #[must_use]
    pub fn is_dark(&self) -> bool {
        self.dark
    }

    /// The same with every colour changed: to those the terminal has, once and not for each cell.
    #[must_use]
    pub fn with_colors(mut self, change: impl Fn(Color) -> Color) -> Self {
        let tags = self.tags.iter_mut().flat_map(|tag| [&mut tag.name, &mut tag.ground]);
        for style in self.styles.iter_mut().chain(tags) {
            style.fg = style.fg.map(&change);
            style.bg = style.bg.map(&change);
        }
        self
    }

    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The style of a heading at `level`, 0 for the top.
    #[must_use]
    pub fn heading(&self, level: usize) -> Style {
        self.style([Role::Heading1, Role::Heading2, Role::Heading3, Role::Heading4][level.min(3)])
    }

    /// The style of a tag colour, 1 to [`TAG_COLORS`]; others wrap round.
    #[must_use]
    pub fn tag(&self, color: usize) -> TagStyle {
        self.tags[color.saturating_sub(1) % TAG_COLORS]
    }
}

#[cfg(test)]
mod tests;
