//! Tests of an attribute's value.

use crate::attributes::Attributes;
use pizhu_annotation::attribute_type::{is_date, number_of};
use pizhu_text::text::fold::fold_text;
use std::cmp::Ordering;

/// A test of one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttributeTest {
    key: String,
    operator: ValueOperator,
    value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValueOperator {
    /// It has any value.
    Any,
    Equal,
    Contains,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl AttributeTest {
    /// `attr.KEY` for any value, `attr.KEY:VALUE`, `attr.KEY:>=VALUE` and its like, `attr.KEY:~PART`;
    /// `None` if the value is missing.
    pub(super) fn parse(key: &str, value: Option<&str>) -> Option<Self> {
        let signs = [
            ("<=", ValueOperator::AtMost),
            (">=", ValueOperator::AtLeast),
            ("<", ValueOperator::Less),
            (">", ValueOperator::Greater),
            ("~", ValueOperator::Contains),
        ];
        let (operator, value) = match value {
            None => (ValueOperator::Any, ""),
            Some(value) => signs
                .iter()
                .find_map(|(sign, operator)| Some((*operator, value.strip_prefix(sign)?)))
                .unwrap_or((ValueOperator::Equal, value)),
        };
        let is_complete = operator == ValueOperator::Any || !value.trim().is_empty();
        is_complete.then(|| Self { key: key.to_owned(), operator, value: value.trim().to_owned() })
    }

    /// Whether the speech passes: one without the attribute does not. Texts are compared after folding
    /// of script, width and case, numbers by their value, a day with a month or year by its beginning.
    pub(super) fn holds(&self, attributes: &Attributes) -> bool {
        let Some(value) = attributes.get(&self.key) else { return false };
        match self.operator {
            ValueOperator::Any => true,
            ValueOperator::Contains => fold_text(value).contains(&fold_text(&self.value)),
            ValueOperator::Equal => self.compare(value) == Some(Ordering::Equal),
            ValueOperator::Less => self.compare(value) == Some(Ordering::Less),
            ValueOperator::AtMost => matches!(self.compare(value), Some(Ordering::Less | Ordering::Equal)),
            ValueOperator::Greater => self.compare(value) == Some(Ordering::Greater),
            ValueOperator::AtLeast => matches!(self.compare(value), Some(Ordering::Greater | Ordering::Equal)),
        }
    }

    /// How the value compares with that of the test.
    fn compare(&self, value: &str) -> Option<Ordering> {
        if let (Some(own), Some(other)) = (number_of(value), number_of(&self.value)) {
            return own.partial_cmp(&other);
        }
        let (own, other) = (fold_text(value.trim()), fold_text(&self.value));
        if is_date(&own) && is_date(&other) && own.starts_with(&other) {
            return Some(Ordering::Equal);
        }
        Some(own.cmp(&other))
    }
}
