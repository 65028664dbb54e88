//! Reads and changes memos off the drawing thread, one request after another.

use super::message::{MemoChange, MemoEdit, StoreMemos};
use crate::app::open::open_annotated;
use crate::locale::notice;
use crate::tui::{
    codebook_jobs::{change as change_codebook, refusal},
    effect::AppEvent,
    event_sink::EventSink,
    message::{StatusMessage, TagEdit, TagField},
    store_access::StoreAccess,
};
use pizhu_annotation::{EditError, MemoSubject, NotedPlace, Store, StoreError, StoreWriter};
use pizhu_library::source::ReadOptions;
use std::sync::Arc;

/// A request about the memos of a store.
pub(crate) struct MemoRequest {
    /// The store.
    pub(in crate::tui) access: StoreAccess,
    /// Who writes.
    pub(crate) author: String,
}

impl MemoRequest {
    /// Makes a change, if there is one, and reads the memos.
    pub(crate) fn edit(&self, edit: Option<MemoEdit>, events: &EventSink) {
        let (store, writer) = match self.access.open() {
            Ok(found) => found,
            Err(error) => {
                events(AppEvent::Status(StatusMessage::not_saved(&error)));
                return;
            }
        };
        if let Some(edit) = edit {
            events(match perform(&edit, &store, writer, &self.author) {
                Ok(change) => AppEvent::MemoEdited { edit: Box::new(edit), change: Arc::new(change) },
                Err(error) => AppEvent::MemoRefused { edit: Box::new(edit), message: memo_refusal(&error) },
            });
        }
        events(match store.memos() {
            Ok(memos) => AppEvent::Memos(Box::new(StoreMemos { store: store.location().dir.clone(), memos: Arc::new(memos) })),
            Err(error) => AppEvent::Status(StatusMessage::error(notice::CANNOT_READ_MEMOS).with("reason", error)),
        });
    }

    /// Finds the place of a note in the present text of its speech.
    pub(crate) fn find(&self, place: &NotedPlace, options: ReadOptions, events: &EventSink) {
        let found = || -> Option<AppEvent> {
            let (store, _) = self.access.open().ok()?;
            let path = place.paths.iter().rev().find(|path| path.is_file())?;
            let (_, found) = open_annotated(path, options, &store).ok()?;
            let span = found.anchors.get(place.id).and_then(|anchored| anchored.span);
            Some(AppEvent::MemoFound { path: path.clone(), span })
        };
        let gone = || AppEvent::Status(StatusMessage::error(notice::MEMO_SPEECH_GONE).with("name", &place.document));
        events(found().unwrap_or_else(gone));
    }
}

/// Makes a change; returns what has changed.
pub(in crate::tui) fn perform(edit: &MemoEdit, store: &Store, writer: Option<&StoreWriter>, author: &str) -> Result<MemoChange, StoreError> {
    let text = match edit {
        MemoEdit::Undo { change, .. } => return undo(change, store, writer, author),
        MemoEdit::Write { text, .. } | MemoEdit::Add { text } => text.trim_end(),
    };
    match edit {
        MemoEdit::Write { subject: MemoSubject::Tag(tag), .. } => {
            let edit = TagEdit::Detail { id: tag.id, field: TagField::Memo, text: text.to_owned() };
            Ok(MemoChange::Tag(Arc::new(change_codebook(store, writer, &edit)?)))
        }
        MemoEdit::Write { subject: MemoSubject::Annotation(place), .. } => {
            let change = Box::new(store.set_note(place, author, text)?);
            Ok(MemoChange::Note { place: place.clone(), change })
        }
        MemoEdit::Write { subject: MemoSubject::Project(id), .. } => {
            let project = store.project()?;
            let known = project.memos().into_iter().find(|(own, ..)| own == id);
            let (_, by, _, before) = known.ok_or(StoreError::Edit(EditError::ChangedSince(*id)))?;
            store.edit_project(author, |records| _ = records.change_memo(*id, text))?;
            Ok(MemoChange::Project { id: *id, author: by.to_owned(), before: before.to_owned(), after: text.to_owned() })
        }
        _ => {
            store.edit_project(author, |records| _ = records.add_memo(author, text))?;
            let project = store.project()?;
            let known = project.memos().into_iter().find(|(_, by, _, there)| *by == author && *there == text);
            let (id, ..) = known.ok_or(StoreError::Edit(EditError::Empty))?;
            Ok(MemoChange::Project { id, author: author.to_owned(), before: String::new(), after: text.to_owned() })
        }
    }
}

/// Takes a change back; returns what has changed now.
fn undo(change: &MemoChange, store: &Store, writer: Option<&StoreWriter>, author: &str) -> Result<MemoChange, StoreError> {
    match change {
        MemoChange::Tag(change) => {
            let edit = TagEdit::Undo { change: Arc::clone(change), again: false };
            Ok(MemoChange::Tag(Arc::new(change_codebook(store, writer, &edit)?)))
        }
        MemoChange::Note { place, change } => {
            let change = Box::new(store.undo_note(place, author, change)?);
            Ok(MemoChange::Note { place: place.clone(), change })
        }
        MemoChange::Project { id, author: by, before, after } => {
            let project = store.project()?;
            let present = project.memos().into_iter().find(|(own, ..)| own == id).map_or("", |(.., text)| text);
            if present != after {
                return Err(StoreError::Edit(EditError::ChangedSince(*id)));
            }
            store.edit_project(author, |records| {
                if before.is_empty() {
                    records.remove(*id);
                } else {
                    records.put_memo(*id, by, before);
                }
            })?;
            Ok(MemoChange::Project { id: *id, author: by.clone(), before: after.clone(), after: before.clone() })
        }
    }
}

/// Why a memo was not changed.
fn memo_refusal(error: &StoreError) -> StatusMessage {
    match error {
        StoreError::Edit(EditError::ChangedSince(_) | EditError::Missing(_)) => StatusMessage::error(notice::CHANGED_SINCE),
        error => refusal(error),
    }
}
