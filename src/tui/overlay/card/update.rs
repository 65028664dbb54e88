//! Opening the card of an annotation, and what its keys do.

use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::{AnnotationOp, StatusMessage};
use crate::tui::overlay::{AnnotationCard, Overlay};
use crate::tui::state::{ReaderScreen, State};

impl State {
    /// Shows the annotations at the cursor, one after another.
    pub(crate) fn open_card(&mut self) {
        let ids = self.reader.as_ref().map(ReaderScreen::annotations_here).unwrap_or_default();
        match AnnotationCard::new(ids) {
            Some(card) => self.push_overlay(Overlay::Card(card)),
            None => self.status = Some(StatusMessage::hint(notice::NO_ANNOTATION_HERE)),
        }
    }

    /// Shows the next or previous annotation at the cursor.
    pub(crate) fn step_card(&mut self, back: bool) {
        let Some(Overlay::Card(card)) = &mut self.overlay else { return };
        if !card.step(back) {
            self.status = Some(StatusMessage::hint(notice::ONLY_ANNOTATION_HERE));
        }
    }

    /// Applies an operation to the annotation shown.
    pub(crate) fn apply_to_card(&mut self, op: AnnotationOp, effects: &mut Vec<Effect>) {
        let Some(Overlay::Card(card)) = &self.overlay else { return };
        if let Some(id) = card.id() {
            self.apply_op(op, id, effects);
        }
    }
}
