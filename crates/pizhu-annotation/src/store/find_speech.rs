//! Finding the record of a speech: by its path, then by its text, then by a nearly equal text.
//!
//! | the speech was … | and | it is |
//! |---|---|---|
//! | moved, renamed, copied | not edited | found by its text |
//! | edited | not moved | found by its path |
//! | moved, opened, then edited | | found by the path noted when it was opened |
//! | moved and edited at once | | proposed: see [`Store::proposals`] |
//! | copied, opened, then edited | the original is there | a speech of its own, with the annotations copied |
//! | replaced by another speech | | a new speech; the old one's annotations are proposed |

use super::{
    error::StoreError,
    handle::Store,
    header_cache::NearRecord,
    record_match::{RecordMatch, SpeechQuery},
    seen::file_stem,
    speech_file::SpeechRecord,
    speech_key::SpeechKey,
};
use crate::identity::SpeechHash;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Overlap from which two texts count as nearly equal.
const NEAR: f64 = 0.8;
/// Overlap below which texts at one path, one after the other, are two speeches.
const UNRELATED: f64 = 0.1;

/// How the files of a speech were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FoundBy {
    /// The store has none.
    Nothing,
    /// By the text, at a path that the record names.
    TextAndPath,
    /// By the text, at a path that is new to the record: moved, or a copy.
    Text,
    /// By a path or a former text: edited.
    Path,
    /// As [`Self::Path`], but the speech is elsewhere, too: this is a copy of it that was edited.
    EditedCopy,
}

/// The files of a speech in the store.
#[derive(Debug, Clone)]
pub(super) struct FoundSpeech {
    /// The files, the main one first.
    pub(super) files: Vec<PathBuf>,
    /// The record of the main file.
    pub(super) record: Option<Arc<SpeechRecord>>,
    /// How they were found.
    pub(super) by: FoundBy,
    /// The file of another speech that was at this path before.
    pub(super) replaced: Option<PathBuf>,
}

impl Store {
    /// Finds the files of a speech.
    pub(super) fn find_speech(&self, key: &SpeechKey) -> Result<FoundSpeech, StoreError> {
        let seen = self.seen();
        let query = SpeechQuery { hash: Some(key.hash), name: &key.name, seen: &seen };
        let (files, rank, record) = self.with_index(|index| {
            let (files, rank) = index.find(query);
            let record = files.first().and_then(|file| index.record(file));
            (files, rank, record)
        })?;
        let by = match (rank, &record) {
            (None, _) => FoundBy::Nothing,
            (Some(RecordMatch::Text), _) => FoundBy::Text,
            (Some(rank), _) if rank.is_same_text() => FoundBy::TextAndPath,
            (Some(rank), Some(record)) => self.found_edited(key, rank, record, &files),
            (Some(_), None) => FoundBy::Path,
        };
        if by == FoundBy::Nothing {
            let replaced = files.into_iter().next().filter(|_| rank != Some(RecordMatch::PathForm));
            return Ok(FoundSpeech { files: Vec::new(), record: None, by, replaced });
        }
        Ok(FoundSpeech { files, record, by, replaced: None })
    }

    /// Whether the store has a file of the speech.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn has_speech(&self, key: &SpeechKey) -> Result<bool, StoreError> {
        Ok(!self.find_speech(key)?.files.is_empty())
    }

    /// The texts that a speech has had, as far as the store and this machine know, the present one
    /// first.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn known_texts(&self, key: &SpeechKey) -> Result<Vec<SpeechHash>, StoreError> {
        let found = self.find_speech(key)?;
        let mut texts = vec![key.hash];
        if let (Some(record), Some(file)) = (&found.record, found.files.first()) {
            let former = std::iter::once(record.hash).chain(record.former_hashes.iter().rev().copied());
            for text in former.chain(self.seen().texts_of(&file_stem(file))) {
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
        Ok(texts)
    }

    /// How a speech was found whose text is not that of its record.
    fn found_edited(&self, key: &SpeechKey, rank: RecordMatch, record: &SpeechRecord, files: &[PathBuf]) -> FoundBy {
        // Nothing is concluded from half a text.
        if record.detached || !key.is_whole() {
            return FoundBy::Path;
        }
        let elsewhere = files.first().is_some_and(|file| self.other_places(key, record, file).next().is_some());
        let grams = key.grams();
        let is_unrelated = |sketch| !grams.is_empty() && grams.overlap(sketch) < UNRELATED;
        match (rank, elsewhere) {
            // The file of that name is still there: this is another, whose name only looks the same.
            (RecordMatch::PathForm, true) => FoundBy::Nothing,
            _ if record.sketch.as_ref().is_some_and(is_unrelated) => FoundBy::Nothing,
            (_, false) => FoundBy::Path,
            (_, true) => FoundBy::EditedCopy,
        }
    }

    /// The other paths at which the speech of a file is to be found now.
    pub(super) fn other_places(&self, key: &SpeechKey, record: &SpeechRecord, file: &Path) -> impl Iterator<Item = PathBuf> {
        let own = self.storage.fingerprint(&self.location.document_path(&key.name)).ok();
        let names: BTreeSet<String> = self.places(record, file).into_iter().filter(|name| *name != key.name).collect();
        names.into_iter().filter_map(move |name| {
            let path = self.location.document_path(&name);
            // The same file, on a disk that does not tell upper case or Unicode forms apart.
            let is_other = self.storage.fingerprint(&path).is_ok_and(|fingerprint| Some(fingerprint) != own);
            is_other.then_some(path)
        })
    }

    /// The paths under which the speech of a file was seen, by this machine or another, the latest
    /// last: one of [`Self::speeches`].
    #[must_use]
    pub fn known_places(&self, record: &SpeechRecord, file: &Path) -> Vec<PathBuf> {
        self.places(record, file).iter().map(|name| self.location.document_path(name)).collect()
    }

    /// The names under which the speech of a file was seen, by this machine or another, the latest
    /// last. A name that has since become another speech's is left out.
    pub(super) fn places(&self, record: &SpeechRecord, file: &Path) -> Vec<String> {
        let (seen, stem) = (self.seen(), file_stem(file));
        let is_there = |stem: &str| self.storage.fingerprint(&self.location.dir.join(format!("{stem}.ron"))).is_ok();
        let is_own = |name: &&String| seen.file_at(name).is_none_or(|file| file == stem || !is_there(file));
        let mut names: Vec<String> = record.paths.iter().filter(is_own).cloned().collect();
        names.extend(seen.names_of(&stem).iter().filter(|name| !record.paths.contains(name)).cloned());
        names
    }

    /// The records whose texts are nearly that of the speech, the nearest first, without those that
    /// `own`, its record, has had, or that the user has refused. For a speech that has a record, those
    /// that were not decided when it was made.
    pub(super) fn near_records(&self, key: &SpeechKey, own: Option<&SpeechRecord>) -> Result<Vec<NearRecord>, StoreError> {
        if !key.is_whole() || own.is_some_and(|own| own.similar_texts.is_empty()) {
            return Ok(Vec::new());
        }
        // Without records there is nothing to compare the text with, as at the first start.
        if !self.with_index(super::header_cache::HeaderIndex::has_sketches)? {
            return Ok(Vec::new());
        }
        let grams = key.grams();
        if grams.is_empty() {
            return Ok(Vec::new());
        }
        let mut near = self.with_index(|index| match own {
            Some(own) => index.near_among(&own.similar_texts, &grams, NEAR),
            None => index.near(&grams, NEAR),
        })?;
        if let Some(own) = own {
            near.retain(|near| own.similar_texts.iter().any(|hash| near.record.has_had(*hash)) && !near.record.has_had(own.hash));
        }
        Ok(near)
    }
}
