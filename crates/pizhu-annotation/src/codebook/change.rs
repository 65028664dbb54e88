//! Changes of the codebook. None changes which passages a tag covers, except merging, deleting and
//! their undoing.

use super::{
    book::{Codebook, MAX_TAG_LEVELS},
    error::CodebookError,
    tag::{TAG_KEYS, Tag, TagTombstone, check_name},
    tag_id::TagId,
    tag_ref::TagRef,
};

impl Codebook {
    /// Appends a tag with its parent.
    ///
    /// # Errors
    /// Fails if the name is bad, or taken by a tag of the same parent, the parent unknown, or the
    /// hierarchy becomes deeper than [`MAX_TAG_LEVELS`].
    pub fn add(&mut self, tag: Tag) -> Result<TagId, CodebookError> {
        let mut tag = Tag { name: tag.name.trim().to_owned(), ..tag };
        check_name(&tag.name)?;
        if let Some(parent) = tag.parent_id() {
            self.tag(parent, tag.parent.as_ref().map_or("", |parent| &parent.name))?;
            self.check_levels(&tag.name, 0, parent)?;
        }
        self.check_free(&tag.name, tag.parent_id(), None)?;
        // An id is never used for another tag.
        if self.get(tag.id).is_some() || self.gone.contains_key(&tag.id) {
            tag.id = TagId::new();
        }
        // A key that another tag has stays that tag's.
        if tag.key().is_some_and(|key| self.keyed(key).is_some()) {
            tag.key.clear();
        }
        let id = tag.id;
        self.index.push(&self.tags, &tag);
        self.tags.push(tag);
        Ok(id)
    }

    /// [`Self::add`] below another tag, or at the top level for `None`.
    ///
    /// # Errors
    /// Fails as [`Self::add`] does.
    pub fn add_below(&mut self, parent: Option<TagId>, tag: Tag) -> Result<TagId, CodebookError> {
        let parent = match parent {
            Some(id) => Some(TagRef::from(self.tag(id, "")?)),
            None => None,
        };
        self.add(Tag { parent, ..tag })
    }

    /// Adds the tag of a reference if the codebook does not know its id; returns whether it did. If
    /// there is one of that name already, made independently, the two become one.
    pub(crate) fn add_unknown(&mut self, tag: &TagRef) -> bool {
        let name = tag.name.trim();
        if self.get(tag.id).is_some() || self.gone.contains_key(&tag.id) || check_name(name).is_err() {
            return false;
        }
        let tag = Tag::with_id(tag.id, name);
        self.index.push(&self.tags, &tag);
        self.tags.push(tag);
        true
    }

    /// Changes a tag's fields other than id, name, parent and former names.
    ///
    /// # Errors
    /// Fails if there is no such tag.
    pub fn edit_details(&mut self, id: TagId, change: impl FnOnce(&mut Tag)) -> Result<(), CodebookError> {
        let index = self.index_of(id)?;
        let mut tag = self.tags[index].clone();
        change(&mut tag);
        let old = &self.tags[index];
        self.tags[index] = Tag {
            id: old.id,
            name: old.name.clone(),
            parent: old.parent.clone(),
            former_names: old.former_names.clone(),
            apart: old.apart.clone(),
            restored: old.restored,
            ..tag
        };
        Ok(())
    }

    /// Gives a tag the key that chooses it, or none; a tag that had the key loses it.
    ///
    /// # Errors
    /// Fails if there is no such tag, or the key is not one of [`TAG_KEYS`].
    pub fn set_key(&mut self, id: TagId, key: Option<char>) -> Result<(), CodebookError> {
        let index = self.index_of(id)?;
        if let Some(key) = key.filter(|key| !TAG_KEYS.contains(*key)) {
            return Err(CodebookError::BadKey(key));
        }
        let key = key.map(String::from).unwrap_or_default();
        for tag in self.tags.iter_mut().filter(|tag| !key.is_empty() && tag.key == key) {
            tag.key.clear();
        }
        self.tags[index].key = key;
        Ok(())
    }

    /// Renames a tag.
    ///
    /// # Errors
    /// Fails if there is no such tag, or the new name is bad, or taken by a tag of the same parent.
    pub fn rename(&mut self, id: TagId, new: &str) -> Result<(), CodebookError> {
        let new = new.trim();
        let index = self.index_of(id)?;
        check_name(new)?;
        if self.tags[index].name == new {
            return Ok(());
        }
        self.check_free(new, self.tags[index].parent_id(), Some(id))?;
        let tag = &mut self.tags[index];
        let old = std::mem::replace(&mut tag.name, new.to_owned());
        tag.former_names.insert(old);
        tag.former_names.remove(new);
        self.index.clear();
        Ok(())
    }

    /// Merges tag `from` into `into`: its annotations and children follow, keywords are joined.
    /// [`Self::split`] undoes it.
    ///
    /// # Errors
    /// Fails if one of them is missing, `into` is a descendant of `from`, or the hierarchy becomes
    /// deeper than [`MAX_TAG_LEVELS`].
    pub fn merge(&mut self, from: TagId, into: TagId) -> Result<(), CodebookError> {
        let index = self.index_of(from)?;
        let target = self.index_of(into)?;
        let (name, parent) = (self.tags[index].name.clone(), self.tags[target].name.clone());
        if self.is_within(into, from) {
            return Err(CodebookError::Cycle { name, parent });
        }
        if let Some(below) = self.levels_below(from).checked_sub(1) {
            self.check_levels(&name, below, into)?;
        }
        self.unite(from, into);
        self.keep_twins_apart(Some(into));
        Ok(())
    }

    /// Moves tag `from` to the records of tags merged into `into`.
    pub(super) fn unite(&mut self, from: TagId, into: TagId) {
        let (Some(index), Some(target)) = (self.position(from), self.position(into)) else { return };
        let reference = TagRef::from(&self.tags[target]);
        let removed = self.tags.remove(index);
        self.index.clear();
        for tag in &mut self.tags {
            if tag.parent_id() == Some(from) {
                tag.parent = Some(reference.clone());
            }
            if tag.id == into {
                for word in &removed.keywords {
                    if !tag.keywords.contains(word) {
                        tag.keywords.push(word.clone());
                    }
                }
            }
        }
        self.gone.insert(from, TagTombstone { tag: removed, into: Some(reference) });
    }

    /// Takes apart again what was merged into a tag, or became one with it: the tags come back with
    /// their annotations, where they were. Returns them.
    ///
    /// # Errors
    /// Fails if there is no such tag, or nothing was merged into it.
    pub fn split(&mut self, id: TagId) -> Result<Vec<TagRef>, CodebookError> {
        let name = self.tag(id, "")?.name.clone();
        let merged: Vec<TagId> = self
            .gone
            .values()
            .filter(|record| record.into.as_ref().is_some_and(|into| into.id == id))
            .map(|record| record.tag.id)
            .collect();
        if merged.is_empty() {
            return Err(CodebookError::NothingMerged(name));
        }
        Ok(merged.into_iter().filter_map(|gone| self.bring_back(gone)).collect())
    }

    /// Brings back a deleted tag with its annotations, the one that was deleted under this name or
    /// path. If there were several, the words fit none alone.
    ///
    /// # Errors
    /// Fails if no deleted tag has this name, or several.
    pub fn restore(&mut self, words: &str) -> Result<TagRef, CodebookError> {
        let deleted: Vec<TagId> = self.gone_named(words).filter(|record| record.into.is_none()).map(|record| record.tag.id).collect();
        match deleted.as_slice() {
            [] => {}
            [id] => {
                if let Some(tag) = self.bring_back(*id) {
                    return Ok(tag);
                }
            }
            several => {
                let paths = several.iter().map(ToString::to_string).collect();
                return Err(CodebookError::Ambiguous { name: words.to_owned(), paths });
            }
        }
        // Of several of one name, the id tells which.
        let by_id = words.trim().parse().ok().filter(|id| self.gone.get(id).is_some_and(|record| record.into.is_none()));
        by_id.and_then(|id| self.bring_back(id)).ok_or_else(|| CodebookError::Missing(words.to_owned()))
    }

    /// Brings back a deleted or merged tag.
    pub fn bring_back(&mut self, id: TagId) -> Option<TagRef> {
        let record = self.gone.remove(&id)?;
        let mut tag = record.tag;
        tag.restored += 1;
        tag.parent = self.living_parent(tag.parent.take());
        let (parent, reference) = (tag.parent_id(), TagRef::from(&tag));
        self.tags.push(tag);
        self.index.clear();
        self.keep_twins_apart(parent);
        Some(reference)
    }

    /// Moves a tag below another, or to the top level for `None`.
    ///
    /// # Errors
    /// Fails if one of them is missing, the parent is a descendant of the tag or has a tag of this
    /// name, or the hierarchy becomes deeper than [`MAX_TAG_LEVELS`].
    pub fn move_to(&mut self, id: TagId, parent: Option<TagId>) -> Result<(), CodebookError> {
        let index = self.index_of(id)?;
        let name = self.tags[index].name.clone();
        let above = match parent {
            Some(parent) => {
                let above = TagRef::from(self.tag(parent, "")?);
                if self.is_within(parent, id) {
                    return Err(CodebookError::Cycle { name, parent: above.name });
                }
                self.check_levels(&name, self.levels_below(id), parent)?;
                Some(above)
            }
            None => None,
        };
        if above != self.tags[index].parent {
            self.check_free(&name, parent, Some(id))?;
            self.tags[index].parent = above;
        }
        Ok(())
    }

    /// Deletes a tag: annotations lose it, its children move up to its parent. [`Self::restore`]
    /// undoes it.
    ///
    /// # Errors
    /// Fails if there is no such tag.
    pub fn delete(&mut self, id: TagId) -> Result<(), CodebookError> {
        let index = self.index_of(id)?;
        let removed = self.tags.remove(index);
        self.index.clear();
        let parent = removed.parent_id();
        for tag in self.tags.iter_mut().filter(|tag| tag.parent_id() == Some(id)) {
            tag.parent.clone_from(&removed.parent);
        }
        self.gone.insert(id, TagTombstone { tag: removed, into: None });
        self.keep_twins_apart(parent);
        Ok(())
    }

    /// Marks the tags of one name below `parent` as different: a change of the codebook brought them
    /// together, which must not change what they cover.
    fn keep_twins_apart(&mut self, parent: Option<TagId>) {
        let mut pairs: Vec<(usize, TagId)> = Vec::new();
        for (index, tag) in self.tags.iter().enumerate().filter(|(_, tag)| tag.parent_id() == parent) {
            pairs.extend(self.twins(tag).map(|twin| (index, twin.id)));
        }
        for (index, twin) in pairs {
            self.tags[index].apart.insert(twin);
        }
    }

    /// Checks that `name` is free below `parent`, but for tag `own`.
    fn check_free(&self, name: &str, parent: Option<TagId>, own: Option<TagId>) -> Result<(), CodebookError> {
        match self.named(name).find(|tag| tag.parent_id() == parent && Some(tag.id) != own) {
            Some(_) => Err(CodebookError::Exists(name.to_owned())),
            None => Ok(()),
        }
    }

    /// Checks that tag `name`, with `below` levels under it, may be a child of `parent`.
    fn check_levels(&self, name: &str, below: usize, parent: TagId) -> Result<(), CodebookError> {
        // The tag itself, its parent, and what is above and below them.
        if 2 + below + self.ancestors(parent).take(MAX_TAG_LEVELS).count() > MAX_TAG_LEVELS {
            return Err(CodebookError::TooDeep(name.to_owned()));
        }
        Ok(())
    }

    fn index_of(&self, id: TagId) -> Result<usize, CodebookError> {
        self.position(id).ok_or_else(|| CodebookError::Missing(id.to_string()))
    }

    fn tag(&self, id: TagId, name: &str) -> Result<&Tag, CodebookError> {
        self.get(id).ok_or_else(|| CodebookError::Missing(if name.is_empty() { id.to_string() } else { name.to_owned() }))
    }
}
