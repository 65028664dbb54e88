//! Labels for the rows and columns of a table of counts.

use super::Locale;
use pizhu_library::count::{CountHeader, CountKey};

/// Label of a row or column: tag name, speech title, year, or level.
#[must_use]
pub(crate) fn count_label(head: &CountHeader, locale: Locale) -> String {
    match &head.key {
        CountKey::Tag(_) | CountKey::Speech(_) | CountKey::Year(Some(_)) | CountKey::Attribute(Some(_)) => head.name.clone(),
        CountKey::Year(None) => locale.text("count-undated").into_owned(),
        CountKey::Attribute(None) => locale.text("count-no-value").into_owned(),
        CountKey::Level(None) => locale.text("count-unplaced").into_owned(),
        CountKey::Level(Some(0)) => locale.text("count-outside").into_owned(),
        CountKey::Level(Some(level)) => locale.format("count-level", &[("level", (*level).into())]),
    }
}
