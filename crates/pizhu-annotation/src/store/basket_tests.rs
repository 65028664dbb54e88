//! Laws of baskets: what two users do merges entry by entry, and passages follow their chars.

use super::handle::Store;
use super::location::StoreLocation;
use super::merge_files::merge_files;
use super::project_file::ProjectFile;
use crate::anchor::AnchorStatus;
use crate::basket::{BasketEdit, BasketError, BasketItem, BasketList, BasketName};
use crate::merge::AnnotationEntry;
use crate::model::Target;
use crate::record::{Record, RecordId, RecordSet};
use pizhu_text::document::{Document, Hints, parse};
use pizhu_text::text::{SourceText, Span};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A step of a user: what to do, and to which entry or where.
#[derive(Debug, Clone)]
enum Step {
    Add(usize),
    Move(usize, usize),
    Set(usize),
    Remove(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0_usize..20).prop_map(Step::Add),
        2 => (0_usize..20, 0_usize..20).prop_map(|(from, to)| Step::Move(from, to)),
        1 => (0_usize..20).prop_map(Step::Set),
        1 => (0_usize..20).prop_map(Step::Remove),
    ];
    prop::collection::vec(step, 0..12)
}

fn entries(records: &RecordSet) -> Vec<(RecordId, String)> {
    let list = BasketList::new(records.records());
    list.all().iter().flat_map(|basket| &basket.entries).map(|entry| (entry.id, entry.item.text().to_owned())).collect()
}

/// Does the steps; returns the records that they changed.
fn apply(file: &mut ProjectFile, author: &str, steps: &[Step]) -> BTreeSet<RecordId> {
    let mut touched = BTreeSet::new();
    for (number, step) in steps.iter().enumerate() {
        let before = file.records.clone();
        let listed = entries(&before);
        let chosen = |index: &usize| listed.get(index % listed.len().max(1)).map(|(id, _)| *id);
        let edit = match step {
            Step::Add(at) => BasketEdit::Add {
                basket: BasketName::Named("素材".into()),
                at: Some(at % (listed.len() + 1)),
                items: vec![BasketItem::words(&format!("{author}{number}"))],
            },
            Step::Move(from, to) => match chosen(from) {
                Some(entry) => BasketEdit::Move { entry, to: *to },
                None => continue,
            },
            Step::Set(index) => match chosen(index) {
                Some(entry) => BasketEdit::Set { entry, item: BasketItem::words(&format!("{author}改{number}")) },
                None => continue,
            },
            Step::Remove(index) => match chosen(index) {
                Some(entry) => BasketEdit::Remove { entries: vec![entry] },
                None => continue,
            },
        };
        edit.apply(&mut file.records, author).unwrap();
        for (id, entry) in file.records.records() {
            if before.records().get(id) != Some(entry) {
                touched.insert(*id);
            }
        }
        file.records.leave_tombstones(&before, author, &mut file.deleted);
        file.records.outlive(&file.deleted);
        file.records.settle(&mut file.deleted);
    }
    touched
}

fn ids(file: &ProjectFile) -> Vec<RecordId> {
    entries(&file.records).into_iter().map(|(id, _)| id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_merge_loses_no_entry(start in 0_usize..8, ours in steps(), theirs in steps()) {
        let mut base = ProjectFile::default();
        apply(&mut base, "起", &(0..start).map(Step::Add).collect::<Vec<_>>());
        let (mut a, mut b) = (base.clone(), base.clone());
        let changed_by_a = apply(&mut a, "甲", &ours);
        let changed_by_b = apply(&mut b, "乙", &theirs);
        let merged = ProjectFile::merge(&base, &a, &b);
        prop_assert_eq!(&merged, &ProjectFile::merge(&base, &b, &a));
        prop_assert_eq!(&merged, &ProjectFile::merge(&base, &merged, &b));
        let there: BTreeSet<RecordId> = ids(&merged).into_iter().collect();
        for (own, other) in [(&a, &b), (&b, &a)] {
            for (id, entry) in own.records.records() {
                // A deletion loses to a later edit.
                let deleted = match other.deleted.get(id) {
                    Some(AnnotationEntry::Tombstone(tombstone)) => tombstone.deleted_version >= entry.modified,
                    _ => false,
                };
                prop_assert!(deleted || merged.records.records().contains_key(id));
                let is_entry = matches!(entry.record, Record::BasketItem { .. });
                prop_assert!(deleted || !is_entry || there.contains(id));
            }
        }
        // The texts of both, and the order of those that neither has moved, are as each has them.
        let untouched: Vec<RecordId> =
            ids(&merged).into_iter().filter(|id| !changed_by_a.contains(id) && !changed_by_b.contains(id)).collect();
        let of_base: Vec<RecordId> = ids(&base).into_iter().filter(|id| untouched.contains(id)).collect();
        prop_assert_eq!(untouched, of_base);
        let text = merged.to_ron().unwrap();
        prop_assert_eq!(ProjectFile::from_ron(text.as_bytes()).file, merged);
    }

    #[test]
    fn an_edit_is_undone_by_its_inverse(before in steps(), step in steps()) {
        let mut file = ProjectFile::default();
        apply(&mut file, "甲", &before);
        let listed = entries(&file.records);
        let mut after = file.clone();
        apply(&mut after, "甲", &step);
        let changes = crate::record_change::changes_between(&file.records, &after.records);
        let action = crate::edit::Action::new(crate::edit::ActionKind::Edit, "甲", Vec::new()).with_records(changes);
        let undo = BasketEdit::Undo { action: std::sync::Arc::new(action) };
        undo.apply(&mut after.records, "甲").unwrap();
        prop_assert_eq!(entries(&after.records), listed);
    }

    #[test]
    fn a_moved_entry_stands_where_it_was_put(count in 1_usize..12, from in 0_usize..12, to in 0_usize..14) {
        let mut file = ProjectFile::default();
        apply(&mut file, "甲", &(0..count).map(|_| Step::Add(100)).collect::<Vec<_>>());
        let mut expected = ids(&file);
        let moved = expected.remove(from % count);
        expected.insert(to.min(count - 1), moved);
        BasketEdit::Move { entry: moved, to }.apply(&mut file.records, "甲").unwrap();
        prop_assert_eq!(ids(&file), expected);
    }
}

#[test]
fn baskets_of_one_name_made_on_two_machines_are_one() {
    let file = |author: &str| {
        let mut file = ProjectFile::default();
        apply(&mut file, author, &[Step::Add(0)]);
        file
    };
    let bytes = |file: &ProjectFile| file.to_ron().unwrap().into_bytes();
    let merged = merge_files(b"", &bytes(&file("甲")), &bytes(&file("乙"))).unwrap();
    let merged = ProjectFile::from_ron(merged.as_bytes()).file;
    let list = BasketList::new(merged.records.records());
    assert_eq!((list.all().len(), list.all()[0].entries.len()), (1, 2));
}

#[test]
fn names_are_kept_apart() {
    let mut records = RecordSet::default();
    let mut edit = |edit: BasketEdit| edit.apply(&mut records, "甲");
    edit(BasketEdit::Create { name: " 素材 ".into() }).unwrap();
    assert_eq!(edit(BasketEdit::Create { name: "素材".into() }), Err(BasketError::Exists("素材".into())));
    assert_eq!(edit(BasketEdit::Create { name: " ".into() }), Err(BasketError::BadName(String::new())));
    let first = BasketList::new(records.records()).find("素材").unwrap().id;
    BasketEdit::Rename { basket: first, name: "旧".into() }.apply(&mut records, "甲").unwrap();
    BasketEdit::Create { name: "素材".into() }.apply(&mut records, "甲").unwrap();
    let second = BasketList::new(records.records()).find("素材").unwrap().id;
    assert_ne!(first, second);
    // As after a merge with someone who renamed the other one back.
    records.set(first, "乙", Record::Basket { name: "素材".into() });
    let list = BasketList::new(records.records());
    assert!(matches!(list.find("素材"), Err(BasketError::Several { labels, .. }) if labels.len() == 2));
    let labels: Vec<String> = list.all().iter().map(|basket| list.label(basket.id)).collect();
    assert_eq!(labels, ["素材", "素材#2"]);
    assert_eq!(list.find("素材#2").map(|basket| basket.id), Ok(list.all()[1].id));
}

#[test]
fn entries_added_to_a_basket_deleted_elsewhere_are_kept() {
    let mut base = ProjectFile::default();
    apply(&mut base, "起", &[Step::Add(0)]);
    let (mut a, mut b) = (base.clone(), base.clone());
    apply(&mut a, "甲", &[Step::Add(1)]);
    let basket = BasketList::new(base.records.records()).all()[0].id;
    let before = b.records.clone();
    BasketEdit::Delete { basket }.apply(&mut b.records, "乙").unwrap();
    b.records.leave_tombstones(&before, "乙", &mut b.deleted);
    let merged = ProjectFile::merge(&base, &a, &b);
    let list = BasketList::new(merged.records.records());
    assert_eq!((list.all().len(), list.all()[0].name.as_str(), list.all()[0].entries.len()), (1, "", 1));
    let mut records = merged.records.clone();
    BasketEdit::Rename { basket, name: "找回".into() }.apply(&mut records, "甲").unwrap();
    assert_eq!(BasketList::new(records.records()).find("找回").unwrap().entries.len(), 1);
}

fn document(text: &str) -> Document {
    parse(SourceText::from(text), &Hints::default())
}

#[test]
fn passages_follow_their_chars_and_a_lost_one_keeps_its_words() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(StoreLocation::from_dir(&dir.path().join("store")), dir.path().join("state"));
    let path = dir.path().join("store/讲话.txt");
    let old = "在青禾县人才会上的讲话\n一、引进人才\n今年要引进一百名紧缺人才，把短板补起来。\n二、留住人才\n要把人才留在基层，让他们安心干事。\n";
    let start = old.split("今年").next().unwrap().chars().count();
    let sentence = Span::new(start, start + "今年要引进一百名紧缺人才，把短板补起来。".chars().count());
    let old = document(old);
    let passage = store.basket_passage(&old, &path, Target::Passage(sentence), None).unwrap();
    let (section, _) = old.outline.iter().nth(1).unwrap();
    let section = store.basket_passage(&old, &path, Target::Section(section), None).unwrap();
    assert_eq!((section.text.as_str(), passage.path.as_str()), ("二、留住人才\n要把人才留在基层，让他们安心干事。", "讲话.txt"));
    assert_eq!(passage.title, "在青禾县人才会上的讲话");
    let new = document(
        "在青禾县人才会上的讲话\n同志们：\n一、引进人才\n今年要引进三百名紧缺的人才，把短板补起来。\n二、留住人才\n要把人才留在基层，让他们安心干事。\n",
    );
    let placed = store.place_passages(&new, &[&passage, &section]);
    assert_eq!(placed[0].status, AnchorStatus::Changed, "{placed:?}");
    assert!(new.text(placed[0].span.unwrap()).contains("三百名紧缺的人才"));
    assert_eq!((placed[1].status, new.text(placed[1].span.unwrap()).contains("安心干事")), (AnchorStatus::Moved, true));
    let gone = document("在青禾县水利会上的讲话\n今天只说水利，先说渠道，再说水库，最后说用水户。\n");
    let lost = store.place_passages(&gone, &[&passage]);
    assert_eq!((lost[0].status, lost[0].span), (AnchorStatus::Orphaned, None));
    assert!(passage.kept_text().contains("一百名紧缺人才"));
}
