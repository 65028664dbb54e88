//! Picking an annotation to do something to it.

use super::AnnotationPicker;
use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::{AnnotationOp, StatusMessage};
use crate::tui::overlay::{Overlay, tag_picker::tag_names};
use crate::tui::state::State;
use crate::tui::widget::{Picker, PickerChoice, PickerItem};
use pizhu_annotation::AnnotationId;

impl State {
    /// Opens a picker of one of several annotations, to apply `act` to it.
    pub(crate) fn open_annotation_picker(&mut self, ids: &[AnnotationId], op: AnnotationOp) {
        let Some(reader) = &self.reader else { return };
        let items = ids.iter().filter_map(|id| reader.annotations.get(*id)).map(|anchored| {
            let tags = tag_names(&reader.annotations.tags(&anchored.annotation));
            let quote: String = anchored.annotation.selector.quote.chars().filter(|c| !c.is_control()).take(24).collect();
            let note = anchored.annotation.note.lines().next().unwrap_or_default();
            PickerItem { name: format!("{quote}  {tags} {note}"), ..PickerItem::default() }
        });
        let picker = Picker::new(items.collect(), false);
        self.overlay = Some(Overlay::AnnotationPicker(AnnotationPicker { picker, ids: ids.to_vec(), op }));
        self.fit_overlay();
    }

    pub(in crate::tui) fn accept_annotation(&mut self, annotation_picker: &AnnotationPicker, effects: &mut Vec<Effect>) {
        match annotation_picker.picker.choice() {
            Some(PickerChoice::Items(items)) => {
                if let Some(id) = items.first().and_then(|item| annotation_picker.ids.get(*item)) {
                    self.apply_op(annotation_picker.op, *id, effects);
                }
            }
            _ => self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE)),
        }
    }
}
