//! What happens to a speech between two readings, and whether its annotations, its reading place and
//! its marks are found again: a table of moves, copies and edits, in private and shared stores, with
//! names of every kind.

use jiff::Timestamp;
use pizhu_annotation::{Edit, SpeechHash, Store, StoreLocation, StoreWarning, Target, store::SpeechKey};
use pizhu_annotation::{OutlineChange, OutlineRequest, TagRef};
use pizhu_library::reading_state::{ReadingPosition, ReadingState};
use pizhu_library::source::{self, ReadOptions};
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What happens to the file of a speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// It is read in the reader, which remembers the place.
    Open,
    /// A paragraph is added before and one behind.
    Edit,
    /// It is renamed in its folder.
    Rename,
    /// It is moved to another folder.
    Move,
    /// It is copied, and from then on the copy is meant.
    Copy,
    /// Its folder is renamed.
    RenameFolder,
    /// The home folder, with the user's store, is renamed.
    RenameHome,
    /// Another speech is put at its former path.
    Replace,
    /// An annotation is made in the reader that still has the old path and text.
    AnnotateAsOpened,
}

use Step::{AnnotateAsOpened, Copy as Duplicate, Edit as Change, Move, Open, Rename, RenameFolder, RenameHome, Replace};

/// Whether a cell must be found; else it may be proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Must {
    BeFound,
    BeFoundOrProposed,
}

use Must::{BeFound, BeFoundOrProposed};

const MOVES: &[(&[Step], Must)] = &[
    (&[], BeFound),
    (&[Change], BeFound),
    (&[Change, Open, Change], BeFound),
    (&[Rename], BeFound),
    (&[Move], BeFound),
    (&[Rename, Move], BeFound),
    (&[RenameFolder], BeFound),
    (&[RenameHome], BeFound),
    (&[Rename, Open, Change], BeFound),
    (&[Move, Open, Change, Open, Change], BeFound),
    (&[RenameFolder, Open, Change], BeFound),
    (&[RenameHome, Open, Change], BeFound),
    (&[Change, Open, Rename], BeFound),
    (&[Change, Open, Rename, Open, Change], BeFound),
    (&[Change, Open, Move, Open, Rename, Open, Change], BeFound),
    (&[Rename, Change], BeFoundOrProposed),
    (&[Change, Rename], BeFoundOrProposed),
    (&[Move, Change], BeFoundOrProposed),
    (&[RenameFolder, Change], BeFoundOrProposed),
    (&[RenameHome, Change], BeFoundOrProposed),
    (&[Change, RenameHome, Change], BeFoundOrProposed),
    (&[Duplicate], BeFound),
    (&[Duplicate, Rename], BeFound),
    (&[Duplicate, Open, Change], BeFound),
    (&[Duplicate, Open, Change, Open, Rename], BeFound),
    (&[Duplicate, Open, Rename, Open, Change], BeFound),
    (&[Duplicate, Move, Open, Change], BeFound),
    (&[Change, Duplicate], BeFoundOrProposed),
    (&[Duplicate, Change], BeFoundOrProposed),
    (&[Duplicate, Rename, Change], BeFoundOrProposed),
    (&[Rename, Replace], BeFound),
    (&[Move, Open, Replace], BeFound),
    (&[Move, Open, Replace, Change], BeFound),
    (&[Rename, AnnotateAsOpened], BeFound),
    (&[Rename, AnnotateAsOpened, Open, Change], BeFound),
    (&[Rename, Change, AnnotateAsOpened], BeFoundOrProposed),
];

/// The names of the file before and after it is renamed.
fn names() -> Vec<(&'static str, [OsString; 2])> {
    let mut names = vec![
        ("plain", ["讲话.txt".into(), "讲话（定稿）.txt".into()]),
        ("percent", ["100%25讲话.txt".into(), "%E8%AE%B2.txt".into()]),
        // A Mac, or an archive, gives the name back in the other form.
        ("Unicode form", ["Caf\u{E9}座谈.txt".into(), "Cafe\u{301}座谈.txt".into()]),
        ("Unicode form back", ["Cafe\u{301}座谈.txt".into(), "Caf\u{E9}座谈.txt".into()]),
    ];
    if cfg!(target_os = "linux") {
        use std::os::unix::ffi::OsStringExt as _;
        let bytes = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
        names.push(("GBK", [bytes(b"\xBD\xB2\xBB\xB0.txt"), bytes(b"\xBD\xB2\xB8\xE5.txt")]));
        names.push(("GBK to Unicode", [bytes(b"\xBD\xB2\xBB\xB0.txt"), "讲话.txt".into()]));
    }
    names
}

/// A text of some thousand letters, another for each `seed`.
fn text(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x5851_F42D_4C95_7F2D) | 1;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from_u32(0x4E00 + u32::try_from(state >> 40).unwrap() % 2000).unwrap()
    };
    let mut sentence = |count: usize| (0..count).map(|_| letter()).collect::<String>();
    let mut text = format!("在{}会议上的讲话\n", sentence(4));
    for heading in ["一、", "二、", "三、"] {
        let _ = writeln!(text, "{heading}{}", sentence(8));
        for _ in 0..12 {
            let _ = write!(text, "{}，{}。", sentence(14), sentence(11));
        }
        text.push('\n');
    }
    text
}

struct Scene {
    _dir: tempfile::TempDir,
    home: PathBuf,
    shared: bool,
    names: [OsString; 2],
    folder: PathBuf,
    path: PathBuf,
    /// The path and the document that an open reader has.
    opened: (PathBuf, Arc<Document>),
    /// The originals of copies.
    originals: Vec<PathBuf>,
    /// The places where another speech was put.
    replaced: Vec<PathBuf>,
    edits: usize,
    annotations: usize,
}

impl Scene {
    fn new(shared: bool, names: [OsString; 2]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let home = dir.path().canonicalize().unwrap().join("家");
        let folder = home.join("讲话集/旧");
        fs::create_dir_all(&folder).unwrap();
        if shared {
            fs::create_dir(home.join("讲话集/.pizhu")).unwrap();
        }
        let path = folder.join(&names[0]);
        fs::write(&path, text(1)).unwrap();
        // Another speech, of the same folder, that is annotated, too.
        let other = folder.join("别的.txt");
        fs::write(&other, text(2)).unwrap();
        let opened = (path.clone(), open(&path));
        let (originals, replaced) = (Vec::new(), Vec::new());
        let mut scene = Self { _dir: dir, home, shared, names, folder, path, opened, originals, replaced, edits: 0, annotations: 0 };
        scene.store().apply(&open(&other), &other, "甲", vec![tag(30, "别的")]).unwrap();
        scene.mend();
        scene.annotate();
        scene.annotate();
        scene.read();
        scene
    }

    /// Mends the outline: the second section comes below the first, the third is none.
    fn mend(&self) {
        let (path, document) = &self.opened;
        let request = |marker: &str, change| {
            let at = document.outline.get(document.outline.resolve(marker).unwrap()).unwrap().heading;
            OutlineRequest::Change { at, change }
        };
        let requests = [request("二", OutlineChange::Demote), request("三", OutlineChange::NoHeading)];
        assert!(self.store().mend_outline(document, path, "甲", &requests).unwrap().1);
    }

    /// The outline of a speech as it is mended: markers and depths.
    fn outline(&self, path: &Path) -> Vec<(String, u16)> {
        let document = self.store().mended(&open(path), path).unwrap();
        document.outline.sections().iter().map(|section| (section.marker_text.to_owned(), section.depth)).collect()
    }

    fn store(&self) -> Store {
        let location = if self.shared {
            StoreLocation::from_dir(&self.home.join("讲话集"))
        } else {
            StoreLocation { dir: self.home.join("store"), root: None, shared: false }
        };
        assert_eq!(location.shared, self.shared);
        Store::new(location, self.home.join("state"))
    }

    fn annotate(&mut self) {
        let (path, document) = &self.opened;
        self.store().apply(document, path, "甲", vec![tag(40 + 20 * self.annotations, "人才")]).unwrap();
        self.annotations += 1;
    }

    /// Reads the speech, as the reader does.
    fn read(&mut self) {
        let document = open(&self.path);
        let hash = SpeechHash::from_text(&document.source);
        self.store().speech_annotations(&document, &self.path).unwrap();
        ReadingState::update(&self.home.join("state"), |state| {
            let before = state.position(&self.path, Some(hash)).cloned();
            let marks = before.map_or_else(|| BTreeMap::from([("a".to_owned(), 77)]), |before| before.marks);
            let (length, opened) = (document.source.len(), Timestamp::now());
            state.set_position(
                &self.path,
                ReadingPosition { offset: 200, furthest: 300, length, opened, hash: Some(hash), text: None, marks },
            );
        })
        .unwrap();
        self.opened = (self.path.clone(), document);
    }

    fn relocate(&mut self, path: PathBuf, copy: bool) {
        if copy {
            fs::copy(&self.path, &path).unwrap();
            self.originals.push(self.path.clone());
        } else {
            fs::rename(&self.path, &path).unwrap();
        }
        self.path = path;
    }

    fn step(&mut self, step: Step) {
        let name = self.path.file_name().unwrap().to_owned();
        match step {
            Step::Open => self.read(),
            Step::Edit => {
                self.edits += 1;
                let old = fs::read_to_string(&self.path).unwrap();
                fs::write(
                    &self.path,
                    format!("{}\n{old}{}\n", "新增开头一段。".repeat(self.edits), "又及，补充说明几句。".repeat(self.edits)),
                )
                .unwrap();
            }
            Step::Rename => {
                let path = self.path.with_file_name(&self.names[1]);
                self.relocate(path, false);
            }
            Step::Move => {
                let folder = self.folder.with_file_name("新");
                fs::create_dir_all(&folder).unwrap();
                self.relocate(folder.join(name), false);
            }
            Step::Copy => {
                let folder = self.folder.with_file_name("副本");
                fs::create_dir_all(&folder).unwrap();
                self.relocate(folder.join(name), true);
            }
            Step::RenameFolder => {
                let folder = self.folder.with_file_name("改名");
                fs::rename(&self.folder, &folder).unwrap();
                self.path = folder.join(name);
                self.folder = folder;
            }
            Step::RenameHome => {
                let home = self.home.with_file_name("新家");
                fs::rename(&self.home, &home).unwrap();
                for path in [&mut self.path, &mut self.folder, &mut self.opened.0] {
                    *path = home.join(path.strip_prefix(&self.home).unwrap());
                }
                self.home = home;
            }
            Step::Replace => {
                let path = self.folder.join(&self.names[0]);
                assert_ne!(path, self.path);
                fs::write(&path, text(3)).unwrap();
                self.replaced.push(path);
            }
            Step::AnnotateAsOpened => self.annotate(),
        }
    }

    /// The tags of a speech, its warnings aside.
    fn tags(&self, path: &Path) -> Vec<String> {
        let found = self.store().speech_annotations(&open(path), path).unwrap();
        found.anchors.iter().flat_map(|anchored| anchored.annotation.tags.iter().map(|tag| tag.name.clone())).collect()
    }

    /// Whether everything of the speech at `path` is found, if need be after taking what is proposed.
    fn check(&self, path: &Path, must: Must) -> Result<(), String> {
        let document = open(path);
        let key = SpeechKey::from_document(self.store().location(), &document, path);
        let hash = SpeechHash::from_text(&document.source);
        assert_eq!(self.store().known_texts(&key).unwrap()[0], hash);
        let mut texts = self.store().known_texts(&key).unwrap();
        let mut tags = self.tags(path);
        if tags.is_empty() {
            let proposals = self.store().proposals(&key).unwrap();
            let Some(proposal) = proposals.first() else { return Err("silently empty".to_owned()) };
            if must == Must::BeFound || !proposal.is_clear {
                return Err(format!("{must:?}, and is proposed: {proposals:?}"));
            }
            texts.push(proposal.hash);
            assert_eq!(self.store().take_proposal(&key, proposal.hash).unwrap(), proposal.count);
            tags = self.tags(path);
        }
        if tags != vec!["人才"; self.annotations] {
            return Err(format!("not {} times 人才: {tags:?}", self.annotations));
        }
        let outline = self.outline(path);
        if outline != [("一、".to_owned(), 0), ("二、".to_owned(), 1)] {
            return Err(format!("outline: {outline:?}"));
        }
        let state = ReadingState::load(Some(&self.home.join("state"))).unwrap().0;
        let position = texts.iter().find_map(|text| state.position(path, Some(*text)));
        match position {
            Some(position) if position.offset == 200 && position.marks == BTreeMap::from([("a".to_owned(), 77)]) => Ok(()),
            other => Err(format!("place: {other:?}")),
        }
    }
}

fn open(path: &Path) -> Arc<Document> {
    source::open(path, ReadOptions::default()).unwrap().document
}

fn tag(start: usize, tag: &str) -> Edit {
    Edit::Tag { target: Target::Passage(Span::new(start, start + 12)), tags: vec![TagRef::derived(tag)] }
}

#[test]
fn every_move_is_found_or_proposed() {
    let mut wrong = Vec::new();
    for shared in [false, true] {
        for (kind, names) in names() {
            for (steps, must) in MOVES {
                let mut scene = Scene::new(shared, names.clone());
                steps.iter().for_each(|step| scene.step(*step));
                let cell = format!("shared {shared}, {kind}, {steps:?}");
                if let Err(problem) = scene.check(&scene.path, *must) {
                    wrong.push(format!("{cell}: {problem}"));
                }
                for original in &scene.originals {
                    let problem = scene.check(original, Must::BeFound);
                    wrong.extend(problem.err().map(|problem| format!("{cell}, the original: {problem}")));
                }
                for replaced in &scene.replaced {
                    let tags = scene.tags(replaced);
                    if !tags.is_empty() || scene.outline(replaced).len() != 3 {
                        wrong.push(format!("{cell}, the other speech at the old path: {tags:?} {:?}", scene.outline(replaced)));
                    }
                }
                let other = scene.tags(&scene.folder.join("别的.txt"));
                if other != ["别的"] {
                    wrong.push(format!("{cell}, the other speech: {other:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_speech_is_one_however_its_path_is_written() {
    for shared in [false, true] {
        let scene = Scene::new(shared, ["讲话.txt".into(), "新.txt".into()]);
        let link = scene.home.join("链");
        #[cfg(unix)]
        std::os::unix::fs::symlink(&scene.folder, &link).unwrap();
        for path in [scene.folder.join("./讲话.txt"), scene.folder.join("../旧/讲话.txt"), link.join("讲话.txt")] {
            // Edited, so that nothing but the path tells.
            fs::write(&scene.path, format!("{}新的一段，写在后面。", text(1))).unwrap();
            assert_eq!(scene.tags(&path), ["人才", "人才"], "{}", path.display());
        }
        assert_eq!(scene.store().speeches().unwrap().len(), 2);
    }
}

/// Two speeches that exchange their names keep their annotations.
#[test]
fn speeches_that_swap_names_keep_their_annotations() {
    for shared in [false, true] {
        let scene = Scene::new(shared, ["讲话.txt".into(), "新.txt".into()]);
        let other = scene.folder.join("别的.txt");
        let aside = scene.folder.join("暂.txt");
        for (from, to) in [(&scene.path, &aside), (&other, &scene.path), (&aside, &other)] {
            fs::rename(from, to).unwrap();
        }
        assert_eq!((scene.tags(&scene.path), scene.tags(&other)), (vec!["别的".to_owned()], vec!["人才".to_owned(); 2]));
        // Also after both have been edited.
        for path in [&scene.path, &other] {
            fs::write(path, format!("{}新的一段，写在后面。", fs::read_to_string(path).unwrap())).unwrap();
        }
        assert_eq!((scene.tags(&scene.path), scene.tags(&other)), (vec!["别的".to_owned()], vec!["人才".to_owned(); 2]));
    }
}

/// Last year's speech, used as a template, is proposed, and refused for good.
#[test]
fn a_template_is_proposed_and_refused_for_good() {
    for shared in [false, true] {
        let mut scene = Scene::new(shared, ["讲话.txt".into(), "新.txt".into()]);
        for step in [Step::Copy, Step::Edit] {
            scene.step(step);
        }
        let key = |scene: &Scene| SpeechKey::from_document(scene.store().location(), &open(&scene.path), &scene.path);
        let found = scene.store().speech_annotations(&open(&scene.path), &scene.path).unwrap();
        assert!(found.warnings.iter().any(|warning| matches!(warning, StoreWarning::Proposed { count: 2, .. })), "{:?}", found.warnings);
        let proposals = scene.store().proposals(&key(&scene)).unwrap();
        assert!(proposals[0].is_copy && proposals[0].overlap > 0.9, "{proposals:?}");
        assert_eq!(scene.store().refuse_proposals(&key(&scene), None).unwrap(), 1);
        for step in [Step::Edit, Step::Open, Step::Rename] {
            assert!(scene.store().proposals(&key(&scene)).unwrap().is_empty(), "before {step:?}");
            scene.step(step);
        }
        assert!(scene.store().proposals(&key(&scene)).unwrap().is_empty() && scene.tags(&scene.path).is_empty());
        assert_eq!(scene.tags(&scene.originals[0]), ["人才", "人才"]);
    }
}

/// What was not decided stays open when the speech gets annotations of its own.
#[test]
fn a_proposal_waits_until_it_is_decided() {
    let mut scene = Scene::new(true, ["讲话.txt".into(), "新.txt".into()]);
    for step in [Step::Move, Step::Edit] {
        scene.step(step);
    }
    scene.store().apply(&open(&scene.path), &scene.path, "乙", vec![tag(5, "自己的")]).unwrap();
    let key = SpeechKey::from_document(scene.store().location(), &open(&scene.path), &scene.path);
    let proposals = scene.store().proposals(&key).unwrap();
    assert_eq!(proposals.iter().map(|proposal| (proposal.count, proposal.is_copy)).collect::<Vec<_>>(), [(2, false)]);
    scene.store().take_proposal(&key, proposals[0].hash).unwrap();
    let mut tags = scene.tags(&scene.path);
    tags.sort();
    assert_eq!(tags, ["人才", "人才", "自己的"]);
    assert!(scene.store().proposals(&key).unwrap().is_empty());
    assert_eq!(scene.store().speeches().unwrap().len(), 2, "one record is left of the two");
}

/// A copy that is edited has its annotations copied once: what is done to one is not done to the other.
#[test]
fn an_edited_copy_has_annotations_of_its_own() {
    for shared in [false, true] {
        let mut scene = Scene::new(shared, ["讲话.txt".into(), "新.txt".into()]);
        for step in [Step::Copy, Step::Open, Step::Edit] {
            scene.step(step);
        }
        let store = scene.store();
        store.apply(&open(&scene.path), &scene.path, "甲", vec![tag(300, "副本的")]).unwrap();
        let told = store.take_warnings();
        assert!(told.iter().any(|warning| matches!(warning, StoreWarning::CopyParted { count: 2, .. })), "{told:?}");
        assert_eq!(scene.tags(&scene.originals[0]), ["人才", "人才"]);
        assert_eq!(scene.tags(&scene.path).len(), 3);
        scene.store().apply(&open(&scene.originals[0]), &scene.originals[0], "甲", vec![tag(400, "原件的")]).unwrap();
        assert_eq!(scene.tags(&scene.path).len(), 3);
        assert_eq!(scene.store().speeches().unwrap().len(), 3);
    }
}

/// Short texts are known by path and text alone.
#[test]
fn short_texts_are_not_proposed() {
    let scene = Scene::new(true, ["讲话.txt".into(), "新.txt".into()]);
    let short = scene.folder.join("短.txt");
    fs::write(&short, "要抓好人才工作，把短板补起来。").unwrap();
    scene
        .store()
        .apply(&open(&short), &short, "甲", vec![Edit::Note { target: Target::Passage(Span::new(1, 6)), note: "记".to_owned() }])
        .unwrap();
    let moved = scene.folder.join("短二.txt");
    fs::write(&moved, "要抓好人才工作，把短板补起来。又及。").unwrap();
    let key = SpeechKey::from_document(scene.store().location(), &open(&moved), &moved);
    assert!(scene.store().proposals(&key).unwrap().is_empty());
}

/// Empty files are no copies of each other, and an emptied file keeps what it had.
#[test]
fn emptied_speech_keeps_its_annotations_and_shares_them_with_none() {
    for shared in [false, true] {
        let scene = Scene::new(shared, ["讲话.txt".into(), "新.txt".into()]);
        fs::write(&scene.path, "").unwrap();
        assert_eq!(scene.tags(&scene.path), ["人才", "人才"]);
        // A commit in this state makes the empty text the record's own.
        let id = scene.store().annotations(&open(&scene.path), &scene.path).unwrap().0.iter().next().unwrap().id();
        let note = Edit::SetNote { id, note: "空".to_owned() };
        scene.store().apply(&open(&scene.path), &scene.path, "甲", vec![note]).unwrap();
        let empty = scene.folder.join("空.txt");
        fs::write(&empty, "\n").unwrap();
        assert!(scene.tags(&empty).is_empty());
        fs::write(&scene.path, text(1)).unwrap();
        assert_eq!(scene.tags(&scene.path), ["人才", "人才"]);
    }
}
