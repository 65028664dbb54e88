//! Tests of opening speeches.

use super::{Library, SPEECH};
use crate::app::{
    job::CancelToken,
    open::{FirstPart, SpeechOpening, open_annotated, open_speech},
    stores::StoreFinder,
};
use pizhu_annotation::{OutlineChange, OutlineRequest};
use pizhu_library::source::{ReadOptions, SourceError};
use pizhu_text::document::SectionId;
use std::fs;

#[test]
fn first_part_comes_before_the_whole_which_nobody_may_want_any_more() {
    let library = Library::new();
    let path = library.path("长.txt");
    fs::write(&path, "青禾县的工作要抓实。\n".repeat(20_000)).unwrap();
    for part in [FirstPart::Block, FirstPart::Screenful] {
        let begin = || SpeechOpening::begin(&path, ReadOptions::default(), part).unwrap();
        let shown = begin().first_part().document.source.len();
        assert!(!begin().first_part().document.is_final && shown < 200_000, "{part:?}");
        let whole = begin().finish(&CancelToken::default()).unwrap().unwrap();
        assert!(whole.document.is_final && whole.document.source.len() == 220_000);
        let cancel = CancelToken::default();
        cancel.cancel();
        assert!(begin().finish(&cancel).unwrap().is_none());
    }
    let short = SpeechOpening::begin(&library.path("甲.txt"), ReadOptions::default(), FirstPart::Block).unwrap();
    assert!(short.first_part().document.is_final && short.finish(&CancelToken::default()).unwrap().is_none());
    let missing = SpeechOpening::begin(&library.path("没有.txt"), ReadOptions::default(), FirstPart::Block);
    assert!(matches!(missing, Err(SourceError::Missing(_))));
}

#[test]
fn outline_is_the_one_that_is_mended_in_the_store_if_this_can_be_read() {
    let library = Library::new();
    let (path, stores) = (library.path("甲.txt"), &library.reader.stores);
    let open = |stores: &StoreFinder| open_speech(&path, ReadOptions::default(), stores).unwrap();
    let sections = |stores: &StoreFinder| open(stores).speech.document.outline.iter().count();
    assert_eq!(sections(stores), 2);
    let document = open(stores).speech.document;
    let at = document.outline.get(SectionId(1)).unwrap().heading;
    let request = OutlineRequest::Change { at, change: OutlineChange::NoHeading };
    library.store().mend_outline(&document, &path, "甲", &[request]).unwrap();
    // What a run has found of a store serves it to its end.
    let fresh = || StoreFinder::new(Some(library.path(".pizhu")), false, false);
    assert_eq!(sections(&fresh()), 1);
    let (speech, found) = open_annotated(&path, ReadOptions::default(), &library.store()).unwrap();
    assert_eq!((speech.document.outline.iter().count(), found.anchors.len(), found.outline.edits.all().len()), (1, 2, 1));
    // A file in the place of the store: the speech is shown as it was found.
    fs::write(library.path("不是"), "").unwrap();
    let broken = StoreFinder::new(Some(library.path("不是")), false, false);
    let opened = open(&broken);
    assert_eq!((opened.speech.document.outline.iter().count(), opened.unread_store.is_some()), (2, true));
    assert!(SPEECH.contains("二、"));
}
