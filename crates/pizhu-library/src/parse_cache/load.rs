//! Loads speeches for searching, and fills the cache.

use super::{cache_file::ParseCache, fingerprint::MetadataFingerprint, record::ParseRecord};
use crate::source::{self, FileContents, ReadOptions};
use pizhu_text::document::Document;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Maximum number of unsaved records in memory, some megabytes.
const MAX_UNSAVED: usize = 4096;

/// Reads the speech of a file as far as searching needs it, from its record or else parsed, which
/// adds a record. `None` if the file cannot be read or its fingerprint has changed.
fn load_document(path: &Path, fingerprint: MetadataFingerprint, cache: &ParseCache) -> Option<Document> {
    match source::read_if(path, ReadOptions::default(), |_| true).ok()?? {
        FileContents::Speech(speech) => {
            let is_unchanged = fs::metadata(path).is_ok_and(|metadata| MetadataFingerprint::new(path, &metadata) == fingerprint);
            if is_unchanged && !cache.has(fingerprint) {
                cache.add(fingerprint, ParseRecord::pack(&speech.document));
            }
            is_unchanged.then(|| (*speech.document).clone())
        }
        FileContents::Text(text) => {
            if MetadataFingerprint::new(path, &text.metadata) != fingerprint {
                return None;
            }
            cache.get(fingerprint).and_then(|record| record.unpack(text.source().clone())).or_else(|| {
                let document = (*text.parse().document).clone();
                cache.add(fingerprint, ParseRecord::pack(&document));
                Some(document)
            })
        }
    }
}

/// Adds records for those of `files` that have none, so that the first search is fast. Long files
/// are left to the first search that needs them. Records are saved now and then to bound memory.
/// `should_continue` is asked before each file.
pub fn fill(files: &[(PathBuf, MetadataFingerprint)], cache: &ParseCache, mut should_continue: impl FnMut() -> bool) {
    let mut can_save = true;
    for (path, fingerprint) in files.iter().filter(|(_, fingerprint)| !cache.has(*fingerprint)) {
        if !should_continue() {
            return;
        }
        if fs::metadata(path).is_ok_and(|metadata| metadata.len() < source::FIRST_BLOCK_BYTES) {
            let _ = load_document(path, *fingerprint, cache);
        }
        if can_save && cache.unsaved_count() >= MAX_UNSAVED {
            can_save = cache.save(None).is_ok();
        }
    }
}
