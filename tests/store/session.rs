//! Annotation sessions: save states, undo across restarts, two sessions at the same time.

use pizhu_annotation::Edit;
use pizhu_annotation::SaveState;
use pizhu_annotation::Session;
use pizhu_annotation::SessionEvent;
use pizhu_annotation::Store;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::StoreWarning;
use pizhu_annotation::StoreWriter;
use pizhu_annotation::Target;
use pizhu_annotation::WriterEvent;
use pizhu_annotation::WriterReply;
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
/// Maximum time to wait for an event.
const TIMEOUT: Duration = Duration::from_secs(20);

fn document() -> Arc<Document> {
    Arc::new(Document::from(SourceText::from(SPEECH)))
}

/// A session with its store writer and its events.
struct SessionReader {
    session: Session,
    writer: StoreWriter,
    events: Receiver<WriterEvent>,
}

impl SessionReader {
    fn start(dir: &Path, author: &str) -> Self {
        let store = Store::new(StoreLocation::from_dir(&dir.join("store")), dir.join("state"));
        let (sender, events) = channel();
        let writer = StoreWriter::start(store, move |event| drop(sender.send(event)));
        let session = Session::open(&writer, document(), dir.join("讲话.txt"), author.to_owned());
        let mut reader = Self { session, writer, events };
        reader.wait(|reader| reader.session.is_loaded());
        reader
    }

    /// Handles events until `done`; returns the session events.
    fn wait(&mut self, done: impl Fn(&Self) -> bool) -> Vec<SessionEvent> {
        let end = Instant::now() + TIMEOUT;
        let mut events = Vec::new();
        while !done(self) {
            let event = self.events.recv_timeout(end - Instant::now()).expect("the expected event arrives in time");
            events.extend(self.session.handle(event));
        }
        events
    }

    fn tag(&mut self, start: usize, tag: &str) {
        let target = Target::Passage(Span::new(start, start + 3));
        self.session.apply(Edit::Tag { target, tags: vec![pizhu_annotation::TagRef::derived(tag)] }).unwrap();
    }

    fn tags(&self) -> Vec<String> {
        self.session.annotations().iter().flat_map(|placed| placed.annotation.tags.names().into_iter().map(str::to_owned)).collect()
    }

    fn quit(mut self) {
        self.writer.flush(TIMEOUT).unwrap();
        self.wait(|reader| reader.session.overall_save_state() == SaveState::Saved);
    }
}

#[test]
fn edit_is_visible_at_once_and_then_saved() {
    let dir = tempfile::tempdir().unwrap();
    let mut reader = SessionReader::start(dir.path(), "甲");
    reader.tag(3, "人才工作");
    assert_eq!(reader.tags(), ["人才工作"]);
    assert_eq!(reader.session.overall_save_state(), SaveState::Pending);
    reader.wait(|reader| reader.session.overall_save_state() == SaveState::Saved);
    reader.quit();
    assert_eq!(SessionReader::start(dir.path(), "甲").tags(), ["人才工作"]);
}

#[test]
fn undo_and_redo_work_across_restarts() {
    let dir = tempfile::tempdir().unwrap();
    let mut reader = SessionReader::start(dir.path(), "甲");
    for (start, tag) in [(1, "一"), (5, "二"), (9, "三")] {
        reader.tag(start, tag);
    }
    reader.session.undo().unwrap();
    assert_eq!(reader.tags(), ["一", "二"]);
    reader.quit();
    let mut reader = SessionReader::start(dir.path(), "甲");
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
    assert_eq!(SessionReader::start(dir.path(), "甲").tags(), ["一", "二", "三"]);
}

#[test]
fn two_readers_see_each_other_and_undo_only_their_own_edits() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = SessionReader::start(dir.path(), "甲");
    first.tag(1, "甲一");
    first.writer.flush(TIMEOUT).unwrap();
    let mut second = SessionReader::start(dir.path(), "乙");
    assert_eq!(second.tags(), ["甲一"]);
    let id = second.session.annotations()[0].id();
    second.session.apply(Edit::AddTags { id, tags: vec![pizhu_annotation::TagRef::derived("乙一")] }).unwrap();
    second.tag(5, "乙二");
    second.writer.flush(TIMEOUT).unwrap();
    first.wait(|first| first.tags().len() == 3);
    first.session.undo().unwrap();
    assert_eq!(first.tags(), ["乙一", "乙二"], "undo keeps the tag that the other session added");
    first.writer.flush(TIMEOUT).unwrap();
    second.wait(|second| second.tags().len() == 2);
}

#[test]
fn reader_opened_before_the_store_exists_sees_later_edits() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = SessionReader::start(dir.path(), "甲");
    let mut second = SessionReader::start(dir.path(), "乙");
    assert!(!dir.path().join("store").exists(), "the store is created by the first edit");
    first.tag(1, "甲一");
    first.writer.flush(TIMEOUT).unwrap();
    // The second reader must notice the new store by itself.
    second.wait(|second| second.tags() == ["甲一"]);
    second.tag(5, "乙一");
    second.writer.flush(TIMEOUT).unwrap();
    first.wait(|first| first.tags() == ["甲一", "乙一"]);
    first.tag(9, "甲二");
    first.writer.flush(TIMEOUT).unwrap();
    second.wait(|second| second.tags() == ["甲一", "乙一", "甲二"]);
}

#[test]
fn saved_edits_survive_a_process_without_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    // The store cannot be written: a file exists in place of its folder.
    let mut reader = SessionReader::start(dir.path(), "甲");
    std::fs::write(dir.path().join("store"), "").unwrap();
    reader.tag(3, "人才工作");
    let events = reader.wait(|reader| reader.session.overall_save_state() == SaveState::Saved);
    assert!(!events.iter().any(|event| matches!(event, SessionEvent::SaveFailed(_))), "{events:?}");
    assert!(reader.writer.flush(TIMEOUT).is_err());
    drop(reader);
    std::fs::remove_file(dir.path().join("store")).unwrap();
    let end = Instant::now() + TIMEOUT;
    // The writer thread releases its journal some time after the last handle is dropped.
    while SessionReader::start(dir.path(), "甲").tags().is_empty() {
        assert!(Instant::now() < end, "the journal is replayed");
    }
}

/// The reader restored also what only a colleague had done since.
#[test]
fn restored_state_keeps_later_changes_of_others() {
    let dir = tempfile::tempdir().unwrap();
    let mut own = SessionReader::start(dir.path(), "甲");
    own.tag(2, "一");
    own.writer.flush(TIMEOUT).unwrap();
    own.wait(|reader| reader.session.overall_save_state() == SaveState::Saved);
    let first = own.session.history()[0].id;
    let mut other = SessionReader::start(dir.path(), "乙");
    other.tag(20, "乙的");
    other.quit();
    own.writer.check_for_changes();
    own.wait(|reader| reader.tags().len() == 2);
    own.tag(30, "二");
    let restored = own.session.restore(Some(first), false);
    assert_eq!((restored.count, restored.kept), (1, 0), "an open session knows its own history only");
    assert_eq!(own.tags(), ["一", "乙的"]);
    own.quit();
    // Opened again, the history has the colleague's edit.
    let mut own = SessionReader::start(dir.path(), "甲");
    let restored = own.session.restore(None, false);
    assert_eq!((restored.count, restored.kept), (1, 1));
    assert_eq!(own.tags(), ["乙的"]);
    let all = own.session.restore(None, true);
    assert_eq!((all.count, all.kept), (1, 0));
    assert!(own.tags().is_empty());
    own.session.undo().unwrap();
    assert_eq!(own.tags(), ["乙的"]);
    own.quit();
}

/// It was told as not readable, to be restored from a backup.
#[test]
fn emptied_store_file_is_reported_with_its_remedy() {
    let dir = tempfile::tempdir().unwrap();
    let mut reader = SessionReader::start(dir.path(), "甲");
    reader.tag(2, "一");
    reader.writer.flush(TIMEOUT).unwrap();
    reader.wait(|reader| reader.session.overall_save_state() == SaveState::Saved);
    let mut files = std::fs::read_dir(dir.path().join("store")).unwrap().map(|entry| entry.unwrap().path());
    let file = files.find(|path| path.extension().is_some_and(|extension| extension == "ron") && !path.ends_with("codebook.ron")).unwrap();
    std::fs::write(&file, "").unwrap();
    reader.writer.check_for_changes();
    let mut told: Vec<StoreWarning> = Vec::new();
    let warning = |event: SessionEvent| if let SessionEvent::Warning(warning) = event { Some(warning) } else { None };
    told.extend(reader.wait(|reader| reader.tags().is_empty()).into_iter().filter_map(warning));
    while let Ok(event) = reader.events.recv_timeout(Duration::from_millis(500)) {
        told.extend(match event.reply {
            WriterReply::Warnings(warnings) => warnings,
            _ => reader.session.handle(event).into_iter().filter_map(warning).collect(),
        });
    }
    told.retain(|warning| !matches!(warning, StoreWarning::TagsCreated(_)));
    assert!(told.iter().all(|warning| matches!(warning, StoreWarning::Lacking { count: 1, .. })) && !told.is_empty(), "{told:?}");
    let last = reader.session.history().last().unwrap().id;
    assert_eq!(reader.session.restore(Some(last), false).count, 1);
    assert_eq!(reader.tags(), ["一"]);
    reader.quit();
    assert_eq!(SessionReader::start(dir.path(), "甲").tags(), ["一"]);
}
