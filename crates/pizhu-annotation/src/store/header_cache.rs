//! The speech records at the head of the files: a cache of them, and the index by which a speech's
//! files are found.

use super::{
    record_match::{FileHeader, base_name, matching_files},
    speech_file::SpeechRecord,
};
use crate::codebook::Codebook;
use crate::identity::SpeechHash;
use crate::storage::FileFingerprint;
use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

/// Cache of the files' headers, valid while a file's fingerprint is unchanged.
#[derive(Debug, Default)]
pub(super) struct HeaderCache {
    pub(super) headers: HashMap<PathBuf, (FileFingerprint, Option<Arc<SpeechRecord>>)>,
    /// Copies of the codebook that a sync program left beside it.
    pub(super) codebooks: Vec<PathBuf>,
    /// Whether one listing serves many lookups: [`Store::keep_listing`](super::Store::keep_listing).
    pub(super) keeps_listing: bool,
    /// The listing kept.
    pub(super) kept: Option<KeptListing>,
}

/// A listing of the store's folder that serves many lookups.
#[derive(Debug)]
pub(super) struct KeptListing {
    pub(super) index: HeaderIndex,
    /// Fingerprint of the folder from before it was listed. A file that appears, disappears or is
    /// replaced changes it.
    pub(super) folder: Option<FileFingerprint>,
    /// Whether this process may have written since, so that the folder must be compared first.
    pub(super) is_unchecked: bool,
    /// Whether unfinished drafts have been deleted since it was made.
    pub(super) is_swept: bool,
    /// The codebook, once read.
    pub(super) codebook: Option<Arc<Codebook>>,
}

/// Inverted index from paths and text hashes to files, so that a speech is compared with few files:
/// a superset of those that [`matching_files`] can choose.
#[derive(Debug, Default)]
pub(super) struct HeaderIndex {
    headers: Vec<FileHeader>,
    positions: HashMap<PathBuf, usize>,
    names: HashMap<String, Vec<usize>>,
    texts: HashMap<SpeechHash, Vec<usize>>,
    /// Files without a readable record, by the stem of their names.
    unreadable: HashMap<String, Vec<usize>>,
}

impl HeaderIndex {
    pub(super) fn new(headers: Vec<FileHeader>) -> Self {
        let mut index = Self::default();
        for (path, record) in headers {
            index.insert(path, record);
        }
        index
    }

    /// Adds a file, or gives it another record.
    pub(super) fn insert(&mut self, path: PathBuf, record: Option<Arc<SpeechRecord>>) {
        let next = self.headers.len();
        let position = *self.positions.entry(path.clone()).or_insert(next);
        match &record {
            // What a former record was found by stays: the index may give too many files.
            Some(record) => {
                for name in &record.paths {
                    add(self.names.entry(name.clone()).or_default(), position);
                }
                for hash in record.former_hashes.iter().chain([&record.hash]) {
                    add(self.texts.entry(*hash).or_default(), position);
                }
            }
            None => add(self.unreadable.entry(stem(&path)).or_default(), position),
        }
        match self.headers.get_mut(position) {
            Some(header) => header.1 = record,
            None => self.headers.push((path, record)),
        }
    }

    /// The files with their records, in the order of the listing.
    pub(super) fn headers(&self) -> &[FileHeader] {
        &self.headers
    }

    pub(super) fn is_empty(&self) -> bool {
        self.headers.is_empty()
    }

    /// The files of a speech, the main one first; see [`matching_files`].
    pub(super) fn files_of(&self, hash: Option<SpeechHash>, name: &str) -> Vec<PathBuf> {
        let text = hash.and_then(|hash| self.texts.get(&hash));
        let unreadable = hash.and_then(|hash| self.unreadable.get(&base_name(name, hash)));
        let candidates: BTreeSet<usize> = [self.names.get(name), text, unreadable].into_iter().flatten().flatten().copied().collect();
        matching_files(candidates.into_iter().map(|position| &self.headers[position]), hash, name)
    }
}

fn add(positions: &mut Vec<usize>, position: usize) {
    if !positions.contains(&position) {
        positions.push(position);
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
