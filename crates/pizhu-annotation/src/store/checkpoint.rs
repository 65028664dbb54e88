//! Checkpoints: what changes of a speech make of its file.
//!
//! First it is planned what the file will hold ([`Checkpoint`]), from the files as they are; then that is
//! written, the codebook before the file that names its new tags. If a file changes in between, both are
//! repeated.

use super::{
    codebook_file::CodebookFile,
    constants::{SCHEMA_VERSION, WRITE_SETTLE_DELAY},
    error::StoreError,
    files::{apply_action, with_current_tags},
    find_speech::FoundBy,
    handle::Store,
    loaded_speech::LoadedSpeech,
    replace::Durability,
    speech_changes::SpeechChanges,
    speech_file::{ReadOutcome, SpeechFile, SpeechRecord},
    speech_key::SpeechKey,
    warning::StoreWarning,
    write_batch::WriteBatch,
};
use crate::codebook::{Codebook, TagRef};
use crate::edit::Action;
use crate::merge::{AnnotationEntry, EntryMap};
use std::{
    collections::BTreeSet,
    mem,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

/// The result of a commit.
#[derive(Debug, Clone, Default)]
pub struct CommitOutcome {
    /// The entries now on the disk, including others' edits.
    pub entries: EntryMap,
    /// Warnings for the user.
    pub warnings: Vec<StoreWarning>,
}

/// Called before a checkpoint replaces a file, with its path and its new content.
pub(crate) type BeforeReplace<'a> = &'a mut dyn FnMut(&Path, &[u8]) -> Result<(), StoreError>;

/// What a speech's file will hold.
struct Checkpoint {
    /// The speech after the changes.
    speech: LoadedSpeech,
    record: SpeechRecord,
    /// Whether this differs from what the files hold.
    is_needed: bool,
    entries_before: EntryMap,
    record_action: Option<Action>,
    warnings: Vec<StoreWarning>,
}

impl Store {
    /// Merges actions into the store; they are on the disk when this returns.
    ///
    /// # Errors
    /// Fails if the store cannot be read or written; then it is unchanged.
    pub fn commit(&self, key: &SpeechKey, actions: &[Action]) -> Result<CommitOutcome, StoreError> {
        self.commit_with(key, actions, &mut |_, _| Ok(()))
    }

    /// [`Self::commit`] with a callback before each write.
    pub(crate) fn commit_with(
        &self,
        key: &SpeechKey,
        actions: &[Action],
        before_replace: BeforeReplace<'_>,
    ) -> Result<CommitOutcome, StoreError> {
        let _lock = self.lock()?;
        // Half-finished writes of dead processes are resolved before the next write.
        self.recover_before(key)?;
        self.sweep_drafts_once();
        self.checkpoint(key, actions, before_replace)
    }

    /// [`Self::commit`] under the store's lock. Editors and sync programs ignore the lock: if a
    /// file changes during the merge, it is repeated.
    pub(super) fn checkpoint(
        &self,
        key: &SpeechKey,
        actions: &[Action],
        before_replace: BeforeReplace<'_>,
    ) -> Result<CommitOutcome, StoreError> {
        self.retry_until_unchanged(|| {
            let outcome = self.try_checkpoint(SpeechChanges { key, actions, records: None }, before_replace, None)?;
            if outcome.is_none() {
                self.forget_listing();
            }
            Ok(outcome)
        })
    }

    /// One attempt at [`Self::checkpoint`], alone or in a batch; `None` if a file changed meanwhile.
    pub(super) fn try_checkpoint(
        &self,
        changes: SpeechChanges<'_>,
        before_replace: BeforeReplace<'_>,
        mut batch: Option<&mut WriteBatch>,
    ) -> Result<Option<CommitOutcome>, StoreError> {
        let files = self.files_to_write(changes.key)?;
        let codebook_file = match batch.as_mut() {
            Some(batch) => batch.codebook(self)?,
            None => Arc::new(self.read_codebook()?),
        };
        let loaded = batch.as_mut().and_then(|batch| batch.take_loaded(&files));
        let was_loaded = loaded.is_some();
        let Some(speech) = self.load_to_write(&files, loaded, &codebook_file.book)? else { return Ok(None) };
        let mut plan = self.plan_checkpoint(changes, speech, &codebook_file.book)?;
        if !plan.is_needed {
            return Ok(Some(CommitOutcome { entries: plan.speech.entries, warnings: plan.warnings }));
        }
        let is_new = plan.speech.files.is_empty();
        let migrates_codebook = self.write_new_tags(&mut plan, &codebook_file, batch.as_deref_mut())?;
        refresh_names(&mut plan.speech.entries, &plan.entries_before);
        let path = self.path_to_write(changes.key, &plan.speech, was_loaded);
        // Said once of a store, for the first file.
        self.keep_old_content(&path, &mut plan, migrates_codebook && !codebook_file.exists())?;
        let Checkpoint { speech, record, record_action, mut warnings, .. } = plan;
        let file = SpeechFile { speech: record, entries: speech.entries, records: speech.records };
        let text = self.checked_text(&file, &path)?;
        before_replace(&path, text.as_bytes())?;
        // Nor may a new file replace one that has just appeared.
        let is_still_unchanged = || self.is_unchanged(&speech.files) && (!is_new || self.storage.fingerprint(&path).is_err());
        let is_replaced = match &batch {
            Some(_) => self.rename_if(&path, text.as_bytes(), is_still_unchanged, Durability::WithBatch)?,
            None => self.replace_if(&path, text.as_bytes(), is_still_unchanged)?,
        };
        if !is_replaced {
            return Ok(None);
        }
        self.update_listing(&path, &file.speech, batch.is_none());
        if is_new {
            for other in self.other_files_naming(changes.key, &path)? {
                self.release_name(&other, &changes.key.name)?;
            }
        }
        match batch {
            Some(batch) => batch.note_written(changes.key, &path, changes.actions),
            None => self.note_checkpoint(changes.key, &path, &changes.actions.iter().chain(&record_action).collect::<Vec<_>>()),
        }
        for copy in speech.files.iter().skip(1) {
            // Its content is in the main file now.
            if self.retire(copy)? {
                warnings.push(StoreWarning::ConflictMerged(copy.0.clone()));
            }
        }
        Ok(Some(CommitOutcome { entries: file.entries, warnings }))
    }

    /// The files of a speech; an edited copy gets its own.
    fn files_to_write(&self, key: &SpeechKey) -> Result<Vec<PathBuf>, StoreError> {
        let found = self.find_speech(key)?;
        if found.by == FoundBy::EditedCopy {
            self.part_copy(key, &found.files, false)?;
            return self.speech_files(key);
        }
        Ok(found.files)
    }

    /// Merges the changes into what was read; nothing is written.
    fn plan_checkpoint(&self, changes: SpeechChanges<'_>, mut speech: LoadedSpeech, book: &Codebook) -> Result<Checkpoint, StoreError> {
        let (entries_before, records_before) = (speech.entries.clone(), speech.records.clone());
        let mut warnings = Vec::new();
        if let Some(path) = speech.files.first().map(|(path, _)| path.clone()) {
            let count = self.bring_back_overwritten(&path, &mut speech, book);
            if count > 0 {
                warnings.push(StoreWarning::BroughtBack { path, count });
            }
        }
        for action in changes.actions {
            apply_action(&mut speech, action, book);
        }
        let record = match speech.record.clone() {
            Some(mut record) => {
                record.update_from(changes.key);
                record
            }
            None => self.new_record(changes.key)?,
        };
        let record_action = changes.records.map(|change| change(&mut speech)).filter(|action| !action.records.is_empty());
        let is_needed = speech.files.len() > 1
            || speech.entries != entries_before
            || speech.records != records_before
            || speech.record.as_ref() != Some(&record)
            || speech.outcomes.iter().any(|outcome| outcome.repaired);
        Ok(Checkpoint { speech, record, is_needed, entries_before, record_action, warnings })
    }

    /// Writes the codebook if the plan has tags that it lacks, or if it is of an older version as the
    /// speech's file is. Returns whether it was migrated.
    fn write_new_tags(
        &self,
        plan: &mut Checkpoint,
        codebook_file: &CodebookFile,
        batch: Option<&mut WriteBatch>,
    ) -> Result<bool, StoreError> {
        let migrates = codebook_file.is_older() && (plan.speech.is_older() || codebook_file.exists());
        let mut new_file = codebook_file.clone();
        let created = add_unknown_tags(&mut new_file.book, &mut plan.speech.entries);
        if !created.is_empty() || migrates {
            plan.warnings.extend(self.write_codebook(new_file)?.into_iter().map(StoreWarning::ConflictMerged));
            if let Some(batch) = batch {
                batch.forget_codebook();
            }
        }
        if !created.is_empty() {
            plan.warnings.push(StoreWarning::TagsCreated(created));
        }
        Ok(migrates)
    }

    /// The main file of the speech, or an unused path. `was_loaded`: it was read before the lock was taken.
    fn path_to_write(&self, key: &SpeechKey, speech: &LoadedSpeech, was_loaded: bool) -> PathBuf {
        match speech.files.first() {
            Some((path, _)) => path.clone(),
            // In a batch nothing is looked at twice: the last look, before the file is renamed, decides.
            None if was_loaded => self.new_path(key, &|path| self.with_index(|index| index.has_file(path)).unwrap_or(true)),
            None => self.new_path(key, &|path| self.storage.fingerprint(path).is_ok()),
        }
    }

    /// Copies aside what the write would lose: damaged files, and the file of an older version.
    fn keep_old_content(&self, path: &Path, plan: &mut Checkpoint, tells_of_migration: bool) -> Result<(), StoreError> {
        self.put_damaged_aside(&plan.speech, &mut plan.warnings)?;
        if !plan.speech.bytes.is_empty()
            && let Some(backup) = self.back_up(path, &plan.speech.bytes, plan.speech.is_older())?
            && tells_of_migration
        {
            plan.warnings.push(StoreWarning::Migrated { path: path.to_owned(), backup });
        }
        Ok(())
    }

    /// The speech in these files, unless it is `loaded`, to be written; `None` if one of them changed
    /// meanwhile.
    fn load_to_write(&self, files: &[PathBuf], loaded: Option<LoadedSpeech>, book: &Codebook) -> Result<Option<LoadedSpeech>, StoreError> {
        let speech = match loaded.map_or_else(|| self.load_files(files, book), Ok) {
            Err(error) if error.is_not_found() => return Ok(None),
            other => other?,
        };
        if let Some(newer) = speech.outcomes.iter().position(ReadOutcome::is_newer) {
            return Err(StoreError::Newer(speech.files[newer].0.clone()));
        }
        if !speech.outcomes.iter().all(ReadOutcome::is_complete) {
            // Another program may still be writing it.
            thread::sleep(WRITE_SETTLE_DELAY);
            if !self.is_unchanged(&speech.files) {
                return Ok(None);
            }
        }
        Ok(Some(speech))
    }

    /// Copies the damaged files of a speech aside.
    fn put_damaged_aside(&self, speech: &LoadedSpeech, warnings: &mut Vec<StoreWarning>) -> Result<(), StoreError> {
        for ((path, _), outcome) in speech.files.iter().zip(&speech.outcomes) {
            if !outcome.is_complete() {
                let aside = self.put_aside(path)?;
                warnings.push(StoreWarning::PutAside { path: path.clone(), aside });
            }
        }
        Ok(())
    }

    /// What a checkpoint has written is noted on this machine: in the history, and as seen.
    fn note_checkpoint(&self, key: &SpeechKey, path: &Path, actions: &[&Action]) {
        if key.is_whole() {
            self.note_seen(key, path);
        }
        // The annotations are safe even if the history cannot be written.
        let _ = self.record_history(path, actions);
    }

    /// The record of a speech that has none; it names the speeches that are like it.
    fn new_record(&self, key: &SpeechKey) -> Result<SpeechRecord, StoreError> {
        let mut record = SpeechRecord::of_key(key);
        self.undecided_texts(key)?.into_iter().for_each(|text| record.consider(text));
        Ok(record)
    }
}

impl LoadedSpeech {
    /// Whether the main file is of an older version.
    fn is_older(&self) -> bool {
        self.outcomes.first().is_some_and(|outcome| outcome.version < SCHEMA_VERSION)
    }
}

/// Brings the names beside the tags' ids up to date, of annotations that are not as they were. Other
/// lines stay as they are, so that they do not get in the way of a merge.
fn refresh_names(entries: &mut EntryMap, before: &EntryMap) {
    for (id, entry) in entries.iter_mut() {
        if let AnnotationEntry::Present(annotation) = entry
            && before.get(id).and_then(AnnotationEntry::annotation) != Some(annotation)
        {
            annotation.tags = mem::take(&mut annotation.tags).with_present_names();
        }
    }
}

/// Adds the annotations' tags that the codebook lacks; returns their names.
fn add_unknown_tags(book: &mut Codebook, entries: &mut EntryMap) -> Vec<String> {
    let used: BTreeSet<&TagRef> =
        entries.values().filter_map(AnnotationEntry::annotation).flat_map(|annotation| &annotation.tags).collect();
    let mut created: Vec<String> = used.into_iter().filter(|tag| book.add_unknown(tag)).map(|tag| tag.name.clone()).collect();
    if !created.is_empty() {
        book.unite_twins();
        created.sort();
        *entries = mem::take(entries).into_iter().map(|(id, entry)| (id, with_current_tags(entry, book))).collect();
    }
    created
}
