//! The power goes between every two operations on the disk, which then keeps of what was not
//! synced none, all, or any part in any order: no edit that was said to be saved is lost, and the
//! store can be read. `PIZHU_CRASH_SEEDS` says how many random rests of each crash are looked at.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "crash/disk.rs"]
mod disk;

use disk::{Disk, Left, Random};
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
use pizhu_annotation::storage::Storage as _;
use pizhu_annotation::store::Notice;
use pizhu_annotation::store::SpeechKey;
use pizhu_text::document::Document;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::{Duration, Instant},
};

const SPEECH: &str = "在青禾县组织工作推进会的讲话\n同志们：\n一、抓好人才工作\n要把人才放在心上。\n二、抓好基层党建\n要建强支部。\n";
const PATIENCE: Duration = Duration::from_secs(20);

fn seeds() -> u64 {
    std::env::var("PIZHU_CRASH_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(4)
}

fn document() -> Document {
    Document { source: SourceText::from(SPEECH), is_final: true, ..Document::default() }
}

fn store(disk: &Disk) -> Store {
    let place = Place { dir: PathBuf::from("/data/pizhu/store"), root: None, shared: false };
    Store::with_storage(Arc::new(disk.clone()), place, PathBuf::from("/state/pizhu"))
}

fn path() -> &'static Path {
    Path::new("/speeches/讲话.txt")
}

fn target(n: usize) -> Target {
    Target::Passage(Span::new(3 * n, 3 * n + 2))
}

/// What there is to see of the annotations: the place, the tags and the note of each.
type Seen = BTreeMap<AnnotationId, (usize, BTreeSet<String>, String)>;

/// The annotations that a program started now finds; nothing may be damaged.
fn seen(disk: &Disk) -> Seen {
    let (placements, notices) = store(disk).annotations(&document(), path()).expect("the store can be read");
    assert!(!notices.iter().any(|notice| matches!(notice, Notice::Damaged { .. } | Notice::PutAside { .. })), "{notices:?}");
    let all = placements.iter();
    all.map(|placed| (placed.id(), (placed.span.unwrap().start, placed.annotation.tags.clone(), placed.annotation.note.clone()))).collect()
}

/// What the user of the scenarios does next; `made` are the annotations so far.
fn edit(step: usize, made: &[AnnotationId]) -> Option<Edit> {
    Some(match step {
        0 => Edit::Tag { target: target(0), tags: vec!["人才工作".to_owned()] },
        1 => Edit::Tag { target: target(1), tags: vec!["新题目".to_owned()] },
        2 => Edit::SetNote { id: made[0], note: "记下".to_owned() },
        3 => Edit::Note { target: target(2), note: "第三处".to_owned() },
        4 => Edit::RemoveTags { id: made[0], tags: vec!["人才工作".to_owned()] },
        5 => Edit::Delete { id: made[1] },
        6 => Edit::AddTags { id: made[0], tags: vec!["又一题".to_owned()] },
        _ => return None,
    })
}

/// Runs commands, each a process of its own, until all is done or the power goes. Gives what was
/// there after the last that exited well, and what the one under way would have left.
fn commands(disk: &Disk) -> (Seen, Option<Seen>) {
    let reference = Disk::new();
    let (mut made, mut certain): (Vec<AnnotationId>, Seen) = (Vec::new(), Seen::new());
    for step in 0.. {
        let Some(next) = edit(step, &made) else { return (certain, None) };
        // The same annotation, so that ids agree.
        let next = match next {
            Edit::Tag { .. } | Edit::Note { .. } => {
                let ids = store(&reference).apply(&document(), path(), "甲", vec![next]).unwrap();
                made.push(ids[0]);
                let (placements, _) = store(&reference).annotations(&document(), path()).unwrap();
                Edit::Insert(Box::new((*placements.get(ids[0]).unwrap().annotation).clone()))
            }
            other => {
                store(&reference).apply(&document(), path(), "甲", vec![other.clone()]).unwrap();
                other
            }
        };
        match store(&disk.process()).apply(&document(), path(), "甲", vec![next]) {
            Ok(_) => certain = seen(&reference),
            Err(_) => return (certain, Some(seen(&reference))),
        }
    }
    unreachable!()
}

/// All rests of a crash that are looked at.
fn rests() -> impl Iterator<Item = Left> {
    [Left::Nothing, Left::Everything].into_iter().chain((0..seeds()).map(Left::Some))
}

/// Whether the disk, started again, has what was saved; also where the power goes while what was
/// left is being put in order.
fn check(disk: &Disk, left: Left, at: usize, is_right: &dyn Fn(&Seen) -> bool) {
    let found = disk.reboot(left);
    if let Left::Some(seed) = left {
        found.fail_after(Random(seed ^ at as u64).below(40));
        drop(store(&found).recover());
        let again = found.reboot(Left::Some(seed + 1));
        let there = seen(&again);
        assert!(is_right(&there), "crash at {at} and in the recovery, {left:?}: {there:?}\n{}", files(&again));
    } else {
        let there = seen(&found);
        assert!(is_right(&there), "crash at {at}, {left:?}: {there:?}\n{}", files(&found));
    }
}

fn files(disk: &Disk) -> String {
    let told = disk.files().into_iter().map(|(path, bytes)| format!("{}: {}", path.display(), String::from_utf8_lossy(&bytes)));
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn no_command_that_went_well_is_undone_by_a_crash() {
    let whole = Disk::new();
    assert_eq!(commands(&whole).0, seen(&whole));
    let (mut crashes, mut looked) = (0, 0);
    for at in 0..whole.operations() {
        let disk = Disk::new();
        disk.fail_after(at);
        let (certain, underway) = commands(&disk);
        crashes += 1;
        for left in rests() {
            looked += 1;
            check(&disk, left, at, &|there| *there == certain || Some(there) == underway.as_ref());
        }
    }
    println!("{crashes} crashes, {looked} rests: nothing lost");
    assert!(crashes > 60);
}

/// A reader with its saving thread.
struct Reader {
    session: Session,
    writer: Writer,
    events: Receiver<Event>,
}

impl Reader {
    fn start(disk: &Disk, author: &str) -> Self {
        let (tell, events) = channel();
        let writer = Writer::start(store(disk), move |event| drop(tell.send(event)));
        let session = Session::open(&writer, Arc::new(document()), path().to_owned(), author.to_owned());
        let mut reader = Self { session, writer, events };
        reader.wait(|reader, _| reader.session.is_loaded());
        reader
    }

    /// Takes in events until `done`, or until something fails; whether it was `done`.
    fn wait(&mut self, done: impl Fn(&Self, &[News]) -> bool) -> bool {
        let end = Instant::now() + PATIENCE;
        loop {
            if done(self, &[]) {
                return true;
            }
            let Ok(event) = self.events.recv_timeout(end.saturating_duration_since(Instant::now())) else { return false };
            let news = self.session.handle(event);
            if news.iter().any(|news| matches!(news, News::Failed(_) | News::Unreadable(_))) {
                return false;
            }
        }
    }

    /// Does an edit and waits until it is shown as saved; whether it is.
    fn saves(&mut self, edit: Edit) -> Option<AnnotationId> {
        let id = self.session.apply(edit).unwrap();
        self.wait(|reader, _| reader.session.saving_all() == Saving::Saved).then_some(id)
    }

    fn seen(&self) -> Seen {
        let all = self.session.placements().iter();
        all.map(|placed| (placed.id(), (placed.span.unwrap().start, placed.annotation.tags.clone(), placed.annotation.note.clone())))
            .collect()
    }
}

/// A reader is used until all is done or the power goes, and left now and then.
fn reading(disk: &Disk) -> (Seen, Option<Seen>) {
    let (mut made, mut certain) = (Vec::new(), Seen::new());
    let mut reader = Reader::start(disk, "甲");
    for step in 0.. {
        let Some(next) = edit(step, &made) else { break };
        let is_new = matches!(next, Edit::Tag { .. } | Edit::Note { .. });
        match reader.saves(next) {
            Some(id) if is_new => made.push(id),
            Some(_) => {}
            None => return (certain, Some(reader.seen())),
        }
        certain = reader.seen();
        if step % 3 == 1 {
            // What is saved goes from the journal into the store; a crash there loses nothing.
            let _ = reader.writer.flush(PATIENCE);
        }
        if step == 4 {
            reader = Reader::start(&disk.process(), "甲");
            if !reader.session.is_loaded() {
                return (certain, None);
            }
        }
    }
    let _ = reader.writer.flush(PATIENCE);
    (certain, None)
}

#[test]
fn no_edit_shown_as_saved_is_lost_by_a_crash() {
    let whole = Disk::new();
    assert_eq!(reading(&whole).0, seen(&whole.process()));
    let operations = whole.operations();
    let mut looked = 0;
    for at in 0..operations {
        let disk = Disk::new();
        disk.fail_after(at);
        let (certain, underway) = reading(&disk);
        // The power goes at the latest now, whatever the saving thread is at.
        disk.fail_after(0);
        for left in rests() {
            looked += 1;
            check(&disk, left, at, &|there| *there == certain || Some(there) == underway.as_ref());
        }
    }
    println!("{operations} crashes, {looked} rests: nothing lost");
    assert!(operations > 60);
}

#[test]
fn a_dead_readers_journal_is_not_done_again_over_what_came_later() {
    for seed in 0..seeds() * 8 {
        let disk = Disk::new();
        let first = disk.process();
        let mut reader = Reader::start(&first, "甲");
        let id = reader.saves(Edit::Tag { target: target(0), tags: vec!["一".to_owned(), "二".to_owned()] }).unwrap();
        first.kill();
        // Another process folds what the dead one saved, and takes a tag off again.
        store(&disk.process()).apply(&document(), path(), "甲", vec![Edit::RemoveTags { id, tags: vec!["二".to_owned()] }]).unwrap();
        let there = seen(&disk.reboot(Left::Some(seed)));
        assert_eq!(there[&id].1, BTreeSet::from(["一".to_owned()]), "{seed}");
    }
}

#[test]
fn what_was_done_can_be_undone_after_a_crash() {
    let disk = Disk::new();
    let target = target(0);
    store(&disk).apply(&document(), path(), "甲", vec![Edit::Note { target, note: "记下".to_owned() }]).unwrap();
    let found = store(&disk.reboot(Left::Nothing));
    let key = SpeechKey::of(found.place(), &document(), path());
    assert_eq!(found.history(&key).unwrap().len(), 1);
    assert_eq!(found.restore(&key, None, "甲").unwrap(), 1);
}

#[test]
fn a_journal_that_was_tidied_away_holds_what_is_saved_after() {
    let disk = Disk::new();
    let mut reader = Reader::start(&disk, "甲");
    reader.saves(Edit::Note { target: target(0), note: "之前".to_owned() }).unwrap();
    reader.writer.flush(PATIENCE).unwrap();
    let journal = disk
        .files()
        .into_iter()
        .map(|(path, _)| path)
        .find(|path| path.extension().is_some_and(|extension| extension == "log") && path.to_string_lossy().contains("journal"))
        .unwrap();
    disk.remove(&journal).unwrap();
    reader.saves(Edit::Note { target: target(1), note: "之后".to_owned() }).unwrap();
    disk.fail_after(0);
    let there = seen(&disk.reboot(Left::Nothing));
    assert_eq!(there.values().map(|(_, _, note)| note.as_str()).collect::<BTreeSet<_>>(), BTreeSet::from(["之前", "之后"]));
}
