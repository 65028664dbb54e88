//! Re-anchors the targets of open overlays when the text changes.

use crate::locale::notice;
use crate::tui::message::StatusMessage;
use crate::tui::state::{NoteTarget, Overlay, State, TagTarget};
use pizhu_annotation::edit::transfer_anchors;
use pizhu_text::document::Document;

impl State {
    /// Maps the targets of an open tag picker or note editor from the `old` text to the current one.
    /// If they are gone, the tag picker closes; a note being written is kept.
    pub(crate) fn reanchor_overlays(&mut self, old: &Document) {
        let Some(document) = self.reader.as_ref().map(|reader| reader.document().clone()) else { return };
        for overlay in [&mut self.overlay, &mut self.overlay_below] {
            match overlay {
                Some(Overlay::TagPicker(tag_picker)) => {
                    let TagTarget::New(targets) = &mut tag_picker.target else { continue };
                    if let Some(transferred) = transfer_anchors(targets, old, &document) {
                        *targets = transferred;
                    } else {
                        *overlay = None;
                        self.status = Some(StatusMessage::error(notice::PLACE_GONE));
                    }
                }
                Some(Overlay::Editor(editor)) => {
                    let NoteTarget::New(target) = editor.target else { continue };
                    let transferred = transfer_anchors(&[target], old, &document);
                    editor.target =
                        transferred.and_then(|transferred| transferred.first().copied()).map_or(NoteTarget::Lost, NoteTarget::New);
                    if editor.target == NoteTarget::Lost {
                        self.status = Some(StatusMessage::error(notice::NOTE_HOMELESS));
                    }
                }
                _ => {}
            }
        }
    }
}
