//! Fields of records, from which schemas are made.

use serde_json::{Map, Value, json};

/// The type of a field.
#[derive(Clone, Copy)]
pub(super) enum FieldType {
    Text,
    /// Text, or null.
    TextOrNull,
    /// A whole number from 0.
    Count,
    /// A whole number from 0, or null.
    CountOrNull,
    /// A number from 0.
    Number,
    /// A number from 0, or null.
    NumberOrNull,
    /// A number, or null.
    MeasureOrNull,
    /// The two ends of an interval, or null.
    IntervalOrNull,
    /// Whole numbers from 0.
    Counts,
    /// Whole numbers from 0, some of them null.
    CountsOrNulls,
    /// Numbers from 0, some of them null.
    NumbersOrNulls,
    /// Whole numbers from 0 by name.
    CountsByName,
    Flag,
    FlagOrNull,
    Texts,
    /// A list of texts, or null.
    TextsOrNull,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Whatever came with the input.
    Any,
    /// What `$defs` calls by this name.
    Defined(&'static str),
    /// That, or null.
    DefinedOrNull(&'static str),
    /// A list of it.
    List(&'static str),
}

/// A field of a record.
#[derive(Clone, Copy)]
pub(super) struct RecordField {
    name: &'static str,
    kind: FieldType,
    about: &'static str,
    is_optional: bool,
}

impl RecordField {
    /// A field that every record has.
    pub(super) const fn new(name: &'static str, kind: FieldType, about: &'static str) -> Self {
        Self { name, kind, about, is_optional: false }
    }

    /// A field that some records lack.
    pub(super) const fn optional(name: &'static str, kind: FieldType, about: &'static str) -> Self {
        Self { name, kind, about, is_optional: true }
    }

    fn schema(self) -> Value {
        let reference = |name: &str| json!({ "$ref": format!("#/$defs/{name}") });
        let mut schema = match self.kind {
            FieldType::Text => json!({ "type": "string" }),
            FieldType::TextOrNull => json!({ "type": ["string", "null"] }),
            FieldType::Count => json!({ "type": "integer", "minimum": 0 }),
            FieldType::CountOrNull => json!({ "type": ["integer", "null"], "minimum": 0 }),
            FieldType::Number => json!({ "type": "number", "minimum": 0 }),
            FieldType::NumberOrNull => json!({ "type": ["number", "null"], "minimum": 0 }),
            FieldType::MeasureOrNull => json!({ "type": ["number", "null"] }),
            FieldType::IntervalOrNull => json!({ "type": ["array", "null"], "items": { "type": "number" } }),
            FieldType::Counts => json!({ "type": "array", "items": { "type": "integer", "minimum": 0 } }),
            FieldType::CountsOrNulls => json!({ "type": "array", "items": { "type": ["integer", "null"], "minimum": 0 } }),
            FieldType::NumbersOrNulls => json!({ "type": "array", "items": { "type": ["number", "null"], "minimum": 0 } }),
            FieldType::CountsByName => json!({ "type": "object", "additionalProperties": { "type": "integer", "minimum": 0 } }),
            FieldType::Flag => json!({ "type": "boolean" }),
            FieldType::FlagOrNull => json!({ "type": ["boolean", "null"] }),
            FieldType::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            FieldType::TextsOrNull => json!({ "type": ["array", "null"], "items": { "type": "string" } }),
            FieldType::Choice(words) => json!({ "enum": words }),
            FieldType::Any => json!({}),
            FieldType::Defined(name) => reference(name),
            FieldType::DefinedOrNull(name) => json!({ "anyOf": [reference(name), { "type": "null" }] }),
            FieldType::List(name) => json!({ "type": "array", "items": reference(name) }),
        };
        if let Some(schema) = schema.as_object_mut().filter(|_| !self.about.is_empty()) {
            schema.insert("description".to_owned(), self.about.into());
        }
        schema
    }
}

/// The schema of an object with these fields.
pub(super) fn object(fields: &[&[RecordField]]) -> Map<String, Value> {
    let fields = || fields.iter().copied().flatten();
    let properties: Map<String, Value> = fields().map(|field| (field.name.to_owned(), field.schema())).collect();
    let required: Vec<&str> = fields().filter(|field| !field.is_optional).map(|field| field.name).collect();
    let mut schema = Map::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties.into());
    schema.insert("required".to_owned(), required.into());
    schema
}
