//! The tags of an annotation: the ids that its line in the file has, and the tags they mean now.
//!
//! A tag may be merged into another, or deleted, while annotations far away still have its id. The
//! codebook tells what is shown instead; the ids stay as they are, so that a merge or a deletion can
//! be undone at any time.

use crate::codebook::{TagId, TagRef};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap as _};
use std::{
    collections::{BTreeMap, BTreeSet, btree_set},
    fmt,
};

/// The tags of an annotation, sorted by id.
///
/// ```
/// use pizhu_annotation::{TagRef, TagSet};
///
/// let tags: TagSet = [TagRef::derived("人才"), TagRef::derived("作风")].into_iter().collect();
/// assert_eq!(tags.names(), ["人才", "作风"]);
/// assert!(tags.contains(TagRef::derived("人才").id));
/// ```
#[derive(Clone, Default)]
pub struct TagSet {
    /// What the file says: the ids with the names beside them, and the tag that is shown for each,
    /// `None` for a deleted one.
    stored: BTreeMap<TagId, StoredTag>,
    /// The tags shown.
    shown: BTreeSet<TagRef>,
}

#[derive(Debug, Clone)]
struct StoredTag {
    name: String,
    shown_as: Option<TagId>,
}

/// What is shown for an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ShownTag {
    /// Another tag, or the same under its present name.
    As(TagRef),
    /// The tag as it is stored.
    AsStored,
    /// Nothing: the tag was deleted.
    Hidden,
}

impl TagSet {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Whether the file has none, not even deleted ones.
    pub(crate) fn is_nothing_stored(&self) -> bool {
        self.stored.is_empty()
    }

    /// Whether both show the same tags under the same names.
    pub(crate) fn looks_like(&self, other: &Self) -> bool {
        self.shown.iter().map(|tag| (tag.id, &tag.name)).eq(other.shown.iter().map(|tag| (tag.id, &tag.name)))
    }

    /// The number of tags.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// Whether the tag is one of them.
    #[must_use]
    pub fn contains(&self, id: TagId) -> bool {
        self.shown.contains(&TagRef { id, name: String::new() })
    }

    /// The tags, by id.
    pub fn iter(&self) -> btree_set::Iter<'_, TagRef> {
        self.shown.iter()
    }

    /// The names, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.by_name().into_iter().map(|tag| tag.name.as_str()).collect()
    }

    /// The tags, sorted by name.
    #[must_use]
    pub fn by_name(&self) -> Vec<&TagRef> {
        let mut tags: Vec<&TagRef> = self.shown.iter().collect();
        tags.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        tags
    }

    /// Adds a tag; returns whether it was not there.
    pub fn insert(&mut self, tag: TagRef) -> bool {
        if self.shown.contains(&tag) {
            return false;
        }
        self.stored.insert(tag.id, StoredTag { name: tag.name.clone(), shown_as: Some(tag.id) });
        self.shown.insert(tag)
    }

    /// Removes a tag with all ids that stand for it; returns whether it was there.
    pub fn remove(&mut self, id: TagId) -> bool {
        self.stored.retain(|_, stored| stored.shown_as != Some(id));
        self.shown.remove(&TagRef { id, name: String::new() })
    }

    /// Keeps only the tags that satisfy `keep`.
    pub fn retain(&mut self, keep: impl Fn(&TagRef) -> bool) {
        let removed: Vec<TagId> = self.shown.iter().filter(|tag| !keep(tag)).map(|tag| tag.id).collect();
        for id in removed {
            self.remove(id);
        }
    }

    /// What the file says: ids with names, deleted and merged tags among them.
    pub(crate) fn stored(&self) -> impl Iterator<Item = TagRef> + '_ {
        self.stored.iter().map(|(id, stored)| TagRef { id: *id, name: stored.name.clone() })
    }

    /// The same ids, shown as `show` says.
    pub(crate) fn shown_as(&self, show: impl Fn(TagId, &str) -> ShownTag) -> Self {
        let mut tags = Self::default();
        for (id, stored) in &self.stored {
            let shown = match show(*id, &stored.name) {
                ShownTag::As(tag) => Some(tag),
                ShownTag::AsStored => Some(TagRef { id: *id, name: stored.name.clone() }),
                ShownTag::Hidden => None,
            };
            // The name in the file stays: a line is not rewritten for it.
            tags.stored.insert(*id, StoredTag { name: stored.name.clone(), shown_as: shown.as_ref().map(|tag| tag.id) });
            tags.shown.extend(shown);
        }
        tags
    }

    /// These tags, stored under the names that they are shown under: for a line that is written anyway.
    pub(crate) fn with_present_names(mut self) -> Self {
        for stored in self.stored.values_mut() {
            let shown = stored.shown_as.and_then(|id| self.shown.get(&TagRef { id, name: String::new() }));
            if let Some(shown) = shown {
                stored.name.clone_from(&shown.name);
            }
        }
        self
    }

    /// These tags, each stored with the greater of the names that two sides have: which side is ours
    /// must not matter.
    pub(crate) fn with_names_of(mut self, ours: &Self, theirs: &Self) -> Self {
        for (id, stored) in &mut self.stored {
            if let (Some(own), Some(other)) = (ours.stored.get(id), theirs.stored.get(id)) {
                stored.name.clone_from((&own.name).max(&other.name));
            }
        }
        self
    }

    /// Merges the ids of two sides as sets against the base.
    pub(crate) fn merge(base: &Self, ours: &Self, theirs: &Self) -> Self {
        let mut merged = Self::default();
        let ids: BTreeSet<TagId> = ours.stored.keys().chain(theirs.stored.keys()).copied().collect();
        for id in ids {
            let stored = match (ours.stored.get(&id), theirs.stored.get(&id)) {
                (Some(own), Some(_)) => own,
                (Some(one), None) | (None, Some(one)) if !base.stored.contains_key(&id) => one,
                _ => continue,
            };
            merged.stored.insert(id, stored.clone());
            if let Some(shown) = stored.shown_as {
                let found = [ours, theirs].into_iter().find_map(|side| side.shown.get(&TagRef { id: shown, name: String::new() }));
                merged.shown.insert(found.cloned().unwrap_or_else(|| TagRef { id: shown, name: stored.name.clone() }));
            }
        }
        merged
    }

    /// These tags without what was added between `before` and `after`, and with what was removed.
    pub(crate) fn reverted(&self, before: &Self, after: &Self) -> Self {
        let mut tags = self.clone();
        let added: Vec<TagId> = after.stored.keys().filter(|id| !before.stored.contains_key(id)).copied().collect();
        for id in added {
            tags.stored.remove(&id);
        }
        for (id, stored) in before.stored.iter().filter(|(id, _)| !after.stored.contains_key(id)) {
            tags.stored.entry(*id).or_insert_with(|| stored.clone());
        }
        let shown: BTreeSet<TagId> = tags.stored.values().filter_map(|stored| stored.shown_as).collect();
        let named = |id: TagId| {
            let known = [self, before, after].into_iter().find_map(|set| set.shown.get(&TagRef { id, name: String::new() }));
            known
                .cloned()
                .unwrap_or_else(|| TagRef { id, name: tags.stored.get(&id).map(|stored| stored.name.clone()).unwrap_or_default() })
        };
        tags.shown = shown.into_iter().map(named).collect();
        tags
    }
}

/// The same ids in the file.
impl PartialEq for TagSet {
    fn eq(&self, other: &Self) -> bool {
        self.stored.len() == other.stored.len() && self.stored.keys().eq(other.stored.keys())
    }
}

impl Eq for TagSet {}

impl std::hash::Hash for TagSet {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.stored.len().hash(state);
        self.stored.keys().for_each(|id| id.hash(state));
    }
}

impl fmt::Debug for TagSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.stored.iter().map(|(id, stored)| (id, &stored.name))).finish()
    }
}

impl FromIterator<TagRef> for TagSet {
    fn from_iter<I: IntoIterator<Item = TagRef>>(tags: I) -> Self {
        let mut set = Self::default();
        set.extend(tags);
        set
    }
}

impl<const N: usize> From<[TagRef; N]> for TagSet {
    fn from(tags: [TagRef; N]) -> Self {
        tags.into_iter().collect()
    }
}

impl Extend<TagRef> for TagSet {
    fn extend<I: IntoIterator<Item = TagRef>>(&mut self, tags: I) {
        for tag in tags {
            self.insert(tag);
        }
    }
}

impl<'a> IntoIterator for &'a TagSet {
    type Item = &'a TagRef;
    type IntoIter = btree_set::Iter<'a, TagRef>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// As a map from ids to names.
impl Serialize for TagSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.stored.len()))?;
        for (id, stored) in &self.stored {
            map.serialize_entry(id, &stored.name)?;
        }
        map.end()
    }
}

/// From a map, or from the list of names that version 1 has: their ids are derived from the names.
impl<'de> Deserialize<'de> for TagSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SetVisitor;
        impl<'de> de::Visitor<'de> for SetVisitor {
            type Value = TagSet;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("tags: ids with names, or names")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<TagSet, A::Error> {
                let mut tags = TagSet::default();
                while let Some((id, name)) = map.next_entry()? {
                    tags.insert(TagRef { id, name });
                }
                Ok(tags)
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut names: A) -> Result<TagSet, A::Error> {
                let mut tags = TagSet::default();
                while let Some(name) = names.next_element::<String>()? {
                    tags.insert(TagRef::derived(&name));
                }
                Ok(tags)
            }
        }
        deserializer.deserialize_any(SetVisitor)
    }
}
