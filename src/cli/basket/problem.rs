//! Errors of baskets and their messages.

use crate::locale::Locale;
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
            Self::None => locale.text("error-basket-none").into_owned(),
            Self::Several(labels) => locale.format("error-basket-which", &[("names", labels.join(", ").into())]),
            Self::NoEntry(number) => locale.format("error-basket-entry", &[("number", number.to_string().into())]),
            Self::NotWords(number) => locale.format("error-basket-not-words", &[("number", number.to_string().into())]),
            Self::Empty => locale.text("error-basket-empty-words").into_owned(),
            Self::NoAnnotation(id) => locale.format("error-basket-annotation", &[("id", id.as_str().into())]),
        }
    }
}

/// The message for a change of a basket that is refused.
pub(in crate::cli) fn basket_line(error: &BasketError, locale: Locale) -> String {
    match error {
        BasketError::Missing(name) => locale.format("error-basket-missing", &[("name", name.as_str().into())]),
        BasketError::Several { name, labels } => {
            locale.format("error-basket-ambiguous", &[("name", name.as_str().into()), ("names", labels.join(", ").into())])
        }
        BasketError::Exists(name) => locale.format("error-basket-exists", &[("name", name.as_str().into())]),
        BasketError::BadName(name) => locale.format("error-basket-name", &[("name", name.as_str().into())]),
        BasketError::NoEntry => locale.text("error-basket-gone").into_owned(),
    }
}
