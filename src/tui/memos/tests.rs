//! The memos screen by keys, and its changes in a store.

use super::{
    jobs::perform,
    message::{MemoChange, MemoEdit},
    screen::MemosScreen,
};
use crate::tui::{
    effect::{AppEvent, Effect},
    message::Context,
    test_harness::{SPEECH, Scene},
};
use pizhu_annotation::{AnnotationId, NotedPlace};
use pizhu_annotation::{Edit, Memo, MemoSubject, Scope, SpeechHash, Store, StoreLocation, Tag, TagId, TagRef, Target};
use pizhu_text::document::{Hints, parse};
use pizhu_text::text::{SourceText, Span};
use std::{path::Path, sync::Arc};

fn memo(subject: MemoSubject, author: &str, text: &str) -> Memo {
    Memo { subject, author: Some(author.to_owned()).filter(|author| !author.is_empty()), modified: None, text: text.to_owned() }
}

fn noted(scope: Scope, title: &str, section: &str) -> MemoSubject {
    let hash = SpeechHash::from_text(&SourceText::from(SPEECH));
    MemoSubject::Annotation(Box::new(NotedPlace {
        id: AnnotationId::new(),
        scope,
        hash,
        document: format!("{title}.txt"),
        title: title.to_owned(),
        paths: vec![format!("{title}.txt").into()],
        section: vec![section.to_owned()],
        quote: "坚持党管人才".to_owned(),
        start: 3,
    }))
}

fn scene() -> Scene {
    let mut scene = Scene::reading(SPEECH, 120, 40);
    scene.memos = vec![
        memo(MemoSubject::Project(AnnotationId::new()), "甲", "先看人才部分"),
        memo(MemoSubject::Tag(TagRef { id: TagId::from_name("人才工作"), name: "组织工作/人才工作".into() }), "", "与干部分开"),
        memo(noted(Scope::Speech, "青禾讲话", ""), "乙", "全篇偏重基层"),
        memo(noted(Scope::Passage, "南通讲话", "二、"), "丙", "引自文件"),
    ];
    scene.keys("gN");
    scene
}

fn screen(scene: &Scene) -> &MemosScreen {
    scene.state.memos.as_ref().unwrap()
}

fn shown(scene: &Scene) -> Vec<String> {
    (0..screen(scene).len()).filter_map(|row| screen(scene).memo(row)).map(|memo| memo.text.clone()).collect()
}

#[test]
fn memos_are_found_by_words_author_place_and_kind() {
    let mut scene = scene();
    assert_eq!((scene.state.context(), shown(&scene).len()), (Context::Memos, 4));
    for (words, wanted) in
        [("偏重", "全篇偏重基层"), ("丙", "引自文件"), ("南通", "引自文件"), ("rencai", "与干部分开"), ("與幹部", "与干部分开")]
    {
        scene.keys("/<C-u>").event(AppEvent::Paste(words.to_owned()));
        scene.keys("<Enter>");
        assert!(shown(&scene).iter().any(|text| text == wanted), "{words}: {:?}", shown(&scene));
        scene.keys("<Esc>");
    }
    let kinds: Vec<Vec<String>> = (0..6).map(|_| shown(scene.keys("v"))).collect();
    assert_eq!(kinds.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1, 0, 1, 4]);
    scene.keys("v<Esc>");
    assert_eq!((scene.state.context(), shown(&scene).len()), (Context::Memos, 4), "the choice is lifted first");
    scene.keys("<Esc>");
    assert_eq!(scene.state.context(), Context::Reader);
}

#[test]
fn memos_are_written_deleted_and_brought_back() {
    let mut scene = scene();
    scene.keys("a另一条<C-s>");
    assert_eq!((shown(&scene)[0].as_str(), scene.status_id()), ("另一条", "memo-written"));
    scene.keys("gge<C-a>再<C-s>");
    assert_eq!(shown(&scene).len(), 5);
    let edited = shown(&scene)[0].clone();
    assert_ne!(edited, "另一条");
    scene.keys("u");
    assert_eq!((shown(&scene)[0].as_str(), scene.status_id()), ("另一条", "undone-that"));
    scene.keys("U");
    assert_eq!((shown(&scene)[0].clone(), scene.status_id()), (edited, "redone-that"));
    scene.keys("x");
    assert_eq!((shown(&scene).len(), scene.status_id()), (4, "memo-deleted"));
    scene.keys("u");
    assert_eq!(shown(&scene).len(), 5);
    scene.keys("a<C-s>");
    assert_eq!((shown(&scene).len(), scene.status_id()), (5, "note-empty"));
}

#[test]
fn enter_opens_the_target_of_a_memo() {
    let mut scene = scene();
    scene.unperformed.clear();
    scene.keys("G<Enter>");
    assert!(matches!(&scene.unperformed[..], [Effect::FindMemo { place, .. }] if place.document == "南通讲话.txt"));
    scene.event(AppEvent::MemoFound { path: "南通讲话.txt".into(), span: Some(Span::new(3, 9)) });
    assert!(scene.state.pending_jump.as_ref().is_some_and(|jump| jump.span == Span::new(3, 9)));
    scene.keys("ggj<Enter>");
    assert_eq!(scene.state.context(), Context::Results);
    scene.keys("<Esc>");
    assert_eq!(scene.state.context(), Context::Memos);
    scene.keys("gg<Enter>");
    assert_eq!(scene.state.context(), Context::Editor);
}

fn texts(store: &Store) -> Vec<(&'static str, String)> {
    store.memos().unwrap().into_iter().map(|memo| (memo.kind(), memo.text)).collect()
}

/// Each kind is written, deleted and taken back in a real store.
#[test]
fn changes_are_taken_back_unless_someone_was_there_meanwhile() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(StoreLocation::from_dir(&dir.path().join("store")), dir.path().join("state"));
    let document = parse(SourceText::from(SPEECH), &Hints::default());
    let edit = Edit::Note { target: Target::Speech, note: "篇".into() };
    store.apply(&document, Path::new("/讲话.txt"), "乙", vec![edit]).unwrap();
    store.edit_codebook(|book| book.add(Tag { memo: "签".into(), ..Tag::new("人才") })).unwrap();
    let made = perform(&MemoEdit::Add { text: "总".into() }, &store, None, "甲").unwrap();
    let all = texts(&store);
    assert_eq!(all.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), ["project", "tag", "speech"]);
    for memo in store.memos().unwrap() {
        for text in ["改", ""] {
            let edit = MemoEdit::Write { subject: memo.subject.clone(), text: text.to_owned() };
            let change = Arc::new(perform(&edit, &store, None, "丙").unwrap());
            assert_eq!(texts(&store).len(), if text.is_empty() { 2 } else { 3 }, "{memo:?}");
            let undo = MemoEdit::Undo { change: Arc::clone(&change), again: false };
            let redo = Arc::new(perform(&undo, &store, None, "丙").unwrap());
            assert_eq!(texts(&store), all, "{memo:?}");
            let back = perform(&MemoEdit::Undo { change: redo, again: true }, &store, None, "丙").unwrap();
            assert_ne!(texts(&store), all);
            perform(&MemoEdit::Undo { change: Arc::new(back), again: false }, &store, None, "丙").unwrap();
            assert_eq!(texts(&store), all);
        }
    }
    // Authors stay.
    let authors: Vec<Option<String>> = store.memos().unwrap().into_iter().map(|memo| memo.author).collect();
    assert_eq!(authors, [Some("甲".to_owned()), None, Some("乙".to_owned())]);
    let MemoChange::Project { id, .. } = &made else { panic!("{made:?}") };
    store.edit_project("丁", |records| _ = records.change_memo(*id, "别人改的")).unwrap();
    assert!(perform(&MemoEdit::Undo { change: Arc::new(made.clone()), again: false }, &store, None, "甲").is_err());
    assert_eq!(texts(&store)[0].1, "别人改的");
}
