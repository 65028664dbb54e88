//! Tests of the use cases over files with a store.

mod import;
mod open;
mod review;

use super::{
    count::{CountRequest, count_tags},
    error::UseCaseError,
    export::{ExportSelection, destination, export_speeches},
    job::CancelToken,
    search::{FoundSpeech, SearchRequest, search_library},
    speeches::{Batch, SourceSpeech, SpeechSource, Stopped},
    stores::StoreFinder,
    tagged::tagged_speeches,
    wanted::{WantedAnnotations, WantedTags},
};
use pizhu_annotation::{AnchorIndex, Edit, Store, StoreLocation, TagRef, Target};
use pizhu_library::compiled_query::CompiledQuery;
use pizhu_library::count::{CountBy, CountKey};
use pizhu_library::exchange::{DestinationError, ExportOptions, Format};
use pizhu_library::find::{Hits, Query};
use pizhu_library::source;
use pizhu_text::document::{Document, SectionId};
use std::{
    collections::HashSet,
    convert::Infallible,
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

const SPEECH: &str = "在青禾县会议上的讲话\n（2021年3月1日）\n同志们：\n一、抓人才工作\n引进人才，留住人才。\n二、抓作风建设\n要实。\n";

/// A library of two copies of one speech, of which the first was annotated, and of another speech.
struct Library {
    folder: tempfile::TempDir,
    reader: FileReader,
}

/// Reads files.
struct FileReader {
    stores: StoreFinder,
}

struct ReadSpeech {
    path: PathBuf,
    document: Arc<Document>,
    annotations: Option<AnchorIndex>,
}

impl SourceSpeech for ReadSpeech {
    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }

    fn document(&self) -> &Arc<Document> {
        &self.document
    }

    fn known_annotations(&self) -> Option<&AnchorIndex> {
        self.annotations.as_ref()
    }
}

impl SpeechSource for FileReader {
    type Item = PathBuf;
    type Speech = ReadSpeech;
    type Failure = String;

    fn stores(&self) -> &StoreFinder {
        &self.stores
    }

    fn read(&self, path: PathBuf) -> Result<ReadSpeech, String> {
        let speech = source::open(&path, None).map_err(|error| error.to_string())?;
        Ok(ReadSpeech { path, document: speech.document, annotations: None })
    }

    fn read_candidate(&self, path: PathBuf, query: &CompiledQuery) -> Result<Option<ReadSpeech>, String> {
        let speech = self.read(path)?;
        Ok(query.may_match(&speech.document.text(speech.document.source.span())).then_some(speech))
    }

    fn failure(&self, _: &ReadSpeech, error: UseCaseError) -> String {
        error.to_string()
    }
}

/// Gives the open speech.
struct Open<'a>(&'a FileReader);
impl SpeechSource for Open<'_> {
    type Item = ReadSpeech;
    type Speech = ReadSpeech;
    type Failure = String;

    fn stores(&self) -> &StoreFinder {
        &self.0.stores
    }

    fn read(&self, speech: ReadSpeech) -> Result<ReadSpeech, String> {
        Ok(speech)
    }

    fn read_candidate(&self, speech: ReadSpeech, _: &CompiledQuery) -> Result<Option<ReadSpeech>, String> {
        Ok(Some(speech))
    }

    fn failure(&self, _: &ReadSpeech, error: UseCaseError) -> String {
        error.to_string()
    }
}

impl Library {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join(".pizhu");
        fs::create_dir(&dir).unwrap();
        for (name, text) in [("甲.txt", SPEECH), ("乙.txt", SPEECH), ("丙.txt", "在白鹭县会议上的讲话\n同志们：\n一、抓生产\n要快。\n")]
        {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let library = Self { reader: FileReader { stores: StoreFinder::new(Some(dir.clone()), false, false) }, folder };
        let path = library.path("甲.txt");
        let document = library.reader.read(path.clone()).unwrap().document;
        let store = library.store();
        let tag = |section, name: &str| Edit::Tag { target: Target::Section(SectionId(section)), tags: [TagRef::derived(name)].into() };
        store.apply(&document, &path, "甲", vec![tag(0, "人才工作"), tag(1, "作风建设")]).unwrap();
        library
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn store(&self) -> Store {
        Store::new(StoreLocation::from_dir(&self.path(".pizhu")), self.path("state"))
    }

    fn paths<const N: usize>(&self, names: [&str; N]) -> [PathBuf; N] {
        names.map(|name| self.path(name))
    }
}

/// Runs a use case over some speeches.
fn over<const N: usize, T>(items: [PathBuf; N], run: impl FnOnce(Batch<'_, [PathBuf; N]>) -> T) -> T {
    run(Batch { items, threads: 2, cancel: &CancelToken::default(), seen: &mut HashSet::new() })
}

fn go_on<T>(_: T) -> ControlFlow<Infallible> {
    ControlFlow::Continue(())
}

#[test]
fn copies_of_a_speech_are_counted_and_exported_once() {
    let library = Library::new();
    let paths = || library.paths(["甲.txt", "乙.txt", "丙.txt"]);
    let request = CountRequest { wanted: WantedAnnotations::default(), book: None };
    let tally = over(paths(), |batch| count_tags(&request, &library.reader, batch, |_, result| go_on(result.unwrap()))).unwrap();
    assert_eq!((tally.count(), tally.speeches()), (2, 1));
    let book = Arc::new(library.reader.stores.codebook_of(&paths()).unwrap());
    let selection = ExportSelection { tags: vec!["人才工作".to_owned()], book: Some(Arc::clone(&book)), ..ExportSelection::default() };
    let mut collection = selection.collection(&book, &[]).unwrap();
    over(paths(), |batch| {
        export_speeches(&selection, &library.reader, batch, Ok, |result| {
            let result = result.unwrap();
            if !result.is_copy {
                result.value.1.add_to(&mut collection, &selection);
            }
            go_on(())
        })
    })
    .unwrap();
    assert_eq!((collection.entries().len(), collection.speech_records().len()), (1, 1));
}

/// The table of counts names one of the copies: it is found whichever comes first.
#[test]
fn passages_of_a_counted_copy_are_read_whatever_the_order_of_the_copies() {
    let library = Library::new();
    let request = CountRequest { wanted: WantedAnnotations::default(), book: None };
    let tally =
        over(library.paths(["甲.txt", "乙.txt"]), |batch| count_tags(&request, &library.reader, batch, |_, result| go_on(result)));
    let table = tally.unwrap().table(CountBy::Speech);
    let (row, column) = (table.rows[0].key.clone(), table.columns[0].key.clone());
    assert_eq!(row, CountKey::Speech(library.path("甲.txt")));
    let wanted = WantedAnnotations { tags: WantedTags::Cell(row, Some(column)), ..WantedAnnotations::default() };
    for names in [["甲.txt", "乙.txt"], ["乙.txt", "甲.txt"]] {
        let read = over(library.paths(names), |batch| tagged_speeches(&wanted, true, &library.reader, batch)).unwrap();
        let read: Vec<_> = read.iter().map(|speech| (speech.path.clone(), speech.placed.len())).collect();
        assert_eq!(read, [(library.path("甲.txt"), 1)], "{names:?}");
    }
}

#[test]
fn hits_come_in_the_order_of_the_speeches_and_by_sentence() {
    let library = Library::new();
    let request = |tag: Option<&str>| {
        let query = Query { text: "人才".to_owned(), tag: tag.map(str::to_owned), ..Query::default() };
        SearchRequest { query: CompiledQuery::new(query).unwrap(), finds_tag: true }
    };
    let found = |request: &SearchRequest| {
        let mut found = Vec::new();
        let describe = |speech: &ReadSpeech, hits: &Hits<'_>| Ok(FoundSpeech::new(&speech.path, &speech.document, hits, false));
        over(library.paths(["乙.txt", "丙.txt", "甲.txt"]), |batch| {
            search_library(request, &library.reader, batch, describe, |result| {
                found.extend(result.unwrap().value.flatten());
                go_on(())
            })
        })
        .unwrap();
        let groups = |speech: &FoundSpeech| speech.groups.iter().map(|group| group.hits.len()).collect::<Vec<_>>();
        let name = |speech: &FoundSpeech| speech.path.file_name().unwrap().to_string_lossy().into_owned();
        found.iter().map(|speech| (name(speech), speech.count, groups(speech))).collect::<Vec<_>>()
    };
    let expected = [("乙.txt".to_owned(), 3, vec![1, 2]), ("甲.txt".to_owned(), 3, vec![1, 2])];
    assert_eq!(found(&request(None)), expected);
    assert_eq!(found(&request(Some("rencai"))), expected, "the tag by its pinyin");
    assert_eq!(found(&request(Some("作风"))), []);
}

#[test]
fn open_speech_is_exported_as_it_is_in_memory() {
    let library = Library::new();
    let path = library.path("甲.txt");
    let speech = library.reader.read(path.clone()).unwrap();
    let (saved, _) = library.reader.stores.of_file(&path).unwrap().annotations(&speech.document, &path).unwrap();
    let known = saved.filtered(|anchored| anchored.annotation.tags.iter().any(|tag| tag.name == "作风建设"));
    let book = Arc::new(library.reader.stores.codebook_of(std::slice::from_ref(&path)).unwrap());
    let selection = ExportSelection { book: Some(Arc::clone(&book)), ..ExportSelection::default() };
    let mut collection = selection.collection(&book, &[]).unwrap();
    let (cancel, mut seen) = (CancelToken::default(), HashSet::new());
    let items = [ReadSpeech { annotations: Some(known), ..speech }];
    let batch = Batch { items, threads: 1, cancel: &cancel, seen: &mut seen };
    export_speeches(&selection, &Open(&library.reader), batch, Ok, |result| {
        result.unwrap().value.1.add_to(&mut collection, &selection);
        go_on(())
    })
    .unwrap();
    let mut csv = Vec::new();
    (Format::find("csv").unwrap().write)(&collection, ExportOptions::default(), &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.contains("作风建设") && !csv.contains("人才工作"), "{csv}");
}

#[test]
fn exports_go_neither_onto_a_speech_nor_into_a_store() {
    let library = Library::new();
    let files = library.paths(["甲.txt"]);
    let write = |path: &Path| destination(&library.reader.stores, path, true, &files).unwrap().fill(|out| out.write_all(b"x"));
    assert!(matches!(write(&files[0]), Err(DestinationError::Speech(_))));
    assert!(matches!(write(&library.path(".pizhu").join("a.csv")), Err(DestinationError::Store(_))));
    assert!(write(&library.path("a.csv")).is_ok());
    assert_eq!(fs::read_to_string(&files[0]).unwrap(), SPEECH);
}

#[test]
fn cancelled_use_case_has_no_result() {
    let library = Library::new();
    let cancel = CancelToken::default();
    cancel.cancel();
    let mut seen = HashSet::new();
    let batch = Batch { items: library.paths(["甲.txt"]), threads: 1, cancel: &cancel, seen: &mut seen };
    let request = CountRequest { wanted: WantedAnnotations::default(), book: None };
    let counted = count_tags::<_, Infallible>(&request, &library.reader, batch, |_, _| panic!("nothing is passed on"));
    assert!(matches!(counted, Err(Stopped::Cancelled)));
}
