//! The threads that do what takes time: reading speeches, scanning folders, finding words.
//!
//! Each answers with events; the newest question of a kind is the one that counts.

use super::{
    effect::{Event, Export},
    finder::{Finder, Question},
    inquiry::{Inquirer, Scanned, Sources},
    outside,
    state::{Entries, Entry, Inquiry, Notice},
    vigil::Vigil,
};
use pizhu_annotation::Place;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::Store;
use pizhu_annotation::StoreError;
use pizhu_annotation::Writer;
use pizhu_annotation::store::Locator;
use pizhu_annotation::store::TagCounts;
use pizhu_annotation::store::state_dir;
use pizhu_library::exchange::Collection;
use pizhu_library::exchange::Destination;
use pizhu_library::exchange::DestinationError;
use pizhu_library::exchange::FORMATS;
use pizhu_library::exchange::Filter;
use pizhu_library::exchange::Options;
use pizhu_library::exchange::Order;
use pizhu_library::exchange::counts;
use pizhu_library::catalogue;
use pizhu_library::catalogue::Item;
use pizhu_library::catalogue::Scan;
use pizhu_library::count::Table;
use pizhu_library::digest::Stamp;
use pizhu_library::reading_state::ReadingState;
use crate::locale::Locale;
use crate::settings;
use crate::settings::Settings;
use pizhu_library::source::Manner;
use pizhu_library::source::Reading;
use pizhu_library::source::Speech;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Sender},
    },
    thread,
    time::Duration,
};

/// How long counting tags waits for annotations that are on their way to the store.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two looks at a list that grows.
const PACE: Duration = Duration::from_millis(500);

/// The tags of speeches, by file; a speech without any is left out.
type TagMap = HashMap<PathBuf, TagCounts>;

/// Hands events on to the loop; `false` when it is gone.
pub type Deliver = Arc<dyn Fn(Event) -> bool + Send + Sync>;

/// The threads.
pub struct Worker {
    deliver: Deliver,
    finder: Finder,
    scan: Option<Scan>,
    /// The tags told last of the speeches that have any.
    tags: Arc<Mutex<TagMap>>,
    /// The watch over the library's folders, and which they are.
    library: Option<Vigil>,
    watched: Vec<PathBuf>,
    vigil: Option<Vigil>,
    inquirer: Inquirer,
    /// The watch over the settings and themes.
    folder: Option<Vigil>,
    keeper: Option<(Sender<Settings>, thread::JoinHandle<()>)>,
    /// The number of the newest scan.
    newest: Arc<AtomicU64>,
}

/// Where a scan finds the tags.
pub struct Tagging {
    /// The store that was named.
    pub store: Option<PathBuf>,
    /// What saves the annotations made here; `None` where none were.
    pub writer: Option<Writer>,
}

impl Worker {
    /// Threads are started when first needed.
    #[must_use]
    pub fn new(deliver: Deliver) -> Self {
        Self {
            deliver,
            finder: Finder::default(),
            scan: None,
            tags: Arc::default(),
            library: None,
            watched: Vec::new(),
            vigil: None,
            inquirer: Inquirer::default(),
            folder: None,
            keeper: None,
            newest: Arc::default(),
        }
    }

    fn spawn(&self, name: &str, number: u64, path: &Path, job: impl FnOnce(&Deliver) + Send + 'static) {
        let deliver = Arc::clone(&self.deliver);
        if let Err(error) = thread::Builder::new().name(name.into()).spawn(move || job(&deliver)) {
            (self.deliver)(Event::NotOpened { number, path: path.to_owned(), problem: error.to_string() });
        }
    }

    /// Reads a speech: its first block, then the rest.
    pub fn open(&self, number: u64, path: PathBuf, manner: Manner) {
        self.spawn("opening", number, &path.clone(), move |deliver| match Reading::begin(&path, manner) {
            Ok(reading) => {
                deliver(Event::Opened { number, speech: Box::new(reading.first().clone()), resume: None });
                complete(number, reading, deliver);
            }
            Err(error) => {
                deliver(Event::NotOpened { number, path, problem: error.to_string() });
            }
        });
    }

    /// Reads the rest of a speech of which the first block has been read here.
    pub fn complete(&self, number: u64, reading: Reading) {
        let path = reading.first().path.clone();
        self.spawn("reading", number, &path, move |deliver| complete(number, reading, deliver));
    }

    /// Puts a text on the system's clipboard, where a program does that.
    pub fn copy(text: String) {
        // The terminal has been told in any case; no thread, no program.
        let _ = thread::Builder::new().name("copying".into()).spawn(move || outside::copy(&text, |name| std::env::var(name).ok()));
    }

    /// Watches the open speech's file, which is handed on anew when it changes; in place of the
    /// one watched before.
    pub fn watch(&mut self, number: u64, path: &Path, manner: Manner) {
        let deliver = Arc::clone(&self.deliver);
        let changed = move |speech| deliver(Event::Reloaded { number, speech: Box::new(speech) });
        // Where the system cannot watch, the file is as it was when it was opened.
        self.vigil = Vigil::keep(path, manner, changed).ok();
    }

    /// Watches the folder of settings and themes, once there is one.
    pub fn watch_folder(&mut self, folder: &Path) {
        if self.folder.is_none() && folder.is_dir() {
            let deliver = Arc::clone(&self.deliver);
            // Where the system cannot watch, changes hold from the next start on.
            self.folder = Vigil::over(folder, move || deliver(Event::Configured)).ok();
        }
    }

    /// Writes settings to their file; of several in a row, the last.
    pub fn keep_settings(&mut self, path: PathBuf, settings: Settings) {
        let settings = match &self.keeper {
            Some((keeper, _)) => match keeper.send(settings) {
                Ok(()) => return,
                Err(returned) => returned.0,
            },
            None => settings,
        };
        let (sender, wanted) = mpsc::channel::<Settings>();
        let deliver = Arc::clone(&self.deliver);
        let started = thread::Builder::new().name("keeping settings".into()).spawn(move || {
            while let Ok(mut settings) = wanted.recv() {
                while let Ok(newer) = wanted.try_recv() {
                    settings = newer;
                }
                if let Err(error) = settings::save(&path, &settings) {
                    deliver(Event::Said(Notice::error("cannot-save").with("reason", error)));
                }
            }
        });
        if let Ok(thread) = started
            && sender.send(settings).is_ok()
        {
            self.keeper = Some((sender, thread));
        }
    }

    /// Waits until what was to be kept is.
    pub fn finish(&mut self) {
        if let Some((keeper, thread)) = self.keeper.take() {
            drop(keeper);
            // Had it failed, it would have said so.
            let _ = thread.join();
        }
    }

    /// Watches no speech any more.
    pub fn unwatch(&mut self) {
        self.vigil = None;
    }

    /// Writes a speech's annotations to a file.
    pub fn export(&self, export: Export, store: Option<PathBuf>) {
        let deliver = Arc::clone(&self.deliver);
        let started = thread::Builder::new().name("exporting".into()).spawn(move || deliver(written(&export, store.as_deref())));
        if let Err(error) = started {
            (self.deliver)(Event::Said(Notice::error("cannot-save").with("reason", error)));
        }
    }

    /// Finds words; an older question is given up.
    pub fn find(&mut self, question: Question) {
        self.finder.find(question, &self.deliver);
    }

    /// Megabytes of memory that searching many speeches may take.
    pub fn set_memory(&self, megabytes: u16) {
        self.inquirer.set_room(usize::from(megabytes) << 20);
    }

    /// Answers a question across speeches; an older one is given up.
    pub fn inquire(&self, inquiry: Inquiry, sources: Sources) {
        self.inquirer.begin(inquiry, sources, Arc::clone(&self.deliver));
    }

    /// Writes the passages under a tag to a file.
    pub fn export_across(&self, inquiry: Inquiry, sources: Sources, to: Destination) {
        self.inquirer.export(inquiry, sources, to, Arc::clone(&self.deliver));
    }

    /// Writes a table of counts to a file, as CSV.
    pub fn export_counts(&self, table: Table, locale: Locale, to: Destination) {
        let deliver = Arc::clone(&self.deliver);
        let write = move || {
            let event = match to.fill(|out| counts::write(&table, Options::default(), &|head| crate::locale::counts::head_words(head, locale), out)) {
                Ok(()) => Event::Said(Notice::done("exported").with("count", table.rows.len()).with("path", to.path().display())),
                Err(DestinationError::Exists(path)) => Event::CountsExist(path),
                Err(error) => Event::Said(Notice::error("cannot-save").with("reason", error)),
            };
            deliver(event);
        };
        if let Err(error) = thread::Builder::new().name("exporting".into()).spawn(write) {
            (self.deliver)(Event::Said(Notice::error("cannot-save").with("reason", error)));
        }
    }

    /// Lists the speeches under `roots`, with how far each was read, and then tells their tags; an
    /// older scan is stopped. What changes in the folders from now on is told.
    pub fn scan(&mut self, roots: Vec<PathBuf>, cache: Option<PathBuf>, manner: Manner, places: ReadingState, tagging: Tagging) {
        self.watch_library(&roots);
        let number = self.newest.fetch_add(1, Ordering::Relaxed) + 1;
        let mut list = List {
            deliver: Arc::clone(&self.deliver),
            newest: Arc::clone(&self.newest),
            number,
            items: Vec::new(),
            places,
            tags: Arc::clone(&self.tags),
            anew: true,
        };
        if let Some(cache) = &cache {
            self.inquirer.prepare(cache, &roots, manner);
        }
        let take_scanned = self.inquirer.takes_scanned();
        let kept = cache.clone().map(|cache| (roots.clone(), cache));
        let tell = move |event| {
            let is_done = matches!(event, catalogue::Event::Done(_));
            list.take(event, &tagging);
            if let Some((roots, cache)) = kept.as_ref().filter(|_| is_done && list.is_newest()) {
                let files = list.items.iter().map(|item| (item.path.clone(), item.stamp)).collect();
                let bytes = list.items.iter().map(|item| item.size).sum();
                let scanned = Scanned { roots: roots.clone(), cache: cache.clone(), manner, files, bytes };
                take_scanned(scanned, &list.deliver, &|| !list.is_newest());
            }
        };
        match Scan::start(roots, cache, manner, PACE, tell) {
            Ok(scan) => self.scan = Some(scan),
            Err(error) => {
                (self.deliver)(Event::Said(Notice::error("cannot-scan").with("path", "").with("reason", error)));
            }
        }
    }

    /// Watches the folders of the library, in place of those watched before.
    fn watch_library(&mut self, roots: &[PathBuf]) {
        if self.watched == roots {
            return;
        }
        roots.clone_into(&mut self.watched);
        let deliver = Arc::clone(&self.deliver);
        // Where the system cannot watch, the list is read anew by a key.
        self.library = Vigil::library(roots, move || deliver(Event::LibraryChanged)).ok();
    }
}

/// The first screen of a library as it was at the last scan; empty where that is not known.
#[must_use]
pub fn first_screen(roots: &[PathBuf], cache: &Path, manner: Manner) -> Entries {
    let items = catalogue::first_items(cache, roots, manner);
    let entry = |item| entry(item, &ReadingState::default(), &TagMap::new());
    let entries = items.iter().map(entry).map(Arc::new).enumerate().collect();
    Entries { anew: true, entries, read: Some(0) }
}

/// What a scan tells, made into the list.
struct List {
    deliver: Deliver,
    newest: Arc<AtomicU64>,
    number: u64,
    items: Vec<Item>,
    places: ReadingState,
    /// The tags last told.
    tags: Arc<Mutex<TagMap>>,
    anew: bool,
}

impl List {
    fn take(&mut self, event: catalogue::Event, tagging: &Tagging) {
        match event {
            catalogue::Event::Listed { found, read } => {
                let from = self.items.len();
                self.items.extend(found);
                for (index, facts) in &read {
                    if let Some(item) = self.items.get_mut(*index) {
                        item.facts = Some(Arc::clone(facts));
                    }
                }
                let changed = read.into_iter().map(|(index, _)| index).filter(|index| *index < from);
                let places = changed.chain(from..self.items.len()).collect();
                self.tell(places, true);
            }
            catalogue::Event::Failed(path, reason) => {
                (self.deliver)(Event::Said(Notice::error("cannot-scan").with("path", path.display()).with("reason", reason)));
            }
            catalogue::Event::Done(_) => {
                self.tell(Vec::new(), false);
                if let Some(tagged) = self.tag(tagging) {
                    self.tell(tagged, false);
                }
            }
        }
    }

    /// Whether no other scan has been begun since; that tells what has happened since.
    fn is_newest(&self) -> bool {
        self.newest.load(Ordering::Relaxed) == self.number
    }

    /// Tells the entries at these places.
    fn tell(&mut self, places: Vec<usize>, more: bool) {
        if !self.is_newest() {
            return;
        }
        let tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = |index: usize| Some((index, Arc::new(entry(self.items.get(index)?, &self.places, &tags))));
        let entries = places.into_iter().filter_map(entry).collect();
        let read = more.then(|| self.items.iter().filter(|item| item.facts.is_some()).count());
        drop(tags);
        (self.deliver)(Event::Listed(Entries { anew: std::mem::take(&mut self.anew), entries, read }));
    }

    /// Counts the tags; the places of the entries that have others now.
    fn tag(&self, tagging: &Tagging) -> Option<Vec<usize>> {
        if let Some(writer) = &tagging.writer {
            // What cannot be saved is told where it was made; what is in the store is counted.
            let _ = writer.flush(PATIENCE);
        }
        let speeches = self.items.iter().map(|item| (item.path.clone(), item.facts.as_deref().and_then(|facts| facts.hash)));
        let counted = match tags_of(speeches, tagging.store.as_deref()) {
            Ok(counted) => counted,
            Err(error) => {
                (self.deliver)(Event::Said(Notice::error("cannot-read-tags").with("reason", error)));
                return None;
            }
        };
        let mut tags = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = |index: &usize| {
            let path = &self.items[*index].path;
            counted.get(path) != tags.get(path)
        };
        let places: Vec<usize> = (0..self.items.len()).filter(changed).collect();
        *tags = counted;
        (!places.is_empty()).then_some(places)
    }
}

/// Writes a speech's annotations to a file; what came of it.
fn written(export: &Export, store: Option<&Path>) -> Event {
    let Some(format) = FORMATS.get(export.format) else {
        return Event::Said(Notice::error("cannot-save").with("reason", ""));
    };
    let name = match Place::find(Some(&export.speech), store) {
        Ok(place) => place.document_name(&export.speech),
        Err(error) => return Event::Said(Notice::error("cannot-save").with("reason", error)),
    };
    let mut collection = Collection::new(export.codebook.clone(), Filter::default(), Order::Place);
    collection.add(&name, &export.document, &*export.placements);
    let count = collection.entries().len();
    match Destination::new(&export.path, export.replaces).fill(|out| (format.write)(&collection, Options::default(), out)) {
        Ok(()) => Event::Said(Notice::done("exported").with("count", count).with("path", export.path.display())),
        Err(DestinationError::Exists(path)) => Event::ExportExists { format: export.format, path },
        Err(error) => Event::Said(Notice::error("cannot-save").with("reason", error)),
    }
}

fn complete(number: u64, reading: Reading, deliver: &Deliver) {
    if reading.first().document.is_final {
        return;
    }
    let path = reading.first().path.clone();
    match reading.finish() {
        Ok(speech) => {
            deliver(Event::Completed { number, speech: Box::new(speech) });
        }
        Err(error) => {
            deliver(Event::NotOpened { number, path, problem: error.to_string() });
        }
    }
}

/// A speech as a store knows it: its file, and the hash of its text where all of it was read.
type Known = (PathBuf, Option<SpeechHash>);

/// The tags of the speeches that have any, each from its own store.
fn tags_of(speeches: impl Iterator<Item = Known>, given: Option<&Path>) -> Result<TagMap, StoreError> {
    let mut stores: Vec<(Place, Vec<Known>)> = Vec::new();
    let mut locator = Locator::default();
    for speech in speeches {
        let place = locator.find(&speech.0, given)?;
        match stores.iter_mut().find(|(known, _)| *known == place) {
            Some((_, speeches)) => speeches.push(speech),
            None => stores.push((place, vec![speech])),
        }
    }
    let mut tags = HashMap::new();
    for (place, speeches) in stores {
        let counts = Store::new(place, state_dir()?).tag_counts(&speeches)?;
        let all = speeches.into_iter().zip(counts).map(|((path, _), counts)| (path, counts));
        tags.extend(all.filter(|(_, counts)| !counts.is_empty()));
    }
    Ok(tags)
}

fn entry(item: &Item, places: &ReadingState, tags: &TagMap) -> Entry {
    let facts = item.facts.as_deref();
    let name = || item.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let entry = Entry {
        path: item.path.clone(),
        stamp: Some(item.stamp).filter(|stamp| *stamp != Stamp::default()),
        title: facts.and_then(|facts| facts.title.clone()).unwrap_or_else(name),
        date: facts.and_then(|facts| facts.date.clone()).unwrap_or_default(),
        chars: facts.and_then(|facts| facts.chars).unwrap_or_else(|| usize::try_from(item.size / 3).unwrap_or(usize::MAX)),
        tags: tags.get(&item.path).cloned().unwrap_or_default(),
        percent: places.place(&item.path, facts.and_then(|facts| facts.hash)).map(pizhu_library::reading_state::Place::percent),
        problem: facts.and_then(|facts| facts.problem.clone()).unwrap_or_default(),
        key: String::new(),
    };
    entry.keyed()
}

/// The speech as it was read first, and what is left to do for the rest of it.
pub struct First {
    /// The first block.
    pub speech: Speech,
    /// The rest, where the first block was not all.
    pub rest: Option<Reading>,
}

/// Reads what the first frame shows of a speech, here and now; `resumes` where that may lie
/// behind its beginning.
///
/// # Errors
/// When the file gives no speech.
pub fn first(path: &Path, manner: Manner, resumes: bool) -> Result<First, pizhu_library::source::SourceError> {
    let reading = if resumes { Reading::begin(path, manner)? } else { Reading::glance(path, manner)? };
    let speech = reading.first().clone();
    let rest = (!speech.document.is_final).then_some(reading);
    Ok(First { speech, rest })
}
