//! The card of an annotation: all that is known of it, of one of several at the cursor.

mod component;
mod update;
mod view;

use pizhu_annotation::AnnotationId;

/// The card of an annotation.
///
/// Invariant: `index` is a position in `ids`, which is not empty.
#[derive(Debug, Clone)]
pub(in crate::tui) struct AnnotationCard {
    ids: Vec<AnnotationId>,
    index: usize,
}

impl AnnotationCard {
    /// A card that shows the first of these annotations; `None` if there is none.
    #[must_use]
    pub(in crate::tui) fn new(ids: Vec<AnnotationId>) -> Option<Self> {
        (!ids.is_empty()).then_some(Self { ids, index: 0 })
    }

    /// The annotation shown.
    #[must_use]
    pub(in crate::tui) fn id(&self) -> Option<AnnotationId> {
        self.ids.get(self.index).copied()
    }

    /// Its number, from 1, and the number of annotations.
    #[must_use]
    pub(in crate::tui) fn position(&self) -> (usize, usize) {
        (self.index + 1, self.ids.len())
    }

    /// Shows the next or previous annotation, cyclically; returns whether there is another.
    pub(crate) fn step(&mut self, back: bool) -> bool {
        let count = self.ids.len();
        self.index = if back { (self.index + count - 1) % count } else { (self.index + 1) % count };
        count > 1
    }

    /// Keeps only the annotations that still exist; returns whether any does.
    pub(crate) fn retain(&mut self, exists: impl Fn(AnnotationId) -> bool) -> bool {
        let shown = self.id();
        self.ids.retain(|id| exists(*id));
        self.index = self.ids.iter().position(|id| Some(*id) == shown).unwrap_or(self.index.min(self.ids.len().saturating_sub(1)));
        !self.ids.is_empty()
    }
}
