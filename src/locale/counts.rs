//! Labels for a table of counts, its rows and columns.

use super::Locale;
use crate::locale::{family, id};
use pizhu_library::count::{CountHeader, CountKey};

/// Label of a row or column: tag name, speech title, year, or level.
#[must_use]
pub(crate) fn count_label(head: &CountHeader, locale: Locale) -> String {
    match &head.key {
        CountKey::Tag(_) | CountKey::Speech(_) | CountKey::Year(Some(_)) | CountKey::Attribute(Some(_)) => head.name.clone(),
        CountKey::Year(None) => locale.text(id::COUNT_UNDATED).into_owned(),
        CountKey::Attribute(None) => locale.text(id::COUNT_NO_VALUE).into_owned(),
        CountKey::Level(None) => locale.text(id::COUNT_UNPLACED).into_owned(),
        CountKey::Level(Some(0)) => locale.text(id::COUNT_OUTSIDE).into_owned(),
        CountKey::Level(Some(level)) => locale.format(id::COUNT_LEVEL, &[("level", (*level).into())]),
    }
}

/// Heading of the counts by something: as on the command line, `attr.KEY` for an attribute.
#[must_use]
pub(crate) fn count_title(by: &str, locale: Locale) -> String {
    match by.strip_prefix("attr.") {
        Some(key) => locale.format(family::COUNT_BY.id("attribute"), &[("key", attribute_label(key, locale).into())]),
        None => locale.text(family::COUNT_BY.id(by)).into_owned(),
    }
}

/// Name of an attribute: of those that are found in texts in the user's language, else its key.
#[must_use]
pub(crate) fn attribute_label(key: &str, locale: Locale) -> String {
    family::ATTRIBUTE.find(key).map_or_else(|| key.to_owned(), |id| locale.text(id).into_owned())
}
