//! A reference to a tag: its id, with the name for people.

use super::tag_id::TagId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap as _};
use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
};

/// A reference to a tag. Two references are equal if their ids are: the name is a hint.
///
/// ```
/// use pizhu_annotation::{TagId, TagRef};
///
/// let before = TagRef::derived("作风");
/// let after = TagRef { name: "作风建设".to_owned(), ..before.clone() };
/// assert_eq!(before, after);
/// assert_ne!(before, TagRef::new("作风"), "a new tag");
/// ```
#[derive(Debug, Clone)]
pub struct TagRef {
    /// The id.
    pub id: TagId,
    /// The name when it was last looked up.
    pub name: String,
}

impl TagRef {
    /// A reference to a tag that does not exist yet, with a new id.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { id: TagId::new(), name: name.to_owned() }
    }

    /// A reference with the id derived from the name, as tags have that were known by name only.
    #[must_use]
    pub fn derived(name: &str) -> Self {
        Self { id: TagId::from_name(name), name: name.to_owned() }
    }
}

impl PartialEq for TagRef {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for TagRef {}

impl Hash for TagRef {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl PartialOrd for TagRef {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for TagRef {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

/// As a map of one entry: `{"7k2m9q4x0c":"人才工作"}`.
impl Serialize for TagRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(&self.id, &self.name)?;
        map.end()
    }
}

/// Also from a name alone, as version 1 has it: `Some("人才工作")` or `"人才工作"`.
impl<'de> Deserialize<'de> for TagRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RefVisitor;
        impl<'de> de::Visitor<'de> for RefVisitor {
            type Value = TagRef;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a tag: its id and its name")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<TagRef, E> {
                Ok(TagRef::derived(name))
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<TagRef, D::Error> {
                deserializer.deserialize_any(Self)
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<TagRef, A::Error> {
                let Some((id, name)) = map.next_entry()? else { return Err(de::Error::custom("no tag")) };
                if map.next_key::<TagId>()?.is_some() {
                    return Err(de::Error::custom("more than one tag"));
                }
                Ok(TagRef { id, name })
            }
        }
        deserializer.deserialize_any(RefVisitor)
    }
}
