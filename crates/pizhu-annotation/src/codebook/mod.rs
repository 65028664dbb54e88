//! The codebook: the tags there are, in their hierarchy.
//!
//! Invariants: names are unique, not blank, and hold no `/` and no control character; a parent is
//! a tag of the codebook and never a descendant of its child; tags stand in the user's order, of
//! any depth. A name that was renamed or merged away is remembered, and so is one that was
//! deleted, so that annotations which arrive late (by a sync, by git) still find their tag.

mod merge;
mod starter;

use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};

/// One tag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Tag {
    /// Its name, unique in the codebook.
    pub name: String,
    /// The tag above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Its colour: a role of the theme (`tag1` … `tag12`) or `#rrggbb`; empty for none chosen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub colour: String,
    /// One or two chars that stand for it where there is no colour.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sign: String,
    /// When to use it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub definition: String,
    /// Words that hint at it in a text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Its name in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub english: String,
    /// The user's thoughts about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memo: String,
    /// Names it had, and names of tags merged into it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub was: BTreeSet<String>,
}

impl Tag {
    /// A tag of that name and nothing more.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

/// Why the codebook refuses a change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodebookError {
    /// The name is blank, or holds `/` or a control character.
    #[error("not a tag name: {0:?}")]
    BadName(String),
    /// There is a tag of that name.
    #[error("there is a tag {0} already")]
    Exists(String),
    /// There is no tag of that name.
    #[error("no tag {0}")]
    Missing(String),
    /// The new parent lies below the tag (or is the tag).
    #[error("{parent} lies below {name}")]
    Cycle {
        /// The tag to move.
        name: String,
        /// The parent it cannot have.
        parent: String,
    },
}

/// What became of a tag's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved<'a> {
    /// This tag has it, or had it.
    Tag(&'a Tag),
    /// Its tag was deleted.
    Deleted,
    /// The codebook does not know it.
    Unknown,
}

/// The tags there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codebook {
    tags: Vec<Tag>,
    deleted: BTreeSet<String>,
}

impl Codebook {
    /// The codebook of the given tags and deleted names, mended to keep the invariants: a second
    /// tag of a name, a bad name, an unknown parent and a cycle give way.
    #[must_use]
    pub fn from_parts(tags: Vec<Tag>, deleted: BTreeSet<String>) -> Self {
        let mut seen = HashSet::new();
        let mut book = Self { tags: Vec::with_capacity(tags.len()), deleted };
        for tag in tags {
            let tag = Tag { name: tag.name.trim().to_owned(), ..tag };
            if check_name(&tag.name).is_ok() && seen.insert(tag.name.clone()) {
                book.tags.push(tag);
            }
        }
        book.deleted.retain(|name| !seen.contains(name));
        for index in 0..book.tags.len() {
            let Some(parent) = book.tags[index].parent.clone() else { continue };
            let parent = match book.resolve(&parent) {
                Resolved::Tag(tag) => Some(tag.name.clone()),
                Resolved::Deleted | Resolved::Unknown => None,
            };
            book.tags[index].parent = parent;
        }
        for index in 0..book.tags.len() {
            let name = book.tags[index].name.clone();
            if book.ancestors(&name).any(|tag| tag.name == name) {
                book.tags[index].parent = None;
            }
        }
        book
    }

    /// The codebook a new store begins with: the subjects of this genre.
    #[must_use]
    pub fn starter() -> Self {
        Self::from_parts(starter::tags(), BTreeSet::new())
    }

    /// All tags, in the user's order.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// Names of deleted tags.
    #[must_use]
    pub fn deleted(&self) -> &BTreeSet<String> {
        &self.deleted
    }

    /// The tag of exactly that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.name == name)
    }

    /// What a name found in an annotation means now.
    #[must_use]
    pub fn resolve(&self, name: &str) -> Resolved<'_> {
        if let Some(tag) = self.get(name) {
            return Resolved::Tag(tag);
        }
        if let Some(tag) = self.tags.iter().find(|tag| tag.was.contains(name)) {
            return Resolved::Tag(tag);
        }
        if self.deleted.contains(name) { Resolved::Deleted } else { Resolved::Unknown }
    }

    /// An annotation's tags as they are called now; deleted ones fall away, unknown ones stay.
    #[must_use]
    pub fn current(&self, tags: &BTreeSet<String>) -> BTreeSet<String> {
        tags.iter()
            .filter_map(|name| match self.resolve(name) {
                Resolved::Tag(tag) => Some(tag.name.clone()),
                Resolved::Deleted => None,
                Resolved::Unknown => Some(name.clone()),
            })
            .collect()
    }

    /// The tags directly under `parent`, or the topmost for `None`, in order.
    pub fn children<'a>(&'a self, parent: Option<&'a str>) -> impl Iterator<Item = &'a Tag> {
        self.tags.iter().filter(move |tag| tag.parent.as_deref() == parent)
    }

    /// All tags with their depth, a parent before its children.
    #[must_use]
    pub fn tree(&self) -> Vec<(usize, &Tag)> {
        let mut rows = Vec::with_capacity(self.tags.len());
        let mut open: Vec<(usize, &Tag)> = self.children(None).map(|tag| (0, tag)).collect();
        open.reverse();
        while let Some((depth, tag)) = open.pop() {
            rows.push((depth, tag));
            let from = open.len();
            open.extend(self.children(Some(&tag.name)).map(|child| (depth + 1, child)));
            open[from..].reverse();
        }
        rows
    }

    /// The tags above `name`, from the nearest; ends at the first seen twice.
    fn ancestors<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Tag> {
        let mut seen = HashSet::new();
        std::iter::successors(self.get(name).and_then(|tag| self.get(tag.parent.as_deref()?)), |tag| self.get(tag.parent.as_deref()?))
            .take_while(move |tag| seen.insert(tag.name.as_str()))
    }

    /// Whether `name` is `above` or lies below it.
    #[must_use]
    pub fn is_within(&self, name: &str, above: &str) -> bool {
        name == above || self.ancestors(name).any(|tag| tag.name == above)
    }

    /// The names from the top down to `name`, joined by `/`; just the name for an unknown tag.
    #[must_use]
    pub fn tag_path(&self, name: &str) -> String {
        let mut names: Vec<&str> = self.ancestors(name).map(|tag| tag.name.as_str()).collect();
        names.reverse();
        names.push(name);
        names.join("/")
    }

    /// Adds a tag at the end.
    ///
    /// # Errors
    /// When the name is bad or taken, or the parent unknown.
    pub fn add(&mut self, tag: Tag) -> Result<(), CodebookError> {
        let tag = Tag { name: tag.name.trim().to_owned(), ..tag };
        check_name(&tag.name)?;
        if self.get(&tag.name).is_some() {
            return Err(CodebookError::Exists(tag.name));
        }
        if let Some(parent) = &tag.parent {
            self.find(parent)?;
        }
        // The name is its own again.
        for other in &mut self.tags {
            other.was.remove(&tag.name);
        }
        self.deleted.remove(&tag.name);
        self.tags.push(tag);
        Ok(())
    }

    /// Adds a tag of that name where the codebook does not know it; whether it did.
    pub(super) fn add_unknown(&mut self, name: &str) -> bool {
        self.resolve(name) == Resolved::Unknown && self.add(Tag::new(name)).is_ok()
    }

    /// Changes everything about a tag but its name, parent and former names.
    ///
    /// # Errors
    /// When there is no such tag.
    pub fn describe(&mut self, name: &str, change: impl FnOnce(&mut Tag)) -> Result<(), CodebookError> {
        let index = self.find(name)?;
        let mut tag = self.tags[index].clone();
        change(&mut tag);
        let old = &self.tags[index];
        self.tags[index] = Tag { name: old.name.clone(), parent: old.parent.clone(), was: old.was.clone(), ..tag };
        Ok(())
    }

    /// Gives a tag another name; annotations follow.
    ///
    /// # Errors
    /// When there is no such tag, or the new name is bad or taken.
    pub fn rename(&mut self, name: &str, new: &str) -> Result<(), CodebookError> {
        let new = new.trim();
        let index = self.find(name)?;
        check_name(new)?;
        if name == new {
            return Ok(());
        }
        if self.get(new).is_some() {
            return Err(CodebookError::Exists(new.to_owned()));
        }
        for tag in &mut self.tags {
            tag.was.remove(new);
            if tag.parent.as_deref() == Some(name) {
                tag.parent = Some(new.to_owned());
            }
        }
        self.deleted.remove(new);
        let tag = &mut self.tags[index];
        tag.was.insert(std::mem::replace(&mut tag.name, new.to_owned()));
        Ok(())
    }

    /// Merges tag `from` into `into`: annotations and children follow, keywords are joined.
    ///
    /// # Errors
    /// When one of them is missing, or `into` lies below `from`.
    pub fn merge(&mut self, from: &str, into: &str) -> Result<(), CodebookError> {
        let index = self.find(from)?;
        self.find(into)?;
        if self.is_within(into, from) {
            return Err(CodebookError::Cycle { name: from.to_owned(), parent: into.to_owned() });
        }
        let gone = self.tags.remove(index);
        for tag in &mut self.tags {
            if tag.parent.as_deref() == Some(from) {
                tag.parent = Some(into.to_owned());
            }
            if tag.name == into {
                tag.was.insert(gone.name.clone());
                tag.was.extend(gone.was.iter().cloned());
                for word in &gone.keywords {
                    if !tag.keywords.contains(word) {
                        tag.keywords.push(word.clone());
                    }
                }
            }
        }
        Ok(())
    }

    /// Puts a tag under another, or at the top for `None`.
    ///
    /// # Errors
    /// When one of them is missing, or the parent lies below the tag.
    pub fn move_to(&mut self, name: &str, parent: Option<&str>) -> Result<(), CodebookError> {
        let index = self.find(name)?;
        if let Some(parent) = parent {
            self.find(parent)?;
            if self.is_within(parent, name) {
                return Err(CodebookError::Cycle { name: name.to_owned(), parent: parent.to_owned() });
            }
        }
        self.tags[index].parent = parent.map(str::to_owned);
        Ok(())
    }

    /// Deletes a tag: annotations lose it, its children move up to its parent.
    ///
    /// # Errors
    /// When there is no such tag.
    pub fn delete(&mut self, name: &str) -> Result<(), CodebookError> {
        let index = self.find(name)?;
        let gone = self.tags.remove(index);
        for tag in &mut self.tags {
            if tag.parent.as_deref() == Some(name) {
                tag.parent.clone_from(&gone.parent);
            }
        }
        self.deleted.extend(gone.was);
        self.deleted.insert(gone.name);
        Ok(())
    }

    fn find(&self, name: &str) -> Result<usize, CodebookError> {
        self.tags.iter().position(|tag| tag.name == name).ok_or_else(|| CodebookError::Missing(name.to_owned()))
    }
}

/// Whether `name` can be a tag's.
///
/// # Errors
/// When it is blank, has white space around it, or holds `/` or a control character.
pub fn check_name(name: &str) -> Result<(), CodebookError> {
    if name.is_empty() || name.trim() != name || name.contains('/') || name.chars().any(char::is_control) {
        return Err(CodebookError::BadName(name.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
