//! The open speech's annotations: owns the store session and turns its replies into events.

use super::{
    effect::AppEvent,
    event_sink::EventSink,
    message::{RecordRequest, SpeechRecords, StatusMessage},
    undo_message::undo_message,
};
use crate::locale::{MessageId, notice};
use pizhu_annotation::Codebook;
use pizhu_annotation::CopyLink;
use pizhu_annotation::Session;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::Store;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::StoreWriter;
use pizhu_annotation::WriterEvent;
use pizhu_annotation::WriterReply;
use pizhu_annotation::store::{TrustDecision, remember_decision, state_dir};
use pizhu_annotation::{Action, OutlineChange, OutlineRequest, Record};
use pizhu_annotation::{Edit, EditError};
use pizhu_library::source::Speech;
use pizhu_text::document::Document;
use std::{path::PathBuf, sync::Arc, thread, time::Duration};
use uuid::Uuid;

/// Chars of a heading in a message.
const MAX_QUOTE_CHARS: usize = 16;
/// How long quitting waits for unsaved annotations.
const QUIT_FLUSH_TIMEOUT: Duration = Duration::from_secs(20);

/// The open speech's session, and the thread that writes to the store.
pub(super) struct AnnotationController {
    store: Option<PathBuf>,
    author: String,
    /// Whether the marks of others are hidden until the author is done with a speech.
    blind: bool,
    /// Whether the texts that annotations are placed in are kept and used.
    snapshots: bool,
    events: EventSink,
    on_writer_event: Arc<dyn Fn(WriterEvent) + Send + Sync>,
    writer: Option<(Store, StoreWriter)>,
    session: Option<(u64, Session)>,
    /// The text and path of the session.
    open_speech: Option<(Arc<Document>, PathBuf)>,
    /// The store inspected last.
    inspected: Option<PathBuf>,
    codebook: Arc<Codebook>,
}

impl AnnotationController {
    /// A controller for `author`. `store` overrides the store's location; `on_writer_event`
    /// receives the writer's events, `events` what the inspection of a store has found.
    #[must_use]
    pub(super) fn new(
        store: Option<PathBuf>,
        author: String,
        snapshots: bool,
        events: EventSink,
        on_writer_event: Arc<dyn Fn(WriterEvent) + Send + Sync>,
    ) -> Self {
        Self {
            store,
            author,
            blind: false,
            snapshots,
            events,
            on_writer_event,
            writer: None,
            session: None,
            open_speech: None,
            inspected: None,
            codebook: Arc::new(Codebook::starter()),
        }
    }

    /// Opens the annotations of a speech. They arrive later as events.
    pub(super) fn open(&mut self, opening: u64, speech: &Speech) -> Option<AppEvent> {
        self.open_document(opening, Arc::clone(&speech.document), speech.path.clone())
    }

    fn open_document(&mut self, opening: u64, document: Arc<Document>, path: PathBuf) -> Option<AppEvent> {
        self.session = None;
        let store = match Store::find(Some(&path), self.store.as_deref()) {
            Ok(store) => store.with_snapshots(self.snapshots),
            Err(error) => return Some(AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error))),
        };
        if self.writer.as_ref().is_none_or(|(current, _)| current.location() != store.location()) {
            let on_writer_event = Arc::clone(&self.on_writer_event);
            self.writer = Some((store.clone(), StoreWriter::start(store, move |event| on_writer_event(event))));
        }
        self.inspect();
        let (_, writer) = self.writer.as_ref()?;
        writer.request_codebook();
        let mut session = Session::open(writer, Arc::clone(&document), path.clone(), self.author.clone());
        session.set_blind(self.blind);
        self.session = Some((opening, session));
        self.open_speech = Some((document, path));
        Some(AppEvent::Codebook(Arc::clone(&self.codebook)))
    }

    /// Inspects the store in the background, once; an event tells what was found.
    fn inspect(&mut self) {
        let Some((store, _)) = &self.writer else { return };
        let dir = store.location().dir.clone();
        if self.inspected.as_ref() == Some(&dir) {
            return;
        }
        self.inspected = Some(dir.clone());
        let (store, events) = (store.clone(), Arc::clone(&self.events));
        let inspect = move || {
            let found = store.inspection();
            if found.distrust.is_some() || !found.passed_over.is_empty() {
                events(AppEvent::StoreInspected { dir, inspection: Box::new(found.clone()) });
            }
            // What cannot be read fixes no types; saving an attribute tells why.
            let types = store.project().map(|project| project.attribute_types().map(|(key, values)| (key.to_owned(), values)).collect());
            events(AppEvent::AttributeTypes(types.unwrap_or_default()));
        };
        // Without a thread nothing is asked, and the store is only read.
        let _ = thread::Builder::new().name("inspecting".into()).spawn(inspect);
    }

    /// Remembers how the store is to be used, and opens the speech's annotations anew.
    pub(super) fn decide_trust(&mut self, decision: TrustDecision) -> Vec<AppEvent> {
        let Some((store, _)) = self.writer.take() else { return Vec::new() };
        let dir = store.location().dir.display().to_string();
        let remembered = state_dir()
            .map_err(|error| error.to_string())
            .and_then(|state| remember_decision(store.location(), &state, decision).map_err(|error| error.to_string()));
        let told = match remembered {
            Ok(()) => StatusMessage::done(notice::TRUST_DECIDED).with("path", dir),
            Err(error) => StatusMessage::error(notice::CANNOT_SAVE).with("reason", error),
        };
        let opened = match (self.session.take(), self.open_speech.take()) {
            (Some((opening, _)), Some((document, path))) => self.open_document(opening, document, path),
            _ => None,
        };
        opened.into_iter().chain([AppEvent::Status(told)]).collect()
    }

    /// The message for an edit of a store that is only read; `None` if it may be written.
    fn refusal(&self) -> Option<AppEvent> {
        let (store, _) = self.writer.as_ref()?;
        store.inspection().distrust.as_ref()?;
        Some(AppEvent::Status(StatusMessage::error(notice::STORE_UNTRUSTED).with("path", store.location().dir.display())))
    }

    /// Hides the marks of others until the author is done with a speech, or shows them.
    pub(super) fn set_blind(&mut self, blind: bool) -> Option<AppEvent> {
        if self.blind == blind {
            return None;
        }
        self.blind = blind;
        self.session.as_mut()?.1.set_blind(blind);
        self.annotations_event()
    }

    /// The author, if blind coding is on.
    #[must_use]
    pub(super) fn blind_author(&self) -> Option<String> {
        self.blind.then(|| self.author.clone())
    }

    /// Takes the speech's complete text.
    pub(super) fn complete(&mut self, opening: u64, speech: &Speech) {
        if let Some((open, session)) = &mut self.session
            && *open == opening
        {
            session.set_document(Arc::clone(&speech.document));
            self.open_speech = Some((Arc::clone(&speech.document), speech.path.clone()));
        }
    }

    /// Hash of the open speech; `None` until its text is complete.
    #[must_use]
    pub(super) fn hash(&self) -> Option<SpeechHash> {
        self.session.as_ref()?.1.hash()
    }

    /// The texts that the open speech has had, the present one first; empty until it is complete.
    #[must_use]
    pub(super) fn known_texts(&self) -> Vec<SpeechHash> {
        self.session.as_ref().map(|(_, session)| session.known_texts().to_vec()).unwrap_or_default()
    }

    /// The folder of the open speech's store.
    #[must_use]
    pub(super) fn store_folder(&self) -> Option<&std::path::Path> {
        self.writer.as_ref().map(|(store, _)| store.location().dir.as_path())
    }

    /// Closes the session.
    pub(super) fn close(&mut self) {
        self.session = None;
    }

    /// The writer thread with the location of its store; `None` until a speech was opened.
    #[must_use]
    pub(super) fn located_writer(&self) -> Option<(StoreLocation, StoreWriter)> {
        self.writer.as_ref().map(|(store, writer)| (store.location().clone(), writer.clone()))
    }

    /// The writer thread; `None` until a speech was opened.
    #[must_use]
    pub(super) fn writer(&self) -> Option<StoreWriter> {
        self.writer.as_ref().map(|(_, writer)| writer.clone())
    }

    /// Applies edits as one undoable action.
    pub(super) fn annotate(&mut self, edits: Vec<Edit>) -> Vec<AppEvent> {
        if let Some(refusal) = self.refusal() {
            return vec![refusal];
        }
        let Some((_, session)) = &mut self.session else { return Vec::new() };
        match session.apply_all(edits) {
            Ok(_) => self.annotations_event().into_iter().collect(),
            Err(error) => vec![AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error))],
        }
    }

    /// Mends the outline as one undoable action.
    pub(super) fn mend_outline(&mut self, request: OutlineRequest) -> Vec<AppEvent> {
        if let Some(refusal) = self.refusal() {
            return vec![refusal];
        }
        let Some((_, session)) = &mut self.session else { return Vec::new() };
        match session.mend_outline(request) {
            Ok(true) => {
                // Of what the review decides, it tells itself.
                let is_decision = matches!(request, OutlineRequest::Attach(..) | OutlineRequest::Orphan(_));
                let told = session.history().last().filter(|_| !is_decision).and_then(|action| mended_message(notice::MENDED, action));
                self.annotations_event().into_iter().chain(told.map(AppEvent::Status)).collect()
            }
            Ok(false) => vec![AppEvent::Status(StatusMessage::hint(notice::MENDED_ALREADY))],
            Err(EditError::Provisional) => vec![AppEvent::Status(StatusMessage::hint(notice::STILL_READING))],
            Err(EditError::CannotMove) => vec![AppEvent::Status(StatusMessage::hint(notice::CANNOT_MOVE))],
            Err(EditError::NoHeading | EditError::NoText) => vec![AppEvent::Status(StatusMessage::hint(notice::NO_HEADING_HERE))],
            Err(error) => vec![AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error))],
        }
    }

    /// Changes what is known of the speech beside its annotations, as one undoable action.
    pub(super) fn change_records(&mut self, request: &RecordRequest) -> Vec<AppEvent> {
        if let Some(refusal) = self.refusal() {
            return vec![refusal];
        }
        let Some((_, session)) = &mut self.session else { return Vec::new() };
        match session.change_records(|records, author| request.apply(records, author)) {
            // The library shows attributes, and tags that were hidden.
            Ok(true) => {
                let told = [AppEvent::LibraryChanged, AppEvent::Status(request.done_message())];
                self.annotations_event().into_iter().chain(told).collect()
            }
            Ok(false) => vec![AppEvent::Status(StatusMessage::hint(notice::NOTHING_CHANGED))],
            Err(_) => vec![AppEvent::Status(StatusMessage::hint(notice::STILL_READING))],
        }
    }

    /// Undoes the last action, or redoes it if `again`.
    pub(super) fn undo(&mut self, again: bool) -> Vec<AppEvent> {
        let Some((_, session)) = &mut self.session else { return Vec::new() };
        let done = if again { session.redo() } else { session.undo() };
        match done {
            Some(_) => {
                let outline = if again { notice::REDONE_OUTLINE } else { notice::UNDONE_OUTLINE };
                let message = |action| mended_message(outline, action).unwrap_or_else(|| undo_message(action, again));
                let told = session.history().last().map(|action| AppEvent::Status(message(action)));
                let is_listed = session.history().last().is_some_and(|action| !action.records.is_empty());
                let listed = is_listed.then_some(AppEvent::LibraryChanged);
                self.annotations_event().into_iter().chain(listed).chain(told).collect()
            }
            None => vec![AppEvent::Status(StatusMessage::hint(if again { notice::NOTHING_TO_REDO } else { notice::NOTHING_TO_UNDO }))],
        }
    }

    /// Queries, detaches or attaches the copies of the open speech. The reply arrives as an event.
    pub(super) fn link_copies(&self, request: CopyLink) {
        if let Some((_, session)) = &self.session {
            session.copy_link(request);
        }
    }

    /// Actions on the open speech's annotations.
    #[must_use]
    pub(super) fn history(&self) -> Option<AppEvent> {
        self.session.as_ref().map(|(_, session)| AppEvent::History(Arc::new(session.visible_history())))
    }

    /// Restores the annotations to their state after an action; `None` before the first. What only others
    /// have added or changed since is left, and asked about, unless `takes_all`.
    pub(super) fn restore(&mut self, action: Option<Uuid>, takes_all: bool) -> Vec<AppEvent> {
        if let Some(refusal) = self.refusal() {
            return vec![refusal];
        }
        let Some((_, session)) = &mut self.session else { return Vec::new() };
        let restored = session.restore(action, takes_all);
        let mut events = Vec::new();
        if restored.count > 0 {
            events.extend(self.annotations_event());
            events.push(AppEvent::Status(StatusMessage::done(notice::RESTORED).with("count", restored.count)));
        } else {
            events.push(AppEvent::Status(StatusMessage::hint(notice::RESTORED_NOTHING)));
        }
        if restored.kept > 0 {
            events.push(AppEvent::LeftToOthers { action, count: restored.kept });
        }
        events
    }

    /// The current annotations as an event; `None` until the store was read.
    fn annotations_event(&self) -> Option<AppEvent> {
        let (opening, session) = self.session.as_ref()?;
        if !session.is_loaded() && session.annotations().is_empty() {
            return None;
        }
        let (placements, unsaved) = (Arc::new(session.visible_annotations().into_owned()), Arc::new(session.unsaved()));
        let records =
            Arc::new(SpeechRecords { records: session.records(), is_done: session.is_done(), hides_others: session.hides_others() });
        let (document, outline_edits) = (Arc::clone(session.document()), Arc::new(session.outline_edits().clone()));
        Some(AppEvent::Annotations { opening: *opening, document, annotations: placements, unsaved, outline_edits, records })
    }

    /// Handles an event of the writer thread.
    pub(super) fn handle(&mut self, event: WriterEvent) -> Vec<AppEvent> {
        if let WriterReply::Codebook(codebook) = &event.reply {
            self.codebook = Arc::clone(codebook);
            return vec![AppEvent::Codebook(Arc::clone(codebook))];
        }
        let Some((_, session)) = &mut self.session else { return Vec::new() };
        let told = session.handle(event).into_iter().map(|event| AppEvent::Session(Box::new(event)));
        let told: Vec<AppEvent> = told.collect();
        self.annotations_event().into_iter().chain(told).collect()
    }

    /// Saves everything and waits for it.
    ///
    /// # Errors
    /// With the reason if something could not be saved.
    pub(super) fn flush(&mut self) -> Result<(), String> {
        self.session = None;
        match self.writer.take() {
            Some((_, writer)) => writer.flush(QUIT_FLUSH_TIMEOUT).map_err(|error| error.to_string()),
            None => Ok(()),
        }
    }
}

/// Tells what an action did to the outline, or took back; `None` if nothing.
fn mended_message(message: MessageId, action: &Action) -> Option<StatusMessage> {
    let change = action.records.last()?;
    let Record::OutlineEdit { at, change: outline, .. } = &change.after.as_ref().or(change.before.as_ref())?.record else { return None };
    let quote: String = at.quote.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_QUOTE_CHARS).collect();
    // Taking back an edit that is no more is told by the edit.
    let id = match (message, &change.after) {
        (notice::MENDED, None) => notice::UNMENDED,
        (notice::MENDED, Some(_)) => notice::MENDED,
        (other, _) => other,
    };
    let level = if let OutlineChange::Heading(level) = outline { level.to_string() } else { String::new() };
    Some(StatusMessage::done(id).with("change", outline.name()).with("level", level).with("title", quote))
}
