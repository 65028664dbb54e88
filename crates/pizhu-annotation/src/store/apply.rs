//! Reading and editing the annotations of a document in one call, without a session.

use super::{
    checkpoint::CommitOutcome, error::StoreError, handle::Store, outline::MendedOutline, speech_key::SpeechKey, warning::StoreWarning,
};
use crate::anchor_index::AnchorIndex;
use crate::edit::{Action, ActionKind, plan};
use crate::identity::SpeechHash;
use crate::model::{AnnotationId, Edit};
use crate::record::RecordSet;
use pizhu_text::document::Document;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The annotations of a document, and what is known of the speech.
#[derive(Debug)]
pub struct FoundAnnotations {
    /// The annotations with their present places.
    pub anchors: AnchorIndex,
    /// Warnings met while reading.
    pub warnings: Vec<StoreWarning>,
    /// What else is known of the speech: attributes that were set, outline edits and the like.
    pub records: RecordSet,
    /// Which speech it is: the same for all copies that share their annotations.
    pub identity: SpeechIdentity,
    /// The document whose outline the places are in, as it is mended.
    pub outline: MendedOutline,
}

/// Which speech a file holds, for counting copies once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SpeechIdentity {
    /// Identity of the text.
    hash: SpeechHash,
    /// Its file in the store, if it has one.
    file: Option<PathBuf>,
    /// The path of a text without a letter: it is nothing's copy.
    path: Option<PathBuf>,
}

impl Store {
    /// The annotations of a document with their present places, and which speech it is.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn speech_annotations(&self, document: &Document, path: &Path) -> Result<FoundAnnotations, StoreError> {
        let key = SpeechKey::from_document(&self.location, document, path);
        let speech = self.load(&key)?;
        let identity = SpeechIdentity {
            hash: key.hash,
            file: speech.files.first().map(|(file, _)| file.clone()),
            path: key.hash.is_of_no_letters().then(|| path.to_owned()),
        };
        let past = self.past_texts(&speech, document);
        let outline = MendedOutline::of(&speech, &Arc::new(document.clone()), &past);
        let anchors = AnchorIndex::with_past(&outline.document, speech.visible_annotations(self.blind.as_deref()), past);
        Ok(FoundAnnotations { anchors, warnings: speech.warnings, records: speech.records, identity, outline })
    }

    /// The annotations of a document with their present places.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn annotations(&self, document: &Document, path: &Path) -> Result<(AnchorIndex, Vec<StoreWarning>), StoreError> {
        let speech = self.speech_annotations(document, path)?;
        Ok((speech.anchors, speech.warnings))
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
        let past = self.past_texts(&speech, document);
        let outline = MendedOutline::of(&speech, &Arc::new(document.clone()), &past);
        let document = &*outline.document;
        let key = key.titled(document);
        let mut anchors = AnchorIndex::with_past(document, speech.annotations(), past);
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
        self.keep_warnings(self.commit(key, actions)?);
        Ok(())
    }

    /// Keeps the warnings of a commit, except new tags, for [`Self::take_warnings`].
    pub(super) fn keep_warnings(&self, outcome: CommitOutcome) {
        let warnings = outcome.warnings.into_iter();
        warnings.filter(|warning| !matches!(warning, StoreWarning::TagsCreated(_))).for_each(|warning| self.warn(warning));
    }
}
