//! Sessions as the reader uses them: pending, saved, stored; undo across restarts; two at once.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails may panic")]

use pizhu_annotation::Edit;
use pizhu_annotation::Event;
use pizhu_annotation::News;
use pizhu_annotation::Place;
use pizhu_annotation::Saving;
use pizhu_annotation::Session;
use pizhu_annotation::Store;
use pizhu_annotation::Target;
use pizhu_annotation::Writer;
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

const SPEECH: &str =
    "在青禾县组织工作推进会的讲话\n同志们：\n一、抓好人才工作\n要把人才放在心上。\n二、抓好基层党建\n要把支部建在网格上。\n";
const PATIENCE: Duration = Duration::from_secs(20);

fn document() -> Arc<Document> {
    Arc::new(Document { source: SourceText::from(SPEECH), is_final: true, ..Document::default() })
}

/// A reader: a session with its writer and the events that came for it.
struct Reader {
    session: Session,
    writer: Writer,
    events: Receiver<Event>,
}

impl Reader {
    fn start(dir: &Path, author: &str) -> Self {
        let store = Store::new(Place::given(&dir.join("store")), dir.join("state"));
        let (tell, events) = channel();
        let writer = Writer::start(store, move |event| drop(tell.send(event)));
        let session = Session::open(&writer, document(), dir.join("讲话.txt"), author.to_owned());
        let mut reader = Self { session, writer, events };
        reader.wait(|reader| reader.session.is_loaded());
        reader
    }

    /// Takes in events until `done`.
    fn wait(&mut self, done: impl Fn(&Self) -> bool) -> Vec<News> {
        let end = Instant::now() + PATIENCE;
        let mut news = Vec::new();
        while !done(self) {
            let event = self.events.recv_timeout(end - Instant::now()).expect("what was awaited came");
            news.extend(self.session.handle(event));
        }
        news
    }

    fn tag(&mut self, at: usize, tag: &str) {
        let target = Target::Passage(Span::new(at, at + 3));
        self.session.apply(Edit::Tag { target, tags: vec![tag.to_owned()] }).unwrap();
    }

    fn tags(&self) -> Vec<String> {
        self.session.placements().iter().flat_map(|placed| placed.annotation.tags.iter().cloned()).collect()
    }

    fn quit(mut self) {
        self.writer.flush(PATIENCE).unwrap();
        self.wait(|reader| reader.session.saving_all() == Saving::Saved);
    }
}

#[test]
fn an_edit_shows_at_once_and_is_saved() {
    let dir = tempfile::tempdir().unwrap();
    let mut reader = Reader::start(dir.path(), "甲");
    reader.tag(3, "人才工作");
    assert_eq!(reader.tags(), ["人才工作"]);
    assert_eq!(reader.session.saving_all(), Saving::Pending);
    reader.wait(|reader| reader.session.saving_all() == Saving::Saved);
    reader.quit();
    assert_eq!(Reader::start(dir.path(), "甲").tags(), ["人才工作"]);
}

#[test]
fn undo_and_redo_reach_back_across_restarts() {
    let dir = tempfile::tempdir().unwrap();
    let mut reader = Reader::start(dir.path(), "甲");
    for (at, tag) in [(1, "一"), (5, "二"), (9, "三")] {
        reader.tag(at, tag);
    }
    reader.session.undo().unwrap();
    assert_eq!(reader.tags(), ["一", "二"]);
    reader.quit();
    let mut reader = Reader::start(dir.path(), "甲");
    assert_eq!(reader.tags(), ["一", "二"]);
    reader.session.redo().unwrap();
    assert_eq!(reader.tags(), ["一", "二", "三"]);
    for _ in 0..3 {
        reader.session.undo().unwrap();
    }
    assert!(reader.tags().is_empty() && reader.session.undo().is_none());
    for _ in 0..3 {
        reader.session.redo().unwrap();
    }
    assert_eq!(reader.tags(), ["一", "二", "三"]);
    assert!(reader.session.redo().is_none());
    reader.quit();
    assert_eq!(Reader::start(dir.path(), "甲").tags(), ["一", "二", "三"]);
}

#[test]
fn two_readers_see_each_other_and_undo_only_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = Reader::start(dir.path(), "甲");
    first.tag(1, "甲一");
    first.writer.flush(PATIENCE).unwrap();
    let mut second = Reader::start(dir.path(), "乙");
    assert_eq!(second.tags(), ["甲一"]);
    let id = second.session.placements()[0].id();
    second.session.apply(Edit::AddTags { id, tags: vec!["乙一".to_owned()] }).unwrap();
    second.tag(5, "乙二");
    second.writer.flush(PATIENCE).unwrap();
    first.wait(|first| first.tags().len() == 3);
    first.session.undo().unwrap();
    assert_eq!(first.tags(), ["乙一", "乙二"], "what the other added to it stays");
    first.writer.flush(PATIENCE).unwrap();
    second.wait(|second| second.tags().len() == 2);
}

#[test]
fn a_second_reader_opened_before_the_stores_folder_is_there_sees_the_firsts_edits() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = Reader::start(dir.path(), "甲");
    let mut second = Reader::start(dir.path(), "乙");
    assert!(!dir.path().join("store").exists(), "nothing is written before the first edit");
    first.tag(1, "甲一");
    first.writer.flush(PATIENCE).unwrap();
    // Nobody tells it to look: it has to notice by itself.
    second.wait(|second| second.tags() == ["甲一"]);
    second.tag(5, "乙一");
    second.writer.flush(PATIENCE).unwrap();
    first.wait(|first| first.tags() == ["甲一", "乙一"]);
    first.tag(9, "甲二");
    first.writer.flush(PATIENCE).unwrap();
    second.wait(|second| second.tags() == ["甲一", "乙一", "甲二"]);
}

#[test]
fn what_was_saved_outlives_a_process_that_never_folded_it() {
    let dir = tempfile::tempdir().unwrap();
    // A store that cannot be written: a file stands where its folder should be.
    let mut reader = Reader::start(dir.path(), "甲");
    std::fs::write(dir.path().join("store"), "").unwrap();
    reader.tag(3, "人才工作");
    let news = reader.wait(|reader| reader.session.saving_all() == Saving::Saved);
    assert!(!news.iter().any(|news| matches!(news, News::Failed(_))), "{news:?}");
    assert!(reader.writer.flush(PATIENCE).is_err());
    drop(reader);
    std::fs::remove_file(dir.path().join("store")).unwrap();
    let end = Instant::now() + PATIENCE;
    // The thread lets go of its journal a moment after the last handle.
    while Reader::start(dir.path(), "甲").tags().is_empty() {
        assert!(Instant::now() < end, "the journal is replayed");
    }
}
