//! Performs effects: hands them to the threads, or does them here if they touch the terminal.

use super::program::Program;
use crate::tui::background_jobs::BackgroundJobs;
use crate::tui::background_jobs::TagSources;
use crate::tui::effect::AppEvent;
use crate::tui::effect::Effect;
use crate::tui::external;
use crate::tui::library_query::QuerySources;
use crate::tui::message::Size;
use crate::tui::message::StatusMessage;
use crate::tui::search_worker::SearchRequest;
use crossterm::{clipboard::CopyToClipboard, execute};
use pizhu_library::exchange::Destination;
use pizhu_terminal as terminal;
use std::io;

impl Program {
    pub(super) fn perform(&mut self, effect: Effect) {
        let events = match effect {
            Effect::Open { opening, path } => {
                self.jobs.open(opening, path, self.options.read_options);
                Vec::new()
            }
            Effect::Close => {
                self.jobs.unwatch_speech();
                self.annotation_controller.close();
                Vec::new()
            }
            Effect::SavePosition(position) => self.save_position(&position),
            Effect::Scan { roots } => {
                self.jobs.set_memory_limit(self.state.settings.memory);
                self.load_positions();
                let cache = self.options.folders.as_ref().map(|folders| folders.cache.clone());
                let tag_sources = TagSources { store: self.options.store.clone(), writer: self.annotation_controller.writer() };
                self.jobs.scan(roots, cache, self.options.read_options, self.reading_state.clone(), tag_sources);
                Vec::new()
            }
            Effect::Find { query, mode, generation, document, nearest } => {
                self.jobs.search(SearchRequest { query, mode, generation, document, nearest });
                Vec::new()
            }
            Effect::QueryLibrary(query) => {
                let sources = QuerySources {
                    read_options: self.options.read_options,
                    store: self.options.store.clone(),
                    writer: self.annotation_controller.writer(),
                };
                self.jobs.query_library(*query, sources);
                Vec::new()
            }
            Effect::ExportPassages { query, path, overwrite } => {
                let sources = QuerySources {
                    read_options: self.options.read_options,
                    store: self.options.store.clone(),
                    writer: self.annotation_controller.writer(),
                };
                self.jobs.export_passages(*query, sources, Destination::new(&path, overwrite));
                Vec::new()
            }
            Effect::ExportCounts { table, locale, path, overwrite } => {
                self.jobs.export_counts(*table, locale, Destination::new(&path, overwrite));
                Vec::new()
            }
            Effect::Annotate(edits) => self.annotation_controller.annotate(edits),
            Effect::Export(export) => {
                let store = self.options.store.clone();
                self.jobs.export(*export, store);
                Vec::new()
            }
            Effect::Undo => self.annotation_controller.undo(false),
            Effect::Redo => self.annotation_controller.undo(true),
            Effect::LoadHistory => self.annotation_controller.history().into_iter().collect(),
            Effect::LinkCopies(request) => {
                self.annotation_controller.link_copies(request);
                Vec::new()
            }
            Effect::Restore(action) => self.annotation_controller.restore(action),
            Effect::Copy(text) => self.copy(&text),
            Effect::EditExternally(text) => vec![self.edit_externally(&text)],
            Effect::Suspend => match self.suspend() {
                Ok(()) => Vec::new(),
                Err(error) => vec![AppEvent::Status(StatusMessage::error("cannot-save").with("reason", error))],
            },
            Effect::Redraw => {
                self.screen.invalidate();
                Vec::new()
            }
            Effect::SaveSettings(settings) => self.save_settings(*settings),
            Effect::Quit => {
                self.running = false;
                let mut effects = Vec::new();
                self.state.save_position(&mut effects);
                for effect in effects {
                    self.perform(effect);
                }
                Vec::new()
            }
        };
        for event in events {
            self.dispatch(event);
        }
    }

    fn copy(&mut self, text: &str) -> Vec<AppEvent> {
        BackgroundJobs::copy_to_clipboard(text.to_owned());
        let result = self.guard.output().and_then(|mut output| execute!(output, CopyToClipboard::to_clipboard_from(text)));
        match result {
            Ok(()) => Vec::new(),
            Err(error) => vec![AppEvent::Status(StatusMessage::error("cannot-copy").with("reason", error))],
        }
    }

    /// Lends the terminal to the user's editor.
    fn edit_externally(&mut self, text: &str) -> AppEvent {
        let Some(editor) = external::editor_command(|name| std::env::var(name).ok()) else {
            return AppEvent::Status(StatusMessage::hint("no-editor"));
        };
        let edited = self.with_original_terminal(|| external::edit_text(&editor, text));
        match edited {
            Ok(text) => AppEvent::EditedExternally(text),
            Err(error) => AppEvent::Status(StatusMessage::error("editor-failed").with("reason", error)),
        }
    }

    /// Runs `action` with the terminal in its original state. Only this thread reads terminal input,
    /// so the reader need not be paused.
    fn with_original_terminal<T>(&mut self, action: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.guard.release();
        let result = action();
        self.guard.resume()?;
        self.screen.invalidate();
        let size = terminal::size()?;
        self.screen.resize(size);
        self.state.resize(Size { width: size.width, height: size.height });
        result
    }
}
