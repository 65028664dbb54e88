//! Mending: changes that the user makes to the outline that was found.
//!
//! Pure: the edits come with their places, and what was parsed is kept beside what is mended, so that
//! other edits start from it again.

mod edit;
mod heading;
mod paragraphs;
mod parts;
mod tree;

pub use edit::{OutlineChange, OutlineEdit};
pub use parts::RemovedSection;

pub(super) use heading::{likely_level, words_at};
pub(super) use parts::OutlineParts;

use super::metadata::Metadata;
use super::outline::SectionId;
use crate::text::{CleanText, Span};
use edit::without_opposites;
use std::{collections::BTreeSet, sync::Arc};
use tree::{MendedTree, TitleState};

/// What the user has mended in a document.
#[derive(Debug, Clone)]
pub struct Mending {
    pub(super) parsed: OutlineParts,
    /// Starts of the headings that the user made or moved.
    touched: BTreeSet<usize>,
    removed: Vec<RemovedSection>,
}

impl Mending {
    /// The sections whose headings were taken away, in text order.
    #[must_use]
    pub fn removed(&self) -> &[RemovedSection] {
        &self.removed
    }

    /// Whether the user made or moved the heading that starts at `offset`.
    pub(super) fn has_touched(&self, offset: usize) -> bool {
        self.touched.contains(&offset)
    }
}

/// Mends what was parsed of a text; `None` if the edits take each other back.
pub(super) fn mend(text: &CleanText, parsed: OutlineParts, edits: &[OutlineEdit]) -> Option<(OutlineParts, Mending)> {
    let edits = without_opposites(edits);
    if edits.is_empty() {
        return None;
    }
    let mut tree = MendedTree::new(text, &parsed);
    for edit in edits {
        tree.apply(edit);
    }
    let (outline, new_ids) = tree.build();
    let title = tree.title();
    let metadata = match title {
        TitleState::Parsed => parsed.metadata.clone(),
        TitleState::None => Metadata { title: None, title_span: None, ..parsed.metadata.clone() },
        TitleState::At(span) => {
            let words = text.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
            Metadata { title: Some(words.into()), title_span: Some(span), ..parsed.metadata.clone() }
        }
    };
    let made: Vec<(Span, SectionId)> = tree.made();
    let paragraphs = Arc::new(paragraphs::mended(text, &parsed, &new_ids, &made, title));
    let (touched, removed) = (tree.touched(), tree.removed());
    Some((OutlineParts { outline, paragraphs, metadata }, Mending { parsed, touched, removed }))
}
