//! How often each tag is used in the whole store.

use super::{error::StoreError, handle::Store};
use crate::codebook::{Codebook, TagId};
use crate::tag_set::TagSet;
use std::collections::{HashMap, HashSet};

/// Number of annotations with a tag, and of their speeches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TagUse {
    /// The annotations.
    pub annotations: usize,
    /// The speeches.
    pub speeches: usize,
}

/// How often each tag is used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagUsage {
    own: HashMap<TagId, TagUse>,
    within: HashMap<TagId, TagUse>,
}

impl TagUsage {
    /// Counts the tag sets of the annotations of each speech.
    #[must_use]
    pub fn count(book: &Codebook, speeches: impl IntoIterator<Item = Vec<(TagSet, usize)>>) -> Self {
        let mut usage = Self::default();
        for sets in speeches {
            let (mut own_seen, mut within_seen) = (HashSet::new(), HashSet::new());
            for (tags, count) in sets {
                let own: HashSet<TagId> = tags.iter().map(|tag| tag.id).collect();
                // A tag and the one above it on one annotation are one annotation for the latter.
                let within: HashSet<TagId> =
                    own.iter().flat_map(|id| std::iter::once(*id).chain(book.ancestors(*id).map(|tag| tag.id))).collect();
                add(&mut usage.own, own, count, &mut own_seen);
                add(&mut usage.within, within, count, &mut within_seen);
            }
        }
        usage
    }

    /// The use of a tag itself.
    #[must_use]
    pub fn own(&self, id: TagId) -> TagUse {
        self.own.get(&id).copied().unwrap_or_default()
    }

    /// The use of a tag or one below it.
    #[must_use]
    pub fn within(&self, id: TagId) -> TagUse {
        self.within.get(&id).copied().unwrap_or_default()
    }
}

fn add(usage: &mut HashMap<TagId, TagUse>, ids: HashSet<TagId>, count: usize, seen: &mut HashSet<TagId>) {
    for id in ids {
        let entry = usage.entry(id).or_default();
        entry.annotations += count;
        entry.speeches += usize::from(seen.insert(id));
    }
}

impl Store {
    /// How often each tag is used in the speeches of this store, whether or not their files are there.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn tag_usage(&self) -> Result<TagUsage, StoreError> {
        self.recover_once();
        let book = self.codebook()?;
        let speeches = self.files_by_speech()?;
        let mut sets = Vec::with_capacity(speeches.len());
        for files in speeches {
            sets.push(self.tag_sets(&files, &book)?);
        }
        Ok(TagUsage::count(&book, sets))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Edit, StoreLocation, Tag, TagRef, Target};
    use pizhu_text::document::Document;
    use pizhu_text::text::{SourceText, Span};

    #[test]
    fn tags_are_counted_in_the_whole_store_with_those_below() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(StoreLocation::from_dir(&dir.path().join("store")), dir.path().join("state"));
        assert_eq!(store.tag_usage().unwrap(), TagUsage::default());
        let ids = store
            .edit_codebook(|book| {
                let above = book.add(Tag::new("组织"))?;
                Ok([above, book.add_below(Some(above), Tag::new("干部"))?, book.add_below(Some(above), Tag::new("人才"))?])
            })
            .unwrap();
        let tag = |index: usize, name: &str| TagRef { id: ids[index], name: name.to_owned() };
        let edit = |start: usize, tags: Vec<TagRef>| Edit::Tag { target: Target::Passage(Span::new(start, start + 4)), tags };
        let text =
            |name: &str| Document::from(SourceText::from(format!("{name}：要把干部工作和人才工作放在心上，抓紧抓好抓出成效。").as_str()));
        for (name, edits) in [
            ("甲", vec![edit(2, vec![tag(0, "组织"), tag(1, "干部")]), edit(9, vec![tag(2, "人才")]), edit(15, vec![tag(2, "人才")])]),
            ("乙", vec![edit(2, vec![tag(1, "干部")])]),
        ] {
            store.apply(&text(name), &dir.path().join(format!("{name}.txt")), "测试", edits).unwrap();
        }
        let usage = store.tag_usage().unwrap();
        let of = |annotations, speeches| TagUse { annotations, speeches };
        assert_eq!([0, 1, 2].map(|index| usage.own(ids[index])), [of(1, 1), of(2, 2), of(2, 1)]);
        assert_eq!([0, 1, 2].map(|index| usage.within(ids[index])), [of(4, 2), of(2, 2), of(2, 1)]);
        store.edit_codebook(|book| book.merge(ids[1], ids[2])).unwrap();
        assert_eq!(store.tag_usage().unwrap().own(ids[2]), of(4, 2));
    }
}
