//! What is typed or read and not yet on the disk, and the threads that write it.

use crate::locale::notice;
use crate::tui::draft::{DraftFolder, DraftPlace, DraftSpeech};
use crate::tui::effect::{AppEvent, SpeechPosition};
use crate::tui::event_sink::EventSink;
use crate::tui::message::{ScreenText, StatusMessage};
use crate::tui::overlay::DraftTarget;
use crate::tui::state::ScreenKind;
use pizhu_library::reading_state::ReadingPosition;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Sender},
    },
    thread,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Maximum time that quitting waits for the last writes.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(10);

/// Work of a writing thread.
pub(super) type Job = Box<dyn FnOnce(&DraftFolder) + Send>;

/// A thread that does one job after another; it starts with the first.
#[derive(Default)]
struct Writer(Option<(Sender<Job>, thread::JoinHandle<()>)>);

impl Writer {
    /// Does a job after those before it.
    fn submit(&mut self, name: &str, drafts: &DraftFolder, mut job: Job) {
        if let Some((sender, _)) = &self.0 {
            match sender.send(job) {
                Ok(()) => return,
                Err(returned) => job = returned.0,
            }
        }
        let (sender, jobs) = mpsc::channel::<Job>();
        let drafts = drafts.clone();
        let run = move || {
            for job in jobs {
                job(&drafts);
            }
        };
        if let Ok(thread) = thread::Builder::new().name(name.into()).spawn(run)
            && sender.send(job).is_ok()
        {
            self.0 = Some((sender, thread));
        }
    }

    /// Lets the thread end after its last job.
    fn end(&mut self) -> Option<thread::JoinHandle<()>> {
        self.0.take().map(|(_, thread)| thread)
    }
}

/// The draft of the note that is being typed.
pub(super) struct OpenDraft {
    pub(super) id: Uuid,
    /// The opening of the speech that the note belongs to; `None` for a text of no speech.
    pub(super) opening: Option<u64>,
    /// What it is on; of a note, what `place` describes.
    pub(super) target: DraftTarget,
    pub(super) place: Option<DraftPlace>,
    pub(super) speech: DraftSpeech,
    /// The text as last seen, and as last sent to the writing thread.
    pub(super) text: String,
    pub(super) written: String,
    /// Number of times it was sent: of those that wait for the disk only the last is written.
    pub(super) sent: Arc<AtomicU64>,
    /// The file in which an external editor has it.
    pub(super) edited_file: Option<PathBuf>,
}

/// What is to be saved, and when.
pub(super) struct AutoSave {
    /// The drafts; `None` before the first.
    drafts: Option<DraftFolder>,
    /// Hands drafts to the system at once, so that they survive the program however busy the disk is.
    typing: Writer,
    /// Waits until they and the reading place are on the disk.
    keeping: Writer,
    events: EventSink,
    pub(super) draft: Option<OpenDraft>,
    pub(super) draft_due: Option<Instant>,
    /// Drafts of notes that were saved, removed once their annotations are on the disk.
    pub(super) finished: Vec<Uuid>,
    /// Drafts of texts that were sent to baskets, tags or memos, with the texts: removed once those are there.
    pub(super) sent: Vec<(Uuid, ScreenText, String)>,
    /// The text of the change of a basket, a tag or a memo that was sent since the drafts were looked after.
    pub(super) just_sent: Option<String>,
    /// Whether a note could not be applied: its draft is kept.
    pub(super) note_refused: bool,
    /// The opening whose drafts have been looked for.
    pub(super) offered: u64,
    /// The open screen whose drafts have been looked for, and its store.
    pub(super) offered_screen: Option<(ScreenKind, PathBuf)>,
    /// The opening whose place has been found, or looked for by the text.
    pub(super) placed: Option<u64>,
    pub(super) place_due: Option<Instant>,
    /// The place saved last.
    pub(super) place: Option<SpeechPosition>,
    /// The marks that the reader and the file had in common.
    pub(super) marks_base: BTreeMap<String, usize>,
    /// The place that is shown until the exact one has been found.
    pub(super) approximate: Option<ApproximatePlace>,
    /// The saved place that was looked for last, and where it is in the open text.
    pub(super) found_place: Option<(ReadingPosition, ReadingPosition)>,
}

/// A place in a text that has changed, by its length alone.
pub(super) struct ApproximatePlace {
    /// The opening of the speech.
    pub(super) opening: u64,
    /// The place as it was saved.
    pub(super) saved: ReadingPosition,
    /// What is shown of it.
    pub(super) shown: ReadingPosition,
    /// The reader's cursor there.
    pub(super) cursor: usize,
}

impl AutoSave {
    pub(super) fn new(events: EventSink) -> Self {
        Self {
            drafts: None,
            typing: Writer::default(),
            keeping: Writer::default(),
            events,
            draft: None,
            draft_due: None,
            finished: Vec::new(),
            sent: Vec::new(),
            just_sent: None,
            note_refused: false,
            offered: 0,
            offered_screen: None,
            placed: None,
            place_due: None,
            place: None,
            marks_base: BTreeMap::new(),
            approximate: None,
            found_place: None,
        }
    }

    /// How long the loop may sleep; `None` if nothing is unsaved.
    pub(super) fn time_left(&self) -> Option<Duration> {
        let due = [self.draft_due, self.place_due].into_iter().flatten().min()?;
        Some(due.saturating_duration_since(Instant::now()))
    }

    /// Does a job on the thread that waits for the disk, after those before it.
    pub(super) fn submit(&mut self, state: &Path, job: Job) {
        let drafts = self.drafts.get_or_insert_with(|| DraftFolder::new(state));
        self.keeping.submit("keeping", drafts, job);
    }

    pub(super) fn submit_draft(&mut self, state: &Path) {
        self.draft_due = None;
        let drafts = self.drafts.get_or_insert_with(|| DraftFolder::new(state));
        let Some(open) = &mut self.draft else { return };
        open.written.clone_from(&open.text);
        let mut draft = drafts.draft(open.id, open.speech.clone(), open.place.clone(), &open.text);
        draft.edited_file.clone_from(&open.edited_file);
        if let DraftTarget::Screen(screen_text) = &open.target {
            draft.screen_text = Some(screen_text.clone());
        }
        let number = open.sent.fetch_add(1, Ordering::Relaxed) + 1;
        let (draft, events, sent) = (Arc::new(draft), self.events.clone(), Arc::clone(&open.sent));
        let typed = Arc::clone(&draft);
        self.typing.submit("typing", drafts, Box::new(move |drafts| drop(drafts.keep(&typed))));
        self.submit(
            state,
            Box::new(move |drafts| {
                let is_last = sent.load(Ordering::Relaxed) == number;
                if is_last && let Err(error) = drafts.save(&draft) {
                    events(AppEvent::Status(StatusMessage::error(notice::DRAFT_NOT_KEPT).with("reason", error)));
                }
            }),
        );
    }

    /// Removes a draft. If that fails, it is offered once more than it should be.
    pub(super) fn remove_draft(&mut self, state: &Path, id: Uuid) {
        let drafts = self.drafts.get_or_insert_with(|| DraftFolder::new(state)).clone();
        // Behind what either thread still has of it.
        self.typing.submit("typing", &drafts, Box::new(move |drafts| drop(drafts.remove(id))));
        self.keeping.submit("keeping", &drafts, Box::new(move |drafts| drop(drafts.remove(id))));
    }

    /// Waits until everything is written.
    pub(super) fn flush(&mut self) {
        // The threads end when their channels close; the lock is given up with the last of them.
        self.drafts = None;
        let threads = [self.typing.end(), self.keeping.end()];
        if threads.iter().all(Option::is_none) {
            return;
        }
        let (done, ended) = mpsc::channel::<()>();
        let waiter = thread::Builder::new().name("flushing".into()).spawn(move || {
            for thread in threads.into_iter().flatten() {
                let _ = thread.join();
            }
            drop(done);
        });
        if waiter.is_ok() {
            let _ = ended.recv_timeout(FLUSH_TIMEOUT);
        }
    }
}
