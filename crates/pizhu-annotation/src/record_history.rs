//! Records in the history: applying the changes of an action, and the way back to a state.

use super::{
    edit::{Action, ActionKind},
    merge::{AnnotationEntry, EntryMap, Tombstone},
    model::later_than,
    record::{Record, RecordEntry, RecordId, RecordMap, RecordSet},
    record_change::RecordChange,
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

impl RecordSet {
    /// The changes that lead from `before` to this.
    pub(crate) fn changes_since(&self, before: &Self) -> Vec<RecordChange> {
        let (old, new) = (before.records(), self.records());
        let ids: BTreeSet<&RecordId> = old.keys().chain(new.keys()).collect();
        let changed = ids.into_iter().filter(|id| old.get(id) != new.get(id));
        changed.map(|id| RecordChange { id: *id, before: old.get(id).cloned(), after: new.get(id).cloned() }).collect()
    }

    /// Merges the changes of an action; what it deletes leaves a tombstone among `entries`.
    pub(crate) fn apply_action(&mut self, entries: &mut EntryMap, action: &Action) {
        for change in &action.records {
            let existing = self.records().get(&change.id);
            // What was changed again is not undone.
            let is_undone = matches!(action.kind, ActionKind::Undo(_) | ActionKind::Redo(_));
            if is_undone && existing != change.before.as_ref() {
                continue;
            }
            match (&change.after, &change.before) {
                (Some(after), _) => {
                    let is_dead = match entries.get(&change.id) {
                        Some(AnnotationEntry::Tombstone(tombstone)) => tombstone.deleted_version >= after.modified,
                        _ => false,
                    };
                    if !is_dead {
                        self.insert(change.id, after.clone());
                        self.settle(entries);
                    }
                }
                (None, Some(before)) if existing.is_none_or(|existing| existing.modified <= before.modified) => {
                    self.remove(change.id);
                    let tombstone =
                        Tombstone { id: change.id, deleted_version: before.modified, deleted: action.at, author: action.author.clone() };
                    entries.insert(change.id, AnnotationEntry::Tombstone(tombstone));
                }
                (None, _) => {}
            }
        }
    }
}

/// The changes that lead from the present records to the state after the first `count` actions of a
/// history; see [`changes_to_state`](super::history::changes_to_state).
pub(crate) fn record_changes_to_state(history: &[Action], count: usize, present: &RecordMap) -> Vec<RecordChange> {
    let mut state: BTreeMap<RecordId, Option<&RecordEntry>> = BTreeMap::new();
    for change in history.iter().take(count).flat_map(|action| &action.records) {
        state.insert(change.id, change.after.as_ref());
    }
    for change in history.iter().skip(count).flat_map(|action| &action.records) {
        state.entry(change.id).or_insert(change.before.as_ref());
    }
    let mut latest: BTreeMap<RecordId, Timestamp> = BTreeMap::new();
    for change in history.iter().flat_map(|action| &action.records) {
        for version in change.before.iter().chain(&change.after) {
            let time = latest.entry(change.id).or_insert(version.modified);
            *time = version.modified.max(*time);
        }
    }
    let content = |entry: &RecordEntry| -> Record { entry.record.clone() };
    let restored = state.into_iter().filter_map(|(id, wanted)| {
        let before = present.get(&id);
        if wanted.map(content) == before.map(content) {
            return None;
        }
        let after = wanted.map(|wanted| {
            let known = before.map_or(wanted.modified, |before| before.modified);
            RecordEntry { modified: later_than(latest.get(&id).copied().unwrap_or(known).max(known)), ..wanted.clone() }
        });
        Some(RecordChange { id, before: before.cloned(), after })
    });
    restored.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
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
            assert_eq!(store.restore(&key, Some(history[number - 1].id), "甲").unwrap(), 1);
            assert_eq!(value(&store, &key).as_deref(), wanted, "after entry {number}");
        }
        assert_eq!(store.restore(&key, None, "甲").unwrap(), 1);
        assert_eq!(value(&store, &key), None);
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
    fn undoing_leaves_what_was_changed_since() {
        let mut records = RecordSet::default();
        let before = records.clone();
        records.set_attribute("place", "甲", "如皋");
        let action = Action::new(ActionKind::Edit, "甲", Vec::new()).with_records(records.changes_since(&before));
        let undo = Action::new(ActionKind::Undo(action.id), "甲", Vec::new()).with_records(action.inverse_records());
        let mut changed = records.clone();
        changed.set_attribute("place", "乙", "南通");
        let mut entries = EntryMap::new();
        changed.apply_action(&mut entries, &undo);
        assert_eq!((changed.attribute("place"), entries.len()), (Some("南通"), 0));
        records.apply_action(&mut entries, &undo);
        assert_eq!((records.attribute("place"), entries.len()), (None, 1));
        let redo = Action::new(ActionKind::Redo(undo.id), "甲", Vec::new()).with_records(undo.inverse_records());
        records.apply_action(&mut entries, &redo);
        assert_eq!((records.attribute("place"), entries.len()), (Some("如皋"), 0));
        let line = serde_json::to_string(&redo).unwrap();
        assert_eq!(serde_json::from_str::<Action>(&line).unwrap(), redo);
    }
}
