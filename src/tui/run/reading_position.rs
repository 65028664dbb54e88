//! Reading positions and marks of speeches, and the last library: loading and saving.

use super::program::Program;
use crate::tui::effect::AppEvent;
use crate::tui::effect::SpeechPosition;
use crate::tui::message::StatusMessage;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::model::now;
use pizhu_library::reading_state::ReadingPosition;
use pizhu_library::reading_state::ReadingState;
use pizhu_library::reading_state::merged_marks;
use pizhu_library::source::STDIN;
use pizhu_text::document::Document;
use std::path::{Path, PathBuf};

/// Maximum length in chars of a text that is hashed at once: a few milliseconds.
const MAX_HASHED_CHARS: usize = 400_000;

impl Program {
    /// Restores the marks of a speech just opened, and watches its file.
    pub(super) fn restore_marks_and_watch(&mut self, opening: u64, path: &Path, document: &Document) {
        let hash = hash_if_short(document);
        if let (Some(position), Some(reader)) = (self.reading_state.position(path, hash), &mut self.state.reader) {
            // While the text is incomplete, its length is unknown and marks are not clamped.
            reader.marks = if document.is_final { position.scaled_marks(document.source.len()) } else { position.marks.clone() };
            self.autosave.placed = Some(opening);
        } else {
            self.autosave.placed = None;
        }
        self.autosave.marks_base = self.state.reader.as_ref().map(|reader| reader.marks.clone()).unwrap_or_default();
        if path != Path::new(STDIN) {
            self.jobs.watch_speech(opening, path, self.options.read_options);
        }
    }

    pub(super) fn load_positions(&mut self) {
        if let Some(folders) = &self.options.folders
            && let Ok((state, _)) = ReadingState::load(Some(&folders.state))
        {
            self.reading_state = state;
        }
    }

    /// The saved cursor of a speech; `None` at its start.
    pub(super) fn saved_cursor(&self, path: &Path, document: &Document) -> Option<usize> {
        let position = self.reading_state.position(path, hash_if_short(document))?;
        let offset = if document.is_final { position.resume_offset(document.source.len()) } else { position.offset };
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
        let Some(reader) = self.state.reader.as_mut().filter(|reader| reader.viewport.cursor() == 0 && reader.marks.is_empty()) else {
            return;
        };
        let Some(position) = self.reading_state.position(path, Some(hash)) else { return };
        let length = reader.document().source.len();
        reader.marks = position.scaled_marks(length);
        self.autosave.marks_base.clone_from(&reader.marks);
        let offset = position.resume_offset(length);
        if offset > 0 {
            reader.resume_at(offset);
        }
        self.state.arrange();
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
            Err(error) => vec![AppEvent::Status(StatusMessage::error("cannot-save").with("reason", error))],
        }
    }

    /// The change of the reading state that saves a position as of now.
    pub(super) fn position_change(&mut self, position: &SpeechPosition) -> impl FnOnce(&mut ReadingState) + Send + 'static + use<> {
        let base = std::mem::replace(&mut self.autosave.marks_base, position.marks.clone());
        let library =
            (!self.state.library.samples && !self.state.library.roots.is_empty()).then(|| absolute_paths(&self.state.library.roots));
        let hash = self.annotation_controller.hash();
        let (position, opened) = (position.clone(), now());
        move |state| {
            let before = state.position(&position.path, hash);
            // Another reader of the speech may have moved on since: its place is newer, its marks are kept.
            let place =
                before.filter(|before| before.opened > opened).map_or(position.offset, |before| before.resume_offset(position.length));
            let theirs = before.map(|before| before.scaled_marks(position.length)).unwrap_or_default();
            let marks = merged_marks(&base, &position.marks, theirs);
            let (furthest, length) = (position.visible_end, position.length);
            state.set_position(&position.path, ReadingPosition { offset: place, furthest, length, opened, hash, marks });
            if let Some(library) = library {
                state.set_library(library);
            }
        }
    }
}

/// The identity of a text that has been read to its end and is short enough to be hashed before it is
/// drawn. That of a longer one comes with its annotations.
fn hash_if_short(document: &Document) -> Option<SpeechHash> {
    (document.is_final && document.source.len() <= MAX_HASHED_CHARS).then(|| SpeechHash::from_text(&document.source))
}

pub(super) fn absolute_paths(roots: &[PathBuf]) -> Vec<PathBuf> {
    roots.iter().map(|root| std::path::absolute(root).unwrap_or_else(|_| root.clone())).collect()
}
