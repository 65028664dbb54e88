//! The codebook with its queries and changes.

use super::{
    error::CodebookError,
    starter,
    tag::{Tag, check_name},
};
use std::collections::{BTreeSet, HashSet};

/// The result of looking up a tag name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagLookup<'a> {
    /// The tag that has the name, or had it formerly.
    Found(&'a Tag),
    /// The tag was deleted.
    Deleted,
    /// The codebook does not know the name.
    Unknown,
}

/// The tags in their hierarchy.
///
/// ```
/// use pizhu_annotation::{Codebook, Tag};
/// use std::collections::BTreeSet;
///
/// let mut book = Codebook::default();
/// book.add(Tag::new("组织工作"))?;
/// book.add(Tag { parent: Some("组织工作".to_owned()), ..Tag::new("干部") })?;
/// assert_eq!(book.tag_path("干部"), "组织工作/干部");
///
/// // Annotations that still have the former name follow the renamed tag.
/// book.rename("干部", "干部队伍")?;
/// let old = BTreeSet::from(["干部".to_owned()]);
/// assert_eq!(book.current_names(&old), BTreeSet::from(["干部队伍".to_owned()]));
/// # Ok::<(), pizhu_annotation::CodebookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codebook {
    pub(super) tags: Vec<Tag>,
    pub(super) deleted: BTreeSet<String>,
}

impl Codebook {
    /// Builds a codebook from tags and deleted names, repaired to satisfy the invariants: duplicate
    /// and bad names are dropped, unknown parents and cycles removed.
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
                TagLookup::Found(tag) => Some(tag.name.clone()),
                TagLookup::Deleted | TagLookup::Unknown => None,
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

    /// The codebook of a new store: the subjects of this genre.
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

    /// The tag of exactly this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.name == name)
    }

    /// Resolves a tag name found in an annotation, including former names.
    #[must_use]
    pub fn resolve(&self, name: &str) -> TagLookup<'_> {
        if let Some(tag) = self.get(name) {
            return TagLookup::Found(tag);
        }
        if let Some(tag) = self.tags.iter().find(|tag| tag.former_names.contains(name)) {
            return TagLookup::Found(tag);
        }
        if self.deleted.contains(name) { TagLookup::Deleted } else { TagLookup::Unknown }
    }

    /// The present names of an annotation's tags: deleted tags are dropped, unknown names kept.
    #[must_use]
    pub fn current_names(&self, tags: &BTreeSet<String>) -> BTreeSet<String> {
        tags.iter()
            .filter_map(|name| match self.resolve(name) {
                TagLookup::Found(tag) => Some(tag.name.clone()),
                TagLookup::Deleted => None,
                TagLookup::Unknown => Some(name.clone()),
            })
            .collect()
    }

    /// The child tags of `parent` (top-level tags for `None`), in order.
    pub fn children<'a>(&'a self, parent: Option<&'a str>) -> impl Iterator<Item = &'a Tag> {
        self.tags.iter().filter(move |tag| tag.parent.as_deref() == parent)
    }

    /// All tags with their depth, in pre-order.
    #[must_use]
    pub fn tree(&self) -> Vec<(usize, &Tag)> {
        let mut rows = Vec::with_capacity(self.tags.len());
        let mut stack: Vec<(usize, &Tag)> = self.children(None).map(|tag| (0, tag)).collect();
        stack.reverse();
        while let Some((depth, tag)) = stack.pop() {
            rows.push((depth, tag));
            let from = stack.len();
            stack.extend(self.children(Some(&tag.name)).map(|child| (depth + 1, child)));
            stack[from..].reverse();
        }
        rows
    }

    /// The ancestors of `name`, nearest first; stops at a cycle.
    fn ancestors<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Tag> {
        let mut seen = HashSet::new();
        std::iter::successors(self.get(name).and_then(|tag| self.get(tag.parent.as_deref()?)), |tag| self.get(tag.parent.as_deref()?))
            .take_while(move |tag| seen.insert(tag.name.as_str()))
    }

    /// Whether `name` is `above` or one of its descendants.
    #[must_use]
    pub fn is_within(&self, name: &str, above: &str) -> bool {
        name == above || self.ancestors(name).any(|tag| tag.name == above)
    }

    /// The names from the top level down to `name`, joined by `/`; for an unknown tag, just the
    /// name.
    #[must_use]
    pub fn tag_path(&self, name: &str) -> String {
        let mut names: Vec<&str> = self.ancestors(name).map(|tag| tag.name.as_str()).collect();
        names.reverse();
        names.push(name);
        names.join("/")
    }

    /// Appends a tag.
    ///
    /// # Errors
    /// Fails if the name is bad or taken, or the parent unknown.
    pub fn add(&mut self, tag: Tag) -> Result<(), CodebookError> {
        let tag = Tag { name: tag.name.trim().to_owned(), ..tag };
        check_name(&tag.name)?;
        if self.get(&tag.name).is_some() {
            return Err(CodebookError::Exists(tag.name));
        }
        if let Some(parent) = &tag.parent {
            self.index_of(parent)?;
        }
        // From now on the name means this tag only.
        for other in &mut self.tags {
            other.former_names.remove(&tag.name);
        }
        self.deleted.remove(&tag.name);
        self.tags.push(tag);
        Ok(())
    }

    /// Adds a tag of this name if the codebook does not know it; returns whether it did.
    pub(crate) fn add_if_unknown(&mut self, name: &str) -> bool {
        self.resolve(name) == TagLookup::Unknown && self.add(Tag::new(name)).is_ok()
    }

    /// Changes a tag's fields other than name, parent and former names.
    ///
    /// # Errors
    /// Fails if there is no such tag.
    pub fn edit_details(&mut self, name: &str, change: impl FnOnce(&mut Tag)) -> Result<(), CodebookError> {
        let index = self.index_of(name)?;
        let mut tag = self.tags[index].clone();
        change(&mut tag);
        let old = &self.tags[index];
        self.tags[index] = Tag { name: old.name.clone(), parent: old.parent.clone(), former_names: old.former_names.clone(), ..tag };
        Ok(())
    }

    /// Renames a tag; annotations follow.
    ///
    /// # Errors
    /// Fails if there is no such tag, or the new name is bad or taken.
    pub fn rename(&mut self, name: &str, new: &str) -> Result<(), CodebookError> {
        let new = new.trim();
        let index = self.index_of(name)?;
        check_name(new)?;
        if name == new {
            return Ok(());
        }
        if self.get(new).is_some() {
            return Err(CodebookError::Exists(new.to_owned()));
        }
        for tag in &mut self.tags {
            tag.former_names.remove(new);
            if tag.parent.as_deref() == Some(name) {
                tag.parent = Some(new.to_owned());
            }
        }
        self.deleted.remove(new);
        let tag = &mut self.tags[index];
        tag.former_names.insert(std::mem::replace(&mut tag.name, new.to_owned()));
        Ok(())
    }

    /// Merges tag `from` into `into`: annotations and children follow, keywords are joined.
    ///
    /// # Errors
    /// Fails if one of them is missing, or `into` is a descendant of `from`.
    pub fn merge(&mut self, from: &str, into: &str) -> Result<(), CodebookError> {
        let index = self.index_of(from)?;
        self.index_of(into)?;
        if self.is_within(into, from) {
            return Err(CodebookError::Cycle { name: from.to_owned(), parent: into.to_owned() });
        }
        let removed = self.tags.remove(index);
        for tag in &mut self.tags {
            if tag.parent.as_deref() == Some(from) {
                tag.parent = Some(into.to_owned());
            }
            if tag.name == into {
                tag.former_names.insert(removed.name.clone());
                tag.former_names.extend(removed.former_names.iter().cloned());
                for word in &removed.keywords {
                    if !tag.keywords.contains(word) {
                        tag.keywords.push(word.clone());
                    }
                }
            }
        }
        Ok(())
    }

    /// Moves a tag below another, or to the top level for `None`.
    ///
    /// # Errors
    /// Fails if one of them is missing, or the parent is a descendant of the tag.
    pub fn move_to(&mut self, name: &str, parent: Option<&str>) -> Result<(), CodebookError> {
        let index = self.index_of(name)?;
        if let Some(parent) = parent {
            self.index_of(parent)?;
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
    /// Fails if there is no such tag.
    pub fn delete(&mut self, name: &str) -> Result<(), CodebookError> {
        let index = self.index_of(name)?;
        let removed = self.tags.remove(index);
        for tag in &mut self.tags {
            if tag.parent.as_deref() == Some(name) {
                tag.parent.clone_from(&removed.parent);
            }
        }
        self.deleted.extend(removed.former_names);
        self.deleted.insert(removed.name);
        Ok(())
    }

    fn index_of(&self, name: &str) -> Result<usize, CodebookError> {
        self.tags.iter().position(|tag| tag.name == name).ok_or_else(|| CodebookError::Missing(name.to_owned()))
    }
}
