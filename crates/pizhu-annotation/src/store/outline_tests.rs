//! Mended outlines in a store: changed texts, annotations, undo, journals, two people.

use crate::{
    AnchorStatus, Annotation, Edit, OutlineChange, OutlineRequest, Record, SaveState, Scope, Session, Store, StoreLocation, StoreWriter,
    TagRef, Target, WriterEvent, merge::AnnotationEntry, store::SpeechKey,
};
use pizhu_text::document::{Document, Hints, parse};
use pizhu_text::text::{SourceText, Span};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, channel},
    },
    time::Duration,
};

const TEXT: &str = "在青禾县组织工作会议上的讲话\n同志们：\n一、总体要求\n今年的任务很重，要把各项工作往前赶，把短板补起来。\n二、抓好干部教育培训\n培训要贴近实际，少讲空话，多讲办法，让干部学了就能用得上。\n三、抓好基层党建\n支部要建强，活动要经常，党员要带头，把网格里的事办好。\n再说人才\n人才要引得来、留得住、用得好，各地各部门都要拿出办法。\n四、抓好落实\n说到做到，年底要看结果，看群众满意不满意。\n";
const WAIT: Duration = Duration::from_secs(20);

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn store(&self) -> Store {
        Store::new(StoreLocation::from_dir(&self.0.path().join("store")), self.0.path().join("state"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("讲话.txt")
    }

    fn mend(&self, text: &str, words: &str, change: OutlineChange) {
        let (_, is_changed) = self.store().mend_outline(&document(text), &self.path(), "甲", &[request(text, words, change)]).unwrap();
        assert!(is_changed, "{words} {change:?}");
    }

    /// The tree of a text as it is mended: marker or title, indented by depth.
    fn tree(&self, text: &str) -> Vec<String> {
        tree(&self.store().mended(&document(text), &self.path()).unwrap())
    }

    fn tag(&self, text: &str, marker: &str, tag: &str) {
        let mended = self.store().mended(&document(text), &self.path()).unwrap();
        let target = Target::Section(mended.outline.resolve(marker).unwrap());
        self.store().apply(&mended, &self.path(), "甲", vec![Edit::Tag { target, tags: vec![TagRef::derived(tag)] }]).unwrap();
    }

    /// Scope, status and words of the annotations.
    fn annotations(&self, text: &str) -> Vec<(Scope, AnchorStatus, Option<String>)> {
        let found = self.store().speech_annotations(&document(text), &self.path()).unwrap();
        let shown = |anchored: &crate::AnchoredAnnotation| {
            let scope = if anchored.section.is_some() { Scope::Section } else { Scope::Passage };
            (scope, anchored.status, anchored.span.map(|span| found.outline.document.quote(span).trim_end().to_owned()))
        };
        found.anchors.iter().map(shown).collect()
    }
}

fn document(text: &str) -> Arc<Document> {
    Arc::new(parse(SourceText::from(text), &Hints::default()))
}

fn span(text: &str, words: &str) -> Span {
    let start = text.split_once(words).unwrap().0.chars().count();
    Span::new(start, start + words.chars().count())
}

fn request(text: &str, words: &str, change: OutlineChange) -> OutlineRequest {
    OutlineRequest::Change { at: span(text, words), change }
}

fn tree(document: &Document) -> Vec<String> {
    let sections = document.outline.sections();
    let name = |section: pizhu_text::document::Section<'_>| format!("{}{}", " ".repeat(usize::from(section.depth)), section.step_name());
    sections.iter().map(name).collect()
}

const DEMOTED: [&str; 4] = ["一、", " 二、", "三、", "四、"];

#[test]
fn every_kind_of_edit_is_kept_when_the_text_changes() {
    let changed: [(&str, String); 8] = [
        ("before", TEXT.replace("同志们", "新加的一段话，讲讲形势。\n同志们")),
        ("after", format!("{TEXT}补充一句，散会以后请留步。\n")),
        ("between", TEXT.replace("三、抓好", "又加一段，说说农忙的事，各村心里要有数。\n三、抓好")),
        ("in the heading", TEXT.replace("抓好干部教育培训", "抓实抓好干部教育培训工作")),
        ("in the made heading", TEXT.replace("再说人才", "最后再说说人才")),
        ("traditional", TEXT.replace("干部教育", "幹部教育")),
        ("right before the heading", TEXT.replace("补起来。\n二、", "补起来，一项一项地补。\n二、")),
        ("right after the heading", TEXT.replace("教育培训\n培训要", "教育培训\n今年的培训要")),
    ];
    let cases: [(&str, OutlineChange, &[&str]); 5] = [
        ("二、抓好干部教育培训", OutlineChange::Demote, &DEMOTED),
        ("二、抓好干部教育培训", OutlineChange::NoHeading, &["一、", "三、", "四、"]),
        ("二、抓好干部教育培训", OutlineChange::Heading(2), &DEMOTED),
        ("二、抓好干部教育培训", OutlineChange::Title, &["一、", "三、", "四、"]),
        ("再说人才", OutlineChange::Heading(2), &["一、", "二、", "三、", " 再说人才", "四、"]),
    ];
    for (words, change, expected) in cases {
        for (what, text) in &changed {
            let folder = Folder::new();
            folder.mend(TEXT, words, change);
            assert_eq!(folder.tree(TEXT), expected);
            let made = format!("{} 最后再说说人才", "");
            let tree: Vec<String> =
                folder.tree(text).iter().map(|name| if *name == made { " 再说人才".to_owned() } else { name.clone() }).collect();
            let expected: Vec<String> = expected.iter().map(|name| (*name).to_owned()).collect();
            let is_same =
                |(one, other): (&String, &String)| one == other || (one.trim().ends_with("人才") && other.trim().ends_with("人才"));
            assert!(
                tree.len() == expected.len() && tree.iter().zip(&expected).all(is_same),
                "{change:?} of {words}, changed {what}: {tree:?}"
            );
            let mended = folder.store().mended(&document(text), &folder.path()).unwrap();
            if change == OutlineChange::Title {
                assert!(
                    mended.metadata.title.as_deref().is_some_and(|title| title.contains("教育培训")),
                    "{what}: {:?}",
                    mended.metadata.title
                );
            }
            // Without the text that it was made in, by its selector.
            let bare = folder.store().with_snapshots(false).outline(&document(text), &folder.path()).unwrap();
            assert!(bare.edits.all().iter().all(|placed| placed.span.is_some() || placed.is_unresolved()), "{what}");
        }
    }
}

#[test]
fn orphaned_outline_edit_is_kept_listed_and_reattached() {
    let folder = Folder::new();
    folder.mend(TEXT, "二、抓好干部教育培训", OutlineChange::Demote);
    let gone = "在南浦市的讲话\n同志们：\n一、形势\n形势逼人，要有紧迫感。\n二、任务\n任务很重，各部门要抓紧办。\n";
    let outline = folder.store().outline(&document(gone), &folder.path()).unwrap();
    assert_eq!(tree(&outline.document), ["一、", "二、"]);
    let lost: Vec<_> = outline.edits.unresolved().collect();
    assert_eq!(lost.len(), 1);
    // Kept as orphaned, it asks no more; attached to another heading, it has effect there.
    let path = folder.path();
    let (kept, _) = folder.store().mend_outline(&document(gone), &path, "甲", &[OutlineRequest::Orphan(lost[0].id)]).unwrap();
    assert_eq!((kept.edits.all().len(), kept.edits.unresolved().count()), (1, 0));
    assert_eq!(folder.tree(TEXT), DEMOTED, "the old text brings it back");
    let attach = OutlineRequest::Attach(lost[0].id, span(gone, "二、任务"));
    let (attached, _) = folder.store().mend_outline(&document(gone), &path, "甲", &[attach]).unwrap();
    assert_eq!(tree(&attached.document), ["一、", " 二、"]);
}

#[test]
fn a_tag_stays_on_its_section_or_on_its_stretch_of_text() {
    let folder = Folder::new();
    folder.tag(TEXT, "二", "干部");
    let section = "二、抓好干部教育培训\n培训要贴近实际，少讲空话，多讲办法，让干部学了就能用得上。";
    folder.mend(TEXT, "二、抓好干部教育培训", OutlineChange::Demote);
    assert_eq!(folder.annotations(TEXT), [(Scope::Section, AnchorStatus::Exact, Some(section.to_owned()))]);
    // Also in a text that has changed since, where the path tells no more.
    let changed = TEXT.replace("抓好干部教育", "抓实干部教育").replace("同志们", "各位代表、同志们");
    assert_eq!(folder.annotations(&changed)[0].0, Scope::Section);
    folder.mend(TEXT, "二、抓好干部教育培训", OutlineChange::NoHeading);
    assert_eq!(folder.annotations(TEXT), [(Scope::Passage, AnchorStatus::Exact, Some(section.to_owned()))]);
    let changed = TEXT.replace("少讲空话", "不讲空话");
    assert_eq!(folder.annotations(&changed)[0].2, Some(section.replace("少讲空话", "不讲空话")));
    // Taken back, it is the section again.
    let reset = [OutlineRequest::Reset(None)];
    folder.store().mend_outline(&document(TEXT), &folder.path(), "甲", &reset).unwrap();
    assert_eq!(folder.annotations(TEXT), [(Scope::Section, AnchorStatus::Exact, Some(section.to_owned()))]);
    assert_eq!(folder.tree(TEXT), ["一、", "二、", "三、", "四、"]);
}

#[test]
fn a_section_tag_that_comes_later_finds_the_stretch_too() {
    let folder = Folder::new();
    folder.mend(TEXT, "二、抓好干部教育培训", OutlineChange::NoHeading);
    // A colleague who has not yet seen the edit tags the section; her file is merged.
    let document = document(TEXT);
    let id = document.outline.resolve("二").unwrap();
    let selector = crate::Selector::for_section(&document, id).unwrap();
    let annotation = Annotation { tags: [TagRef::derived("干部")].into(), ..Annotation::new(Scope::Section, selector, "乙") };
    folder.store().apply(&document, &folder.path(), "乙", vec![Edit::Insert(Box::new(annotation))]).unwrap();
    let found = folder.annotations(TEXT);
    assert_eq!(found[0].0, Scope::Passage);
    assert!(found[0].2.as_ref().is_some_and(|words| words.starts_with("二、抓好") && words.ends_with("用得上。")), "{found:?}");
}

#[test]
fn a_section_made_by_hand_leaves_its_tags_on_the_passage() {
    let folder = Folder::new();
    folder.mend(TEXT, "再说人才", OutlineChange::Heading(1));
    folder.tag(TEXT, "再说人才", "人才");
    assert_eq!(folder.annotations(TEXT)[0].0, Scope::Section);
    folder.mend(TEXT, "再说人才", OutlineChange::NoHeading);
    let found = folder.annotations(TEXT);
    assert_eq!(found[0].0, Scope::Passage);
    assert!(found[0].2.as_ref().is_some_and(|words| words.starts_with("再说人才\n") && words.ends_with("拿出办法。")), "{found:?}");
    let records = folder.store().load(&key(&folder, TEXT)).unwrap();
    assert!(records.records().is_empty(), "nothing is mended there any more");
}

fn key(folder: &Folder, text: &str) -> SpeechKey {
    SpeechKey::from_document(folder.store().location(), &document(text), &folder.path())
}

#[test]
fn reverted_level_change_leaves_no_edit_and_impossible_changes_fail() {
    let folder = Folder::new();
    folder.mend(TEXT, "二、抓好干部教育培训", OutlineChange::Demote);
    folder.mend(TEXT, "二、抓好干部教育培训", OutlineChange::Promote);
    assert!(folder.store().load(&key(&folder, TEXT)).unwrap().records().is_empty());
    for (words, change) in [
        ("一、总体要求", OutlineChange::Promote),
        ("一、总体要求", OutlineChange::Demote),
        ("再说人才", OutlineChange::Demote),
        ("再说人才", OutlineChange::NoHeading),
    ] {
        let refused = folder.store().mend_outline(&document(TEXT), &folder.path(), "甲", &[request(TEXT, words, change)]);
        assert!(refused.is_err(), "{words} {change:?}");
    }
    let (_, is_changed) = folder
        .store()
        .mend_outline(&document(TEXT), &folder.path(), "甲", &[request(TEXT, "一、总体要求", OutlineChange::Heading(1))])
        .unwrap();
    assert!(!is_changed);
}

/// A reader with its session.
struct Reader {
    session: Session,
    writer: StoreWriter,
    events: Receiver<WriterEvent>,
}

impl Reader {
    fn start(folder: &Folder, text: &str, author: &str) -> Self {
        let (sender, events) = channel();
        let writer = StoreWriter::start(folder.store(), move |event| drop(sender.send(event)));
        let session = Session::open(&writer, document(text), folder.path(), author.to_owned());
        let mut reader = Self { session, writer, events };
        reader.wait(|reader| reader.session.is_loaded());
        reader
    }

    fn wait(&mut self, done: impl Fn(&Self) -> bool) {
        while !done(self) {
            let event = self.events.recv_timeout(WAIT).expect("the expected event arrives in time");
            self.session.handle(event);
        }
    }

    fn mend(&mut self, words: &str, change: OutlineChange) {
        assert!(self.session.mend_outline(request(TEXT, words, change)).unwrap());
    }

    fn store(&mut self) {
        self.writer.flush(WAIT).unwrap();
        self.wait(|reader| reader.session.unsaved().is_empty());
        self.wait(|reader| reader.session.overall_save_state() == SaveState::Saved);
    }
}

#[test]
fn a_session_mends_undoes_and_redoes() {
    let folder = Folder::new();
    folder.tag(TEXT, "三", "党建");
    let mut reader = Reader::start(&folder, TEXT, "甲");
    reader.mend("二、抓好干部教育培训", OutlineChange::Demote);
    assert_eq!(tree(reader.session.document()), DEMOTED, "at once");
    reader.mend("三、抓好基层党建", OutlineChange::NoHeading);
    let scope = |reader: &Reader| reader.session.annotations()[0].annotation.scope;
    assert_eq!(
        (tree(reader.session.document()), scope(&reader)),
        (vec!["一、".to_owned(), " 二、".to_owned(), "四、".to_owned()], Scope::Passage)
    );
    reader.store();
    assert_eq!(folder.tree(TEXT), ["一、", " 二、", "四、"]);
    reader.session.undo().unwrap();
    assert_eq!((tree(reader.session.document()).len(), scope(&reader)), (4, Scope::Section), "the section is back");
    reader.session.undo().unwrap();
    assert_eq!(tree(reader.session.document()), ["一、", "二、", "三、", "四、"]);
    reader.session.redo().unwrap();
    reader.store();
    assert_eq!(folder.tree(TEXT), DEMOTED);
    // Undo across a restart, and a state of the history.
    drop(reader);
    let mut reader = Reader::start(&folder, TEXT, "甲");
    assert_eq!(tree(reader.session.document()), DEMOTED);
    let first = reader.session.history()[1].id;
    reader.session.undo().unwrap();
    assert_eq!(tree(reader.session.document()), ["一、", "二、", "三、", "四、"]);
    assert_eq!(reader.session.restore(Some(first), false).kept, 0);
    assert_eq!(tree(reader.session.document()), DEMOTED);
    reader.store();
    assert_eq!(folder.tree(TEXT), DEMOTED);
}

#[test]
fn a_changed_text_and_another_reader_are_taken_in_while_open() {
    let folder = Folder::new();
    let (mut one, mut other) = (Reader::start(&folder, TEXT, "甲"), Reader::start(&folder, TEXT, "乙"));
    one.mend("二、抓好干部教育培训", OutlineChange::Demote);
    one.store();
    other.writer.check_for_changes();
    other.wait(|reader| tree(reader.session.document()) == DEMOTED);
    // Both mend it alike: it is mended once.
    other.mend("四、抓好落实", OutlineChange::Demote);
    one.mend("四、抓好落实", OutlineChange::Demote);
    one.store();
    other.store();
    assert_eq!(folder.tree(TEXT), ["一、", " 二、", "三、", " 四、"]);
    // The file changes while it is open.
    let changed = TEXT.replace("同志们", "新加的一段话，讲讲形势。\n同志们");
    one.session.set_document(document(&changed));
    one.wait(|reader| tree(reader.session.document()) == ["一、", " 二、", "三、", " 四、"]);
}

#[test]
fn a_dead_readers_journal_has_its_edits() {
    let folder = Folder::new();
    let (events, received) = channel();
    let writer = StoreWriter::start(folder.store(), move |event| drop(events.send(event)));
    let mut reader = Reader { session: Session::open(&writer, document(TEXT), folder.path(), "甲".to_owned()), writer, events: received };
    reader.wait(|reader| reader.session.is_loaded());
    reader.mend("一、总体要求", OutlineChange::NoHeading);
    reader.wait(|reader| reader.session.overall_save_state() == SaveState::Saved);
    let state = |kind: &str| {
        let is_of_kind =
            |path: &PathBuf| path.extension().is_some_and(|end| end == "log") && path.components().any(|part| part.as_os_str() == kind);
        files(&folder.0.path().join("state")).into_iter().filter(is_of_kind).collect::<Vec<_>>()
    };
    let journals = || state("journal");
    let kept: Vec<(PathBuf, Vec<u8>)> = journals().into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
    assert!(kept.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains("outline_edit")), "in the journal first");
    drop(reader);
    while !journals().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    // As if the process had been killed before its checkpoint.
    for file in files(&folder.0.path().join("store")).into_iter().chain(state("history")) {
        std::fs::remove_file(file).unwrap();
    }
    for (path, bytes) in kept {
        std::fs::write(path, bytes).unwrap();
    }
    assert_eq!(folder.tree(TEXT), ["二、", "三、", "四、"]);
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
    }
    found
}

#[test]
fn an_older_copy_of_the_file_does_not_lose_an_edit() {
    let folder = Folder::new();
    folder.tag(TEXT, "三", "党建");
    let (file, _) = folder.store().speeches().unwrap().remove(0);
    let before = std::fs::read(&file).unwrap();
    folder.mend(TEXT, "二、抓好干部教育培训", OutlineChange::Demote);
    std::fs::write(&file, before).unwrap();
    // The next write of this machine brings it back.
    folder.tag(TEXT, "四", "落实");
    assert_eq!(folder.tree(TEXT), DEMOTED);
}

#[test]
fn removed_outline_edit_leaves_a_tombstone_for_merging() {
    let folder = Folder::new();
    folder.mend(TEXT, "二、抓好干部教育培训", OutlineChange::Demote);
    let (file, _) = folder.store().speeches().unwrap().remove(0);
    let with_edit = std::fs::read(&file).unwrap();
    folder.store().mend_outline(&document(TEXT), &folder.path(), "甲", &[OutlineRequest::Reset(None)]).unwrap();
    // A sync program's conflict copy that still has it.
    std::fs::write(file.with_file_name("讲话 (conflict).ron"), with_edit).unwrap();
    assert_eq!(folder.tree(TEXT), ["一、", "二、", "三、", "四、"]);
    let speech = folder.store().load(&key(&folder, TEXT)).unwrap();
    assert!(speech.entries.values().any(|entry| matches!(entry, AnnotationEntry::Tombstone(_))));
    assert!(!speech.records().records().values().any(|entry| matches!(entry.record, Record::OutlineEdit { .. })));
}

/// Only the annotations were copied, and a speech that was only mended not at all.
#[test]
fn copied_annotations_bring_their_outline_edits() {
    for with_tag in [false, true] {
        let folder = Folder::new();
        folder.mend(TEXT, "二、抓好干部教育培训", OutlineChange::Demote);
        if with_tag {
            folder.tag(TEXT, "三", "党建");
        }
        let shared = Store::new(StoreLocation::from_dir(&folder.0.path().join("共享")), folder.0.path().join("state"));
        assert_eq!(shared.copy_annotations_from(&folder.store(), folder.0.path(), "甲").unwrap(), 1);
        assert_eq!(tree(&shared.mended(&document(TEXT), &folder.path()).unwrap()), DEMOTED);
        assert_eq!(shared.copy_annotations_from(&folder.store(), folder.0.path(), "甲").unwrap(), 0, "nothing is copied twice");
        // What was taken back there does not come again.
        shared.mend_outline(&document(TEXT), &folder.path(), "甲", &[OutlineRequest::Reset(None)]).unwrap();
        assert_eq!(shared.copy_annotations_from(&folder.store(), folder.0.path(), "甲").unwrap(), 0);
    }
}

#[test]
fn mended_headings_go_with_an_edited_copy_and_with_a_template() {
    let folder = Folder::new();
    std::fs::write(folder.path(), TEXT).unwrap();
    folder.mend(TEXT, "二、抓好干部教育培训", OutlineChange::Demote);
    let at = |name: &str| folder.0.path().join(name);
    // A copy that was opened, then edited.
    folder.store().speech_annotations(&document(TEXT), &at("副本.txt")).unwrap();
    let edited = TEXT.replace("说到做到", "说到就要做到");
    folder
        .store()
        .apply(&document(&edited), &at("副本.txt"), "甲", vec![Edit::Note { target: Target::Speech, note: "改".into() }])
        .unwrap();
    assert_eq!(tree(&folder.store().mended(&document(&edited), &at("副本.txt")).unwrap()), DEMOTED);
    // A speech made from another, which is proposed.
    let next = TEXT.replace("年底要看结果", "半年一看");
    let key = SpeechKey::from_document(folder.store().location(), &document(&next), &at("明年.txt"));
    let proposed = folder.store().proposals(&key).unwrap();
    assert_eq!(proposed.iter().map(|proposal| (proposal.is_copy, proposal.count > 0)).next(), Some((true, true)), "{proposed:?}");
    folder.store().take_proposal(&key, proposed[0].hash).unwrap();
    assert_eq!(tree(&folder.store().mended(&document(&next), &at("明年.txt")).unwrap()), DEMOTED);
}
