//! The styles of a theme: those of the roles and those of the tags.

use super::role::StyleRole;
use ratatui::style::{Color, Modifier, Style};

/// The number of tag colours in a theme; a codebook's colours 1 to 12 index them.
pub(crate) const TAG_COLORS: usize = 12;

/// The style of a tag. Its colour never carries information alone: there is a sign as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TagStyle {
    /// The sign, one cell wide in every terminal.
    pub sign: char,
    /// The style of the sign and the tag's name.
    pub label: Style,
    /// The style of tagged passages, patched over that of the text.
    pub passage: Style,
}

/// The sign of tags without a colour: none of [`SIGNS`], so that they are told apart without colours.
pub(crate) const SIGN_WITHOUT_COLOR: &str = "▱";
/// The default signs of tags, none of which is a sign of folding: one cell in every terminal, also one with wide ambiguous characters.
const SIGNS: [char; TAG_COLORS] = ['▪', '▴', '✣', '◊', '✚', '◦', '✿', '✦', '▫', '◂', '✱', '❖'];

/// Tags distinguished by their signs alone, with underlined passages.
pub(super) fn colorless_tags() -> [TagStyle; TAG_COLORS] {
    SIGNS.map(|sign| TagStyle { sign, label: Style::new(), passage: Style::new().add_modifier(Modifier::UNDERLINED) })
}

/// A theme with all roles resolved.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Theme {
    pub(super) name: String,
    pub(super) styles: [Style; StyleRole::ALL.len()],
    pub(super) tags: [TagStyle; TAG_COLORS],
}

impl Theme {
    /// The theme's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Maps every colour, to degrade them once and not for each cell.
    #[must_use]
    pub(crate) fn with_colors(mut self, change: impl Fn(Color) -> Color) -> Self {
        let tags = self.tags.iter_mut().flat_map(|tag| [&mut tag.label, &mut tag.passage]);
        for style in self.styles.iter_mut().chain(tags) {
            style.fg = style.fg.map(&change);
            style.bg = style.bg.map(&change);
        }
        self
    }

    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: StyleRole) -> Style {
        self.styles[role as usize]
    }

    /// The style of a heading of `level`, 0 for the top; levels from 3 on share one.
    #[must_use]
    pub fn heading(&self, level: usize) -> Style {
        self.style([StyleRole::Heading1, StyleRole::Heading2, StyleRole::Heading3, StyleRole::Heading4][level.min(3)])
    }

    /// The style of a tag colour, 1 to [`TAG_COLORS`]; larger numbers wrap around.
    #[must_use]
    pub fn tag(&self, color: usize) -> TagStyle {
        self.tags[color.saturating_sub(1) % TAG_COLORS]
    }
}
