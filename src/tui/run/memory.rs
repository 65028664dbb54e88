//! What is remembered of each speech: the place, the marks; and the library.

use super::Program;
use pizhu_annotation::model::now;
use pizhu_library::reading_state::Place;
use pizhu_library::reading_state::ReadingState;
use pizhu_library::source::STDIN;
use crate::tui::effect::Event;
use crate::tui::effect::ReadingPlace;
use crate::tui::state::Notice;
use std::path::{Path, PathBuf};

impl Program {
    /// Does what belongs to a speech just opened: its marks, and the watch over its file.
    pub(super) fn attend(&mut self, number: u64, path: &Path, length: usize, whole: bool) {
        if let (Some(place), Some(reader)) = (self.places.place(path, None), &mut self.state.reader) {
            // What is not read yet is as long as it was.
            reader.marks = if whole { place.marks(length) } else { place.marks.clone() };
        }
        if path != Path::new(STDIN) {
            self.worker.watch(number, path, self.options.manner);
        }
    }

    pub(super) fn load_places(&mut self) {
        if let Some(folders) = &self.options.folders
            && let Ok((places, _)) = ReadingState::load(Some(&folders.state))
        {
            self.places = places;
        }
    }

    /// Where a speech was left.
    pub(super) fn resume(&self, path: &Path, length: usize, whole: bool) -> Option<usize> {
        let place = self.places.place(path, None)?;
        let at = if whole { place.resume(length) } else { place.offset };
        (at > 0).then_some(at)
    }

    pub(super) fn keep(&mut self, place: &ReadingPlace) -> Vec<Event> {
        if place.path == Path::new(STDIN) {
            return Vec::new();
        }
        self.load_places();
        let hash = self.desk.hash();
        self.places.record(
            &place.path,
            Place { offset: place.offset, furthest: place.seen, length: place.length, opened: now(), hash, marks: place.marks.clone() },
        );
        if !self.state.library.samples && !self.state.library.roots.is_empty() {
            self.places.set_library(absolute(&self.state.library.roots));
        }
        match self.places.save() {
            Ok(()) => Vec::new(),
            Err(error) => vec![Event::Said(Notice::error("cannot-save").with("reason", error))],
        }
    }
}

pub(super) fn absolute(roots: &[PathBuf]) -> Vec<PathBuf> {
    roots.iter().map(|root| std::path::absolute(root).unwrap_or_else(|_| root.clone())).collect()
}
