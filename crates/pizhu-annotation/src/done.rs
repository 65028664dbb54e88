//! Blind coding: an author's "done" with a speech, until which the marks of others are hidden from
//! that author.
//!
//! A speech has one record for an author, whose id is derived from the name: what an author says on
//! two machines is merged into the later word.

use super::{
    anchor_index::AnchorIndex,
    record::{Record, RecordId, RecordMap, RecordSet},
};
use std::collections::BTreeSet;

/// The id of the record that says that `author` is done.
fn done_id(author: &str) -> RecordId {
    RecordId::from_content(format!("done {author}").as_bytes())
}

/// Whether an author has declared a speech with these records done.
pub(crate) fn is_done(records: &RecordMap, author: &str) -> bool {
    records.values().any(|entry| entry.record == Record::Done && entry.author == author)
}

/// The annotations that a blind author sees: all of a speech that the author is done with, of any
/// other only the own.
pub(crate) fn visible_to(author: &str, records: &RecordMap, anchors: &AnchorIndex) -> Option<AnchorIndex> {
    (!is_done(records, author)).then(|| anchors.filtered(|anchored| anchored.annotation.author == author))
}

impl RecordSet {
    /// Whether an author has declared the speech done.
    #[must_use]
    pub fn is_done(&self, author: &str) -> bool {
        is_done(self.records(), author)
    }

    /// The authors who have declared the speech done.
    #[must_use]
    pub fn done_authors(&self) -> BTreeSet<&str> {
        self.records().values().filter(|entry| entry.record == Record::Done).map(|entry| entry.author.as_str()).collect()
    }

    /// Declares the speech done by an author, or takes that back. Returns whether it was otherwise.
    ///
    /// ```
    /// use pizhu_annotation::RecordSet;
    ///
    /// let mut records = RecordSet::default();
    /// assert!(records.set_done("甲", true) && !records.set_done("甲", true));
    /// assert!(records.is_done("甲") && !records.is_done("乙"));
    /// assert!(records.set_done("甲", false) && !records.is_done("甲"));
    /// ```
    pub fn set_done(&mut self, author: &str, done: bool) -> bool {
        if self.is_done(author) == done {
            return false;
        }
        if done {
            self.put(done_id(author), author, Record::Done);
        } else {
            let is_own = |record: &Record, by: &str| *record == Record::Done && by == author;
            let own: Vec<RecordId> =
                self.records().iter().filter(|(_, entry)| is_own(&entry.record, &entry.author)).map(|(id, _)| *id).collect();
            own.into_iter().for_each(|id| _ = self.remove(id));
        }
        true
    }
}
