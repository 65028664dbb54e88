//! The open speech's annotations: owns the store session and turns its replies into events.

use super::{effect::Event, state::Notice};
use pizhu_annotation::Answer;
use pizhu_annotation::Codebook;
use pizhu_annotation::Edit;
use pizhu_annotation::Event as WriterEvent;
use pizhu_annotation::News;
use pizhu_annotation::Notice as StoreNotice;
use pizhu_annotation::Session;
use pizhu_annotation::Sharing;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::Store;
use pizhu_annotation::StoreError;
use pizhu_annotation::Writer;
use pizhu_annotation::review;
use pizhu_library::source::Speech;
use std::{path::PathBuf, sync::Arc, time::Duration};
use uuid::Uuid;

/// How long quitting waits for unsaved annotations.
const PATIENCE: Duration = Duration::from_secs(20);

/// The open speech's session, and the thread that writes to the store.
pub struct Desk {
    store: Option<PathBuf>,
    author: String,
    tell: Arc<dyn Fn(WriterEvent) + Send + Sync>,
    writer: Option<(Store, Writer)>,
    session: Option<(u64, Session)>,
    codebook: Arc<Codebook>,
}

impl Desk {
    /// A controller for `author`. `store` overrides the store's location; `tell` receives the
    /// writer's events.
    #[must_use]
    pub fn new(store: Option<PathBuf>, author: String, tell: Arc<dyn Fn(WriterEvent) + Send + Sync>) -> Self {
        Self { store, author, tell, writer: None, session: None, codebook: Arc::new(Codebook::starter()) }
    }

    /// Opens the annotations of a speech. They arrive later as events.
    pub fn open(&mut self, number: u64, speech: &Speech) -> Option<Event> {
        self.session = None;
        let store = match Store::find(Some(&speech.path), self.store.as_deref()) {
            Ok(store) => store,
            Err(error) => return Some(Event::Said(Notice::error("cannot-save").with("reason", error))),
        };
        if self.writer.as_ref().is_none_or(|(known, _)| known.place() != store.place()) {
            let tell = Arc::clone(&self.tell);
            self.writer = Some((store.clone(), Writer::start(store, move |event| tell(event))));
        }
        let (_, writer) = self.writer.as_ref()?;
        writer.ask_codebook();
        let session = Session::open(writer, Arc::clone(&speech.document), speech.path.clone(), self.author.clone());
        self.session = Some((number, session));
        Some(Event::Codebook(Arc::clone(&self.codebook)))
    }

    /// Takes the speech's complete text.
    pub fn complete(&mut self, number: u64, speech: &Speech) {
        if let Some((open, session)) = &mut self.session
            && *open == number
        {
            session.set_document(Arc::clone(&speech.document));
        }
    }

    /// Hash of the open speech; `None` until its text is complete.
    #[must_use]
    pub fn hash(&self) -> Option<SpeechHash> {
        self.session.as_ref()?.1.hash()
    }

    /// Closes the session.
    pub fn close(&mut self) {
        self.session = None;
    }

    /// The writer thread; `None` until a speech was opened.
    #[must_use]
    pub fn writer(&self) -> Option<Writer> {
        self.writer.as_ref().map(|(_, writer)| writer.clone())
    }

    /// Applies edits as one undoable action.
    pub fn annotate(&mut self, edits: Vec<Edit>) -> Vec<Event> {
        let Some((_, session)) = &mut self.session else { return Vec::new() };
        match session.apply_all(edits) {
            Ok(_) => self.now().into_iter().collect(),
            Err(error) => vec![Event::Said(Notice::error("cannot-save").with("reason", error))],
        }
    }

    /// Undoes the last action, or redoes it if `again`.
    pub fn undo(&mut self, again: bool) -> Vec<Event> {
        let Some((_, session)) = &mut self.session else { return Vec::new() };
        let done = if again { session.redo() } else { session.undo() };
        let (said, nothing) = if again { ("redone", "nothing-to-redo") } else { ("undone", "nothing-to-undo") };
        match done {
            Some(_) => self.now().into_iter().chain([Event::Said(Notice::done(said))]).collect(),
            None => vec![Event::Said(Notice::hint(nothing))],
        }
    }

    /// Queries, detaches or attaches the copies of the open speech. The reply arrives as an event.
    pub fn share(&self, asked: Sharing) {
        if let Some((_, session)) = &self.session {
            session.share(asked);
        }
    }

    /// Actions on the open speech's annotations.
    #[must_use]
    pub fn history(&self) -> Option<Event> {
        self.session.as_ref().map(|(_, session)| Event::History(Arc::new(session.history().to_vec())))
    }

    /// Restores the annotations to their state after an action; `None` before the first.
    pub fn restore(&mut self, action: Option<Uuid>) -> Vec<Event> {
        let Some((_, session)) = &mut self.session else { return Vec::new() };
        match session.restore(action) {
            Some(changed) => {
                let said = Notice::done("restored").with("count", changed.len());
                self.now().into_iter().chain([Event::Said(said)]).collect()
            }
            None => vec![Event::Said(Notice::hint("restored-nothing"))],
        }
    }

    /// The current annotations as an event; `None` until the store was read.
    fn now(&self) -> Option<Event> {
        let (number, session) = self.session.as_ref()?;
        if !session.is_loaded() && session.placements().is_empty() {
            return None;
        }
        let (placements, pending) = (Arc::new(session.placements().clone()), Arc::new(session.unsaved()));
        Some(Event::Annotations { number: *number, placements, pending })
    }

    /// Handles an event of the writer thread.
    pub fn handle(&mut self, event: WriterEvent) -> Vec<Event> {
        if let Answer::Codebook(codebook) = &event.answer {
            self.codebook = Arc::clone(codebook);
            return vec![Event::Codebook(Arc::clone(codebook))];
        }
        let Some((_, session)) = &mut self.session else { return Vec::new() };
        let news = session.handle(event);
        let to_review = || review::open(session.placements()).count();
        let open = if news.iter().any(|news| matches!(news, News::Loaded)) { to_review() } else { 0 };
        let mut events: Vec<Event> = self.now().into_iter().collect();
        for news in news {
            match news {
                News::Failed(problem) | News::Waiting(problem) | News::Unreadable(problem) => {
                    events.push(Event::Said(not_saved(&problem)));
                }
                News::Notice(notice) => events.extend(worded(&notice).map(Event::Said)),
                News::Loaded => {
                    if open > 0 {
                        events.push(Event::Said(Notice::hint("to-review").with("count", open)));
                    }
                }
                News::Copies { copies: Err(problem), .. } => events.push(Event::Said(not_saved(&problem))),
                News::Copies { asked, already, copies: Ok(copies) } => match asked {
                    Sharing::Tell => events.push(Event::Copies(copies)),
                    Sharing::Part => events.push(Event::Said(Notice::done(if already { "copy-was-apart" } else { "copy-parted" }))),
                    Sharing::Join if already => events.push(Event::Said(Notice::hint("no-copies"))),
                    Sharing::Join => events.push(Event::Said(Notice::done("copy-joined"))),
                },
                News::Saved | News::Changed => {}
            }
        }
        events
    }

    /// Saves everything and waits for it.
    ///
    /// # Errors
    /// With the reason if something could not be saved.
    pub fn leave(&mut self) -> Result<(), String> {
        self.session = None;
        match self.writer.take() {
            Some((_, writer)) => writer.flush(PATIENCE).map_err(|error| error.to_string()),
            None => Ok(()),
        }
    }
}

/// Status message for a failed save, which is retried; says what the user can do about it.
fn not_saved(problem: &StoreError) -> Notice {
    use std::io::ErrorKind;
    match problem {
        StoreError::Gone(path) => Notice::error("store-gone").with("path", path.display()),
        StoreError::Io { path, source } => match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Notice::error("store-full").with("path", path.display())
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Notice::error("store-forbidden").with("path", path.display()),
            _ => Notice::error("cannot-save").with("reason", problem),
        },
        _ => Notice::error("cannot-save").with("reason", problem),
    }
}

/// Status message for a warning of the store; `None` if the user need not act.
fn worded(notice: &StoreNotice) -> Option<Notice> {
    match notice {
        StoreNotice::Damaged { path, lost } => Some(Notice::error("store-damaged").with("path", path.display()).with("count", lost)),
        StoreNotice::PutAside { aside, .. } => Some(Notice::error("store-put-aside").with("path", aside.display())),
        StoreNotice::Newer(path) => Some(Notice::error("store-newer").with("path", path.display())),
        StoreNotice::Shared { with, .. } => Some(Notice::hint("store-shared").with("path", with.display())),
        _ => None,
    }
}
