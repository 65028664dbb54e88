//! Copies of one text: sharing annotations, detaching and attaching. Also copies annotations from
//! another store.
//!
//! Copies of a text share one file until the user detaches them; a text that was moved and edited
//! at the same time is attached to its annotations by the user.

use super::{
    error::StoreError,
    find_speech::FoundBy,
    handle::Store,
    loaded_speech::LoadedSpeech,
    proposal::Proposal,
    record_match::{FileHeader, SpeechQuery},
    replace::check_rewritable,
    speech_file::{SpeechFile, SpeechRecord},
    speech_key::SpeechKey,
    warning::StoreWarning,
};
use crate::codebook::{Codebook, Tag, TagId};
use crate::edit::Action;
use crate::edit::ActionKind;
use crate::edit::AnnotationChange;
use crate::identity::SpeechHash;
use crate::merge::AnnotationEntry;
use crate::merge::EntryMap;
use crate::merge::merge;
use crate::path_name::canonical_path;
use crate::record::{RecordId, RecordSet};
use crate::record_change::RecordChange;
use crate::storage::FileFingerprint;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// Whether a speech shares its annotations with other copies of its text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CopyStatus {
    /// Whether the user detached it from the other copies.
    pub detached: bool,
    /// The other existing copies known to the store.
    pub others: Vec<PathBuf>,
    /// Annotations of other speeches that may belong to it.
    pub proposed: Vec<Proposal>,
}

impl Store {
    /// The copies that a speech shares its annotations with, or could if it was attached again.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn copies(&self, key: &SpeechKey) -> Result<CopyStatus, StoreError> {
        let (headers, found) = (self.headers()?, self.find_speech(key)?);
        let record = |path: &PathBuf| headers.iter().find(|(file, _)| file == path).and_then(|(_, record)| record.as_deref());
        let detached = found.record.as_ref().is_some_and(|record| record.detached);
        let proposed = self.proposals_for(key, &found)?;
        let shared: Vec<&FileHeader> = headers.iter().filter(|(path, _)| !(detached && found.files.contains(path))).collect();
        let files = if detached { self.files_with_text(shared, key.hash) } else { found.files };
        let records = files.iter().filter_map(|file| Some((file, record(file)?)));
        let others: BTreeSet<PathBuf> = records.flat_map(|(file, record)| self.other_places(key, record, file)).collect();
        Ok(CopyStatus { detached, others: others.into_iter().collect(), proposed })
    }

    /// Detaches a speech from other copies of its text: from now on it has annotations of its own,
    /// at first those that were shared. `false` if it was detached before.
    ///
    /// # Errors
    /// Fails if the store cannot be read or written; then nothing has changed.
    pub fn detach(&self, key: &SpeechKey) -> Result<bool, StoreError> {
        let _lock = self.lock()?;
        self.recover_before(key)?;
        let files = self.speech_files(key)?;
        self.part_copy(key, &files, true)
    }

    /// Gives a copy that was edited annotations of its own: those that it had as a copy. `false` if it
    /// is no such copy, or has them already.
    ///
    /// # Errors
    /// Fails if the store cannot be read or written; then nothing has changed.
    pub(crate) fn part_edited_copy(&self, key: &SpeechKey) -> Result<bool, StoreError> {
        if self.find_speech(key)?.by != FoundBy::EditedCopy {
            return Ok(false);
        }
        let _lock = self.lock()?;
        self.recover_before(key)?;
        let found = self.find_speech(key)?;
        if found.by == FoundBy::EditedCopy { self.part_copy(key, &found.files, false) } else { Ok(false) }
    }

    /// Copies the annotations in `files` to a file of the speech's own, under the store's lock; `false`
    /// if it was detached before.
    pub(super) fn part_copy(&self, key: &SpeechKey, files: &[PathBuf], detached: bool) -> Result<bool, StoreError> {
        let speech = self.load_files(files, &*self.book_to_read()?)?;
        check_rewritable(&speech.outcomes, files)?;
        if speech.record().is_some_and(|record| record.detached) {
            return Ok(false);
        }
        let own = self.unused_path(key, &|path| self.storage.fingerprint(path).is_ok());
        let record = SpeechRecord { detached, ..SpeechRecord::of_key(key) };
        // The copy first: a crash between the two leaves it with its own file, which ranks before a
        // shared one.
        self.write_speech_file(&own, &SpeechFile { speech: record, entries: speech.entries.clone(), records: speech.records.clone() })?;
        if let Some(file) = files.first() {
            self.copy_history(file, &own)?;
            self.release_name(file, &key.name)?;
        }
        self.note_seen(key, &own);
        if !detached && let Some(from) = files.first() {
            let count = speech.annotations().count();
            let path = self.location.document_path(&key.name);
            self.warn(StoreWarning::CopyParted { path, from: from.clone(), count });
        }
        Ok(true)
    }

    /// The files among `headers` with this text, whatever their paths.
    fn files_with_text<'a>(&self, headers: impl IntoIterator<Item = &'a FileHeader>, hash: SpeechHash) -> Vec<PathBuf> {
        let seen = self.seen();
        SpeechQuery { hash: Some(hash), name: "", seen: &seen }.matching_files(headers).0
    }

    /// Attaches a speech to the annotations of another, given by key or by name (it may no longer
    /// exist: moved and edited), or for `None` to those of the other copies of its text.
    /// Annotations of both are merged. `false` if there is nothing to attach to.
    ///
    /// # Errors
    /// Fails if the store cannot be read or written; then nothing has changed.
    pub fn attach(&self, key: &SpeechKey, other: Option<&SpeechKey>, other_name: Option<&str>) -> Result<bool, StoreError> {
        let _lock = self.lock()?;
        self.recover_before(key)?;
        let (headers, seen) = (self.headers()?, self.seen());
        let own = self.speech_files(key)?;
        let others: Vec<&FileHeader> = headers.iter().filter(|(path, _)| !own.contains(path)).collect();
        let theirs = match (other, other_name) {
            (Some(other), _) => SpeechQuery { hash: Some(other.hash), name: &other.name, seen: &seen }.matching_files(others).0,
            (None, Some(name)) => SpeechQuery { hash: None, name, seen: &seen }.matching_files(others).0,
            // Without a name, only the text is matched.
            (None, None) => self.files_with_text(others, key.hash),
        };
        if theirs.is_empty() {
            return Ok(false);
        }
        let book = self.codebook()?;
        self.retry_until_unchanged(|| {
            let (mine, existing) = (self.load_files(&own, &book)?, self.load_files(&theirs, &book)?);
            check_rewritable(&mine.outcomes, &own)?;
            check_rewritable(&existing.outcomes, &theirs)?;
            let Some(record) = existing.record().cloned() else { return Ok(Some(false)) };
            let detached = record.detached;
            let mut joined = match mine.record().cloned() {
                Some(own) => own.joined(record),
                None => record,
            };
            let theirs = joined.hash;
            joined.update_from(key);
            joined.similar_texts.retain(|similar| *similar != theirs);
            joined.detached = detached;
            let files: Vec<(PathBuf, FileFingerprint)> = existing.files.into_iter().chain(mine.files).collect();
            let mut entries = merge(&EntryMap::new(), &existing.entries, &mine.entries);
            let mut records = RecordSet::merge(&RecordSet::default(), &existing.records, &mine.records);
            records.settle(&mut entries);
            let merged_file = SpeechFile { speech: joined, entries, records };
            let Some(()) = self.rewrite(&files, &merged_file)? else { return Ok(None) };
            for file in files.iter().skip(1) {
                self.move_history(&file.0, &files[0].0)?;
                self.retire(file)?;
            }
            self.note_seen(key, &files[0].0);
            Ok(Some(true))
        })
    }

    /// Copies the annotations of speeches under `folder` from another store, with what else is recorded of
    /// them: mended headings, attributes and the like. Returns the number of speeches.
    ///
    /// # Errors
    /// Fails if a store cannot be read, or this one not written.
    pub fn copy_annotations_from(&self, from: &Self, folder: &Path, author: &str) -> Result<usize, StoreError> {
        let folder = canonical_path(folder);
        let book = from.codebook()?;
        let mut count = 0;
        for (file, record) in from.speeches()? {
            let found = record.paths.iter().rev().map(|name| from.location.document_path(name)).find(|path| path.starts_with(&folder));
            let Some(path) = found else { continue };
            let key = SpeechKey::without_text(record.hash, self.location.document_name(&path), record.title.clone());
            let LoadedSpeech { entries: existing, records: existing_records, .. } = self.load(&key)?;
            let incoming = from.load_file(&file)?;
            let changes: Vec<AnnotationChange> = incoming
                .annotations()
                .filter(|annotation| !existing.contains_key(&annotation.id))
                .map(|annotation| AnnotationChange { before: None, after: Some((*annotation).clone()) })
                .collect();
            // A tombstone among the entries may be that of a record.
            let is_here = |id: &RecordId| existing.contains_key(id) || existing_records.records().contains_key(id);
            let records: Vec<RecordChange> = incoming
                .records
                .records()
                .iter()
                .filter(|(id, _)| !is_here(id))
                .map(|(id, entry)| RecordChange { id: *id, before: None, after: Some(entry.clone()) })
                .collect();
            if changes.is_empty() && records.is_empty() {
                continue;
            }
            self.copy_used_tags(&book, &incoming.entries)?;
            self.commit_and_keep_warnings(&key, &[Action::new(ActionKind::Import, author, changes).with_records(records)])?;
            count += 1;
        }
        Ok(count)
    }

    /// Copies tags in use that this codebook lacks from `book`, with their ancestors.
    fn copy_used_tags(&self, book: &Codebook, entries: &EntryMap) -> Result<(), StoreError> {
        let used: BTreeSet<TagId> =
            entries.values().filter_map(AnnotationEntry::annotation).flat_map(|annotation| &annotation.tags).map(|tag| tag.id).collect();
        let is_above = |above: TagId| used.iter().any(|used| book.is_within(*used, above));
        let needed: Vec<Tag> = book.tags().iter().filter(|tag| is_above(tag.id)).cloned().collect();
        let needed = Codebook::from_parts(needed, Vec::new());
        self.edit_codebook(|own| {
            *own = Codebook::two_way_merge(own, &needed);
            Ok(())
        })
    }

    /// The warning that a speech seen for the first time shares its annotations with another file.
    pub(super) fn sharing_warning(&self, key: &SpeechKey, record: &SpeechRecord, file: &Path) -> Option<StoreWarning> {
        let path = self.location.document_path(&key.name);
        // If no other file exists, the speech was moved.
        self.other_places(key, record, file).next().map(|with| StoreWarning::Shared { path, with })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Edit;
    use crate::StoreLocation;
    use crate::Target;
    use pizhu_text::document::Document;
    use pizhu_text::text::SourceText;
    use pizhu_text::text::Span;

    const TEXT: &str = "一、抓好人才工作\n要把人才放在心上。\n二、抓好基层党建\n";

    fn document(text: &str) -> Document {
        Document::from(SourceText::from(text))
    }

    fn tag(start: usize, tag: &str) -> Vec<Edit> {
        vec![Edit::Tag { target: Target::Passage(Span::new(start, start + 4)), tags: vec![crate::TagRef::derived(tag)] }]
    }

    struct TestFolder {
        dir: tempfile::TempDir,
    }

    impl TestFolder {
        fn store(&self) -> Store {
            Store::new(StoreLocation::from_dir(&self.dir.path().join("store")), self.dir.path().join("state"))
        }

        fn path(&self, name: &str) -> PathBuf {
            self.dir.path().join(name)
        }

        fn key(&self, text: &str, name: &str) -> SpeechKey {
            SpeechKey::from_document(self.store().location(), &document(text), &self.path(name))
        }

        fn tag(&self, text: &str, name: &str, start: usize, word: &str) {
            self.store().apply(&document(text), &self.path(name), "甲", tag(start, word)).unwrap();
        }

        fn tags(&self, text: &str, name: &str) -> Vec<String> {
            let (anchors, _) = self.store().annotations(&document(text), &self.path(name)).unwrap();
            anchors.iter().flat_map(|anchored| anchored.annotation.tags.names().into_iter().map(str::to_owned)).collect()
        }
    }

    #[test]
    fn copies_share_until_detached_and_again_when_attached() {
        let folder = TestFolder { dir: tempfile::tempdir().unwrap() };
        std::fs::write(folder.path("甲.txt"), TEXT).unwrap();
        folder.tag(TEXT, "甲.txt", 0, "一");
        let (_, warnings) = folder.store().annotations(&document(TEXT), &folder.path("乙.txt")).unwrap();
        assert!(matches!(warnings.as_slice(), [StoreWarning::Shared { .. }]), "{warnings:?}");
        folder.tag(TEXT, "乙.txt", 9, "二");
        assert_eq!(folder.tags(TEXT, "甲.txt"), ["一", "二"]);

        std::fs::write(folder.path("乙.txt"), TEXT).unwrap();
        let copies = |name: &str| {
            let copies = folder.store().copies(&folder.key(TEXT, name)).unwrap();
            let names = copies.others.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
            (copies.detached, names.collect::<Vec<_>>().concat())
        };
        assert_eq!(copies("甲.txt"), (false, "乙.txt".to_owned()));
        assert_eq!(copies("乙.txt"), (false, "甲.txt".to_owned()));

        assert!(folder.store().detach(&folder.key(TEXT, "乙.txt")).unwrap());
        assert_eq!(copies("乙.txt"), (true, "甲.txt".to_owned()));
        assert_eq!(copies("甲.txt"), (false, String::new()), "no other copy to detach from");
        assert!(!folder.store().detach(&folder.key(TEXT, "乙.txt")).unwrap(), "already detached");
        folder.tag(TEXT, "乙.txt", 14, "乙的");
        folder.tag(TEXT, "甲.txt", 20, "甲的");
        assert_eq!(folder.tags(TEXT, "乙.txt"), ["一", "二", "乙的"]);
        assert_eq!(folder.tags(TEXT, "甲.txt"), ["一", "二", "甲的"]);
        assert_eq!(folder.tags(TEXT, "丙.txt"), ["一", "二", "甲的"], "a third copy shares with those that share");
        let edited = format!("{TEXT}又及\n");
        assert_eq!(folder.tags(&edited, "乙.txt"), ["一", "二", "乙的"], "the detached copy, edited");

        assert!(folder.store().attach(&folder.key(TEXT, "乙.txt"), None, None).unwrap());
        for name in ["甲.txt", "乙.txt", "丙.txt"] {
            assert_eq!(folder.tags(TEXT, name), ["一", "二", "乙的", "甲的"], "{name}");
        }
        assert!(!folder.store().attach(&folder.key(TEXT, "乙.txt"), None, None).unwrap());
    }

    #[test]
    fn a_speech_moved_and_edited_is_attached_by_its_old_name() {
        let folder = TestFolder { dir: tempfile::tempdir().unwrap() };
        folder.tag(TEXT, "甲.txt", 0, "一");
        let edited = format!("新的开头，{TEXT}");
        assert!(folder.tags(&edited, "年/乙.txt").is_empty());
        let key = folder.key(&edited, "年/乙.txt");
        let old = folder.store().location().document_name(&folder.path("甲.txt"));
        assert!(folder.store().attach(&key, None, Some(&old)).unwrap());
        assert_eq!(folder.tags(&edited, "年/乙.txt"), ["一"]);
        assert!(!folder.store().attach(&key, None, Some("没有.txt")).unwrap());
    }

    #[test]
    fn annotations_are_copied_from_another_store_once() {
        let folder = TestFolder { dir: tempfile::tempdir().unwrap() };
        folder.tag(TEXT, "组/甲.txt", 0, "一");
        folder.tag("别处的讲话，不在组里。", "乙.txt", 0, "二");
        folder.store().edit_codebook(|book| book.edit_details(TagId::from_name("一"), |tag| tag.definition = "第一".to_owned())).unwrap();
        let shared = Store::new(StoreLocation::from_dir(&folder.path("组/.pizhu")), folder.path("state"));
        assert_eq!(shared.copy_annotations_from(&folder.store(), &folder.path("组"), "甲").unwrap(), 1);
        assert_eq!(shared.copy_annotations_from(&folder.store(), &folder.path("组"), "甲").unwrap(), 0, "nothing is copied twice");
        let (existing, _) = shared.annotations(&document(TEXT), &folder.path("组/甲.txt")).unwrap();
        assert_eq!(existing.len(), 1);
        assert_eq!(shared.codebook().unwrap().find("一").unwrap().definition, "第一");
    }
}
