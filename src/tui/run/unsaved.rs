//! What is typed or read and not yet on the disk, and the thread that writes it.

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
    sync::mpsc::{self, Sender},
    thread,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Maximum time that quitting waits for the last writes.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(10);

/// Work of the writing thread.
pub(super) type Job = Box<dyn FnOnce(&mut DraftFolder) + Send>;

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
    /// The file in which an external editor has it.
    pub(super) edited_file: Option<PathBuf>,
}

/// What is to be saved, and when.
pub(super) struct AutoSave {
    writer: Option<(Sender<Job>, thread::JoinHandle<()>)>,
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
            writer: None,
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

    /// Does a job on the writing thread, after those before it.
    pub(super) fn submit(&mut self, state: &Path, mut job: Job) {
        if let Some((sender, _)) = &self.writer {
            match sender.send(job) {
                Ok(()) => return,
                Err(returned) => job = returned.0,
            }
        }
        let (sender, jobs) = mpsc::channel::<Job>();
        let mut drafts = DraftFolder::new(state);
        let run = move || {
            for job in jobs {
                job(&mut drafts);
            }
        };
        if let Ok(thread) = thread::Builder::new().name("keeping".into()).spawn(run)
            && sender.send(job).is_ok()
        {
            self.writer = Some((sender, thread));
        }
    }

    pub(super) fn submit_draft(&mut self, state: &Path) {
        self.draft_due = None;
        let Some(open) = &mut self.draft else { return };
        open.written.clone_from(&open.text);
        let (id, speech, place, text) = (open.id, open.speech.clone(), open.place.clone(), open.text.clone());
        let (edited_file, events, target) = (open.edited_file.clone(), self.events.clone(), open.target.clone());
        self.submit(
            state,
            Box::new(move |drafts| {
                let mut draft = drafts.draft(id, speech, place, &text);
                draft.edited_file = edited_file;
                if let DraftTarget::Screen(screen_text) = target {
                    draft.screen_text = Some(screen_text);
                }
                if let Err(error) = drafts.save(&draft) {
                    events(AppEvent::Status(StatusMessage::error(notice::DRAFT_NOT_KEPT).with("reason", error)));
                }
            }),
        );
    }

    /// Removes a draft. If that fails, it is offered once more than it should be.
    pub(super) fn remove_draft(&mut self, state: &Path, id: Uuid) {
        self.submit(
            state,
            Box::new(move |drafts| {
                let _ = drafts.remove(id);
            }),
        );
    }

    /// Waits until everything is written.
    pub(super) fn flush(&mut self) {
        if let Some((sender, thread)) = self.writer.take() {
            let (done, ended) = mpsc::channel::<()>();
            // The thread ends, and gives up its lock, when its channel closes.
            drop(sender);
            let waiter = thread::Builder::new().name("flushing".into()).spawn(move || {
                let _ = thread.join();
                drop(done);
            });
            if waiter.is_ok() {
                let _ = ended.recv_timeout(FLUSH_TIMEOUT);
            }
        }
    }
}
