//! Themes: what each named role looks like.
//!
//! A theme is a RON file that gives roles their colours; the built-in ones lie in `themes/` and
//! are compiled in. Views name roles, never colours. A role a theme leaves out looks like the one
//! it is derived from ([`Role::parent`]), in the end like `text`.

use super::terminal::Colors;
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::{collections::BTreeMap, str::FromStr as _};

/// How many tag colours a theme has. A codebook's colours 1 to 12 index them.
pub const TAG_COLORS: usize = 12;

/// What something on screen is. The names in a theme's file are these in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The speech's text, and the ground of the whole screen.
    Text,
    /// What stands back: hints, counts, line numbers.
    Dim,
    /// What stands out within text.
    Strong,
    /// The speech's title.
    Title,
    /// Headings 一、
    Heading1,
    /// Headings （一）
    Heading2,
    /// Headings 1.
    Heading3,
    /// Headings and points below.
    Heading4,
    /// A restored reading of a damaged heading.
    Restored,
    /// Source, date stamp and navigation set apart from the speech.
    Boilerplate,
    /// Page numbers and glosses where they are shown.
    PageMark,
    /// The selected text.
    Selection,
    /// The row or place the cursor is on.
    Cursor,
    /// A hit of the search.
    Match,
    /// The hit one is at.
    CurrentMatch,
    /// Annotated text whose tag has no colour.
    Annotated,
    /// A note beside the text.
    Note,
    /// An annotation shown but not yet saved.
    Pending,
    /// The status line.
    Status,
    /// What stands out in the status line: the mode.
    StatusMode,
    /// What stands back in the status line.
    StatusDim,
    /// The outline's entries.
    Outline,
    /// The outline's entry one is at.
    OutlineCurrent,
    /// Counts and progress beside entries.
    Badge,
    /// Something worth knowing.
    Notice,
    /// Something amiss.
    Warning,
    /// Something that failed.
    Error,
    /// The inside of a popup.
    Popup,
    /// A popup's title.
    PopupTitle,
    /// A popup's frame.
    PopupFrame,
    /// The selected entry of a list.
    Selected,
    /// The letters a filter has found.
    Found,
    /// A key in help and hints.
    Key,
    /// A line or area being typed in.
    Input,
    /// What an empty input says.
    Placeholder,
    /// Signs at the edge of the text, scroll bars, separators.
    Gutter,
}

impl Role {
    /// Every role, in the order of declaration.
    pub const ALL: [Self; 36] = [
        Self::Text,
        Self::Dim,
        Self::Strong,
        Self::Title,
        Self::Heading1,
        Self::Heading2,
        Self::Heading3,
        Self::Heading4,
        Self::Restored,
        Self::Boilerplate,
        Self::PageMark,
        Self::Selection,
        Self::Cursor,
        Self::Match,
        Self::CurrentMatch,
        Self::Annotated,
        Self::Note,
        Self::Pending,
        Self::Status,
        Self::StatusMode,
        Self::StatusDim,
        Self::Outline,
        Self::OutlineCurrent,
        Self::Badge,
        Self::Notice,
        Self::Warning,
        Self::Error,
        Self::Popup,
        Self::PopupTitle,
        Self::PopupFrame,
        Self::Selected,
        Self::Found,
        Self::Key,
        Self::Input,
        Self::Placeholder,
        Self::Gutter,
    ];

    /// The role that this one looks like where a theme does not name it.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        Some(match self {
            Self::Text => return None,
            Self::Dim | Self::Strong | Self::Selection | Self::Outline | Self::Status | Self::Popup | Self::Input => Self::Text,
            Self::Title | Self::Heading1 | Self::Key | Self::Restored | Self::Notice | Self::Annotated | Self::Found | Self::PopupTitle => {
                Self::Strong
            }
            Self::Heading2 => Self::Heading1,
            Self::Heading3 => Self::Heading2,
            Self::Heading4 => Self::Heading3,
            Self::Boilerplate | Self::PageMark | Self::Badge | Self::Gutter | Self::Placeholder | Self::Note => Self::Dim,
            Self::Cursor | Self::Match | Self::Selected | Self::OutlineCurrent => Self::Selection,
            Self::CurrentMatch => Self::Match,
            Self::Pending | Self::Error => Self::Warning,
            Self::Warning => Self::Notice,
            Self::StatusMode | Self::StatusDim => Self::Status,
            Self::PopupFrame => Self::Gutter,
        })
    }
}

/// What a theme's file says of a role or a tag.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Look {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
    reverse: bool,
    strike: bool,
}

/// A theme's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default)]
    dark: bool,
    roles: BTreeMap<Role, Look>,
    #[serde(default)]
    tags: Vec<TagLook>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TagLook {
    sign: char,
    #[serde(default)]
    fg: Option<String>,
    #[serde(default)]
    bg: Option<String>,
}

/// What a tag looks like: its colour never alone, but beside its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagStyle {
    /// A sign of one cell in every terminal.
    pub sign: char,
    /// The sign and the tag's name.
    pub name: Style,
    /// The ground of the tagged text, to lay over its own style.
    pub ground: Style,
}

/// A theme, ready for drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// No theme has this name.
    #[error("no theme {0}")]
    Unknown(String),
}

/// The themes that are compiled in: name and file.
pub const BUILT_IN: [(&str, &str); 8] = [
    ("light", include_str!("../../themes/light.ron")),
    ("dark", include_str!("../../themes/dark.ron")),
    ("paper", include_str!("../../themes/paper.ron")),
    ("high-contrast", include_str!("../../themes/high-contrast.ron")),
    ("solar", include_str!("../../themes/solar.ron")),
    ("256", include_str!("../../themes/256.ron")),
    ("16", include_str!("../../themes/16.ron")),
    ("none", include_str!("../../themes/none.ron")),
];

/// The signs of a theme that names none: one cell in every terminal, wide ones too.
const SIGNS: [char; TAG_COLORS] = ['▪', '▴', '▸', '◊', '✚', '◦', '▾', '✦', '▫', '◂', '✱', '❖'];

impl Theme {
    /// Reads a theme's file: a built-in one, or one of the user's.
    ///
    /// # Errors
    /// The file does not parse, names an unknown role, or a colour that is none.
    pub fn parse(text: &str) -> Result<Self, ThemeError> {
        let file: File = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME).from_str(text)?;
        let mut styles = [Style::new(); Role::ALL.len()];
        // A parent is always resolved first; the declaration need not stand in that order.
        let mut done = [false; Role::ALL.len()];
        for role in Role::ALL {
            resolve(role, &file, &mut styles, &mut done)?;
        }
        let mut tags = colorless_tags();
        for (index, (tag, look)) in tags.iter_mut().zip(&file.tags).enumerate() {
            let name = || format!("tag {}", index + 1);
            tag.sign = look.sign;
            if let Some(fg) = &look.fg {
                tag.name = tag.name.fg(color(fg, name)?);
            }
            if let Some(bg) = &look.bg {
                tag.ground = Style::new().bg(color(bg, name)?);
            }
        }
        Ok(Self { name: file.name, dark: file.dark, styles, tags })
    }

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

    /// The theme for a setting: a built-in theme's name, or `auto` for what suits a terminal of
    /// so many colours, `dark` being what it says of its ground. Without colours it is always
    /// the plain one.
    ///
    /// # Errors
    /// There is no theme of this name.
    pub fn choose(setting: &str, dark: Option<bool>, colors: Colors) -> Result<Self, ThemeError> {
        match (colors, setting, dark) {
            (Colors::None, ..) => Ok(Self::plain()),
            (Colors::Sixteen, "auto", _) => Self::built_in("16"),
            (_, "auto", Some(false)) => Self::built_in("light"),
            (Colors::Indexed, "auto", _) => Self::built_in("256"),
            (Colors::True, "auto", _) => Self::built_in("dark"),
            (_, name, _) => Self::built_in(name),
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

/// Tags told apart by their signs alone, their text underlined.
fn colorless_tags() -> [TagStyle; TAG_COLORS] {
    SIGNS.map(|sign| TagStyle { sign, name: Style::new(), ground: Style::new().add_modifier(Modifier::UNDERLINED) })
}

fn resolve(role: Role, file: &File, styles: &mut [Style], done: &mut [bool]) -> Result<Style, ThemeError> {
    if done[role as usize] {
        return Ok(styles[role as usize]);
    }
    let mut style = Style::new();
    match file.roles.get(&role) {
        Some(look) => {
            let name = || format!("{role:?}").to_lowercase();
            if let Some(fg) = &look.fg {
                style = style.fg(color(fg, name)?);
            }
            if let Some(bg) = &look.bg {
                style = style.bg(color(bg, name)?);
            }
            let modifiers = [
                (look.bold, Modifier::BOLD),
                (look.dim, Modifier::DIM),
                (look.italic, Modifier::ITALIC),
                (look.underline, Modifier::UNDERLINED),
                (look.reverse, Modifier::REVERSED),
                (look.strike, Modifier::CROSSED_OUT),
            ];
            for (_, modifier) in modifiers.into_iter().filter(|(set, _)| *set) {
                style = style.add_modifier(modifier);
            }
        }
        None => {
            if let Some(parent) = role.parent() {
                style = resolve(parent, file, styles, done)?;
            }
        }
    }
    styles[role as usize] = style;
    done[role as usize] = true;
    Ok(style)
}

fn color(text: &str, role: impl Fn() -> String) -> Result<Color, ThemeError> {
    Color::from_str(text).map_err(|_| ThemeError::Color { role: role(), color: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::width::{Ambiguous, grapheme_width};

    type Rgb = [f64; 3];

    /// Roles drawn over a popup's ground.
    const ON_POPUP: [Role; 10] = [
        Role::Popup,
        Role::Dim,
        Role::Strong,
        Role::PopupTitle,
        Role::Found,
        Role::Key,
        Role::Badge,
        Role::Notice,
        Role::Warning,
        Role::Error,
    ];
    /// Roles that are no text: frames and signs.
    const NO_TEXT: [Role; 2] = [Role::PopupFrame, Role::Gutter];

    /// The colours xterm gives to 0–15.
    const XTERM: [u32; 16] = [
        0x0000_0000,
        0x00cd_0000,
        0x0000_cd00,
        0x00cd_cd00,
        0x0000_00ee,
        0x00cd_00cd,
        0x0000_cdcd,
        0x00e5_e5e5,
        0x007f_7f7f,
        0x00ff_0000,
        0x0000_ff00,
        0x00ff_ff00,
        0x005c_5cff,
        0x00ff_00ff,
        0x0000_ffff,
        0x00ff_ffff,
    ];

    fn linear(color: Color) -> Rgb {
        let code = match color {
            Color::Rgb(r, g, b) => u32::from_be_bytes([0, r, g, b]),
            Color::Indexed(index @ 16..=231) => {
                let level = |step: u32| if step == 0 { 0 } else { 55 + 40 * step };
                let index = u32::from(index) - 16;
                level(index / 36) << 16 | level(index / 6 % 6) << 8 | level(index % 6)
            }
            Color::Indexed(index @ 232..) => (8 + 10 * (u32::from(index) - 232)) * 0x0001_0101,
            Color::Indexed(index) => XTERM[usize::from(index)],
            other => panic!("{other:?} has no fixed colour"),
        };
        [code >> 16, code >> 8, code].map(|channel| {
            let value = f64::from(channel & 0xff) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// WCAG 2's contrast ratio.
    fn contrast(a: Color, b: Color) -> f64 {
        let luminance = |color| {
            let [r, g, b] = linear(color);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// CIE L*a*b* of linear sRGB under D65.
    fn lab(color: Rgb) -> Rgb {
        const XYZ: [Rgb; 3] =
            [[0.412_456_4, 0.357_576_1, 0.180_437_5], [0.212_672_9, 0.715_152_2, 0.072_175], [0.019_333_9, 0.119_192, 0.950_304_1]];
        const WHITE: Rgb = [0.950_47, 1.0, 1.088_83];
        let [x, y, z] = [0, 1, 2].map(|row| {
            let t = dot(XYZ[row], color) / WHITE[row];
            if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 }
        });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn dot(row: Rgb, color: Rgb) -> f64 {
        row.iter().zip(color).map(|(m, c)| m * c).sum()
    }

    /// How much a red-, green- or blue-blind eye sees (Machado, Oliveira, Fernandes 2009, at full severity).
    const BLINDNESS: [(&str, [Rgb; 3]); 3] = [
        ("protan", [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]]),
        ("deutan", [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]]),
        ("tritan", [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]]),
    ];

    fn difference(a: Rgb, b: Rgb) -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    /// The themes whose colours are known; the terminal decides over the sixteen names.
    fn colored() -> impl Iterator<Item = Theme> {
        BUILT_IN
            .iter()
            .map(|(name, text)| Theme::parse(text).unwrap_or_else(|error| panic!("{name}: {error}")))
            .filter(|theme| matches!(theme.style(Role::Text).bg, Some(Color::Rgb(..) | Color::Indexed(_))))
    }

    #[test]
    fn every_built_in_theme_parses_under_its_own_name() {
        for (name, text) in BUILT_IN {
            let theme = Theme::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(theme.name(), name);
            assert_eq!(Theme::built_in(name).unwrap(), theme);
        }
        assert!(matches!(Theme::built_in("none such"), Err(ThemeError::Unknown(_))));
    }

    #[test]
    fn text_can_be_read() {
        for theme in colored() {
            let ground = theme.style(Role::Text).bg.unwrap();
            let check = |what: &str, fg: Color, bg: Color| {
                let ratio = contrast(fg, bg);
                assert!(ratio >= 4.5, "{}: {what} has a contrast of {ratio:.2}", theme.name());
            };
            for role in Role::ALL.into_iter().filter(|role| !NO_TEXT.contains(role)) {
                let style = theme.style(Role::Text).patch(theme.style(role));
                check(&format!("{role:?}"), style.fg.unwrap(), style.bg.unwrap());
            }
            for role in ON_POPUP {
                let style = theme.style(Role::Text).patch(theme.style(Role::Popup)).patch(theme.style(role));
                check(&format!("{role:?} in a popup"), style.fg.unwrap(), style.bg.unwrap());
            }
            for role in [Role::Title, Role::Heading1, Role::Heading2, Role::Heading3, Role::Heading4, Role::Restored, Role::Dim] {
                for under in [Role::Cursor, Role::Annotated] {
                    let bg = theme.style(under).bg.unwrap_or(ground);
                    check(&format!("{role:?} on {under:?}"), theme.style(role).fg.unwrap(), bg);
                }
            }
            for color in 1..=TAG_COLORS {
                let tag = theme.tag(color);
                let text = theme.style(Role::Text).fg.unwrap();
                check(&format!("the name of tag colour {color}"), tag.name.fg.unwrap(), ground);
                check(&format!("tag colour {color} in a popup"), tag.name.fg.unwrap(), theme.style(Role::Popup).bg.unwrap());
                check(&format!("text on tag colour {color}"), text, tag.ground.bg.unwrap_or(ground));
            }
        }
    }

    #[test]
    fn tag_colours_stay_apart_for_every_eye() {
        for theme in colored() {
            for a in 1..=TAG_COLORS {
                for b in 1..a {
                    let (one, other) = (theme.tag(a).name.fg.unwrap(), theme.tag(b).name.fg.unwrap());
                    let (one, other) = (linear(one), linear(other));
                    let normal = difference(lab(one), lab(other));
                    assert!(normal >= 20.0, "{}: {a} and {b} differ by {normal:.1}", theme.name());
                    for (name, matrix) in BLINDNESS {
                        let seen = |color: Rgb| lab(matrix.map(|row| dot(row, color).clamp(0.0, 1.0)));
                        let apart = difference(seen(one), seen(other));
                        assert!(apart >= 12.0, "{}: {a} and {b} differ by {apart:.1} to a {name} eye", theme.name());
                    }
                }
            }
        }
    }

    #[test]
    fn every_tag_has_a_sign_of_its_own_of_one_cell() {
        let built_in = BUILT_IN.iter().map(|(_, text)| Theme::parse(text).unwrap());
        for theme in built_in.chain([Theme::plain()]) {
            let signs: std::collections::BTreeSet<char> = (1..=TAG_COLORS).map(|color| theme.tag(color).sign).collect();
            assert_eq!(signs.len(), TAG_COLORS, "{}", theme.name());
            for sign in signs {
                assert_eq!(grapheme_width(sign.encode_utf8(&mut [0; 4]), Ambiguous::Wide), 1, "{}: {sign}", theme.name());
            }
        }
        assert_eq!(Theme::plain().tag(13), Theme::plain().tag(1));
    }

    #[test]
    fn a_role_left_out_looks_like_its_parent() {
        let theme =
            Theme::parse(r##"(name: "mine", roles: {text: (fg: "#101010", bg: "#ffffff"), heading1: (fg: "red", bold: true)})"##).unwrap();
        assert_eq!(theme.style(Role::Heading4), theme.style(Role::Heading1));
        assert_eq!(theme.style(Role::Dim), theme.style(Role::Text));
        assert!(!theme.is_dark());
        assert!(theme.tag(1).ground.add_modifier.contains(Modifier::UNDERLINED));
    }

    #[test]
    fn a_wrong_theme_says_what_is_wrong() {
        let error = Theme::parse(r#"(name: "x", roles: {text: (fg: "blau")})"#).unwrap_err();
        assert_eq!(error.to_string(), "text: blau is no colour");
        let error = Theme::parse("(name: \"x\",\n roles: {txet: ()})").unwrap_err().to_string();
        assert!(error.contains("2:") && error.contains("txet"), "{error}");
    }

    #[test]
    fn no_role_is_missing_from_the_list() {
        for (index, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, index);
            assert!(role.parent().is_none_or(|parent| parent != role));
        }
        let plain = Theme::plain();
        assert!(plain.styles.iter().all(|style| style.fg.is_none() && style.bg.is_none()));
        assert!(plain.tags.iter().all(|tag| tag.name.fg.is_none() && tag.ground.bg.is_none()));
    }

    #[test]
    fn the_theme_suits_the_terminal_unless_one_is_named() {
        let name = |setting, dark, colors| Theme::choose(setting, dark, colors).unwrap().name().to_owned();
        assert_eq!(name("auto", None, Colors::True), "dark");
        assert_eq!(name("auto", Some(false), Colors::True), "light");
        assert_eq!(name("auto", Some(false), Colors::Indexed), "light");
        assert_eq!(name("auto", None, Colors::Indexed), "256");
        assert_eq!(name("auto", Some(false), Colors::Sixteen), "16");
        assert_eq!(name("paper", None, Colors::True), "paper");
        assert_eq!(name("paper", None, Colors::None), "none");
        assert!(Theme::choose("none such", None, Colors::True).is_err());
    }
}
