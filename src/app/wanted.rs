//! Which annotations of a speech are meant.

use super::error::UseCaseError;
use pizhu_annotation::{AnchorIndex, AnchoredAnnotation, Codebook, TagId, TagRef};
use pizhu_library::attributes::Attributes;
use pizhu_library::condition::{Condition, ConditionMatcher};
use pizhu_library::count::{CountKey, select};
use pizhu_text::document::Document;
use std::{path::Path, sync::Arc};

/// The annotations of speeches that are meant.
#[derive(Debug, Clone, Default)]
pub(crate) struct WantedAnnotations {
    /// Only those of this author; the condition too looks only at them.
    pub(crate) author: Option<String>,
    /// Only those for which it holds.
    pub(crate) condition: Option<Condition>,
    /// Only those with these tags.
    pub(crate) tags: WantedTags,
}

/// The tags of the annotations that are meant.
#[derive(Debug, Clone, Default)]
pub(crate) enum WantedTags {
    /// Any, or none at all.
    #[default]
    Any,
    /// One of these tags, or one below it.
    Within(Vec<TagId>),
    /// A tag of this name or one below it; if several are named so, any of them.
    Named(String),
    /// Those counted in this row and column of a table of counts.
    Cell(CountKey, Option<CountKey>),
}

impl WantedAnnotations {
    /// Whether all are meant.
    pub(crate) fn are_all(&self) -> bool {
        self.author.is_none() && self.condition.is_none() && matches!(self.tags, WantedTags::Any)
    }

    /// Those of the annotations that are meant. Tags of the condition have been looked up before.
    ///
    /// # Errors
    /// A tag of the condition may be several of the codebook.
    pub(crate) fn of_speech(
        &self,
        path: &Path,
        document: &Document,
        attributes: &Attributes,
        anchors: &AnchorIndex,
        book: &Arc<Codebook>,
    ) -> Result<Vec<AnchoredAnnotation>, UseCaseError> {
        let own = |anchored: &&AnchoredAnnotation| self.author.as_ref().is_none_or(|author| *author == anchored.annotation.author);
        let mut found: Vec<AnchoredAnnotation> = anchors.iter().filter(own).cloned().collect();
        if let Some(condition) = &self.condition {
            let resolved = condition.resolve(book, |words| book.wanted(words))?;
            let matcher = ConditionMatcher::new(&resolved, document, attributes, &found);
            let mut index = 0..found.len();
            found.retain(|_| index.next().is_some_and(|index| matcher.holds_for(index)));
        }
        let within = |found: &mut Vec<AnchoredAnnotation>, above: &[TagId]| {
            let has = |tag: &TagRef| above.iter().any(|above| book.is_within(tag.id, *above));
            found.retain(|anchored| book.current_tags(&anchored.annotation.tags).iter().any(has));
        };
        match &self.tags {
            WantedTags::Any => {}
            WantedTags::Within(tags) => within(&mut found, tags),
            WantedTags::Named(name) => within(&mut found, &book.all_wanted(name)),
            WantedTags::Cell(row, column) => found = select(path, document, &found, book, row, column.as_ref()),
        }
        Ok(found)
    }
}
