//! Out and back in: what is exported, imported into an empty store and exported again is the
//! same, byte by byte, in every format that can carry it; of the others it is said here what they
//! cannot carry.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use jiff::Timestamp;
use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::Edit;
use pizhu_annotation::Place;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::Store;
use pizhu_annotation::Tag;
use pizhu_text::document;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_library::exchange::Collection;
use pizhu_library::exchange::FORMATS;
use pizhu_library::exchange::Filter;
use pizhu_library::exchange::Options;
use pizhu_library::exchange::Order;
use pizhu_library::exchange::incoming;
use pizhu_library::exchange::incoming::Incoming;
use pizhu_library::exchange::placing::Ground;
use pizhu_library::exchange::placing::add_tags;
use pizhu_library::source;
use pizhu_library::source::Revisions;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use proptest::prelude::*;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

const SPEECHES: [(&str, &str); 3] = [
    (
        "2023/在推进会上的讲话.txt",
        "在青禾县组织工作推进会上的讲话\n（2023年5月6日）\n同志们：\n一、抓好人才工作\n（一）引才。要把𠮷镇的人才👩‍💻放在心上，\n出台“三个一”办法，\n务求实效。\n（二）育才。一是办班。二是结对。\n— 2 —\n二、抓好基层党建\n要把支部建在网格上，要把支部建在产业链上。\n",
    ),
    ("a,b\"c.txt", "临江市座谈会讲话\n今天开个会。\n今天开个会。\n首先，讲成绩。\n其次，讲问题。\n谢谢大家！\n"),
    ("要点.md", "# 要点\n\n## 第一/点\n\n正文一段，=1+1。\n\n## 第二点\n\n正文两段。\n"),
];

/// The speeches after somebody has worked on them: something before, a change, a sentence gone.
fn edited(text: &str) -> String {
    format!("按语：本稿有改动。\n{text}")
        .replace("三个一", "三个一批")
        .replace("要把支部建在网格上，", "")
        .replace("今天开个会。\n今天", "今天")
}

fn parsed(name: &str, text: &str) -> Arc<Document> {
    let hints = if Path::new(name).extension().is_some_and(|extension| extension == "md") { Hints::markdown() } else { Hints::default() };
    Arc::new(document::parse(SourceText::from(text), &hints))
}

/// A store in a folder of its own, with the speeches as it knows them.
struct Desk {
    folder: tempfile::TempDir,
    store: Store,
    speeches: Vec<(&'static str, Arc<Document>)>,
}

impl Desk {
    fn new(change: impl Fn(&str) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".pizhu")).unwrap();
        let store = Store::new(Place::given(folder.path()), folder.path().join("state"));
        let speeches = SPEECHES.map(|(name, text)| (name, parsed(name, &change(text)))).into();
        Self { folder, store, speeches }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same annotations, the speeches changed.
    fn changed(mut self, change: impl Fn(&str) -> String) -> Self {
        self.speeches = SPEECHES.map(|(name, text)| (name, parsed(name, &change(text)))).into();
        self
    }

    fn export(&self, format: &str) -> Vec<u8> {
        let write = FORMATS.iter().find(|known| known.name == format).unwrap().write;
        let mut collection = Collection::new(self.store.codebook().unwrap(), Filter::default(), Order::Place);
        for (name, document) in &self.speeches {
            let path = self.path(name);
            let (placements, notices) = self.store.annotations(document, &path).unwrap();
            assert!(notices.is_empty());
            collection.add(&self.store.place().document_name(&path), document, &placements);
        }
        let mut bytes = Vec::new();
        write(&collection, Options::default(), &mut bytes).unwrap();
        bytes
    }

    fn json(&self) -> String {
        String::from_utf8(self.export("json")).unwrap()
    }

    /// Imports a file as the command does; how many entries could not be placed.
    fn import(&self, name: &str, bytes: &[u8]) -> usize {
        let found = incoming::read(Path::new(name), bytes).unwrap();
        self.store.edit_codebook(|book| add_tags(book, &found.tags, &found.entries)).unwrap();
        let mut failed = 0;
        for (name, document) in &self.speeches {
            let hash = SpeechHash::of(&document.source);
            let ground = Ground::new(document);
            let is_of = |entry: &&Incoming| entry.document_hash.map_or(entry.document == *name, |known| known == hash);
            let mut edits = Vec::new();
            for entry in found.entries.iter().filter(is_of) {
                match ground.place(entry, "导入者", |_| None) {
                    Ok(arrived) => edits.push(Edit::Insert(Box::new(arrived.annotation))),
                    Err(_) => failed += 1,
                }
            }
            self.store.apply(document, &self.path(name), "导入者", edits).unwrap();
        }
        failed
    }

    /// What `format` brings into an empty store, exported as JSON.
    fn through(&self, format: &str, change: impl Fn(&str) -> String) -> String {
        let extension = FORMATS.iter().find(|known| known.name == format).unwrap().extension;
        let other = Self::new(change);
        let failed = other.import(&format!("讲话.{extension}"), &self.export(format));
        assert_eq!(failed, 0, "{format}");
        other.json()
    }
}

/// An annotation to be made: which speech, where from and how far (or which section), the rest.
#[derive(Debug, Clone)]
struct Plan {
    speech: usize,
    at: usize,
    len: usize,
    on_section: bool,
    tags: BTreeSet<String>,
    note: String,
    author: String,
    created: Timestamp,
    modified: Timestamp,
}

/// Three levels of names that are hard on formats.
const TAGS: [(&str, Option<&str>); 6] = [
    ("组织, 建设", None),
    ("\"队伍\"", Some("组织, 建设")),
    ("=培训", Some("\"队伍\"")),
    ("<人 才>&", None),
    ("𠮷·é", Some("<人 才>&")),
    ("散", None),
];

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let place = (0..SPEECHES.len(), 0..200_usize, 1..60_usize, prop::bool::weighted(0.25));
    let tags = prop::collection::btree_set(prop::sample::select(TAGS.map(|(name, _)| name.to_owned()).to_vec()), 0..4);
    let note = "[甲乙a =+@'\"<>&,;\\\\\n\t𠮷👩‍💻é；（-]{0,14}";
    let author = prop::sample::select(vec!["", "张三", "=李\"四\"", "a,b <c>"]);
    let time = (0..4_000_000_000_i64, 0..1_000_000_000_i32, 0..100_000_000_i64);
    let plan =
        (place, tags, note, author, time).prop_map(|((speech, at, len, on_section), tags, note, author, (second, nano, later))| Plan {
            speech,
            at,
            len,
            on_section,
            // What has neither tag nor note is no annotation.
            tags: if note.trim().is_empty() && tags.is_empty() { ["散".to_owned()].into() } else { tags },
            note,
            author: author.to_owned(),
            created: Timestamp::new(second, nano).unwrap(),
            modified: Timestamp::new(second + later, nano).unwrap(),
        });
    prop::collection::vec(plan, 1..14)
}

/// A store with the planned annotations.
fn annotated(plans: &[Plan]) -> Desk {
    let desk = Desk::new(str::to_owned);
    desk.store
        .edit_codebook(|book| {
            *book = Codebook::default();
            TAGS.iter().try_for_each(|(name, parent)| book.add(Tag { parent: parent.map(str::to_owned), ..Tag::new(name) }))
        })
        .unwrap();
    for plan in plans {
        let (name, document) = &desk.speeches[plan.speech];
        let sections = document.outline.sections().len();
        let selector = if plan.on_section && sections > 0 {
            Selector::section(document, document.outline.iter().nth(plan.at % sections).unwrap().0)
                .map(|selector| (Scope::Section, selector))
        } else {
            let start = plan.at % document.source.len();
            Selector::passage(document, Span::new(start, start + plan.len)).map(|selector| (Scope::Passage, selector))
        };
        let (scope, selector) = selector.unwrap();
        let annotation = Annotation {
            id: AnnotationId::new(),
            scope,
            selector,
            tags: plan.tags.clone(),
            note: plan.note.clone(),
            author: plan.author.clone(),
            created: plan.created,
            modified: plan.modified,
        };
        desk.store.apply(document, &desk.path(name), &plan.author, vec![Edit::Insert(Box::new(annotation))]).unwrap();
    }
    desk
}

/// The annotations of an export, without the fields that `lost` names.
fn without(json: &str, lost: &[&str], keep: impl Fn(&serde_json::Value) -> bool) -> Vec<serde_json::Value> {
    let mut value: serde_json::Value = serde_json::from_str(json).unwrap();
    let mut entries = std::mem::take(value["annotations"].as_array_mut().unwrap());
    entries.retain(keep);
    for entry in &mut entries {
        for field in lost {
            entry.as_object_mut().unwrap().remove(*field);
        }
    }
    entries
}

fn is_placed(entry: &serde_json::Value) -> bool {
    entry["start"].is_number()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn what_stands_where_it_was_marked_comes_back_whole(plans in plans()) {
        let desk = annotated(&plans);
        let json = desk.json();
        for format in ["json", "jsonl", "ron", "web-annotation", "csv", "qdpx"] {
            prop_assert_eq!(&desk.through(format, str::to_owned), &json, "{}", format);
        }
    }

    #[test]
    fn what_has_moved_changed_or_gone_stays_so(plans in plans()) {
        let desk = annotated(&plans).changed(edited);
        let json = desk.json();
        for format in ["json", "jsonl", "ron", "web-annotation"] {
            prop_assert_eq!(&desk.through(format, edited), &json, "{}", format);
        }
        // A table and a REFI-QDA project have no word for how a place was found: what is found
        // comes back as marked there.
        let history = ["anchor", "marked"];
        let placed = without(&json, &history, is_placed);
        for format in ["csv", "qdpx"] {
            let back = desk.through(format, edited);
            let back_placed = without(&back, &history, |entry| placed.iter().any(|known| known["id"] == entry["id"]));
            prop_assert_eq!(&back_placed, &placed, "{}", format);
            let ids = |json: &str| without(json, &[], |_| true).iter().map(|entry| entry["id"].to_string()).collect::<BTreeSet<_>>();
            if format == "csv" {
                // What has no place keeps its words, not what stood around them, by which alone
                // it may be told that the same words elsewhere are others.
                prop_assert_eq!(ids(&back), ids(&json));
            } else {
                // A selection has a place, or is not written.
                prop_assert_eq!(ids(&back).len(), placed.len());
            }
        }
    }
}

#[test]
fn what_formats_cannot_carry() {
    let time = Timestamp::UNIX_EPOCH;
    let tags = BTreeSet::from(["散".to_owned()]);
    let plan = |note: &str| Plan {
        speech: 0,
        at: 4,
        len: 3,
        on_section: false,
        tags: tags.clone(),
        note: note.to_owned(),
        author: "甲".into(),
        created: time,
        modified: time,
    };
    // XML has no control characters.
    let desk = annotated(&[plan("记\u{1}\u{7F}")]);
    for format in ["json", "jsonl", "ron", "web-annotation", "csv"] {
        assert_eq!(desk.through(format, str::to_owned), desk.json(), "{format}");
    }
    assert!(desk.through("qdpx", str::to_owned).contains("记\u{FFFD}\u{FFFD}"));
    // The others are for reading, or for programs that know less: they are not read back.
    for format in FORMATS.iter().filter(|format| !format.reads) {
        let read = incoming::read(Path::new(&format!("a.{}", format.extension)), &desk.export(format.name));
        assert!(read.is_err(), "{} is not taken for something else", format.name);
    }
    // The speech in a DOCX with comments is the speech.
    let word = source::extract(Path::new("a.docx"), &desk.export("docx-comments"), Revisions::Accepted).unwrap().unwrap().text;
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    assert!(letters(&word.slice(word.span())).contains("要把𠮷镇的人才放在心上出台三个一办法务求实效"));
    // A codebook brings tags, no annotations.
    for format in ["qdc", "taguette"] {
        let name = format!("a.{}", FORMATS.iter().find(|known| known.name == format).unwrap().extension);
        let found = incoming::read(Path::new(&name), &desk.export(format)).unwrap();
        assert_eq!((found.entries.len(), found.tags.len()), (0, TAGS.len()), "{format}");
    }
}
