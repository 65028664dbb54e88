//! A cache of speeches in memory, for searching them again and again.
//!
//! Searching needs the text and its parse record, hardly more than the text's size; speeches that
//! are needed in full are kept as parsed. An entry is valid as long as its file's fingerprint is.
//! Entries beyond the memory budget are not cached but read each time.

use super::{
    compiled_query::CompiledQuery,
    parse_cache::{FingerprintMap, MetadataFingerprint, ParseCache, ParseRecord},
};
use crate::source;
use crate::source::FileContents;
use crate::source::ReadOptions;
use crate::source::SourceError;
use pizhu_text::document::Document;
use pizhu_text::text::SourceText;
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Bytes that a cached text takes besides itself: char index, map entry, parse record.
const TEXT_OVERHEAD_BYTES: usize = 1024;

/// Bytes that a catalogue entry takes, with its facts.
const CATALOGUE_ENTRY_BYTES: usize = 1536;

/// A cache of parsed speeches and of texts within a memory budget. Usable from any thread.
#[derive(Debug)]
pub struct DocumentCache {
    inner: Mutex<CacheInner>,
    /// Memory budget in bytes, and the number of catalogue entries, whose memory counts against it.
    budget: AtomicUsize,
    catalogue_len: AtomicUsize,
}

#[derive(Debug, Default)]
struct CacheInner {
    documents: HashMap<PathBuf, (MetadataFingerprint, Arc<Document>)>,
    texts: FingerprintMap<CachedText>,
    /// Bytes taken by the documents, and by the texts.
    document_bytes: usize,
    text_bytes: usize,
}

/// A text with its parse record.
#[derive(Debug, Clone)]
struct CachedText {
    source: SourceText,
    record: ParseRecord,
}

impl DocumentCache {
    /// A cache limited to `budget` bytes, the catalogue included. A quarter of what the catalogue
    /// leaves is for parsed documents, the rest for texts.
    #[must_use]
    pub fn new(budget: usize) -> Self {
        Self { inner: Mutex::default(), budget: AtomicUsize::new(budget), catalogue_len: AtomicUsize::new(0) }
    }

    /// Changes the budget, in bytes. Nothing is evicted.
    pub fn set_budget(&self, budget: usize) {
        self.budget.store(budget, Ordering::Relaxed);
    }

    /// Sets the number of catalogue entries.
    pub fn set_catalogue_len(&self, entries: usize) {
        self.catalogue_len.store(entries, Ordering::Relaxed);
    }

    fn speech_budget(&self) -> usize {
        self.budget.load(Ordering::Relaxed).saturating_sub(self.catalogue_len.load(Ordering::Relaxed) * CATALOGUE_ENTRY_BYTES)
    }

    /// Bytes available for texts.
    #[must_use]
    pub fn text_budget(&self) -> usize {
        self.speech_budget() / 4 * 3
    }

    /// The parsed speech of a file.
    ///
    /// # Errors
    /// The file cannot be read as a speech.
    pub fn document(&self, path: &Path, options: ReadOptions) -> Result<Arc<Document>, SourceError> {
        let fingerprint = fingerprint_of(path);
        if let Some(fingerprint) = fingerprint
            && let Some((cached, document)) = self.lock().documents.get(path)
            && *cached == fingerprint
        {
            return Ok(Arc::clone(document));
        }
        let document = source::open(path, options)?.document;
        let bytes = document.source.len_bytes() * 2;
        let mut inner = self.lock();
        if let Some((_, old)) = inner.documents.remove(path) {
            inner.document_bytes -= old.source.len_bytes() * 2;
        }
        if let Some(fingerprint) = fingerprint
            && inner.document_bytes + bytes <= self.speech_budget() / 4
        {
            inner.document_bytes += bytes;
            inner.documents.insert(path.to_owned(), (fingerprint, Arc::clone(&document)));
        }
        Ok(document)
    }

    /// The speech of a file as far as searching needs it, as [`CompiledQuery::load_candidate`]
    /// gives it. The file's `fingerprint` is computed if it is not known.
    ///
    /// # Errors
    /// The file cannot be read as a speech.
    pub fn load_candidate(
        &self,
        path: &Path,
        fingerprint: Option<MetadataFingerprint>,
        options: ReadOptions,
        query: &CompiledQuery,
        parse_cache: &ParseCache,
    ) -> Result<Option<Arc<Document>>, SourceError> {
        if query.needs_full_parse() {
            return self.document(path, options).map(Some);
        }
        if options != ReadOptions::default() {
            return query.load_candidate(path, options, parse_cache);
        }
        let Some(fingerprint) = fingerprint.or_else(|| fingerprint_of(path)) else {
            return query.load_candidate(path, options, parse_cache);
        };
        let cached = self.lock().texts.get(&fingerprint).cloned();
        if let Some(text) = cached {
            return Ok(text.candidate(query));
        }
        if self.lock().text_bytes >= self.text_budget() {
            return query.load_candidate(path, options, parse_cache);
        }
        // Only texts that may have a hit are kept: the next query is most often the same with more words.
        let Some(contents) = source::read_if(path, options, |text| query.may_match(text))? else { return Ok(None) };
        let text = match contents {
            FileContents::Speech(speech) => {
                CachedText { source: speech.document.source.clone(), record: ParseRecord::pack(&speech.document) }
            }
            FileContents::Text(text) => {
                let source = text.source().clone();
                let record = parse_cache.get(fingerprint).unwrap_or_else(|| {
                    let record = ParseRecord::pack(&text.parse().document);
                    parse_cache.add(fingerprint, record.clone());
                    record
                });
                CachedText { source, record }
            }
        };
        let found = text.candidate(query);
        let mut inner = self.lock();
        let bytes = text.source.len_bytes() + TEXT_OVERHEAD_BYTES;
        if inner.texts.insert(fingerprint, text).is_none() {
            inner.text_bytes += bytes;
        }
        Ok(found)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, CacheInner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops the texts of all other fingerprints.
    pub fn retain(&self, fingerprints: &std::collections::HashSet<MetadataFingerprint>) {
        let mut inner = self.lock();
        inner.texts.retain(|fingerprint, _| fingerprints.contains(fingerprint));
        inner.text_bytes = inner.texts.values().map(|text| text.source.len_bytes() + TEXT_OVERHEAD_BYTES).sum();
    }
}

impl Default for DocumentCache {
    fn default() -> Self {
        Self::new(512 * 1024 * 1024)
    }
}

impl CachedText {
    fn candidate(&self, query: &CompiledQuery) -> Option<Arc<Document>> {
        let passes = match self.source.chunks() {
            [one] => query.may_match(one.text()),
            // A match may lie across two chunks.
            _ => true,
        };
        if passes { self.record.unpack(self.source.clone()).map(Arc::new) } else { None }
    }
}

fn fingerprint_of(path: &Path) -> Option<MetadataFingerprint> {
    fs::metadata(path).ok().map(|metadata| MetadataFingerprint::new(path, &metadata))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::find::Query;

    #[test]
    fn documents_are_cached_until_the_file_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "在青禾县会议上的讲话\n").unwrap();
        let cache = DocumentCache::default();
        let first = cache.document(&path, ReadOptions::default()).unwrap();
        assert!(Arc::ptr_eq(&first, &cache.document(&path, ReadOptions::default()).unwrap()));
        fs::write(&path, "在临江市一次会议上的讲话\n").unwrap();
        let second = cache.document(&path, ReadOptions::default()).unwrap();
        assert!(!Arc::ptr_eq(&first, &second));
        assert_eq!(cache.inner.lock().unwrap().document_bytes, second.source.len_bytes() * 2);
        assert!(cache.document(&folder.path().join("none.txt"), ReadOptions::default()).is_err());
    }

    #[test]
    fn cached_and_uncached_texts_give_the_same_hits() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "在青禾县会议上的讲话\n同志们：\n一、抓組織工作\n").unwrap();
        let query = |words: &str| CompiledQuery::new(Query { text: words.to_owned(), ..Query::default() }).unwrap();
        let parse_cache = ParseCache::default();
        for budget in [0, 1 << 20] {
            let cache = DocumentCache::new(budget);
            assert!(cache.load_candidate(&path, None, ReadOptions::default(), &query("临江"), &parse_cache).unwrap().is_none());
            assert_eq!(cache.inner.lock().unwrap().texts.len(), 0, "what has no hit is not kept");
            for _ in 0..2 {
                let found = cache.load_candidate(&path, None, ReadOptions::default(), &query("组织"), &parse_cache).unwrap().unwrap();
                let hits: Vec<Vec<String>> = query("组织").hits(&found, None).with_snippets().map(|hit| hit.section.to_vec()).collect();
                assert_eq!(hits, [["一、"]]);
                assert!(cache.load_candidate(&path, None, ReadOptions::default(), &query("临江"), &parse_cache).unwrap().is_none());
            }
            assert_eq!(cache.inner.lock().unwrap().texts.len(), usize::from(budget > 0));
        }
    }
}
