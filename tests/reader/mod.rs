//! A reader without a screen: a session with its writer and the events that came for it.

#![allow(dead_code, reason = "each test file uses its own part")]

use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::Event;
use pizhu_annotation::News;
use pizhu_annotation::Place;
use pizhu_annotation::Saving;
use pizhu_annotation::Session;
use pizhu_annotation::Store;
use pizhu_annotation::Target;
use pizhu_annotation::Writer;
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
pub const PATIENCE: Duration = Duration::from_mins(1);

pub fn document() -> Document {
    Document { source: SourceText::from(SPEECH), is_final: true, ..Document::default() }
}

/// The `n`-th place of the speech, counted round.
pub fn target(n: usize) -> Target {
    let start = n * 3 % (SPEECH.chars().count() - 4);
    Target::Passage(Span::new(start, start + 2))
}

pub fn store(dir: &Path) -> Store {
    Store::new(Place::given(&dir.join("store")), dir.join("state"))
}

pub fn store_on(storage: Arc<dyn Storage>, dir: &Path) -> Store {
    Store::with_storage(storage, Place::given(&dir.join("store")), dir.join("state"))
}

/// The notes that a program started now finds; nothing may be damaged.
pub fn notes(store: &Store, dir: &Path) -> Vec<String> {
    let (placements, notices) = store.annotations(&document(), &dir.join("讲话.txt")).unwrap();
    assert!(notices.is_empty(), "{notices:?}");
    let mut notes: Vec<String> = placements.iter().map(|placed| placed.annotation.note.clone()).collect();
    notes.sort();
    notes
}

pub struct Reader {
    pub session: Session,
    pub writer: Writer,
    pub events: Receiver<Event>,
}

impl Reader {
    pub fn start(store: Store, dir: &Path, author: &str) -> Self {
        let (tell, events) = channel();
        let writer = Writer::start(store, move |event| drop(tell.send(event)));
        let session = Session::open(&writer, Arc::new(document()), dir.join("讲话.txt"), author.to_owned());
        let mut reader = Self { session, writer, events };
        reader.wait(|reader| reader.session.is_loaded());
        reader
    }

    /// Takes in events until `done`; what was told meanwhile.
    pub fn wait(&mut self, done: impl Fn(&Self) -> bool) -> Vec<News> {
        let mut news = Vec::new();
        self.wait_news(|reader, _| done(reader), &mut news);
        news
    }

    /// Takes in events until `done`, by the state or by what was told.
    pub fn wait_news(&mut self, done: impl Fn(&Self, &[News]) -> bool, news: &mut Vec<News>) {
        let end = Instant::now() + PATIENCE;
        while !done(self, news) {
            let event = self.events.recv_timeout(end.saturating_duration_since(Instant::now())).expect("what was awaited came");
            news.extend(self.session.handle(event));
        }
    }

    pub fn note(&mut self, n: usize, note: &str) -> AnnotationId {
        self.session.apply(Edit::Note { target: target(n), note: note.to_owned() }).unwrap()
    }

    pub fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.session.placements().iter().map(|placed| placed.annotation.note.clone()).collect();
        notes.sort();
        notes
    }

    pub fn is_saved(&self) -> bool {
        self.session.saving_all() == Saving::Saved
    }

    pub fn quit(mut self) {
        self.writer.flush(PATIENCE).unwrap();
        self.wait(Self::is_saved);
    }
}
