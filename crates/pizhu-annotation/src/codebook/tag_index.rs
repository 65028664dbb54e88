//! Positions of the tags by their ids and names.

use super::{tag::Tag, tag_id::TagId};
use std::{collections::HashMap, sync::OnceLock};

/// Where each id and name is in the list of tags. Built at the first lookup; without it every change
/// of a large codebook would search the whole list for each tag.
///
/// Not part of a codebook's value: all are equal.
#[derive(Debug, Clone, Default)]
pub(super) struct TagIndex(OnceLock<TagPositions>);

#[derive(Debug, Clone, Default)]
struct TagPositions {
    ids: HashMap<TagId, usize>,
    names: HashMap<String, Vec<usize>>,
}

impl PartialEq for TagIndex {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for TagIndex {}

impl TagPositions {
    fn insert(&mut self, position: usize, tag: &Tag) {
        self.ids.insert(tag.id, position);
        self.names.entry(tag.name.clone()).or_default().push(position);
    }
}

impl TagIndex {
    fn positions(&self, tags: &[Tag]) -> &TagPositions {
        self.0.get_or_init(|| {
            let mut positions = TagPositions::default();
            for (position, tag) in tags.iter().enumerate() {
                positions.insert(position, tag);
            }
            positions
        })
    }

    /// Position of the tag of this id.
    pub(super) fn position(&self, tags: &[Tag], id: TagId) -> Option<usize> {
        self.positions(tags).ids.get(&id).copied()
    }

    /// Positions of the tags of this name, in order.
    pub(super) fn named<'a>(&'a self, tags: &[Tag], name: &str) -> &'a [usize] {
        self.positions(tags).names.get(name).map_or(&[], Vec::as_slice)
    }

    /// Forgets all positions, after a change of the names or of the order.
    pub(super) fn clear(&mut self) {
        self.0.take();
    }

    /// Adds a tag that will be appended to `tags`.
    pub(super) fn push(&mut self, tags: &[Tag], tag: &Tag) {
        if let Some(positions) = self.0.get_mut() {
            positions.insert(tags.len(), tag);
        }
    }
}
