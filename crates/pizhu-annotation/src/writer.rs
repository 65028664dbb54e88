//! The thread that saves: journal first, store soon after.
//!
//! Invariants: an action is answered as saved only when it is on the disk (in the journal, or in
//! the store where the journal cannot be written); actions of a speech reach the store in their
//! order; whatever fails is kept and tried again. With nothing to do the thread sleeps.

use super::{
    codebook::{Codebook, CodebookError},
    edit::Action,
    identity::SpeechHash,
    journal::{Journal, Record},
    model::AnnotationId,
    placements::Placements,
    session::SessionId,
    storage::Stamp,
    store::{Copies, Notice, SpeechKey, Store, StoreError},
    watch::Watch,
};
use pizhu_text::document::Document;
use std::{
    collections::HashMap,
    fmt, mem,
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// How long edits wait in the journal for more before they are folded into the store.
const FOLD_AFTER: Duration = Duration::from_millis(800);
/// How long after a failure saving is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(3);
/// How long after a change on the disk others may still be at it.
const SETTLE: Duration = Duration::from_millis(60);

/// What the writer has to say, to one session or to all.
#[derive(Debug)]
pub struct Event {
    /// For whom; `None` for all.
    pub session: Option<SessionId>,
    /// What.
    pub answer: Answer,
}

/// What the writer has to say; [`Session::handle`](super::Session::handle) takes it in.
#[derive(Debug)]
pub enum Answer {
    /// The speech's annotations as the store has them, and what was done to them before.
    Loaded {
        /// The speech's identity, where its text is read to the end.
        hash: Option<SpeechHash>,
        /// The annotations.
        placements: Placements,
        /// The history, the oldest first.
        history: Vec<Arc<Action>>,
        /// What was met in reading.
        notices: Vec<Notice>,
    },
    /// The store cannot be read; it is tried again.
    Unreadable {
        /// Why.
        problem: Arc<StoreError>,
    },
    /// This action is on the disk.
    Saved {
        /// Which.
        action: Uuid,
    },
    /// What is pending could not be saved; it is tried again.
    Failed {
        /// Why.
        problem: Arc<StoreError>,
    },
    /// What is saved in the journal could not be folded into the store; it is tried again.
    Waiting {
        /// Why.
        problem: Arc<StoreError>,
    },
    /// The speech's annotations as the store has them now.
    Stored {
        /// The session's actions that are in it now.
        folded: Vec<Uuid>,
        /// The annotations.
        placements: Placements,
        /// Those of them that came, went or changed since the session was last told.
        changed: Vec<AnnotationId>,
        /// What the user should know.
        notices: Vec<Notice>,
    },
    /// The codebook, as it was read or changed.
    Codebook(Arc<Codebook>),
    /// What was asked about the speech's copies, and how it is with them now.
    Copies {
        /// What was asked.
        asked: Sharing,
        /// Whether it was so before.
        already: bool,
        /// How it is.
        copies: Result<Copies, Arc<StoreError>>,
    },
}

/// What can be asked about the copies of a speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// How it is with them.
    Tell,
    /// To have annotations of its own from now on.
    Part,
    /// To share the annotations of the others again.
    Join,
}

/// A change to the codebook.
pub type CodebookEdit = Box<dyn FnOnce(&mut Codebook) -> Result<(), CodebookError> + Send>;

pub(super) enum Order {
    Open { session: SessionId, document: Arc<Document>, path: PathBuf },
    Document { session: SessionId, document: Arc<Document> },
    Save { session: SessionId, action: Arc<Action> },
    Share { session: SessionId, asked: Sharing },
    Codebook { edit: Option<CodebookEdit>, reply: Option<Sender<Result<(), StoreError>>> },
    Look,
    Stop,
    Flush { reply: Sender<Result<(), Arc<StoreError>>> },
    Close { session: SessionId },
}

/// The handle of the saving thread. Cheap to clone; the thread ends with the last of them, having
/// saved everything.
#[derive(Clone)]
pub struct Writer {
    orders: Arc<Orders>,
}

/// Ends the thread with the last handle (the watch has a sender of its own).
struct Orders(Sender<Order>);

impl Drop for Orders {
    fn drop(&mut self) {
        let _ = self.0.send(Order::Stop);
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Starts the thread. `tell` is called on it with each event, and should pass the event on
    /// without waiting.
    #[must_use]
    pub fn start(store: Store, tell: impl Fn(Event) + Send + 'static) -> Self {
        let (orders, received) = mpsc::channel();
        let look = orders.clone();
        thread::spawn(move || Worker::new(store, Box::new(tell), look).run(&received));
        Self { orders: Arc::new(Orders(orders)) }
    }

    pub(super) fn send(&self, order: Order) {
        // The thread lives as long as a handle does.
        let _ = self.orders.0.send(order);
    }

    /// Asks for the codebook; it comes as an event for all sessions, now and whenever it changes.
    pub fn ask_codebook(&self) {
        self.send(Order::Codebook { edit: None, reply: None });
    }

    /// Changes the codebook and waits until it is saved; the new one comes as an event, too.
    ///
    /// # Errors
    /// When `edit` refuses, or it cannot be saved; then nothing is changed.
    pub fn edit_codebook(&self, edit: CodebookEdit) -> Result<(), StoreError> {
        let (reply, answer) = mpsc::channel();
        self.send(Order::Codebook { edit: Some(edit), reply: Some(reply) });
        answer.recv().unwrap_or(Ok(()))
    }

    /// Looks whether others have changed the store: for when the terminal gets the focus, in case
    /// the system could not tell of changes by itself. Costs a few calls to the system.
    pub fn look(&self) {
        self.send(Order::Look);
    }

    /// Saves and folds everything, waiting for it up to `wait`.
    ///
    /// # Errors
    /// With the reason why something is not in the store. What was saved in the journal is not
    /// lost by that: the next process that opens the store folds it.
    pub fn flush(&self, wait: Duration) -> Result<(), Arc<StoreError>> {
        let (reply, answer) = mpsc::channel();
        self.send(Order::Flush { reply });
        answer.recv_timeout(wait).unwrap_or_else(|_| Err(Arc::new(StoreError::TooSlow)))
    }
}

/// A session as the writer sees it.
struct Open {
    document: Arc<Document>,
    path: PathBuf,
    key: SpeechKey,
    placements: Placements,
    files: Vec<(PathBuf, Stamp)>,
    /// In the journal, not in the store.
    journalled: Vec<Arc<Action>>,
    /// Nowhere yet.
    unsaved: Vec<Arc<Action>>,
    /// In the store, which the session has not been told yet.
    folded: Vec<Uuid>,
    loaded: bool,
    closed: bool,
}

struct Worker {
    store: Store,
    tell: Box<dyn Fn(Event) + Send>,
    /// For the watch to say that something changed on the disk.
    look: Sender<Order>,
    watch: Option<(PathBuf, Watch)>,
    journal: Option<Journal>,
    sessions: HashMap<SessionId, Open>,
    codebook: Option<Arc<Codebook>>,
    fold_at: Option<Instant>,
    look_at: Option<Instant>,
    /// Whether the store's folder has been there.
    seen: bool,
}

impl Worker {
    fn new(store: Store, tell: Box<dyn Fn(Event) + Send>, look: Sender<Order>) -> Self {
        Self {
            store,
            tell,
            look,
            watch: None,
            journal: None,
            sessions: HashMap::new(),
            codebook: None,
            fold_at: None,
            look_at: None,
            seen: false,
        }
    }

    fn run(&mut self, orders: &Receiver<Order>) {
        loop {
            let wake = [self.fold_at, self.look_at].into_iter().flatten().min();
            let order = match wake {
                None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => orders.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            match order {
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(order) => self.take(order),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = Instant::now();
            if self.fold_at.is_some_and(|at| at <= now) {
                // What fails has been told, and is tried again.
                let _ = self.fold_all();
            }
            if self.look_at.is_some_and(|at| at <= now) {
                self.look();
            }
        }
        // Nobody is left to be told; what is not in the store is in the journal.
        if self.fold_all().is_ok()
            && let Some(journal) = self.journal.take()
        {
            journal.end();
        }
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Open { session, document, path } => self.open(session, document, path),
            Order::Document { session, document } => {
                if let Some(open) = self.sessions.get_mut(&session) {
                    // A text read on is the same speech; its hash is that of the whole.
                    open.key = SpeechKey::of(self.store.place(), &document, &open.path);
                    open.document = document;
                    self.load(session);
                }
            }
            Order::Save { session, action } => self.save(session, action),
            Order::Share { session, asked } => self.share(session, asked),
            Order::Codebook { edit, reply } => self.edit_codebook(edit, reply.as_ref()),
            Order::Look => {
                self.look_at.get_or_insert_with(|| Instant::now() + SETTLE);
            }
            Order::Flush { reply } => {
                let _ = reply.send(self.fold_all());
            }
            Order::Close { session } => {
                if let Some(open) = self.sessions.get_mut(&session) {
                    open.closed = true;
                    self.fold_in(Duration::ZERO);
                }
            }
            Order::Stop => {}
        }
    }

    fn tell(&self, session: Option<SessionId>, answer: Answer) {
        (self.tell)(Event { session, answer });
    }

    fn tell_all(&self, answer: impl Fn() -> Answer) {
        for session in self.sessions.keys() {
            self.tell(Some(*session), answer());
        }
    }

    fn fold_in(&mut self, wait: Duration) {
        let at = Instant::now() + wait;
        self.fold_at = Some(self.fold_at.map_or(at, |old| old.min(at)));
    }

    fn open(&mut self, session: SessionId, document: Arc<Document>, path: PathBuf) {
        let key = SpeechKey::of(self.store.place(), &document, &path);
        let open = Open {
            document,
            path,
            key,
            placements: Placements::default(),
            files: Vec::new(),
            journalled: Vec::new(),
            unsaved: Vec::new(),
            folded: Vec::new(),
            loaded: false,
            closed: false,
        };
        self.sessions.insert(session, open);
        self.watch();
        if let Err(problem) = self.store.recover() {
            self.tell(Some(session), Answer::Waiting { problem: Arc::new(problem) });
        }
        self.load(session);
    }

    fn load(&mut self, session: SessionId) {
        let Some(open) = self.sessions.get_mut(&session) else { return };
        let loaded =
            self.store.load(&open.key).and_then(|speech| Ok((self.store.history(&open.key)?.into_iter().map(Arc::new).collect(), speech)));
        match loaded {
            Ok((history, speech)) => {
                open.placements = Placements::new(&open.document, speech.annotations());
                open.placements.sum_up();
                open.files = speech.files;
                open.loaded = true;
                let hash = open.document.is_final.then_some(open.key.hash);
                let placements = open.placements.clone();
                self.tell(Some(session), Answer::Loaded { hash, placements, history, notices: speech.notices });
            }
            Err(problem) => {
                self.tell(Some(session), Answer::Unreadable { problem: Arc::new(problem) });
                self.look_at = Some(Instant::now() + RETRY_AFTER);
            }
        }
    }

    fn save(&mut self, session: SessionId, action: Arc<Action>) {
        let Some(open) = self.sessions.get_mut(&session) else { return };
        open.unsaved.push(action);
        self.journal_unsaved(session);
    }

    /// Puts what is nowhere yet into the journal; into the store where that cannot be.
    fn journal_unsaved(&mut self, session: SessionId) {
        if self.journal.is_none() {
            self.journal = Journal::start(self.store.storage(), &self.store.journal_dir()).ok();
        }
        let Some(open) = self.sessions.get_mut(&session) else { return };
        let records: Vec<Record> =
            open.unsaved.iter().map(|action| Record::Done { speech: open.key.clone(), action: (**action).clone() }).collect();
        let saved = self.journal.as_mut().is_some_and(|journal| journal.append(&records).is_ok());
        if saved {
            let ids: Vec<Uuid> = open.unsaved.iter().map(|action| action.id).collect();
            open.journalled.append(&mut open.unsaved);
            for action in ids {
                self.tell(Some(session), Answer::Saved { action });
            }
            self.fold_in(FOLD_AFTER);
        } else {
            self.fold_in(Duration::ZERO);
        }
    }

    /// Folds everything into the store; what fails is tried again later.
    fn fold_all(&mut self) -> Result<(), Arc<StoreError>> {
        self.fold_at = None;
        let mut result = Ok(());
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            if let Err(problem) = self.fold(session) {
                result = Err(problem);
                self.fold_in(RETRY_AFTER);
            }
        }
        self.sessions.retain(|_, open| !(open.closed && open.journalled.is_empty() && open.unsaved.is_empty()));
        if result.is_ok()
            && let Some(journal) = &mut self.journal
        {
            // An emptied journal is only a shorter one; it is emptied again next time.
            let _ = journal.clear();
        }
        result
    }

    fn fold(&mut self, session: SessionId) -> Result<(), Arc<StoreError>> {
        let there = self.check_there();
        let Some(open) = self.sessions.get_mut(&session) else { return Ok(()) };
        if open.journalled.is_empty() && open.unsaved.is_empty() {
            return Ok(());
        }
        let actions: Vec<Action> = open.journalled.iter().chain(&open.unsaved).map(|action| (**action).clone()).collect();
        let ids: Vec<Uuid> = actions.iter().map(|action| action.id).collect();
        let (store, journal) = (&self.store, &mut self.journal);
        let mut about_to = |file: &Path, bytes: &[u8]| {
            if let Some(journal) = journal {
                let content = blake3::hash(bytes).to_hex().to_string();
                // Without this line a crash right after it would only merge what is merged already.
                let _ = journal.append(&[Record::Folding { actions: ids.clone(), file: file.to_owned(), content }]);
            }
            Ok(())
        };
        let committed = there.and_then(|()| store.commit_with(&open.key, &actions, &mut about_to));
        match committed {
            Ok(committed) => {
                let unsaved: Vec<Uuid> = open.unsaved.iter().map(|action| action.id).collect();
                open.journalled.clear();
                open.unsaved.clear();
                if let Some(journal) = &mut self.journal {
                    let _ = journal.append(&[Record::Folded { actions: ids.clone() }]);
                }
                for action in unsaved {
                    self.tell(Some(session), Answer::Saved { action });
                }
                self.stored(session, ids, committed.notices);
                self.watch();
                Ok(())
            }
            Err(problem) => {
                let problem = Arc::new(problem);
                let answer = if open.unsaved.is_empty() {
                    Answer::Waiting { problem: Arc::clone(&problem) }
                } else {
                    Answer::Failed { problem: Arc::clone(&problem) }
                };
                self.tell(Some(session), answer);
                Err(problem)
            }
        }
    }

    /// Parts a session's speech from its copies, or joins it to them.
    fn share(&mut self, session: SessionId, asked: Sharing) {
        // What was edited before belongs to what it belonged to then.
        let folded = match asked {
            Sharing::Tell => Ok(()),
            Sharing::Part | Sharing::Join => self.check_there().map_err(Arc::new).and_then(|()| self.fold(session)),
        };
        let Some(open) = self.sessions.get(&session) else { return };
        let done = folded.and_then(|()| match asked {
            Sharing::Tell => Ok(false),
            Sharing::Part => self.store.part(&open.key).map_err(Arc::new),
            Sharing::Join => self.store.join(&open.key, None, None).map_err(Arc::new),
        });
        let copies = done.clone().and_then(|_| self.store.copies(&open.key).map_err(Arc::new));
        let done = matches!(done, Ok(true));
        self.tell(Some(session), Answer::Copies { asked, already: !done, copies });
        if done {
            self.load(session);
        }
    }

    /// Tells a session what the store has now, after its own actions are in it.
    fn stored(&mut self, session: SessionId, folded: Vec<Uuid>, mut notices: Vec<Notice>) {
        let Some(open) = self.sessions.get_mut(&session) else { return };
        if open.closed {
            return;
        }
        open.folded.extend(folded);
        let Ok(speech) = self.store.load(&open.key) else {
            // Files that are just being replaced: told the next time, soon.
            self.look_at = Some(Instant::now() + RETRY_AFTER);
            open.files.clear();
            return;
        };
        let folded = mem::take(&mut open.folded);
        let changed = open.placements.renew(&open.document, speech.annotations());
        open.placements.sum_up();
        open.files = speech.files;
        notices.extend(speech.notices);
        let created = notices.iter().any(|notice| matches!(notice, Notice::TagsCreated(_)));
        let placements = open.placements.clone();
        self.tell(Some(session), Answer::Stored { folded, placements, changed, notices });
        if created {
            self.read_codebook();
        }
    }

    /// Sees to it that a store whose folder was there and is not any more is not written: a new
    /// one in its place would hold only the last edits, and hide the old when it is back.
    fn check_there(&mut self) -> Result<(), StoreError> {
        let there = self.store.is_there();
        if !there {
            // It watches what is not there.
            self.watch = None;
        }
        let is_gone = self.seen && !there;
        self.seen |= there;
        if is_gone { Err(StoreError::Gone(self.store.place().dir.clone())) } else { Ok(()) }
    }

    /// Looks whether others have changed the store.
    fn look(&mut self) {
        self.look_at = None;
        if let Err(problem) = self.check_there() {
            let problem = Arc::new(problem);
            self.tell_all(|| Answer::Waiting { problem: Arc::clone(&problem) });
            self.look_at = Some(Instant::now() + RETRY_AFTER);
            return;
        }
        self.watch();
        // An error here is met again, and told, by whoever saves next.
        let _ = self.store.recover();
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            let Some(open) = self.sessions.get(&session) else { continue };
            if !open.loaded {
                self.load(session);
            } else if self.store.files_now(&open.key).is_ok_and(|files| files != open.files) {
                self.stored(session, Vec::new(), Vec::new());
            }
        }
        if self.codebook.is_some() {
            self.read_codebook();
        }
    }

    /// Reads the codebook, and tells all where it has changed.
    fn read_codebook(&mut self) {
        if let Ok(book) = self.store.codebook()
            && self.codebook.as_deref() != Some(&book)
        {
            let book = Arc::new(book);
            self.codebook = Some(Arc::clone(&book));
            self.tell(None, Answer::Codebook(book));
        }
    }

    fn edit_codebook(&mut self, edit: Option<CodebookEdit>, reply: Option<&Sender<Result<(), StoreError>>>) {
        let result = if let Some(edit) = edit {
            self.check_there().and_then(|()| self.store.edit_codebook(edit))
        } else {
            self.codebook = None;
            Ok(())
        };
        if let Some(reply) = reply {
            let _ = reply.send(result);
        }
        self.read_codebook();
        // Annotations show the tags' present names.
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            self.stored(session, Vec::new(), Vec::new());
        }
    }

    /// Watches the store's folder; as long as it is not there, for somebody to make it.
    fn watch(&mut self) {
        self.seen |= self.store.is_there();
        let dir = &self.store.place().dir;
        // Looked at again after each start: it may have been made meanwhile.
        while let Some(there) = dir.ancestors().find(|dir| self.store.storage().stamp(dir).is_ok())
            && self.watch.as_ref().is_none_or(|(watched, _)| watched != there)
        {
            let look = self.look.clone();
            let watch = Watch::start(there, dir, move || drop(look.send(Order::Look))).ok();
            self.watch = watch.map(|watch| (there.to_owned(), watch));
            if self.watch.is_none() {
                break;
            }
        }
    }
}
