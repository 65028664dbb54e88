//! The types of attributes' values.

use serde::{Deserialize, Serialize};

/// The type of an attribute's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeType {
    /// Any text.
    Text,
    /// A decimal number: `230`, `-1.5`.
    Number,
    /// A day, month or year: `2024-05-06`, `2024-05`, `2024`.
    Date,
}

impl AttributeType {
    /// All types.
    pub const ALL: [Self; 3] = [Self::Text, Self::Number, Self::Date];

    /// Its name in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
        }
    }

    /// Whether a value is of the type. An empty one, which says that there is none, is of all.
    ///
    /// ```
    /// use pizhu_annotation::AttributeType;
    ///
    /// assert!(AttributeType::Date.allows("2024-02-29") && !AttributeType::Date.allows("2023-02-29"));
    /// assert!(AttributeType::Number.allows("-1.5") && !AttributeType::Number.allows("many"));
    /// ```
    #[must_use]
    pub fn allows(self, value: &str) -> bool {
        match self {
            _ if value.is_empty() => true,
            Self::Text => true,
            Self::Number => number_of(value).is_some(),
            Self::Date => is_date(value),
        }
    }

    /// The narrowest type that all values have; text without any.
    #[must_use]
    pub fn of_all<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        let values: Vec<&str> = values.into_iter().filter(|value| !value.is_empty()).collect();
        // A year is a date only among other dates: numbers of four digits are more often numbers.
        let is_dates = values.iter().any(|value| value.contains('-')) && values.iter().all(|value| Self::Date.allows(value));
        match () {
            () if values.is_empty() => Self::Text,
            () if is_dates => Self::Date,
            () if values.iter().all(|value| Self::Number.allows(value)) => Self::Number,
            () => Self::Text,
        }
    }
}

/// The value as a finite number.
#[must_use]
pub fn number_of(value: &str) -> Option<f64> {
    let is_plain = value.trim().bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    value.trim().parse::<f64>().ok().filter(|number| is_plain && number.is_finite())
}

/// Whether the text is a day, month or year of the calendar: `2024-05-06`, `2024-05`, `2024`.
///
/// ```
/// use pizhu_annotation::attribute_type::is_date;
///
/// assert!(is_date("2024") && is_date("2024-05") && is_date("2024-05-06"));
/// assert!(!is_date("2020-13") && !is_date("2023-02-29") && !is_date("24") && !is_date("2024-5-6"));
/// ```
#[must_use]
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let has_form = (1..=3).contains(&parts.len())
        && parts.iter().zip([4, 2, 2]).all(|(part, width)| part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit()));
    let whole = [text, "-01", "-01"].into_iter().take(4 - parts.len().min(3)).collect::<String>();
    has_form && whole.parse::<jiff::civil::Date>().is_ok()
}
