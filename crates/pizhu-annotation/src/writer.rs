//! The saving thread: journal first, store soon after.
//!
//! Invariants: an action is reported as saved only when it is on the disk (in the journal, or in
//! the store if the journal cannot be written); actions on a speech reach the store in order;
//! whatever fails is kept and retried. An idle thread sleeps.

use super::{
    anchor::{AnchorStatus, PastTexts},
    anchor_index::AnchorIndex,
    anchored::AnchoredAnnotation,
    codebook::Codebook,
    edit::Action,
    journal::{Journal, JournalRecord},
    open_session::OpenSession,
    protocol::{CodebookEditFn, CopyLink, SessionId, SessionOutline, WriterCommand, WriterEvent, WriterReply},
    store::{SpeechKey, Store, StoreError, StoreWarning},
    watch::StoreWatcher,
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

/// How long edits are collected in the journal before a checkpoint.
const CHECKPOINT_DELAY: Duration = Duration::from_millis(800);
/// Delay before a failed operation is retried.
const RETRY_DELAY: Duration = Duration::from_secs(3);
/// Delays before the journals of other processes are tried again: a process that has died may leave
/// its journal's lock for a moment to one that it was starting. Later the next look tries them.
const RECOVERY_DELAYS: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(25)];
/// How long to wait after a change on the disk, while others may still be writing.
const SETTLE_DELAY: Duration = Duration::from_millis(60);

/// Handle of the saving thread. Cheap to clone; the thread ends with the last handle, after saving
/// everything.
#[derive(Clone)]
pub struct StoreWriter {
    commands: Arc<CommandSender>,
}

/// Stops the thread when the last handle is dropped (the watcher has a sender of its own).
struct CommandSender(Sender<WriterCommand>);

impl Drop for CommandSender {
    fn drop(&mut self) {
        let _ = self.0.send(WriterCommand::Stop);
    }
}

impl fmt::Debug for StoreWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

impl StoreWriter {
    /// Starts the thread. `on_event` is called on it with each event and must not block.
    #[must_use]
    pub fn start(store: Store, on_event: impl Fn(WriterEvent) + Send + 'static) -> Self {
        let (commands, received) = mpsc::channel();
        let changes = commands.clone();
        thread::spawn(move || SavingThread::new(store, Box::new(on_event), changes).run(&received));
        Self { commands: Arc::new(CommandSender(commands)) }
    }

    pub(super) fn send(&self, command: WriterCommand) {
        // The thread lives as long as any handle.
        let _ = self.commands.0.send(command);
    }

    /// Requests the codebook. It arrives as an event for all sessions, now and after every change.
    pub fn request_codebook(&self) {
        self.send(WriterCommand::Codebook { edit: None, reply: None });
    }

    /// Changes the codebook and waits until it is saved. The new codebook also arrives as an event.
    ///
    /// # Errors
    /// Fails if `edit` refuses, or the codebook cannot be saved; then nothing has changed.
    pub fn edit_codebook(&self, edit: CodebookEditFn) -> Result<(), StoreError> {
        let (reply, received) = mpsc::channel();
        self.send(WriterCommand::Codebook { edit: Some(edit), reply: Some(reply) });
        received.recv().unwrap_or(Ok(()))
    }

    /// Checks whether others have changed the store; for when the terminal gains focus, in case the
    /// system gives no notifications. Costs a few system calls.
    pub fn check_for_changes(&self) {
        self.send(WriterCommand::CheckForChanges);
    }

    /// Saves and checkpoints everything, waiting up to `wait`.
    ///
    /// # Errors
    /// Returns the reason why something is not in the store. Actions in the journal are not lost:
    /// the next process that opens the store checkpoints them.
    pub fn flush(&self, wait: Duration) -> Result<(), Arc<StoreError>> {
        let (reply, received) = mpsc::channel();
        self.send(WriterCommand::Flush { reply });
        received.recv_timeout(wait).unwrap_or_else(|_| Err(Arc::new(StoreError::Timeout)))
    }
}

struct SavingThread {
    store: Store,
    on_event: Box<dyn Fn(WriterEvent) + Send>,
    /// Lets the watcher report changes on the disk.
    changes: Sender<WriterCommand>,
    watch: Option<(PathBuf, StoreWatcher)>,
    journal: Option<Journal>,
    sessions: HashMap<SessionId, OpenSession>,
    codebook: Option<Arc<Codebook>>,
    checkpoint_at: Option<Instant>,
    check_at: Option<Instant>,
    /// When the journals of other processes are tried again, and how often they have been.
    recover_at: Option<(Instant, usize)>,
}

impl SavingThread {
    fn new(store: Store, on_event: Box<dyn Fn(WriterEvent) + Send>, changes: Sender<WriterCommand>) -> Self {
        Self {
            store,
            on_event,
            changes,
            watch: None,
            journal: None,
            sessions: HashMap::new(),
            codebook: None,
            checkpoint_at: None,
            check_at: None,
            recover_at: None,
        }
    }

    fn run(&mut self, commands: &Receiver<WriterCommand>) {
        loop {
            let recover_at = self.recover_at.map(|(at, _)| at);
            let wake = [self.checkpoint_at, self.check_at, recover_at].into_iter().flatten().min();
            let command = match wake {
                None => commands.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => commands.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            match command {
                Ok(WriterCommand::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(command) => self.handle(command),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = Instant::now();
            if self.checkpoint_at.is_some_and(|at| at <= now) {
                // A failure has been reported and is retried.
                let _ = self.checkpoint_all();
            }
            if self.check_at.is_some_and(|at| at <= now) {
                self.check_for_changes();
            }
            if let Some((_, tried)) = self.recover_at.filter(|(at, _)| *at <= now) {
                self.recover_again(tried);
            }
            self.emit_store_warnings();
        }
        // Nobody is left to report to; what is not in the store is in the journal.
        if self.checkpoint_all().is_ok()
            && let Some(journal) = self.journal.take()
        {
            journal.end();
        }
    }

    fn handle(&mut self, command: WriterCommand) {
        match command {
            WriterCommand::Open { session, document, path } => self.open(session, document, path),
            WriterCommand::Document { session, document } => {
                if let Some(open) = self.sessions.get_mut(&session) {
                    // The text read so far belongs to the same speech; its hash is that of the
                    // whole.
                    open.key = SpeechKey::from_document(self.store.location(), &document, &open.path);
                    open.document = document;
                    self.load(session);
                }
            }
            WriterCommand::Save { session, action } => self.save(session, action),
            WriterCommand::CopyLink { session, request } => self.handle_copy_link(session, request),
            WriterCommand::Codebook { edit, reply } => self.edit_codebook(edit, reply.as_ref()),
            WriterCommand::CheckForChanges => {
                self.check_at.get_or_insert_with(|| Instant::now() + SETTLE_DELAY);
            }
            WriterCommand::Flush { reply } => {
                let _ = reply.send(self.checkpoint_all());
            }
            WriterCommand::Close { session } => {
                if let Some(open) = self.sessions.get_mut(&session) {
                    open.closed = true;
                    self.schedule_checkpoint(Duration::ZERO);
                }
            }
            WriterCommand::Stop => {}
        }
    }

    fn emit(&self, session: Option<SessionId>, reply: WriterReply) {
        (self.on_event)(WriterEvent { session, reply });
    }

    fn emit_to_all(&self, reply: impl Fn() -> WriterReply) {
        for session in self.sessions.keys() {
            self.emit(Some(*session), reply());
        }
    }

    /// Reports the warnings about the store as a whole, as soon as there is a session to tell.
    fn emit_store_warnings(&self) {
        if self.sessions.values().any(|open| !open.closed) {
            let warnings = self.store.take_warnings();
            if !warnings.is_empty() {
                self.emit_to_all(|| WriterReply::Warnings(warnings.clone()));
            }
        }
    }

    fn schedule_checkpoint(&mut self, wait: Duration) {
        let at = Instant::now() + wait;
        self.checkpoint_at = Some(self.checkpoint_at.map_or(at, |old| old.min(at)));
    }

    fn open(&mut self, session: SessionId, document: Arc<Document>, path: PathBuf) {
        let key = SpeechKey::from_document(self.store.location(), &document, &path);
        let open = OpenSession {
            document,
            path,
            key,
            anchors: AnchorIndex::default(),
            outline: SessionOutline::default(),
            past: PastTexts::default(),
            files: Vec::new(),
            journalled: Vec::new(),
            unsaved: Vec::new(),
            stored: Vec::new(),
            loaded: false,
            closed: false,
        };
        self.sessions.insert(session, open);
        self.watch();
        if let Err(error) = self.store.recover() {
            self.emit(Some(session), WriterReply::CheckpointFailed { error: Arc::new(error) });
        }
        self.schedule_recovery(0);
        self.load(session);
    }

    /// Tries the journals of other processes again, and shows what was in them.
    fn recover_again(&mut self, tried: usize) {
        self.recover_at = None;
        // An error here recurs, and is reported, at the next save.
        if self.store.recover().is_ok_and(|count| count > 0) {
            self.check_for_changes();
        } else {
            self.schedule_recovery(tried + 1);
        }
    }

    /// Lets the journals of other processes, if there are any, be tried again.
    fn schedule_recovery(&mut self, tried: usize) {
        let own = self.journal.as_ref().map(Journal::path);
        let delay = RECOVERY_DELAYS.get(tried).filter(|_| self.store.has_other_journals(own));
        self.recover_at = delay.map(|delay| (Instant::now() + *delay, tried));
    }

    fn load(&mut self, session: SessionId) {
        let Some(open) = self.sessions.get_mut(&session) else { return };
        // A store that is only read is not changed: the copy goes on showing what it shares.
        let _ = self.store.check_same_folder().and_then(|()| self.store.part_edited_copy(&open.key));
        // An empty folder in place of the store's must not empty what is shown.
        let loaded = self
            .store
            .check_same_folder()
            .and_then(|()| self.store.load(&open.key))
            .and_then(|speech| Ok((self.store.history(&open.key)?.into_iter().map(Arc::new).collect(), speech)));
        match loaded {
            Ok((history, speech)) => {
                open.past = self.store.past_texts(&speech, &open.document);
                open.mend(&speech);
                open.anchors = AnchorIndex::with_past(&open.outline.mended.document, speech.annotations(), open.past.clone());
                open.anchors.precompute_counts();
                let is_of_text = speech.record().is_some_and(|record| record.hash == open.key.hash);
                open.files = speech.files;
                open.loaded = true;
                let hash = open.document.is_final.then_some(open.key.hash);
                let anchors = open.anchors.clone();
                let known_texts = if hash.is_some() { self.store.known_texts(&open.key).unwrap_or_default() } else { Vec::new() };
                // Annotations of an older program are placed in this text for the first time.
                let is_placed = |anchored: &AnchoredAnnotation| anchored.status == AnchorStatus::Exact;
                let outline = open.outline.clone();
                let is_mended = outline.mended.edits.all().iter().any(|placed| placed.status == AnchorStatus::Exact);
                let is_used = is_mended || anchors.iter().any(is_placed);
                let text = (is_of_text && is_used).then(|| (open.key.hash, Arc::clone(&open.document)));
                self.emit(Some(session), WriterReply::Loaded { hash, known_texts, anchors, outline, history, warnings: speech.warnings });
                if let Some((hash, document)) = text {
                    self.store.keep_text(hash, &document);
                }
            }
            Err(error) => {
                self.emit(Some(session), WriterReply::Unreadable { error: Arc::new(error) });
                self.check_at = Some(Instant::now() + RETRY_DELAY);
            }
        }
    }

    fn save(&mut self, session: SessionId, action: Arc<Action>) {
        let Some(open) = self.sessions.get_mut(&session) else { return };
        open.unsaved.push(action);
        self.journal_unsaved(session);
    }

    /// Writes unsaved actions to the journal; if that fails, to the store.
    fn journal_unsaved(&mut self, session: SessionId) {
        if self.journal.is_none() {
            self.journal = self.store.start_journal().ok();
        }
        let away = self.check_folder().err();
        let Some(open) = self.sessions.get_mut(&session) else { return };
        let mut records: Vec<JournalRecord> =
            open.unsaved.iter().map(|action| JournalRecord::Done { speech: open.key.clone(), action: (**action).clone() }).collect();
        if away.is_some() {
            // Whoever recovers this journal must not write to the folder that is there now.
            records.push(JournalRecord::Away { files: self.store.landmark_files() });
        }
        let saved = self.journal.as_mut().is_some_and(|journal| journal.append(&records).is_ok());
        if saved {
            let ids: Vec<Uuid> = open.unsaved.iter().map(|action| action.id).collect();
            open.journalled.append(&mut open.unsaved);
            for action in ids {
                self.emit(Some(session), WriterReply::Saved { action });
            }
            if let Some(error) = away {
                self.emit(Some(session), WriterReply::CheckpointFailed { error: Arc::new(error) });
                self.schedule_checkpoint(RETRY_DELAY);
            } else {
                self.schedule_checkpoint(CHECKPOINT_DELAY);
            }
        } else {
            self.schedule_checkpoint(Duration::ZERO);
        }
    }

    /// Checkpoints everything into the store; failures are retried later.
    fn checkpoint_all(&mut self) -> Result<(), Arc<StoreError>> {
        self.checkpoint_at = None;
        let mut result = Ok(());
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            if let Err(error) = self.checkpoint(session) {
                result = Err(error);
                self.schedule_checkpoint(RETRY_DELAY);
            }
        }
        self.sessions.retain(|_, open| !(open.closed && open.journalled.is_empty() && open.unsaved.is_empty()));
        if result.is_ok()
            && let Some(journal) = &mut self.journal
        {
            // Clearing only shortens the journal; a failure is harmless.
            let _ = journal.clear();
        }
        result
    }

    fn checkpoint(&mut self, session: SessionId) -> Result<(), Arc<StoreError>> {
        let folder_check = self.check_folder();
        let Some(open) = self.sessions.get_mut(&session) else { return Ok(()) };
        if open.journalled.is_empty() && open.unsaved.is_empty() {
            return Ok(());
        }
        let actions: Vec<Action> = open.journalled.iter().chain(&open.unsaved).map(|action| (**action).clone()).collect();
        let ids: Vec<Uuid> = actions.iter().map(|action| action.id).collect();
        let (store, journal) = (&self.store, &mut self.journal);
        let mut before_replace = |file: &Path, bytes: &[u8]| {
            if let Some(journal) = journal {
                let content = blake3::hash(bytes).to_hex().to_string();
                // Without this record, a crash right after the write only repeats an idempotent
                // merge.
                let _ = journal.append(&[JournalRecord::Checkpointing { actions: ids.clone(), file: file.to_owned(), content }]);
            }
            Ok(())
        };
        let committed = folder_check.and_then(|()| store.commit_with(&open.key, &actions, &mut before_replace));
        match committed {
            Ok(committed) => {
                let unsaved: Vec<Uuid> = open.unsaved.iter().map(|action| action.id).collect();
                open.journalled.clear();
                open.unsaved.clear();
                if let Some(journal) = &mut self.journal {
                    let _ = journal.append(&[JournalRecord::Checkpointed { actions: ids.clone() }]);
                }
                let (hash, document) = (open.key.hash, Arc::clone(&open.document));
                for action in unsaved {
                    self.emit(Some(session), WriterReply::Saved { action });
                }
                self.report_stored(session, ids, committed.warnings);
                self.store.keep_text(hash, &document);
                self.watch();
                Ok(())
            }
            Err(error) => {
                let error = Arc::new(error);
                let reply = if open.unsaved.is_empty() {
                    WriterReply::CheckpointFailed { error: Arc::clone(&error) }
                } else {
                    WriterReply::SaveFailed { error: Arc::clone(&error) }
                };
                self.emit(Some(session), reply);
                Err(error)
            }
        }
    }

    /// Queries, detaches or attaches the copies of a session's speech.
    fn handle_copy_link(&mut self, session: SessionId, request: CopyLink) {
        // Edits made before belong to the annotations of that time.
        let flushed = match request {
            CopyLink::Query => Ok(()),
            CopyLink::Detach | CopyLink::Attach | CopyLink::Take(_) | CopyLink::Refuse => {
                self.check_folder().map_err(Arc::new).and_then(|()| self.checkpoint(session))
            }
        };
        let Some(open) = self.sessions.get(&session) else { return };
        let done = flushed.and_then(|()| match request {
            CopyLink::Query => Ok(false),
            CopyLink::Detach => self.store.detach(&open.key).map_err(Arc::new),
            CopyLink::Attach => self.store.attach(&open.key, None, None).map_err(Arc::new),
            CopyLink::Take(hash) => self.store.take_proposal(&open.key, hash).map(|count| count > 0).map_err(Arc::new),
            CopyLink::Refuse => self.store.refuse_proposals(&open.key, None).map(|count| count > 0).map_err(Arc::new),
        });
        let copies = done.clone().and_then(|_| self.store.copies(&open.key).map_err(Arc::new));
        let done = matches!(done, Ok(true));
        self.emit(Some(session), WriterReply::Copies { request, unchanged: !done, copies });
        if done {
            self.load(session);
        }
    }

    /// Reports the store's present annotations to a session, after its own actions are in it.
    fn report_stored(&mut self, session: SessionId, stored: Vec<Uuid>, mut warnings: Vec<StoreWarning>) {
        let Some(open) = self.sessions.get_mut(&session) else { return };
        if open.closed {
            return;
        }
        open.stored.extend(stored);
        let Ok(speech) = self.store.check_same_folder().and_then(|()| self.store.load(&open.key)) else {
            // Files are being replaced, or the folder is away; reported at the next check.
            self.check_at = Some(Instant::now() + RETRY_DELAY);
            open.files.clear();
            return;
        };
        let stored = mem::take(&mut open.stored);
        if open.past.is_empty() {
            open.past = self.store.past_texts(&speech, &open.document);
        }
        let changed = if *speech.records().records() == open.outline.records {
            open.anchors.refresh(&open.outline.mended.document, speech.annotations(), open.past.clone())
        } else {
            open.mend(&speech);
            let before = mem::take(&mut open.anchors);
            open.anchors = AnchorIndex::with_past(&open.outline.mended.document, speech.annotations(), open.past.clone());
            before.iter().chain(&open.anchors).map(AnchoredAnnotation::id).collect()
        };
        open.anchors.precompute_counts();
        open.files = speech.files;
        warnings.extend(speech.warnings);
        let created = warnings.iter().any(|warning| matches!(warning, StoreWarning::TagsCreated(_)));
        let (anchors, outline) = (open.anchors.clone(), open.outline.clone());
        self.emit(Some(session), WriterReply::Stored { stored, anchors, outline, changed, warnings });
        if created {
            self.read_codebook();
        }
    }

    /// Refuses to write if the store's folder has vanished or been replaced: what is written in its
    /// place would contain only the last edits, and be hidden when the folder returns.
    fn check_folder(&mut self) -> Result<(), StoreError> {
        self.store.check_same_folder().inspect_err(|_| {
            // It watches a folder that is not the store's.
            self.watch = None;
        })
    }

    /// Checks whether others have changed the store.
    fn check_for_changes(&mut self) {
        self.check_at = None;
        if let Err(error) = self.check_folder() {
            let error = Arc::new(error);
            self.emit_to_all(|| WriterReply::CheckpointFailed { error: Arc::clone(&error) });
            self.check_at = Some(Instant::now() + RETRY_DELAY);
            return;
        }
        self.watch();
        // An error here recurs, and is reported, at the next save.
        let _ = self.store.recover();
        self.schedule_recovery(0);
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            let Some(open) = self.sessions.get(&session) else { continue };
            if !open.loaded {
                self.load(session);
            } else if self.store.file_fingerprints(&open.key).is_ok_and(|files| files != open.files) {
                let warnings = self.bring_back_overwritten(session);
                self.report_stored(session, Vec::new(), warnings);
            }
        }
        if self.codebook.is_some() {
            self.read_codebook();
        }
    }

    /// Writes the edits of this machine again that an older copy of the speech's file has overwritten.
    fn bring_back_overwritten(&self, session: SessionId) -> Vec<StoreWarning> {
        let Some(open) = self.sessions.get(&session) else { return Vec::new() };
        if self.store.load(&open.key).is_ok_and(|speech| self.store.has_overwritten_edits(&speech)) {
            // A failure recurs, and is reported, at the next save.
            return self.store.commit(&open.key, &[]).map(|committed| committed.warnings).unwrap_or_default();
        }
        Vec::new()
    }

    /// Reads the codebook and reports it if it has changed.
    fn read_codebook(&mut self) {
        if let Ok(book) = self.store.codebook()
            && self.codebook.as_deref() != Some(&book)
        {
            let book = Arc::new(book);
            self.codebook = Some(Arc::clone(&book));
            self.emit(None, WriterReply::Codebook(book));
        }
    }

    fn edit_codebook(&mut self, edit: Option<CodebookEditFn>, reply: Option<&Sender<Result<(), StoreError>>>) {
        let result = if let Some(edit) = edit {
            self.check_folder().and_then(|()| self.store.edit_codebook(edit))
        } else {
            self.codebook = None;
            Ok(())
        };
        if let Some(reply) = reply {
            let _ = reply.send(result);
        }
        self.read_codebook();
        // Annotations show the present names of tags.
        let sessions: Vec<SessionId> = self.sessions.keys().copied().collect();
        for session in sessions {
            self.report_stored(session, Vec::new(), Vec::new());
        }
    }

    /// Watches the store's folder, or, as long as it does not exist, its nearest ancestor.
    fn watch(&mut self) {
        let dir = &self.store.location().dir;
        // Checked again after each start: a folder may have been created meanwhile.
        while let Some(nearest) = dir.ancestors().find(|dir| self.store.storage().fingerprint(dir).is_ok())
            && self.watch.as_ref().is_none_or(|(watched, _)| watched != nearest)
        {
            let changes = self.changes.clone();
            let watch = StoreWatcher::start(nearest, dir, move || drop(changes.send(WriterCommand::CheckForChanges))).ok();
            self.watch = watch.map(|watch| (nearest.to_owned(), watch));
            if self.watch.is_none() {
                break;
            }
        }
    }
}
