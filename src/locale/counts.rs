//! The words for the heads of a count's rows and columns.

use super::Locale;
use pizhu_library::count::{Head, Key};

/// The label of a row or column: a tag's name, a speech's title, a year, a level.
#[must_use]
pub fn head_words(head: &Head, locale: Locale) -> String {
    match &head.key {
        Key::Tag(_) | Key::Speech(_) | Key::Year(Some(_)) => head.name.clone(),
        Key::Year(None) => locale.text("count-undated").into_owned(),
        Key::Level(None) => locale.text("count-unplaced").into_owned(),
        Key::Level(Some(0)) => locale.text("count-outside").into_owned(),
        Key::Level(Some(level)) => locale.format("count-level", &[("level", (*level).into())]),
    }
}
