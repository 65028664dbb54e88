//! Annotation operations of the UI thread (tag, undo, writer events; target: 16 ms each) and of the
//! writer thread, on a speech with 10,000 annotations and a store of 1,000 speeches with 100 each.
//! `cargo bench --bench annotation`.

#![allow(clippy::expect_used, reason = "a benchmark may panic")]

use divan::{Bencher, black_box};
use pizhu_annotation::Action;
use pizhu_annotation::ActionKind;
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::SaveState;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::Session;
use pizhu_annotation::Store;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::StoreWriter;
use pizhu_annotation::Target;
use pizhu_annotation::WriterEvent;
use pizhu_annotation::edit::AnnotationChange;
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

/// Maximum time to wait for an event.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Annotations of the single speech.
const ANNOTATION_COUNT: usize = 10_000;
/// Number of speeches in the library, and of annotations per speech.
const LIBRARY: (usize, usize) = (1000, 100);

fn main() {
    divan::main();
}

/// The sample speeches repeated, at least 40,000 chars.
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

fn long_document() -> Arc<Document> {
    static DOCUMENT: OnceLock<Arc<Document>> = OnceLock::new();
    Arc::clone(DOCUMENT.get_or_init(|| Arc::new(parse(SourceText::from(text()), &Hints::default()))))
}

/// `count` annotations all over a document, several per passage.
fn annotations(document: &Document, count: usize) -> Vec<Annotation> {
    let passage_count = count.min(200);
    let step = (document.source.len() - 40) / passage_count;
    let selectors: Vec<Selector> =
        (0..passage_count).filter_map(|n| Selector::for_passage(document, Span::new(n * step, n * step + 12))).collect();
    (0..count)
        .map(|n| Annotation {
            id: AnnotationId::new(),
            tags: [pizhu_annotation::TagRef::derived(["人才工作", "基层党建", "作风建设"][n % 3])].into(),
            ..Annotation::new(Scope::Passage, selectors[n % selectors.len()].clone(), &format!("甲{}", n / passage_count))
        })
        .collect()
}

fn fill(store: &Store, document: &Document, path: &Path, annotations: Vec<Annotation>) {
    let changes = annotations.into_iter().map(|annotation| AnnotationChange { before: None, after: Some(annotation) }).collect();
    let key = SpeechKey::from_document(store.location(), document, path);
    store.commit(&key, &[Action::new(ActionKind::Import, "甲", changes)]).expect("the store is writable");
}

fn store(dir: &Path) -> Store {
    Store::new(StoreLocation::from_dir(&dir.join("store")), dir.join("state"))
}

/// A session on a speech with [`ANNOTATION_COUNT`] annotations.
struct AnnotatedSpeech {
    session: Session,
    writer: StoreWriter,
    events: Receiver<WriterEvent>,
    _dir: TempDir,
}

impl AnnotatedSpeech {
    fn open() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("讲话.txt");
        fill(&store(dir.path()), &long_document(), &path, annotations(&long_document(), ANNOTATION_COUNT));
        let (sender, events) = channel();
        let writer = StoreWriter::start(store(dir.path()), move |event| drop(sender.send(event)));
        let session = Session::open(&writer, long_document(), path, "甲0".to_owned());
        let mut reader = Self { session, writer, events, _dir: dir };
        reader.wait(|reader| reader.session.is_loaded());
        reader
    }

    fn wait(&mut self, done: impl Fn(&Self) -> bool) {
        while !done(self) {
            let event = self.events.recv_timeout(TIMEOUT).expect("the event arrives in time");
            self.session.handle(event);
        }
    }

    fn tag(&mut self, n: usize) {
        let start = (n * 37 + 5) % (long_document().source.len() - 30);
        let target = Target::Passage(Span::new(start, start + 9));
        self.session
            .apply(Edit::Tag { target, tags: vec![pizhu_annotation::TagRef::derived("人才工作")] })
            .expect("the passage can be tagged");
    }
}

/// A store with the annotations of a library, see [`LIBRARY`].
fn library() -> &'static (TempDir, Vec<(PathBuf, Document)>) {
    static LIBRARY_STORE: OnceLock<(TempDir, Vec<(PathBuf, Document)>)> = OnceLock::new();
    LIBRARY_STORE.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary folder");
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

/// Work of the UI thread.
mod ui_thread {
    use super::{AnnotatedSpeech, Arc, Bencher, Cell, black_box};

    #[divan::bench(sample_count = 30)]
    fn tag_among_10000(bencher: Bencher<'_, '_>) {
        let (mut reader, number) = (AnnotatedSpeech::open(), Cell::new(0));
        bencher.bench_local(|| {
            number.set(number.get() + 1);
            reader.tag(number.get());
        });
    }

    #[divan::bench(sample_count = 30)]
    fn undo_and_redo_among_10000(bencher: Bencher<'_, '_>) {
        let mut reader = AnnotatedSpeech::open();
        reader.tag(1);
        bencher.bench_local(|| {
            reader.session.undo().expect("an edit to undo");
            reader.session.redo().expect("an edit to redo");
        });
    }

    /// Shares the annotations with the screen, after each edit.
    #[divan::bench(sample_count = 30)]
    fn share_10000(bencher: Bencher<'_, '_>) {
        let reader = AnnotatedSpeech::open();
        bencher.bench_local(|| Arc::new(black_box(reader.session.annotations()).clone()));
    }

    /// Handles the writer's events after a checkpoint.
    #[divan::bench(sample_count = 10)]
    fn handle_checkpoint_10000(bencher: Bencher<'_, '_>) {
        let (number, reader) = (Cell::new(0), std::cell::RefCell::new(AnnotatedSpeech::open()));
        bencher
            .with_inputs(|| {
                let mut reader = reader.borrow_mut();
                number.set(number.get() + 1);
                reader.tag(number.get());
                reader.writer.flush(super::TIMEOUT).expect("the checkpoint succeeds");
                std::iter::from_fn(|| reader.events.try_recv().ok()).collect::<Vec<_>>()
            })
            .bench_local_values(|events| {
                for event in events {
                    reader.borrow_mut().session.handle(event);
                }
            });
        assert_eq!(reader.borrow().session.overall_save_state(), super::SaveState::Saved);
    }
}

/// Work of the writer thread and of commands.
mod store_access {
    use super::{
        ANNOTATION_COUNT, AnchorIndex, Bencher, Cell, Edit, LIBRARY, Span, SpeechKey, Target, annotations, fill, library, long_document,
        store,
    };
    use std::sync::Arc;

    #[divan::bench(sample_count = 10)]
    fn resolve_10000(bencher: Bencher<'_, '_>) {
        let all: Vec<_> = annotations(&long_document(), ANNOTATION_COUNT).into_iter().map(Arc::new).collect();
        bencher.bench_local(|| AnchorIndex::new(&long_document(), all.iter().cloned()));
    }

    #[divan::bench(sample_count = 10)]
    fn read_10000(bencher: Bencher<'_, '_>) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("讲话.txt");
        fill(&store(dir.path()), &long_document(), &path, annotations(&long_document(), ANNOTATION_COUNT));
        bencher.bench_local(|| store(dir.path()).annotations(&long_document(), &path).expect("the store is readable"));
    }

    #[divan::bench(sample_count = 10)]
    fn save_one_among_10000(bencher: Bencher<'_, '_>) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path = dir.path().join("讲话.txt");
        fill(&store(dir.path()), &long_document(), &path, annotations(&long_document(), ANNOTATION_COUNT));
        let (store, number) = (store(dir.path()), Cell::new(0));
        bencher.bench_local(|| {
            number.set(number.get() + 5);
            let target = Target::Passage(Span::new(number.get(), number.get() + 3));
            store
                .apply(&long_document(), &path, "乙", vec![Edit::Tag { target, tags: vec![pizhu_annotation::TagRef::derived("人才工作")] }])
                .expect("the edit is saved")
        });
    }

    #[divan::bench(sample_count = 10)]
    fn open_one_of_1000_for_the_first_time(bencher: Bencher<'_, '_>) {
        let (dir, speeches) = library();
        let (path, document) = &speeches[LIBRARY.0 / 2];
        bencher.bench_local(|| store(dir.path()).annotations(document, path).expect("the store is readable"));
    }

    #[divan::bench(sample_count = 10)]
    fn open_one_of_1000_again(bencher: Bencher<'_, '_>) {
        let (dir, speeches) = library();
        let store = store(dir.path());
        let (path, document) = &speeches[LIBRARY.0 / 2];
        bencher.bench_local(|| store.annotations(document, path).expect("the store is readable"));
    }

    #[divan::bench(sample_count = 5)]
    fn count_tags_of_1000(bencher: Bencher<'_, '_>) {
        let (dir, speeches) = library();
        let store = store(dir.path());
        let queries: Vec<_> = speeches
            .iter()
            .map(|(path, document)| (path.clone(), Some(SpeechKey::from_document(store.location(), document, path).hash)))
            .collect();
        bencher.bench_local(|| store.summaries(&queries).expect("the store is readable"));
    }
}
