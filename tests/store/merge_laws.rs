//! Laws of the three-way merge (commutative, idempotent, no lost edits), checked with random
//! versions by proptest.

use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::merge::AnnotationEntry;
use pizhu_annotation::merge::EntryMap;
use pizhu_annotation::merge::Tombstone;
use pizhu_annotation::merge::merge;
use pizhu_annotation::store::merge_files;
use pizhu_annotation::store::speech_file::SpeechFile;
use pizhu_annotation::store::speech_file::SpeechRecord;
use pizhu_annotation::{Tag, TagId, TagLookup, TagRef, TagSet};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

fn time(seconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn id(n: u8) -> AnnotationId {
    AnnotationId::from(Uuid::from_u128(u128::from(n)))
}

fn live_entry() -> impl Strategy<Value = (TagSet, String, usize, i64)> {
    let tags = prop::collection::btree_set("[甲乙丙]", 0..3);
    (
        tags.prop_map(|names| names.iter().map(|name| TagRef::derived(name)).collect()),
        prop_oneof![Just(String::new()), "[记注]{1,2}"],
        0usize..3,
        0i64..6,
    )
}

/// One version of up to four annotations: each is absent, present or a tombstone.
fn version() -> impl Strategy<Value = EntryMap> {
    prop::collection::vec((0u8..4, prop::option::weighted(0.8, live_entry()), 0i64..6), 0..5).prop_map(|entries| {
        let mut map = BTreeMap::new();
        for (n, live_entry, at) in entries {
            let entry = match live_entry {
                Some((tags, note, start, modified)) => AnnotationEntry::Present(Annotation {
                    id: id(n),
                    scope: Scope::Passage,
                    selector: Selector { quote: "词".to_owned(), start, end: start + 1, ..Selector::default() },
                    tags,
                    note,
                    author: "甲".to_owned(),
                    created: time(0),
                    modified: time(modified),
                }),
                None => AnnotationEntry::Tombstone(Tombstone {
                    id: id(n),
                    deleted_version: time(at),
                    deleted: time(at + 1),
                    author: "乙".to_owned(),
                }),
            };
            map.insert(id(n), entry);
        }
        map
    })
}

fn tag(n: u8, details: (u8, u8, u8)) -> Tag {
    let (parent, words, definition) = details;
    Tag {
        parent: (parent < n).then(|| TagRef::derived(&format!("标签{parent}"))),
        keywords: (0..3).filter(|bit| words & (1 << bit) != 0).map(|bit| format!("词{bit}")).collect(),
        definition: ["", "甲说", "乙说"][usize::from(definition)].to_owned(),
        ..Tag::with_id(TagId::from_name(&format!("标签{n}")), &format!("标签{}", n % 4))
    }
}

fn codebook() -> impl Strategy<Value = Codebook> {
    prop::collection::btree_map(0u8..5, (0u8..5, 0u8..8, 0u8..3), 0..5)
        .prop_map(|tags| Codebook::from_parts(tags.into_iter().map(|(n, details)| tag(n, details)).collect(), Vec::new()))
}

fn speech_file(entries: EntryMap) -> String {
    let speech = SpeechRecord::new("0".repeat(32).parse().unwrap(), "讲话.txt", "");
    SpeechFile { entries, ..SpeechFile::new(speech) }.to_ron().unwrap()
}

proptest! {
    #[test]
    fn merge_is_commutative(base in version(), ours in version(), theirs in version()) {
        prop_assert_eq!(merge(&base, &ours, &theirs), merge(&base, &theirs, &ours));
    }

    #[test]
    fn merge_is_idempotent(base in version(), ours in version(), theirs in version()) {
        let merged = merge(&base, &ours, &theirs);
        prop_assert_eq!(&merge(&base, &merged, &merged), &merged);
        prop_assert_eq!(&merge(&merged, &merged, &merged), &merged);
    }

    #[test]
    fn unchanged_side_yields_to_the_other(base in version(), theirs in version()) {
        prop_assert_eq!(merge(&base, &base, &theirs), theirs);
    }

    #[test]
    fn additions_and_edits_are_kept(base in version(), ours in version(), theirs in version()) {
        let merged = merge(&base, &ours, &theirs);
        for (id, entry) in &ours {
            let (AnnotationEntry::Present(ours), before) = (entry, base.get(id)) else { continue };
            if before == Some(entry) {
                continue;
            }
            let Some(AnnotationEntry::Present(kept)) = merged.get(id) else {
                // Without a base, only the times decide between edit and deletion.
                let was_deleted = theirs.get(id).is_some_and(|other| matches!(other, AnnotationEntry::Tombstone(stone) if ours.modified <= stone.deleted_version));
                prop_assert!(before.is_none() && was_deleted, "an edit beats a deletion");
                continue;
            };
            let previous = before.and_then(AnnotationEntry::annotation);
            for tag in ours.tags.iter().filter(|tag| previous.is_none_or(|previous| !previous.tags.contains(tag.id))) {
                prop_assert!(kept.tags.contains(tag.id), "an added tag is kept");
            }
            if previous.is_none_or(|previous| previous.note != ours.note) {
                prop_assert!(kept.note.contains(&ours.note), "{:?} keeps {:?}", kept.note, ours.note);
            }
        }
    }

    #[test]
    fn files_merge_like_their_entries(base in version(), ours in version(), theirs in version()) {
        let merged = merge_files(speech_file(base.clone()).as_bytes(), speech_file(ours.clone()).as_bytes(), speech_file(theirs.clone()).as_bytes()).unwrap();
        prop_assert_eq!(SpeechFile::from_ron(merged.as_bytes()).entries, merge(&base, &ours, &theirs));
    }

    #[test]
    fn codebook_merge_obeys_the_same_laws(base in codebook(), ours in codebook(), theirs in codebook()) {
        let merged = Codebook::three_way_merge(&base, &ours, &theirs);
        prop_assert_eq!(&merged, &Codebook::three_way_merge(&base, &theirs, &ours));
        prop_assert_eq!(&Codebook::three_way_merge(&base, &merged, &merged), &merged);
        prop_assert_eq!(&Codebook::three_way_merge(&base, &base, &theirs), &theirs);
        for tag in ours.tags().iter().filter(|tag| base.get(tag.id) != Some(*tag)) {
            prop_assert!(matches!(merged.resolve(tag.id), TagLookup::Found(_)), "an added or changed tag is kept");
        }
        let two = Codebook::two_way_merge(&ours, &theirs);
        prop_assert_eq!(&two, &Codebook::two_way_merge(&theirs, &ours));
        prop_assert_eq!(&Codebook::two_way_merge(&two, &two), &two);
        prop_assert_eq!(&Codebook::from_parts(two.tags().to_vec(), two.tombstones().cloned().collect()), &two, "nothing to repair");
    }
}

#[test]
fn union_merged_file_is_read_as_both_sides() {
    let note = |n: u8, tags: &[&str]| {
        let tags = tags.iter().map(|tag| TagRef::derived(tag)).collect();
        AnnotationEntry::Present(Annotation {
            id: id(n),
            scope: Scope::Passage,
            selector: Selector { quote: "词".to_owned(), start: usize::from(n), end: usize::from(n) + 1, ..Selector::default() },
            tags,
            note: String::new(),
            author: String::new(),
            created: time(0),
            modified: time(i64::from(n)),
        })
    };
    let ours = speech_file(BTreeMap::from([(id(1), note(1, &["甲"])), (id(2), note(2, &["乙"]))]));
    let theirs = speech_file(BTreeMap::from([(id(1), note(1, &["甲", "丙"])), (id(3), note(3, &["丁"]))]));
    // The entries of both sides as git's union merge leaves them, and with its conflict markers.
    let lines = |text: &str| {
        let entries: Vec<&str> = text.split_inclusive('\n').filter(|line| line.starts_with("(id:")).collect();
        entries.concat()
    };
    let united = ours.replace(&lines(&ours), &format!("{}{}", lines(&ours), lines(&theirs)));
    let conflict = ours.replace(&lines(&ours), &format!("<<<<<<< HEAD\n{}=======\n{}>>>>>>> other\n", lines(&ours), lines(&theirs)));
    for text in [united, conflict] {
        let reading = SpeechFile::from_ron(text.as_bytes());
        assert!(reading.repaired && reading.is_complete(), "{:?}", reading.lost_lines);
        assert_eq!(reading.entries.len(), 3);
        let first = reading.entries[&id(1)].annotation().unwrap();
        assert_eq!(first.tags.names(), ["丙", "甲"]);
    }
}

#[test]
fn tag_rename_and_edit_are_combined() {
    let mut base = Codebook::default();
    let id = base.add(Tag::new("人才")).unwrap();
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    ours.rename(id, "人才工作").unwrap();
    theirs.edit_details(id, |tag| tag.definition = "引进与培养".to_owned()).unwrap();
    let merged = Codebook::three_way_merge(&base, &ours, &theirs);
    assert_eq!(merged.tags().len(), 1);
    let tag = merged.find("人才工作").unwrap();
    assert_eq!((tag.definition.as_str(), tag.former_names.contains("人才")), ("引进与培养", true));
}
