//! The scan: one thread walks the folders, others read the files that are not cached.

use super::{
    cache::{self, CatalogueCache},
    entry::{CatalogueEntry, Facts},
};
use crate::parse_cache::MetadataFingerprint;
use crate::parse_cache::ParseCache;
use crate::parse_cache::ParseRecord;
use crate::source;
use crate::source::FileContents;
use crate::source::LeftOut;
use crate::source::ReadOptions;
use crate::source::SourceError;
use crate::source::folder;
use pizhu_annotation::SpeechHash;
use pizhu_text::document::FrontField;
use pizhu_text::document::Metadata as Front;
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

/// Maximum reader threads; more only wait for the disk.
const MAX_READERS: usize = 8;

/// Progress of a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanEvent {
    /// Files found and read since the last event.
    Listed {
        /// Files found, following those of earlier events. Cached facts are set.
        found: Vec<CatalogueEntry>,
        /// Files read: index in the order found, and facts.
        read: Vec<(usize, Arc<Facts>)>,
    },
    /// A path that cannot be read, and why.
    Failed(PathBuf, String),
    /// A file of ignore rules that is not used.
    RulesPassedOver(PathBuf),
    /// The scan has ended.
    Done(ScanSummary),
}

/// Counts of a finished scan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScanSummary {
    /// Files found.
    pub files: usize,
    /// Files read; the others were cached.
    pub read: usize,
}

/// A running scan. Dropping it stops it; what was read by then is still cached.
#[derive(Debug)]
pub struct Scan {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Scan {
    /// Scans `roots`, folders and files. `cache` is the folder of the cache files; without it
    /// nothing is kept. `on_event` is called on the scan's thread; [`ScanEvent::Listed`] comes at
    /// most once per `interval`, the first time at once.
    ///
    /// # Errors
    /// The thread cannot be created.
    pub fn start(
        roots: Vec<PathBuf>,
        cache: Option<PathBuf>,
        options: ReadOptions,
        interval: Duration,
        on_event: impl FnMut(ScanEvent) + Send + 'static,
    ) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        let thread = thread::Builder::new()
            .name("catalogue".into())
            .spawn(move || run(&roots, cache.as_deref(), options, interval, &flag, on_event))?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Waits for the end.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported already.
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

/// Messages from the walker and the readers.
enum ScanMessage {
    /// A file was found.
    Found(CatalogueEntry),
    /// A path cannot be read.
    Failed(PathBuf, String),
    /// A file of ignore rules is not used.
    RulesPassedOver(PathBuf),
    /// The walk has ended.
    Walked,
    /// The file with this index was read.
    Read(usize, ReadResult),
}

/// Result of reading a file.
enum ReadResult {
    /// Valid until the file changes.
    Cacheable(Facts),
    /// Not to be cached, as the next scan may succeed.
    Transient(Facts),
    /// The scan was stopped before.
    Cancelled,
}

fn run(
    roots: &[PathBuf],
    cache_folder: Option<&Path>,
    options: ReadOptions,
    interval: Duration,
    stop: &AtomicBool,
    mut on_event: impl FnMut(ScanEvent),
) {
    let file = cache_folder.map(|folder| cache::cache_path(folder, roots, options));
    let cache = file.as_deref().map(CatalogueCache::load).unwrap_or_default();
    // Loaded when the first file is read.
    let parse_cache = OnceLock::new();
    let load_cache = || parse_cache.get_or_init(|| cache_folder.map(|folder| ParseCache::load(folder, roots)).unwrap_or_default());
    let mut entries: Vec<CatalogueEntry> = Vec::new();
    let mut transient = Vec::new();
    let mut read = 0;
    thread::scope(|scope| {
        let (sender, steps) = mpsc::channel();
        let walker = sender.clone();
        scope.spawn(move || walk(roots, stop, &walker));
        let (queue, work) = mpsc::channel();
        let work = Arc::new(Mutex::new(work));
        let readers = thread::available_parallelism().map_or(2, NonZeroUsize::get).min(MAX_READERS);
        for _ in 0..readers {
            let (work, sender) = (Arc::clone(&work), sender.clone());
            scope.spawn(move || read_all(&work, options, stop, &load_cache, &sender));
        }
        drop(sender);
        let mut queue = Some(queue);
        let mut waiting = 0;
        let mut batch = Batch::default();
        while queue.is_some() || waiting > 0 {
            match steps.recv_timeout(interval) {
                Ok(ScanMessage::Found(mut entry)) => {
                    entry.facts = cache.facts(&entry.path, entry.size, entry.modified).map(Arc::new);
                    if let (None, Some(queue)) = (&entry.facts, &queue)
                        && queue.send((entries.len(), entry.clone())).is_ok()
                    {
                        waiting += 1;
                    }
                    entries.push(entry.clone());
                    batch.found.push(entry);
                }
                Ok(ScanMessage::Failed(path, reason)) => on_event(ScanEvent::Failed(path, reason)),
                Ok(ScanMessage::RulesPassedOver(path)) => on_event(ScanEvent::RulesPassedOver(path)),
                Ok(ScanMessage::Walked) => {
                    queue = None;
                    // All files are known: the list need not wait for what is read of them.
                    batch.flush(&mut on_event);
                }
                Ok(ScanMessage::Read(index, result)) => {
                    waiting -= 1;
                    let facts = match result {
                        ReadResult::Cancelled => continue,
                        ReadResult::Cacheable(facts) => facts,
                        ReadResult::Transient(facts) => {
                            transient.push(index);
                            facts
                        }
                    };
                    read += 1;
                    let facts = Arc::new(facts);
                    entries[index].facts = Some(Arc::clone(&facts));
                    batch.read.push((index, facts));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if batch.is_due(interval) {
                batch.flush(&mut on_event);
            }
        }
        batch.flush(&mut on_event);
    });
    if let Some(file) = file.filter(|_| read > 0 || cache.len() != entries.len()) {
        for index in transient {
            entries[index].facts = None;
        }
        // Without the cache file the next scan is slow; nothing is lost.
        let _ = cache::save(&file, &entries);
    }
    if let Some(parse_cache) = parse_cache.get() {
        let needed = entries.iter().map(|entry| entry.fingerprint).collect();
        let _ = parse_cache.save(Some(&needed));
    }
    on_event(ScanEvent::Done(ScanSummary { files: entries.len(), read }));
}

/// Files that are reported together.
#[derive(Default)]
struct Batch {
    found: Vec<CatalogueEntry>,
    read: Vec<(usize, Arc<Facts>)>,
    /// When the last batch was reported; the first is reported at once.
    last_flush: Option<Instant>,
}

impl Batch {
    fn is_due(&self, interval: Duration) -> bool {
        !(self.found.is_empty() && self.read.is_empty()) && self.last_flush.is_none_or(|time| time.elapsed() >= interval)
    }

    fn flush(&mut self, on_event: &mut impl FnMut(ScanEvent)) {
        if !(self.found.is_empty() && self.read.is_empty()) {
            on_event(ScanEvent::Listed { found: mem::take(&mut self.found), read: mem::take(&mut self.read) });
        }
        self.last_flush = Some(Instant::now());
    }
}

fn walk(roots: &[PathBuf], stop: &AtomicBool, steps: &Sender<ScanMessage>) {
    let tell = |left_out| {
        if let LeftOut::Rules(path, _) = left_out {
            // If nobody receives, the walk ends below.
            let _ = steps.send(ScanMessage::RulesPassedOver(path));
        }
    };
    for entry in folder::walk_telling(roots, tell) {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let message = match entry {
            Ok((path, metadata)) => ScanMessage::Found(CatalogueEntry {
                size: metadata.len(),
                modified: modified(&metadata),
                fingerprint: MetadataFingerprint::new(&path, &metadata),
                path,
                facts: None,
            }),
            Err(error) => ScanMessage::Failed(error.path().to_owned(), error.to_string()),
        };
        if steps.send(message).is_err() {
            return;
        }
    }
    let _ = steps.send(ScanMessage::Walked);
}

/// Modification time in nanoseconds since 1970.
fn modified(metadata: &Metadata) -> i128 {
    let Ok(time) = metadata.modified() else { return 0 };
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    }
}

fn read_all<'a>(
    work: &Mutex<Receiver<(usize, CatalogueEntry)>>,
    options: ReadOptions,
    stop: &AtomicBool,
    parse_cache: &impl Fn() -> &'a ParseCache,
    steps: &Sender<ScanMessage>,
) {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((index, entry)) = next else { return };
        let result = if stop.load(Ordering::Relaxed) { ReadResult::Cancelled } else { read_facts(&entry, options, parse_cache) };
        if steps.send(ScanMessage::Read(index, result)).is_err() {
            return;
        }
    }
}

fn read_facts<'a>(entry: &CatalogueEntry, options: ReadOptions, parse_cache: &impl Fn() -> &'a ParseCache) -> ReadResult {
    let error = match load_facts(entry, options, parse_cache) {
        Ok(facts) => return ReadResult::Cacheable(facts),
        Err(error) => error,
    };
    let facts = Facts {
        title: None,
        date: None,
        speaker: None,
        place: None,
        occasion: None,
        encoding: None,
        chars: None,
        hash: None,
        problem: Some(error.to_string()),
    };
    match error {
        SourceError::NotText { .. } => ReadResult::Cacheable(facts),
        _ => ReadResult::Transient(facts),
    }
}

/// Reads a file up to what the catalogue shows; its sections are not parsed.
fn load_facts<'a>(entry: &CatalogueEntry, options: ReadOptions, parse_cache: &impl Fn() -> &'a ParseCache) -> Result<Facts, SourceError> {
    let is_short = entry.size < source::FIRST_BLOCK_BYTES;
    let contents = if is_short { source::read_if(&entry.path, options, |_| true)? } else { None };
    let speech = match contents {
        Some(FileContents::Text(text)) => return Ok(facts(text.front_matter(), text.encoding(), Some(text.source()))),
        Some(FileContents::Speech(speech)) => speech,
        None => source::Loader::begin(&entry.path, options)?.first_part().clone(),
    };
    let document = &speech.document;
    // Parse records are only for the default read options.
    if document.is_final && options == ReadOptions::default() && !parse_cache().has(entry.fingerprint) {
        parse_cache().add(entry.fingerprint, ParseRecord::pack(document));
    }
    Ok(facts(document.metadata.clone(), speech.encoding, document.is_final.then_some(&document.source)))
}

/// The facts of a speech; `source` is its text if all of it was read.
fn facts(front: Front, encoding: Encoding, whole: Option<&SourceText>) -> Facts {
    let owned = |text: Option<Arc<str>>| text.as_deref().map(str::to_owned);
    let field = |field: &Option<FrontField>| field.as_ref().map(|field| field.text.to_string());
    Facts {
        title: owned(front.title),
        date: owned(front.date),
        speaker: field(&front.front.speaker),
        place: field(&front.front.place),
        occasion: field(&front.front.occasion),
        encoding: Some(encoding),
        chars: whole.map(SourceText::len),
        hash: whole.map(SpeechHash::from_text),
        problem: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_data::sample_files;
    use crate::source::Revisions;
    use crate::source::zip_bytes;
    use std::{collections::BTreeMap, fs};

    /// Scans to the end; returns the title or problem by path relative to `root`, the summary, and
    /// the number of failures.
    fn scan(root: &Path, cache: Option<&Path>) -> (BTreeMap<String, String>, ScanSummary, usize) {
        scan_roots(vec![root.to_owned()], root, cache, ReadOptions::default())
    }

    fn scan_roots(
        roots: Vec<PathBuf>,
        root: &Path,
        cache: Option<&Path>,
        options: ReadOptions,
    ) -> (BTreeMap<String, String>, ScanSummary, usize) {
        let (sender, events) = mpsc::channel();
        let cache = cache.map(Path::to_owned);
        let scan = Scan::start(roots, cache, options, Duration::from_millis(20), move |event| sender.send(event).unwrap()).unwrap();
        scan.wait();
        let mut entries: Vec<CatalogueEntry> = Vec::new();
        let (mut summary, mut failed) = (None, 0);
        for event in events {
            assert!(summary.is_none());
            match event {
                ScanEvent::Listed { found, read } => {
                    entries.extend(found);
                    for (index, facts) in read {
                        entries[index].facts = Some(facts);
                    }
                }
                ScanEvent::Failed(..) | ScanEvent::RulesPassedOver(_) => failed += 1,
                ScanEvent::Done(done) => summary = Some(done),
            }
        }
        let titles = entries.into_iter().map(|entry| {
            let facts = entry.facts.unwrap();
            let name = entry.path.strip_prefix(root).unwrap_or(&entry.path).display().to_string();
            (name, facts.title.clone().or_else(|| facts.problem.clone()).unwrap_or_default())
        });
        (titles.collect(), summary.unwrap(), failed)
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
    fn second_scan_reads_only_changed_files() {
        let folder = library();
        let cache = tempfile::tempdir().unwrap();
        let (first, summary, failed) = scan(folder.path(), Some(cache.path()));
        assert_eq!(first.keys().collect::<Vec<_>>(), ["2021/春/a.txt", "b.md", "c.txt"]);
        assert!(first["2021/春/a.txt"].contains("青禾县") && first["c.txt"].contains("not text"), "{first:?}");
        assert_eq!((summary, failed), (ScanSummary { files: 3, read: 3 }, 0));
        let (second, summary, _) = scan(folder.path(), Some(cache.path()));
        assert_eq!((&second, summary), (&first, ScanSummary { files: 3, read: 0 }));
        fs::write(folder.path().join("b.md"), "# 在芦湾县会议上的讲话\n\n大家好，同志们：\n").unwrap();
        fs::remove_file(folder.path().join("c.txt")).unwrap();
        let (third, summary, _) = scan(folder.path(), Some(cache.path()));
        assert_eq!(summary, ScanSummary { files: 2, read: 1 });
        assert!(third["b.md"].contains("芦湾县"));
    }

    #[test]
    fn scan_reports_the_facts_of_the_opened_speech() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in sample_files() {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let (sender, events) = mpsc::channel();
        let on_event = move |event| sender.send(event).unwrap();
        Scan::start(vec![folder.path().to_owned()], None, ReadOptions::default(), Duration::from_millis(20), on_event).unwrap().wait();
        let (mut entries, mut count): (Vec<CatalogueEntry>, usize) = (Vec::new(), 0);
        for event in events {
            let ScanEvent::Listed { found, read } = event else { continue };
            entries.extend(found);
            for (index, facts) in read {
                count += 1;
                let speech = source::open(&entries[index].path, None).unwrap();
                let document = &speech.document;
                assert_eq!(*facts, super::facts(document.metadata.clone(), speech.encoding, Some(&document.source)));
                assert!(facts.title.is_some() && facts.hash.is_some());
            }
        }
        assert_eq!(count, sample_files().len());
    }

    #[test]
    fn damaged_cache_only_costs_time() {
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
    fn each_set_of_read_options_has_its_own_cache() {
        let folder = tempfile::tempdir().unwrap();
        let cache = tempfile::tempdir().unwrap();
        let run = |element: &str, text: &str, t: &str| format!("<w:{element}><w:r><w:{t}>{text}</w:{t}></w:r></w:{element}>");
        let word = format!(
            "<w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>在</w:t></w:r>{}{}<w:r><w:t>会议上的讲话</w:t></w:r></w:p></w:body></w:document>",
            run("del", "青禾县", "delText"),
            run("ins", "临江市", "t"),
        );
        let parts = [("[Content_Types].xml", &b"<Types/>"[..]), ("word/document.xml", word.as_bytes())];
        fs::write(folder.path().join("a.docx"), zip_bytes(&parts)).unwrap();
        let (text, _, _) = encoding_rs::GBK.encode("在芦湾县会议上的讲话\n同志们：\n");
        fs::write(folder.path().join("b.txt"), text).unwrap();
        let original = ReadOptions { revisions: Revisions::Original, ..ReadOptions::default() };
        let forced = ReadOptions { encoding: Some(Encoding::BIG5), ..ReadOptions::default() };
        let titles = |options| {
            let (found, summary, _) = scan_roots(vec![folder.path().to_owned()], folder.path(), Some(cache.path()), options);
            (found["a.docx"].clone(), found["b.txt"].clone(), summary.read)
        };
        let expected = |word: &str, text: &str, read| (format!("在{word}会议上的讲话"), format!("在{text}会议上的讲话"), read);
        // Each after another has filled its own cache.
        for read in [2, 0] {
            assert_eq!(titles(ReadOptions::default()), expected("临江市", "芦湾县", read));
            assert_eq!(titles(original), expected("青禾县", "芦湾县", read));
            let (word, text, read_then) = titles(forced);
            assert!(word.contains("临江市") && !text.contains("讲话") && read_then == read, "{text}");
        }
        let first = |options| {
            let entries = cache::first_entries(cache.path(), &[folder.path().to_owned()], options);
            entries[0].facts.as_ref().and_then(|facts| facts.title.clone())
        };
        assert_eq!(first(original).as_deref(), Some("在青禾县会议上的讲话"));
        assert_eq!(first(ReadOptions::default()).as_deref(), Some("在临江市会议上的讲话"));
    }

    #[test]
    fn missing_root_is_reported() {
        let folder = library();
        let root = folder.path();
        let (found, summary, failed) = scan_roots(vec![root.join("none"), root.join("b.md")], root, None, ReadOptions::default());
        assert_eq!((found.len(), summary.files, failed), (1, 1, 1));
    }

    #[test]
    fn dropping_a_scan_stops_it() {
        let folder = tempfile::tempdir().unwrap();
        for index in 0..2_000 {
            fs::write(folder.path().join(format!("{index}.txt")), "讲话").unwrap();
        }
        let (sender, events) = mpsc::channel();
        let mut scan = None;
        let (ready, started) = mpsc::channel::<()>();
        scan.replace(
            Scan::start(vec![folder.path().to_owned()], None, ReadOptions::default(), Duration::from_millis(1), move |event| {
                // The first event blocks until the scan has been dropped.
                let _ = started.recv();
                let _ = sender.send(event);
            })
            .unwrap(),
        );
        drop(scan);
        drop(ready);
        let read: usize = events.iter().map(|event| if let ScanEvent::Listed { read, .. } = event { read.len() } else { 0 }).sum();
        assert!(read < 2_000, "{read}");
    }
}
