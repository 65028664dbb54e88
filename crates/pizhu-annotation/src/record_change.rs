//! Changes of records in the history: whole versions before and after, so that they are undone and
//! restored as changes of annotations are.

use super::{
    model::later_than,
    record::{RecordEntry, RecordId, RecordLine},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One record before and after an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "RecordChangeLine", into = "RecordChangeLine")]
pub struct RecordChange {
    /// The record.
    pub id: RecordId,
    /// The old version; `None` if it is new.
    pub before: Option<RecordEntry>,
    /// The new version; `None` if it is deleted.
    pub after: Option<RecordEntry>,
}

/// A change as it is written.
#[derive(Serialize, Deserialize)]
struct RecordChangeLine {
    before: Option<RecordLine>,
    after: Option<RecordLine>,
}

impl From<RecordChange> for RecordChangeLine {
    fn from(change: RecordChange) -> Self {
        let line = |entry: Option<RecordEntry>| entry.map(|entry| RecordLine::new(change.id, &entry));
        Self { before: line(change.before), after: line(change.after) }
    }
}

impl From<RecordChangeLine> for RecordChange {
    fn from(line: RecordChangeLine) -> Self {
        let (before, after) = (line.before.map(RecordLine::into_entry), line.after.map(RecordLine::into_entry));
        let id = after.as_ref().or(before.as_ref()).map(|(id, _)| *id).unwrap_or_default();
        Self { id, before: before.map(|(_, entry)| entry), after: after.map(|(_, entry)| entry) }
    }
}

impl RecordChange {
    /// The time of the version after the change, or of the one that it deleted.
    pub(crate) fn modified(&self) -> Option<Timestamp> {
        self.after.as_ref().or(self.before.as_ref()).map(|entry| entry.modified)
    }

    /// The change back. It is applied only if nobody has changed the record since.
    pub(crate) fn inverse(&self) -> Self {
        let time = self.modified().map(later_than);
        let after = self.before.clone().zip(time).map(|(entry, modified)| RecordEntry { modified, ..entry });
        Self { id: self.id, before: self.after.clone(), after }
    }
}
