//! Changes of records, as the journal and the history store them: undone by their inverse.

use super::{
    model::later_than,
    record::{RecordEntry, RecordId, RecordLine, RecordMap, RecordSet},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One record before and after an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ChangedLines", into = "ChangedLines")]
pub struct RecordChange {
    /// The record's id.
    pub id: RecordId,
    /// The old version; `None` if it is new.
    pub before: Option<RecordEntry>,
    /// The new version; `None` if it is deleted.
    pub after: Option<RecordEntry>,
}

/// A change as it is stored.
#[derive(Clone, Serialize, Deserialize)]
struct ChangedLines {
    before: Option<RecordLine>,
    after: Option<RecordLine>,
}

impl From<RecordChange> for ChangedLines {
    fn from(change: RecordChange) -> Self {
        let line = |entry: Option<RecordEntry>| entry.map(|entry| RecordLine::new(change.id, &entry));
        Self { before: line(change.before), after: line(change.after) }
    }
}

impl TryFrom<ChangedLines> for RecordChange {
    type Error = &'static str;

    fn try_from(lines: ChangedLines) -> Result<Self, Self::Error> {
        let [before, after] = [lines.before, lines.after].map(|line| line.map(RecordLine::into_entry));
        let id = before.as_ref().or(after.as_ref()).map(|(id, _)| *id).ok_or("a change without a record")?;
        Ok(Self { id, before: before.map(|(_, entry)| entry), after: after.map(|(_, entry)| entry) })
    }
}

/// The changes of records that undo others, given the present records: later changes by others to
/// the same records stay.
pub(crate) fn invert_records(changes: &[RecordChange], records: &RecordMap) -> Vec<RecordChange> {
    let invert = |change: &RecordChange| {
        let current = records.get(&change.id).cloned();
        let is_own = current.as_ref().map(|entry| &entry.record) == change.after.as_ref().map(|entry| &entry.record);
        if !is_own {
            return None;
        }
        let after = change.before.clone().map(|mut before| {
            let known = current.as_ref().map_or(before.modified, |entry| entry.modified);
            before.modified = later_than(known.max(before.modified));
            before
        });
        Some(RecordChange { id: change.id, before: current, after })
    };
    changes.iter().rev().filter_map(invert).collect()
}

/// Applies the changes to records in memory.
pub(crate) fn change_records(records: &mut RecordMap, changes: &[RecordChange]) {
    for change in changes {
        match &change.after {
            Some(after) => drop(records.insert(change.id, after.clone())),
            None => drop(records.remove(&change.id)),
        }
    }
}

/// The changes that lead from one set of records to another.
pub(crate) fn changes_between(before: &RecordSet, after: &RecordSet) -> Vec<RecordChange> {
    let (old, new) = (before.records(), after.records());
    let ids: BTreeSet<&RecordId> = old.keys().chain(new.keys()).collect();
    let changed = ids.into_iter().filter(|id| old.get(id) != new.get(id));
    changed.map(|id| RecordChange { id: *id, before: old.get(id).cloned(), after: new.get(id).cloned() }).collect()
}
