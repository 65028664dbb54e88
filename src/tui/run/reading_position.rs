//! Reading positions and marks of speeches, and the last library: loading and saving.
//!
//! A position is saved with the name of its text, which is kept: in a changed text, cursor and marks go
//! where their chars went.

use super::{program::Program, unsaved::ApproximatePlace};
use crate::app::reading_place::{PlaceInText, hash_if_short, position_in};
use crate::locale::notice;
use crate::tui::effect::{AppEvent, OpenText, SpeechPosition};
use crate::tui::message::StatusMessage;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::model::now;
use pizhu_annotation::store::KeptTexts;
use pizhu_library::reading_state::ReadingPosition;
use pizhu_library::reading_state::ReadingState;
use pizhu_library::reading_state::merged_marks;
use pizhu_library::source::STDIN;
use pizhu_text::document::Document;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Folder of the kept texts in the state folder.
const TEXTS_DIR: &str = "texts";

impl Program {
    /// The texts of saved positions; `None` if the settings turn them off.
    fn kept_texts(&self) -> Option<KeptTexts> {
        let folders = self.options.folders.as_ref().filter(|_| self.state.settings.snapshots)?;
        Some(KeptTexts::new(folders.state.join(TEXTS_DIR)))
    }

    /// Restores the marks of a speech just opened, and watches its file.
    pub(super) fn restore_marks_and_watch(&mut self, opening: u64, path: &Path, document: &Document) {
        self.autosave.approximate = None;
        self.autosave.found_place = None;
        let position = self.saved_position(path, hash_if_short(document), document);
        if let Some(position) = position.filter(|_| self.state.reader.is_some()) {
            self.dispatch(AppEvent::PlaceRestored { marks: position.shown.marks.clone(), offset: None });
            self.autosave.placed = Some(opening);
            self.find_exact_place(opening, path, position);
        } else {
            self.autosave.placed = None;
        }
        self.autosave.marks_base = self.state.reader.as_ref().map(|reader| reader.marks.clone()).unwrap_or_default();
        if path != Path::new(STDIN) {
            self.jobs.watch_speech(opening, path, self.options.read_options);
        }
    }

    /// Looks for the saved place in a text that has now been read to its end, if it was saved in another.
    pub(super) fn find_place_in_whole_text(&mut self, opening: u64, path: &Path, document: &Document) {
        if self.autosave.placed != Some(opening) || self.autosave.approximate.is_some() || self.autosave.found_place.is_some() {
            return;
        }
        let Some(mut position) = self.saved_position(path, hash_if_short(document), document) else { return };
        if let Some(saved) = &position.to_find {
            // The place was shown as it was saved.
            position.shown = saved.clone();
            self.find_exact_place(opening, path, position);
        }
    }

    /// Looks for a saved place in the open text, which is not the one it was saved in.
    fn find_exact_place(&mut self, opening: u64, path: &Path, position: PlaceInText) {
        let (Some(saved), Some(reader), Some(texts)) = (position.to_find, &self.state.reader, self.kept_texts()) else { return };
        let (document, cursor) = (Arc::clone(reader.document()), reader.viewport.cursor());
        self.autosave.approximate = Some(ApproximatePlace { opening, saved: saved.clone(), shown: position.shown, cursor });
        self.jobs.spawn("placing", opening, path, move |events| {
            let place = Box::new(position_in(&saved, &document.source, Some(&texts)));
            events(AppEvent::PlaceFound { opening, text: OpenText(document), place });
        });
    }

    /// Takes the exact place, where the user has not gone on or changed a mark meanwhile.
    pub(super) fn take_found_place(&mut self, opening: u64, text: &OpenText, place: &ReadingPosition) {
        let Some(approximate) = self.autosave.approximate.take_if(|approximate| approximate.opening == opening) else { return };
        let Some(reader) = self.state.reader.as_ref().filter(|reader| reader.document().source == text.0.source) else { return };
        let ApproximatePlace { shown, cursor, saved, .. } = approximate;
        let is_unchanged = |name: &str| reader.marks.get(name) == shown.marks.get(name);
        let marks = place.marks.iter().filter(|(name, _)| is_unchanged(name)).map(|(name, offset)| (name.clone(), *offset)).collect();
        self.dispatch(AppEvent::PlaceCorrected { marks, shown: (shown.offset, cursor), exact: place.offset });
        self.autosave.marks_base.clone_from(&place.marks);
        self.autosave.found_place = Some((saved, place.clone()));
    }

    pub(super) fn load_positions(&mut self) {
        if let Some(folders) = &self.options.folders
            && let Ok((state, _)) = ReadingState::load(Some(&folders.state))
        {
            self.reading_state = state;
        }
    }

    /// The saved position in a speech, by its path or the identity of its text.
    fn saved_position(&self, path: &Path, hash: Option<SpeechHash>, document: &Document) -> Option<PlaceInText> {
        Some(PlaceInText::new(self.reading_state.position(path, hash)?, document))
    }

    /// The saved cursor of a speech; `None` at its start.
    pub(super) fn saved_cursor(&self, path: &Path, document: &Document) -> Option<usize> {
        let offset = self.saved_position(path, hash_if_short(document), document)?.shown.offset;
        (offset > 0).then_some(offset)
    }

    /// Takes the place and the marks of a speech that was read elsewhere, once the text has been read
    /// to its end, if none was known by the path and the reader has neither moved nor set a mark.
    pub(super) fn find_place_by_text(&mut self) {
        let Some(reader) = &self.state.reader else { return };
        let texts = self.annotation_controller.known_texts();
        if texts.is_empty() {
            return;
        }
        if self.autosave.placed == Some(reader.opening) || !reader.document().is_final {
            return;
        }
        self.autosave.placed = Some(reader.opening);
        let path = reader.origin.path.clone();
        if let Some(text) = texts.into_iter().find(|text| self.reading_state.position(&path, Some(*text)).is_some()) {
            self.take_place(&path, text);
        }
    }

    /// Takes the place and the marks of the speech with this text.
    pub(super) fn take_place(&mut self, path: &Path, hash: SpeechHash) {
        let Some(reader) = self.state.reader.as_ref().filter(|reader| reader.viewport.cursor() == 0 && reader.marks.is_empty()) else {
            return;
        };
        let document = reader.document().clone();
        let Some(position) = self.saved_position(path, Some(hash), &document) else { return };
        let opening = reader.opening;
        let (marks, offset) = (position.shown.marks.clone(), position.shown.offset);
        self.autosave.marks_base.clone_from(&marks);
        self.dispatch(AppEvent::PlaceRestored { marks, offset: (offset > 0).then_some(offset) });
        self.find_exact_place(opening, path, position);
    }

    pub(super) fn save_position(&mut self, position: &SpeechPosition) -> Vec<AppEvent> {
        if position.path == Path::new(STDIN) || position.length == 0 {
            // An empty text has no place; the file may be full again tomorrow.
            return Vec::new();
        }
        let Some(folders) = &self.options.folders else { return Vec::new() };
        let state = folders.state.clone();
        let change = self.position_change(position);
        match ReadingState::update(&state, change) {
            Ok(updated) => {
                self.reading_state = updated;
                Vec::new()
            }
            Err(error) => vec![AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error))],
        }
    }

    /// The change of the reading state that saves a position as of now.
    pub(super) fn position_change(&mut self, position: &SpeechPosition) -> impl FnOnce(&mut ReadingState) + Send + 'static + use<> {
        let base = std::mem::replace(&mut self.autosave.marks_base, position.marks.clone());
        let library =
            (!self.state.library.samples && !self.state.library.roots.is_empty()).then(|| absolute_paths(&self.state.library.roots));
        let hash = self.annotation_controller.hash();
        let texts = self.kept_texts();
        let (position, opened) = (position.clone(), now());
        // The place shown is not yet the exact one, and the user has not moved.
        let is_unmoved = self.autosave.approximate.as_ref().is_some_and(|approximate| approximate.cursor == position.offset);
        let found = self.autosave.found_place.clone();
        move |state| {
            let document = &position.text.0;
            let text = texts.as_ref().filter(|_| document.is_final).and_then(|texts| texts.keep(&document.source));
            let before = state.position(&position.path, hash);
            let before = before.map(|before| match found {
                Some((saved, place)) if saved == *before && place.length == document.source.len() => place,
                _ => position_in(before, &document.source, texts.as_ref()),
            });
            // Another reader of the speech may have moved on since: its place is newer, its marks are kept.
            let place =
                before.as_ref().filter(|before| is_unmoved || before.opened > opened).map_or(position.offset, |before| before.offset);
            let furthest = position.visible_end.max(before.as_ref().map_or(0, |before| before.furthest));
            let theirs = before.map(|before| before.marks).unwrap_or_default();
            let marks = merged_marks(&base, &position.marks, theirs);
            let length = position.length;
            state.set_position(&position.path, ReadingPosition { offset: place, furthest, length, opened, hash, text, marks });
            if let Some(library) = library {
                state.set_library(library);
            }
        }
    }
}

pub(super) fn absolute_paths(roots: &[PathBuf]) -> Vec<PathBuf> {
    roots.iter().map(|root| std::path::absolute(root).unwrap_or_else(|_| root.clone())).collect()
}
