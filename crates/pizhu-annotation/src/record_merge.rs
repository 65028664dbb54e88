//! Merging the changes of records that an action makes into a speech's file.

use super::{
    edit::{Action, ActionKind},
    merge::{AnnotationEntry, EntryMap, Tombstone},
    record::RecordSet,
};

/// Merges the changes of an action into records and tombstones: the later version stays, and a
/// deletion loses to a later edit. Undoing and redoing leave what was changed again.
pub(crate) fn apply_record_changes(records: &mut RecordSet, entries: &mut EntryMap, action: &Action) {
    let is_undone = matches!(action.kind, ActionKind::Undo(_) | ActionKind::Redo(_));
    for change in &action.records {
        let present = records.records().get(&change.id);
        if is_undone && present.map(|entry| &entry.record) != change.before.as_ref().map(|entry| &entry.record) {
            continue;
        }
        let existing = present.map(|entry| entry.modified);
        match (&change.after, &change.before) {
            (Some(after), _) => {
                let deleted = match entries.get(&change.id) {
                    Some(AnnotationEntry::Tombstone(tombstone)) => Some(tombstone.deleted_version),
                    _ => None,
                };
                if deleted.is_none_or(|deleted| deleted < after.modified) {
                    if deleted.is_some() {
                        entries.remove(&change.id);
                    }
                    records.insert(change.id, after.clone());
                }
            }
            (None, Some(before)) if existing.is_none_or(|existing| existing <= before.modified) => {
                records.remove(change.id);
                let (deleted_version, deleted, author) = (before.modified, action.at, action.author.clone());
                let tombstone = Tombstone { id: change.id, deleted_version, deleted, author };
                let later = |entry: &AnnotationEntry| matches!(entry, AnnotationEntry::Tombstone(other) if *other >= tombstone);
                if !entries.get(&change.id).is_some_and(later) {
                    entries.insert(change.id, AnnotationEntry::Tombstone(tombstone));
                }
            }
            (None, _) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::RestoreScope;
    use crate::record_change::{changes_between, invert_records};
    use crate::store::{SpeechKey, Store, StoreLocation};
    use pizhu_text::document::{Document, Hints, parse};
    use pizhu_text::text::SourceText;
    use std::path::{Path, PathBuf};

    fn speech(store: &Store, path: &Path) -> (Document, SpeechKey) {
        let document = parse(SourceText::from("今年要抓好人才工作，把短板补起来，把基层建设得更牢，把作风抓得更实。"), &Hints::default());
        let key = SpeechKey::from_document(store.location(), &document, path);
        (document, key)
    }

    fn value(store: &Store, key: &SpeechKey) -> Option<String> {
        store.load(key).unwrap().records().attribute("place").map(str::to_owned)
    }

    fn store(dir: &Path) -> (Store, PathBuf) {
        (Store::new(StoreLocation::from_dir(&dir.join("store")), dir.join("state")), dir.join("讲话.txt"))
    }

    #[test]
    fn attributes_are_in_the_history_and_restored() {
        let dir = tempfile::tempdir().unwrap();
        let (store, path) = store(dir.path());
        let (_, key) = speech(&store, &path);
        let set = |value: &str| store.edit_records(&key, "甲", |records| records.set_attribute("place", "甲", value)).unwrap();
        set("如皋");
        set("南通");
        store.edit_records(&key, "甲", |records| _ = records.unset_attribute("place")).unwrap();
        assert_eq!(value(&store, &key), None);
        let history = store.history(&key).unwrap();
        assert_eq!(history.iter().map(|action| action.records.len()).collect::<Vec<_>>(), [1, 1, 1]);
        for (number, wanted) in [(1, Some("如皋")), (3, None), (2, Some("南通"))] {
            assert_eq!(store.restore(&key, Some(history[number - 1].id), "甲", RestoreScope::All).unwrap(), (1, 0));
            assert_eq!(value(&store, &key).as_deref(), wanted, "after entry {number}");
        }
        assert_eq!(store.restore(&key, None, "甲", RestoreScope::All).unwrap(), (1, 0));
        assert_eq!(value(&store, &key), None);
    }

    #[test]
    fn restoring_leaves_the_records_that_only_others_have_changed_since() {
        let dir = tempfile::tempdir().unwrap();
        let (store, path) = store(dir.path());
        let (_, key) = speech(&store, &path);
        let set = |author: &str, name: &str, value: &str| {
            store.edit_records(&key, author, |records| records.set_attribute(name, author, value)).unwrap();
        };
        set("甲", "occasion", "人才会");
        set("甲", "occasion", "座谈会");
        set("乙", "place", "南通");
        let first = Some(store.history(&key).unwrap()[0].id);
        assert_eq!(store.restore(&key, first, "甲", RestoreScope::Own("甲")).unwrap(), (1, 1));
        let occasion = || store.load(&key).unwrap().records().attribute("occasion").map(str::to_owned);
        assert_eq!((value(&store, &key).as_deref(), occasion().as_deref()), (Some("南通"), Some("人才会")));
        assert_eq!(store.restore(&key, first, "甲", RestoreScope::All).unwrap(), (1, 0));
        assert_eq!((value(&store, &key), occasion().as_deref()), (None, Some("人才会")));
    }

    /// An editor saves a copy that it read before the last edit.
    #[test]
    fn attributes_that_an_older_copy_has_overwritten_come_back() {
        let dir = tempfile::tempdir().unwrap();
        let (store, path) = store(dir.path());
        let (_, key) = speech(&store, &path);
        let set = |key: &SpeechKey, name: &str, value: &str| {
            store.edit_records(key, "甲", |records| records.set_attribute(name, "甲", value)).unwrap();
        };
        set(&key, "place", "如皋");
        let (file, _) = store.speeches().unwrap().pop().unwrap();
        let older = std::fs::read(&file).unwrap();
        set(&key, "place", "南通");
        std::fs::write(&file, older).unwrap();
        set(&key, "occasion", "人才会");
        assert_eq!(value(&store, &key).as_deref(), Some("南通"));
    }

    #[test]
    fn undo_keeps_later_changes() {
        let mut records = RecordSet::default();
        let before = records.clone();
        records.set_attribute("place", "甲", "如皋");
        let action = Action::new(ActionKind::Edit, "甲", Vec::new()).with_records(changes_between(&before, &records));
        let inverse = |action: &Action, kind, records: &RecordSet| {
            Action::new(kind, "甲", Vec::new()).with_records(invert_records(&action.records, records.records()))
        };
        let undo = inverse(&action, ActionKind::Undo(action.id), &records);
        let mut changed = records.clone();
        changed.set_attribute("place", "乙", "南通");
        assert!(inverse(&action, ActionKind::Undo(action.id), &changed).is_empty(), "known to be changed");
        let mut entries = EntryMap::new();
        apply_record_changes(&mut changed, &mut entries, &undo);
        assert_eq!((changed.attribute("place"), entries.len()), (Some("南通"), 0), "changed meanwhile");
        apply_record_changes(&mut records, &mut entries, &undo);
        assert_eq!((records.attribute("place"), entries.len()), (None, 1));
        let redo = inverse(&undo, ActionKind::Redo(undo.id), &records);
        apply_record_changes(&mut records, &mut entries, &redo);
        assert_eq!((records.attribute("place"), entries.len()), (Some("如皋"), 0));
        let line = serde_json::to_string(&redo).unwrap();
        assert_eq!(serde_json::from_str::<Action>(&line).unwrap(), redo);
    }
}
