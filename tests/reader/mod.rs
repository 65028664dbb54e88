//! A reader without a screen: a session with its store writer and its events.

#![allow(dead_code, reason = "shared by several modules; each uses a part")]

use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::SaveState;
use pizhu_annotation::Session;
use pizhu_annotation::SessionEvent;
use pizhu_annotation::Store;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::StoreWriter;
use pizhu_annotation::Target;
use pizhu_annotation::WriterEvent;
use pizhu_annotation::storage::Storage;
use pizhu_text::document::Document;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use std::{
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::{Duration, Instant},
};

pub const SPEECH: &str = "在青禾县组织工作推进会的讲话\n同志们：\n一、抓好人才工作\n要把人才放在心上。\n二、抓好基层党建\n要建强支部。\n";
/// Maximum time to wait for an event.
pub const TIMEOUT: Duration = Duration::from_mins(1);

pub fn document() -> Document {
    Document::from(SourceText::from(SPEECH))
}

/// The `n`-th target of two characters in the speech; wraps around at its end.
pub fn target(n: usize) -> Target {
    let start = n * 3 % (SPEECH.chars().count() - 4);
    Target::Passage(Span::new(start, start + 2))
}

/// A store in `dir`, with its state folder.
pub fn store(dir: &Path) -> Store {
    Store::new(StoreLocation::from_dir(&dir.join("store")), dir.join("state"))
}

pub fn store_on(storage: Arc<dyn Storage>, dir: &Path) -> Store {
    Store::with_storage(storage, StoreLocation::from_dir(&dir.join("store")), dir.join("state"))
}

/// The notes as a new process reads them, sorted. Panics if anything is damaged.
pub fn notes(store: &Store, dir: &Path) -> Vec<String> {
    let (anchor_index, warnings) = store.annotations(&document(), &dir.join("讲话.txt")).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    let mut notes: Vec<String> = anchor_index.iter().map(|placed| placed.annotation.note.clone()).collect();
    notes.sort();
    notes
}

/// A session on the speech, with its store writer and the writer's events.
pub struct HeadlessReader {
    pub session: Session,
    pub writer: StoreWriter,
    pub events: Receiver<WriterEvent>,
}

impl HeadlessReader {
    pub fn start(store: Store, dir: &Path, author: &str) -> Self {
        let (sender, events) = channel();
        let writer = StoreWriter::start(store, move |event| drop(sender.send(event)));
        let session = Session::open(&writer, Arc::new(document()), dir.join("讲话.txt"), author.to_owned());
        let mut reader = Self { session, writer, events };
        reader.wait(|reader| reader.session.is_loaded());
        reader
    }

    /// Handles events until `done`; returns the session events.
    pub fn wait(&mut self, done: impl Fn(&Self) -> bool) -> Vec<SessionEvent> {
        let mut session_events = Vec::new();
        self.wait_collecting(|reader, _| done(reader), &mut session_events);
        session_events
    }

    /// Handles events and collects the session events until `done`.
    pub fn wait_collecting(&mut self, done: impl Fn(&Self, &[SessionEvent]) -> bool, session_events: &mut Vec<SessionEvent>) {
        let end = Instant::now() + TIMEOUT;
        while !done(self, session_events) {
            let event =
                self.events.recv_timeout(end.saturating_duration_since(Instant::now())).expect("the expected event arrives in time");
            session_events.extend(self.session.handle(event));
        }
    }

    pub fn note(&mut self, n: usize, note: &str) -> AnnotationId {
        self.session.apply(Edit::Note { target: target(n), note: note.to_owned() }).unwrap()
    }

    pub fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.session.annotations().iter().map(|placed| placed.annotation.note.clone()).collect();
        notes.sort();
        notes
    }

    pub fn is_saved(&self) -> bool {
        self.session.overall_save_state() == SaveState::Saved
    }

    /// Writes a checkpoint and waits until all is saved.
    pub fn quit(mut self) {
        self.writer.flush(TIMEOUT).unwrap();
        self.wait(Self::is_saved);
    }
}
