//! Reading and editing the annotations of a document in one call, without a session.

use super::{error::StoreError, handle::Store, speech_key::SpeechKey, warning::StoreWarning};
use crate::anchor_index::AnchorIndex;
use crate::edit::{Action, ActionKind, plan};
use crate::model::{AnnotationId, Edit};
use pizhu_text::document::Document;
use std::{path::Path, sync::Arc};

impl Store {
    /// The annotations of a document with their present places.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn annotations(&self, document: &Document, path: &Path) -> Result<(AnchorIndex, Vec<StoreWarning>), StoreError> {
        let speech = self.load(&SpeechKey::from_document(&self.location, document, path))?;
        let past = self.past_texts(&speech, document);
        Ok((AnchorIndex::with_past(document, speech.annotations(), past), speech.warnings))
    }

    /// Applies edits by `author` and saves them; they are on the disk when this returns. Tags
    /// missing from the codebook are added to it. Returns the id of the annotation edited, for each
    /// edit.
    ///
    /// # Errors
    /// Fails if an edit cannot be done or saved; then none is applied.
    pub fn apply(&self, document: &Document, path: &Path, author: &str, edits: Vec<Edit>) -> Result<Vec<AnnotationId>, StoreError> {
        self.check_trusted()?;
        let key = SpeechKey::from_document(&self.location, document, path);
        let speech = self.load(&key)?;
        let mut anchors = AnchorIndex::with_past(document, speech.annotations(), self.past_texts(&speech, document));
        let mut ids = Vec::with_capacity(edits.len());
        let mut changes = Vec::new();
        for edit in edits {
            let (id, planned) = plan(edit, author, document, &anchors)?;
            ids.push(id);
            for change in planned {
                match &change.after {
                    Some(after) => anchors.resolve_and_insert(document, Arc::new(after.clone())),
                    None => drop(change.before.as_ref().and_then(|before| anchors.remove(before.id))),
                }
                changes.push(change);
            }
        }
        if !changes.is_empty() {
            self.commit_and_keep_warnings(&key, &[Action::new(ActionKind::Edit, author, changes)])?;
            self.keep_text(key.hash, document);
        }
        Ok(ids)
    }

    /// [`Self::commit`], keeping its warnings, except new tags, for [`Self::take_warnings`].
    pub(super) fn commit_and_keep_warnings(&self, key: &SpeechKey, actions: &[Action]) -> Result<(), StoreError> {
        for warning in self.commit(key, actions)?.warnings {
            if !matches!(warning, StoreWarning::TagsCreated(_)) {
                self.warn(warning);
            }
        }
        Ok(())
    }
}
