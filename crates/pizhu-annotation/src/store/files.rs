//! The files of a store: matching them to speeches, reading them and writing them whole.

use super::{
    constants::{CODEBOOK_FILE, PROJECT_FILE},
    error::StoreError,
    find_speech::{FoundBy, FoundSpeech},
    handle::Store,
    loaded_speech::LoadedSpeech,
    record_match::{FileHeader, base_name},
    speech_file::{ReadOutcome, SpeechFile, SpeechRecord, parse},
    speech_key::SpeechKey,
    warning::StoreWarning,
};
use crate::codebook::Codebook;
use crate::edit::{Action, ActionKind};
use crate::merge::AnnotationEntry;
use crate::merge::EntryMap;
use crate::merge::merge;
use crate::merge::merge_entry;
use crate::model::Annotation;
use crate::record::RecordSet;
use crate::record_merge::apply_record_changes;
use crate::storage::FileFingerprint;
use std::{
    collections::HashMap,
    mem,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
};

/// Bytes at the start of a file that should contain the `speech` line.
const HEADER_BYTES: usize = 16 * 1024;
/// Maximum attempts at reading while files are being merged away.
const MAX_READ_ATTEMPTS: usize = 5;

/// A file's fingerprint, its record, and its content if it is short.
type FileHead = (FileFingerprint, Option<SpeechRecord>, Option<Vec<u8>>);

impl Store {
    /// The files of all speeches with their records. Reads only files changed since the last call.
    pub(super) fn headers(&self) -> Result<Vec<FileHeader>, StoreError> {
        let dir = &self.location.dir;
        let paths = self.storage.list(dir).map_err(StoreError::io(dir))?;
        let mut cache = self.header_cache.lock().unwrap_or_else(PoisonError::into_inner);
        let mut headers = HashMap::with_capacity(paths.len());
        let mut found = Vec::new();
        let mut codebooks = Vec::new();
        let mut unrecognized = Vec::new();
        for path in paths {
            if !is_ron(&path) || path.ends_with(CODEBOOK_FILE) || path.ends_with(PROJECT_FILE) {
                continue;
            }
            let unchanged = cache
                .headers
                .remove(&path)
                .and_then(|(old, header)| self.storage.fingerprint(&path).ok().filter(|now| *now == old).map(|_| (old, header)));
            let (fingerprint, header) = match unchanged {
                Some(known) => known,
                None => match self.read_record(&path) {
                    Ok((fingerprint, record, content)) => {
                        if let Some(content) = content.filter(|_| cache.keeps_listing) {
                            cache.contents.insert(path.clone(), content);
                        }
                        (fingerprint, record.map(Arc::new))
                    }
                    // A file deleted meanwhile is skipped.
                    Err(error) if error.is_not_found() => continue,
                    // The error is reported when this file itself is read; other speeches do not
                    // depend on it.
                    Err(_) => {
                        unrecognized.push(path.clone());
                        found.push((path, None));
                        continue;
                    }
                },
            };
            // The file of a speech may also be named like a codebook.
            if header.is_none() && is_codebook(&path) {
                codebooks.push(path.clone());
            } else if header.is_none() && self.is_project_copy(&path) {
                // Read with the project's file.
                continue;
            } else {
                if header.is_none() {
                    unrecognized.push(path.clone());
                }
                found.push((path.clone(), header.clone()));
            }
            headers.insert(path, (fingerprint, header));
        }
        cache.headers = headers;
        cache.codebooks = codebooks;
        drop(cache);
        self.warn_of_unrecognized(unrecognized);
        Ok(found)
    }

    /// Looks for copies of the codebook; [`Self::headers`] also finds them.
    pub(super) fn find_codebooks(&self) -> Result<(), StoreError> {
        let dir = &self.location.dir;
        let mut paths = self.storage.list(dir).map_err(StoreError::io(dir))?;
        paths.retain(|path| is_ron(path) && !path.ends_with(CODEBOOK_FILE) && is_codebook(path));
        paths.retain(|path| matches!(self.read_record(path), Ok((_, None, _))));
        self.header_cache.lock().unwrap_or_else(PoisonError::into_inner).codebooks = paths;
        Ok(())
    }

    /// The codebook copies found last.
    pub(super) fn codebook_copies(&self) -> Vec<PathBuf> {
        self.header_cache.lock().unwrap_or_else(PoisonError::into_inner).codebooks.clone()
    }

    /// The record in a file, the file's fingerprint, and its content if it is short.
    fn read_record(&self, path: &Path) -> Result<FileHead, StoreError> {
        let (fingerprint, header) = self.storage.read_head_and_fingerprint(path, HEADER_BYTES).map_err(StoreError::io(path))?;
        let text = String::from_utf8_lossy(&header);
        let line = text.lines().find_map(|line| line.trim().strip_prefix("speech:"));
        if let Some(Ok(record)) = line.map(|line| parse(line.trim_end().trim_end_matches(','), &mut Vec::new())) {
            drop(text);
            return Ok((fingerprint, Some(record), (header.len() < HEADER_BYTES).then_some(header)));
        }
        let whole = self.storage.read(path).map_err(StoreError::io(path))?;
        Ok((fingerprint, SpeechFile::from_ron(&whole).speech, None))
    }

    /// The files of all annotated speeches with their records.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn speeches(&self) -> Result<Vec<(PathBuf, Arc<SpeechRecord>)>, StoreError> {
        self.recover_once();
        self.with_index(|index| {
            index.headers().iter().filter_map(|(path, record)| Some((path.clone(), Arc::clone(record.as_ref()?)))).collect()
        })
    }

    /// The files that belong to a speech, the main one first.
    pub(super) fn speech_files(&self, key: &SpeechKey) -> Result<Vec<PathBuf>, StoreError> {
        Ok(self.find_speech(key)?.files)
    }

    /// The files of a speech with their fingerprints.
    pub(crate) fn file_fingerprints(&self, key: &SpeechKey) -> Result<Vec<(PathBuf, FileFingerprint)>, StoreError> {
        let with_fingerprint = |path: PathBuf| {
            let fingerprint = self.storage.fingerprint(&path).map_err(StoreError::io(&path))?;
            Ok((path, fingerprint))
        };
        self.speech_files(key)?.into_iter().map(with_fingerprint).collect()
    }

    /// Loads the annotations of a speech.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn load(&self, key: &SpeechKey) -> Result<LoadedSpeech, StoreError> {
        self.recover_once();
        let (found, mut speech) = self.find_and_load(key)?;
        if key.is_whole() {
            self.tell_of_place(key, &found, &mut speech)?;
            // Of a damaged file it is told that it is damaged; of an empty one there is nothing else to say.
            let is_damaged = speech.record.is_some() && !speech.outcomes.iter().all(ReadOutcome::is_complete);
            if let Some(lacking) = (!is_damaged).then(|| self.lacking_warning(key, &speech)).flatten() {
                speech.warnings.retain(|warning| !matches!(warning, StoreWarning::Damaged { .. }));
                speech.warnings.push(lacking);
            }
        }
        Ok(speech)
    }

    /// Finds the files of a speech, which may be merged away while they are read, and loads them.
    pub(super) fn find_and_load(&self, key: &SpeechKey) -> Result<(FoundSpeech, LoadedSpeech), StoreError> {
        for _ in 1..MAX_READ_ATTEMPTS {
            let found = self.find_speech(key)?;
            match self.load_files_as(&found.files, &*self.book_to_read()?, |path| self.listed_file(path)) {
                Err(error) if error.is_not_found() => self.forget_listing(),
                other => return Ok((found, other?)),
            }
        }
        let found = self.find_speech(key)?;
        let speech = self.load_files(&found.files, &*self.book_to_read()?)?;
        Ok((found, speech))
    }

    /// Notes where and with which text a speech was found, if that is new, and what the user should know.
    fn tell_of_place(&self, key: &SpeechKey, found: &FoundSpeech, speech: &mut LoadedSpeech) -> Result<(), StoreError> {
        if !key.has_place() {
            return Ok(());
        }
        // With annotations of its own it has been taken for another speech; the question stays open, and is
        // not asked here.
        if found.by == FoundBy::Nothing
            && let Some(first) = self.proposals_for(key, found)?.first()
        {
            let path = self.location.document_path(&key.name);
            speech.warnings.push(StoreWarning::Proposed { path, similar: first.path.clone(), count: first.count });
        }
        let (Some(file), Some(record)) = (found.files.first(), &speech.record) else { return Ok(()) };
        let is_same_text = matches!(found.by, FoundBy::Text | FoundBy::TextAndPath);
        if is_same_text && !record.detached && !record.paths.contains(&key.name) {
            speech.warnings.extend(self.sharing_warning(key, record, file));
        }
        if found.by == FoundBy::Text || record.hash != key.hash {
            self.note_seen(key, file);
        }
        Ok(())
    }

    /// Loads one of the files returned by [`Self::speeches`].
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub(crate) fn load_file(&self, path: &Path) -> Result<LoadedSpeech, StoreError> {
        self.recover_once();
        self.load_files(&[path.to_owned()], &*self.book_to_read()?)
    }

    pub(super) fn load_files(&self, files: &[PathBuf], book: &Codebook) -> Result<LoadedSpeech, StoreError> {
        self.load_files_as(files, book, |_| None)
    }

    /// [`Self::load_files`] with fingerprints and contents from `listed`, as far as it has them; the
    /// fingerprints are no newer than the content.
    pub(super) fn load_files_as(
        &self,
        files: &[PathBuf],
        book: &Codebook,
        listed: impl Fn(&Path) -> Option<(FileFingerprint, Option<Vec<u8>>)>,
    ) -> Result<LoadedSpeech, StoreError> {
        let mut speech = LoadedSpeech::default();
        for path in files {
            let (fingerprint, content) = match listed(path) {
                Some(listed) => listed,
                None => (self.storage.fingerprint(path).map_err(StoreError::io(path))?, None),
            };
            let bytes = match content {
                Some(content) => content,
                None => self.storage.read(path).map_err(StoreError::io(path))?,
            };
            let mut outcome = self.parse_cache.read(&bytes);
            if outcome.is_newer() {
                speech.warnings.push(StoreWarning::Newer(path.clone()));
            } else if !outcome.is_complete() {
                speech.warnings.push(StoreWarning::Damaged { path: path.clone(), lost: outcome.lost_lines.len() });
            }
            let by_name = outcome.has_tag_names_only();
            let current = |entry| if by_name { with_tags_by_name(entry, book) } else { with_current_tags(entry, book) };
            let mut entries: EntryMap = mem::take(&mut outcome.entries).into_iter().map(|(id, entry)| (id, current(entry))).collect();
            let records = mem::take(&mut outcome.records);
            if speech.files.is_empty() {
                speech.bytes = bytes;
                speech.entries = entries;
                speech.records = records;
            } else {
                entries = merge(&EntryMap::new(), &speech.entries, &entries);
                speech.records = RecordSet::merge(&RecordSet::default(), &speech.records, &records);
                speech.records.settle(&mut entries);
                speech.entries = entries;
            }
            speech.record = match (speech.record.take(), outcome.speech.clone()) {
                (Some(main), Some(copy)) => Some(copy.joined(main)),
                (main, copy) => main.or(copy),
            };
            speech.files.push((path.clone(), fingerprint));
            speech.outcomes.push(outcome);
        }
        Ok(speech)
    }

    /// Copies aside and deletes a file that was merged into another. Returns `false` if it was
    /// changed or removed meanwhile; it is then left for the next time.
    pub(super) fn retire(&self, file: &(PathBuf, FileFingerprint)) -> Result<bool, StoreError> {
        if !self.is_unchanged(std::slice::from_ref(file)) {
            return Ok(false);
        }
        self.put_aside(&file.0)?;
        if !self.is_unchanged(std::slice::from_ref(file)) {
            return Ok(false);
        }
        self.storage.remove(&file.0).map_err(StoreError::io(&file.0))?;
        Ok(true)
    }

    /// Whether the files are unchanged since they were listed.
    pub(super) fn is_unchanged(&self, files: &[(PathBuf, FileFingerprint)]) -> bool {
        files.iter().all(|(path, fingerprint)| self.storage.fingerprint(path).is_ok_and(|now| now == *fingerprint))
    }

    /// An unused path for a new file: the one it had before it was deleted, so that its history goes
    /// on.
    pub(super) fn new_path(&self, key: &SpeechKey, is_taken: &dyn Fn(&Path) -> bool) -> PathBuf {
        if let Some(before) = self.remembered_file(key).filter(|path| !is_taken(path)) {
            return before;
        }
        self.unused_path(key, is_taken)
    }

    /// A path that no file has, named after the speech.
    pub(super) fn unused_path(&self, key: &SpeechKey, is_taken: &dyn Fn(&Path) -> bool) -> PathBuf {
        let base = base_name(&key.name, key.hash);
        let mut path = self.location.dir.join(format!("{base}.ron"));
        let mut n = 2;
        while is_taken(&path) {
            path = self.location.dir.join(format!("{base}-{n}.ron"));
            n += 1;
        }
        path
    }
}

/// Whether the path is a data file of the store.
pub(super) fn is_ron(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.extension().is_some_and(|extension| extension == "ron") && !name.starts_with('.')
}

/// Whether a file without a speech record is a copy of the codebook.
fn is_codebook(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("codebook"))
}

pub(super) fn with_current_tags(entry: AnnotationEntry, book: &Codebook) -> AnnotationEntry {
    match entry {
        AnnotationEntry::Present(annotation) => {
            AnnotationEntry::Present(Annotation { tags: book.current_tags(&annotation.tags), ..annotation })
        }
        dead @ AnnotationEntry::Tombstone(_) => dead,
    }
}

/// [`with_current_tags`] for an entry of a file whose tags are names.
fn with_tags_by_name(entry: AnnotationEntry, book: &Codebook) -> AnnotationEntry {
    match entry {
        AnnotationEntry::Present(annotation) => {
            AnnotationEntry::Present(Annotation { tags: book.current_tags_by_name(&annotation.tags), ..annotation })
        }
        dead @ AnnotationEntry::Tombstone(_) => dead,
    }
}

/// Merges the changes of an action into the speech.
pub(crate) fn apply_action(speech: &mut LoadedSpeech, action: &Action, book: &Codebook) {
    apply_record_changes(&mut speech.records, &mut speech.entries, action);
    let entries = &mut speech.entries;
    for change in &action.changes {
        let Some(id) = change.id() else { continue };
        let base = change.base_entry().map(|entry| with_current_tags(entry, book));
        let result = change.result_entry(&action.author, action.at).map(|entry| with_current_tags(entry, book));
        let existing = entries.remove(&id);
        // A state is restored as it was, whatever was there: unless that is later.
        let is_later = existing
            .as_ref()
            .and_then(AnnotationEntry::annotation)
            .zip(change.after.as_ref())
            .is_some_and(|(existing, after)| existing.modified > after.modified);
        let base = if matches!(action.kind, ActionKind::Restore(_)) && !is_later { existing.clone() } else { base };
        // If the base exists but the entry does not, it was removed by hand.
        if let Some(merged) = merge_entry(base.as_ref(), existing.as_ref(), result.as_ref()) {
            entries.insert(id, merged);
        }
    }
}
