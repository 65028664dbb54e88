//! The attributes of the open speech, as they are listed: what was found in its text, what a user has
//! set, and what is missing.

mod component;
mod update;
mod view;

use crate::tui::state::ReaderScreen;
use crate::tui::widget::ListState;
use pizhu_library::attributes::{Attribute, AttributeSource, Attributes, FOUND_KEYS};
use std::collections::BTreeSet;

/// The keys that are listed even if there is no value.
const USUAL_KEYS: [&str; 7] = ["date", "speaker", "office", "occasion", "place", "kind", "number"];

/// The list of attributes.
#[derive(Debug, Clone, Default)]
pub(in crate::tui) struct AttributesCard {
    /// The selected row.
    pub list: ListState,
    /// A key that is being added.
    pub new_key: Option<String>,
    /// A key with a value that was refused.
    pub refused: Option<(String, String)>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttributeRow {
    /// The key; empty for the title.
    pub key: String,
    /// What is known; `None` for nothing.
    pub attribute: Option<Attribute>,
}

impl AttributeRow {
    /// The value; empty for none.
    #[must_use]
    pub(crate) fn value(&self) -> &str {
        self.attribute.as_ref().map_or("", |attribute| attribute.value.as_str())
    }

    /// Whether a user has set it.
    #[must_use]
    pub(crate) fn is_set(&self) -> bool {
        self.attribute.as_ref().is_some_and(|attribute| attribute.source == AttributeSource::Set)
    }
}

impl AttributesCard {
    /// The rows: the title, the usual keys, other found ones, then the user's own. `typed` are keys that
    /// the project has a type for.
    #[must_use]
    pub(crate) fn rows<'a>(&self, reader: &ReaderScreen, typed: impl Iterator<Item = &'a str>) -> Vec<AttributeRow> {
        let attributes = Attributes::new(reader.document(), reader.annotations.records());
        let title = Attribute { value: reader.title(), source: AttributeSource::Found, author: String::new() };
        let mut rows = vec![AttributeRow { key: String::new(), attribute: Some(title) }];
        let found = FOUND_KEYS.into_iter().filter(|key| !USUAL_KEYS.contains(key) && attributes.attribute(key).is_some());
        let known: Vec<&str> = USUAL_KEYS.into_iter().chain(found).collect();
        let all = attributes.all().map(|(key, _)| key.to_owned());
        let own: BTreeSet<String> = all.chain(typed.map(str::to_owned)).chain(self.new_key.clone()).collect();
        let own = own.into_iter().filter(|key| !known.contains(&key.as_str()));
        let keys: Vec<String> = known.iter().map(|key| (*key).to_owned()).chain(own).collect();
        rows.extend(keys.into_iter().map(|key| AttributeRow { attribute: attributes.attribute(&key).cloned(), key }));
        rows
    }
}
