//! What annotating costs: the drawing thread's share (opening, tagging, undo, taking in what was
//! saved: each within a frame of 16 ms) and the saving thread's. A speech with 10,000 annotations,
//! and a store of 1,000 speeches with 100 each. `cargo bench --bench annotation`.

#![allow(clippy::expect_used, reason = "a benchmark may panic")]

use divan::{Bencher, black_box};
use pizhu_annotation::Action;
use pizhu_annotation::ActionKind;
use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::Event;
use pizhu_annotation::Place;
use pizhu_annotation::Placements;
use pizhu_annotation::Saving;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::Session;
use pizhu_annotation::Store;
use pizhu_annotation::Target;
use pizhu_annotation::Writer;
use pizhu_annotation::edit::Change;
use pizhu_annotation::store::SpeechKey;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use std::{
    cell::Cell,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_mins(1);
/// Annotations of the much annotated speech.
const MANY: usize = 10_000;
/// Speeches of the library, and annotations of each.
const LIBRARY: (usize, usize) = (1000, 100);

fn main() {
    divan::main();
}

/// All sample speeches as one text, some 40,000 characters.
fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let mut paths: Vec<PathBuf> =
            fs::read_dir("sample-data").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        let all: String = paths.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
        all.repeat(40_000 / all.chars().count().max(1) + 1)
    })
}

fn long() -> Arc<Document> {
    static DOCUMENT: OnceLock<Arc<Document>> = OnceLock::new();
    Arc::clone(DOCUMENT.get_or_init(|| Arc::new(parse(SourceText::from(text()), &Hints::default()))))
}

/// Annotations all over a document, several at a place.
fn annotations(document: &Document, count: usize) -> Vec<Annotation> {
    let places = count.min(200);
    let step = (document.source.len() - 40) / places;
    let selectors: Vec<Selector> = (0..places).filter_map(|n| Selector::passage(document, Span::new(n * step, n * step + 12))).collect();
    (0..count)
        .map(|n| Annotation {
            id: AnnotationId::new(),
            tags: [["人才工作", "基层党建", "作风建设"][n % 3].to_owned()].into(),
            ..Annotation::new(Scope::Passage, selectors[n % selectors.len()].clone(), &format!("甲{}", n / places))
        })
        .collect()
}

fn fill(store: &Store, document: &Document, path: &Path, annotations: Vec<Annotation>) {
    let changes = annotations.into_iter().map(|annotation| Change { before: None, after: Some(annotation) }).collect();
    let key = SpeechKey::of(store.place(), document, path);
    store.commit(&key, &[Action::new(ActionKind::Import, "甲", changes)]).expect("the store can be written");
}

fn store(dir: &Path) -> Store {
    Store::new(Place::given(&dir.join("store")), dir.join("state"))
}

/// A reader with a speech of [`MANY`] annotations open.
struct Reader {
    session: Session,
    writer: Writer,
    events: Receiver<Event>,
    _dir: TempDir,
}

impl Reader {
    fn open() -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("讲话.txt");
        fill(&store(dir.path()), &long(), &path, annotations(&long(), MANY));
        let (tell, events) = channel();
        let writer = Writer::start(store(dir.path()), move |event| drop(tell.send(event)));
        let session = Session::open(&writer, long(), path, "甲0".to_owned());
        let mut reader = Self { session, writer, events, _dir: dir };
        reader.until(|reader| reader.session.is_loaded());
        reader
    }

    fn until(&mut self, done: impl Fn(&Self) -> bool) {
        while !done(self) {
            let event = self.events.recv_timeout(PATIENCE).expect("the event came");
            self.session.handle(event);
        }
    }

    fn tag(&mut self, n: usize) {
        let start = (n * 37 + 5) % (long().source.len() - 30);
        let target = Target::Passage(Span::new(start, start + 9));
        self.session.apply(Edit::Tag { target, tags: vec!["人才工作".to_owned()] }).expect("it can be tagged");
    }
}

/// A library of [`LIBRARY`] in a store.
fn library() -> &'static (TempDir, Vec<(PathBuf, Document)>) {
    static MADE: OnceLock<(TempDir, Vec<(PathBuf, Document)>)> = OnceLock::new();
    MADE.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a folder");
        let store = store(dir.path());
        let speech = |n: usize| {
            let text: String = text().chars().skip(n * 7).take(4000).collect();
            let document = parse(SourceText::from(text.as_str()), &Hints::default());
            let path = dir.path().join(format!("讲话{n}.txt"));
            fill(&store, &document, &path, annotations(&document, LIBRARY.1));
            (path, document)
        };
        let speeches = (0..LIBRARY.0).map(speech).collect();
        (dir, speeches)
    })
}

/// The drawing thread's share.
mod drawing {
    use super::{Arc, Bencher, Cell, Reader, black_box};

    #[divan::bench(sample_count = 30)]
    fn tag_among_10000(bencher: Bencher<'_, '_>) {
        let (mut reader, number) = (Reader::open(), Cell::new(0));
        bencher.bench_local(|| {
            number.set(number.get() + 1);
            reader.tag(number.get());
        });
    }

    #[divan::bench(sample_count = 30)]
    fn undo_and_redo_among_10000(bencher: Bencher<'_, '_>) {
        let mut reader = Reader::open();
        reader.tag(1);
        bencher.bench_local(|| {
            reader.session.undo().expect("an undoing");
            reader.session.redo().expect("a redoing");
        });
    }

    /// What the screen is given after each edit.
    #[divan::bench(sample_count = 30)]
    fn hand_on_10000(bencher: Bencher<'_, '_>) {
        let reader = Reader::open();
        bencher.bench_local(|| Arc::new(black_box(reader.session.placements()).clone()));
    }

    /// Taking in what the saving thread says after it has folded an edit.
    #[divan::bench(sample_count = 10)]
    fn take_in_10000(bencher: Bencher<'_, '_>) {
        let (number, reader) = (Cell::new(0), std::cell::RefCell::new(Reader::open()));
        bencher
            .with_inputs(|| {
                let mut reader = reader.borrow_mut();
                number.set(number.get() + 1);
                reader.tag(number.get());
                reader.writer.flush(super::PATIENCE).expect("it is folded");
                std::iter::from_fn(|| reader.events.try_recv().ok()).collect::<Vec<_>>()
            })
            .bench_local_values(|events| {
                for event in events {
                    reader.borrow_mut().session.handle(event);
                }
            });
        assert_eq!(reader.borrow().session.saving_all(), super::Saving::Saved);
    }
}

/// What is done off the drawing thread.
mod saving {
    use super::{Bencher, Cell, Edit, LIBRARY, MANY, Placements, Span, SpeechKey, Target, annotations, fill, library, long, store};
    use std::sync::Arc;

    #[divan::bench(sample_count = 10)]
    fn place_10000(bencher: Bencher<'_, '_>) {
        let all: Vec<_> = annotations(&long(), MANY).into_iter().map(Arc::new).collect();
        bencher.bench_local(|| Placements::new(&long(), all.iter().cloned()));
    }

    #[divan::bench(sample_count = 10)]
    fn read_10000(bencher: Bencher<'_, '_>) {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("讲话.txt");
        fill(&store(dir.path()), &long(), &path, annotations(&long(), MANY));
        bencher.bench_local(|| store(dir.path()).annotations(&long(), &path).expect("it can be read"));
    }

    #[divan::bench(sample_count = 10)]
    fn save_one_among_10000(bencher: Bencher<'_, '_>) {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("讲话.txt");
        fill(&store(dir.path()), &long(), &path, annotations(&long(), MANY));
        let (store, number) = (store(dir.path()), Cell::new(0));
        bencher.bench_local(|| {
            number.set(number.get() + 5);
            let target = Target::Passage(Span::new(number.get(), number.get() + 3));
            store.apply(&long(), &path, "乙", vec![Edit::Tag { target, tags: vec!["人才工作".to_owned()] }]).expect("it is saved")
        });
    }

    #[divan::bench(sample_count = 10)]
    fn open_one_of_1000_for_the_first_time(bencher: Bencher<'_, '_>) {
        let (dir, speeches) = library();
        let (path, document) = &speeches[LIBRARY.0 / 2];
        bencher.bench_local(|| store(dir.path()).annotations(document, path).expect("it can be read"));
    }

    #[divan::bench(sample_count = 10)]
    fn open_one_of_1000_again(bencher: Bencher<'_, '_>) {
        let (dir, speeches) = library();
        let store = store(dir.path());
        let (path, document) = &speeches[LIBRARY.0 / 2];
        bencher.bench_local(|| store.annotations(document, path).expect("it can be read"));
    }

    #[divan::bench(sample_count = 5)]
    fn count_tags_of_1000(bencher: Bencher<'_, '_>) {
        let (dir, speeches) = library();
        let store = store(dir.path());
        let asked: Vec<_> =
            speeches.iter().map(|(path, document)| (path.clone(), Some(SpeechKey::of(store.place(), document, path).hash))).collect();
        bencher.bench_local(|| store.tag_counts(&asked).expect("it can be read"));
    }
}
