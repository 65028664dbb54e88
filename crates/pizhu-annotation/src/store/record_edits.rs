//! Editing what is known of a speech beside its annotations.

use super::{
    checkpoint::CommitOutcome, error::StoreError, handle::Store, loaded_speech::LoadedSpeech, speech_changes::SpeechChanges,
    speech_key::SpeechKey,
};
use crate::edit::{Action, ActionKind};
use crate::record::RecordSet;
use crate::record_change::changes_between;

impl Store {
    /// Changes the records of a speech beside its annotations, and saves them; removed ones leave a
    /// tombstone. They are on the disk when this returns.
    ///
    /// # Errors
    /// Fails if the store cannot be read or written; then it is unchanged.
    pub fn edit_records(&self, key: &SpeechKey, author: &str, change: impl Fn(&mut RecordSet)) -> Result<CommitOutcome, StoreError> {
        self.check_trusted()?;
        let _lock = self.lock()?;
        self.recover_before(key)?;
        let edit = |speech: &mut LoadedSpeech| {
            let before = speech.records.clone();
            change(&mut speech.records);
            speech.records.leave_tombstones(&before, author, &mut speech.entries);
            speech.records.outlive(&speech.entries);
            speech.records.settle(&mut speech.entries);
            Action::new(ActionKind::Edit, author, Vec::new()).with_records(changes_between(&before, &speech.records))
        };
        self.retry_until_unchanged(|| {
            let outcome = self.try_checkpoint(SpeechChanges { key, actions: &[], records: Some(&edit) }, &mut |_, _| Ok(()), None)?;
            if outcome.is_none() {
                self.forget_listing();
            }
            Ok(outcome)
        })
    }
}
