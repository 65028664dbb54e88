//! The history of a speech on this machine: states of it, and what the store lacks of it.
//!
//! The history holds every annotation whole, so a state is reconstructed from it alone, whatever has
//! happened to the store's file since: emptied, replaced by an older copy, deleted.

use super::{
    error::StoreError, handle::Store, loaded_speech::LoadedSpeech, record_match::base_name, seen::file_stem, speech_file::ReadOutcome,
    speech_key::SpeechKey, warning::StoreWarning,
};
use crate::edit::{Action, ActionKind};
use crate::history::{changes_to_state, state_after};
use crate::merge::{AnnotationEntry, EntryMap};
use crate::record_history::record_changes_to_state;
use std::{collections::BTreeSet, path::PathBuf};
use uuid::Uuid;

impl Store {
    /// All actions on a speech on this machine, oldest first; also if the store no longer has its
    /// file.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn history(&self, key: &SpeechKey) -> Result<Vec<Action>, StoreError> {
        match self.history_file(key)? {
            Some(file) => self.read_history(&file),
            None => Ok(Vec::new()),
        }
    }

    /// The file of a speech in the store, or the one that it had there.
    fn history_file(&self, key: &SpeechKey) -> Result<Option<PathBuf>, StoreError> {
        if let Some(file) = self.speech_files(key)?.into_iter().next() {
            return Ok(Some(file));
        }
        // Before sightings were noted, a file was named after the speech's first path and text.
        let named = || Some(self.location.dir.join(format!("{}.ron", base_name(&key.name, key.hash))));
        Ok(self.remembered_file(key).or_else(named).filter(|file| self.storage.fingerprint(file).is_err()))
    }

    /// Restores the annotations of a speech as they were right after `action` of its history
    /// (before the first one for `None`), as one more action that can be undone. Annotations that the
    /// history does not know stay. Returns the number of annotations changed.
    ///
    /// # Errors
    /// Fails if the history has no such action, or the store cannot be read or written.
    pub fn restore(&self, key: &SpeechKey, action: Option<Uuid>, author: &str) -> Result<usize, StoreError> {
        let history = self.history(key)?;
        let count = match action {
            Some(id) => history.iter().position(|other| other.id == id).ok_or(StoreError::NoSuchAction(id))? + 1,
            None => 0,
        };
        let mut speech = self.load(key)?;
        let changes_from =
            |entries: &EntryMap| changes_to_state(&history, count, |id| entries.get(&id).and_then(AnnotationEntry::annotation).cloned());
        let records_from = |speech: &LoadedSpeech| record_changes_to_state(&history, count, speech.records.records());
        let count_changed = changes_from(&speech.entries).len() + records_from(&speech).len();
        // What an older or damaged file lacks is merged in by the next write, before its own changes.
        let brought_back = match speech.files.first().map(|(file, _)| file.clone()) {
            Some(file) => self.bring_back_overwritten(&file, &mut speech, &*self.book_to_read()?),
            None => 0,
        };
        let (changes, records) = (changes_from(&speech.entries), records_from(&speech));
        if !changes.is_empty() || !records.is_empty() {
            let kind = ActionKind::Restore(action.unwrap_or_default());
            self.commit_and_keep_warnings(key, &[Action::new(kind, author, changes).with_records(records)])?;
        } else if brought_back > 0 {
            self.commit_and_keep_warnings(key, &[])?;
        }
        Ok(count_changed)
    }

    /// The warning that the store lacks annotations of a speech that the history of this machine has:
    /// its file was emptied, damaged, deleted, or replaced by an older one.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn lacking(&self, key: &SpeechKey) -> Result<Option<StoreWarning>, StoreError> {
        Ok(self.lacking_warning(key, &self.load(key)?))
    }

    pub(super) fn lacking_warning(&self, key: &SpeechKey, speech: &LoadedSpeech) -> Option<StoreWarning> {
        let (path, count) = if let Some((path, _)) = speech.files.first() {
            let is_complete = speech.outcomes.iter().all(ReadOutcome::is_complete);
            let actions = self.overwritten_actions(path, &speech.entries, &speech.records, !is_complete);
            let ids: BTreeSet<_> = state_after(&actions, actions.len()).into_iter().filter_map(|(id, after)| after.map(|_| id)).collect();
            let lacks = |id: &&crate::AnnotationId| !speech.entries.contains_key(id);
            (path.clone(), ids.iter().filter(lacks).count())
        } else {
            let path = self.history_file(key).ok()??;
            let history = self.read_history(&path).ok()?;
            (path, state_after(&history, history.len()).values().flatten().count())
        };
        (count > 0).then_some(StoreWarning::Lacking { path, count })
    }

    /// The files that the store no longer has, and whose histories on this machine hold annotations:
    /// their number.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn lost_files(&self) -> Result<Vec<PathBuf>, StoreError> {
        let stems: BTreeSet<String> = self.with_index(|index| index.headers().iter().map(|(file, _)| file_stem(file)).collect())?;
        let mut lost = BTreeSet::new();
        for dir in self.state_subdirs("history") {
            // What cannot be listed is no history.
            for log in self.storage.list(&dir).unwrap_or_default() {
                let file = self.location.dir.join(format!("{}.ron", file_stem(&log)));
                let is_there = || self.storage.fingerprint(&file).is_ok();
                if stems.contains(&file_stem(&log)) || lost.contains(&file) || is_there() {
                    continue;
                }
                let history = self.read_history(&file)?;
                if state_after(&history, history.len()).values().any(Option::is_some) {
                    lost.insert(file);
                }
            }
        }
        Ok(lost.into_iter().collect())
    }
}
