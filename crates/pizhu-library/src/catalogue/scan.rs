//! The scan: one thread walks the folders, others read the files that the cache does not know.

use super::{
    Facts, Item,
    cache::{self, Cache},
};
use pizhu_annotation::SpeechHash;
use pizhu_text::document::Metadata as Front;
use crate::digest::Digest;
use crate::digest::Digests;
use crate::digest::Stamp;
use crate::source;
use crate::source::Contents;
use crate::source::Manner;
use crate::source::SourceError;
use crate::source::folder;
use pizhu_text::text::Encoding;
use pizhu_text::text::SourceText;
use std::{
    fs::Metadata,
    io, mem,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant, UNIX_EPOCH},
};

/// More threads than this only wait for the disk.
const MOST_READERS: usize = 8;

/// What a scan tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// What has been found and read since the last was told.
    Listed {
        /// Files found; they follow those found before. Their facts are there where the cache knew
        /// them.
        found: Vec<Item>,
        /// Files read: the index of each in the order found, and its facts.
        read: Vec<(usize, Arc<Facts>)>,
    },
    /// Something named cannot be read.
    Failed(PathBuf, String),
    /// The scan is at its end.
    Done(Summary),
}

/// What a scan came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files found.
    pub files: usize,
    /// Files read, the others having been known.
    pub read: usize,
}

/// A scan under way. Dropping it stops it; what was read until then is still cached.
#[derive(Debug)]
pub struct Scan {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Scan {
    /// Scans `roots`, folders and files, reading them in `manner`. `cache` is the folder for the cache file and the digests;
    /// without it nothing is kept. `tell` is called from the scan's thread, `pace` apart for what
    /// is listed, the first time at once.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(
        roots: Vec<PathBuf>,
        cache: Option<PathBuf>,
        manner: Manner,
        pace: Duration,
        tell: impl FnMut(Event) + Send + 'static,
    ) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        let thread =
            thread::Builder::new().name("catalogue".into()).spawn(move || run(&roots, cache.as_deref(), manner, pace, &flag, tell))?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Waits for the end.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic over there has been reported there.
            let _ = thread.join();
        }
    }
}

impl Drop for Scan {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// What the walker and the readers tell the scan.
enum Step {
    /// A file was found.
    Found(Item),
    /// Something named cannot be read.
    Failed(PathBuf, String),
    /// The walk is over.
    Walked,
    /// A file was read.
    Read(usize, Reading),
}

/// What reading a file came to.
enum Reading {
    /// This, as long as the file does not change.
    Lasting(Facts),
    /// This, for now.
    Passing(Facts),
    /// The scan was stopped before.
    Stopped,
}

fn run(roots: &[PathBuf], cache_folder: Option<&Path>, manner: Manner, pace: Duration, stop: &AtomicBool, mut tell: impl FnMut(Event)) {
    let file = cache_folder.map(|folder| cache::file_for(folder, roots, manner));
    let cache = file.as_deref().map(Cache::load).unwrap_or_default();
    // Loaded when the first file is to be read.
    let digests = OnceLock::new();
    let digests_of = || digests.get_or_init(|| cache_folder.map(|folder| Digests::load(folder, roots)).unwrap_or_default());
    let mut items: Vec<Item> = Vec::new();
    let mut passing = Vec::new();
    let mut read = 0;
    thread::scope(|scope| {
        let (sender, steps) = mpsc::channel();
        let walker = sender.clone();
        scope.spawn(move || walk(roots, stop, &walker));
        let (queue, work) = mpsc::channel();
        let work = Arc::new(Mutex::new(work));
        let readers = thread::available_parallelism().map_or(2, NonZeroUsize::get).min(MOST_READERS);
        for _ in 0..readers {
            let (work, sender) = (Arc::clone(&work), sender.clone());
            scope.spawn(move || read_all(&work, manner, stop, &digests_of, &sender));
        }
        drop(sender);
        let mut queue = Some(queue);
        let mut waiting = 0;
        let mut batch = Batch::default();
        while queue.is_some() || waiting > 0 {
            match steps.recv_timeout(pace) {
                Ok(Step::Found(mut item)) => {
                    item.facts = cache.facts(&item.path, item.size, item.modified).map(Arc::new);
                    if let (None, Some(queue)) = (&item.facts, &queue)
                        && queue.send((items.len(), item.clone())).is_ok()
                    {
                        waiting += 1;
                    }
                    items.push(item.clone());
                    batch.found.push(item);
                }
                Ok(Step::Failed(path, reason)) => tell(Event::Failed(path, reason)),
                Ok(Step::Walked) => queue = None,
                Ok(Step::Read(index, reading)) => {
                    waiting -= 1;
                    let facts = match reading {
                        Reading::Stopped => continue,
                        Reading::Lasting(facts) => facts,
                        Reading::Passing(facts) => {
                            passing.push(index);
                            facts
                        }
                    };
                    read += 1;
                    let facts = Arc::new(facts);
                    items[index].facts = Some(Arc::clone(&facts));
                    batch.read.push((index, facts));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if batch.is_due(pace) {
                batch.flush(&mut tell);
            }
        }
        batch.flush(&mut tell);
    });
    if let Some(file) = file.filter(|_| read > 0 || cache.len() != items.len()) {
        for index in passing {
            items[index].facts = None;
        }
        // A cache that cannot be written costs the next scan time and nothing else.
        let _ = cache::save(&file, &items);
    }
    if let Some(digests) = digests.get() {
        let needed = items.iter().map(|item| item.stamp).collect();
        let _ = digests.save(Some(&needed));
    }
    tell(Event::Done(Summary { files: items.len(), read }));
}

/// What is told together.
#[derive(Default)]
struct Batch {
    found: Vec<Item>,
    read: Vec<(usize, Arc<Facts>)>,
    /// When the last was told; the first is told at once.
    told: Option<Instant>,
}

impl Batch {
    fn is_due(&self, pace: Duration) -> bool {
        !(self.found.is_empty() && self.read.is_empty()) && self.told.is_none_or(|told| told.elapsed() >= pace)
    }

    fn flush(&mut self, tell: &mut impl FnMut(Event)) {
        if !(self.found.is_empty() && self.read.is_empty()) {
            tell(Event::Listed { found: mem::take(&mut self.found), read: mem::take(&mut self.read) });
        }
        self.told = Some(Instant::now());
    }
}

fn walk(roots: &[PathBuf], stop: &AtomicBool, steps: &Sender<Step>) {
    for entry in folder::walk(roots) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let news = match entry {
            Ok((path, metadata)) => Step::Found(Item {
                size: metadata.len(),
                modified: modified(&metadata),
                stamp: Stamp::of(&path, &metadata),
                path,
                facts: None,
            }),
            Err(error) => Step::Failed(error.path().to_owned(), error.to_string()),
        };
        if steps.send(news).is_err() {
            return;
        }
    }
    let _ = steps.send(Step::Walked);
}

/// Nanoseconds since 1970.
fn modified(metadata: &Metadata) -> i128 {
    let Ok(time) = metadata.modified() else { return 0 };
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    }
}

fn read_all<'a>(
    work: &Mutex<Receiver<(usize, Item)>>,
    manner: Manner,
    stop: &AtomicBool,
    digests: &impl Fn() -> &'a Digests,
    steps: &Sender<Step>,
) {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((index, item)) = next else { return };
        let reading = if stop.load(Ordering::Relaxed) { Reading::Stopped } else { read_facts(&item, manner, digests) };
        if steps.send(Step::Read(index, reading)).is_err() {
            return;
        }
    }
}

fn read_facts<'a>(item: &Item, manner: Manner, digests: &impl Fn() -> &'a Digests) -> Reading {
    let error = match facts_of(item, manner, digests) {
        Ok(facts) => return Reading::Lasting(facts),
        Err(error) => error,
    };
    let facts = Facts { title: None, date: None, encoding: None, chars: None, hash: None, problem: Some(error.to_string()) };
    match error {
        SourceError::NotText { .. } => Reading::Lasting(facts),
        _ => Reading::Passing(facts),
    }
}

/// Reads a file. Its sections are not needed for the list, and are left to what comes after it.
fn facts_of<'a>(item: &Item, manner: Manner, digests: &impl Fn() -> &'a Digests) -> Result<Facts, SourceError> {
    let is_short = item.size < source::FIRST_BYTES;
    let contents = if is_short { source::read_where(&item.path, manner, |_| true)? } else { None };
    let speech = match contents {
        Some(Contents::Text(text)) => return Ok(facts(text.front(), text.encoding(), Some(text.source()))),
        Some(Contents::Speech(speech)) => speech,
        None => source::Reading::begin(&item.path, manner)?.first().clone(),
    };
    let document = &speech.document;
    // Digests are of files read in no manner of their own.
    if document.is_final && manner == Manner::default() && !digests().has(item.stamp) {
        digests().add(item.stamp, Digest::of(document));
    }
    Ok(facts(document.metadata.clone(), speech.encoding, document.is_final.then_some(&document.source)))
}

/// What is kept of a speech; `whole` is its text, where all of it was read.
fn facts(front: Front, encoding: Encoding, whole: Option<&SourceText>) -> Facts {
    let owned = |text: Option<Arc<str>>| text.as_deref().map(str::to_owned);
    Facts {
        title: owned(front.title),
        date: owned(front.date),
        encoding: Some(encoding),
        chars: whole.map(SourceText::len),
        hash: whole.map(SpeechHash::of),
        problem: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_data::sample_files;
    use crate::source::Revisions;
    use crate::source::packed;
    use std::{collections::BTreeMap, fs};

    /// Scans to the end: by path relative to `root` the title or problem, the summary, and the
    /// failures.
    fn scan(root: &Path, cache: Option<&Path>) -> (BTreeMap<String, String>, Summary, usize) {
        scan_roots(vec![root.to_owned()], root, cache, Manner::default())
    }

    fn scan_roots(roots: Vec<PathBuf>, root: &Path, cache: Option<&Path>, manner: Manner) -> (BTreeMap<String, String>, Summary, usize) {
        let (sender, events) = mpsc::channel();
        let cache = cache.map(Path::to_owned);
        let scan = Scan::start(roots, cache, manner, Duration::from_millis(20), move |event| sender.send(event).unwrap()).unwrap();
        scan.wait();
        let mut items: Vec<Item> = Vec::new();
        let (mut summary, mut failed) = (None, 0);
        for event in events {
            assert!(summary.is_none());
            match event {
                Event::Listed { found, read } => {
                    items.extend(found);
                    for (index, facts) in read {
                        items[index].facts = Some(facts);
                    }
                }
                Event::Failed(..) => failed += 1,
                Event::Done(done) => summary = Some(done),
            }
        }
        let named = items.into_iter().map(|item| {
            let facts = item.facts.unwrap();
            let name = item.path.strip_prefix(root).unwrap_or(&item.path).display().to_string();
            (name, facts.title.clone().or_else(|| facts.problem.clone()).unwrap_or_default())
        });
        (named.collect(), summary.unwrap(), failed)
    }

    fn library() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("2021/春")).unwrap();
        fs::create_dir_all(root.join(".pizhu")).unwrap();
        fs::write(root.join("2021/春/a.txt"), "在青禾县会议上的讲话\n（2021年3月4日）\n同志们：\n一、提高认识\n").unwrap();
        fs::write(root.join("b.md"), "# 在临江市会议上的讲话\n\n同志们：\n").unwrap();
        fs::write(root.join("c.txt"), b"%PDF-1.7\n\x00\x01\x02").unwrap();
        fs::write(root.join(".pizhu/codebook.txt"), "x").unwrap();
        folder
    }

    #[test]
    fn a_second_scan_reads_only_what_has_changed() {
        let folder = library();
        let cache = tempfile::tempdir().unwrap();
        let (first, summary, failed) = scan(folder.path(), Some(cache.path()));
        assert_eq!(first.keys().collect::<Vec<_>>(), ["2021/春/a.txt", "b.md", "c.txt"]);
        assert!(first["2021/春/a.txt"].contains("青禾县") && first["c.txt"].contains("not text"), "{first:?}");
        assert_eq!((summary, failed), (Summary { files: 3, read: 3 }, 0));
        let (second, summary, _) = scan(folder.path(), Some(cache.path()));
        assert_eq!((&second, summary), (&first, Summary { files: 3, read: 0 }));
        fs::write(folder.path().join("b.md"), "# 在芦湾县会议上的讲话\n\n大家好，同志们：\n").unwrap();
        fs::remove_file(folder.path().join("c.txt")).unwrap();
        let (third, summary, _) = scan(folder.path(), Some(cache.path()));
        assert_eq!(summary, Summary { files: 2, read: 1 });
        assert!(third["b.md"].contains("芦湾县"));
    }

    #[test]
    fn a_scan_tells_what_opening_a_speech_tells() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in sample_files() {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let (sender, events) = mpsc::channel();
        let told = move |event| sender.send(event).unwrap();
        Scan::start(vec![folder.path().to_owned()], None, Manner::default(), Duration::from_millis(20), told).unwrap().wait();
        let (mut items, mut count): (Vec<Item>, usize) = (Vec::new(), 0);
        for event in events {
            let Event::Listed { found, read } = event else { continue };
            items.extend(found);
            for (index, facts) in read {
                count += 1;
                let speech = source::open(&items[index].path, None).unwrap();
                let document = &speech.document;
                assert_eq!(*facts, super::facts(document.metadata.clone(), speech.encoding, Some(&document.source)));
                assert!(facts.title.is_some() && facts.hash.is_some());
            }
        }
        assert_eq!(count, sample_files().len());
    }

    #[test]
    fn a_spoiled_cache_costs_time_and_nothing_else() {
        let folder = library();
        let cache = tempfile::tempdir().unwrap();
        let (first, ..) = scan(folder.path(), Some(cache.path()));
        for entry in fs::read_dir(cache.path()).unwrap() {
            let path = entry.unwrap().path();
            let mut bytes = fs::read(&path).unwrap();
            let at = bytes.windows(6).position(|six| six == "青禾".as_bytes()).unwrap();
            bytes[at..at + 6].copy_from_slice("禾青".as_bytes());
            fs::write(&path, bytes).unwrap();
        }
        let (second, summary, _) = scan(folder.path(), Some(cache.path()));
        assert_eq!((second, summary.read), (first.clone(), 3));
        let (third, summary, _) = scan(folder.path(), Some(cache.path()));
        assert_eq!((third, summary.read), (first.clone(), 0));
        let unwritable = folder.path().join("b.md");
        assert_eq!(scan(folder.path(), Some(&unwritable)).0, first);
        assert_eq!(scan(folder.path(), None).0, first);
    }

    #[test]
    fn each_manner_of_reading_has_its_own_titles() {
        let folder = tempfile::tempdir().unwrap();
        let cache = tempfile::tempdir().unwrap();
        let run = |element: &str, text: &str, t: &str| format!("<w:{element}><w:r><w:{t}>{text}</w:{t}></w:r></w:{element}>");
        let word = format!(
            "<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>在</w:t></w:r>{}{}<w:r><w:t>会议上的讲话</w:t></w:r></w:p></w:body></w:document>",
            run("del", "青禾县", "delText"),
            run("ins", "临江市", "t"),
        );
        let parts = [("[Content_Types].xml", &b"<Types/>"[..]), ("word/document.xml", word.as_bytes())];
        fs::write(folder.path().join("a.docx"), packed(&parts)).unwrap();
        let (text, _, _) = encoding_rs::GBK.encode("在芦湾县会议上的讲话\n同志们：\n");
        fs::write(folder.path().join("b.txt"), text).unwrap();
        let original = Manner { revisions: Revisions::Original, ..Manner::default() };
        let forced = Manner { encoding: Some(Encoding::BIG5), ..Manner::default() };
        let titles = |manner| {
            let (found, summary, _) = scan_roots(vec![folder.path().to_owned()], folder.path(), Some(cache.path()), manner);
            (found["a.docx"].clone(), found["b.txt"].clone(), summary.read)
        };
        let told = |word: &str, text: &str, read| (format!("在{word}会议上的讲话"), format!("在{text}会议上的讲话"), read);
        // In turn, each after another has filled its cache.
        for read in [2, 0] {
            assert_eq!(titles(Manner::default()), told("临江市", "芦湾县", read));
            assert_eq!(titles(original), told("青禾县", "芦湾县", read));
            let (word, text, read_then) = titles(forced);
            assert!(word.contains("临江市") && !text.contains("讲话") && read_then == read, "{text}");
        }
        let first = |manner| {
            let items = cache::first_items(cache.path(), &[folder.path().to_owned()], manner);
            items[0].facts.as_ref().and_then(|facts| facts.title.clone())
        };
        assert_eq!(first(original).as_deref(), Some("在青禾县会议上的讲话"));
        assert_eq!(first(Manner::default()).as_deref(), Some("在临江市会议上的讲话"));
    }

    #[test]
    fn what_is_named_and_missing_is_told() {
        let folder = library();
        let root = folder.path();
        let (found, summary, failed) = scan_roots(vec![root.join("none"), root.join("b.md")], root, None, Manner::default());
        assert_eq!((found.len(), summary.files, failed), (1, 1, 1));
    }

    #[test]
    fn a_scan_that_is_dropped_stops() {
        let folder = tempfile::tempdir().unwrap();
        for index in 0..2_000 {
            fs::write(folder.path().join(format!("{index}.txt")), "讲话").unwrap();
        }
        let (sender, events) = mpsc::channel();
        let mut scan = None;
        let (ready, started) = mpsc::channel::<()>();
        scan.replace(
            Scan::start(vec![folder.path().to_owned()], None, Manner::default(), Duration::from_millis(1), move |event| {
                // The first event waits until the scan has been dropped.
                let _ = started.recv();
                let _ = sender.send(event);
            })
            .unwrap(),
        );
        drop(scan);
        drop(ready);
        let read: usize = events.iter().map(|event| if let Event::Listed { read, .. } = event { read.len() } else { 0 }).sum();
        assert!(read < 2_000, "{read}");
    }
}
