//! Outline edits with their places in a text: where the user's mended headings are now.
//!
//! The edits of a speech are records, anchored as annotations are: against the outline as it was
//! parsed, so that no edit's place depends on another's. One that is not found is kept, has no effect,
//! and is shown for review.

use super::{
    anchor::{AnchorStatus, PastTexts, Resolver},
    model::{Annotation, Scope},
    record::{Record, RecordEntry, RecordId, RecordMap},
    selector::Selector,
};
use pizhu_text::document::{Document, OutlineChange, OutlineEdit};
use pizhu_text::text::Span;

/// An outline edit with its place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedOutlineEdit {
    /// The record's id.
    pub id: RecordId,
    /// Who made it.
    pub author: String,
    /// The change.
    pub change: OutlineChange,
    /// The heading as it was described.
    pub selector: Selector,
    /// How it was anchored.
    pub status: AnchorStatus,
    /// The heading, or the words that are one; `None` for review and orphaned.
    pub span: Option<Span>,
    /// The likeliest place, for a review.
    pub proposed: Option<Span>,
    /// The level that the heading had before.
    pub(crate) level: Option<u16>,
    /// The section that it was, if its heading is taken away.
    pub(crate) stretch: Option<Span>,
}

impl PlacedOutlineEdit {
    /// Whether the user has to decide about it: its heading is gone or uncertain.
    #[must_use]
    pub fn is_unresolved(&self) -> bool {
        self.span.is_none() && !self.selector.orphaned
    }
}

/// The outline edits of a speech in the order in which they were made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutlineEdits(Vec<PlacedOutlineEdit>);

impl OutlineEdits {
    /// Places the outline edits among `records` in a document.
    #[must_use]
    pub fn new(document: &Document, records: &RecordMap, past: PastTexts) -> Self {
        let edits = || records.iter().filter(|(_, entry)| matches!(entry.record, Record::OutlineEdit { .. }));
        if edits().next().is_none() {
            return Self::default();
        }
        let parsed = document.parsed();
        let resolver = Resolver::with_past(&parsed, past);
        Self(edits().filter_map(|(id, entry)| place(&resolver, *id, entry)).collect())
    }

    /// [`Self::new`] for the drawing thread: what is not found soon is left to the saving thread.
    #[must_use]
    pub(crate) fn brief(document: &Document, records: &RecordMap, known: &Self) -> Self {
        let parsed = document.parsed();
        let resolver = Resolver::brief(&parsed);
        let placed = |(id, entry): (&RecordId, &RecordEntry)| {
            let found = known.get(*id).filter(|placed| matches!(&entry.record, Record::OutlineEdit { at, .. } if *at == placed.selector));
            found.cloned().or_else(|| place(&resolver, *id, entry))
        };
        Self(records.iter().filter_map(placed).collect())
    }

    /// The edits.
    #[must_use]
    pub fn all(&self) -> &[PlacedOutlineEdit] {
        &self.0
    }

    /// The edit of this id.
    #[must_use]
    pub fn get(&self, id: RecordId) -> Option<&PlacedOutlineEdit> {
        self.0.iter().find(|placed| placed.id == id)
    }

    /// The edits that the user has to decide about.
    pub fn unresolved(&self) -> impl Iterator<Item = &PlacedOutlineEdit> {
        self.0.iter().filter(|placed| placed.is_unresolved())
    }

    /// The document as they mend it.
    #[must_use]
    pub fn mend(&self, document: &Document) -> Document {
        let edit = |placed: &PlacedOutlineEdit| {
            Some(OutlineEdit { at: placed.span?, change: placed.change, level: placed.level, stretch: placed.stretch })
        };
        document.mended(&self.0.iter().filter_map(edit).collect::<Vec<_>>())
    }
}

/// Finds the place of an edit in the parsed document.
fn place(resolver: &Resolver<'_>, id: RecordId, entry: &RecordEntry) -> Option<PlacedOutlineEdit> {
    let Record::OutlineEdit { at, change, level, stretch } = &entry.record else { return None };
    let document = resolver.document();
    let resolve = |scope: Scope, selector: &Selector| resolver.resolve(&Annotation::new(scope, selector.clone(), ""));
    let heading = || {
        let found = resolve(Scope::Section, at);
        let heading = document.outline.get(found.section?)?.heading;
        Some((found.status, heading))
    };
    let passage = || resolve(Scope::Passage, at);
    let (status, span, proposed) = match change {
        // Words that were no heading when they were marked are words; a heading is one by its path, too.
        OutlineChange::Heading(_) | OutlineChange::Title => {
            let found = passage();
            (found.status, found.span, found.proposed)
        }
        OutlineChange::Promote | OutlineChange::Demote | OutlineChange::NoHeading => {
            if let Some((status, span)) = heading() {
                (status, Some(span), None)
            } else {
                let found = passage();
                (found.status, found.span, found.proposed)
            }
        }
    };
    let stretch = stretch.as_deref().and_then(|stretch| resolve(Scope::Passage, stretch).span);
    let (author, selector) = (entry.author.clone(), at.clone());
    Some(PlacedOutlineEdit { id, author, change: *change, selector, status, span, proposed, level: *level, stretch })
}
