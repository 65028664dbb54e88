//! Reading positions and marks of speeches, and the last library: loading and saving.

use super::program::Program;
use crate::tui::effect::AppEvent;
use crate::tui::effect::SpeechPosition;
use crate::tui::message::StatusMessage;
use pizhu_annotation::model::now;
use pizhu_library::reading_state::ReadingPosition;
use pizhu_library::reading_state::ReadingState;
use pizhu_library::reading_state::merged_marks;
use pizhu_library::source::STDIN;
use std::path::{Path, PathBuf};

impl Program {
    /// Restores the marks of a speech just opened, and watches its file.
    pub(super) fn restore_marks_and_watch(&mut self, opening: u64, path: &Path, length: usize, is_complete: bool) {
        if let (Some(position), Some(reader)) = (self.reading_state.position(path, None), &mut self.state.reader) {
            // While the text is incomplete, its length is unknown and marks are not clamped.
            reader.marks = if is_complete { position.scaled_marks(length) } else { position.marks.clone() };
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
    pub(super) fn saved_cursor(&self, path: &Path, length: usize, is_complete: bool) -> Option<usize> {
        let position = self.reading_state.position(path, None)?;
        let offset = if is_complete { position.resume_offset(length) } else { position.offset };
        (offset > 0).then_some(offset)
    }

    pub(super) fn save_position(&mut self, position: &SpeechPosition) -> Vec<AppEvent> {
        if position.path == Path::new(STDIN) {
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

pub(super) fn absolute_paths(roots: &[PathBuf]) -> Vec<PathBuf> {
    roots.iter().map(|root| std::path::absolute(root).unwrap_or_else(|_| root.clone())).collect()
}
