//! Positions of the tags by their names.

use super::tag::Tag;
use std::{collections::HashMap, sync::OnceLock};

/// Where each name and former name is in the list of tags. Built at the first lookup; without it
/// every change of a large codebook would search the whole list for each tag.
///
/// Not part of a codebook's value: all are equal.
#[derive(Debug, Clone, Default)]
pub(super) struct NameIndex(OnceLock<NamePositions>);

#[derive(Debug, Clone, Default)]
struct NamePositions {
    names: HashMap<String, usize>,
    /// The first tag in order that had the name.
    former: HashMap<String, usize>,
}

impl PartialEq for NameIndex {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for NameIndex {}

impl NamePositions {
    fn insert(&mut self, position: usize, tag: &Tag) {
        self.names.entry(tag.name.clone()).or_insert(position);
        for name in &tag.former_names {
            self.former.entry(name.clone()).or_insert(position);
        }
    }
}

impl NameIndex {
    fn positions(&self, tags: &[Tag]) -> &NamePositions {
        self.0.get_or_init(|| {
            let mut positions = NamePositions::default();
            for (position, tag) in tags.iter().enumerate() {
                positions.insert(position, tag);
            }
            positions
        })
    }

    /// Position of the tag of this name.
    pub(super) fn position(&self, tags: &[Tag], name: &str) -> Option<usize> {
        self.positions(tags).names.get(name).copied()
    }

    /// Position of the first tag that had this name formerly.
    pub(super) fn former_position(&self, tags: &[Tag], name: &str) -> Option<usize> {
        self.positions(tags).former.get(name).copied()
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
