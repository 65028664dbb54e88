//! Attributes of a speech: what its front matter says, overruled and added to by what users have set.

mod genre;

pub use genre::genre;

use pizhu_annotation::RecordSet;
use pizhu_text::document::Document;
use std::collections::BTreeMap;

/// The keys that may be found in a text, in the order in which they are listed.
pub const FOUND_KEYS: [&str; 10] =
    ["speaker", "office", "occasion", "place", "date", "kind", "number", "subtitle", "addressees", "signature"];

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeSource {
    /// From the text.
    Found,
    /// A user has set it.
    Set,
}

/// The value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The value; empty if a user says that there is none.
    pub value: String,
    /// Where it comes from.
    pub source: AttributeSource,
    /// Who has set it; empty for one that was found.
    pub author: String,
}

/// The attributes of a speech by key.
///
/// ```
/// use pizhu_annotation::RecordSet;
/// use pizhu_library::attributes::Attributes;
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::SourceText;
///
/// let text = "在青禾县人才会议上的讲话\n青禾县县长　张三\n（2024年3月1日）\n同志们：\n今年任务更重。\n";
/// let document = parse(SourceText::from(text), &Hints::default());
/// let mut set = RecordSet::default();
/// set.set_attribute("speaker", "甲", "张三丰");
/// let attributes = Attributes::new(&document, &set);
/// assert_eq!(attributes.get("speaker"), Some("张三丰"));
/// assert_eq!((attributes.get("kind"), attributes.date()), (Some("讲话"), Some("2024-03-01")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attributes {
    values: BTreeMap<String, Attribute>,
}

impl Attributes {
    /// The attributes found in a text, and those that users have set, which come first.
    #[must_use]
    pub fn new(document: &Document, set: &RecordSet) -> Self {
        let mut values = BTreeMap::new();
        let mut found = |key: &str, value: &str| {
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            if !value.is_empty() {
                values.insert(key.to_owned(), Attribute { value, source: AttributeSource::Found, author: String::new() });
            }
        };
        let metadata = &document.metadata;
        metadata.front.fields().iter().filter_map(|(key, field)| Some((key, (*field)?))).for_each(|(key, field)| found(key, &field.text));
        metadata.date.iter().for_each(|date| found("date", date));
        metadata.title.as_deref().and_then(genre).iter().for_each(|genre| found("kind", genre));
        for (key, value, author) in set.attributes() {
            let set = Attribute { value: value.to_owned(), source: AttributeSource::Set, author: author.to_owned() };
            values.insert(key.to_owned(), set);
        }
        Self { values }
    }

    /// The attributes of a speech of which only these are known: found values, and those that users have
    /// set, which come first.
    #[must_use]
    pub fn of_values<'a>(found: impl IntoIterator<Item = (&'a str, &'a str)>, set: &BTreeMap<String, String>) -> Self {
        let attribute = |value: &str, source| Attribute { value: value.to_owned(), source, author: String::new() };
        let found = found.into_iter().filter(|(_, value)| !value.is_empty());
        let found = found.map(|(key, value)| (key.to_owned(), attribute(value, AttributeSource::Found)));
        let set = set.iter().map(|(key, value)| (key.clone(), attribute(value, AttributeSource::Set)));
        Self { values: found.chain(set).collect() }
    }

    /// The value; `None` if there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(|attribute| attribute.value.as_str()).filter(|value| !value.is_empty())
    }

    /// What is known of a key, also that a user says there is none.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&Attribute> {
        self.values.get(key)
    }

    /// The date of the speech: `YYYY-MM-DD`, or what a user has set.
    #[must_use]
    pub fn date(&self) -> Option<&str> {
        self.get("date")
    }

    /// The attributes that have a value, in the order of [`FOUND_KEYS`], then by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Attribute)> {
        let all = self.all();
        all.filter(|(_, attribute)| !attribute.value.is_empty())
    }

    /// Like [`Self::iter`], with those that users have emptied.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Attribute)> {
        let mut all: Vec<(&str, &Attribute)> = self.values.iter().map(|(key, attribute)| (key.as_str(), attribute)).collect();
        all.sort_by_key(|(key, _)| key_order(key));
        all.into_iter()
    }
}

/// Where a key is listed: [`FOUND_KEYS`] first.
fn key_order(key: &str) -> (usize, String) {
    (FOUND_KEYS.iter().position(|found| *found == key).unwrap_or(FOUND_KEYS.len()), key.to_owned())
}

/// Keys in the order in which they are listed, each once.
#[must_use]
pub fn ordered_keys<'a>(keys: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut keys: Vec<String> = keys.into_iter().map(str::to_owned).collect();
    keys.sort_by_key(|key| key_order(key));
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::document::{Hints, parse};
    use pizhu_text::text::SourceText;

    #[test]
    fn set_values_overrule_found_ones_and_may_say_that_there_is_none() {
        let text = "在青禾县人才工作会议上的讲话\n青禾县委书记　张三\n（2024年3月1日）\n同志们：\n今年任务更重，大家要抓紧。\n";
        let document = parse(SourceText::from(text), &Hints::default());
        let mut set = RecordSet::default();
        let found = Attributes::new(&document, &set);
        assert_eq!(found.get("speaker"), Some("张三"));
        for (key, value) in [("speaker", ""), ("date", "2024-03-02"), ("与会人数", "230")] {
            set.set_attribute(key, "甲", value);
        }
        let attributes = Attributes::new(&document, &set);
        assert_eq!((attributes.get("speaker"), attributes.date(), attributes.get("与会人数")), (None, Some("2024-03-02"), Some("230")));
        assert!(attributes.attribute("speaker").is_some_and(|speaker| speaker.source == AttributeSource::Set && speaker.author == "甲"));
        let keys: Vec<&str> = attributes.iter().map(|(key, _)| key).collect();
        assert_eq!((keys.first().copied(), keys.last().copied()), (Some("office"), Some("与会人数")));
        assert_eq!(ordered_keys(["甲", "date", "甲", "speaker"]), ["speaker", "date", "甲"]);
    }
}
