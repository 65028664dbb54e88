//! Which values the attributes of a project may have.

use pizhu_annotation::attribute::is_attribute_key;
use pizhu_annotation::{AttributeType, RecordSet};

/// Why an attribute cannot have a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttributeError {
    /// Not the name of an attribute.
    #[error("not the name of an attribute: {0}")]
    BadKey(String),
    /// The value is not of the attribute's type.
    #[error("{key}: not of its type: {value}")]
    NotOfType {
        /// The attribute.
        key: String,
        /// The value.
        value: String,
        /// The type.
        values: AttributeType,
    },
}

/// The type of an attribute's values, by the types that the project has fixed; `date` is always a date.
pub(crate) fn attribute_type<'a>(mut fixed: impl Iterator<Item = (&'a str, AttributeType)>, key: &str) -> AttributeType {
    if key == "date" {
        return AttributeType::Date;
    }
    fixed.find(|(own, _)| *own == key).map_or(AttributeType::Text, |(_, values)| values)
}

/// Fails unless the value is of the attribute's type in the project.
///
/// # Errors
/// It is of another type.
pub(crate) fn check_value(project: &RecordSet, key: &str, value: &str) -> Result<(), AttributeError> {
    let values = attribute_type(project.attribute_types(), key);
    if values.allows(value) { Ok(()) } else { Err(AttributeError::NotOfType { key: key.to_owned(), value: value.to_owned(), values }) }
}

/// A valid key and a value of its type, both without white space around them.
///
/// # Errors
/// The key is none, or the value is of another type.
pub(crate) fn checked<'a>(project: &RecordSet, key: &'a str, value: &'a str) -> Result<(&'a str, &'a str), AttributeError> {
    let (key, value) = (key.trim(), value.trim());
    if !is_attribute_key(key) {
        return Err(AttributeError::BadKey(key.to_owned()));
    }
    check_value(project, key, value)?;
    Ok((key, value))
}
