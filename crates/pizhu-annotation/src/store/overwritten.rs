//! Edits that an older copy of a file has overwritten.
//!
//! An editor or sync program may save a copy that it read before the last edits. The history of this
//! machine tells: if the file shows nothing of the last actions, it derives from the state before
//! them, and they are merged in again. If it shows the last action, it derives from the newest state,
//! and what it lacks was deleted by hand.

use super::{error::is_unusable, files::apply_action, handle::Store, loaded_speech::LoadedSpeech, speech_file::ReadOutcome};
use crate::codebook::Codebook;
use crate::edit::Action;
use crate::edit::AnnotationChange;
use crate::journal::decode_lines;
use crate::merge::AnnotationEntry;
use crate::merge::EntryMap;
use crate::model::AnnotationId;
use crate::record_change::RecordChange;
use std::{collections::BTreeSet, io, path::Path};

/// Bytes at the end of a history that usually contain the last action.
const TAIL_BYTES: usize = 64 * 1024;

/// Whether a file shows that an action was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ActionTrace {
    Shown,
    Missing,
    /// Nothing tells: a deleted annotation is not there, and nor is its tombstone.
    Unknown,
}

impl Store {
    /// Merges the edits of this machine that an older copy of the speech's main file has overwritten
    /// into what was read. Returns the number of annotations brought back.
    pub(super) fn bring_back_overwritten(&self, file: &Path, speech: &mut LoadedSpeech, book: &Codebook) -> usize {
        let incomplete = !speech.outcomes.iter().all(ReadOutcome::is_complete);
        let actions = self.overwritten_actions(file, speech, incomplete);
        if actions.is_empty() {
            return 0;
        }
        let before = (speech.entries.clone(), speech.records.clone());
        for action in &actions {
            apply_action(speech, action, book);
        }
        let (entries, records) = (&before.0, before.1.records());
        let ids: BTreeSet<&AnnotationId> =
            entries.keys().chain(speech.entries.keys()).chain(records.keys()).chain(speech.records.records().keys()).collect();
        let is_changed =
            |id: &&AnnotationId| entries.get(*id) != speech.entries.get(*id) || records.get(*id) != speech.records.records().get(*id);
        ids.into_iter().filter(is_changed).count()
    }

    /// Whether an older copy of the speech's file has overwritten edits of this machine. A damaged
    /// file may still be being written, and is left to the next edit.
    pub(crate) fn has_overwritten_edits(&self, speech: &LoadedSpeech) -> bool {
        let Some((file, _)) = speech.files.first() else { return false };
        speech.outcomes.iter().all(ReadOutcome::is_complete) && !self.overwritten_actions(file, speech, false).is_empty()
    }

    /// The actions of this machine on the speech in `file` that it lacks
    /// because an older copy overwrote them, oldest first. Of a damaged file (`incomplete`), those
    /// on annotations that are not there at all.
    pub(super) fn overwritten_actions(&self, file: &Path, speech: &LoadedSpeech, incomplete: bool) -> Vec<Action> {
        if !incomplete && self.shows_last_action(file, speech) {
            return Vec::new();
        }
        // Without a history, nothing is known to be missing.
        let history = self.read_history(file).unwrap_or_default();
        if incomplete {
            let is_known = |id: AnnotationId| speech.entries.contains_key(&id) || speech.records.records().contains_key(&id);
            let on_missing = |mut action: Action| {
                action.changes.retain(|change| change.id().is_some_and(|id| !is_known(id)));
                action.records.retain(|change| !is_known(change.id));
                action
            };
            return history.into_iter().map(on_missing).filter(|action| !action.is_empty()).collect();
        }
        let known = history.iter().rposition(|action| trace(action, speech) == ActionTrace::Shown).map_or(0, |at| at + 1);
        history.into_iter().skip(known).collect()
    }

    /// Whether the file shows the last action of its history, read from the history's end.
    fn shows_last_action(&self, file: &Path, speech: &LoadedSpeech) -> bool {
        for dir in self.state_subdirs("history").iter().rev() {
            match self.storage.read_tail(&Self::history_path(dir, file), TAIL_BYTES) {
                Ok(tail) => {
                    // A line cut at its start has no valid checksum and is passed over.
                    let last = tail.rsplit(|byte| *byte == b'\n').find_map(|line| decode_lines::<Action>(line).pop());
                    if let Some(last) = last {
                        return trace(&last, speech) == ActionTrace::Shown;
                    }
                    if !tail.is_empty() {
                        return false;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound || is_unusable(&error) => {}
                Err(_) => return true,
            }
        }
        // No history.
        true
    }
}

/// Whether the file shows the action. One change shown is enough: an action is written as a whole.
fn trace(action: &Action, speech: &LoadedSpeech) -> ActionTrace {
    let mut found = ActionTrace::Unknown;
    let changes = action.changes.iter().map(|change| change_trace(change, &speech.entries));
    for trace in changes.chain(action.records.iter().map(|change| record_trace(change, speech))) {
        match trace {
            ActionTrace::Shown => return ActionTrace::Shown,
            ActionTrace::Missing => found = ActionTrace::Missing,
            ActionTrace::Unknown => {}
        }
    }
    found
}

fn change_trace(change: &AnnotationChange, entries: &EntryMap) -> ActionTrace {
    let entry = change.id().and_then(|id| entries.get(&id));
    let shown = match (entry, &change.after, &change.before) {
        (Some(AnnotationEntry::Present(present)), Some(after), _) => present.modified >= after.modified,
        (Some(AnnotationEntry::Present(present)), None, Some(before)) => present.modified > before.modified,
        (Some(AnnotationEntry::Tombstone(tombstone)), Some(version), _)
        | (Some(AnnotationEntry::Tombstone(tombstone)), None, Some(version)) => tombstone.deleted_version >= version.modified,
        (None, Some(_), _) => false,
        (None, None, _) | (Some(_), None, None) => return ActionTrace::Unknown,
    };
    if shown { ActionTrace::Shown } else { ActionTrace::Missing }
}

fn record_trace(change: &RecordChange, speech: &LoadedSpeech) -> ActionTrace {
    let present = speech.records.records().get(&change.id).map(|entry| entry.modified);
    let deleted = match speech.entries.get(&change.id) {
        Some(AnnotationEntry::Tombstone(tombstone)) => Some(tombstone.deleted_version),
        _ => None,
    };
    let shown = match (present, deleted, &change.after, &change.before) {
        (Some(present), _, Some(after), _) => present >= after.modified,
        (Some(present), _, None, Some(before)) => present > before.modified,
        (None, Some(deleted), Some(version), _) | (None, Some(deleted), None, Some(version)) => deleted >= version.modified,
        (None, None, Some(_), _) => false,
        (None, None, None, _) | (_, _, None, None) => return ActionTrace::Unknown,
    };
    if shown { ActionTrace::Shown } else { ActionTrace::Missing }
}
