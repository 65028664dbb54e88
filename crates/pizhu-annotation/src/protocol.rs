//! The messages between sessions and the saving thread.

use super::{
    anchor_index::AnchorIndex,
    codebook::{Codebook, CodebookError},
    edit::Action,
    identity::SpeechHash,
    model::AnnotationId,
    record::RecordMap,
    store::{CopyStatus, MendedOutline, StoreError, StoreWarning},
};
use pizhu_text::document::Document;
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::Sender,
    },
};
use uuid::Uuid;

/// Identifies a session of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(u64);

impl SessionId {
    /// The next unused id.
    pub(super) fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// An event of the writer, for one session or for all.
#[derive(Debug)]
pub struct WriterEvent {
    /// The session it is for; `None` for all.
    pub session: Option<SessionId>,
    /// The content.
    pub reply: WriterReply,
}

/// The outline of a session's document as the store has it mended.
#[derive(Debug, Clone, Default)]
pub struct SessionOutline {
    /// The document that the session gave; the reply is for no other.
    pub base: Arc<Document>,
    /// The document as it is mended.
    pub mended: MendedOutline,
    /// The records of the speech.
    pub records: RecordMap,
}

/// The content of a writer event; [`Session::handle`](super::Session::handle) applies it.
#[derive(Debug)]
pub enum WriterReply {
    /// The speech's annotations and history have been loaded.
    Loaded {
        /// The identity of the speech, if its text has been read to the end.
        hash: Option<SpeechHash>,
        /// The texts that the speech has had, the present one first; empty if it was not read to the
        /// end.
        known_texts: Vec<SpeechHash>,
        /// The annotations.
        anchors: AnchorIndex,
        /// The outline that they are anchored in.
        outline: SessionOutline,
        /// The history, oldest first.
        history: Vec<Arc<Action>>,
        /// Warnings met while reading.
        warnings: Vec<StoreWarning>,
    },
    /// The store cannot be read; it is retried.
    Unreadable {
        /// The reason.
        error: Arc<StoreError>,
    },
    /// This action is on the disk.
    Saved {
        /// Its id.
        action: Uuid,
    },
    /// Pending actions could not be saved; it is retried.
    SaveFailed {
        /// The reason.
        error: Arc<StoreError>,
    },
    /// Actions saved in the journal could not be checkpointed into the store; it is retried.
    CheckpointFailed {
        /// The reason.
        error: Arc<StoreError>,
    },
    /// The speech's annotations as they are now in the store.
    Stored {
        /// The session's actions that are now in the store.
        stored: Vec<Uuid>,
        /// The annotations.
        anchors: AnchorIndex,
        /// The outline that they are anchored in.
        outline: SessionOutline,
        /// Annotations added, removed or changed since the last event for the session.
        changed: Vec<AnnotationId>,
        /// Warnings for the user.
        warnings: Vec<StoreWarning>,
    },
    /// Warnings about the store as a whole.
    Warnings(Vec<StoreWarning>),
    /// The codebook, after it was read or changed.
    Codebook(Arc<Codebook>),
    /// The reply to a [`CopyLink`] request.
    Copies {
        /// The request.
        request: CopyLink,
        /// Whether the request had nothing to change.
        unchanged: bool,
        /// The present state of the copies.
        copies: Result<CopyStatus, Arc<StoreError>>,
    },
}

/// A request about the copies of a speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyLink {
    /// Reports which copies share the annotations.
    Query,
    /// Detaches the speech, with annotations of its own from now on.
    Detach,
    /// Attaches the speech to the annotations of the other copies.
    Attach,
    /// Takes the annotations proposed of the speech with this text.
    Take(SpeechHash),
    /// Refuses all annotations proposed, for good.
    Refuse,
}

/// A change to the codebook.
pub type CodebookEditFn = Box<dyn FnOnce(&mut Codebook) -> Result<(), CodebookError> + Send>;

/// A command to the saving thread.
pub(super) enum WriterCommand {
    Open { session: SessionId, document: Arc<Document>, path: PathBuf },
    Document { session: SessionId, document: Arc<Document> },
    Save { session: SessionId, action: Arc<Action> },
    CopyLink { session: SessionId, request: CopyLink },
    Codebook { edit: Option<CodebookEditFn>, reply: Option<Sender<Result<(), StoreError>>> },
    CheckForChanges,
    Stop,
    Flush { reply: Sender<Result<(), Arc<StoreError>>> },
    Close { session: SessionId },
}
