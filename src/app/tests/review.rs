//! Tests of finding and deciding what is to be reviewed.

use super::{Library, SPEECH, over};
use crate::app::{
    job::CancelToken,
    review::{Decision, DecisionError, ReviewScope, ReviewedSpeech, Undecidable, UndecidedCase, decide_cases, review_speeches},
    speeches::{Batch, Stopped},
};
use pizhu_annotation::{AnchorStatus, AnnotationId, OutlineChange, OutlineRequest, Target};
use pizhu_text::document::{Document, SectionId};
use std::{collections::HashSet, convert::Infallible, fs, ops::ControlFlow, sync::Arc};

/// What a case is, and whether the user has decided about it.
type Described = (&'static str, AnchorStatus, bool);

/// A library whose first speech has lost its second section, which had a tag and a mended heading; the copy of
/// the speech is gone.
fn library() -> Library {
    let library = Library::new();
    let path = library.path("甲.txt");
    let document = read(&library);
    let at = document.outline.get(SectionId(1)).unwrap().heading;
    let request = OutlineRequest::Change { at, change: OutlineChange::Demote };
    library.store().mend_outline(&document, &path, "甲", &[request]).unwrap();
    fs::remove_file(library.path("乙.txt")).unwrap();
    fs::write(&path, SPEECH.replace("二、抓作风建设\n要实。\n", "大家回去就照着办，不等不拖。\n")).unwrap();
    library
}

fn read(library: &Library) -> Arc<Document> {
    pizhu_library::source::open(&library.path("甲.txt"), None).unwrap().document
}

/// The cases of some speeches by the use case; `None` for a speech that cannot be read.
fn cases(library: &Library, scope: &ReviewScope) -> Vec<Option<Vec<(AnnotationId, Described)>>> {
    let described = |case: &UndecidedCase<'_>| {
        let kind = if matches!(case, UndecidedCase::Heading(_)) { "heading" } else { "annotation" };
        (case.id(), (kind, case.status(), case.is_kept()))
    };
    let mut found = Vec::new();
    over(library.paths(["没有.txt", "甲.txt", "丙.txt"]), |batch| {
        let describe = |_: &_, found: ReviewedSpeech<'_>| Ok(found.cases.iter().map(described).collect());
        review_speeches(scope, &library.reader, batch, describe, |result| {
            found.push(result.ok().map(|result| result.value));
            ControlFlow::<Infallible>::Continue(())
        })
    })
    .unwrap();
    found
}

/// Decides about the cases of the first speech.
fn decide(library: &Library, scope: &ReviewScope, decision: Decision, is_strict: bool) -> Result<Vec<AnnotationId>, DecisionError> {
    let (path, document) = (library.path("甲.txt"), read(library));
    let found = library.store().speech_annotations(&document, &path).unwrap();
    let cases = scope.cases(&found.anchors, &found.outline.edits);
    decide_cases(&library.store(), (&path, &document), "甲", &cases, decision, is_strict)
}

#[test]
fn cases_are_found_beside_an_unreadable_speech_and_kept_as_orphaned() {
    let library = library();
    let all = ReviewScope { all: true, ..ReviewScope::default() };
    let found = cases(&library, &ReviewScope::default());
    let of_first = found[1].clone().unwrap();
    let kinds: Vec<_> = of_first.iter().map(|(_, (kind, ..))| *kind).collect();
    assert_eq!((kinds, found[0].is_none(), found[2].as_deref()), (vec!["annotation", "heading"], true, Some(&[][..])), "{found:?}");
    // Nothing is proposed for either: they are passed over, or fail if each must be attached.
    assert_eq!(decide(&library, &ReviewScope::default(), Decision::Accept, false).unwrap(), []);
    let refused = decide(&library, &ReviewScope::default(), Decision::Accept, true);
    assert!(matches!(refused, Err(DecisionError::Case(id, Undecidable::NothingProposed)) if id == of_first[0].0));
    assert_eq!(cases(&library, &ReviewScope::default()), found, "nothing is changed");
    let kept = decide(&library, &ReviewScope::default(), Decision::Orphan, true).unwrap();
    assert_eq!(kept, [of_first[1].0, of_first[0].0], "headings, then annotations");
    assert_eq!(cases(&library, &ReviewScope::default())[1].as_deref(), Some(&[][..]));
    let of_first = cases(&library, &all)[1].clone().unwrap();
    assert!(of_first.iter().all(|(_, (.., is_kept))| *is_kept) && of_first.len() == 2, "{of_first:?}");
}

#[test]
fn case_is_attached_to_another_place() {
    let library = library();
    let found = cases(&library, &ReviewScope::default())[1].clone().unwrap();
    let (annotation, heading) = (found[0].0, found[1].0);
    let only = |id| ReviewScope { ids: vec![id], all: false };
    let whole = decide(&library, &only(heading), Decision::Attach(Target::Speech), true);
    assert!(matches!(whole, Err(DecisionError::Case(id, Undecidable::NoHeading)) if id == heading));
    for id in [annotation, heading] {
        assert_eq!(decide(&library, &only(id), Decision::Attach(Target::Section(SectionId(0))), true).unwrap(), [id]);
    }
    assert_eq!(cases(&library, &ReviewScope::default())[1].as_deref(), Some(&[][..]));
    // Asked for by their ids they are shown nevertheless, in the order of the ids.
    let asked = cases(&library, &ReviewScope { ids: vec![heading, annotation], all: false })[1].clone().unwrap();
    assert_eq!(asked.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [annotation, heading]);
}

#[test]
fn cancelled_review_passes_nothing_more_on() {
    let library = library();
    let (cancel, mut seen, mut passed) = (CancelToken::default(), HashSet::new(), 0);
    let batch = Batch { items: library.paths(["没有.txt", "甲.txt", "丙.txt"]), threads: 2, cancel: &cancel, seen: &mut seen };
    let ended = review_speeches(
        &ReviewScope::default(),
        &library.reader,
        batch,
        |_, _| Ok(()),
        |_| {
            passed += 1;
            cancel.cancel();
            ControlFlow::<Infallible>::Continue(())
        },
    );
    assert_eq!((ended, passed), (Err(Stopped::Cancelled), 1));
}
