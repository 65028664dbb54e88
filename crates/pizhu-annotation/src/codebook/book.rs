//! The codebook with its queries.

use super::{
    error::CodebookError,
    tag::{Tag, TagTombstone, check_name},
    tag_id::TagId,
    tag_index::TagIndex,
    tag_ref::TagRef,
};
use std::collections::{BTreeMap, HashMap};

/// Maximum levels of the hierarchy that a change may make. A deeper codebook is read as it is.
pub const MAX_TAG_LEVELS: usize = 64;

/// The result of looking up the id of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagLookup<'a> {
    /// The tag that has the id, or that the tag of the id was merged into.
    Found(&'a Tag),
    /// The tag was deleted.
    Deleted,
    /// The codebook does not know the id.
    Unknown,
}

/// Two tags of one parent and name, made independently, that have become one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnitedTags {
    /// The tag that is left.
    pub tag: TagRef,
    /// The tag that was merged into it.
    pub other: TagRef,
}

/// The tags in their hierarchy.
///
/// ```
/// use pizhu_annotation::{Codebook, Tag, TagRef};
///
/// let mut book = Codebook::default();
/// let above = book.add(Tag::new("组织工作"))?;
/// let below = book.add_below(Some(above), Tag::new("干部"))?;
/// assert_eq!(book.path(below).unwrap(), "组织工作/干部");
/// assert_eq!(book.find("组织工作/干部")?.id, below);
///
/// // Annotations know the tag by its id, and follow it.
/// book.rename(below, "干部队伍")?;
/// assert_eq!(book.get(below).unwrap().name, "干部队伍");
/// // The name may be used again, for another tag.
/// let other = book.add_below(Some(above), Tag::new("干部"))?;
/// assert_ne!(other, below);
/// # Ok::<(), pizhu_annotation::CodebookError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Codebook {
    pub(super) tags: Vec<Tag>,
    /// Records of deleted and merged tags.
    pub(super) gone: BTreeMap<TagId, TagTombstone>,
    /// Positions of the tags; rebuilt after any change but an addition.
    pub(super) index: TagIndex,
    pub(super) united: UnitedLog,
}

/// The tags united since the codebook was read. Not part of its value: all are equal.
#[derive(Debug, Clone, Default)]
pub(super) struct UnitedLog(pub(super) Vec<UnitedTags>);

impl PartialEq for UnitedLog {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for UnitedLog {}

impl Codebook {
    /// The codebook of a new store: the subjects of this genre.
    #[must_use]
    pub fn starter() -> Self {
        Self::from_parts(super::starter::tags(), Vec::new())
    }

    /// All tags, in the user's order.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// The records of deleted and merged tags, by id.
    pub fn tombstones(&self) -> impl Iterator<Item = &TagTombstone> {
        self.gone.values()
    }

    /// The record of a deleted or merged tag.
    #[must_use]
    pub fn tombstone(&self, id: TagId) -> Option<&TagTombstone> {
        self.gone.get(&id)
    }

    /// The tags that have become one since the codebook was read or merged.
    #[must_use]
    pub fn united(&self) -> &[UnitedTags] {
        &self.united.0
    }

    /// The tag of exactly this id.
    #[must_use]
    pub fn get(&self, id: TagId) -> Option<&Tag> {
        self.position(id).map(|index| &self.tags[index])
    }

    /// Position of the tag of exactly this id in [`Self::tags`].
    #[must_use]
    pub fn position(&self, id: TagId) -> Option<usize> {
        self.index.position(&self.tags, id)
    }

    /// Resolves the id found in an annotation, through the tags it was merged into.
    #[must_use]
    pub fn resolve(&self, id: TagId) -> TagLookup<'_> {
        if let Some(tag) = self.get(id) {
            return TagLookup::Found(tag);
        }
        let Some(mut record) = self.gone.get(&id) else { return TagLookup::Unknown };
        // There are no circles: a chain is no longer than the list of records.
        for _ in 0..=self.gone.len() {
            let Some(into) = &record.into else { return TagLookup::Deleted };
            if let Some(tag) = self.get(into.id) {
                return TagLookup::Found(tag);
            }
            match self.gone.get(&into.id) {
                Some(next) => record = next,
                None => return TagLookup::Deleted,
            }
        }
        TagLookup::Deleted
    }

    /// The tags of this name, in order.
    pub fn named<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Tag> + use<'a> {
        self.index.named(&self.tags, name).iter().map(|index| &self.tags[*index])
    }

    /// The tag that a user's words name: its name, the end of its path (`父/子`), or its path from the
    /// top (`/子`); `名#2` is the second of several of one name and parent.
    ///
    /// # Errors
    /// Fails if there is none, or several.
    pub fn find(&self, words: &str) -> Result<&Tag, CodebookError> {
        let found = self.matches(words);
        match found.as_slice() {
            [] => Err(CodebookError::Missing(words.to_owned())),
            [tag] => Ok(tag),
            several => {
                let paths = several.iter().map(|tag| self.label(tag.id)).collect();
                Err(CodebookError::Ambiguous { name: words.to_owned(), paths })
            }
        }
    }

    /// The id that a user's words stand for in a filter. A name that the codebook lacks stands for the
    /// tag of old annotations that have it.
    ///
    /// # Errors
    /// Fails if the words fit several tags.
    pub fn wanted(&self, words: &str) -> Result<TagId, CodebookError> {
        match self.find(words) {
            Ok(tag) => Ok(tag.id),
            Err(CodebookError::Missing(_)) => Ok(TagId::from_name(words.trim())),
            Err(error) => Err(error),
        }
    }

    /// The ids that a user's words may stand for; see [`Self::wanted`].
    #[must_use]
    pub fn all_wanted(&self, words: &str) -> Vec<TagId> {
        let found: Vec<TagId> = self.matches(words).into_iter().map(|tag| tag.id).collect();
        if found.is_empty() { vec![TagId::from_name(words.trim())] } else { found }
    }

    /// The tag of exactly this name below `parent`; the first of several.
    #[must_use]
    pub fn child_named(&self, parent: Option<TagId>, name: &str) -> Option<&Tag> {
        self.named(name).find(|tag| tag.parent_id() == parent)
    }

    /// The tags that a user's words fit.
    fn matches(&self, words: &str) -> Vec<&Tag> {
        let words = words.trim();
        // A name that looks like `名#2` counts first.
        let (from_top, steps) = match words.strip_prefix('/') {
            Some(rest) => (true, rest),
            None => (false, words),
        };
        let mut steps: Vec<&str> = steps.split('/').map(str::trim).collect();
        let Some(last) = steps.pop() else { return Vec::new() };
        let is_path = |tag: &&Tag| {
            let mut at = tag.parent_id();
            for step in steps.iter().rev() {
                match at.and_then(|id| self.get(id)) {
                    Some(above) if self.is_step(above, step) => at = above.parent_id(),
                    _ => return false,
                }
            }
            !from_top || at.is_none()
        };
        self.step_matches(last).into_iter().filter(is_path).collect()
    }

    /// The tags that one step of a path fits.
    fn step_matches(&self, step: &str) -> Vec<&Tag> {
        let named: Vec<&Tag> = self.named(step).collect();
        if !named.is_empty() {
            return named;
        }
        let Some((name, rank)) = numbered(step) else { return named };
        self.named(name).filter(|tag| self.rank(tag) == rank).collect()
    }

    fn is_step(&self, tag: &Tag, step: &str) -> bool {
        tag.name == step || numbered(step).is_some_and(|(name, rank)| tag.name == name && self.rank(tag) == rank)
    }

    /// Place of a tag among those of its name and parent, by id, from 1.
    fn rank(&self, tag: &Tag) -> usize {
        self.twins(tag).filter(|other| other.id < tag.id).count() + 1
    }

    /// The other tags of this name and parent.
    pub(super) fn twins<'a>(&'a self, tag: &'a Tag) -> impl Iterator<Item = &'a Tag> {
        self.named(&tag.name).filter(move |other| other.parent == tag.parent && other.id != tag.id)
    }

    /// A reference to the tag that a user's words name, or to a new tag of this name if there is none.
    /// The name of a deleted tag makes a new one.
    ///
    /// # Errors
    /// Fails if the words fit several tags, or cannot be the name of a new one.
    pub fn refer(&self, words: &str) -> Result<TagRef, CodebookError> {
        match self.find(words) {
            Ok(tag) => Ok(self.reference(tag)),
            Err(CodebookError::Missing(_)) if words.contains('/') && words.split('/').all(|step| check_name(step.trim()).is_ok()) => {
                Err(CodebookError::Missing(words.to_owned()))
            }
            Err(CodebookError::Missing(_)) => {
                let name = words.trim();
                check_name(name)?;
                Ok(TagRef::new(name))
            }
            Err(error) => Err(error),
        }
    }

    /// [`Self::refer`] for several words; the same words give the same new tag.
    ///
    /// # Errors
    /// Fails as [`Self::refer`] does.
    pub fn refer_all(&self, words: &[String]) -> Result<Vec<TagRef>, CodebookError> {
        let mut references: Vec<TagRef> = Vec::with_capacity(words.len());
        for word in words {
            let reference = match references.iter().find(|known| known.name == word.trim()) {
                Some(known) => known.clone(),
                None => self.refer(word)?,
            };
            if !references.contains(&reference) {
                references.push(reference);
            }
        }
        Ok(references)
    }

    /// A reference to a tag, with the name by which it is shown.
    #[must_use]
    pub fn reference(&self, tag: &Tag) -> TagRef {
        TagRef { id: tag.id, name: self.shown_name(tag) }
    }

    /// The name by which a tag is shown: `名#2` for the second of several of one name and parent.
    fn shown_name(&self, tag: &Tag) -> String {
        match self.rank(tag) {
            1 => tag.name.clone(),
            rank => format!("{}#{rank}", tag.name),
        }
    }

    /// The shortest words that name a tag alone, for [`Self::find`]: its name if it is the only one of
    /// it, else its path. Empty if there is no such tag.
    #[must_use]
    pub fn label(&self, id: TagId) -> String {
        let Some(tag) = self.get(id) else { return String::new() };
        if self.named(&tag.name).nth(1).is_none() {
            return tag.name.clone();
        }
        let step = |tag: &Tag| match self.twins(tag).next() {
            Some(_) => format!("{}#{}", tag.name, self.rank(tag)),
            None => tag.name.clone(),
        };
        let mut steps: Vec<String> = std::iter::once(tag).chain(self.ancestors(id)).map(step).collect();
        steps.reverse();
        let path = steps.join("/");
        if self.matches(&path).len() == 1 { path } else { format!("/{path}") }
    }

    /// [`Self::label`] of a reference; its name if the codebook does not know it.
    #[must_use]
    pub fn label_of(&self, tag: &TagRef) -> String {
        let label = self.label(tag.id);
        if label.is_empty() { tag.name.clone() } else { label }
    }

    /// The tag that a key chooses: the first in the tree that has it.
    #[must_use]
    pub fn keyed(&self, key: char) -> Option<&Tag> {
        self.tree().into_iter().map(|(_, tag)| tag).find(|tag| tag.key() == Some(key))
    }

    /// The number of a tag's colour in the theme, its own or that of the nearest tag above it that has
    /// one.
    ///
    /// ```
    /// use pizhu_annotation::{Codebook, Tag};
    ///
    /// let mut book = Codebook::default();
    /// let above = book.add(Tag { colour: "tag3".to_owned(), ..Tag::new("组织工作") })?;
    /// let below = book.add_below(Some(above), Tag::new("干部"))?;
    /// assert_eq!(book.color_number(below), Some(3));
    /// # Ok::<(), pizhu_annotation::CodebookError>(())
    /// ```
    #[must_use]
    pub fn color_number(&self, id: TagId) -> Option<usize> {
        let number = |tag: &Tag| tag.colour.strip_prefix("tag").and_then(|number| number.parse().ok());
        self.get(id).into_iter().chain(self.ancestors(id)).find_map(number)
    }

    /// The child tags of `parent` (top-level tags for `None`), in order.
    pub fn children(&self, parent: Option<TagId>) -> impl Iterator<Item = &Tag> {
        self.tags.iter().filter(move |tag| tag.parent_id() == parent)
    }

    /// All tags with their depth, in pre-order.
    #[must_use]
    pub fn tree(&self) -> Vec<(usize, &Tag)> {
        let mut children: HashMap<Option<TagId>, Vec<&Tag>> = HashMap::new();
        for tag in self.tags.iter().rev() {
            children.entry(tag.parent_id()).or_default().push(tag);
        }
        let mut rows = Vec::with_capacity(self.tags.len());
        let mut stack: Vec<(usize, &Tag)> = children.remove(&None).unwrap_or_default().into_iter().map(|tag| (0, tag)).collect();
        while let Some((depth, tag)) = stack.pop() {
            rows.push((depth, tag));
            stack.extend(children.remove(&Some(tag.id)).unwrap_or_default().into_iter().map(|child| (depth + 1, child)));
        }
        rows
    }

    /// The ancestors of a tag, nearest first.
    pub fn ancestors(&self, id: TagId) -> impl Iterator<Item = &Tag> {
        let parent = |tag: &Tag| self.get(tag.parent_id()?);
        // There are no cycles: a chain is no longer than the codebook.
        std::iter::successors(self.get(id).and_then(parent), move |tag| parent(tag)).take(self.tags.len())
    }

    /// Levels of the tags below a tag: 0 if it has no children.
    pub(super) fn levels_below(&self, id: TagId) -> usize {
        let rows = self.tree();
        let Some(at) = rows.iter().position(|(_, tag)| tag.id == id) else { return 0 };
        let depth = rows[at].0;
        rows[at + 1..].iter().map_while(|(below, _)| below.checked_sub(depth).filter(|levels| *levels > 0)).max().unwrap_or(0)
    }

    /// Whether tag `id` is `above` or one of its descendants.
    #[must_use]
    pub fn is_within(&self, id: TagId, above: TagId) -> bool {
        id == above || self.ancestors(id).any(|tag| tag.id == above)
    }

    /// The names from the top level down to a tag, joined by `/`.
    #[must_use]
    pub fn path(&self, id: TagId) -> Option<String> {
        let mut names: Vec<String> = vec![self.shown_name(self.get(id)?)];
        names.extend(self.ancestors(id).map(|tag| self.shown_name(tag)));
        names.reverse();
        Some(names.join("/"))
    }

    /// [`Self::path`] of a reference; its name if the codebook does not know it.
    #[must_use]
    pub fn path_of(&self, tag: &TagRef) -> String {
        self.path(tag.id).unwrap_or_else(|| tag.name.clone())
    }

    /// The deleted or merged tags that a user's words fit, by name or path, the last of each name.
    pub(super) fn gone_named<'a>(&'a self, words: &'a str) -> impl Iterator<Item = &'a TagTombstone> {
        let name = words.rsplit('/').next().unwrap_or_default().trim();
        self.gone.values().filter(move |record| record.tag.name == name)
    }
}

/// Splits `名#2` into name and number.
fn numbered(step: &str) -> Option<(&str, usize)> {
    let (name, rank) = step.rsplit_once('#')?;
    Some((name, rank.parse().ok().filter(|rank| *rank > 0)?))
}
