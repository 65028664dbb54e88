//! Tests of importing.

use super::Library;
use crate::app::{
    error::UseCaseError,
    import::{ImportFailure, ImportReport, ImportRequest, ImportStep, candidates_folder, import_annotations},
    job::CancelToken,
};
use pizhu_annotation::{Store, StoreLocation};
use pizhu_library::exchange::import::{self, ImportBatch};
use pizhu_library::source::{ReadOptions, SourceError};
use std::{fs, path::Path};

/// Annotations of two speeches, of one that is not there and of one that cannot be read.
const ANNOTATIONS: &str = r#"{"annotations": [
    {"document": "甲.txt", "quote": "引进人才", "tags": ["引才"]},
    {"document": "没有.txt", "quote": "要快", "tags": ["引才"]},
    {"document": "坏.txt", "quote": "要快", "tags": ["引才"]},
    {"document": "丙.txt", "quote": "要快", "note": "记住"}
]}"#;

struct Scene {
    library: Library,
    batch: ImportBatch,
}

impl Scene {
    fn new() -> Self {
        let library = Library::new();
        fs::write(library.path("坏.txt"), b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0").unwrap();
        Self { library, batch: import::read(Path::new("a.json"), ANNOTATIONS.as_bytes()).unwrap() }
    }

    fn import(&self, cancel: &CancelToken, mut sink: impl FnMut(ImportStep<'_>)) -> Option<ImportReport> {
        let (file, store) = (self.library.path("a.json"), self.library.store());
        let request = ImportRequest { file: &file, batch: &self.batch, store: &store, candidates: &[], texts: None, author: "乙" };
        import_annotations(&request, (&self.library.reader.stores, ReadOptions::default()), cancel, &mut sink).unwrap()
    }

    fn count(&self, name: &str) -> usize {
        let path = self.library.path(name);
        let document = pizhu_library::source::open(&path, None).unwrap().document;
        self.library.store().annotations(&document, &path).unwrap().0.len()
    }
}

#[test]
fn annotations_are_imported_once_beside_speeches_that_are_missing_or_cannot_be_read() {
    let scene = Scene::new();
    let (mut totals, mut advanced, mut opened) = (Vec::new(), 0, Vec::new());
    let report = scene.import(&CancelToken::default(), |step| match step {
        ImportStep::Begun(total) => totals.push(total),
        ImportStep::Advanced => advanced += 1,
        ImportStep::Opened(speech) => opened.push(speech.path.clone()),
    });
    let report = report.unwrap();
    assert_eq!((totals, advanced, opened.len()), (vec![4, 3], 7, 2));
    assert_eq!((report.created, report.merged, report.tags), (2, 0, vec!["引才".to_owned()]));
    let failed: Vec<_> = report.failed.iter().map(|failed| (failed.entry, failed.document.as_str(), &failed.reason)).collect();
    let (missing, broken) = (&ImportFailure::NoSpeech, &ImportFailure::Speech(0));
    assert_eq!(failed, [(2, "没有.txt", missing), (3, "坏.txt", broken)]);
    assert!(matches!(report.speech_errors.as_slice(), [UseCaseError::Source(SourceError::NotText { .. })]));
    assert_eq!((scene.count("甲.txt"), scene.count("丙.txt")), (3, 1));
    let again = scene.import(&CancelToken::default(), |_| ()).unwrap();
    assert_eq!((again.created, again.merged, scene.count("甲.txt")), (0, 2, 3), "nothing is changed");
}

#[test]
fn cancelled_import_writes_no_annotation_and_can_be_made_again() {
    for cancelled_at in 1..=2 {
        let scene = Scene::new();
        let (cancel, mut begun) = (CancelToken::default(), 0);
        let report = scene.import(&cancel, |step| {
            begun += usize::from(matches!(step, ImportStep::Begun(_)));
            if begun == cancelled_at {
                cancel.cancel();
            }
        });
        assert_eq!((report.is_none(), scene.count("甲.txt"), scene.count("丙.txt")), (true, 2, 0));
        assert_eq!(scene.import(&CancelToken::default(), |_| ()).unwrap().created, 2);
    }
}

#[test]
fn texts_of_a_project_are_written_beside_it_unless_a_speech_has_them() {
    let mut scene = Scene::new();
    let text = |document: &str, words: &str| {
        let text = pizhu_text::text::SourceText::from(words);
        import::ImportText { document: document.to_owned(), hash: pizhu_annotation::SpeechHash::from_text(&text), text }
    };
    scene.batch = ImportBatch { texts: vec![text("新", "一、新的讲话\n"), text("别名", super::SPEECH)], ..ImportBatch::default() };
    let report = scene.import(&CancelToken::default(), |_| ()).unwrap();
    let written = scene.library.path("a").join("新.txt");
    assert_eq!(report.texts, [written.display().to_string()], "the other is 甲.txt");
    assert_eq!(fs::read_to_string(written).unwrap(), "一、新的讲话\n");
}

#[test]
fn speeches_are_looked_for_in_the_folder_of_a_shared_store_or_beside_the_file() {
    let library = Library::new();
    let folder = |store: &Store, file: &Path| candidates_folder(store, file);
    assert_eq!(folder(&library.store(), &library.path("项目").join("a.json")), library.folder.path());
    let own = Store::new(StoreLocation::from_dir(&library.path("数据")), library.path("state"));
    assert_eq!(folder(&own, &library.path("项目").join("a.json")), library.path("项目"));
    assert_eq!(folder(&own, Path::new("a.json")), Path::new("."));
}
