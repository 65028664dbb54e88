//! A theme's file: parsed, and its roles resolved.

use super::{Role, TAG_COLORS, TagStyle, Theme, ThemeError};
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::{collections::BTreeMap, str::FromStr as _};

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
}

/// Tags told apart by their signs alone, their text underlined.
pub(super) fn colorless_tags() -> [TagStyle; TAG_COLORS] {
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
