//! The codebook with its queries and changes.

use super::{
    error::CodebookError,
    name_index::NameIndex,
    starter,
    tag::{Tag, check_name},
};
use std::collections::{BTreeSet, HashMap};

/// Maximum levels of the hierarchy that a change may make. A deeper codebook is read as it is.
pub const MAX_TAG_LEVELS: usize = 64;

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
    tags: Vec<Tag>,
    deleted: BTreeSet<String>,
    /// Positions of the tags by their names; rebuilt after any change but an addition.
    names: NameIndex,
}

impl Codebook {
    /// Builds a codebook from tags and deleted names, repaired to satisfy the invariants: duplicate
    /// and bad names are dropped, unknown parents and cycles removed.
    #[must_use]
    pub fn from_parts(tags: Vec<Tag>, deleted: BTreeSet<String>) -> Self {
        let mut positions: HashMap<String, usize> = HashMap::with_capacity(tags.len());
        let mut book = Self { tags: Vec::with_capacity(tags.len()), deleted, names: NameIndex::default() };
        for tag in tags {
            let tag = Tag { name: tag.name.trim().to_owned(), ..tag };
            if check_name(&tag.name).is_ok() && !positions.contains_key(&tag.name) {
                positions.insert(tag.name.clone(), book.tags.len());
                book.tags.push(tag);
            }
        }
        book.deleted.retain(|name| !positions.contains_key(name));
        // Parents as positions: neither names nor former names change from here on.
        let parents: Vec<Option<usize>> = book.tags.iter().map(|tag| book.position_of(tag.parent.as_deref()?)).collect();
        let parents = without_cycles(parents);
        let names: Vec<Option<String>> = parents.iter().map(|parent| parent.map(|index| book.tags[index].name.clone())).collect();
        for (tag, parent) in book.tags.iter_mut().zip(names) {
            tag.parent = parent;
        }
        book
    }

    /// Position of the tag that has the name, or had it formerly.
    fn position_of(&self, name: &str) -> Option<usize> {
        self.names.position(&self.tags, name).or_else(|| self.names.former_position(&self.tags, name))
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

    /// Adds names of deleted tags.
    pub(super) fn add_deleted(&mut self, names: impl IntoIterator<Item = String>) {
        self.deleted.extend(names);
    }

    /// The tag of exactly this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tag> {
        self.names.position(&self.tags, name).map(|index| &self.tags[index])
    }

    /// Position of the tag of exactly this name in [`Self::tags`].
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.position(&self.tags, name)
    }

    /// Resolves a tag name found in an annotation, including former names.
    #[must_use]
    pub fn resolve(&self, name: &str) -> TagLookup<'_> {
        if let Some(index) = self.position_of(name) {
            return TagLookup::Found(&self.tags[index]);
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
        let mut children: HashMap<Option<&str>, Vec<&Tag>> = HashMap::new();
        for tag in self.tags.iter().rev() {
            children.entry(tag.parent.as_deref()).or_default().push(tag);
        }
        let mut rows = Vec::with_capacity(self.tags.len());
        let mut stack: Vec<(usize, &Tag)> = children.remove(&None).unwrap_or_default().into_iter().map(|tag| (0, tag)).collect();
        while let Some((depth, tag)) = stack.pop() {
            rows.push((depth, tag));
            stack.extend(children.remove(&Some(tag.name.as_str())).unwrap_or_default().into_iter().map(|child| (depth + 1, child)));
        }
        rows
    }

    /// The ancestors of `name`, nearest first.
    fn ancestors<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Tag> {
        let parent = |tag: &Tag| self.get(tag.parent.as_deref()?);
        // There are no cycles: a chain is no longer than the codebook.
        std::iter::successors(self.get(name).and_then(parent), move |tag| parent(tag)).take(self.tags.len())
    }

    /// Levels of the tags below `name`: 0 if it has no children.
    fn levels_below(&self, name: &str) -> usize {
        let rows = self.tree();
        let Some(at) = rows.iter().position(|(_, tag)| tag.name == name) else { return 0 };
        let depth = rows[at].0;
        rows[at + 1..].iter().map_while(|(below, _)| below.checked_sub(depth).filter(|levels| *levels > 0)).max().unwrap_or(0)
    }

    /// Checks that tag `name`, with `below` levels under it, may be a child of `parent`.
    fn check_levels(&self, name: &str, below: usize, parent: &str) -> Result<(), CodebookError> {
        // The tag itself, its parent, and what is above and below them.
        if 2 + below + self.ancestors(parent).take(MAX_TAG_LEVELS).count() > MAX_TAG_LEVELS {
            return Err(CodebookError::TooDeep(name.to_owned()));
        }
        Ok(())
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
    /// Fails if the name is bad or taken, the parent unknown, or the hierarchy becomes deeper than
    /// [`MAX_TAG_LEVELS`].
    pub fn add(&mut self, tag: Tag) -> Result<(), CodebookError> {
        let tag = Tag { name: tag.name.trim().to_owned(), ..tag };
        check_name(&tag.name)?;
        if self.get(&tag.name).is_some() {
            return Err(CodebookError::Exists(tag.name));
        }
        if let Some(parent) = &tag.parent {
            self.index_of(parent)?;
            self.check_levels(&tag.name, 0, parent)?;
        }
        // From now on the name means this tag only.
        if self.names.former_position(&self.tags, &tag.name).is_some() {
            for other in &mut self.tags {
                other.former_names.remove(&tag.name);
            }
            self.names.clear();
        }
        self.deleted.remove(&tag.name);
        self.names.push(&self.tags, &tag);
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
        self.names.clear();
        Ok(())
    }

    /// Merges tag `from` into `into`: annotations and children follow, keywords are joined.
    ///
    /// # Errors
    /// Fails if one of them is missing, `into` is a descendant of `from`, or the hierarchy becomes
    /// deeper than [`MAX_TAG_LEVELS`].
    pub fn merge(&mut self, from: &str, into: &str) -> Result<(), CodebookError> {
        let index = self.index_of(from)?;
        self.index_of(into)?;
        if self.is_within(into, from) {
            return Err(CodebookError::Cycle { name: from.to_owned(), parent: into.to_owned() });
        }
        if let Some(below) = self.levels_below(from).checked_sub(1) {
            self.check_levels(from, below, into)?;
        }
        let removed = self.tags.remove(index);
        self.names.clear();
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
    /// Fails if one of them is missing, the parent is a descendant of the tag, or the hierarchy
    /// becomes deeper than [`MAX_TAG_LEVELS`].
    pub fn move_to(&mut self, name: &str, parent: Option<&str>) -> Result<(), CodebookError> {
        let index = self.index_of(name)?;
        if let Some(parent) = parent {
            self.index_of(parent)?;
            if self.is_within(parent, name) {
                return Err(CodebookError::Cycle { name: name.to_owned(), parent: parent.to_owned() });
            }
            self.check_levels(name, self.levels_below(name), parent)?;
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
        self.names.clear();
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
        self.position(name).ok_or_else(|| CodebookError::Missing(name.to_owned()))
    }
}

/// Removes the parent of one tag of each cycle, the first in order; tags are given by position.
/// Looks at each tag once.
fn without_cycles(mut parents: Vec<Option<usize>>) -> Vec<Option<usize>> {
    // The walk in which a tag was first reached.
    let mut reached: Vec<Option<usize>> = vec![None; parents.len()];
    for walk in 0..parents.len() {
        let mut at = Some(walk);
        while let Some(tag) = at.filter(|tag| reached[*tag].is_none()) {
            reached[tag] = Some(walk);
            at = parents[tag];
        }
        // A walk that ends in itself has gone around a cycle.
        let Some(entry) = at.filter(|tag| reached[*tag] == Some(walk)) else { continue };
        let around = std::iter::successors(parents[entry], |tag| parents[*tag].filter(|_| *tag != entry));
        if let Some(first) = around.min() {
            parents[first] = None;
        }
    }
    parents
}
