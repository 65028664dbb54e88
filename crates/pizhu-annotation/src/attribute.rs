//! Attributes that users give to speeches: the records of kind `attribute`, and their types.
//!
//! A speech has one record for a key, whose id is derived from the key: what two people set
//! independently is merged into the later value.

use super::{
    attribute_type::AttributeType,
    record::{Record, RecordId, RecordSet},
};

/// Maximum chars of a key.
const MAX_KEY_CHARS: usize = 64;

/// Whether the text may name an attribute: 1 to 64 chars, none of them a control character, quotation
/// mark, bracket, colon or equals sign, no blank at the ends.
#[must_use]
pub fn is_attribute_key(key: &str) -> bool {
    let is_plain = |c: char| !c.is_control() && !"=:：\"“”()（）,，".contains(c);
    !key.is_empty() && key.trim() == key && key.chars().count() <= MAX_KEY_CHARS && key.chars().all(is_plain)
}

/// The id of the record that has the value of `key`.
fn attribute_id(key: &str) -> RecordId {
    RecordId::from_content(format!("attribute {key}").as_bytes())
}

/// The id of the record that has the type of `key`.
fn type_id(key: &str) -> RecordId {
    RecordId::from_content(format!("attribute type {key}").as_bytes())
}

impl RecordSet {
    /// The attributes that were set: key, value and author. An empty value says that the speech has
    /// none, whatever was found in its text.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        // Records of other programs may have other ids; the last changed counts.
        let mut found: Vec<_> = self
            .records()
            .values()
            .filter_map(|entry| match &entry.record {
                Record::Attribute { key, value } => Some((key.as_str(), value.as_str(), entry)),
                _ => None,
            })
            .collect();
        found.sort_by(|(one, _, a), (other, _, b)| one.cmp(other).then_with(|| b.modified.cmp(&a.modified)));
        found.dedup_by(|(one, ..), (other, ..)| one == other);
        found.into_iter().map(|(key, value, entry)| (key, value, entry.author.as_str()))
    }

    /// The value that was set for a key.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes().find(|(own, ..)| *own == key).map(|(_, value, _)| value)
    }

    /// Sets a value.
    pub fn set_attribute(&mut self, key: &str, author: &str, value: &str) {
        if self.attribute(key) == Some(value) {
            return;
        }
        self.unset_others(key);
        self.put(attribute_id(key), author, Record::Attribute { key: key.to_owned(), value: value.to_owned() });
    }

    /// Removes what was set for a key; what was found in the text counts again. Returns whether
    /// something was set.
    pub fn unset_attribute(&mut self, key: &str) -> bool {
        let has = self.attribute(key).is_some();
        self.unset_others(key);
        self.remove(attribute_id(key));
        has
    }

    fn unset_others(&mut self, key: &str) {
        let is_other = |record: &Record| matches!(record, Record::Attribute { key: own, .. } if own == key);
        let others: Vec<RecordId> = self.records().iter().filter(|(_, entry)| is_other(&entry.record)).map(|(id, _)| *id).collect();
        for id in others.into_iter().filter(|id| *id != attribute_id(key)) {
            self.remove(id);
        }
    }

    /// The types that were fixed, by key.
    pub fn attribute_types(&self) -> impl Iterator<Item = (&str, AttributeType)> {
        self.records().values().filter_map(|entry| match &entry.record {
            Record::AttributeType { key, values } => Some((key.as_str(), *values)),
            _ => None,
        })
    }

    /// Fixes the type of a key's values.
    pub fn set_attribute_type(&mut self, key: &str, author: &str, values: AttributeType) {
        self.put(type_id(key), author, Record::AttributeType { key: key.to_owned(), values });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribute_type::{is_date, number_of};
    use crate::merge::EntryMap;

    #[test]
    fn keys_types_and_dates_are_checked() {
        for key in ["place", "与会人数", "date of birth"] {
            assert!(is_attribute_key(key));
        }
        for key in ["", " a", "a=b", "a:b", "a\nb", "（一）", &"长".repeat(65)] {
            assert!(!is_attribute_key(key), "{key:?}");
        }
        let of = |values: &[&str]| AttributeType::of_all(values.iter().copied());
        assert_eq!(
            [of(&["1", "2.5", ""]), of(&["2021", "2022-05"]), of(&["2021"]), of(&["如皋"]), of(&[])].map(AttributeType::name),
            ["number", "date", "number", "text", "text"]
        );
        for wrong in ["2020-13", "2020-00", "2021-02-30", "20-1", "2020-", "2020-1", "２０２０"] {
            assert!(!is_date(wrong), "{wrong}");
        }
        assert!(number_of("inf").is_none() && number_of("NaN").is_none() && number_of("1e3") == Some(1000.0));
    }

    #[test]
    fn values_set_by_two_people_become_the_later_one() {
        let base = RecordSet::default();
        let (mut ours, mut theirs) = (base.clone(), base.clone());
        ours.set_attribute("place", "甲", "如皋");
        theirs.set_attribute("place", "乙", "南通");
        theirs.set_attribute("人数", "乙", "230");
        let merged = RecordSet::merge(&base, &ours, &theirs);
        assert_eq!(merged, RecordSet::merge(&base, &theirs, &ours));
        let found: Vec<_> = merged.attributes().collect();
        assert_eq!(found.len(), 2);
        let later =
            if ours.records().values().next().unwrap().modified > theirs.records().values().map(|entry| entry.modified).min().unwrap() {
                "如皋"
            } else {
                "南通"
            };
        assert_eq!(merged.attribute("place"), Some(later));
        let mut again = merged.clone();
        assert!(again.unset_attribute("place") && !again.unset_attribute("place"));
        let mut entries = EntryMap::new();
        again.leave_tombstones(&merged, "甲", &mut entries);
        assert_eq!((again.attribute("place"), entries.len()), (None, 1));
        again.set_attribute("place", "甲", "如东");
        // The clock of whoever deleted it was ahead.
        for entry in entries.values_mut() {
            if let crate::merge::AnnotationEntry::Tombstone(tombstone) = entry {
                tombstone.deleted_version = tombstone.deleted_version.checked_add(jiff::SignedDuration::from_hours(1)).unwrap();
            }
        }
        again.outlive(&entries);
        again.settle(&mut entries);
        assert_eq!((again.attribute("place"), entries.len()), (Some("如东"), 0));
    }
}
