//! Imports files of annotations off the drawing thread, one after another.

use super::{
    effect::AppEvent,
    event_sink::EventSink,
    message::StatusMessage,
    overlay::{Overlay, Prompt, PromptKind},
    state::State,
    store_access::StoreAccess,
};
use crate::app::{
    import::{ImportReport, ImportRequest, MAX_ARCHIVE_BYTES, import_annotations},
    job::CancelToken,
    stores::StoreFinder,
};
use crate::locale::notice;
use crate::tui::effect::Effect;
use pizhu_files::regular_file::read_regular;
use pizhu_library::exchange::import;
use pizhu_library::source::ReadOptions;
use std::path::{Path, PathBuf};

impl State {
    /// Asks for the file to import.
    pub(in crate::tui) fn prompt_import(&mut self) {
        self.overlay = Some(Overlay::Prompt(Prompt::new(PromptKind::Import, 0)));
    }

    /// Imports a file into the store of the open or selected speech; the speeches of the list may be those
    /// that it is about.
    pub(in crate::tui) fn import_file(&mut self, file: &str, effects: &mut Vec<Effect>) {
        if file.is_empty() {
            self.status = Some(StatusMessage::hint(notice::NO_FILE_NAMED));
            return;
        }
        let open = self.reader.as_ref().map(|reader| reader.origin.path.clone());
        let candidates = self.library.entries().iter().map(|entry| entry.path.clone()).chain(open).collect();
        self.status = Some(StatusMessage::done(notice::IMPORTING).with("path", file));
        effects.push(Effect::Import { near: self.store_place(), file: PathBuf::from(file), candidates });
    }
}

/// An import.
pub(super) struct ImportJob {
    /// The store.
    pub(super) access: StoreAccess,
    /// The file.
    pub(super) file: PathBuf,
    /// The speeches that the annotations may belong to.
    pub(super) candidates: Vec<PathBuf>,
    /// The author of what names none.
    pub(super) author: String,
    /// How speeches are read.
    pub(super) options: ReadOptions,
    /// Whether the store keeps the texts of its speeches.
    pub(super) snapshots: bool,
}

impl ImportJob {
    /// Imports the file, and tells what came of it.
    pub(super) fn perform(self, events: &EventSink) {
        let file = self.file.clone();
        let message = match self.import() {
            Ok(report) => {
                events(AppEvent::LibraryChanged);
                told(&report)
            }
            Err(reason) => refused(&file, &reason),
        };
        events(AppEvent::Status(message));
    }

    fn import(self) -> Result<ImportReport, String> {
        let bytes = read_regular(&self.file, MAX_ARCHIVE_BYTES).map_err(|error| error.to_string())?;
        let batch = import::read(&self.file, &bytes).map_err(|error| error.to_string())?;
        let (store, _) = self.access.open().map_err(|error| error.to_string())?;
        let store = store.with_snapshots(self.snapshots);
        let stores = StoreFinder::new(self.access.given.clone(), true, self.snapshots);
        let request = ImportRequest {
            file: &self.file,
            batch: &batch,
            store: &store,
            candidates: &self.candidates,
            texts: None,
            author: &self.author,
        };
        let imported = import_annotations(&request, (&stores, self.options), &CancelToken::default(), &mut |_| {});
        // Nobody cancels it.
        imported.map(Option::unwrap_or_default).map_err(|error| error.to_string())
    }
}

/// What came of an import.
fn told(report: &ImportReport) -> StatusMessage {
    let message = if report.failed.is_empty() { StatusMessage::done(notice::IMPORTED) } else { StatusMessage::error(notice::IMPORTED) };
    message.with("created", report.created).with("merged", report.merged).with("review", report.review).with("failed", report.failed.len())
}

fn refused(file: &Path, reason: &str) -> StatusMessage {
    StatusMessage::error(notice::CANNOT_IMPORT).with("path", file.display()).with("reason", reason)
}

#[cfg(test)]
mod tests {
    use crate::tui::effect::Effect;
    use crate::tui::test_harness::{SPEECH, Scene};
    use std::path::Path;

    #[test]
    fn a_file_to_import_is_asked_for() {
        let mut scene = Scene::reading(SPEECH, 80, 24);
        scene.keys("gE<Enter>");
        assert_eq!(scene.status_id(), "no-file-named");
        scene.keys("gE ab.json <Enter>");
        assert_eq!(scene.status_id(), "importing");
        let asked = scene.unperformed.iter().any(|effect| match effect {
            Effect::Import { file, candidates, .. } => file == Path::new("ab.json") && candidates.contains(&scene.reader().origin.path),
            _ => false,
        });
        assert!(asked);
    }
}
