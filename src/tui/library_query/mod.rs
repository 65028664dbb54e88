//! Queries over many speeches, run off the drawing thread. Only the newest query counts: an older
//! one stops at its next speech.

mod caches;
mod compared_rows;
mod passages;
mod rows;
mod suggestions;
mod tag_name;

pub(super) use caches::ScannedLibrary;
pub(super) use compared_rows::compared_rows;

use super::{
    effect::AppEvent,
    event_sink::{EventSink, REPORT_INTERVAL},
    message::{
        CompareSide, ComparedTexts, LibraryQuery, PassageGroup, PieceStyle, QueryResults, QuerySubject, ResultRow, SpeechSpan,
        StatusMessage,
    },
};
use caches::LibraryCaches;
pub(super) use passages::{TaggedSpeech, passage_rows, rows_by_tag};
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::Store;
use pizhu_annotation::StoreError;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::StoreWriter;
use pizhu_annotation::store::{SpeechIdentity, state_dir};
use pizhu_annotation::{Codebook, TagRef};
use pizhu_library::attributes::Attributes;
use pizhu_library::compiled_query::CompiledQuery;
use pizhu_library::count::CountKey;
use pizhu_library::count::CountedSpeech;
use pizhu_library::count::Tally;
use pizhu_library::count::select;
use pizhu_library::document_cache::DocumentCache;
use pizhu_library::exchange::Collection;
use pizhu_library::exchange::Destination;
use pizhu_library::exchange::DestinationError;
use pizhu_library::exchange::ExportFilter;
use pizhu_library::exchange::ExportOptions;
use pizhu_library::exchange::ExportOrder;
use pizhu_library::exchange::Format;
use pizhu_library::find;
use pizhu_library::find::AnnotationFilter;
use pizhu_library::find::Query;
use pizhu_library::parallel;
use pizhu_library::reuse;
use pizhu_library::reuse::ComparableText;
use pizhu_library::source::{ReadOptions, SourceError};
use pizhu_text::document::Document;
use rows::{date_prefix, diff_pieces, heading_row, hit_rows, memo_rows, speech_rows};
use std::{
    collections::HashSet,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tag_name::tag_meant;

/// Maximum rows of hits in a result; further hits are only counted.
const MAX_RESULT_ROWS: usize = 5000;
/// Rows after which the first partial result is sent.
const FIRST_BATCH_ROWS: usize = 80;
/// How long a query or a scan waits for unsaved annotations.
pub(super) const FLUSH_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs queries, each on a thread of its own.
#[derive(Default)]
pub(super) struct QueryWorker {
    documents: Arc<DocumentCache>,
    latest_query: Arc<AtomicU64>,
    caches: Arc<LibraryCaches>,
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

impl QueryWorker {
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
        self.latest_query.store(query.generation, Ordering::Relaxed);
        let job = self.job(query, sources, events);
        // Without a thread, the screen stays as it is.
        let _ = thread::Builder::new().name("query".into()).spawn(move || job.run());
    }
}

impl QueryWorker {
    /// Writes the passages that a query finds under a tag to a file.
    pub(super) fn export(&self, query: LibraryQuery, sources: QuerySources, to: Destination, events: EventSink) {
        self.latest_query.store(query.generation, Ordering::Relaxed);
        let job = self.job(query, sources, events);
        let _ = thread::Builder::new().name("exporting".into()).spawn(move || (job.events)(job.export(&to)));
    }
}

impl QueryWorker {
    fn job(&self, query: LibraryQuery, sources: QuerySources, events: EventSink) -> QueryJob {
        let latest_query = Arc::clone(&self.latest_query);
        let (documents, caches) = (Arc::clone(&self.documents), Arc::clone(&self.caches));
        QueryJob { documents, latest_query, caches, query, sources, events, stores: Mutex::default() }
    }
}

struct QueryJob {
    documents: Arc<DocumentCache>,
    latest_query: Arc<AtomicU64>,
    caches: Arc<LibraryCaches>,
    query: LibraryQuery,
    sources: QuerySources,
    events: EventSink,
    /// The stores used so far, each listed once.
    stores: Mutex<Vec<Store>>,
}

/// A speech with its annotations, and the codebook of its store.
struct AnnotatedSpeech {
    document: Arc<Document>,
    placed: Vec<AnchoredAnnotation>,
    codebook: Codebook,
    attributes: Attributes,
    /// Which speech it is: copies count once.
    identity: SpeechIdentity,
}

impl QueryJob {
    fn run(&self) {
        // While the user types, only the last query is answered.
        if self.is_outdated() {
            return;
        }
        self.record_feedback();
        let results = match &self.query.subject {
            QuerySubject::Search => self.search(),
            QuerySubject::Tagged { tag, cell, group } => self.tagged_passages(tag, cell.as_deref(), *group),
            QuerySubject::Counts => return self.count_tags(),
            QuerySubject::Compare { sides } => return self.compare(sides),
            QuerySubject::Shared => self.shared_passages(),
            QuerySubject::Suggestions { path } => self.suggestions(path),
        };
        if let Some(results) = results {
            self.report(results);
        }
    }

    fn is_outdated(&self) -> bool {
        self.latest_query.load(Ordering::Relaxed) != self.query.generation
    }

    fn report(&self, results: QueryResults) {
        (self.events)(AppEvent::Results { generation: self.query.generation, results: Box::new(results) });
    }

    fn store(&self, path: &Path) -> Result<Store, StoreError> {
        let location = StoreLocation::find(Some(path), self.sources.store.as_deref())?;
        let mut stores = self.stores.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = stores.iter().find(|known| *known.location() == location) {
            return Ok(known.clone());
        }
        let store = Store::new(location, state_dir()?).with_snapshots(self.sources.snapshots).keep_listing();
        let store = store.blind_for(self.sources.blind.as_deref());
        stores.push(store.clone());
        Ok(store)
    }

    /// Waits until annotations made so far are in the store.
    fn flush_writer(&self) {
        if let Some(writer) = &self.sources.writer {
            // A failure to save was reported by the writer.
            let _ = writer.flush(FLUSH_TIMEOUT);
        }
    }

    /// A speech, its outline as it is mended in its store.
    fn document(&self, path: &Path) -> Result<Arc<Document>, SourceError> {
        Ok(self.mended(self.documents.document(path, self.sources.read_options)?, path))
    }

    /// A document with its outline as it is mended; as it was parsed if the store cannot be read.
    fn mended(&self, document: Arc<Document>, path: &Path) -> Arc<Document> {
        self.store(path).and_then(|store| store.mended(&document, path)).unwrap_or(document)
    }

    /// A speech's annotations, and its store's codebook.
    fn annotations(&self, document: &Document, path: &Path) -> Option<(Vec<AnchoredAnnotation>, Codebook)> {
        let store = self.store(path).ok()?;
        let (annotations, _) = store.annotations(document, path).ok()?;
        Some((annotations.to_vec(), store.codebook().ok()?))
    }

    /// A speech with its annotations and codebook; `None` if it cannot be read or the query is
    /// outdated.
    fn annotated_speech(&self, path: &Path) -> Option<AnnotatedSpeech> {
        if self.is_outdated() {
            return None;
        }
        let document = self.document(path).ok()?;
        let store = self.store(path).ok()?;
        let found = store.speech_annotations(&document, path).ok()?;
        let attributes = Attributes::new(&document, &found.records);
        let codebook = store.codebook().ok()?;
        Some(AnnotatedSpeech { document, placed: found.anchors.to_vec(), codebook, attributes, identity: found.identity })
    }

    /// Searches for words. `None` if the query is outdated.
    fn search(&self) -> Option<QueryResults> {
        let query = Query::parse(&self.query.input, self.query.mode);
        if query.text.is_empty() {
            return Some(QueryResults::default());
        }
        let compiled = match CompiledQuery::new(query) {
            Ok(compiled) => compiled,
            Err(error) => return Some(QueryResults { error: Some(error.to_string()), ..QueryResults::default() }),
        };
        let query = &compiled.query;
        let parse_cache = self.caches.get();
        if query.needs_annotations() {
            self.flush_writer();
        }
        let mut results = QueryResults { more: true, ..QueryResults::default() };
        let mut reported_at: Option<Instant> = None;
        let files: Vec<usize> = (0..self.query.files.len()).collect();
        let full = AtomicBool::new(false);
        let find = |file: &usize| {
            let path = self.query.files.get(*file).filter(|_| !self.is_outdated())?;
            let fingerprint = self.query.fingerprints.get(*file).copied().flatten();
            let document = self.documents.load_candidate(path, fingerprint, self.sources.read_options, &compiled, &parse_cache).ok()??;
            let document = self.mended(document, path);
            let marked = if query.needs_annotations() {
                let store = self.store(path).ok()?;
                let book = store.codebook().ok()?;
                let meant = query.tag.as_deref().map(|words| tag_meant(&book, words));
                let query = Query { tag: meant, ..query.clone() };
                AnnotationFilter::new(store.annotations(&document, path).ok()?.0, &book, &query).ok()
            } else {
                None
            };
            let found = compiled.hits(&document, marked.as_ref());
            let count = found.len();
            // Beyond the row limit, hits are only counted.
            let hits: Vec<find::Hit> = if full.load(Ordering::Relaxed) { Vec::new() } else { found.with_snippets().collect() };
            (count > 0).then_some((document, count, hits))
        };
        let ended = parallel::par_map_ordered(&files, find, |file, found| {
            if self.is_outdated() {
                return ControlFlow::Break(());
            }
            let path = &self.query.files[*file];
            let Some((document, count, hits)) = found else { return ControlFlow::Continue(()) };
            results.count += count;
            results.speeches += 1;
            if results.rows.len() < MAX_RESULT_ROWS {
                let first = hits.iter().find_map(|hit| hit.span).map(|span| SpeechSpan { path: path.to_owned(), span });
                results.rows.push(heading_row(path, &document, first, &format!("{}×{count}", date_prefix(&document))));
                results.rows.extend(hit_rows(path, &document, &hits));
                full.store(results.rows.len() >= MAX_RESULT_ROWS, Ordering::Relaxed);
            }
            if (reported_at.is_none() && results.rows.len() >= FIRST_BATCH_ROWS)
                || reported_at.is_some_and(|at| at.elapsed() >= REPORT_INTERVAL)
            {
                reported_at = Some(Instant::now());
                self.report(results.clone());
            }
            ControlFlow::Continue(())
        });
        results.more = false;
        let _ = parse_cache.save(None);
        if ended.is_continue() && query.field == find::Field::Note {
            let memos = self.query.files.first().and_then(|path| compiled.memos(&self.store(path).ok()?).ok()).unwrap_or_default();
            results.count += memos.len();
            results.rows.extend(memo_rows(&memos));
        }
        ended.is_continue().then_some(results)
    }

    /// Passages that speeches share, the older speech on the left. `None` if the query is outdated.
    fn shared_passages(&self) -> Option<QueryResults> {
        let mut read: Vec<(PathBuf, Arc<Document>)> = Vec::new();
        let open = |path: &Path| if self.is_outdated() { None } else { self.document(path).ok() };
        let ended = parallel::par_map_files(&self.query.files, open, |path, document| {
            if self.is_outdated() {
                return ControlFlow::Break(());
            }
            read.extend(document.map(|document| (path.to_owned(), document)));
            ControlFlow::Continue(())
        });
        if ended.is_break() {
            return None;
        }
        read.sort_by_key(|(_, document)| (document.metadata.date.is_none(), document.metadata.date.clone()));
        let documents: Vec<(&Document, ComparableText)> =
            read.iter().map(|(_, document)| (document.as_ref(), ComparableText::new(document))).collect();
        let found = reuse::shared_passages(&documents);
        let mut results = QueryResults { count: found.len(), ..QueryResults::default() };
        let mut pairs = 0;
        for pair in found.chunk_by(|one, other| (one.a.0, one.b.0) == (other.a.0, other.b.0)) {
            pairs += 2;
            let (a, b) = (&read[pair[0].a.0], &read[pair[0].b.0]);
            let source = |(path, _): &(PathBuf, Arc<Document>), span| Some(SpeechSpan { path: path.clone(), span });
            // Each with its date and the share of it that is common; the older on the left.
            let head = |(path, document): &(PathBuf, Arc<Document>), span, share: f64| {
                let mut row = heading_row(path, document, Some(SpeechSpan { path: path.clone(), span }), "");
                row.pieces.insert(0, (format!("{}{:.0}%  ", date_prefix(document), 100.0 * share), PieceStyle::Badge));
                row
            };
            let of_a = documents[pair[0].a.0].1.coverage(&a.1, pair.iter().map(|one| one.a.1));
            let of_b = documents[pair[0].b.0].1.coverage(&b.1, pair.iter().map(|one| one.b.1));
            let (left, right) = (head(a, pair[0].a.1, of_a), head(b, pair[0].b.1, of_b));
            results.rows.push(ResultRow { right_column: Some(right.pieces), right_source: right.source, ..left });
            for one in pair {
                let (left, right) = diff_pieces(&a.1.text(one.a.1), &b.1.text(one.b.1));
                let row = ResultRow::line(left, source(a, one.a.1));
                results.rows.push(ResultRow {
                    right_column: Some(right),
                    right_source: source(b, one.b.1),
                    wraps: true,
                    is_head: true,
                    ..row
                });
                results.rows.push(ResultRow::default());
            }
        }
        results.speeches = pairs.min(read.len());
        Some(results)
    }

    fn export(&self, to: &Destination) -> AppEvent {
        let QuerySubject::Tagged { tag, cell, group } = &self.query.subject else {
            return AppEvent::Status(StatusMessage::hint("nothing-to-export"));
        };
        let Some(format) = Format::from_path(to.path()) else {
            return AppEvent::Status(StatusMessage::error("no-such-format").with("path", to.path().display()));
        };
        self.flush_writer();
        let mut speeches = Vec::new();
        let mut codebook = Codebook::default();
        let mut counted = HashSet::new();
        for path in self.query.files.iter() {
            let Some(AnnotatedSpeech { document, placed, codebook: book, attributes, identity }) = self.annotated_speech(path) else {
                continue;
            };
            if !counted.insert(identity) {
                continue;
            }
            let name = self.store(path).map_or_else(|_| path.display().to_string(), |store| store.location().document_name(path));
            let read: HashSet<_> =
                select_annotations(path, &document, &placed, &book, tag, cell.as_deref()).iter().map(AnchoredAnnotation::id).collect();
            let placed: Vec<AnchoredAnnotation> = placed.into_iter().filter(|placed| read.contains(&placed.id())).collect();
            codebook = book;
            speeches.push((date_prefix(&document), name, document, attributes, placed));
        }
        if *group != PassageGroup::Speech {
            speeches.sort_by(|a, b| a.0.cmp(&b.0));
        }
        let mut collection = Collection::new(codebook, ExportFilter::default(), ExportOrder::Position);
        for (_, name, document, attributes, placed) in &speeches {
            collection.add_described(name, document, attributes.clone(), placed);
        }
        let count = collection.entries().len();
        match to.fill(|out| (format.write)(&collection, ExportOptions::default(), out)) {
            Ok(()) => AppEvent::Status(StatusMessage::done("exported").with("count", count).with("path", to.path().display())),
            Err(DestinationError::Exists(path)) => AppEvent::PassagesFileExists(path),
            Err(error) => AppEvent::Status(StatusMessage::not_exported(&error)),
        }
    }

    /// Reads the two texts to compare.
    fn compare(&self, sides: &[CompareSide; 2]) {
        if let [CompareSide::Speech(one), CompareSide::Speech(other)] = sides
            && let (Ok(a), Ok(b)) = (self.document(one), self.document(other))
        {
            let texts = Box::new(compared_rows([(one, &a), (other, &b)]));
            (self.events)(AppEvent::Comparison { generation: self.query.generation, texts });
            return;
        }
        let read = |side: &CompareSide| match side {
            CompareSide::Tag(tag) => self.tagged_passages(tag, None, PassageGroup::Date).map(|results| (tag.clone(), results.rows)),
            CompareSide::Speech(path) => {
                let Ok(document) = self.document(path) else { return Some(Default::default()) };
                let title = document.metadata.title.as_deref().unwrap_or_default().replace('\n', " ");
                Some((title, speech_rows(path, &document)))
            }
        };
        if let [Some(one), Some(other)] = [read(&sides[0]), read(&sides[1])] {
            let texts = Box::new(ComparedTexts { sides: [one, other], outline: None });
            (self.events)(AppEvent::Comparison { generation: self.query.generation, texts });
        }
    }

    /// Counts the tags of all speeches, with partial results at intervals.
    fn count_tags(&self) {
        self.flush_writer();
        let read = |path: &Path| {
            let AnnotatedSpeech { document, placed, codebook, identity, .. } = self.annotated_speech(path)?;
            Some((CountedSpeech::new(path, &document, &placed, &codebook), codebook, identity))
        };
        let (mut counted, mut book) = (Vec::new(), Codebook::default());
        let (mut reported_at, mut seen) = (Instant::now(), HashSet::new());
        let report = |counted: &[CountedSpeech], book: &Codebook, more| {
            let tally = Box::new(Tally::new(counted.to_vec(), book));
            (self.events)(AppEvent::Counted { generation: self.query.generation, tally, more });
        };
        let ended = parallel::par_map_files(&self.query.files, read, |_, found| {
            if self.is_outdated() {
                return ControlFlow::Break(());
            }
            if let Some((one, codebook, _)) = found.filter(|(.., identity)| seen.insert(identity.clone())) {
                // Codebooks of different stores are united.
                if book == Codebook::default() {
                    book = codebook;
                } else if book != codebook {
                    book = Codebook::two_way_merge(&book, &codebook);
                }
                counted.extend((!one.is_empty()).then_some(one));
            }
            if reported_at.elapsed() >= REPORT_INTERVAL {
                reported_at = Instant::now();
                report(&counted, &book, true);
            }
            ControlFlow::Continue(())
        });
        if ended.is_continue() {
            report(&counted, &book, false);
        }
    }

    /// All passages under a tag. `None` if the query is outdated.
    fn tagged_passages(&self, tag: &str, cell: Option<&(CountKey, Option<CountKey>)>, group: PassageGroup) -> Option<QueryResults> {
        self.flush_writer();
        let read = |path: &Path| {
            let AnnotatedSpeech { document, placed, codebook, identity, .. } = self.annotated_speech(path)?;
            let placed = select_annotations(path, &document, &placed, &codebook, tag, cell);
            Some((document, placed, codebook, identity))
        };
        let mut seen = HashSet::new();
        let mut found_all: Vec<TaggedSpeech> = Vec::new();
        let ended = parallel::par_map_files(&self.query.files, read, |path, found| {
            if self.is_outdated() {
                return ControlFlow::Break(());
            }
            if let Some((document, placed, codebook, identity)) = found.filter(|(_, placed, ..)| !placed.is_empty())
                && seen.insert(identity)
            {
                found_all.push(TaggedSpeech { path: path.to_owned(), document, placed, codebook });
            }
            ControlFlow::Continue(())
        });
        if group != PassageGroup::Speech {
            found_all.sort_by_key(|found| date_prefix(&found.document));
        }
        let mut results = QueryResults { speeches: found_all.len(), ..QueryResults::default() };
        results.count = found_all.iter().map(|found| found.placed.len()).sum();
        results.rows = if group == PassageGroup::Tag {
            rows_by_tag(&found_all, tag, cell.is_some())
        } else {
            found_all.iter().flat_map(|found| passage_rows(&found.path, &found.document, &found.placed)).collect()
        };
        ended.is_continue().then_some(results)
    }
}

/// The annotations with a tag or one below it; if `cell` is given, instead those counted in
/// that row and column of the table of counts.
fn select_annotations(
    path: &Path,
    document: &Document,
    placed: &[AnchoredAnnotation],
    codebook: &Codebook,
    tag: &str,
    cell: Option<&(CountKey, Option<CountKey>)>,
) -> Vec<AnchoredAnnotation> {
    if let Some((row, column)) = cell {
        return select(path, document, placed, codebook, row, column.as_ref());
    }
    // Of several tags of this name all are meant.
    let wanted = codebook.all_wanted(tag);
    let has = |tag: &TagRef| wanted.iter().any(|above| codebook.is_within(tag.id, *above));
    placed.iter().filter(|anchored| codebook.current_tags(&anchored.annotation.tags).iter().any(has)).cloned().collect()
}
