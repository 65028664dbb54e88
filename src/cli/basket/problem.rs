//! Errors of baskets and their messages.

use crate::locale::{Locale, id};
use pizhu_annotation::BasketError;

/// Why a basket cannot be shown or changed.
#[derive(Debug)]
pub enum BasketProblem {
    /// There is none yet.
    None,
    /// There are several, and none was named.
    Several(Vec<String>),
    /// No entry has this number.
    NoEntry(usize),
    /// The entry is a passage, whose words are those of its speech.
    NotWords(usize),
    /// The words are empty.
    Empty,
    /// The speech has no such annotation with a place in the text.
    NoAnnotation(String),
}

impl BasketProblem {
    /// The message: one line.
    pub(in crate::cli) fn line(&self, locale: Locale) -> String {
        match self {
            Self::None => locale.text(id::ERROR_BASKET_NONE).into_owned(),
            Self::Several(labels) => locale.format(id::ERROR_BASKET_WHICH, &[("names", labels.join(", ").into())]),
            Self::NoEntry(number) => locale.format(id::ERROR_BASKET_ENTRY, &[("number", number.to_string().into())]),
            Self::NotWords(number) => locale.format(id::ERROR_BASKET_NOT_WORDS, &[("number", number.to_string().into())]),
            Self::Empty => locale.text(id::ERROR_BASKET_EMPTY_WORDS).into_owned(),
            Self::NoAnnotation(id) => locale.format(id::ERROR_BASKET_ANNOTATION, &[("id", id.as_str().into())]),
        }
    }
}

/// The message for a change of a basket that is refused.
pub(in crate::cli) fn basket_line(error: &BasketError, locale: Locale) -> String {
    match error {
        BasketError::Missing(name) => locale.format(id::ERROR_BASKET_MISSING, &[("name", name.as_str().into())]),
        BasketError::Several { name, labels } => {
            locale.format(id::ERROR_BASKET_AMBIGUOUS, &[("name", name.as_str().into()), ("names", labels.join(", ").into())])
        }
        BasketError::Exists(name) => locale.format(id::ERROR_BASKET_EXISTS, &[("name", name.as_str().into())]),
        BasketError::BadName(name) => locale.format(id::ERROR_BASKET_NAME, &[("name", name.as_str().into())]),
        BasketError::NoEntry => locale.text(id::ERROR_BASKET_GONE).into_owned(),
    }
}
