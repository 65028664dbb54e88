//! Questions across speeches, answered off the drawing thread: the newest counts, an older one is
//! given up at the next speech.

mod known;
mod suggesting;

pub use known::Scanned;

use super::{
    effect::Event,
    state::{Answer, Ink, Inquiry, Notice, Pieces, Row, Side, Spot, Subject},
    worker::Deliver,
};
use pizhu_annotation::Codebook;
use pizhu_annotation::Placed;
use pizhu_annotation::Store;
use pizhu_annotation::StoreError;
use pizhu_annotation::Writer;
use pizhu_text::document::Document;
use pizhu_text::document::ParagraphKind;
use pizhu_library::exchange::Collection;
use pizhu_library::exchange::Destination;
use pizhu_library::exchange::DestinationError;
use pizhu_library::exchange::Filter;
use pizhu_library::exchange::Format;
use pizhu_library::exchange::Options;
use pizhu_library::exchange::Order;
use pizhu_library::count::Counted;
use pizhu_library::count::Key;
use pizhu_library::count::Tally;
use pizhu_library::count::select;
use pizhu_library::find;
use pizhu_library::find::Marked;
use pizhu_library::find::Question;
use pizhu_library::gather;
use pizhu_library::reuse;
use pizhu_library::reuse::Reduced;
use pizhu_library::seek::Seeker;
use pizhu_library::shelf::Shelf;
use pizhu_library::source::Manner;
use pizhu_text::text::fold::fold;
use pizhu_text::text::fold::fold_text;
use known::Known;
use std::{
    collections::HashSet,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// The most rows of hits in an answer; the rest is only counted.
const MOST: usize = 5000;
/// Rows after which the first of an answer are shown.
const SCREENFUL: usize = 80;
/// Between two looks at an answer that grows.
const PAUSE: Duration = Duration::from_millis(500);
/// How long an answer waits for annotations that are on their way to the store.
const PATIENCE: Duration = Duration::from_secs(5);

/// What answers questions.
#[derive(Default)]
pub struct Inquirer {
    shelf: Arc<Shelf>,
    newest: Arc<AtomicU64>,
    known: Arc<Known>,
}

/// Where speeches and annotations are found.
pub struct Sources {
    /// How files are read.
    pub manner: Manner,
    /// The store that was named.
    pub store: Option<PathBuf>,
    /// What saves the annotations made here.
    pub writer: Option<Writer>,
}

impl Inquirer {
    /// Bytes of memory that searching may take from now on.
    pub fn set_room(&self, bytes: usize) {
        self.shelf.set_room(bytes);
    }

    /// Reads what is known of a library from before, while it is being scanned: a search that comes
    /// early waits for that instead of reading every text.
    pub fn prepare(&self, cache: &Path, roots: &[PathBuf], manner: Manner) {
        let (known, cache, roots) = (Arc::clone(&self.known), cache.to_owned(), roots.to_owned());
        // Without a thread it is read when the scan is done.
        let _ = thread::Builder::new().name("known".into()).spawn(move || known.open(&cache, &roots, manner));
    }

    /// What takes a library that has been scanned: it reads what is known of its speeches and makes
    /// what searching them needs, which takes its time: their digests, and where they have more text
    /// than there is room for, the index. One at a time: it is left alone while another is at it.
    pub fn takes_scanned(&self) -> impl Fn(Scanned, &Deliver, &dyn Fn() -> bool) + Send + 'static {
        let (known, texts) = (Arc::clone(&self.known), Arc::clone(&self.shelf));
        move |scanned, deliver, is_old| known::take_scanned(&known, &texts, &scanned, deliver, is_old)
    }

    /// Begins to answer; the answers are events.
    pub fn begin(&self, inquiry: Inquiry, sources: Sources, deliver: Deliver) {
        self.newest.store(inquiry.generation, Ordering::Relaxed);
        let job = self.job(inquiry, sources, deliver);
        // Where the system gives no thread, the screen stays as it is.
        let _ = thread::Builder::new().name("inquiry".into()).spawn(move || job.answer());
    }
}

impl Inquirer {
    /// Writes what a question finds under a tag to a file.
    pub fn export(&self, inquiry: Inquiry, sources: Sources, to: Destination, deliver: Deliver) {
        self.newest.store(inquiry.generation, Ordering::Relaxed);
        let job = self.job(inquiry, sources, deliver);
        let _ = thread::Builder::new().name("exporting".into()).spawn(move || (job.deliver)(job.export(&to)));
    }
}

impl Inquirer {
    fn job(&self, inquiry: Inquiry, sources: Sources, deliver: Deliver) -> Job {
        let newest = Arc::clone(&self.newest);
        Job { shelf: Arc::clone(&self.shelf), newest, known: Arc::clone(&self.known), inquiry, sources, deliver }
    }
}

struct Job {
    shelf: Arc<Shelf>,
    newest: Arc<AtomicU64>,
    known: Arc<Known>,
    inquiry: Inquiry,
    sources: Sources,
    deliver: Deliver,
}

impl Job {
    fn answer(&self) {
        // Of what is typed quickly only the last is answered.
        if self.is_old() {
            return;
        }
        self.learn();
        let answer = match &self.inquiry.subject {
            Subject::Search => self.search(),
            Subject::Tagged { tag, within, by_date } => self.tagged(tag, within.as_deref(), *by_date),
            Subject::Counts => return self.tally(),
            Subject::Beside { sides } => return self.beside(sides),
            Subject::Shared => self.shared(),
            Subject::Suggestions { path } => self.suggestions(path),
        };
        if let Some(answer) = answer {
            self.tell(answer);
        }
    }

    fn is_old(&self) -> bool {
        self.newest.load(Ordering::Relaxed) != self.inquiry.generation
    }

    fn tell(&self, answer: Answer) {
        (self.deliver)(Event::Answered { generation: self.inquiry.generation, answer: Box::new(answer) });
    }

    fn store(&self, path: &Path) -> Result<Store, StoreError> {
        Store::find(Some(path), self.sources.store.as_deref())
    }

    /// What is in the store is what has been made so far.
    fn settle(&self) {
        if let Some(writer) = &self.sources.writer {
            // What cannot be saved is told where it was made.
            let _ = writer.flush(PATIENCE);
        }
    }

    /// The annotations of a speech and the codebook they are made with.
    fn annotations(&self, document: &Document, path: &Path) -> Option<(Vec<Placed>, Codebook)> {
        let store = self.store(path).ok()?;
        let (placements, _) = store.annotations(document, path).ok()?;
        Some((placements.to_vec(), store.codebook().ok()?))
    }

    /// A speech with its annotations and their codebook. `None` where it cannot be read, or a newer
    /// question has come.
    fn annotated(&self, path: &Path) -> Option<(Arc<Document>, Vec<Placed>, Codebook)> {
        if self.is_old() {
            return None;
        }
        let document = self.shelf.document(path, self.sources.manner).ok()?;
        let (placed, codebook) = self.annotations(&document, path)?;
        Some((document, placed, codebook))
    }

    /// The hits by speech. `None` where a newer question has come.
    fn search(&self) -> Option<Answer> {
        let question = Question::typed(&self.inquiry.line, self.inquiry.mode);
        if question.words.is_empty() {
            return Some(Answer::default());
        }
        let seeker = match Seeker::new(question) {
            Ok(seeker) => seeker,
            Err(error) => return Some(Answer { problem: Some(error.to_string()), ..Answer::default() }),
        };
        let question = &seeker.question;
        let (digests, index) = self.known.get();
        let candidates = (question.part != find::Part::Note).then(|| index.candidates(&question.words, question.mode));
        if question.needs_annotations() {
            self.settle();
        }
        let mut answer = Answer { more: true, ..Answer::default() };
        let mut told: Option<Instant> = None;
        // Those that can be told to hold nothing are not even looked at.
        let kept = |place: &usize| {
            let stamp = self.inquiry.stamps.get(*place).copied().flatten();
            stamp.zip(candidates.as_ref()).is_none_or(|(stamp, candidates)| candidates.may_hold(stamp))
        };
        let places: Vec<usize> = (0..self.inquiry.files.len()).filter(kept).collect();
        let full = AtomicBool::new(false);
        let find = |place: &usize| {
            let path = self.inquiry.files.get(*place).filter(|_| !self.is_old())?;
            let stamp = self.inquiry.stamps.get(*place).copied().flatten();
            let document = self.shelf.seek(path, stamp, self.sources.manner, &seeker, &digests).ok()??;
            let marked = if question.needs_annotations() {
                let store = self.store(path).ok()?;
                Some(Marked::new(store.annotations(&document, path).ok()?.0, &store.codebook().ok()?, question))
            } else {
                None
            };
            let found = seeker.hits(&document, marked.as_ref());
            let count = found.len();
            // Those behind what is shown are only counted.
            let hits: Vec<find::Hit> = if full.load(Ordering::Relaxed) { Vec::new() } else { found.described().collect() };
            (count > 0).then_some((document, count, hits))
        };
        let ended = gather::each_in_order(&places, find, |place, found| {
            if self.is_old() {
                return ControlFlow::Break(());
            }
            let path = &self.inquiry.files[*place];
            let Some((document, count, hits)) = found else { return ControlFlow::Continue(()) };
            answer.count += count;
            answer.speeches += 1;
            if answer.rows.len() < MOST {
                let first = hits.iter().find_map(|hit| hit.span).map(|span| Spot { path: path.to_owned(), span });
                answer.rows.push(heading(path, &document, first, &format!("{}×{count}", date(&document))));
                answer.rows.extend(hits.iter().map(|hit| hit_row(path, hit)));
                full.store(answer.rows.len() >= MOST, Ordering::Relaxed);
            }
            if (told.is_none() && answer.rows.len() >= SCREENFUL) || told.is_some_and(|at| at.elapsed() >= PAUSE) {
                told = Some(Instant::now());
                self.tell(answer.clone());
            }
            ControlFlow::Continue(())
        });
        answer.more = false;
        let _ = digests.save(None);
        ended.is_continue().then_some(answer)
    }

    /// What the speeches have in common, the older on the left. `None` where a newer question has
    /// come.
    fn shared(&self) -> Option<Answer> {
        let mut read: Vec<(PathBuf, Arc<Document>)> = Vec::new();
        let open = |path: &Path| if self.is_old() { None } else { self.shelf.document(path, self.sources.manner).ok() };
        let ended = gather::in_order(&self.inquiry.files, open, |path, document| {
            if self.is_old() {
                return ControlFlow::Break(());
            }
            read.extend(document.map(|document| (path.to_owned(), document)));
            ControlFlow::Continue(())
        });
        if ended.is_break() {
            return None;
        }
        read.sort_by_key(|(_, document)| (document.metadata.date.is_none(), document.metadata.date.clone()));
        let texts: Vec<(&Document, Reduced)> = read.iter().map(|(_, document)| (document.as_ref(), Reduced::of(document))).collect();
        let found = reuse::shared(&texts);
        let mut answer = Answer { count: found.len(), ..Answer::default() };
        let mut pairs = 0;
        for pair in found.chunk_by(|one, other| (one.a.0, one.b.0) == (other.a.0, other.b.0)) {
            pairs += 2;
            let (a, b) = (&read[pair[0].a.0], &read[pair[0].b.0]);
            let spot = |(path, _): &(PathBuf, Arc<Document>), span| Some(Spot { path: path.clone(), span });
            // Each with its date and how much of it the two share; the older stands at the left.
            let head = |(path, document): &(PathBuf, Arc<Document>), span, share: f64| {
                let mut row = heading(path, document, Some(Spot { path: path.clone(), span }), "");
                row.pieces.insert(0, (format!("{}{:.0}%  ", date(document), 100.0 * share), Ink::Badge));
                row
            };
            let of_a = texts[pair[0].a.0].1.share(&a.1, pair.iter().map(|one| one.a.1));
            let of_b = texts[pair[0].b.0].1.share(&b.1, pair.iter().map(|one| one.b.1));
            let (left, right) = (head(a, pair[0].a.1, of_a), head(b, pair[0].b.1, of_b));
            answer.rows.push(Row { beside: Some(right.pieces), other: right.spot, ..left });
            for one in pair {
                let (left, right) = compared(&a.1.text(one.a.1), &b.1.text(one.b.1));
                let row = Row::line(left, spot(a, one.a.1));
                answer.rows.push(Row { beside: Some(right), other: spot(b, one.b.1), wraps: true, heads: true, ..row });
                answer.rows.push(Row::default());
            }
        }
        answer.speeches = pairs.min(read.len());
        Some(answer)
    }

    fn export(&self, to: &Destination) -> Event {
        let failed = |reason: &dyn std::fmt::Display| Event::Said(Notice::error("cannot-save").with("reason", reason));
        let Subject::Tagged { tag, within, by_date } = &self.inquiry.subject else { return Event::Said(Notice::hint("nothing-to-export")) };
        let Some(format) = Format::of_file(to.path()) else {
            return Event::Said(Notice::error("no-such-format").with("path", to.path().display()));
        };
        self.settle();
        let mut speeches = Vec::new();
        let mut codebook = Codebook::default();
        for path in self.inquiry.files.iter() {
            let Ok(document) = self.shelf.document(path, self.sources.manner) else { continue };
            let Some((placed, book)) = self.annotations(&document, path) else { continue };
            let name = self.store(path).map_or_else(|_| path.display().to_string(), |store| store.place().document_name(path));
            let read: HashSet<_> = wanted(path, &document, &placed, &book, tag, within.as_deref()).iter().map(Placed::id).collect();
            let placed: Vec<Placed> = placed.into_iter().filter(|placed| read.contains(&placed.id())).collect();
            codebook = book;
            speeches.push((date(&document), name, document, placed));
        }
        if *by_date {
            speeches.sort_by(|a, b| a.0.cmp(&b.0));
        }
        let mut collection = Collection::new(codebook, Filter::default(), Order::Place);
        for (_, name, document, placed) in &speeches {
            collection.add(name, document, placed);
        }
        let count = collection.entries().len();
        match to.fill(|out| (format.write)(&collection, Options::default(), out)) {
            Ok(()) => Event::Said(Notice::done("exported").with("count", count).with("path", to.path().display())),
            Err(DestinationError::Exists(path)) => Event::AcrossExists(path),
            Err(error) => failed(&error),
        }
    }

    /// Reads the two sides.
    fn beside(&self, sides: &[Side; 2]) {
        let read = |side: &Side| match side {
            Side::Tag(tag) => self.tagged(tag, None, true).map(|answer| (tag.clone(), answer.rows)),
            Side::Speech(path) => {
                let Ok(document) = self.shelf.document(path, self.sources.manner) else { return Some(Default::default()) };
                let title = document.metadata.title.as_deref().unwrap_or_default().replace('\n', " ");
                Some((title, whole(path, &document)))
            }
        };
        if let [Some(one), Some(other)] = [read(&sides[0]), read(&sides[1])] {
            (self.deliver)(Event::Beside { generation: self.inquiry.generation, sides: Box::new([one, other]) });
        }
    }

    /// Counts the tags of all speeches; every now and then tells what has been counted so far.
    fn tally(&self) {
        self.settle();
        let read = |path: &Path| {
            let (document, placed, codebook) = self.annotated(path)?;
            Some((Counted::new(path, &document, &placed, &codebook), codebook))
        };
        let (mut counted, mut book) = (Vec::new(), Codebook::default());
        let mut told = Instant::now();
        let tell = |counted: &[Counted], book: &Codebook, more| {
            let tally = Box::new(Tally::new(counted.to_vec(), book));
            (self.deliver)(Event::Tallied { generation: self.inquiry.generation, tally, more });
        };
        let ended = gather::in_order(&self.inquiry.files, read, |_, found| {
            if self.is_old() {
                return ControlFlow::Break(());
            }
            if let Some((one, codebook)) = found {
                // Stores may differ: of several codebooks, the first and what the others have besides.
                if book == Codebook::default() {
                    book = codebook;
                } else if book != codebook {
                    codebook.tree().into_iter().for_each(|(_, tag)| drop(book.add(tag.clone())));
                }
                counted.extend((!one.is_empty()).then_some(one));
            }
            if told.elapsed() >= PAUSE {
                told = Instant::now();
                tell(&counted, &book, true);
            }
            ControlFlow::Continue(())
        });
        if ended.is_continue() {
            tell(&counted, &book, false);
        }
    }

    /// All passages under a tag. `None` where a newer question has come.
    fn tagged(&self, tag: &str, within: Option<&(Key, Option<Key>)>, by_date: bool) -> Option<Answer> {
        self.settle();
        let read = |path: &Path| {
            let (document, placed, codebook) = self.annotated(path)?;
            let placed = wanted(path, &document, &placed, &codebook, tag, within);
            Some((document, placed))
        };
        let mut read_all: Vec<(String, Vec<Row>, usize)> = Vec::new();
        let ended = gather::in_order(&self.inquiry.files, read, |path, found| {
            if self.is_old() {
                return ControlFlow::Break(());
            }
            if let Some((document, placed)) = found.filter(|(_, placed)| !placed.is_empty()) {
                read_all.push((date(&document), passages(path, &document, &placed), placed.len()));
            }
            ControlFlow::Continue(())
        });
        if by_date {
            read_all.sort_by(|a, b| a.0.cmp(&b.0));
        }
        let mut answer = Answer { speeches: read_all.len(), ..Answer::default() };
        for (_, rows, count) in read_all {
            answer.count += count;
            answer.rows.extend(rows);
        }
        ended.is_continue().then_some(answer)
    }
}

/// The annotations of a speech that have a tag or one below it; those in a row and column of a
/// table instead, where that is asked for.
fn wanted(
    path: &Path,
    document: &Document,
    placed: &[Placed],
    codebook: &Codebook,
    tag: &str,
    within: Option<&(Key, Option<Key>)>,
) -> Vec<Placed> {
    match within {
        Some((row, column)) => select(path, document, placed, codebook, row, column.as_ref()),
        None => select(path, document, placed, codebook, &Key::Tag(tag.to_owned()), None),
    }
}

/// The speech's date and a gap; nothing where it gives none.
fn date(document: &Document) -> String {
    document.metadata.date.as_deref().map(|date| format!("{date}  ")).unwrap_or_default()
}

/// Two texts with what differs marked; without line breaks.
fn compared(a: &str, b: &str) -> (Pieces, Pieces) {
    let [a, b]: [Vec<char>; 2] = [a, b].map(|text| text.chars().filter(|c| *c != '\n').collect());
    let folded = |chars: &[char]| chars.iter().copied().map(fold).collect::<Vec<char>>();
    let (mut left, mut right) = (Pieces::new(), Pieces::new());
    let push = |pieces: &mut Pieces, chars: &[char], ink| {
        if !chars.is_empty() {
            pieces.push((chars.iter().collect(), ink));
        }
    };
    for op in similar::capture_diff_slices(similar::Algorithm::Myers, &folded(&a), &folded(&b)) {
        let ink = if matches!(op, similar::DiffOp::Equal { .. }) { Ink::Plain } else { Ink::Match };
        push(&mut left, &a[op.old_range()], ink);
        push(&mut right, &b[op.new_range()], ink);
    }
    (left, right)
}

/// The row that names a speech.
fn heading(path: &Path, document: &Document, spot: Option<Spot>, right: &str) -> Row {
    let name = || path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let title = document.metadata.title.as_deref().map(|title| title.replace('\n', " ")).filter(|title| !title.trim().is_empty());
    Row { right: right.to_owned(), heads: true, ..Row::line(vec![(title.unwrap_or_else(name), Ink::Title)], spot) }
}

fn hit_row(path: &Path, hit: &find::Hit) -> Row {
    let [before, words, after] = hit.shown.parts();
    let mut pieces = vec![(format!("  {:<8} ", hit.section.join("/")), Ink::Dim)];
    for (text, ink) in [(before, Ink::Plain), (words, Ink::Match), (after, Ink::Plain)] {
        if !text.is_empty() {
            pieces.push((text.to_owned(), ink));
        }
    }
    Row::line(pieces, hit.span.map(|span| Spot { path: path.to_owned(), span }))
}

/// The passages of one speech as a text to read: its title, then each with its section and note.
/// A passage inside one that is read already is read with that, and only its note is added.
fn passages(path: &Path, document: &Document, placed: &[Placed]) -> Vec<Row> {
    let spot = |placed: &Placed| placed.span.map(|span| Spot { path: path.to_owned(), span });
    let mut rows = vec![heading(path, document, placed.iter().find_map(spot), &date(document))];
    let mut read = 0;
    let mut section = None;
    for one in placed {
        let annotation = &one.annotation;
        let text = match one.span {
            Some(span) if span.end <= read => String::new(),
            Some(span) => document.text(span),
            None => annotation.selector.quote.clone(),
        };
        let path_here = match one.span {
            Some(span) => one.section.or_else(|| document.outline.at(span.start)).map(|id| titled_path(document, id)),
            None => Some(annotation.selector.section.join("/")),
        };
        if !text.is_empty() && path_here != section {
            let tags = annotation.tags.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
            let words = path_here.clone().unwrap_or_default();
            rows.push(Row { right: tags, heads: true, ..Row::line(vec![(words, Ink::Dim)], spot(one)) });
            section = path_here;
        }
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            rows.push(Row { wraps: true, ..Row::line(vec![(line.to_owned(), Ink::Plain)], spot(one)) });
        }
        for line in annotation.note.lines() {
            rows.push(Row { wraps: true, ..Row::line(vec![("※ ".to_owned(), Ink::Note), (line.to_owned(), Ink::Note)], spot(one)) });
        }
        read = read.max(one.span.map_or(0, |span| span.end));
    }
    rows.push(Row::default());
    rows
}

/// All of a speech as rows: each paragraph of it, the first of a section as that section's head.
fn whole(path: &Path, document: &Document) -> Vec<Row> {
    let mut rows = Vec::new();
    for paragraph in document.paragraphs.iter() {
        let text = document.text(paragraph.span).replace('\n', "");
        if text.trim().is_empty() || matches!(paragraph.kind, ParagraphKind::Boilerplate | ParagraphKind::Title) {
            continue;
        }
        let heading = document
            .outline
            .at(paragraph.span.start)
            .filter(|id| document.outline.get(*id).is_some_and(|section| paragraph.span.contains(section.span.start)));
        let spot = Some(Spot { path: path.to_owned(), span: paragraph.span });
        let ink = if heading.is_some() { Ink::Title } else { Ink::Plain };
        let item = heading.map(|id| fold_text(&document.outline.path_text(id))).unwrap_or_default();
        rows.push(Row { wraps: true, heads: heading.is_some(), item, ..Row::line(vec![(text.trim().to_owned(), ink)], spot) });
    }
    rows
}

/// The path of a section, the last step with its title.
fn titled_path(document: &Document, id: pizhu_text::document::SectionId) -> String {
    let title = document.outline.get(id).map(|section| section.shown_title().to_owned()).unwrap_or_default();
    format!("{} {title}", document.outline.path_text(id))
}
