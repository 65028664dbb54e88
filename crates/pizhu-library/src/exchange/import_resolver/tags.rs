//! Adds the tags of an import to a codebook.

use crate::exchange::import_entry::ImportEntry;
use pizhu_annotation::codebook::check_name;
use pizhu_annotation::{Codebook, CodebookError, Tag, TagId, TagLookup, TagRef, TagSet};
use std::collections::HashMap;

/// The tags of an import, as they are in the codebook now.
#[derive(Debug, Clone, Default)]
pub struct ImportedTags {
    /// Names of the new tags.
    pub created: Vec<String>,
    /// Names of the tags that were there and got something that they lacked.
    pub changed: Vec<String>,
    /// Number of the tags that were there and are as they were.
    pub left: usize,
    /// By the ids in the file.
    ids: HashMap<TagId, TagRef>,
    /// By the names and paths in the entries; an error for a name that several tags have.
    words: HashMap<String, Result<TagRef, CodebookError>>,
}

impl ImportedTags {
    /// The tags of an entry.
    ///
    /// # Errors
    /// Fails if a name may be several tags of the codebook.
    pub fn tags_of(&self, entry: &ImportEntry) -> Result<TagSet, CodebookError> {
        let mut tags: TagSet = entry.tag_refs.iter().filter_map(|tag| self.ids.get(&tag.id)).cloned().collect();
        for words in words_of(entry) {
            match self.words.get(words) {
                Some(Ok(tag)) => drop(tags.insert(tag.clone())),
                Some(Err(error)) => return Err(error.clone()),
                None => {}
            }
        }
        Ok(tags)
    }
}

/// The paths of an entry's tags, and the names of those without a path.
fn words_of(entry: &ImportEntry) -> impl Iterator<Item = &str> {
    let is_known = |name: &String| {
        let name = tag_name(name);
        entry.tag_paths.iter().any(|path| tag_name(path) == name) || entry.tag_refs.iter().any(|tag| Some(&tag.name) == name.as_ref())
    };
    let names = entry.tags.iter().filter(move |name| !is_known(name));
    entry.tag_paths.iter().chain(names).map(String::as_str)
}

/// The name of an imported tag, valid for a codebook; of a path, the last step: `队伍/干部` gives 干部.
fn tag_name(tag: &str) -> Option<String> {
    let name: String = tag.rsplit('/').next().unwrap_or(tag).chars().filter(|c| !c.is_control()).collect();
    let name = name.trim();
    check_name(name).is_ok().then(|| name.to_owned())
}

/// Imported tags with names that a codebook can have; others are left out.
#[must_use]
pub fn valid_tags(tags: &[Tag]) -> Vec<Tag> {
    tags.iter().filter_map(|tag| Some(Tag { name: tag_name(&tag.name)?, ..tag.clone() })).collect()
}

/// Adds imported tags to a codebook: those in `tags`, and those of `entries` below the parents in
/// their paths. A tag is known by its id, else by its name and parent. Existing fields of a tag are
/// kept, empty ones and those of the starter codebook filled in, and keywords united; names, parents and
/// what the tags cover stay.
///
/// # Errors
/// When the codebook rejects a tag. The names are checked before, so this is not expected.
pub fn add_tags(book: &mut Codebook, tags: &[Tag], entries: &[ImportEntry]) -> Result<ImportedTags, CodebookError> {
    let mut imported = ImportedTags::default();
    for tag in valid_tags(tags) {
        let id = tag.id;
        let added = imported.ensure(book, tag)?;
        imported.ids.insert(id, added);
    }
    for words in entries.iter().flat_map(words_of) {
        if !imported.words.contains_key(words) {
            let found = imported.ensure_path(book, words)?;
            if let Some(found) = found.transpose() {
                imported.words.insert(words.to_owned(), found);
            }
        }
    }
    Ok(imported)
}

impl ImportedTags {
    /// The tag in the codebook, completed, or added if it is not there.
    fn ensure(&mut self, book: &mut Codebook, tag: Tag) -> Result<TagRef, CodebookError> {
        let parent = tag.parent.as_ref().and_then(|parent| self.known_parent(book, parent));
        let existing = match book.resolve(tag.id) {
            TagLookup::Found(there) => Some(there.id),
            TagLookup::Deleted | TagLookup::Unknown => {
                let below = book.child_named(parent, &tag.name).map(|there| there.id);
                // Else the only tag of the name, wherever it is, unless another one of the file is it.
                let is_taken = |id: TagId| self.ids.values().any(|known| known.id == id);
                below.or_else(|| book.find(&tag.name).ok().map(|there| there.id).filter(|id| !is_taken(*id)))
            }
        };
        let Some(id) = existing else {
            self.created.push(tag.name.clone());
            let name = tag.name.clone();
            let id = book.add_below(parent, Tag { parent: None, apart: std::collections::BTreeSet::new(), restored: 0, ..tag })?;
            return Ok(TagRef { id, name });
        };
        let before = book.get(id).cloned();
        book.edit_details(id, |there| there.fill_in(&tag))?;
        if book.get(id) == before.as_ref() {
            self.left += 1;
        } else {
            self.changed.push(tag.name.clone());
        }
        Ok(book.get(id).map_or_else(|| TagRef::from(&tag), TagRef::from))
    }

    /// The tag of the codebook that an imported tag's parent is.
    fn known_parent(&self, book: &Codebook, parent: &TagRef) -> Option<TagId> {
        if let Some(tag) = self.ids.get(&parent.id) {
            return Some(tag.id);
        }
        match book.resolve(parent.id) {
            TagLookup::Found(tag) => Some(tag.id),
            TagLookup::Deleted | TagLookup::Unknown => book.find(&parent.name).ok().map(|tag| tag.id),
        }
    }

    /// The tag that a path or name of an entry means, added if it is not there; `None` if it has no
    /// valid name.
    fn ensure_path(&mut self, book: &mut Codebook, words: &str) -> Result<Result<Option<TagRef>, CodebookError>, CodebookError> {
        let steps: Vec<String> = words.split('/').filter_map(tag_name).collect();
        if steps.is_empty() {
            return Ok(Ok(None));
        }
        // The whole path from the top, else its end.
        let mut from_top = None;
        let is_there = steps.iter().all(|step| {
            from_top = book.child_named(from_top, step).map(|tag| tag.id);
            from_top.is_some()
        });
        if let Some(tag) = from_top.filter(|_| is_there).and_then(|id| book.get(id)) {
            return Ok(Ok(Some(TagRef::from(tag))));
        }
        match book.find(&steps.join("/")) {
            Ok(tag) => return Ok(Ok(Some(TagRef::from(tag)))),
            Err(error @ CodebookError::Ambiguous { .. }) => return Ok(Err(error)),
            Err(_) => {}
        }
        let mut at: Option<TagRef> = None;
        for (depth, step) in steps.iter().enumerate() {
            let parent = at.as_ref().map(|tag| tag.id);
            let there = match book.child_named(parent, step) {
                None if depth == 0 => book.find(step).ok(),
                there => there,
            };
            at = Some(if let Some(tag) = there {
                TagRef::from(tag)
            } else {
                self.created.push(step.clone());
                TagRef { id: book.add_below(parent, Tag::new(step))?, name: step.clone() }
            });
        }
        Ok(Ok(at))
    }
}
