//! The outlines of a store's speeches as their readers have mended them.

use super::{error::StoreError, handle::Store, loaded_speech::LoadedSpeech, speech_key::SpeechKey};
use crate::anchor::PastTexts;
use crate::anchor_index::AnchorIndex;
use crate::edit::{Action, ActionKind};
use crate::outline_edit::OutlineEdits;
use crate::outline_plan::{OutlineRequest, OutlineState};
use crate::record_change::change_records;
use pizhu_text::document::Document;
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// A document as it is mended, and the edits of its outline.
#[derive(Debug, Clone, Default)]
pub struct MendedOutline {
    /// The document.
    pub document: Arc<Document>,
    /// The edits, with their places.
    pub edits: OutlineEdits,
}

impl MendedOutline {
    /// The outline of a loaded speech; the document itself if nothing is mended.
    pub(crate) fn of(speech: &LoadedSpeech, document: &Arc<Document>, past: &PastTexts) -> Self {
        if speech.outline_edits().next().is_none() {
            let document = if document.mending.is_none() { Arc::clone(document) } else { Arc::new(document.parsed()) };
            return Self { document, edits: OutlineEdits::default() };
        }
        let edits = OutlineEdits::new(document, speech.records().records(), past.clone());
        Self { document: Arc::new(edits.mend(document)), edits }
    }
}

impl Store {
    /// The document as the store's readers have mended its outline. Reads nothing of the speech if the
    /// store holds none.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn mended(&self, document: &Arc<Document>, path: &Path) -> Result<Arc<Document>, StoreError> {
        self.recover_once();
        self.mended_as_stored(document, path)
    }

    /// [`Self::mended`] without what dead processes left in their journals; writes nothing.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn mended_as_stored(&self, document: &Arc<Document>, path: &Path) -> Result<Arc<Document>, StoreError> {
        if self.with_index(|index| index.headers().is_empty())? {
            return Ok(Arc::clone(document));
        }
        let key = SpeechKey::from_document(&self.location, document, path);
        let files = self.find_speech(&key)?.files;
        if files.is_empty() {
            return Ok(Arc::clone(document));
        }
        let book = self.book_to_read()?;
        let speech = match self.load_files_as(&files, &book, |file| self.peek_listed_file(file)) {
            // Merged away meanwhile.
            Err(error) if error.is_not_found() => self.load(&key)?,
            loaded => loaded?,
        };
        let past = self.past_texts(&speech, document);
        Ok(MendedOutline::of(&speech, document, &past).document)
    }

    /// The outline edits of a document with their present places.
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn outline(&self, document: &Arc<Document>, path: &Path) -> Result<MendedOutline, StoreError> {
        let speech = self.load(&SpeechKey::from_document(&self.location, document, path))?;
        let past = self.past_texts(&speech, document);
        Ok(MendedOutline::of(&speech, document, &past))
    }

    /// Mends the outline of a document by `author`, all requests as one action, and saves it; it is on
    /// the disk when this returns. Returns the outline as it is then, and whether anything has changed.
    ///
    /// # Errors
    /// Fails if one of them cannot be done or saved; then none is.
    pub fn mend_outline(
        &self,
        document: &Arc<Document>,
        path: &Path,
        author: &str,
        requests: &[OutlineRequest],
    ) -> Result<(MendedOutline, bool), StoreError> {
        self.check_trusted()?;
        let key = SpeechKey::from_document(&self.location, document, path);
        let speech = self.load(&key)?;
        let past = self.past_texts(&speech, document);
        let MendedOutline { document: mended, mut edits } = MendedOutline::of(&speech, document, &past);
        let mut mended = (*mended).clone();
        let mut anchors = AnchorIndex::with_past(&mended, speech.annotations(), past.clone());
        let mut all = speech.records().records().clone();
        let mut action = Action::new(ActionKind::Edit, author, Vec::new());
        for request in requests {
            let state = OutlineState { document: &mended, records: &all, edits: &edits, anchors: &anchors };
            let plan = state.plan(*request, author)?;
            change_records(&mut all, &plan.records);
            let changed = plan.changes.iter().filter_map(|change| change.after.clone()).map(Arc::new);
            let changed: BTreeMap<_, _> = changed.map(|annotation| (annotation.id, annotation)).collect();
            let annotations: Vec<_> =
                anchors.iter().map(|anchored| changed.get(&anchored.id()).unwrap_or(&anchored.annotation)).map(Arc::clone).collect();
            (mended, edits) = (plan.document, plan.edits);
            anchors = AnchorIndex::with_past(&mended, annotations, past.clone());
            action.changes.extend(plan.changes);
            action.records.extend(plan.records);
        }
        let is_changed = !action.is_empty();
        if is_changed {
            let key = key.titled(&mended);
            self.commit_and_keep_warnings(&key, &[action])?;
            self.keep_text(key.hash, &mended);
        }
        Ok((MendedOutline { document: Arc::new(mended), edits }, is_changed))
    }
}
