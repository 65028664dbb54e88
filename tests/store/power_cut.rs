//! Power cuts between every two disk operations: no edit shown as saved is lost, and the store stays
//! readable, whichever unsynced changes survive (see [`SimulatedDisk`]). `PIZHU_CRASH_SEEDS` sets the
//! number of random outcomes per crash.

use crate::disk;

use disk::{DiskRng, SimulatedDisk, UnsyncedChanges};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::SaveState;
use pizhu_annotation::Session;
use pizhu_annotation::SessionEvent;
use pizhu_annotation::Store;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::StoreWriter;
use pizhu_annotation::TagSet;
use pizhu_annotation::Target;
use pizhu_annotation::WriterEvent;
use pizhu_annotation::storage::Storage as _;
use pizhu_annotation::store::SpeechKey;
use pizhu_annotation::store::StoreWarning;
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
/// Maximum time to wait for an event.
const TIMEOUT: Duration = Duration::from_secs(20);

fn seeds() -> u64 {
    std::env::var("PIZHU_CRASH_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(4)
}

fn document() -> Document {
    Document::from(SourceText::from(SPEECH))
}

fn store(disk: &SimulatedDisk) -> Store {
    let location = StoreLocation { dir: PathBuf::from("/data/pizhu/store"), root: None, shared: false };
    Store::with_storage(Arc::new(disk.clone()), location, PathBuf::from("/state/pizhu"))
}

fn path() -> &'static Path {
    Path::new("/speeches/讲话.txt")
}

fn target(n: usize) -> Target {
    Target::Passage(Span::new(3 * n, 3 * n + 2))
}

/// The visible state of the annotations: start offset, tags and note by id.
type AnnotationState = BTreeMap<AnnotationId, (usize, TagSet, String)>;

/// The annotations as a new process reads them. Panics if anything is damaged.
fn read_state(disk: &SimulatedDisk) -> AnnotationState {
    let (anchor_index, warnings) = store(disk).annotations(&document(), path()).expect("the store is readable");
    assert!(
        !warnings.iter().any(|warning| matches!(warning, StoreWarning::Damaged { .. } | StoreWarning::PutAside { .. })),
        "{warnings:?}"
    );
    let all = anchor_index.iter();
    all.map(|placed| (placed.id(), (placed.span.unwrap().start, placed.annotation.tags.clone(), placed.annotation.note.clone()))).collect()
}

/// The edit of a step of the scenario; `created` are the annotations created so far.
fn edit(step: usize, created: &[AnnotationId]) -> Option<Edit> {
    Some(match step {
        0 => Edit::Tag { target: target(0), tags: vec![pizhu_annotation::TagRef::derived("人才工作")] },
        1 => Edit::Tag { target: target(1), tags: vec![pizhu_annotation::TagRef::derived("新题目")] },
        2 => Edit::SetNote { id: created[0], note: "记下".to_owned() },
        3 => Edit::Note { target: target(2), note: "第三处".to_owned() },
        4 => Edit::RemoveTags { id: created[0], tags: vec![pizhu_annotation::TagId::from_name("人才工作")] },
        5 => Edit::Delete { id: created[1] },
        6 => Edit::AddTags { id: created[0], tags: vec![pizhu_annotation::TagRef::derived("又一题")] },
        _ => return None,
    })
}

/// Runs the scenario as commands, one process each, until it ends or the power is cut. Returns the
/// state after the last successful command, and the state after the interrupted one.
fn run_commands(disk: &SimulatedDisk) -> (AnnotationState, Option<AnnotationState>) {
    let reference = SimulatedDisk::new();
    let (mut created, mut certain): (Vec<AnnotationId>, AnnotationState) = (Vec::new(), AnnotationState::new());
    for step in 0.. {
        let Some(next) = edit(step, &created) else { return (certain, None) };
        // Inserts the same annotation, so that the ids are equal.
        let next = match next {
            Edit::Tag { .. } | Edit::Note { .. } => {
                let ids = store(&reference).apply(&document(), path(), "甲", vec![next]).unwrap();
                created.push(ids[0]);
                let (anchor_index, _) = store(&reference).annotations(&document(), path()).unwrap();
                Edit::Insert(Box::new((*anchor_index.get(ids[0]).unwrap().annotation).clone()))
            }
            other => {
                store(&reference).apply(&document(), path(), "甲", vec![other.clone()]).unwrap();
                other
            }
        };
        match store(&disk.process()).apply(&document(), path(), "甲", vec![next]) {
            Ok(_) => certain = read_state(&reference),
            Err(_) => return (certain, Some(read_state(&reference))),
        }
    }
    unreachable!()
}

/// The outcomes of a crash that are checked.
fn crash_outcomes() -> impl Iterator<Item = UnsyncedChanges> {
    [UnsyncedChanges::Lost, UnsyncedChanges::Kept].into_iter().chain((0..seeds()).map(UnsyncedChanges::Random))
}

/// Asserts that the state after a reboot is right; for random outcomes also after a second power cut
/// during recovery.
fn assert_recovers(disk: &SimulatedDisk, unsynced: UnsyncedChanges, at: usize, is_right: &dyn Fn(&AnnotationState) -> bool) {
    let rebooted = disk.reboot(unsynced);
    if let UnsyncedChanges::Random(seed) = unsynced {
        rebooted.fail_after(DiskRng(seed ^ at as u64).below(40));
        drop(store(&rebooted).recover());
        let recovered = rebooted.reboot(UnsyncedChanges::Random(seed + 1));
        let state = read_state(&recovered);
        assert!(is_right(&state), "crash at {at} and in the recovery, {unsynced:?}: {state:?}\n{}", dump_files(&recovered));
    } else {
        let state = read_state(&rebooted);
        assert!(is_right(&state), "crash at {at}, {unsynced:?}: {state:?}\n{}", dump_files(&rebooted));
    }
}

fn dump_files(disk: &SimulatedDisk) -> String {
    let files = disk.files().into_iter().map(|(path, bytes)| format!("{}: {}", path.display(), String::from_utf8_lossy(&bytes)));
    files.collect::<Vec<_>>().join("\n")
}

#[test]
fn successful_commands_survive_a_power_cut() {
    let complete = SimulatedDisk::new();
    assert_eq!(run_commands(&complete).0, read_state(&complete));
    let (mut crashes, mut outcomes) = (0, 0);
    for at in 0..complete.operations() {
        let disk = SimulatedDisk::new();
        disk.fail_after(at);
        let (certain, interrupted) = run_commands(&disk);
        crashes += 1;
        for unsynced in crash_outcomes() {
            outcomes += 1;
            assert_recovers(&disk, unsynced, at, &|state| *state == certain || Some(state) == interrupted.as_ref());
        }
    }
    println!("{crashes} crashes, {outcomes} outcomes: nothing lost");
    assert!(crashes > 60);
}

/// A session with its writer thread on a simulated disk.
struct SimulatedReader {
    session: Session,
    writer: StoreWriter,
    events: Receiver<WriterEvent>,
}

impl SimulatedReader {
    fn start(disk: &SimulatedDisk, author: &str) -> Self {
        let (sender, events) = channel();
        let writer = StoreWriter::start(store(disk), move |event| drop(sender.send(event)));
        let session = Session::open(&writer, Arc::new(document()), path().to_owned(), author.to_owned());
        let mut reader = Self { session, writer, events };
        reader.wait(|reader, _| reader.session.is_loaded());
        reader
    }

    /// Handles events until `done`; returns `false` if saving fails or the time is up.
    fn wait(&mut self, done: impl Fn(&Self, &[SessionEvent]) -> bool) -> bool {
        let end = Instant::now() + TIMEOUT;
        loop {
            if done(self, &[]) {
                return true;
            }
            let Ok(event) = self.events.recv_timeout(end.saturating_duration_since(Instant::now())) else { return false };
            let events = self.session.handle(event);
            if events.iter().any(|event| matches!(event, SessionEvent::SaveFailed(_) | SessionEvent::Unreadable(_))) {
                return false;
            }
        }
    }

    /// Applies an edit and waits until it is shown as saved; `None` if saving fails.
    fn save(&mut self, edit: Edit) -> Option<AnnotationId> {
        let id = self.session.apply(edit).unwrap();
        self.wait(|reader, _| reader.session.overall_save_state() == SaveState::Saved).then_some(id)
    }

    fn state(&self) -> AnnotationState {
        let all = self.session.annotations().iter();
        all.map(|placed| (placed.id(), (placed.span.unwrap().start, placed.annotation.tags.clone(), placed.annotation.note.clone())))
            .collect()
    }
}

/// Runs the scenario in a reader, with a restart, until it ends or the power is cut. Returns as
/// [`run_commands`].
fn run_reader(disk: &SimulatedDisk) -> (AnnotationState, Option<AnnotationState>) {
    let (mut created, mut certain) = (Vec::new(), AnnotationState::new());
    let mut reader = SimulatedReader::start(disk, "甲");
    for step in 0.. {
        let Some(next) = edit(step, &created) else { break };
        let is_new = matches!(next, Edit::Tag { .. } | Edit::Note { .. });
        match reader.save(next) {
            Some(id) if is_new => created.push(id),
            Some(_) => {}
            None => return (certain, Some(reader.state())),
        }
        certain = reader.state();
        if step % 3 == 1 {
            // Checkpoint: the saved edits move from the journal into the store.
            let _ = reader.writer.flush(TIMEOUT);
        }
        if step == 4 {
            reader = SimulatedReader::start(&disk.process(), "甲");
            if !reader.session.is_loaded() {
                return (certain, None);
            }
        }
    }
    let _ = reader.writer.flush(TIMEOUT);
    (certain, None)
}

#[test]
fn saved_edits_survive_a_power_cut() {
    let complete = SimulatedDisk::new();
    assert_eq!(run_reader(&complete).0, read_state(&complete.process()));
    let operations = complete.operations();
    let mut outcomes = 0;
    for at in 0..operations {
        let disk = SimulatedDisk::new();
        disk.fail_after(at);
        let (certain, interrupted) = run_reader(&disk);
        // Cuts the power now at the latest, whatever the writer thread is doing.
        disk.fail_after(0);
        for unsynced in crash_outcomes() {
            outcomes += 1;
            assert_recovers(&disk, unsynced, at, &|state| *state == certain || Some(state) == interrupted.as_ref());
        }
    }
    println!("{operations} crashes, {outcomes} outcomes: nothing lost");
    assert!(operations > 60);
}

#[test]
fn replay_of_a_dead_journal_does_not_override_later_edits() {
    for seed in 0..seeds() * 8 {
        let disk = SimulatedDisk::new();
        let first = disk.process();
        let mut reader = SimulatedReader::start(&first, "甲");
        let id = reader
            .save(Edit::Tag {
                target: target(0),
                tags: vec![pizhu_annotation::TagRef::derived("一"), pizhu_annotation::TagRef::derived("二")],
            })
            .unwrap();
        first.kill();
        // Another process checkpoints the dead one's journal, and removes a tag.
        store(&disk.process())
            .apply(&document(), path(), "甲", vec![Edit::RemoveTags { id, tags: vec![pizhu_annotation::TagId::from_name("二")] }])
            .unwrap();
        let state = read_state(&disk.reboot(UnsyncedChanges::Random(seed)));
        assert_eq!(state[&id].1, TagSet::from([pizhu_annotation::TagRef::derived("一")]), "{seed}");
    }
}

#[test]
fn history_survives_a_power_cut() {
    let disk = SimulatedDisk::new();
    let target = target(0);
    store(&disk).apply(&document(), path(), "甲", vec![Edit::Note { target, note: "记下".to_owned() }]).unwrap();
    let rebooted = store(&disk.reboot(UnsyncedChanges::Lost));
    let key = SpeechKey::from_document(rebooted.location(), &document(), path());
    assert_eq!(rebooted.history(&key).unwrap().len(), 1);
    assert_eq!(rebooted.restore(&key, None, "甲", pizhu_annotation::RestoreScope::All).unwrap(), (1, 0));
}

#[test]
fn deleted_journal_is_recreated_by_the_next_save() {
    let disk = SimulatedDisk::new();
    let mut reader = SimulatedReader::start(&disk, "甲");
    reader.save(Edit::Note { target: target(0), note: "之前".to_owned() }).unwrap();
    reader.writer.flush(TIMEOUT).unwrap();
    let journal = disk
        .files()
        .into_iter()
        .map(|(path, _)| path)
        .find(|path| path.extension().is_some_and(|extension| extension == "log") && path.to_string_lossy().contains("journal"))
        .unwrap();
    disk.remove(&journal).unwrap();
    reader.save(Edit::Note { target: target(1), note: "之后".to_owned() }).unwrap();
    disk.fail_after(0);
    let state = read_state(&disk.reboot(UnsyncedChanges::Lost));
    assert_eq!(state.values().map(|(_, _, note)| note.as_str()).collect::<BTreeSet<_>>(), BTreeSet::from(["之前", "之后"]));
}
