//! Speeches that share annotations, and that part: copies of one text, and what another store has.
//!
//! Copies of a text share one file until the user parts them; a text that was moved and edited at
//! once is joined to its annotations by the user, too.

use super::{
    Notice, SpeechKey, Store, StoreError,
    files::{Head, fitting},
    sheet::{Reading, Sheet, SpeechRecord},
};
use crate::codebook::Codebook;
use crate::edit::Action;
use crate::edit::ActionKind;
use crate::edit::Change;
use crate::merge::Entries;
use crate::merge::Entry;
use crate::merge::merge;
use crate::storage::Stamp;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// What a speech has in common with other copies of its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copies {
    /// Whether the user parted it from them.
    pub apart: bool,
    /// The other copies that are there, as far as the store knows of them.
    pub others: Vec<PathBuf>,
}

impl Store {
    /// The copies that a speech shares its annotations with, or where it was parted could.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn copies(&self, key: &SpeechKey) -> Result<Copies, StoreError> {
        let heads = self.heads()?;
        let own = fitting(&heads, Some(key.hash), &key.name);
        let record = |path: &PathBuf| heads.iter().find(|(file, _)| file == path).and_then(|(_, record)| record.as_deref());
        let apart = own.first().and_then(record).is_some_and(|record| record.apart);
        let shared: Vec<&Head> = heads.iter().filter(|(path, _)| !(apart && own.contains(path))).collect();
        let files = if apart { fitting(shared, Some(key.hash), "") } else { own };
        let names: BTreeSet<&String> = files.iter().filter_map(record).flat_map(|record| &record.paths).collect();
        let others = names.into_iter().filter(|name| **name != key.name).map(|name| self.place.document_path(name));
        Ok(Copies { apart, others: others.filter(|path| self.storage.stamp(path).is_ok()).collect() })
    }

    /// Parts a speech from other copies of its text: from now on it has annotations of its own,
    /// at first those that were shared. `false` where it was parted before.
    ///
    /// # Errors
    /// When the store cannot be read or written; then nothing has changed.
    pub fn part(&self, key: &SpeechKey) -> Result<bool, StoreError> {
        let _lock = self.lock()?;
        self.recover_before(key)?;
        let files = fitting(&self.heads()?, Some(key.hash), &key.name);
        let book = self.codebook()?;
        let speech = self.load_files(&files, &book)?;
        check_whole(&speech.readings, &files)?;
        if speech.record().is_some_and(|record| record.apart) {
            return Ok(false);
        }
        let record =
            SpeechRecord { hash: key.hash, paths: vec![key.name.clone()], title: key.title.clone(), formerly: Vec::new(), apart: true };
        let own = self.new_path(key);
        // The parted copy first: a crash between the two leaves it with its own file, which goes
        // before one that is shared.
        self.write_sheet(&own, &Sheet { speech: record, entries: speech.entries.clone() })?;
        if let Some(file) = files.first() {
            self.copy_history(file, &own)?;
            self.persist(|| {
                let there = self.load_files(&files, &book)?;
                check_whole(&there.readings, &files)?;
                let Some(mut record) = there.record().cloned() else { return Ok(Some(())) };
                record.paths.retain(|path| *path != key.name);
                self.rewrite(&there.files, &Sheet { speech: record, entries: there.entries })
            })?;
        }
        Ok(true)
    }

    /// Lets a speech share the annotations of another, which is named by its path (and is perhaps
    /// not there any more: moved and edited), or for `None` of the other copies of its text. What
    /// both have is merged. `false` where there is nothing to join.
    ///
    /// # Errors
    /// When the store cannot be read or written; then nothing has changed.
    pub fn join(&self, key: &SpeechKey, other: Option<&SpeechKey>, other_name: Option<&str>) -> Result<bool, StoreError> {
        let _lock = self.lock()?;
        self.recover_before(key)?;
        let heads = self.heads()?;
        let own = fitting(&heads, Some(key.hash), &key.name);
        let others: Vec<&Head> = heads.iter().filter(|(path, _)| !own.contains(path)).collect();
        let theirs = match (other, other_name) {
            (Some(other), _) => fitting(others, Some(other.hash), &other.name),
            (None, Some(name)) => fitting(others, None, name),
            // Under no name at all, only the text tells.
            (None, None) => fitting(others, Some(key.hash), ""),
        };
        if theirs.is_empty() {
            return Ok(false);
        }
        let book = self.codebook()?;
        self.persist(|| {
            let (mine, there) = (self.load_files(&own, &book)?, self.load_files(&theirs, &book)?);
            check_whole(&mine.readings, &own)?;
            check_whole(&there.readings, &theirs)?;
            let Some(record) = there.record().cloned() else { return Ok(Some(false)) };
            let apart = record.apart;
            let mut joined = match mine.record().cloned() {
                Some(own) => own.joined(record),
                None => record,
            };
            joined.see(key);
            joined.apart = apart;
            let files: Vec<(PathBuf, Stamp)> = there.files.into_iter().chain(mine.files).collect();
            let sheet = Sheet { speech: joined, entries: merge(&Entries::new(), &there.entries, &mine.entries) };
            let Some(()) = self.rewrite(&files, &sheet)? else { return Ok(None) };
            for file in files.iter().skip(1) {
                self.retire(file)?;
            }
            Ok(Some(true))
        })
    }

    /// Takes over the annotations that `from` has of speeches under `folder`, which are in both
    /// stores then. Gives the number of speeches.
    ///
    /// # Errors
    /// When a store cannot be read, or this one not written.
    pub fn adopt(&self, from: &Self, folder: &Path, author: &str) -> Result<usize, StoreError> {
        let folder = super::locate::absolute(folder);
        let book = from.codebook()?;
        let mut count = 0;
        for (file, record) in from.speeches()? {
            let here = record.paths.iter().rev().map(|name| from.place.document_path(name)).find(|path| path.starts_with(&folder));
            let Some(path) = here else { continue };
            let key = SpeechKey { hash: record.hash, name: self.place.document_name(&path), title: record.title.clone() };
            let there = self.load(&key)?.entries;
            let coming = from.load_file(&file)?;
            let changes: Vec<Change> = coming
                .annotations()
                .filter(|annotation| !there.contains_key(&annotation.id))
                .map(|annotation| Change { before: None, after: Some((*annotation).clone()) })
                .collect();
            if changes.is_empty() {
                continue;
            }
            self.describe_tags(&book, &coming.entries)?;
            self.commit(&key, &[Action::new(ActionKind::Import, author, changes)])?;
            count += 1;
        }
        Ok(count)
    }

    /// Adds the tags in use that this codebook lacks as the other one has them, with those above.
    fn describe_tags(&self, book: &Codebook, entries: &Entries) -> Result<(), StoreError> {
        let used: BTreeSet<&String> = entries.values().filter_map(Entry::live).flat_map(|annotation| &annotation.tags).collect();
        self.edit_codebook(|own| {
            for (_, tag) in book.tree() {
                let is_above = used.iter().any(|used| book.is_within(used, &tag.name));
                if is_above && own.get(&tag.name).is_none() {
                    own.add(tag.clone())?;
                }
            }
            Ok(())
        })
    }

    /// Other files that share the annotations of a speech seen for the first time.
    pub(super) fn shared_with(&self, key: &SpeechKey, record: &SpeechRecord) -> Option<Notice> {
        if record.apart || record.paths.contains(&key.name) {
            return None;
        }
        let path = self.place.document_path(&key.name);
        let others = record.paths.iter().rev().map(|name| self.place.document_path(name));
        // Where none is there the speech has been moved.
        others.into_iter().find(|other| self.storage.stamp(other).is_ok()).map(|with| Notice::Shared { path, with })
    }
}

/// What is damaged, or of a newer program, is not written anew by the way.
fn check_whole(readings: &[Reading], files: &[PathBuf]) -> Result<(), StoreError> {
    for (reading, file) in readings.iter().zip(files) {
        if reading.is_newer() {
            return Err(StoreError::Newer(file.clone()));
        }
        if !reading.is_whole() {
            return Err(StoreError::NotTheSame(file.clone()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Edit;
    use crate::Place;
    use crate::Target;
    use pizhu_text::document::Document;
    use pizhu_text::text::SourceText;
    use pizhu_text::text::Span;

    const TEXT: &str = "一、抓好人才工作\n要把人才放在心上。\n二、抓好基层党建\n";

    fn document(text: &str) -> Document {
        Document { source: SourceText::from(text), is_final: true, ..Document::default() }
    }

    fn tag(start: usize, tag: &str) -> Vec<Edit> {
        vec![Edit::Tag { target: Target::Passage(Span::new(start, start + 4)), tags: vec![tag.to_owned()] }]
    }

    struct Desk {
        dir: tempfile::TempDir,
    }

    impl Desk {
        fn store(&self) -> Store {
            Store::new(Place::given(&self.dir.path().join("store")), self.dir.path().join("state"))
        }

        fn path(&self, name: &str) -> PathBuf {
            self.dir.path().join(name)
        }

        fn key(&self, text: &str, name: &str) -> SpeechKey {
            SpeechKey::of(self.store().place(), &document(text), &self.path(name))
        }

        fn tag(&self, text: &str, name: &str, start: usize, word: &str) {
            self.store().apply(&document(text), &self.path(name), "甲", tag(start, word)).unwrap();
        }

        fn tags(&self, text: &str, name: &str) -> Vec<String> {
            let (placements, _) = self.store().annotations(&document(text), &self.path(name)).unwrap();
            placements.iter().flat_map(|placed| placed.annotation.tags.iter().cloned()).collect()
        }
    }

    #[test]
    fn copies_share_until_they_are_parted_and_again_when_they_are_joined() {
        let desk = Desk { dir: tempfile::tempdir().unwrap() };
        std::fs::write(desk.path("甲.txt"), TEXT).unwrap();
        desk.tag(TEXT, "甲.txt", 0, "一");
        let (_, notices) = desk.store().annotations(&document(TEXT), &desk.path("乙.txt")).unwrap();
        assert!(matches!(notices.as_slice(), [Notice::Shared { .. }]), "{notices:?}");
        desk.tag(TEXT, "乙.txt", 9, "二");
        assert_eq!(desk.tags(TEXT, "甲.txt"), ["一", "二"]);

        std::fs::write(desk.path("乙.txt"), TEXT).unwrap();
        let copies = |name: &str| {
            let copies = desk.store().copies(&desk.key(TEXT, name)).unwrap();
            let names = copies.others.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
            (copies.apart, names.collect::<Vec<_>>().concat())
        };
        assert_eq!(copies("甲.txt"), (false, "乙.txt".to_owned()));
        assert_eq!(copies("乙.txt"), (false, "甲.txt".to_owned()));

        assert!(desk.store().part(&desk.key(TEXT, "乙.txt")).unwrap());
        assert_eq!(copies("乙.txt"), (true, "甲.txt".to_owned()));
        assert_eq!(copies("甲.txt"), (false, String::new()), "nothing to part from any more");
        assert!(!desk.store().part(&desk.key(TEXT, "乙.txt")).unwrap(), "once is enough");
        desk.tag(TEXT, "乙.txt", 14, "乙的");
        desk.tag(TEXT, "甲.txt", 20, "甲的");
        assert_eq!(desk.tags(TEXT, "乙.txt"), ["一", "二", "乙的"]);
        assert_eq!(desk.tags(TEXT, "甲.txt"), ["一", "二", "甲的"]);
        assert_eq!(desk.tags(TEXT, "丙.txt"), ["一", "二", "甲的"], "a third copy shares with those that share");
        let edited = format!("{TEXT}又及\n");
        assert_eq!(desk.tags(&edited, "乙.txt"), ["一", "二", "乙的"], "the parted copy edited");

        assert!(desk.store().join(&desk.key(TEXT, "乙.txt"), None, None).unwrap());
        for name in ["甲.txt", "乙.txt", "丙.txt"] {
            assert_eq!(desk.tags(TEXT, name), ["一", "二", "乙的", "甲的"], "{name}");
        }
        assert!(!desk.store().join(&desk.key(TEXT, "乙.txt"), None, None).unwrap());
    }

    #[test]
    fn a_speech_moved_and_edited_at_once_is_joined_by_its_old_name() {
        let desk = Desk { dir: tempfile::tempdir().unwrap() };
        desk.tag(TEXT, "甲.txt", 0, "一");
        let edited = format!("新的开头，{TEXT}");
        assert!(desk.tags(&edited, "年/乙.txt").is_empty());
        let key = desk.key(&edited, "年/乙.txt");
        let old = desk.store().place().document_name(&desk.path("甲.txt"));
        assert!(desk.store().join(&key, None, Some(&old)).unwrap());
        assert_eq!(desk.tags(&edited, "年/乙.txt"), ["一"]);
        assert!(!desk.store().join(&key, None, Some("没有.txt")).unwrap());
    }

    #[test]
    fn a_shared_store_takes_over_what_the_users_own_has() {
        let desk = Desk { dir: tempfile::tempdir().unwrap() };
        desk.tag(TEXT, "组/甲.txt", 0, "一");
        desk.tag("别处的讲话，不在组里。", "乙.txt", 0, "二");
        desk.store().edit_codebook(|book| book.describe("一", |tag| tag.definition = "第一".to_owned())).unwrap();
        let shared = Store::new(Place::given(&desk.path("组/.pizhu")), desk.path("state"));
        assert_eq!(shared.adopt(&desk.store(), &desk.path("组"), "甲").unwrap(), 1);
        assert_eq!(shared.adopt(&desk.store(), &desk.path("组"), "甲").unwrap(), 0, "nothing is taken over twice");
        let (there, _) = shared.annotations(&document(TEXT), &desk.path("组/甲.txt")).unwrap();
        assert_eq!(there.len(), 1);
        assert_eq!(shared.codebook().unwrap().get("一").unwrap().definition, "第一");
    }
}
