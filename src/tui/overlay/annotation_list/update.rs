//! Updates of the list of annotations.

use crate::locale::notice;
use crate::tui::message::StatusMessage;
use crate::tui::overlay::{AnnotationList, Overlay};
use crate::tui::state::State;
use crate::tui::widget::inner_area;
use pizhu_annotation::AnnotationId;

impl State {
    /// Opens the list, with the last annotation before the cursor selected; closes it if it is open.
    pub(crate) fn open_annotations(&mut self, notes_only: bool) {
        if matches!(self.overlay, Some(Overlay::Annotations(_))) {
            self.close_overlay();
            return;
        }
        let Some(reader) = &self.reader else { return };
        let mut annotation_list = AnnotationList::new(notes_only);
        let entries = annotation_list.entries(reader);
        if entries.is_empty() {
            let id = match (reader.annotations.is_loaded(), notes_only) {
                (false, _) => notice::ANNOTATIONS_NOT_LOADED,
                (true, true) => notice::NO_NOTES,
                (true, false) => notice::NO_ANNOTATIONS,
            };
            self.status = Some(StatusMessage::hint(id));
            return;
        }
        let cursor = reader.viewport.cursor();
        let here = entries.iter().rposition(|anchored| anchored.span.is_some_and(|span| span.start <= cursor)).unwrap_or(0);
        annotation_list.list.select(here, entries.len(), self.annotation_list_height());
        self.overlay = Some(Overlay::Annotations(annotation_list));
    }

    /// Toggles between annotations with notes and all.
    pub(crate) fn toggle_notes_only(&mut self) {
        let height = self.annotation_list_height();
        let Some(Overlay::Annotations(annotation_list)) = &mut self.overlay else { return };
        let Some(reader) = &self.reader else { return };
        let selected = annotation_list.entries(reader).get(annotation_list.list.selected()).map(|anchored| anchored.annotation.id);
        annotation_list.notes_only = !annotation_list.notes_only;
        let entries = annotation_list.entries(reader);
        let at = entries.iter().position(|anchored| Some(anchored.annotation.id) == selected).unwrap_or(0);
        annotation_list.list.select(at, entries.len(), height);
        let id = if annotation_list.notes_only { notice::NOTES_ONLY } else { notice::ALL_ANNOTATIONS };
        self.status = Some(StatusMessage::done(id).with("count", entries.len()));
    }

    /// Number of annotations listed.
    #[must_use]
    pub(crate) fn annotation_list_len(&self) -> usize {
        match (&self.overlay, &self.reader) {
            (Some(Overlay::Annotations(annotation_list)), Some(reader)) => annotation_list.entries(reader).len(),
            _ => 0,
        }
    }

    /// Moves the selection; returns whether it changed.
    pub(crate) fn select_annotation_by(&mut self, steps: isize) -> bool {
        let (count, height) = (self.annotation_list_len(), self.annotation_list_height());
        let Some(Overlay::Annotations(annotation_list)) = &mut self.overlay else { return false };
        let before = annotation_list.list.selected();
        annotation_list.list.step(steps, count, height);
        annotation_list.list.selected() != before
    }

    fn annotation_list_height(&self) -> u16 {
        inner_area(self.size.above_status_line()).height
    }

    /// Closes the list and goes to the selected annotation.
    pub(crate) fn go_to_listed_annotation(&mut self) {
        let Some(id) = self.listed_annotation() else {
            self.status = Some(StatusMessage::hint(notice::NO_ANNOTATIONS));
            return;
        };
        let span = self.reader.as_ref().and_then(|reader| reader.annotations.span_of(id));
        match span {
            Some(span) => {
                self.close_all_overlays();
                if let Some(reader) = &mut self.reader {
                    reader.jump_to(span.start);
                }
                self.arrange();
            }
            None => self.status = Some(StatusMessage::hint(notice::ANNOTATION_HAS_NO_PLACE)),
        }
    }

    /// The selected annotation.
    #[must_use]
    pub(crate) fn listed_annotation(&self) -> Option<AnnotationId> {
        let Some(Overlay::Annotations(annotation_list)) = &self.overlay else { return None };
        let entries = annotation_list.entries(self.reader.as_ref()?);
        entries.get(annotation_list.list.selected()).map(|anchored| anchored.annotation.id)
    }
}
