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
            for id in own {
                self.remove(id);
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use crate::store::{SpeechKey, Store, StoreLocation};
    use crate::{Edit, TagRef, Target};
    use pizhu_text::document::{Hints, parse};
    use pizhu_text::text::{SourceText, Span};

    /// What a blind author finds and what is counted for that author, before and after the author is done.
    #[test]
    fn a_blind_author_finds_only_own_annotations_until_done() {
        let dir = tempfile::tempdir().unwrap();
        let store = || Store::new(StoreLocation::from_dir(&dir.path().join("store")), dir.path().join("state"));
        let document = parse(SourceText::from("一、抓好人才工作\n要把人才放在心上。\n二、抓好基层党建\n"), &Hints::default());
        let path = dir.path().join("讲话.txt");
        let tag = |start, tag| vec![Edit::Tag { target: Target::Passage(Span::new(start, start + 4)), tags: vec![TagRef::derived(tag)] }];
        store().apply(&document, &path, "甲", tag(2, "人才工作")).unwrap();
        store().apply(&document, &path, "乙", tag(10, "作风建设")).unwrap();
        // Annotations found, tags counted in the list of speeches, and in the codebook.
        let found = |author: Option<&str>| {
            let store = store().blind_for(author);
            let annotations = store.annotations(&document, &path).unwrap().0;
            let authors: Vec<String> = annotations.iter().map(|anchored| anchored.annotation.author.clone()).collect();
            let listed = store.summaries(&[(path.clone(), None)]).unwrap();
            let mut tags: Vec<String> = listed[0].tags.iter().map(|(tag, _)| tag.name.clone()).collect();
            tags.sort();
            let used = store.used_tags().unwrap().len();
            (authors.join(" "), tags.join(" "), used)
        };
        let all = ("甲 乙".to_owned(), "人才工作 作风建设".to_owned(), 2);
        assert_eq!(found(None), all);
        assert_eq!(found(Some("甲")), ("甲".into(), "人才工作".into(), 1));
        assert_eq!(found(Some("丙")), (String::new(), String::new(), 0));
        let key = SpeechKey::from_document(store().location(), &document, &path);
        store().edit_records(&key, "甲", |records| _ = records.set_done("甲", true)).unwrap();
        assert_eq!((found(Some("甲")), found(Some("乙")).0), (all.clone(), "乙".to_owned()), "done is one's own");
        // A blind author's edit loses nothing.
        store().blind_for(Some("丙")).apply(&document, &path, "丙", tag(2, "人才工作")).unwrap();
        assert_eq!(found(None).0.matches(['甲', '乙', '丙']).count(), 3);
        store().edit_records(&key, "甲", |records| _ = records.set_done("甲", false)).unwrap();
        assert_eq!(found(Some("甲")).0, "甲");
    }
}
