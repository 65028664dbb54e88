//! Works on baskets off the drawing thread, one request after another.

use super::update::told_words;
use crate::app::job::{JobOrder, JobRunner};
use crate::locale::{Locale, family, id, notice};
use crate::tui::effect::AppEvent;
use crate::tui::event_sink::EventSink;
use crate::tui::library_query::FLUSH_TIMEOUT;
use crate::tui::message::{
    BasketEdited, BasketRequest, BasketWork, EditDirection, ExportKind, PassageExtent, PassageRequest, StatusMessage, StoreBaskets,
};
use pizhu_annotation::store::state_dir;
use pizhu_annotation::{
    Basket, BasketEdit, BasketError, BasketItem, BasketList, BasketName, ProjectEdit, ProjectSession, RecordId, Store, StoreError,
    StoreLocation, StoreWriter, Target,
};
use pizhu_library::basket::{BasketFormat, ResolvedBasket, SourceWords, SpeechAccess, resolve};
use pizhu_library::document_cache::DocumentCache;
use pizhu_library::exchange::{Destination, DestinationError};
use pizhu_library::source::ReadOptions;
use pizhu_text::document::Document;
use pizhu_text::text::segmentation::ParagraphText;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

/// Memory for the speeches of a basket that was shown.
const DOCUMENT_BYTES: usize = 24 << 20;
/// How long quitting waits for the last requests; what is not in the store then is in the journal.
const QUIT_TIMEOUT: Duration = Duration::from_secs(10);

/// What the requests of a run have in common.
#[derive(Clone)]
pub(in crate::tui) struct BasketOptions {
    /// The store given on the command line.
    pub store: Option<PathBuf>,
    /// The author.
    pub author: String,
    /// How files are read.
    pub read_options: ReadOptions,
    /// Whether the texts that passages are placed in are kept and used.
    pub snapshots: bool,
}

/// A request, and what was known when it was made.
struct Submission {
    request: BasketRequest,
    writer: Option<(StoreLocation, StoreWriter)>,
    locale: Locale,
}

/// Works on baskets off the drawing thread, one request after another.
pub(in crate::tui) struct BasketJobs {
    events: EventSink,
    jobs: JobRunner,
    worker: Arc<Mutex<BasketWorker>>,
}

impl BasketJobs {
    #[must_use]
    pub(in crate::tui) fn new(options: BasketOptions, events: EventSink) -> Self {
        let jobs = JobRunner::new("basket", JobOrder::InOrder);
        let worker = Arc::new_cyclic(|worker: &Weak<Mutex<BasketWorker>>| {
            let (jobs, worker) = (jobs.clone(), worker.clone());
            let on_change = move || {
                if let Some(worker) = worker.upgrade() {
                    // Without a thread, the change is seen with the next request.
                    let _ = jobs.submit(move |_| lock(&worker).store_changed());
                }
            };
            Mutex::new(BasketWorker::new(options, Arc::clone(&events), Arc::new(on_change)))
        });
        Self { events, jobs, worker }
    }

    /// Queues a request; its results arrive as events. `writer` is the thread that writes to a store.
    pub(in crate::tui) fn submit(&self, request: BasketRequest, writer: Option<(StoreLocation, StoreWriter)>, locale: Locale) {
        let worker = Arc::clone(&self.worker);
        if let Err(error) = self.jobs.submit(move |_| lock(&worker).work(Submission { request, writer, locale })) {
            (self.events)(AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error)));
        }
    }

    /// Waits for the requests that are queued, and ends the sessions.
    pub(in crate::tui) fn flush(&self) {
        let worker = Arc::clone(&self.worker);
        if self.jobs.has_started() && self.jobs.submit(move |_| lock(&worker).sessions.clear()).is_ok() {
            self.jobs.flush(QUIT_TIMEOUT);
        }
    }
}

fn lock(worker: &Mutex<BasketWorker>) -> MutexGuard<'_, BasketWorker> {
    worker.lock().unwrap_or_else(PoisonError::into_inner)
}

struct BasketWorker {
    options: BasketOptions,
    events: EventSink,
    /// Called when the files of a store have changed.
    on_change: Arc<dyn Fn() + Send + Sync>,
    /// The sessions by the stores' folders.
    sessions: HashMap<PathBuf, ProjectSession>,
    documents: DocumentCache,
    /// The request whose result is shown, to be answered again when the store changes.
    shown: Option<Box<Submission>>,
    /// The basket that the last edit was made in.
    edited_in: Option<RecordId>,
    /// What was shown last.
    sent: Option<(PathBuf, Arc<BasketList>, Option<RecordId>)>,
}

impl BasketWorker {
    fn new(options: BasketOptions, events: EventSink, on_change: Arc<dyn Fn() + Send + Sync>) -> Self {
        let documents = DocumentCache::new(DOCUMENT_BYTES);
        Self { options, events, on_change, sessions: HashMap::new(), documents, shown: None, edited_in: None, sent: None }
    }

    /// Sends the baskets again if they are shown and have changed.
    fn store_changed(&mut self) {
        if let Some(shown) = self.shown.take() {
            self.reload(&shown);
            self.shown = Some(shown);
        }
    }

    fn send(&self, event: AppEvent) {
        (self.events)(event);
    }

    fn work(&mut self, submission: Submission) {
        let store = match Store::find(submission.request.near.as_deref(), self.options.store.as_deref()) {
            Ok(store) => store.with_snapshots(self.options.snapshots),
            Err(error) => return self.send(AppEvent::Status(StatusMessage::not_saved(&error))),
        };
        let dir = store.location().dir.clone();
        if !self.sessions.contains_key(&dir) {
            let mut session = ProjectSession::new(store, &self.options.author);
            let on_change = Arc::clone(&self.on_change);
            session.watch(move || on_change());
            self.sessions.insert(dir.clone(), session);
        }
        let done = match submission.request.work.clone() {
            BasketWork::Load => Ok(()),
            BasketWork::Put(passage) => self.put(&dir, &submission, &passage),
            BasketWork::Edit { edit, told, direction } => self.edit(&dir, &submission, &edit, told, direction),
            BasketWork::Export { path, overwrite } => self.export(&dir, &submission, &path, overwrite),
        };
        if let Err(error) = done {
            self.send(AppEvent::Status(refusal(&error)));
            if let BasketWork::Edit { edit: BasketEdit::Undo { action }, told, direction } = &submission.request.work {
                // It can be tried again.
                let (action, told) = (Arc::clone(action), told.clone());
                self.send(AppEvent::BasketUndoFailed { action, told, direction: *direction });
            }
        }
        match submission.request.work {
            BasketWork::Load | BasketWork::Edit { .. } => {
                // A new basket, or one that was brought back, is shown.
                let basket = self.edited_in.take().or(submission.request.basket);
                let load = BasketRequest { work: BasketWork::Load, basket, ..submission.request };
                let shown = Box::new(Submission { request: load, ..submission });
                self.sent = None;
                self.reload(&shown);
                self.shown = Some(shown);
            }
            // Passages are put in from other screens: nobody looks at the basket.
            BasketWork::Put(_) => self.shown = None,
            BasketWork::Export { .. } => {}
        }
    }

    /// Sends the baskets, first with the passages as they were, then as they are found.
    fn reload(&mut self, submission: &Submission) {
        let Ok(store) = Store::find(submission.request.near.as_deref(), self.options.store.as_deref()) else { return };
        let dir = store.location().dir.clone();
        let Some(session) = self.sessions.get(&dir) else { return };
        let list = match session.records() {
            Ok(records) => Arc::new(BasketList::new(records.records())),
            Err(error) => return self.send(AppEvent::Status(StatusMessage::not_saved(&error))),
        };
        let chosen_id = chosen(&list, submission.request.basket).map(|basket| basket.id);
        let is_same = self.sent.as_ref().is_some_and(|sent| (&sent.0, &sent.1, sent.2) == (&dir, &list, chosen_id));
        if is_same {
            return;
        }
        let shown = chosen_id.and_then(|id| list.get(id));
        let resolved = |access: &SpeechAccess<'_>| {
            let basket = shown?;
            resolve(session.store(), basket, &label(&list, basket, submission.locale), access).ok().map(Arc::new)
        };
        let send = |shown| {
            let baskets = StoreBaskets { store: dir.clone(), list: Arc::clone(&list), shown };
            self.send(AppEvent::Baskets(Box::new(baskets)));
        };
        if self.sent.is_none() {
            // Without looking for speeches, so that the entries are there at once.
            send(shown.map(|basket| Arc::new(ResolvedBasket::as_kept(basket, &label(&list, basket, submission.locale)))));
        }
        let open = |path: &Path| self.document(session.store(), path);
        let may_read = |path: &Path| is_opened(path, &submission.request.opened);
        send(resolved(&SpeechAccess { open: &open, may_read: &may_read }));
        self.sent = Some((dir.clone(), list, chosen_id));
    }

    fn document(&self, store: &Store, path: &Path) -> Option<Arc<Document>> {
        let document = self.documents.document(path, self.options.read_options).ok()?;
        Some(store.mended(&document, path).unwrap_or(document))
    }

    /// Puts a passage in.
    fn put(&mut self, dir: &Path, submission: &Submission, passage: &PassageRequest) -> Result<(), StoreError> {
        let Some(session) = self.sessions.get_mut(dir) else { return Ok(()) };
        let store = session.store().clone();
        store.check_writable()?;
        let document = if let Some(document) = &passage.document {
            Some(Arc::clone(document))
        } else {
            let read = self.documents.document(&passage.path, self.options.read_options).ok();
            read.map(|document| store.mended(&document, &passage.path).unwrap_or(document))
        };
        let made = document.and_then(|document| {
            let (target, annotation) = match passage.extent {
                PassageExtent::Target(target, annotation) => (target, annotation),
                PassageExtent::Span(span) => (Target::Passage(span), None),
                PassageExtent::Sentence(offset) => {
                    let span = document.paragraphs.get(document.paragraph_at(offset)?)?.span;
                    let text = ParagraphText { source: &document.source, cleaning: &document.cleaning, span };
                    (Target::Passage(text.sentence_at(offset)?), None)
                }
            };
            store.basket_passage(&document, &passage.path, target, annotation)
        });
        let Some(made) = made else {
            self.send(AppEvent::Status(StatusMessage::hint(notice::BASKET_PUT_NOTHING)));
            return Ok(());
        };
        let list = BasketList::new(session.records()?.records());
        let wanted = chosen(&list, submission.request.basket);
        let name = || BasketName::Named(submission.locale.text(id::BASKET_DEFAULT_NAME).into_owned());
        let basket = wanted.map_or_else(name, |basket| BasketName::Id(basket.id));
        let words = told_words(made.kept_text());
        let edit = BasketEdit::Add { basket, at: None, items: vec![BasketItem::Passage(Box::new(made))] };
        let done = session.edit(&edit)?;
        let list = BasketList::new(session.records()?.records());
        let (basket, entry) = made_in(&done, &list);
        let count =
            basket.and_then(|id| list.get(id)).map_or(0, |basket| basket.entries.iter().filter(|e| e.item.as_passage().is_some()).count());
        let name = basket.map(|id| list.label(id)).unwrap_or_default();
        let told = StatusMessage::done(notice::BASKET_PUT).with("name", name).with("count", count).with("words", words);
        self.tell(done, basket, entry, told, EditDirection::Forward);
        Ok(())
    }

    /// Changes the baskets.
    fn edit(
        &mut self,
        dir: &Path,
        submission: &Submission,
        edit: &BasketEdit,
        told: StatusMessage,
        direction: EditDirection,
    ) -> Result<(), StoreError> {
        let Some(session) = self.sessions.get_mut(dir) else { return Ok(()) };
        let done = session.edit(edit)?;
        let list = BasketList::new(session.records()?.records());
        let (made, entry) = made_in(&done, &list);
        // Moved away, the entry is in another basket than the one shown.
        let shown = submission.request.basket.filter(|id| list.get(*id).is_some());
        let basket = match edit {
            BasketEdit::MoveTo { .. } => shown.or(made),
            _ => made.or(shown),
        };
        self.tell(done, basket, entry, told, direction);
        Ok(())
    }

    fn tell(
        &mut self,
        done: ProjectEdit,
        basket: Option<RecordId>,
        entry: Option<RecordId>,
        told: StatusMessage,
        direction: EditDirection,
    ) {
        self.edited_in = basket;
        let waits = done.problem.map(|problem| problem.to_string());
        let edited = BasketEdited { action: done.action, basket, entry, told, waits, direction };
        self.send(AppEvent::BasketEdited(Box::new(edited)));
    }

    /// Writes a basket to a file.
    fn export(&self, dir: &Path, submission: &Submission, path: &Path, overwrite: bool) -> Result<(), StoreError> {
        let (Some(session), Some(format)) = (self.sessions.get(dir), BasketFormat::from_path(path)) else { return Ok(()) };
        if let Some((_, writer)) = submission.writer.as_ref().filter(|(location, _)| location == session.store().location()) {
            // A failure to save was reported by the writer; the outline is exported as it is in the store.
            let _ = writer.flush(FLUSH_TIMEOUT);
        }
        let list = BasketList::new(session.records()?.records());
        let Some(basket) = chosen(&list, submission.request.basket) else { return Ok(()) };
        let open = |path: &Path| self.document(session.store(), path);
        let may_read = |path: &Path| is_opened(path, &submission.request.opened);
        let locale = submission.locale;
        let access = SpeechAccess { open: &open, may_read: &may_read };
        let resolved: ResolvedBasket = resolve(session.store(), basket, &label(&list, basket, locale), &access)?;
        let words = SourceWords {
            changed: locale.text(family::BASKET_STATE.id("changed")).into_owned(),
            lost: locale.text(family::BASKET_STATE.id("orphaned")).into_owned(),
        };
        let destination = Destination::new(path, overwrite).exported_from(resolved.files()).beside_store(session.store().location());
        let written = destination.outside(&state_dir()?).fill(|out| (format.write)(&resolved, &words, out));
        let (count, missing) = (resolved.entries.iter().filter(|entry| entry.passage.is_some()).count(), resolved.lost().count());
        let shown = path.display();
        self.send(match written {
            Ok(()) if missing > 0 => {
                AppEvent::Status(StatusMessage::error(notice::BASKET_EXPORTED_LOST).with("count", missing).with("path", shown))
            }
            Ok(()) => AppEvent::Status(StatusMessage::done(notice::BASKET_EXPORTED).with("count", count).with("path", shown)),
            Err(DestinationError::Exists(path)) => AppEvent::ExportFileExists { kind: ExportKind::Basket, path },
            Err(error) => AppEvent::Status(StatusMessage::not_exported(&error)),
        });
        Ok(())
    }
}

/// The basket that is meant, else the one changed last.
fn chosen(list: &BasketList, wanted: Option<RecordId>) -> Option<&Basket> {
    wanted.and_then(|id| list.get(id)).or_else(|| list.latest())
}

/// The basket and the entry that an edit was made in.
fn made_in(done: &ProjectEdit, list: &BasketList) -> (Option<RecordId>, Option<RecordId>) {
    let entry = done.action.records.iter().find_map(|change| list.find_entry(change.id).map(|(basket, _)| (basket.id, change.id)));
    let basket = || done.action.records.iter().map(|change| change.id).find(|id| list.get(*id).is_some());
    (entry.map(|(basket, _)| basket).or_else(basket), entry.map(|(_, entry)| entry))
}

fn label(list: &BasketList, basket: &Basket, locale: Locale) -> String {
    match list.label(basket.id) {
        label if label.is_empty() => locale.text(id::BASKET_UNNAMED).into_owned(),
        label => label,
    }
}

/// Whether a file is one that the user has opened, or in a folder that is open.
fn is_opened(path: &Path, opened: &[PathBuf]) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    opened.iter().any(|open| open.canonicalize().is_ok_and(|open| path.starts_with(open)))
}

/// Why a basket was not changed.
fn refusal(error: &StoreError) -> StatusMessage {
    match error {
        StoreError::Basket(BasketError::Exists(name)) => StatusMessage::error(notice::BASKET_EXISTS).with("name", name),
        StoreError::Basket(BasketError::BadName(_)) => StatusMessage::hint(notice::BASKET_BAD_NAME),
        StoreError::Basket(BasketError::NoEntry | BasketError::Missing(_) | BasketError::Several { .. }) => {
            StatusMessage::error(notice::BASKET_GONE)
        }
        error => StatusMessage::not_saved(error),
    }
}
