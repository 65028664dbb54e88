//! Reads and changes the codebook off the drawing thread, one request after another.

use super::{
    effect::AppEvent,
    event_sink::EventSink,
    message::{StatusMessage, StoreTags, TagEdit},
    store_access::StoreAccess,
};
use crate::locale::notice;
use pizhu_annotation::{Codebook, CodebookChange, CodebookError, Store, StoreError, StoreWriter};
use std::sync::{Arc, Mutex, PoisonError};

/// A request to read the codebook, after changing it.
pub(super) struct CodebookRequest {
    /// The store.
    pub access: StoreAccess,
    /// The change.
    pub edit: Option<TagEdit>,
    /// The author who codes blind, if blind coding is on: then only what that author may see is counted.
    pub blind: Option<String>,
}

impl CodebookRequest {
    /// Makes the change, if there is one, and reads the codebook.
    pub(super) fn perform(self, events: &EventSink) {
        let (store, writer) = match self.access.open() {
            Ok(found) => found,
            Err(error) => {
                events(AppEvent::Status(StatusMessage::not_saved(&error)));
                return;
            }
        };
        if let Some(edit) = self.edit {
            match change(&store, writer, &edit) {
                Ok(change) => events(AppEvent::TagsEdited { edit: Box::new(edit), change: Arc::new(change) }),
                Err(error) => events(AppEvent::TagsRefused { edit: Box::new(edit), message: refusal(&error) }),
            };
        }
        match report(&store.blind_for(self.blind.as_deref())) {
            Ok(report) => events(AppEvent::Tags(Box::new(report))),
            Err(error) => events(AppEvent::Status(StatusMessage::error(notice::CANNOT_READ_TAGS).with("reason", error))),
        };
    }
}

fn report(store: &Store) -> Result<StoreTags, StoreError> {
    let book = Arc::new(store.codebook()?);
    Ok(StoreTags { store: store.location().dir.clone(), usage: Arc::new(store.tag_usage()?), book })
}

/// Changes the codebook under the store's lock; by the writer's thread if there is one, so that the
/// open speech shows it.
pub(super) fn change(store: &Store, writer: Option<&StoreWriter>, edit: &TagEdit) -> Result<CodebookChange, StoreError> {
    let done = Arc::new(Mutex::new(CodebookChange::default()));
    let (made, edit) = (Arc::clone(&done), edit.clone());
    let apply = move |book: &mut Codebook| {
        let before = book.clone();
        edit.apply(book)?;
        *made.lock().unwrap_or_else(PoisonError::into_inner) = CodebookChange::between(&before, book);
        Ok(())
    };
    match writer {
        Some(writer) => writer.edit_codebook(Box::new(apply))?,
        None => store.edit_codebook(apply)?,
    }
    Ok(std::mem::take(&mut *done.lock().unwrap_or_else(PoisonError::into_inner)))
}

/// Why the codebook was not changed.
pub(super) fn refusal(error: &StoreError) -> StatusMessage {
    match error {
        StoreError::Codebook(error) => refused_edit(error),
        error => StatusMessage::not_saved(error),
    }
}

/// Message for a change that the codebook refuses.
pub(super) fn refused_edit(error: &CodebookError) -> StatusMessage {
    match error {
        CodebookError::BadName(name) => StatusMessage::error(notice::BAD_TAG_NAME).with("name", name),
        CodebookError::Exists(name) => StatusMessage::error(notice::TAG_EXISTS).with("name", name),
        CodebookError::Missing(name) | CodebookError::Ambiguous { name, .. } => StatusMessage::error(notice::TAG_GONE).with("name", name),
        CodebookError::TooDeep(name) => StatusMessage::error(notice::TAG_TOO_DEEP).with("name", name),
        CodebookError::Cycle { name, parent } => StatusMessage::error(notice::TAG_CYCLE).with("name", name).with("parent", parent),
        CodebookError::NothingMerged(name) => StatusMessage::hint(notice::TAG_NOTHING_MERGED).with("name", name),
        CodebookError::InUse(tags) => StatusMessage::error(notice::TAGS_IN_USE).with("tags", tags.join(", ")),
        CodebookError::BadKey(key) => StatusMessage::error(notice::TAG_BAD_KEY).with("key", key),
    }
}
