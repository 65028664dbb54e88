//! Round trip: annotations exported, imported into an empty store and exported again are equal, byte
//! by byte, in all lossless formats. The tests state what other formats lose.

use jiff::Timestamp;
use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::Edit;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::Store;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::{Tag, TagId, TagRef};
use pizhu_library::exchange::Collection;
use pizhu_library::exchange::ExportFilter;
use pizhu_library::exchange::ExportOptions;
use pizhu_library::exchange::ExportOrder;
use pizhu_library::exchange::FORMATS;
use pizhu_library::exchange::import;
use pizhu_library::exchange::import::ImportEntry;
use pizhu_library::exchange::import_resolver::ImportTarget;
use pizhu_library::exchange::import_resolver::add_tags;
use pizhu_library::source;
use pizhu_library::source::Revisions;
use pizhu_text::document;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use proptest::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
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

/// An edited speech: an insertion at the start, a changed word, deleted sentences.
fn edit_text(text: &str) -> String {
    format!("按语：本稿有改动。\n{text}")
        .replace("三个一", "三个一批")
        .replace("要把支部建在网格上，", "")
        .replace("今天开个会。\n今天", "今天")
}

fn parsed(name: &str, text: &str) -> Arc<Document> {
    let hints = if Path::new(name).extension().is_some_and(|extension| extension == "md") { Hints::markdown() } else { Hints::default() };
    Arc::new(document::parse(SourceText::from(text), &hints))
}

/// A store in a temporary folder, with its speeches. It keeps no texts, as one into which annotations
/// are imported has none of those they were made in: they are placed by their selectors alone.
struct TestStore {
    folder: tempfile::TempDir,
    store: Store,
    speeches: Vec<(&'static str, Arc<Document>)>,
}

impl TestStore {
    fn new(change: impl Fn(&str) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".pizhu")).unwrap();
        let store = Store::new(StoreLocation::from_dir(folder.path()), folder.path().join("state")).with_snapshots(false);
        let speeches = SPEECHES.map(|(name, text)| (name, parsed(name, &change(text)))).into();
        Self { folder, store, speeches }
    }

    /// The same, but texts in which annotations are placed are kept and compared.
    fn keeping_texts(mut self) -> Self {
        self.store = self.store.with_snapshots(true);
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same annotations, with edited speeches.
    fn with_edited_speeches(mut self, change: impl Fn(&str) -> String) -> Self {
        self.speeches = SPEECHES.map(|(name, text)| (name, parsed(name, &change(text)))).into();
        self
    }

    fn export(&self, format: &str) -> Vec<u8> {
        let write = FORMATS.iter().find(|known| known.name == format).unwrap().write;
        let mut collection = Collection::new(self.store.codebook().unwrap(), ExportFilter::default(), ExportOrder::Position);
        for (name, document) in &self.speeches {
            let path = self.path(name);
            let (placements, notices) = self.store.annotations(document, &path).unwrap();
            assert!(notices.is_empty());
            collection.add(&self.store.location().document_name(&path), document, &placements);
        }
        let mut bytes = Vec::new();
        write(&collection, ExportOptions::default(), &mut bytes).unwrap();
        bytes
    }

    fn json(&self) -> String {
        String::from_utf8(self.export("json")).unwrap()
    }

    /// Imports a file like the `import` command; returns the number of failed entries.
    fn import(&self, name: &str, bytes: &[u8]) -> usize {
        let found = import::read(Path::new(name), bytes).unwrap();
        let tags = self.store.edit_codebook(|book| add_tags(book, &found.tags, &found.entries)).unwrap();
        let mut failed = 0;
        for (name, document) in &self.speeches {
            let hash = SpeechHash::from_text(&document.source);
            let target = ImportTarget::new(document);
            let belongs_to_speech = |entry: &&ImportEntry| entry.document_hash.map_or(entry.document == *name, |known| known == hash);
            let mut edits = Vec::new();
            for entry in found.entries.iter().filter(belongs_to_speech) {
                match target.resolve(entry, &tags, "导入者", |_| None) {
                    Ok(imported) => edits.push(Edit::Insert(Box::new(imported.annotation))),
                    Err(_) => failed += 1,
                }
            }
            self.store.apply(document, &self.path(name), "导入者", edits).unwrap();
        }
        failed
    }

    /// Exports in `format`, imports into an empty store without a tag, and exports that as JSON.
    fn round_trip(&self, format: &str, change: impl Fn(&str) -> String) -> String {
        let extension = FORMATS.iter().find(|known| known.name == format).unwrap().extension;
        let other = Self::new(change);
        other
            .store
            .edit_codebook(|book| {
                *book = Codebook::default();
                Ok(())
            })
            .unwrap();
        let failed = other.import(&format!("讲话.{extension}"), &self.export(format));
        assert_eq!(failed, 0, "{format}");
        other.json()
    }
}

/// A random annotation.
#[derive(Debug, Clone)]
struct AnnotationPlan {
    speech: usize,
    /// Start in chars, or section number, modulo the count of them.
    at: usize,
    /// Length in chars.
    len: usize,
    on_section: bool,
    tags: BTreeSet<String>,
    note: String,
    author: String,
    created: Timestamp,
    modified: Timestamp,
}

/// Tags on three levels, with names that need escaping.
const TAGS: [(&str, Option<&str>); 6] = [
    ("组织, 建设", None),
    ("\"队伍\"", Some("组织, 建设")),
    ("=培训", Some("\"队伍\"")),
    ("<人 才>&", None),
    ("𠮷·é", Some("<人 才>&")),
    ("散", None),
];

fn plans() -> impl Strategy<Value = Vec<AnnotationPlan>> {
    let place = (0..SPEECHES.len(), 0..200_usize, 1..60_usize, prop::bool::weighted(0.25));
    let tags = prop::collection::btree_set(prop::sample::select(TAGS.map(|(name, _)| name.to_owned()).to_vec()), 0..4);
    let note = "[甲乙a =+@'\"<>&,;\\\\\n\t𠮷👩‍💻é；（-]{0,14}";
    let author = prop::sample::select(vec!["", "张三", "=李\"四\"", "a,b <c>"]);
    let time = (0..4_000_000_000_i64, 0..1_000_000_000_i32, 0..100_000_000_i64);
    let plan =
        (place, tags, note, author, time).prop_map(|((speech, at, len, on_section), tags, note, author, (second, nano, seconds_later))| {
            AnnotationPlan {
                speech,
                at,
                len,
                on_section,
                // An annotation needs a tag or a note.
                tags: if note.trim().is_empty() && tags.is_empty() { ["散".to_owned()].into() } else { tags },
                note,
                author: author.to_owned(),
                created: Timestamp::new(second, nano).unwrap(),
                modified: Timestamp::new(second + seconds_later, nano).unwrap(),
            }
        });
    prop::collection::vec(plan, 1..14)
}

/// A store with the planned annotations.
fn store_with_annotations(plans: &[AnnotationPlan]) -> TestStore {
    annotated(TestStore::new(str::to_owned), plans)
}

/// Adds the planned annotations.
fn annotated(store: TestStore, plans: &[AnnotationPlan]) -> TestStore {
    store
        .store
        .edit_codebook(|book| {
            *book = Codebook::default();
            TAGS.iter().try_for_each(|(name, parent)| {
                book.add(Tag { parent: parent.map(TagRef::derived), ..Tag::with_id(TagId::from_name(name), name) }).map(drop)
            })
        })
        .unwrap();
    for plan in plans {
        let (name, document) = &store.speeches[plan.speech];
        let sections = document.outline.sections().len();
        let selector = if plan.on_section && sections > 0 {
            Selector::for_section(document, document.outline.iter().nth(plan.at % sections).unwrap().0)
                .map(|selector| (Scope::Section, selector))
        } else {
            let start = plan.at % document.source.len();
            Selector::for_passage(document, Span::new(start, start + plan.len)).map(|selector| (Scope::Passage, selector))
        };
        let (scope, selector) = selector.unwrap();
        let annotation = Annotation {
            id: AnnotationId::new(),
            scope,
            selector,
            tags: plan.tags.iter().map(|name| TagRef::derived(name)).collect(),
            note: plan.note.clone(),
            author: plan.author.clone(),
            created: plan.created,
            modified: plan.modified,
        };
        store.store.apply(document, &store.path(name), &plan.author, vec![Edit::Insert(Box::new(annotation))]).unwrap();
    }
    store
}

/// The annotations of a JSON export for which `keep` is true, without the fields `lost`.
fn annotations_without(json: &str, lost: &[&str], keep: impl Fn(&serde_json::Value) -> bool) -> Vec<serde_json::Value> {
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

fn annotations(json: &str) -> Vec<serde_json::Value> {
    annotations_without(json, &[], |_| true)
}

/// The codebook of a JSON export.
fn codebook(json: &str) -> serde_json::Value {
    serde_json::from_str::<serde_json::Value>(json).unwrap()["codebook"].take()
}

/// Whether the format has all tags of the codebook, not only those of the annotations.
fn has_codebook(format: &str) -> bool {
    matches!(format, "json" | "ron")
}

fn has_position(entry: &serde_json::Value) -> bool {
    entry["start"].is_number()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn unmoved_annotations_survive_round_trip(plans in plans()) {
        let store = store_with_annotations(&plans);
        let json = store.json();
        for format in ["json", "jsonl", "ron", "web-annotation", "csv", "qdpx"] {
            let back = store.round_trip(format, str::to_owned);
            prop_assert_eq!(annotations(&back), annotations(&json), "{}", format);
            if has_codebook(format) {
                prop_assert_eq!(codebook(&back), codebook(&json), "{}", format);
            }
        }
    }

    #[test]
    fn moved_changed_and_orphaned_annotations_survive_round_trip(plans in plans()) {
        let store = store_with_annotations(&plans).with_edited_speeches(edit_text);
        let json = store.json();
        for format in ["json", "jsonl", "ron", "web-annotation"] {
            prop_assert_eq!(annotations(&store.round_trip(format, edit_text)), annotations(&json), "{}", format);
        }
        // CSV and REFI-QDA have no field for the anchor status: resolved annotations become exact
        // ones at their present position.
        let status_fields = ["anchor", "marked"];
        let placed = annotations_without(&json, &status_fields, has_position);
        for format in ["csv", "qdpx"] {
            let back = store.round_trip(format, edit_text);
            let back_placed = annotations_without(&back, &status_fields, |entry| placed.iter().any(|known| known["id"] == entry["id"]));
            prop_assert_eq!(&back_placed, &placed, "{}", format);
            let ids = |json: &str| annotations_without(json, &[], |_| true).iter().map(|entry| entry["id"].to_string()).collect::<BTreeSet<_>>();
            if format == "csv" {
                // Orphans keep their quote but lose their context, which could tell it from equal
                // text elsewhere. So only the ids are compared.
                prop_assert_eq!(ids(&back), ids(&json));
            } else {
                // REFI-QDA selections need a position; orphans are not exported.
                prop_assert_eq!(ids(&back).len(), placed.len());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn annotations_placed_by_a_kept_text_stay_in_place(plans in plans()) {
        let store = annotated(TestStore::new(str::to_owned).keeping_texts(), &plans).with_edited_speeches(edit_text);
        let json = store.json();
        // Elsewhere the kept text is missing. What it placed is bound to its present words then; what it
        // left for review keeps the selector, by which it may be found.
        let placed = annotations_without(&json, &["anchor", "marked"], has_position);
        let unplaced = annotations_without(&json, &[], |entry| !has_position(entry));
        for format in ["json", "jsonl", "ron", "web-annotation"] {
            let back = store.round_trip(format, edit_text);
            let is_one_of = |known: &[serde_json::Value], entry: &serde_json::Value| known.iter().any(|known| known["id"] == entry["id"]);
            let back_placed = annotations_without(&back, &["anchor", "marked"], |entry| is_one_of(&placed, entry));
            prop_assert_eq!(&back_placed, &placed, "{}", format);
            let selectors = |entries: &[serde_json::Value]| entries.iter().map(|entry| (entry["id"].to_string(), entry["marked"].clone())).collect::<BTreeMap<_, _>>();
            let back_unplaced = annotations_without(&back, &[], |entry| is_one_of(&unplaced, entry));
            prop_assert_eq!(selectors(&back_unplaced), selectors(&unplaced), "{}", format);
        }
    }
}

#[test]
fn documented_losses_of_formats() {
    let time = Timestamp::UNIX_EPOCH;
    let tags = BTreeSet::from(["散".to_owned()]);
    let plan = |note: &str| AnnotationPlan {
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
    // XML cannot contain control characters.
    let store = store_with_annotations(&[plan("记\u{1}\u{7F}")]);
    for format in ["json", "jsonl", "ron", "web-annotation", "csv"] {
        assert_eq!(annotations(&store.round_trip(format, str::to_owned)), annotations(&store.json()), "{format}");
    }
    assert!(store.round_trip("qdpx", str::to_owned).contains("记\u{FFFD}\u{FFFD}"));
    // Export-only formats are not mistaken for another format on import.
    for format in FORMATS.iter().filter(|format| !format.can_import()) {
        let read = import::read(Path::new(&format!("a.{}", format.extension)), &store.export(format.name));
        assert!(read.is_err(), "{} is mistaken for another format", format.name);
    }
    // A DOCX with comments contains the whole text of the speech.
    let docx_text = source::extract(Path::new("a.docx"), &store.export("docx-comments"), Revisions::Accepted).unwrap().unwrap().text;
    let alphanumeric = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    assert!(alphanumeric(&docx_text.slice(docx_text.span())).contains("要把𠮷镇的人才放在心上出台三个一办法务求实效"));
    // A codebook file has tags but no annotations.
    for format in ["qdc", "taguette"] {
        let name = format!("a.{}", FORMATS.iter().find(|known| known.name == format).unwrap().extension);
        let found = import::read(Path::new(&name), &store.export(format)).unwrap();
        assert_eq!((found.entries.len(), found.tags.len()), (0, TAGS.len()), "{format}");
    }
}
