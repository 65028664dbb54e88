//! A tag, the record of one that is gone, and the rule for names.

use super::{error::CodebookError, tag_id::TagId, tag_ref::TagRef};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeSet;

/// The keys that can choose a tag.
pub const TAG_KEYS: &str = "123456789abcdefghijklmnopqrstuvwxyz";

/// A tag (a code, in the terms of qualitative data analysis).
///
/// ```
/// use pizhu_annotation::{Tag, TagRef};
///
/// let above = Tag::new("组织工作");
/// let tag = Tag { parent: Some(TagRef::from(&above)), ..Tag::new("人才工作") };
/// assert_eq!(tag.name, "人才工作");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Tag {
    /// The id, by which annotations and other tags know it.
    pub id: TagId,
    /// The name, unique among the tags of one parent.
    pub name: String,
    /// The parent tag.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "serialize_reference")]
    pub parent: Option<TagRef>,
    /// The colour: a role of the theme (`tag1` … `tag12`) or `#rrggbb`; empty for the default.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub colour: String,
    /// One or two chars that identify it without colour.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sign: String,
    /// When to use it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub definition: String,
    /// Words that suggest it in a text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// The name in English.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub english: String,
    /// The user's memo about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub memo: String,
    /// The key that chooses it in the list of tags, given by the user: one of [`TAG_KEYS`]; empty for
    /// none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// Names that it had before.
    #[serde(rename = "was", skip_serializing_if = "BTreeSet::is_empty")]
    pub former_names: BTreeSet<String>,
    /// Tags of the same parent and name that the user keeps apart from it.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub apart: BTreeSet<TagId>,
    /// How often it was brought back after it was deleted or merged. The greater number is the later
    /// state, wherever two copies of a codebook meet.
    #[serde(skip_serializing_if = "is_zero")]
    pub restored: u32,
}

/// A tag as it is read: one of version 1 has no id, and its parent is a name.
#[derive(Deserialize)]
#[serde(rename = "Tag")]
struct ReadTag {
    #[serde(default, deserialize_with = "deserialize_id")]
    id: Option<TagId>,
    name: String,
    #[serde(default, deserialize_with = "deserialize_reference")]
    parent: Option<TagRef>,
    #[serde(default)]
    colour: String,
    #[serde(default)]
    sign: String,
    #[serde(default)]
    definition: String,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    english: String,
    #[serde(default)]
    memo: String,
    #[serde(default)]
    key: String,
    #[serde(rename = "was", default)]
    former_names: BTreeSet<String>,
    #[serde(default)]
    apart: BTreeSet<TagId>,
    #[serde(default)]
    restored: u32,
}

/// A tag as it is read from a file.
pub(crate) struct TagLine {
    /// The tag.
    pub(crate) tag: Tag,
    /// Whether the id is written there, and not derived from the name.
    pub(crate) has_id: bool,
}

impl<'de> Deserialize<'de> for TagLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = ReadTag::deserialize(deserializer)?;
        let tag = Tag {
            id: read.id.unwrap_or_else(|| TagId::from_name(read.name.trim())),
            name: read.name,
            parent: read.parent,
            colour: read.colour,
            sign: read.sign,
            definition: read.definition,
            keywords: read.keywords,
            english: read.english,
            memo: read.memo,
            key: read.key,
            former_names: read.former_names,
            apart: read.apart,
            restored: read.restored,
        };
        Ok(Self { tag, has_id: read.id.is_some() })
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        TagLine::deserialize(deserializer).map(|line| line.tag)
    }
}

impl Tag {
    /// Creates a tag with only a name, and a new id.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self::with_id(TagId::new(), name)
    }

    /// Creates a tag with only an id and a name.
    #[must_use]
    pub fn with_id(id: TagId, name: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            parent: None,
            colour: String::new(),
            sign: String::new(),
            definition: String::new(),
            keywords: Vec::new(),
            english: String::new(),
            memo: String::new(),
            key: String::new(),
            former_names: BTreeSet::new(),
            apart: BTreeSet::new(),
            restored: 0,
        }
    }

    /// The key that chooses it; `None` if it has none, or the file gives it something else.
    #[must_use]
    pub fn key(&self) -> Option<char> {
        let mut chars = self.key.chars();
        chars.next().filter(|key| chars.next().is_none() && TAG_KEYS.contains(*key))
    }

    /// The id of the parent.
    #[must_use]
    pub fn parent_id(&self) -> Option<TagId> {
        self.parent.as_ref().map(|parent| parent.id)
    }
}

impl From<&Tag> for TagRef {
    fn from(tag: &Tag) -> Self {
        Self { id: tag.id, name: tag.name.clone() }
    }
}

/// The record of a tag that was deleted, or merged into another: what it was, so that it can be
/// brought back. Its id is never used for another tag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TagTombstone {
    /// The tag when it went.
    #[serde(rename = "deleted")]
    pub tag: Tag,
    /// The tag that has its annotations now; `None` if it was deleted.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "serialize_reference",
        deserialize_with = "deserialize_reference"
    )]
    pub into: Option<TagRef>,
}

#[expect(clippy::ref_option, reason = "serde passes the field so")]
fn serialize_reference<S: serde::Serializer>(reference: &Option<TagRef>, serializer: S) -> Result<S::Ok, S::Error> {
    match reference {
        Some(reference) => reference.serialize(serializer),
        None => serializer.serialize_none(),
    }
}

/// An id without the `Some(…)` that RON writes around an optional value.
fn deserialize_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TagId>, D::Error> {
    TagId::deserialize(deserializer).map(Some)
}

/// A reference without the `Some(…)` that RON writes around an optional value, or with it.
fn deserialize_reference<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TagRef>, D::Error> {
    TagRef::deserialize(deserializer).map(Some)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Checks that `name` can be a tag name.
///
/// # Errors
/// Fails if it is blank, has surrounding white space, or contains `/` or a control character.
pub fn check_name(name: &str) -> Result<(), CodebookError> {
    if name.is_empty() || name.trim() != name || name.contains('/') || name.chars().any(char::is_control) {
        return Err(CodebookError::BadName(name.to_owned()));
    }
    Ok(())
}
