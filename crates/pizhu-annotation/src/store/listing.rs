//! One listing of the store's folder for a run over many speeches.
//!
//! By default every lookup lists the folder and compares every file with the cache, so that it sees
//! what other programs have just written. For a command that opens thousands of speeches this would
//! be thousands of looks at each file.
//!
//! Invariant: writing never rests on an old listing: under the lock the folder is compared with its
//! fingerprint from before the listing, and listed again if it differs.

use super::{
    error::StoreError,
    handle::Store,
    header_cache::{HeaderCache, HeaderIndex, KeptListing},
    speech_file::SpeechRecord,
};
use crate::codebook::Codebook;
use crate::storage::FileFingerprint;
use std::{
    cmp::Reverse,
    path::{Path, PathBuf},
    sync::{Arc, MutexGuard, PoisonError},
};

impl Store {
    /// Lets one listing of the folder serve all that this handle and its clones read from now on:
    /// finding a speech's files is then a lookup, and asks the file system nothing. What this handle
    /// writes is seen; what other programs write meanwhile may not be, as if it had come later.
    ///
    /// For commands and jobs over many speeches; a handle that lasts longer must not keep a listing.
    #[must_use]
    pub fn keep_listing(self) -> Self {
        self.cache().keeps_listing = true;
        self
    }

    /// Whether one listing serves many lookups.
    pub(super) fn keeps_listing(&self) -> bool {
        self.cache().keeps_listing
    }

    fn cache(&self) -> MutexGuard<'_, HeaderCache> {
        self.header_cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers from the index of the files: the one kept if there is one, else a new one.
    pub(super) fn with_index<T>(&self, answer: impl Fn(&HeaderIndex) -> T) -> Result<T, StoreError> {
        let keeps_listing = {
            let mut cache = self.cache();
            // If this process may have written since, another may have, too.
            if cache.kept.as_ref().is_some_and(|kept| kept.is_unchecked && kept.folder != self.folder_fingerprint()) {
                cache.kept = None;
                cache.contents.clear();
            }
            if let Some(kept) = &cache.kept {
                return Ok(answer(&kept.index));
            }
            cache.keeps_listing
        };
        // The folder first: what is written while it is listed is found by the next comparison.
        let folder = self.folder_fingerprint();
        let index = HeaderIndex::new(self.headers()?);
        let result = answer(&index);
        if keeps_listing {
            self.cache().kept = Some(KeptListing { index, folder, is_unchecked: false, is_swept: false, codebook: None });
        }
        Ok(result)
    }

    /// The files written last with their records, the latest first, at most `limit`.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn latest_speeches(&self, limit: usize) -> Result<Vec<(PathBuf, Arc<SpeechRecord>)>, StoreError> {
        let mut speeches = self.speeches()?;
        let cache = self.cache();
        let modified = |path: &Path| cache.headers.get(path).and_then(|(fingerprint, _)| fingerprint.modified);
        // Ties in the order of the listing.
        speeches.sort_by_cached_key(|(path, _)| Reverse(modified(path)));
        speeches.truncate(limit);
        Ok(speeches)
    }

    fn folder_fingerprint(&self) -> Option<FileFingerprint> {
        self.storage.fingerprint(&self.location.dir).ok()
    }

    /// Drops the listing kept.
    pub(super) fn forget_listing(&self) {
        let mut cache = self.cache();
        cache.kept = None;
        cache.contents.clear();
    }

    /// From now on compares the folder before the listing kept is used: this process holds the lock
    /// and may write.
    pub(super) fn recheck_listing(&self) {
        if let Some(kept) = &mut self.cache().kept {
            kept.is_unchecked = true;
        }
    }

    /// Brings the listing kept up to date with a speech's file just written under the lock; `is_last` if
    /// no other follows under the same lock.
    pub(super) fn update_listing(&self, path: &Path, record: &SpeechRecord, is_last: bool) {
        let mut cache = self.cache();
        cache.headers.remove(path);
        cache.contents.remove(path);
        if let Some(kept) = &mut cache.kept {
            kept.index.insert(path.to_owned(), Some(Arc::new(record.clone())));
        }
        drop(cache);
        if is_last {
            self.settle_listing();
        }
    }

    /// Takes the folder as it is now for the one that was listed, after what this process has written
    /// under the lock.
    pub(super) fn settle_listing(&self) {
        let folder = self.folder_fingerprint();
        if let Some(kept) = &mut self.cache().kept {
            (kept.folder, kept.is_unchecked, kept.codebook) = (folder, false, None);
        }
    }

    /// Compares the folder with the listing kept once for all that is read and written under the lock.
    pub(super) fn check_listing(&self) -> Result<(), StoreError> {
        self.with_index(|_| ())?;
        if let Some(kept) = &mut self.cache().kept {
            (kept.is_unchecked, kept.codebook) = (false, None);
        }
        Ok(())
    }

    /// Deletes unfinished drafts, under the lock; once while a listing is kept, because it takes a
    /// listing of its own.
    pub(super) fn sweep_drafts_once(&self) {
        if self.cache().kept.as_mut().is_none_or(|kept| !std::mem::replace(&mut kept.is_swept, true)) {
            self.sweep_drafts();
        }
    }

    /// The codebook for reading: with a listing kept, the one read first.
    pub(super) fn book_to_read(&self) -> Result<Arc<Codebook>, StoreError> {
        let kept = self.cache().kept.as_ref().filter(|kept| !kept.is_unchecked).and_then(|kept| kept.codebook.clone());
        if let Some(book) = kept {
            return Ok(book);
        }
        let book = Arc::new(self.read_codebook()?.book);
        if let Some(kept) = &mut self.cache().kept {
            kept.codebook = Some(Arc::clone(&book));
        }
        Ok(book)
    }

    /// [`Self::listed_file`], leaving the content for the next time.
    pub(super) fn peek_listed_file(&self, path: &Path) -> Option<(FileFingerprint, Option<Vec<u8>>)> {
        let cache = self.cache();
        cache.kept.as_ref().filter(|kept| !kept.is_unchecked)?;
        Some((cache.headers.get(path)?.0, cache.contents.get(path).cloned()))
    }

    /// A file as it was listed, if the listing is kept: its fingerprint, and its content, the first
    /// time and if it is short.
    pub(super) fn listed_file(&self, path: &Path) -> Option<(FileFingerprint, Option<Vec<u8>>)> {
        let mut cache = self.cache();
        cache.kept.as_ref().filter(|kept| !kept.is_unchecked)?;
        let fingerprint = cache.headers.get(path)?.0;
        Some((fingerprint, cache.contents.remove(path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{Disk, Lock, Storage};
    use crate::{Edit, StoreLocation, Target};
    use pizhu_text::document::Document;
    use pizhu_text::text::{SourceText, Span};
    use std::{
        collections::BTreeSet,
        io,
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    /// The disk, counting what a speech may cost: looks at files, and files read or listed.
    #[derive(Debug, Default)]
    struct CountingStorage {
        calls: AtomicUsize,
    }

    impl CountingStorage {
        fn disk(&self) -> Disk {
            self.calls.fetch_add(1, Ordering::Relaxed);
            Disk
        }
    }

    impl Storage for CountingStorage {
        fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
            self.disk().read(path)
        }
        fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
            self.disk().read_head(path, len)
        }
        fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
            self.disk().list(dir)
        }
        fn fingerprint(&self, path: &Path) -> io::Result<FileFingerprint> {
            self.disk().fingerprint(path)
        }
        fn create_dir(&self, dir: &Path, private: bool) -> io::Result<()> {
            self.disk().create_dir(dir, private)
        }
        fn write(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
            self.disk().write(path, bytes, private)
        }
        fn append(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
            self.disk().append(path, bytes, private)
        }
        fn sync(&self, _: &Path) -> io::Result<()> {
            Ok(())
        }
        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            self.disk().rename(from, to)
        }
        fn sync_dir(&self, _: &Path) -> io::Result<()> {
            Ok(())
        }
        fn remove(&self, path: &Path) -> io::Result<()> {
            self.disk().remove(path)
        }
        fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock> {
            self.disk().lock(path, wait, private)
        }
    }

    struct Folder {
        dir: tempfile::TempDir,
        storage: Arc<CountingStorage>,
    }

    impl Folder {
        fn new() -> Self {
            Self { dir: tempfile::tempdir().unwrap(), storage: Arc::default() }
        }

        fn store(&self) -> Store {
            let location = StoreLocation::from_dir(&self.dir.path().join("store"));
            Store::with_storage(Arc::clone(&self.storage) as Arc<dyn Storage>, location, self.dir.path().join("state"))
        }

        fn speech(&self, n: usize) -> (Document, PathBuf) {
            let text = format!("第{n}篇讲话。一、抓好人才工作\n要把人才放在心上。\n");
            (Document::from(SourceText::from(text.as_str())), self.dir.path().join(format!("讲话{n}.txt")))
        }

        fn tag(&self, store: &Store, n: usize, tag: &str) {
            let (document, path) = self.speech(n);
            let target = Target::Passage(Span::new(1, 5));
            store.apply(&document, &path, "甲", vec![Edit::Tag { target, tags: vec![crate::TagRef::derived(tag)] }]).unwrap();
        }

        fn tags(&self, store: &Store, n: usize) -> Vec<String> {
            let (document, path) = self.speech(n);
            let (annotations, _) = store.annotations(&document, &path).unwrap();
            let tags: BTreeSet<String> =
                annotations.iter().flat_map(|one| one.annotation.tags.names().into_iter().map(str::to_owned)).collect();
            tags.into_iter().collect()
        }

        /// Calls of the storage per speech while `work` is done.
        fn calls(&self, count: usize, work: impl FnOnce()) -> usize {
            let before = self.storage.calls.load(Ordering::Relaxed);
            work();
            (self.storage.calls.load(Ordering::Relaxed) - before).div_ceil(count)
        }
    }

    /// Every speech opened listed the folder and looked at each file: at 250 speeches 67,254 times.
    #[test]
    fn calls_per_speech_do_not_grow_with_the_store() {
        for count in [50, 200] {
            let folder = Folder::new();
            let store = folder.store().keep_listing();
            let writing = folder.calls(count, || (0..count).for_each(|n| folder.tag(&store, n, "人才")));
            assert!(writing <= 40, "{writing} calls for each of {count} speeches written");
            let store = folder.store().keep_listing();
            let reading = folder.calls(count, || {
                assert_eq!(store.speeches().unwrap().len(), count);
                (0..count).for_each(|n| assert_eq!(folder.tags(&store, n), ["人才"]));
            });
            assert!(reading <= 4, "{reading} calls for each of {count} speeches read");
        }
    }

    #[test]
    fn cached_listing_notices_files_of_other_processes() {
        let folder = Folder::new();
        let kept = folder.store().keep_listing();
        folder.tag(&kept, 0, "甲");
        assert!(folder.tags(&kept, 1).is_empty());
        // Another process annotates both.
        folder.tag(&folder.store(), 1, "乙");
        folder.tag(&folder.store(), 0, "丙");
        folder.tag(&kept, 1, "丁");
        assert_eq!(folder.store().speeches().unwrap().len(), 2, "no second file for the same speech");
        assert_eq!(folder.tags(&kept, 1), ["丁", "乙"]);
        assert_eq!(folder.tags(&folder.store(), 1), ["丁", "乙"]);
        assert_eq!(folder.tags(&kept, 0), ["丙", "甲"], "the next listing has it");
        kept.edit_codebook(|book| book.rename(crate::TagId::from_name("乙"), "新")).unwrap();
        assert_eq!(folder.tags(&kept, 1), ["丁", "新"], "the codebook is read again after a change");
        let latest = kept.latest_speeches(1).unwrap();
        assert_eq!(latest.len(), 1);
    }

    #[test]
    fn a_file_taken_away_is_looked_for_again() {
        let folder = Folder::new();
        folder.tag(&folder.store(), 0, "甲");
        let kept = folder.store().keep_listing();
        let (file, _) = kept.speeches().unwrap().remove(0);
        std::fs::rename(&file, file.with_file_name("别名.ron")).unwrap();
        assert_eq!(folder.tags(&kept, 0), ["甲"]);
    }
}
