//! Parses a theme's file and resolves its roles.

use super::{
    error::ThemeError,
    role::StyleRole,
    styles::{Theme, colorless_tags},
};
use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use std::{collections::BTreeMap, str::FromStr as _};

/// The style that a theme's file gives a role.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "Look")]
struct RoleSpec {
    fg: Option<String>,
    bg: Option<String>,
    bold: bool,
    dim: bool,
    italic: bool,
    underline: bool,
    reverse: bool,
    strike: bool,
}

/// The contents of a theme's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "File")]
struct ThemeFile {
    name: String,
    /// Whether the theme is meant for a dark background; nothing depends on it.
    #[serde(default)]
    #[expect(dead_code, reason = "a field of the file format")]
    dark: bool,
    roles: BTreeMap<StyleRole, RoleSpec>,
    #[serde(default)]
    tags: Vec<TagSpec>,
}

/// The sign and style that a theme's file gives a tag.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "TagLook")]
struct TagSpec {
    sign: char,
    #[serde(default)]
    fg: Option<String>,
    #[serde(default)]
    bg: Option<String>,
}

impl Theme {
    /// Parses a theme's file.
    ///
    /// # Errors
    /// When the file is no valid RON, or names an unknown role or an invalid colour.
    pub fn parse(text: &str) -> Result<Self, ThemeError> {
        let file: ThemeFile = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME).from_str(text)?;
        let mut styles = [Style::new(); StyleRole::ALL.len()];
        // Parents are resolved first, in whatever order the roles are declared.
        let mut done = [false; StyleRole::ALL.len()];
        for role in StyleRole::ALL {
            resolve(role, &file, &mut styles, &mut done)?;
        }
        let mut tags = colorless_tags();
        for (index, (tag, spec)) in tags.iter_mut().zip(&file.tags).enumerate() {
            let name = || format!("tag {}", index + 1);
            tag.sign = spec.sign;
            if let Some(fg) = &spec.fg {
                tag.label = tag.label.fg(color(fg, name)?);
            }
            if let Some(bg) = &spec.bg {
                tag.passage = Style::new().bg(color(bg, name)?);
            }
        }
        Ok(Self { name: file.name, styles, tags })
    }
}

fn resolve(role: StyleRole, file: &ThemeFile, styles: &mut [Style], done: &mut [bool]) -> Result<Style, ThemeError> {
    if done[role as usize] {
        return Ok(styles[role as usize]);
    }
    let mut style = Style::new();
    match file.roles.get(&role) {
        Some(spec) => {
            let name = || format!("{role:?}").to_lowercase();
            if let Some(fg) = &spec.fg {
                style = style.fg(color(fg, name)?);
            }
            if let Some(bg) = &spec.bg {
                style = style.bg(color(bg, name)?);
            }
            let modifiers = [
                (spec.bold, Modifier::BOLD),
                (spec.dim, Modifier::DIM),
                (spec.italic, Modifier::ITALIC),
                (spec.underline, Modifier::UNDERLINED),
                (spec.reverse, Modifier::REVERSED),
                (spec.strike, Modifier::CROSSED_OUT),
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
