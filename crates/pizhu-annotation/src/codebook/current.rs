//! The present tags of annotations.

use super::{
    book::{Codebook, TagLookup},
    tag_id::TagId,
    tag_ref::TagRef,
};
use crate::tag_set::{ShownTag, TagSet};

impl Codebook {
    /// The tags of an annotation as the codebook has them: under their present names, merged ones
    /// under the tag they were merged into, without deleted ones. What the file says stays.
    #[must_use]
    pub fn current_tags(&self, tags: &TagSet) -> TagSet {
        tags.shown_as(|id, _| match self.resolve(id) {
            TagLookup::Found(tag) => ShownTag::As(self.reference(tag)),
            TagLookup::Deleted => ShownTag::Hidden,
            TagLookup::Unknown => ShownTag::AsStored,
        })
    }

    /// [`Self::current_tags`] of a file of version 1, which has names only: an unknown one is the tag
    /// that has the name now. A program of version 1 may have written it beside a newer codebook.
    #[must_use]
    pub(crate) fn current_tags_by_name(&self, tags: &TagSet) -> TagSet {
        let by_name = |tag: &TagRef| {
            let mut named = self.named(&tag.name);
            match (self.resolve(tag.id), named.next(), named.next()) {
                (TagLookup::Unknown, Some(only), None) if tag.id == TagId::from_name(&tag.name) => TagRef::from(only),
                _ => tag.clone(),
            }
        };
        self.current_tags(&tags.stored().map(|tag| by_name(&tag)).collect())
    }
}
