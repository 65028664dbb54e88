//! Queries over many speeches, run off the drawing thread by the use cases. The newest query wins: an
//! older one stops at its next speech.
//!
//! Invariant: nothing here makes rows of a screen; the results are events, from which the screens do.

mod caches;
mod export;
mod feedback;
mod source;

pub(super) use caches::ScannedLibrary;
pub(super) use export::{export_counts, export_speech};

use super::{
    effect::AppEvent,
    event_sink::{EventSink, REPORT_INTERVAL},
    message::{
        CompareSide, ComparedContent, ComparedSide, ExportTarget, LibraryQuery, PassageGroup, QueryFound, QuerySubject, SearchResults,
        StatusMessage,
    },
};
use crate::app::{
    compare::ComparedSpeeches,
    count::{CountRequest, count_tags},
    job::{CancelToken, JobOrder, JobRunner},
    reuse::find_shared,
    search::{FoundSpeech, SearchRequest, search_library},
    speeches::Batch,
    stores::StoreFinder,
    suggest::{SuggestionModels, suggest_tags},
    tagged::{TaggedSpeech, tagged_speeches},
    wanted::{WantedAnnotations, WantedTags},
};
use crate::locale::notice;
use caches::LibraryCaches;
use pizhu_annotation::store::SpeechIdentity;
use pizhu_annotation::{Memo, StoreWriter};
use pizhu_library::compiled_query::CompiledQuery;
use pizhu_library::count::CountKey;
use pizhu_library::document_cache::DocumentCache;
use pizhu_library::find::{Field, Hits, Query};
use pizhu_library::source::ReadOptions;
use source::{LibraryFile, LibraryReader, LibrarySpeech};
use std::{
    collections::HashSet,
    convert::Infallible,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Maximum sentences and speeches in a result; further hits are only counted.
const MAX_RESULT_ROWS: usize = 5000;
/// Sentences and speeches after which the first partial result is sent.
const FIRST_BATCH_ROWS: usize = 80;
/// Sentences and speeches in a partial result: so few that a key waits no longer for their rows than for a frame.
const BATCH_ROWS: usize = 200;
/// How long a query or a scan waits for unsaved annotations.
pub(super) const FLUSH_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs queries; of several only the newest is answered.
pub(super) struct QueryWorker {
    documents: Arc<DocumentCache>,
    caches: Arc<LibraryCaches>,
    jobs: JobRunner,
}

/// Sources of speeches and annotations for queries.
pub(super) struct QuerySources {
    /// How files are read.
    pub read_options: ReadOptions,
    /// The store given on the command line.
    pub store: Option<PathBuf>,
    /// The writer of unsaved annotations.
    pub writer: Option<StoreWriter>,
    /// Whether the texts that annotations are placed in are used.
    pub snapshots: bool,
    /// The author who codes blind, if blind coding is on.
    pub blind: Option<String>,
}

impl QuerySources {
    /// The stores, each listed once.
    fn stores(&self) -> Arc<StoreFinder> {
        Arc::new(StoreFinder::new(self.store.clone(), true, self.snapshots).blind_for(self.blind.clone()))
    }

    /// Waits until annotations made so far are in the store.
    fn flush_writer(&self) {
        if let Some(writer) = &self.writer {
            // A failure to save was reported by the writer.
            let _ = writer.flush(FLUSH_TIMEOUT);
        }
    }
}

impl QueryWorker {
    /// Starts no thread before the first query.
    #[must_use]
    pub(super) fn new() -> Self {
        Self { documents: Arc::default(), caches: Arc::default(), jobs: JobRunner::new("query", JobOrder::NewestWins) }
    }

    /// Sets the memory limit, in bytes.
    pub(super) fn set_memory_limit(&self, bytes: usize) {
        self.documents.set_budget(bytes);
    }

    /// Loads a library's parse cache while it is being scanned, so that an early search waits for it
    /// instead of parsing every text.
    pub(super) fn load_cache(&self, cache: &Path, roots: &[PathBuf]) {
        let (caches, cache, roots) = (Arc::clone(&self.caches), cache.to_owned(), roots.to_owned());
        // Without a thread, it is loaded when the scan is done.
        let _ = thread::Builder::new().name("parse cache".into()).spawn(move || caches.load(&cache, &roots));
    }

    /// Callback run after a scan: loads the parse cache and completes it. Does nothing while another
    /// call is at work.
    pub(super) fn scan_callback(&self) -> impl Fn(ScannedLibrary, &dyn Fn() -> bool) + Send + 'static {
        let (caches, documents) = (Arc::clone(&self.caches), Arc::clone(&self.documents));
        move |library, is_outdated| caches::complete_cache(&caches, &documents, &library, is_outdated)
    }

    /// Starts a query; its results are events.
    pub(super) fn start(&self, query: LibraryQuery, sources: QuerySources, events: EventSink) {
        let prepared = self.prepared(query, sources, events);
        // Without a thread, the screen stays as it is.
        let _ = self.jobs.submit(move |cancel| prepared(cancel).run());
    }

    /// What writes the passages that a query finds under a tag to a file, and returns the event that tells
    /// how it went.
    pub(super) fn export(
        &self,
        query: LibraryQuery,
        sources: QuerySources,
        to: ExportTarget,
        events: EventSink,
    ) -> impl FnOnce(&CancelToken) -> AppEvent + Send + use<> {
        let prepared = self.prepared(query, sources, events);
        move |cancel| prepared(cancel).export_passages(&to)
    }

    /// What makes the job of a query.
    fn prepared(
        &self,
        query: LibraryQuery,
        sources: QuerySources,
        events: EventSink,
    ) -> impl FnOnce(&CancelToken) -> QueryJob + Send + use<> {
        let (documents, caches) = (Arc::clone(&self.documents), Arc::clone(&self.caches));
        move |cancel: &CancelToken| {
            let reader = LibraryReader::new(sources.stores(), documents, caches, sources.read_options);
            QueryJob { query, sources, reader, events, cancel: cancel.clone() }
        }
    }
}

struct QueryJob {
    query: LibraryQuery,
    sources: QuerySources,
    reader: LibraryReader,
    events: EventSink,
    cancel: CancelToken,
}

impl QueryJob {
    fn run(&self) {
        if let Err(reason) = feedback::record(&self.query.feedback, &self.reader) {
            (self.events)(AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", reason)));
        }
        match &self.query.subject {
            QuerySubject::Search => self.search(),
            QuerySubject::Tagged { tag, cell, group } => {
                self.report_if(self.tagged(tag, cell.as_deref(), *group).map(QueryFound::Tagged));
            }
            QuerySubject::Counts => self.count_tags(),
            QuerySubject::Compare { sides } => self.compare(sides),
            QuerySubject::Shared => self.shared_passages(),
            QuerySubject::Suggestions { path } => self.report_if(self.suggestions(path)),
        }
    }

    fn report(&self, found: QueryFound, more: bool) {
        (self.events)(AppEvent::Found { generation: self.query.generation, found: Box::new(found), more });
    }

    fn report_if(&self, found: Option<QueryFound>) {
        if let Some(found) = found {
            self.report(found, false);
        }
    }

    /// The speeches of the query.
    fn batch<'a>(&'a self, seen: &'a mut HashSet<SpeechIdentity>) -> Batch<'a, impl Iterator<Item = LibraryFile> + Send + use<'a>> {
        let fingerprint = |index: usize| self.query.fingerprints.get(index).copied().flatten();
        let file = move |(index, path): (usize, &PathBuf)| LibraryFile { path: path.clone(), fingerprint: fingerprint(index) };
        let items = self.query.files.iter().enumerate().map(file);
        Batch { items, threads: thread::available_parallelism().map_or(1, usize::from), cancel: &self.cancel, seen }
    }

    /// Searches for words.
    fn search(&self) {
        let query = Query::parse(&self.query.input, self.query.mode);
        if query.text.is_empty() {
            return self.report(QueryFound::default(), false);
        }
        let query = match CompiledQuery::new(query) {
            Ok(query) => query,
            Err(error) => return self.report(QueryFound::BadQuery(error.to_string()), false),
        };
        if query.query.needs_annotations() {
            self.sources.flush_writer();
        }
        let request = SearchRequest { query, finds_tag: true };
        let is_full = AtomicBool::new(false);
        let describe = |speech: &LibrarySpeech, hits: &Hits<'_>| {
            Ok(FoundSpeech::new(&speech.path, &speech.document, hits, is_full.load(Ordering::Relaxed)))
        };
        let mut found = SearchResults::default();
        let (mut rows, mut reported, mut reported_at): (usize, usize, Option<Instant>) = (0, 0, None);
        let ended = search_library(&request, &self.reader, self.batch(&mut HashSet::new()), describe, |result| {
            if let Some(speech) = result.ok().and_then(|result| result.value.flatten()) {
                if rows < MAX_RESULT_ROWS {
                    rows += 1 + speech.groups.len();
                    is_full.store(rows >= MAX_RESULT_ROWS, Ordering::Relaxed);
                    found.speeches.push(speech);
                } else {
                    found.only_counted.0 += speech.count;
                    found.only_counted.1 += 1;
                }
                let batch = if reported == 0 { FIRST_BATCH_ROWS } else { BATCH_ROWS };
                if rows >= reported + batch || reported_at.is_some_and(|at| at.elapsed() >= REPORT_INTERVAL) {
                    (reported, reported_at) = (rows, Some(Instant::now()));
                    self.report(QueryFound::Search(std::mem::take(&mut found)), true);
                }
            }
            ControlFlow::<Infallible>::Continue(())
        });
        let _ = self.reader.parse_cache().save(None);
        if ended.is_ok() {
            found.memos = self.memos(&request);
            self.report(QueryFound::Search(found), false);
        }
    }

    /// The memos that a query finds in the store of the first speech.
    fn memos(&self, request: &SearchRequest) -> Vec<Memo> {
        let Some(first) = self.query.files.first().filter(|_| request.query.query.field == Field::Note) else { return Vec::new() };
        let Ok(store) = self.reader.stores.of_file(first) else { return Vec::new() };
        let found = request.memos(std::slice::from_ref(&store));
        found.unwrap_or_default().into_iter().map(|(_, memo)| memo).collect()
    }

    /// Passages that speeches share, the older speech first.
    fn shared_passages(&self) {
        let shared = find_shared(&self.reader, self.batch(&mut HashSet::new()), |_| ControlFlow::<Infallible>::Continue(()));
        self.report_if(shared.ok().map(QueryFound::Shared));
    }

    /// Suggests tags for the untagged sections of a speech.
    fn suggestions(&self, speech: &Path) -> Option<QueryFound> {
        self.sources.flush_writer();
        let document = self.reader.document(speech).ok()?;
        let speech = LibrarySpeech { path: speech.to_owned(), document, annotations: None };
        let models = SuggestionModels::new(Arc::clone(&self.reader.stores), self.sources.read_options, feedback::load());
        let (sections, _) = suggest_tags(&models, &speech).ok()?;
        Some(QueryFound::Suggestions { path: speech.path, sections })
    }

    /// Reads the two texts to compare.
    fn compare(&self, sides: &[CompareSide; 2]) {
        let content = if let [CompareSide::Speech(one), CompareSide::Speech(other)] = sides
            && let (Ok(a), Ok(b)) = (self.reader.document(one), self.reader.document(other))
        {
            ComparedContent::Speeches(ComparedSpeeches::new([(one.clone(), a), (other.clone(), b)]))
        } else {
            let read = |side: &CompareSide| match side {
                CompareSide::Tag(tag) => {
                    let speeches = self.tagged(tag, None, PassageGroup::Date)?;
                    Some(ComparedSide::Passages { tag: tag.clone(), speeches })
                }
                CompareSide::Speech(path) => {
                    let document = self.reader.document(path).ok();
                    Some(document.map_or(ComparedSide::Unread, |document| ComparedSide::Speech { path: path.clone(), document }))
                }
            };
            let [Some(one), Some(other)] = [read(&sides[0]), read(&sides[1])] else { return };
            ComparedContent::Sides([one, other])
        };
        (self.events)(AppEvent::Compared { generation: self.query.generation, content: Box::new(content) });
    }

    /// Counts the tags of all speeches, with partial results at intervals.
    fn count_tags(&self) {
        self.sources.flush_writer();
        let report = |tally, more| {
            (self.events)(AppEvent::Counted { generation: self.query.generation, tally: Box::new(tally), more });
        };
        let request = CountRequest { wanted: WantedAnnotations::default(), book: None };
        let mut reported_at = Instant::now();
        let counted = count_tags(&request, &self.reader, self.batch(&mut HashSet::new()), |counted, _| {
            if reported_at.elapsed() >= REPORT_INTERVAL {
                reported_at = Instant::now();
                report(counted.tally(), true);
            }
            ControlFlow::<Infallible>::Continue(())
        });
        if let Ok(tally) = counted {
            report(tally, false);
        }
    }

    /// The speeches with passages under a tag. `None` if the query is outdated.
    fn tagged(&self, tag: &str, cell: Option<&(CountKey, Option<CountKey>)>, group: PassageGroup) -> Option<Vec<TaggedSpeech>> {
        self.sources.flush_writer();
        let by_date = group != PassageGroup::Speech;
        tagged_speeches(&wanted_passages(tag, cell), by_date, &self.reader, self.batch(&mut HashSet::new())).ok()
    }
}

/// The annotations with a tag or one below it; if `cell` is given, instead those counted in that row and
/// column of the table of counts.
fn wanted_passages(tag: &str, cell: Option<&(CountKey, Option<CountKey>)>) -> WantedAnnotations {
    let tags = match cell {
        Some((row, column)) => WantedTags::Cell(row.clone(), column.clone()),
        None => WantedTags::Named(tag.to_owned()),
    };
    WantedAnnotations { tags, ..WantedAnnotations::default() }
}
