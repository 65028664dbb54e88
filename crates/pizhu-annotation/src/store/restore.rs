//! The history of a speech on this machine: states of it, and what the store lacks of it.
//!
//! The history holds every annotation whole, so a state is reconstructed from it alone, whatever has
//! happened to the store's file since: emptied, replaced by an older copy, deleted.

use super::{
    error::StoreError, handle::Store, loaded_speech::LoadedSpeech, record_match::base_name, seen::file_stem, speech_file::ReadOutcome,
    speech_key::SpeechKey, warning::StoreWarning,
};
use crate::edit::{Action, ActionKind};
use crate::history::{Restoration, RestoreScope, records_after, state_after};
use crate::merge::AnnotationEntry;
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
        let former = self.remembered_file(key).or_else(named).filter(|file| self.may_have_history(file));
        Ok(former.filter(|file| self.storage.fingerprint(file).is_err()))
    }

    /// Restores the annotations of a speech as they were right after `action` of its history
    /// (before the first one for `None`), as one more action that can be undone. Annotations that the
    /// history does not know stay, and those that `scope` excludes. Returns the number of annotations
    /// changed, and of those excluded that would have changed.
    ///
    /// # Errors
    /// Fails if the history has no such action, or the store cannot be read or written.
    pub fn restore(
        &self,
        key: &SpeechKey,
        action: Option<Uuid>,
        author: &str,
        scope: RestoreScope<'_>,
    ) -> Result<(usize, usize), StoreError> {
        let history = self.history(key)?;
        let count = match action {
            Some(id) => history.iter().position(|other| other.id == id).ok_or(StoreError::NoSuchAction(id))? + 1,
            None => 0,
        };
        let mut speech = self.load(key)?;
        let action_from = |speech: &LoadedSpeech| {
            let current = |id| speech.entries.get(&id).and_then(AnnotationEntry::annotation).cloned();
            let record = |id| speech.records.records().get(&id).cloned();
            let restoration = Restoration::new(&history, count, scope, current, record);
            let kind = ActionKind::Restore(action.unwrap_or_default());
            (Action::new(kind, author, restoration.changes).with_records(restoration.records), restoration.kept)
        };
        let counted = action_from(&speech).0;
        let count_changed = counted.changes.len() + counted.records.len();
        // What an older or damaged file lacks is merged in by the next write, before its own changes.
        let brought_back = match speech.files.first().map(|(file, _)| file.clone()) {
            Some(file) => self.bring_back_overwritten(&file, &mut speech, &*self.book_to_read()?),
            None => 0,
        };
        let (restoring, count_kept) = action_from(&speech);
        if !restoring.is_empty() {
            self.commit_and_keep_warnings(key, &[restoring])?;
        } else if brought_back > 0 {
            self.commit_and_keep_warnings(key, &[])?;
        }
        Ok((count_changed, count_kept))
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
            let actions = self.overwritten_actions(path, speech, !is_complete);
            let records = records_after(&actions, actions.len()).into_iter().filter_map(|(id, after)| after.map(|_| id));
            let ids = state_after(&actions, actions.len()).into_iter().filter_map(|(id, after)| after.map(|_| id));
            let ids: BTreeSet<_> = ids.chain(records).collect();
            let lacks = |id: &&crate::AnnotationId| !speech.entries.contains_key(id) && !speech.records.records().contains_key(id);
            (path.clone(), ids.iter().filter(lacks).count())
        } else {
            let path = self.history_file(key).ok()??;
            let history = self.read_history(&path).ok()?;
            let records = records_after(&history, history.len()).values().flatten().count();
            (path, state_after(&history, history.len()).values().flatten().count() + records)
        };
        (count > 0).then_some(StoreWarning::Lacking { path, count })
    }

    /// Warns of files of which it is unknown which speech they belong to. If the history of this machine
    /// holds what was in one, that is the way out.
    pub(super) fn warn_of_unrecognized(&self, paths: Vec<PathBuf>) {
        for path in paths {
            let history = self.read_history(&path).unwrap_or_default();
            let records = records_after(&history, history.len()).values().flatten().count();
            let count = state_after(&history, history.len()).values().flatten().count() + records;
            self.warn(if count > 0 { StoreWarning::Lacking { path, count } } else { StoreWarning::Unrecognized(path) });
        }
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
                let has_records = || records_after(&history, history.len()).values().any(Option::is_some);
                if state_after(&history, history.len()).values().any(Option::is_some) || has_records() {
                    lost.insert(file);
                }
            }
        }
        Ok(lost.into_iter().collect())
    }
}
