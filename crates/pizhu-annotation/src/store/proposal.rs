//! Proposals: annotations of a nearly equal text that may belong to a speech.
//!
//! Invariant: no annotation goes to a speech by likeness alone; the user takes a proposal or refuses
//! it for good.

use super::{
    error::StoreError,
    find_speech::{FoundBy, FoundSpeech},
    handle::Store,
    header_cache::NearRecord,
    replace::check_rewritable,
    speech_file::{SpeechFile, SpeechRecord},
    speech_key::SpeechKey,
};
use crate::identity::SpeechHash;
use crate::merge::{EntryMap, merge};
use crate::record::RecordSet;
use std::path::{Path, PathBuf};

/// Maximum number of proposals for a speech.
const MAX_PROPOSALS: usize = 8;
/// By how much the overlap of the first must exceed that of the next, so that it is the one.
const MARGIN: f64 = 0.05;

/// Annotations of another speech that may belong to this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Identity of the other speech's text.
    pub hash: SpeechHash,
    /// Its latest path.
    pub path: PathBuf,
    /// Its title.
    pub title: String,
    /// The share of the smaller text that the other holds.
    pub overlap: f64,
    /// Number of its annotations.
    pub count: usize,
    /// Whether the other speech is still there: its annotations are then copied, else they move.
    pub is_copy: bool,
    /// Whether it is nearer than all others by a margin.
    pub is_clear: bool,
}

impl Store {
    /// The speeches whose annotations may belong to a speech that has none, because it was moved and
    /// edited at the same time or made from another; the nearest first.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn proposals(&self, key: &SpeechKey) -> Result<Vec<Proposal>, StoreError> {
        self.proposals_for(key, &self.find_speech(key)?)
    }

    pub(super) fn proposals_for(&self, key: &SpeechKey, found: &FoundSpeech) -> Result<Vec<Proposal>, StoreError> {
        let own = match (found.by, found.record.as_deref()) {
            (FoundBy::Nothing, _) => None,
            (_, Some(record)) => Some(record),
            (_, None) => return Ok(Vec::new()),
        };
        let mut near = self.near_records(key, own)?;
        // The speech may have been rewritten from the first word to the last.
        if let Some(file) = &found.replaced
            && !near.iter().any(|near| near.file == *file)
            && let Some(record) = self.with_index(|index| index.record(file))?
        {
            near.push(NearRecord { file: file.clone(), record, overlap: 0.0 });
        }
        let mut proposals = Vec::new();
        for NearRecord { file, record, overlap } in near {
            let listed = |path: &Path| Some((self.listed_file(path)?.0, None));
            let Ok(speech) = self.load_files_as(std::slice::from_ref(&file), &*self.book_to_read()?, listed) else { continue };
            let annotations = speech.annotations().count();
            // Of a speech that is only mended, what is mended counts.
            let count = if annotations > 0 { annotations } else { speech.outline_edits().count() };
            if count == 0 {
                continue;
            }
            let is_copy = self.other_places(key, &record, &file).next().is_some();
            let path = self.location.document_path(self.places(&record, &file).last().map_or("", String::as_str));
            proposals.push(Proposal { hash: record.hash, path, title: record.title.clone(), overlap, count, is_copy, is_clear: false });
            if proposals.len() >= MAX_PROPOSALS {
                break;
            }
        }
        let next = proposals.get(1).map_or(0.0, |next| next.overlap);
        if let Some(first) = proposals.first_mut() {
            first.is_clear = first.overlap - next >= MARGIN;
        }
        Ok(proposals)
    }

    /// Takes the annotations proposed for a speech: those of the speech with this text. They are
    /// copied if that speech is still there, else they move. Returns the number of annotations; 0 if
    /// there is no such proposal.
    ///
    /// # Errors
    /// Fails if the store cannot be read or written; then nothing has changed.
    pub fn take_proposal(&self, key: &SpeechKey, hash: SpeechHash) -> Result<usize, StoreError> {
        let Some(proposal) = self.proposals(key)?.into_iter().find(|proposal| proposal.hash == hash) else { return Ok(0) };
        let theirs = SpeechKey::without_text(hash, self.location.document_name(&proposal.path), proposal.title.clone());
        if !proposal.is_copy {
            self.attach(key, Some(&theirs), None)?;
            return Ok(proposal.count);
        }
        let _lock = self.lock()?;
        self.recover_before(key)?;
        let other = self.find_speech(&theirs)?.files;
        self.copy_entries(key, &other, |own| own.similar_texts.retain(|similar| *similar != hash))?;
        Ok(proposal.count)
    }

    /// Refuses the annotations proposed for a speech, those of the speech with this text or all, for
    /// good. Returns the number of proposals refused.
    ///
    /// # Errors
    /// Fails if the store cannot be read or written; then nothing has changed.
    pub fn refuse_proposals(&self, key: &SpeechKey, hash: Option<SpeechHash>) -> Result<usize, StoreError> {
        let mut refused = self.proposals(key)?;
        refused.retain(|proposal| hash.is_none_or(|hash| proposal.hash == hash));
        if !refused.is_empty() {
            let kept = self.undecided_texts(key)?.into_iter().filter(|text| !refused.iter().any(|proposal| proposal.hash == *text));
            let kept: Vec<SpeechHash> = kept.collect();
            let _lock = self.lock()?;
            self.recover_before(key)?;
            self.copy_entries(key, &[], |own| {
                for text in &kept {
                    own.consider(*text);
                }
                for proposal in &refused {
                    own.refuse(proposal.hash);
                }
            })?;
        }
        Ok(refused.len())
    }

    /// The texts of the speeches proposed for a speech.
    pub(super) fn undecided_texts(&self, key: &SpeechKey) -> Result<Vec<SpeechHash>, StoreError> {
        let found = self.find_speech(key)?;
        let own = found.record.as_deref().filter(|_| found.by != FoundBy::Nothing);
        Ok(self.near_records(key, own)?.into_iter().take(MAX_PROPOSALS).map(|near| near.record.hash).collect())
    }

    /// Adds the annotations of other files to those of a speech, which gets a file of its own if it
    /// has none, and changes its record. Under the store's lock.
    fn copy_entries(&self, key: &SpeechKey, others: &[PathBuf], change: impl Fn(&mut SpeechRecord)) -> Result<(), StoreError> {
        let book = self.codebook()?;
        let path = self.retry_until_unchanged(|| {
            let own = self.find_speech(key)?;
            let (mine, theirs) = (self.load_files(&own.files, &book)?, self.load_files(others, &book)?);
            check_rewritable(&mine.outcomes, &own.files)?;
            let mut record = mine.record().cloned().unwrap_or_else(|| SpeechRecord::of_key(key));
            record.update_from(key);
            change(&mut record);
            let mut entries = merge(&EntryMap::new(), &mine.entries, &theirs.entries);
            let mut records = RecordSet::merge(&RecordSet::default(), &mine.records, &theirs.records);
            records.settle(&mut entries);
            let file = SpeechFile { speech: record, entries, records };
            if let Some(path) = own.files.first() {
                return Ok(self.rewrite(&mine.files, &file)?.map(|()| path.clone()));
            }
            let path = self.new_path(key, &|path| self.storage.fingerprint(path).is_ok());
            self.write_speech_file(&path, &file)?;
            Ok(Some(path))
        })?;
        for file in self.other_files_naming(key, &path)? {
            self.release_name(&file, &key.name)?;
        }
        self.note_seen(key, &path);
        others.first().map_or(Ok(()), |other| self.copy_history(other, &path))
    }

    /// The files of other speeches that name the path of this one.
    pub(super) fn other_files_naming(&self, key: &SpeechKey, own: &Path) -> Result<Vec<PathBuf>, StoreError> {
        if !key.has_place() {
            return Ok(Vec::new());
        }
        let mut files = self.with_index(|index| index.files_naming(&key.name))?;
        files.retain(|file| file != own);
        Ok(files)
    }

    /// Takes a name out of the record of a file: another speech is at that path now. Under the store's
    /// lock.
    pub(super) fn release_name(&self, file: &Path, name: &str) -> Result<(), StoreError> {
        let (files, book) = ([file.to_owned()], self.codebook()?);
        self.retry_until_unchanged(|| {
            let existing = self.load_files(&files, &book)?;
            let Some(mut record) = existing.record().cloned() else { return Ok(Some(())) };
            if check_rewritable(&existing.outcomes, &files).is_err() || record.detached || !record.paths.iter().any(|path| path == name) {
                return Ok(Some(()));
            }
            record.paths.retain(|path| path != name);
            // Where else it was seen is known to this machine only.
            for place in self.places(&record, file) {
                if place != name && !record.paths.contains(&place) {
                    record.add_path(place);
                }
            }
            self.rewrite(&existing.files, &SpeechFile { speech: record, entries: existing.entries, records: existing.records })
        })
    }
}
