//! The speech records at the head of the files: a cache of them, and the index by which a speech's
//! files are found.

use super::{
    record_match::{FileHeader, RecordMatch, SpeechQuery, base_name},
    seen::{SeenSpeeches, file_stem},
    speech_file::SpeechRecord,
};
use crate::codebook::Codebook;
use crate::identity::SpeechHash;
use crate::path_name::comparable_name;
use crate::sketch::{TextGrams, TextSketch};
use crate::storage::FileFingerprint;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// A backup: its time in Unix seconds, and its file.
pub(super) type Backup = (i64, PathBuf);

/// The backups of a folder by the stem of the file that they are of, each oldest first.
pub(super) type BackupListing = HashMap<String, Vec<Backup>>;

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
    /// Contents of short files, from the listing kept; each is taken when the file is read.
    pub(super) contents: HashMap<PathBuf, Vec<u8>>,
    /// The backups in each folder of them that was listed, while a listing is kept.
    pub(super) backups: HashMap<PathBuf, BackupListing>,
    /// Stems of the files that have a history on this machine, while a listing is kept.
    pub(super) histories: Option<HashSet<String>>,
    /// What this machine has seen, and the fingerprint of the file that says so.
    pub(super) seen: Option<(Option<FileFingerprint>, Arc<SeenSpeeches>)>,
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
/// a superset of those that [`SpeechQuery::matching_files`] can choose.
#[derive(Debug, Default)]
pub(super) struct HeaderIndex {
    headers: Vec<FileHeader>,
    positions: HashMap<PathBuf, usize>,
    /// By the comparable form of the names.
    names: HashMap<String, Vec<usize>>,
    texts: HashMap<SpeechHash, Vec<usize>>,
    stems: HashMap<String, usize>,
    /// Files without a readable record, by the stem of their names.
    unreadable: HashMap<String, Vec<usize>>,
    /// The files of each hash in a sketch, made when first needed.
    sketches: OnceLock<HashMap<u32, Vec<usize>>>,
}

/// A record whose text is nearly that of a speech.
#[derive(Debug, Clone)]
pub(super) struct NearRecord {
    /// The file.
    pub(super) file: PathBuf,
    /// Its record.
    pub(super) record: Arc<SpeechRecord>,
    /// The share of the smaller text that the other holds.
    pub(super) overlap: f64,
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
        self.stems.insert(file_stem(&path), position);
        self.insert_sketch(position, record.as_deref());
        match &record {
            // What a former record was found by stays: the index may give too many files.
            Some(record) => {
                for name in &record.paths {
                    add(self.names.entry(comparable_name(name).into_owned()).or_default(), position);
                }
                for hash in record.former_hashes.iter().chain([&record.hash]) {
                    add(self.texts.entry(*hash).or_default(), position);
                }
            }
            None => add(self.unreadable.entry(file_stem(&path)).or_default(), position),
        }
        match self.headers.get_mut(position) {
            Some(header) => header.1 = record,
            None => self.headers.push((path, record)),
        }
    }

    /// Brings the files of the hashes up to date, if they have been made, with a record that the file
    /// at a position is about to have.
    fn insert_sketch(&mut self, position: usize, record: Option<&SpeechRecord>) {
        let Some(sketches) = self.sketches.get_mut() else { return };
        let new = record.and_then(|record| record.sketch.as_ref());
        let old = self.headers.get(position).and_then(|(_, record)| record.as_ref()?.sketch.as_ref());
        if new == old {
            return;
        }
        for hash in old.into_iter().flat_map(TextSketch::hashes) {
            if let Some(positions) = sketches.get_mut(hash) {
                positions.retain(|other| *other != position);
            }
        }
        new.into_iter().flat_map(TextSketch::hashes).for_each(|hash| sketches.entry(*hash).or_default().push(position));
    }

    /// The files with their records, in the order of the listing.
    pub(super) fn headers(&self) -> &[FileHeader] {
        &self.headers
    }

    /// Whether a file was listed, or written since.
    pub(super) fn has_file(&self, file: &Path) -> bool {
        self.positions.contains_key(file)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.headers.is_empty()
    }

    /// The files of a speech, the main one first, and how they match; see
    /// [`SpeechQuery::matching_files`].
    pub(super) fn find(&self, query: SpeechQuery<'_>) -> (Vec<PathBuf>, Option<RecordMatch>) {
        let of_text = query.hash.and_then(|hash| self.texts.get(&hash));
        let unreadable = query.hash.and_then(|hash| self.unreadable.get(&base_name(query.name, hash)));
        let of_name = self.names.get(&*comparable_name(query.name));
        let seen_text = query.hash.into_iter().flat_map(|hash| query.seen.files_of_text(hash));
        let seen = query.seen.file_at(query.name).into_iter().chain(seen_text).filter_map(|stem| self.stems.get(stem));
        let candidates: BTreeSet<usize> = [of_name, of_text, unreadable].into_iter().flatten().flatten().chain(seen).copied().collect();
        query.matching_files(candidates.into_iter().map(|position| &self.headers[position]))
    }

    /// The files that name this path.
    pub(super) fn files_naming(&self, name: &str) -> Vec<PathBuf> {
        let positions = self.names.get(&*comparable_name(name)).into_iter().flatten();
        let headers = positions.filter_map(|position| self.headers.get(*position));
        let names = |record: &Option<Arc<SpeechRecord>>| record.as_ref().is_some_and(|record| record.paths.iter().any(|path| path == name));
        headers.filter(|(_, record)| names(record)).map(|(file, _)| file.clone()).collect()
    }

    /// The record of a file.
    pub(super) fn record(&self, file: &Path) -> Option<Arc<SpeechRecord>> {
        self.headers.get(*self.positions.get(file)?)?.1.clone()
    }

    /// Whether any record has a sketch of its text.
    pub(super) fn has_sketches(&self) -> bool {
        self.headers.iter().any(|(_, record)| record.as_ref().is_some_and(|record| record.sketch.is_some()))
    }

    /// The records whose texts overlap by at least `least` with a text, the nearest first.
    pub(super) fn near(&self, grams: &TextGrams, least: f64) -> Vec<NearRecord> {
        let sketches = self.sketches.get_or_init(|| {
            let mut sketches: HashMap<u32, Vec<usize>> = HashMap::new();
            for (position, (_, record)) in self.headers.iter().enumerate() {
                let hashes = record.iter().filter_map(|record| record.sketch.as_ref()).flat_map(TextSketch::hashes);
                hashes.for_each(|hash| sketches.entry(*hash).or_default().push(position));
            }
            sketches
        });
        let mut found: HashMap<usize, usize> = HashMap::new();
        for position in grams.hashes().iter().filter_map(|hash| sketches.get(hash)).flatten() {
            *found.entry(*position).or_default() += 1;
        }
        self.at_least(least, found.into_iter(), |count, sketch| grams.overlap_of(count, sketch))
    }

    /// [`Self::near`] among the records of these texts. Takes no time for other records: of a text that
    /// has many near-copies, few are to be asked about.
    pub(super) fn near_among(&self, texts: &[SpeechHash], grams: &TextGrams, least: f64) -> Vec<NearRecord> {
        let positions: BTreeSet<usize> = texts.iter().filter_map(|hash| self.texts.get(hash)).flatten().copied().collect();
        self.at_least(least, positions.into_iter().map(|position| (position, ())), |(), sketch| grams.overlap(sketch))
    }

    /// The records at these positions that overlap by at least `least`, the nearest first.
    fn at_least<T>(
        &self,
        least: f64,
        positions: impl Iterator<Item = (usize, T)>,
        overlap: impl Fn(T, &TextSketch) -> f64,
    ) -> Vec<NearRecord> {
        let near = positions.filter_map(|(position, found)| {
            let (file, record) = self.headers.get(position)?;
            let record = record.as_ref()?;
            let overlap = overlap(found, record.sketch.as_ref()?);
            (overlap >= least).then(|| NearRecord { file: file.clone(), record: Arc::clone(record), overlap })
        });
        let mut near: Vec<NearRecord> = near.collect();
        near.sort_by(|one, other| other.overlap.total_cmp(&one.overlap).then_with(|| one.file.cmp(&other.file)));
        near
    }
}

fn add(positions: &mut Vec<usize>, position: usize) {
    if !positions.contains(&position) {
        positions.push(position);
    }
}
