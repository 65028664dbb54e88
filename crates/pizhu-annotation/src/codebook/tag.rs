//! A tag, and the rule for its name.

use super::error::CodebookError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A tag (a code, in the terms of qualitative data analysis).
///
/// ```
/// use pizhu_annotation::Tag;
///
/// let tag = Tag { parent: Some("组织工作".to_owned()), ..Tag::new("人才工作") };
/// assert_eq!(tag.name, "人才工作");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Tag {
    /// The name, unique in the codebook.
    pub name: String,
    /// Name of the parent tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The colour: a role of the theme (`tag1` … `tag12`) or `#rrggbb`; empty for the default.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub colour: String,
    /// One or two chars that identify it without colour.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sign: String,
    /// When to use it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub definition: String,
    /// Words that suggest it in a text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// The name in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub english: String,
    /// The user's memo about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memo: String,
    /// Former names, and names of tags merged into it.
    #[serde(rename = "was", default, skip_serializing_if = "BTreeSet::is_empty")]
    pub former_names: BTreeSet<String>,
}

impl Tag {
    /// Creates a tag with only a name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
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
