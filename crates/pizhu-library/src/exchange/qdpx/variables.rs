//! Attributes of speeches as variables: each speech is a case with its source and its values, and the
//! source has them too, as programs look for them in either place.

use super::guid::guid;
use crate::attributes::ordered_keys;
use crate::exchange::{
    collection::{Collection, ExportSpeech},
    markup::{escape_xml, title},
};
use pizhu_annotation::attribute_type::{AttributeType, number_of};
use std::fmt::Write as _;

/// The variables of a collection.
pub(super) struct Variables {
    /// Keys with the types of their values.
    keys: Vec<(String, VariableKind)>,
}

/// A type of the schema, as far as it is used here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum VariableKind {
    Text,
    Float,
    Date,
}

/// A number as the schema's decimals are written, which have no exponent: as it stands if it can.
fn decimal(value: &str) -> String {
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if is_plain { value.to_owned() } else { number_of(value).unwrap_or_default().to_string() }
}

impl VariableKind {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Float => "Float",
            Self::Date => "Date",
        }
    }
}

impl Variables {
    pub(super) fn new(collection: &Collection) -> Self {
        let kind = |key: &str| {
            let values = || collection.sources().filter_map(|speech| speech.attributes.get(key));
            // The schema's dates are days.
            let is_days = values().all(|value| value.parse::<jiff::civil::Date>().is_ok() && AttributeType::Date.allows(value));
            match AttributeType::of_all(values()) {
                AttributeType::Number => VariableKind::Float,
                AttributeType::Date if is_days => VariableKind::Date,
                AttributeType::Date | AttributeType::Text => VariableKind::Text,
            }
        };
        let keys = ordered_keys(collection.sources().flat_map(|speech| speech.attributes.iter().map(|(key, _)| key)));
        let keys = keys.into_iter().map(|key| (kind(&key), key)).map(|(kind, key)| (key, kind)).collect();
        Self { keys }
    }

    /// Writes the variables and the cases.
    pub(super) fn push(&self, collection: &Collection, xml: &mut String) {
        if self.keys.is_empty() {
            return;
        }
        xml.push_str("<Variables>\n");
        for (key, kind) in &self.keys {
            let _ = writeln!(
                xml,
                "<Variable guid=\"{}\" name=\"{}\" typeOfVariable=\"{}\"/>",
                guid("variable", key),
                escape_xml(key),
                kind.name()
            );
        }
        xml.push_str("</Variables>\n<Cases>\n");
        for speech in collection.sources() {
            let _ = writeln!(xml, "<Case guid=\"{}\" name=\"{}\">", guid("case", &speech.name), escape_xml(&title(speech)));
            self.push_values(speech, xml);
            let _ = writeln!(xml, "<SourceRef targetGUID=\"{}\"/>\n</Case>", guid("source", &speech.name));
        }
        xml.push_str("</Cases>\n");
    }

    /// Writes the values of a speech.
    pub(super) fn push_values(&self, speech: &ExportSpeech, xml: &mut String) {
        for (key, kind) in &self.keys {
            let Some(value) = speech.attributes.get(key) else { continue };
            let (element, text) = match kind {
                VariableKind::Text => ("TextValue", escape_xml(value)),
                // The schema's decimals have no exponent.
                VariableKind::Float => ("FloatValue", decimal(value)),
                VariableKind::Date => ("DateValue", value.to_owned()),
            };
            let variable = guid("variable", key);
            let _ = writeln!(xml, "<VariableValue><VariableRef targetGUID=\"{variable}\"/><{element}>{text}</{element}></VariableValue>");
        }
    }
}
