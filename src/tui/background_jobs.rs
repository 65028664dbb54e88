//! Background jobs: reading speeches, scanning folders, searching, exporting.
//!
//! Each job runs on its own thread and reports events. Of several requests of a kind, only the
//! newest counts.

use super::{
    effect::{AppEvent, ExportRequest},
    event_sink::{EventSink, REPORT_INTERVAL},
    external,
    file_watcher::FileWatcher,
    library_query::{FLUSH_TIMEOUT, QuerySources, QueryWorker, ScannedLibrary, export_counts, export_speech},
    message::{ExportTarget, LibraryEntry, LibraryQuery, LibraryUpdate, StatusMessage},
};
use crate::app::{
    find::{FindRequest, find_in_speech},
    job::{CancelToken, JobOrder, JobRunner, NewestToken},
    open::{FirstPart, SpeechOpening},
};
use crate::locale::{Locale, notice};
use crate::settings;
use crate::settings::Settings;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::Store;
use pizhu_annotation::StoreError;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::StoreWriter;
use pizhu_annotation::anchor::TextComparison;
use pizhu_annotation::store::SpeechSummary;
use pizhu_annotation::store::StoreLocator;
use pizhu_annotation::store::state_dir;
use pizhu_library::attributes::{Attributes, genre};
use pizhu_library::catalogue;
use pizhu_library::catalogue::CatalogueEntry;
use pizhu_library::catalogue::Scan;
use pizhu_library::count::CountTable;
use pizhu_library::parse_cache::MetadataFingerprint;
use pizhu_library::reading_state::ReadingState;
use pizhu_library::source::MAX_RULES_BYTES;
use pizhu_library::source::ReadOptions;
use pizhu_library::source::Speech;
use pizhu_text::document::Document;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// How long quitting waits for the settings to be saved.
const QUIT_TIMEOUT: Duration = Duration::from_secs(10);

/// Tags of speeches by file; speeches without tags are left out.
type TagMap = HashMap<PathBuf, SpeechSummary>;

/// The background threads.
pub(super) struct BackgroundJobs {
    events: EventSink,
    searches: JobRunner,
    /// Whether the rest of the speech that is shown, and of the one opened last, is still wanted.
    shown_opening: CancelToken,
    newest_opening: CancelToken,
    scan: Option<Scan>,
    /// The tags reported last.
    tags: Arc<Mutex<TagMap>>,
    /// The watch over the library's folders, and those folders.
    library_watcher: Option<FileWatcher>,
    watched_roots: Vec<PathBuf>,
    speech_watcher: Option<FileWatcher>,
    query_worker: QueryWorker,
    exports: JobRunner,
    /// The watch over settings and themes.
    config_watcher: Option<FileWatcher>,
    settings_jobs: JobRunner,
    /// The settings that are to be saved.
    unsaved_settings: Arc<Mutex<Option<Settings>>>,
    newest_scan: NewestToken,
}

/// Sources of the tags for a scan.
pub(super) struct TagSources {
    /// The store given on the command line.
    pub store: Option<PathBuf>,
    /// The user, whose favourites are shown.
    pub author: String,
    /// The writer of unsaved annotations; `None` if no speech was opened.
    pub writer: Option<StoreWriter>,
    /// The author who codes blind, if blind coding is on.
    pub blind: Option<String>,
}

impl BackgroundJobs {
    /// Starts no thread; each is started when first needed.
    #[must_use]
    pub(super) fn new(events: EventSink) -> Self {
        Self {
            events,
            searches: JobRunner::new("search", JobOrder::NewestWins),
            shown_opening: CancelToken::default(),
            newest_opening: CancelToken::default(),
            scan: None,
            tags: Arc::default(),
            library_watcher: None,
            watched_roots: Vec::new(),
            speech_watcher: None,
            query_worker: QueryWorker::new(),
            exports: JobRunner::new("exporting", JobOrder::InOrder),
            config_watcher: None,
            settings_jobs: JobRunner::new("saving settings", JobOrder::InOrder),
            unsaved_settings: Arc::default(),
            newest_scan: NewestToken::default(),
        }
    }

    pub(super) fn spawn(&self, name: &str, opening: u64, path: &Path, job: impl FnOnce(&EventSink) + Send + 'static) {
        let events = Arc::clone(&self.events);
        if let Err(error) = thread::Builder::new().name(name.into()).spawn(move || job(&events)) {
            (self.events)(AppEvent::OpenFailed { opening, path: path.to_owned(), error: error.to_string() });
        }
    }

    /// Reads a speech: its first block, then the rest, unless another is shown by then.
    pub(super) fn open(&mut self, opening: u64, path: PathBuf, read_options: ReadOptions) {
        self.newest_opening = CancelToken::default();
        let cancel = self.newest_opening.clone();
        self.spawn("opening", opening, &path.clone(), move |events| match SpeechOpening::begin(&path, read_options, FirstPart::Block) {
            Ok(begun) => {
                events(AppEvent::FirstBlockRead { opening, speech: Box::new(begun.first_part().clone()) });
                finish(opening, begun, &cancel, events);
            }
            Err(error) => {
                events(AppEvent::OpenFailed { opening, path, error: error.to_string() });
            }
        });
    }

    /// Notes that the speech opened last is shown: the rest of the one before it is not wanted any more.
    pub(super) fn show_newest(&mut self) {
        std::mem::replace(&mut self.shown_opening, self.newest_opening.clone()).cancel();
    }

    /// Compares a text that was read again with the one on the screen.
    pub(super) fn compare_texts(&self, opening: u64, old: Arc<Document>, speech: Box<Speech>) {
        let path = speech.path.clone();
        self.spawn("comparing", opening, &path, move |events| {
            let comparison = TextComparison::new(&old.source, &speech.document.source).map(Arc::new);
            events(AppEvent::TextsCompared { opening, speech, comparison });
        });
    }

    /// Reads the rest of a speech that is shown, unless another is by then.
    pub(super) fn read_rest(&self, opening: u64, begun: SpeechOpening) {
        let (path, cancel) = (begun.first_part().path.clone(), self.shown_opening.clone());
        self.spawn("reading", opening, &path, move |events| finish(opening, begun, &cancel, events));
    }

    /// Copies a text with one of the system's clipboard programs. If there is none, the terminal alone
    /// has it (OSC 52); where that may not arrive, says so. A text that terminals cut is also written
    /// to a file in the `state` folder.
    pub(super) fn copy_to_clipboard(&self, text: String, state: Option<PathBuf>) {
        let events = Arc::clone(&self.events);
        let copy = move || {
            let variable = |name: &str| std::env::var(name).ok();
            if !external::copy_to_clipboard(&text, variable)
                && let Some(doubt) = external::doubt_of_arrival(&text, state.as_deref(), variable)
            {
                events(AppEvent::Status(doubt));
            }
        };
        // The terminal got it anyway, so failure to start a thread is ignored.
        let _ = thread::Builder::new().name("copying".into()).spawn(copy);
    }

    /// Watches the open speech's file, instead of the one watched before, and re-reads it when it
    /// changes.
    pub(super) fn watch_speech(&mut self, opening: u64, path: &Path, read_options: ReadOptions) {
        let events = Arc::clone(&self.events);
        let changed = move |speech: Option<Speech>| match speech {
            Some(speech) => events(AppEvent::Reloaded { opening, speech: Box::new(speech) }),
            None => events(AppEvent::SpeechGone { opening }),
        };
        // If the system cannot watch it, the speech stays as it was opened.
        self.speech_watcher = FileWatcher::watch_file(path, read_options, changed).ok();
    }

    /// Watches the folder of settings and themes, if it exists and is not watched yet.
    pub(super) fn watch_config(&mut self, folder: &Path) {
        if self.config_watcher.is_none() && folder.is_dir() {
            let events = Arc::clone(&self.events);
            // If the system cannot watch it, changes apply at the next start.
            self.config_watcher = FileWatcher::watch_folder(folder, move || events(AppEvent::ConfigChanged)).ok();
        }
    }

    /// Saves the settings; of several in quick succession, only the last.
    pub(super) fn save_settings(&self, path: PathBuf, settings: Settings) {
        *self.unsaved_settings.lock().unwrap_or_else(PoisonError::into_inner) = Some(settings);
        let (events, unsaved) = (Arc::clone(&self.events), Arc::clone(&self.unsaved_settings));
        let report = Arc::clone(&events);
        let save = move |_: &CancelToken| {
            let settings = unsaved.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(Err(error)) = settings.map(|settings| settings::save(&path, &settings)) {
                events(AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error)));
            }
        };
        if let Err(error) = self.settings_jobs.submit(save) {
            report(AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error)));
        }
    }

    /// Waits until the settings are saved.
    pub(super) fn flush_settings(&self) {
        // A failure was reported as a status message.
        self.settings_jobs.flush(QUIT_TIMEOUT);
    }

    /// Stops watching the open speech's file, and reading it.
    pub(super) fn unwatch_speech(&mut self) {
        self.speech_watcher = None;
        self.shown_opening.cancel();
    }

    /// Runs an export off the drawing thread; the event that it returns tells how it went.
    fn export_by(&self, export: impl FnOnce(&CancelToken) -> AppEvent + Send + 'static) {
        let events = Arc::clone(&self.events);
        let started = self.exports.submit(move |token| {
            events(export(token));
        });
        if let Err(error) = started {
            (self.events)(AppEvent::Status(StatusMessage::error(notice::CANNOT_SAVE).with("reason", error)));
        }
    }

    /// Writes the annotations of the open speech to a file.
    pub(super) fn export(&self, export: ExportRequest, sources: QuerySources) {
        self.export_by(move |_| export_speech(export, &sources));
    }

    /// Searches the open speech; an older search is cancelled. `generation` is the number of the query.
    pub(super) fn search(&self, generation: u64, request: FindRequest) {
        let events = Arc::clone(&self.events);
        let find = move |cancel: &CancelToken| {
            find_in_speech(&request, cancel, |found| _ = events(AppEvent::FoundSpans { generation, found }));
        };
        // Without a thread, nothing is found.
        let _ = self.searches.submit(find);
    }

    /// Sets the memory limit for queries over many speeches, in megabytes.
    pub(super) fn set_memory_limit(&self, megabytes: u16) {
        self.query_worker.set_memory_limit(usize::from(megabytes) << 20);
    }

    /// Runs a query over many speeches; an older one is abandoned.
    pub(super) fn query_library(&self, query: LibraryQuery, sources: QuerySources) {
        self.query_worker.start(query, sources, Arc::clone(&self.events));
    }

    /// Writes the passages under a tag to a file.
    pub(super) fn export_passages(&self, query: LibraryQuery, sources: QuerySources, to: ExportTarget) {
        self.export_by(self.query_worker.export(query, sources, to, Arc::clone(&self.events)));
    }

    /// Writes a table of counts of speeches to a CSV file.
    pub(super) fn export_counts(&self, table: CountTable, locale: Locale, to: ExportTarget, files: Arc<[PathBuf]>, sources: QuerySources) {
        self.export_by(move |_| export_counts(&table, locale, &to, &files, &sources));
    }

    /// Lists the speeches under `roots` with reading progress, then with tags; stops an older scan.
    /// From now on, changes in the folders are reported.
    pub(super) fn scan(
        &mut self,
        roots: Vec<PathBuf>,
        cache: Option<PathBuf>,
        read_options: ReadOptions,
        positions: ReadingState,
        tag_sources: TagSources,
    ) {
        self.watch_library(&roots);
        let token = self.newest_scan.renew();
        let mut list = LibraryScan {
            events: Arc::clone(&self.events),
            token,
            items: Vec::new(),
            positions,
            tags: Arc::clone(&self.tags),
            reset: true,
        };
        if let Some(cache) = &cache {
            self.query_worker.load_cache(cache, &roots);
        }
        let scan_callback = self.query_worker.scan_callback();
        let cached_library = cache.clone().map(|cache| (roots.clone(), cache));
        let on_event = move |event| {
            let is_done = matches!(event, catalogue::ScanEvent::Done(_));
            list.handle(event, &tag_sources);
            if let Some((roots, cache)) = cached_library.as_ref().filter(|_| is_done && list.is_newest()) {
                let files = list.items.iter().map(|item| (item.path.clone(), item.fingerprint)).collect();
                let library = ScannedLibrary { roots: roots.clone(), cache: cache.clone(), files };
                scan_callback(library, &|| !list.is_newest());
            }
        };
        match Scan::start(roots, cache, read_options, REPORT_INTERVAL, on_event) {
            Ok(scan) => self.scan = Some(scan),
            Err(error) => {
                (self.events)(AppEvent::Status(StatusMessage::error(notice::CANNOT_SCAN).with("path", "").with("reason", error)));
            }
        }
    }

    /// Watches the library's folders, instead of those watched before.
    fn watch_library(&mut self, roots: &[PathBuf]) {
        if self.watched_roots == roots {
            return;
        }
        roots.clone_into(&mut self.watched_roots);
        let events = Arc::clone(&self.events);
        // If the system cannot watch them, the user rescans by a key.
        self.library_watcher = FileWatcher::watch_library(roots, move || events(AppEvent::LibraryChanged)).ok();
    }
}

/// The first screen of the library as of the last scan; empty if that is unknown.
#[must_use]
pub(super) fn cached_first_screen(roots: &[PathBuf], cache: &Path, read_options: ReadOptions) -> LibraryUpdate {
    let items = catalogue::first_entries(cache, roots, read_options);
    let entry = |item| library_entry(item, &ReadingState::default(), &TagMap::new());
    let entries = items.iter().map(entry).map(Arc::new).enumerate().collect();
    LibraryUpdate { reset: true, entries, read: Some(0) }
}

/// Turns the events of a scan into updates of the library's list.
struct LibraryScan {
    events: EventSink,
    token: CancelToken,
    items: Vec<CatalogueEntry>,
    positions: ReadingState,
    /// The tags reported last.
    tags: Arc<Mutex<TagMap>>,
    reset: bool,
}

impl LibraryScan {
    fn handle(&mut self, event: catalogue::ScanEvent, tag_sources: &TagSources) {
        match event {
            catalogue::ScanEvent::Listed { found, read } => {
                let from = self.items.len();
                self.items.extend(found);
                for (index, facts) in &read {
                    if let Some(item) = self.items.get_mut(*index) {
                        item.facts = Some(Arc::clone(facts));
                    }
                }
                let changed = read.into_iter().map(|(index, _)| index).filter(|index| *index < from);
                let indices = changed.chain(from..self.items.len()).collect();
                self.report(indices, true);
            }
            catalogue::ScanEvent::Failed(path, reason) => {
                (self.events)(AppEvent::Status(
                    StatusMessage::error(notice::CANNOT_SCAN).with("path", path.display()).with("reason", reason),
                ));
            }
            catalogue::ScanEvent::RulesPassedOver(path) => {
                let message = StatusMessage::error(notice::RULES_PASSED_OVER).with("path", path.display());
                (self.events)(AppEvent::Status(message.with("size", MAX_RULES_BYTES >> 20)));
            }
            catalogue::ScanEvent::Done(_) => {
                self.report(Vec::new(), false);
                if let Some(tagged) = self.count_tags(tag_sources) {
                    self.report(tagged, false);
                }
            }
        }
    }

    /// Whether no newer scan has started; a newer one reports all changes itself.
    fn is_newest(&self) -> bool {
        !self.token.is_cancelled()
    }

    /// Reports the entries at these indices.
    fn report(&mut self, indices: Vec<usize>, more: bool) {
        if !self.is_newest() {
            return;
        }
        let tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = |index: usize| Some((index, Arc::new(library_entry(self.items.get(index)?, &self.positions, &tags))));
        let entries = indices.into_iter().filter_map(entry).collect();
        let read = more.then(|| self.items.iter().filter(|item| item.facts.is_some()).count());
        drop(tags);
        (self.events)(AppEvent::LibraryUpdated(LibraryUpdate { reset: std::mem::take(&mut self.reset), entries, read }));
    }

    /// Counts the tags; returns the indices of entries whose tags have changed.
    fn count_tags(&self, tag_sources: &TagSources) -> Option<Vec<usize>> {
        if let Some(writer) = &tag_sources.writer {
            // A failure to save was reported by the writer; what is in the store is counted.
            let _ = writer.flush(FLUSH_TIMEOUT);
        }
        let speeches = self.items.iter().map(|item| (item.path.clone(), item.facts.as_deref().and_then(|facts| facts.hash)));
        let counted = match tags_of(speeches, tag_sources) {
            Ok(counted) => counted,
            Err(error) => {
                (self.events)(AppEvent::Status(StatusMessage::error(notice::CANNOT_READ_TAGS).with("reason", error)));
                return None;
            }
        };
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = |index: &usize| {
            let path = &self.items[*index].path;
            counted.get(path) != tags.get(path)
        };
        let indices: Vec<usize> = (0..self.items.len()).filter(changed).collect();
        *tags = counted;
        (!indices.is_empty()).then_some(indices)
    }
}

fn finish(opening: u64, begun: SpeechOpening, cancel: &CancelToken, events: &EventSink) {
    let path = begun.first_part().path.clone();
    match begun.finish(cancel) {
        Ok(Some(speech)) => {
            events(AppEvent::Completed { opening, speech: Box::new(speech) });
        }
        Ok(None) => {}
        Err(error) => {
            events(AppEvent::OpenFailed { opening, path, error: error.to_string() });
        }
    }
}

/// A speech as the store identifies it: its file, and the hash of its text if fully read.
type StoredSpeech = (PathBuf, Option<SpeechHash>);

/// Tags and titles by hand of the speeches that have any, each read from its own store.
fn tags_of(speeches: impl Iterator<Item = StoredSpeech>, sources: &TagSources) -> Result<TagMap, StoreError> {
    let mut stores: Vec<(StoreLocation, Vec<StoredSpeech>)> = Vec::new();
    let mut locator = StoreLocator::default();
    for speech in speeches {
        let location = locator.find(&speech.0, sources.store.as_deref())?;
        match stores.iter_mut().find(|(known, _)| *known == location) {
            Some((_, speeches)) => speeches.push(speech),
            None => stores.push((location, vec![speech])),
        }
    }
    let mut tags = HashMap::new();
    for (location, speeches) in stores {
        let summaries = Store::new(location, state_dir()?).blind_for(sources.blind.as_deref()).summaries(&speeches)?;
        let own = |mut summary: SpeechSummary| {
            // The favourites of others are theirs.
            summary.favourite_of.retain(|author| *author == sources.author);
            summary
        };
        let all = speeches.into_iter().zip(summaries).map(|((path, _), summary)| (path, own(summary)));
        tags.extend(all.filter(|(_, summary)| !summary.is_empty()));
    }
    Ok(tags)
}

fn library_entry(item: &CatalogueEntry, positions: &ReadingState, tags: &TagMap) -> LibraryEntry {
    let facts = item.facts.as_deref();
    let summary = tags.get(&item.path).cloned().unwrap_or_default();
    let by_hand = summary.title;
    let title = by_hand.or_else(|| facts.and_then(|facts| facts.title.clone()));
    let found =
        facts.map(|facts| [("speaker", &facts.speaker), ("occasion", &facts.occasion), ("place", &facts.place), ("date", &facts.date)]);
    let found = found.into_iter().flatten().filter_map(|(key, value)| Some((key, value.as_deref()?)));
    let kind = title.as_deref().and_then(genre).map(|kind| ("kind", kind));
    let attributes = Attributes::of_values(found.chain(kind), &summary.attributes);
    let known = |key: &str| attributes.get(key).unwrap_or_default().to_owned();
    let name = || item.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let position = positions.position(&item.path, facts.and_then(|facts| facts.hash));
    let entry = LibraryEntry {
        path: item.path.clone(),
        fingerprint: Some(item.fingerprint).filter(|stamp| *stamp != MetadataFingerprint::default()),
        title: title.unwrap_or_else(name),
        date: known("date"),
        speaker: known("speaker"),
        occasion: [known("occasion"), known("place")].into_iter().filter(|known| !known.is_empty()).collect::<Vec<_>>().join(" "),
        chars: facts.and_then(|facts| facts.chars).unwrap_or_else(|| usize::try_from(item.size / 3).unwrap_or(usize::MAX)),
        favourite: !summary.favourite_of.is_empty(),
        tags: summary.tags,
        percent: position.map(pizhu_library::reading_state::ReadingPosition::percent),
        opened: position.map(|position| position.opened),
        hash: facts.and_then(|facts| facts.hash),
        error: facts.and_then(|facts| facts.problem.clone()).unwrap_or_default(),
        search_key: String::new(),
        attributes,
    };
    entry.with_search_key()
}
