//! A session as the saving thread knows it.

use super::{
    anchor::PastTexts,
    anchor_index::AnchorIndex,
    edit::Action,
    protocol::SessionOutline,
    storage::FileFingerprint,
    store::{LoadedSpeech, MendedOutline, SpeechKey},
};
use pizhu_text::document::Document;
use std::{path::PathBuf, sync::Arc};
use uuid::Uuid;

/// A session, as known to the writer.
pub(super) struct OpenSession {
    pub(super) document: Arc<Document>,
    pub(super) path: PathBuf,
    pub(super) key: SpeechKey,
    pub(super) anchors: AnchorIndex,
    /// The outline that they are anchored in.
    pub(super) outline: SessionOutline,
    /// Former versions of the text that annotations were placed in.
    pub(super) past: PastTexts,
    pub(super) files: Vec<(PathBuf, FileFingerprint)>,
    /// Actions in the journal but not in the store.
    pub(super) journalled: Vec<Arc<Action>>,
    /// Actions saved nowhere yet.
    pub(super) unsaved: Vec<Arc<Action>>,
    /// Actions in the store not yet reported to the session.
    pub(super) stored: Vec<Uuid>,
    pub(super) loaded: bool,
    pub(super) closed: bool,
}

impl OpenSession {
    /// Takes the outline edits of the speech as it was loaded.
    pub(super) fn mend(&mut self, speech: &LoadedSpeech) {
        let mended = MendedOutline::of(speech, &self.document, &self.past);
        self.key = self.key.clone().titled(&mended.document);
        self.outline = SessionOutline { base: Arc::clone(&self.document), mended, records: speech.records().records().clone() };
    }
}
