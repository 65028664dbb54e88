//! The laws of merging, over random histories of three versions.

#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::Tag;
use pizhu_annotation::merge::Entries;
use pizhu_annotation::merge::Entry;
use pizhu_annotation::merge::Tombstone;
use pizhu_annotation::merge::merge;
use pizhu_annotation::store::merge_files;
use pizhu_annotation::store::sheet::Sheet;
use pizhu_annotation::store::sheet::SpeechRecord;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn time(seconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn id(n: u8) -> AnnotationId {
    AnnotationId::from(Uuid::from_u128(u128::from(n)))
}

fn live() -> impl Strategy<Value = (BTreeSet<String>, String, usize, i64)> {
    (prop::collection::btree_set("[甲乙丙]", 0..3), prop_oneof![Just(String::new()), "[记注]{1,2}"], 0usize..3, 0i64..6)
}

/// One version: of each of four annotations nothing, something, or what stays of it.
fn version() -> impl Strategy<Value = Entries> {
    prop::collection::vec((0u8..4, prop::option::weighted(0.8, live()), 0i64..6), 0..5).prop_map(|entries| {
        let mut map = BTreeMap::new();
        for (n, live, at) in entries {
            let entry = match live {
                Some((tags, note, start, modified)) => Entry::Live(Annotation {
                    id: id(n),
                    scope: Scope::Passage,
                    selector: Selector { quote: "词".to_owned(), start, end: start + 1, ..Selector::default() },
                    tags,
                    note,
                    author: "甲".to_owned(),
                    created: time(0),
                    modified: time(modified),
                }),
                None => Entry::Dead(Tombstone { id: id(n), of: time(at), deleted: time(at + 1), author: "乙".to_owned() }),
            };
            map.insert(id(n), entry);
        }
        map
    })
}

fn tag(n: u8, rest: (u8, u8, u8)) -> Tag {
    let (parent, words, definition) = rest;
    Tag {
        parent: (parent < n).then(|| format!("标签{parent}")),
        keywords: (0..3).filter(|bit| words & (1 << bit) != 0).map(|bit| format!("词{bit}")).collect(),
        definition: ["", "甲说", "乙说"][usize::from(definition)].to_owned(),
        ..Tag::new(&format!("标签{n}"))
    }
}

fn codebook() -> impl Strategy<Value = Codebook> {
    prop::collection::btree_map(0u8..5, (0u8..5, 0u8..8, 0u8..3), 0..5)
        .prop_map(|tags| Codebook::from_parts(tags.into_iter().map(|(n, rest)| tag(n, rest)).collect(), BTreeSet::new()))
}

fn sheet(entries: Entries) -> String {
    let speech = SpeechRecord {
        hash: "0".repeat(32).parse().unwrap(),
        paths: vec!["讲话.txt".to_owned()],
        title: String::new(),
        formerly: Vec::new(),
        apart: false,
    };
    Sheet { speech, entries }.to_ron().unwrap()
}

proptest! {
    #[test]
    fn neither_side_decides(base in version(), ours in version(), theirs in version()) {
        prop_assert_eq!(merge(&base, &ours, &theirs), merge(&base, &theirs, &ours));
    }

    #[test]
    fn merging_again_changes_nothing(base in version(), ours in version(), theirs in version()) {
        let merged = merge(&base, &ours, &theirs);
        prop_assert_eq!(&merge(&base, &merged, &merged), &merged);
        prop_assert_eq!(&merge(&merged, &merged, &merged), &merged);
    }

    #[test]
    fn a_side_that_did_nothing_gives_way(base in version(), theirs in version()) {
        prop_assert_eq!(merge(&base, &base, &theirs), theirs);
    }

    #[test]
    fn what_one_side_adds_or_edits_is_there(base in version(), ours in version(), theirs in version()) {
        let merged = merge(&base, &ours, &theirs);
        for (id, entry) in &ours {
            let (Entry::Live(ours), before) = (entry, base.get(id)) else { continue };
            if before == Some(entry) {
                continue;
            }
            let Some(Entry::Live(there)) = merged.get(id) else {
                // Without a base only the time tells an edit from what was deleted.
                let dead = theirs.get(id).is_some_and(|other| matches!(other, Entry::Dead(stone) if ours.modified <= stone.of));
                prop_assert!(before.is_none() && dead, "an edit beats a deletion");
                continue;
            };
            let old = before.and_then(Entry::live);
            for tag in ours.tags.iter().filter(|tag| old.is_none_or(|old| !old.tags.contains(*tag))) {
                prop_assert!(there.tags.contains(tag), "a tag put on stays");
            }
            if old.is_none_or(|old| old.note != ours.note) {
                prop_assert!(there.note.contains(&ours.note), "{:?} keeps {:?}", there.note, ours.note);
            }
        }
    }

    #[test]
    fn files_merge_as_their_entries_do(base in version(), ours in version(), theirs in version()) {
        let merged = merge_files(sheet(base.clone()).as_bytes(), sheet(ours.clone()).as_bytes(), sheet(theirs.clone()).as_bytes()).unwrap();
        prop_assert_eq!(Sheet::from_ron(merged.as_bytes()).entries, merge(&base, &ours, &theirs));
    }

    #[test]
    fn codebooks_merge_by_the_same_laws(base in codebook(), ours in codebook(), theirs in codebook()) {
        let merged = Codebook::merge_three(&base, &ours, &theirs);
        prop_assert_eq!(&merged, &Codebook::merge_three(&base, &theirs, &ours));
        prop_assert_eq!(&Codebook::merge_three(&base, &merged, &merged), &merged);
        prop_assert_eq!(&Codebook::merge_three(&base, &base, &theirs), &theirs);
        for tag in ours.tags().iter().filter(|tag| base.get(&tag.name) != Some(*tag)) {
            prop_assert!(merged.get(&tag.name).is_some(), "an added or changed tag is there");
        }
    }
}

#[test]
fn a_union_of_two_branches_reads_as_both() {
    let note = |n: u8, tags: &[&str]| {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        Entry::Live(Annotation {
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
    let ours = sheet(BTreeMap::from([(id(1), note(1, &["甲"])), (id(2), note(2, &["乙"]))]));
    let theirs = sheet(BTreeMap::from([(id(1), note(1, &["甲", "丙"])), (id(3), note(3, &["丁"]))]));
    // Both sides' lines of the list, as union leaves them, and a conflict as git leaves it.
    let lines = |text: &str| {
        let own: Vec<&str> = text.split_inclusive('\n').filter(|line| line.starts_with("(id:")).collect();
        own.concat()
    };
    let united = ours.replace(&lines(&ours), &format!("{}{}", lines(&ours), lines(&theirs)));
    let conflict = ours.replace(&lines(&ours), &format!("<<<<<<< HEAD\n{}=======\n{}>>>>>>> other\n", lines(&ours), lines(&theirs)));
    for text in [united, conflict] {
        let reading = Sheet::from_ron(text.as_bytes());
        assert!(reading.repaired && reading.is_whole(), "{:?}", reading.lost);
        assert_eq!(reading.entries.len(), 3);
        let first = reading.entries[&id(1)].live().unwrap();
        assert_eq!(first.tags, BTreeSet::from(["甲".to_owned(), "丙".to_owned()]));
    }
}

#[test]
fn a_tag_renamed_on_one_side_and_changed_on_the_other_is_both() {
    let mut base = Codebook::default();
    base.add(Tag::new("人才")).unwrap();
    let (mut ours, mut theirs) = (base.clone(), base.clone());
    ours.rename("人才", "人才工作").unwrap();
    theirs.describe("人才", |tag| tag.definition = "引进与培养".to_owned()).unwrap();
    let merged = Codebook::merge_three(&base, &ours, &theirs);
    assert_eq!(merged.tags().len(), 1);
    let tag = merged.get("人才工作").unwrap();
    assert_eq!((tag.definition.as_str(), tag.was.contains("人才")), ("引进与培养", true));
}
