//! The effects: handed to the threads, or done here where they touch the terminal.

use super::Program;
use pizhu_library::exchange::Destination;
use crate::tui::effect::Effect;
use crate::tui::effect::Event;
use crate::tui::finder::Question;
use crate::tui::inquiry::Sources;
use crate::tui::outside;
use crate::tui::state::Notice;
use crate::tui::state::Size;
use pizhu_terminal as terminal;
use crate::tui::worker::Tagging;
use crate::tui::worker::Worker;
use crossterm::{clipboard::CopyToClipboard, execute};
use std::io;

impl Program {
    pub(super) fn perform(&mut self, effect: Effect) {
        let events = match effect {
            Effect::Open { number, path } => {
                self.worker.open(number, path, self.options.manner);
                Vec::new()
            }
            Effect::Close => {
                self.worker.unwatch();
                self.desk.close();
                Vec::new()
            }
            Effect::KeepPlace(place) => self.keep(&place),
            Effect::Scan { roots } => {
                self.worker.set_memory(self.state.settings.memory);
                self.load_places();
                let cache = self.options.folders.as_ref().map(|folders| folders.cache.clone());
                let tagging = Tagging { store: self.options.store.clone(), writer: self.desk.writer() };
                self.worker.scan(roots, cache, self.options.manner, self.places.clone(), tagging);
                Vec::new()
            }
            Effect::Find { query, mode, generation, document, nearest } => {
                self.worker.find(Question { query, mode, generation, document, nearest });
                Vec::new()
            }
            Effect::Inquire(inquiry) => {
                let sources = Sources { manner: self.options.manner, store: self.options.store.clone(), writer: self.desk.writer() };
                self.worker.inquire(*inquiry, sources);
                Vec::new()
            }
            Effect::ExportAcross { inquiry, path, replaces } => {
                let sources = Sources { manner: self.options.manner, store: self.options.store.clone(), writer: self.desk.writer() };
                self.worker.export_across(*inquiry, sources, Destination::new(&path, replaces));
                Vec::new()
            }
            Effect::ExportCounts { table, locale, path, replaces } => {
                self.worker.export_counts(*table, locale, Destination::new(&path, replaces));
                Vec::new()
            }
            Effect::Annotate(edits) => self.desk.annotate(edits),
            Effect::Export(export) => {
                let store = self.options.store.clone();
                self.worker.export(*export, store);
                Vec::new()
            }
            Effect::Undo => self.desk.undo(false),
            Effect::Redo => self.desk.undo(true),
            Effect::AskHistory => self.desk.history().into_iter().collect(),
            Effect::Share(asked) => {
                self.desk.share(asked);
                Vec::new()
            }
            Effect::Restore(action) => self.desk.restore(action),
            Effect::Copy(text) => self.copy(&text),
            Effect::EditOutside(text) => vec![self.edit_outside(&text)],
            Effect::Suspend => match self.suspend() {
                Ok(()) => Vec::new(),
                Err(error) => vec![Event::Said(Notice::error("cannot-save").with("reason", error))],
            },
            Effect::Redraw => {
                self.screen.invalidate();
                Vec::new()
            }
            Effect::KeepSettings(settings) => self.keep_settings(*settings),
            Effect::Quit => {
                self.running = false;
                let mut effects = Vec::new();
                self.state.keep_place(&mut effects);
                for effect in effects {
                    self.perform(effect);
                }
                Vec::new()
            }
        };
        for event in events {
            self.happened(event);
        }
    }

    fn copy(&mut self, text: &str) -> Vec<Event> {
        Worker::copy(text.to_owned());
        let done = self.guard.output().and_then(|mut output| execute!(output, CopyToClipboard::to_clipboard_from(text)));
        match done {
            Ok(()) => Vec::new(),
            Err(error) => vec![Event::Said(Notice::error("cannot-copy").with("reason", error))],
        }
    }

    /// Gives the terminal to the user's editor and takes it again.
    fn edit_outside(&mut self, text: &str) -> Event {
        let Some(editor) = outside::editor(|name| std::env::var(name).ok()) else {
            return Event::Said(Notice::hint("no-editor"));
        };
        let edited = self.lend(|| outside::edit(&editor, text));
        match edited {
            Ok(text) => Event::EditedOutside(text),
            Err(error) => Event::Said(Notice::error("editor-failed").with("reason", error)),
        }
    }

    /// Does something with the terminal as it was found. Its input is left alone: this thread is
    /// the one that reads it.
    fn lend<T>(&mut self, use_it: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.guard.give_back();
        let done = use_it();
        self.guard.resume()?;
        self.screen.invalidate();
        let size = terminal::size()?;
        self.screen.resize(size);
        self.state.resize(Size { width: size.width, height: size.height });
        done
    }
}
