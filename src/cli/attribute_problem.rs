//! Errors of attributes and their messages.

use crate::app::attributes::AttributeError;
use crate::locale::{Locale, Value, family, id};
use pizhu_library::exchange::TableError;
use std::path::{Path, PathBuf};

/// Why an attribute cannot be set.
#[derive(Debug)]
pub enum AttributeProblem {
    /// It cannot have the value.
    Value(AttributeError),
    /// A word without `=`.
    NoValue(String),
    /// No file, or no attribute, was named.
    NothingToSet,
    /// A row of a table names no speech.
    NoSpeech,
    /// A file is no table of attributes.
    Table(PathBuf, TableError),
}

impl AttributeProblem {
    /// The message: one line.
    pub(super) fn line(&self, locale: Locale) -> String {
        let key_arg = |key: &str| ("key", Value::from(key));
        match self {
            Self::Value(AttributeError::BadKey(key)) | Self::Table(_, TableError::BadKey(key)) => {
                locale.format(id::ERROR_ATTR_KEY, &[key_arg(key)])
            }
            Self::Value(AttributeError::NotOfType { key, value, values }) => {
                let kind = locale.text(family::ATTR_TYPE.id(values.name())).into_owned();
                locale.format(id::ERROR_ATTR_TYPE, &[key_arg(key), ("value", value.as_str().into()), ("type", kind.into())])
            }
            Self::NoValue(word) => locale.format(id::ERROR_ATTR_NO_VALUE, &[("word", word.as_str().into())]),
            Self::NothingToSet => locale.text(id::ERROR_ATTR_NOTHING).into_owned(),
            Self::NoSpeech => locale.text(id::IMPORT_NO_SPEECH).into_owned(),
            Self::Table(path, TableError::Broken(what)) => {
                locale.format(id::ERROR_IMPORT_BROKEN, &[path_arg(path), ("reason", what.as_str().into())])
            }
            Self::Table(path, TableError::NoDocument) => locale.format(id::ERROR_ATTR_NO_DOCUMENT, &[path_arg(path)]),
            Self::Table(path, TableError::Twice(key)) => locale.format(id::ERROR_ATTR_TWICE, &[path_arg(path), key_arg(key)]),
        }
    }
}

fn path_arg(path: &Path) -> (&'static str, Value) {
    ("path", path.display().to_string().into())
}
