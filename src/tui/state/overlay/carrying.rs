//! What is being annotated when the text changes under it.

use super::{Draft, Overlay, tagging::TagTarget};
use pizhu_annotation::edit::carry;
use pizhu_text::document::Document;
use crate::tui::state::Notice;
use crate::tui::state::State;

impl State {
    /// Has the places that tags are being chosen for, or a note is being written on, go with their
    /// words, the text having been `old`. Where they are gone the choice is given up; what was
    /// written never is.
    pub fn carry_places(&mut self, old: &Document) {
        let Some(document) = self.reader.as_ref().map(|reader| reader.document().clone()) else { return };
        for overlay in [&mut self.overlay, &mut self.beneath] {
            match overlay {
                Some(Overlay::Picking(picking)) => {
                    let TagTarget::Places(places) = &mut picking.on else { continue };
                    if let Some(carried) = carry(places, old, &document) {
                        *places = carried;
                    } else {
                        *overlay = None;
                        self.notice = Some(Notice::error("place-gone"));
                    }
                }
                Some(Overlay::Editor(editor)) => {
                    let Draft::New(place) = editor.draft else { continue };
                    let carried = carry(&[place], old, &document);
                    editor.draft = carried.and_then(|carried| carried.first().copied()).map_or(Draft::Homeless, Draft::New);
                    if editor.draft == Draft::Homeless {
                        self.notice = Some(Notice::error("note-homeless"));
                    }
                }
                _ => {}
            }
        }
    }
}
