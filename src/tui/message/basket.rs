//! What the basket screen asks of the store, and what it shows.

use super::StatusMessage;
use pizhu_annotation::{Action, AnnotationId, BasketEdit, BasketList, RecordId, Target};
use pizhu_library::basket::ResolvedBasket;
use pizhu_text::document::Document;
use std::{path::PathBuf, sync::Arc};

/// A place in a speech whose text is put into a basket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassageExtent {
    /// The target itself; it may be that of an annotation.
    Target(Target, Option<AnnotationId>),
    /// The chars from and to these offsets.
    Span(pizhu_text::text::Span),
    /// The sentence at an offset.
    Sentence(usize),
}

/// A passage to be put into a basket.
#[derive(Debug, Clone)]
pub struct PassageRequest {
    /// The speech.
    pub path: PathBuf,
    /// Its document, if it is open.
    pub document: Option<Arc<Document>>,
    /// The place.
    pub extent: PassageExtent,
}

/// How an edit that was made is kept for undoing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditDirection {
    /// A new edit.
    Forward,
    /// It undid the last one.
    Undo,
    /// It did the last undone one again.
    Redo,
}

/// Work on the baskets of a store.
#[derive(Debug, Clone)]
pub enum BasketWork {
    /// Reads them.
    Load,
    /// Puts a passage in.
    Put(Box<PassageRequest>),
    /// Changes them; what is told then.
    Edit {
        /// The change.
        edit: BasketEdit,
        /// What is told when it is made.
        told: StatusMessage,
        /// Which way it goes.
        direction: EditDirection,
    },
    /// Writes the basket to a file.
    Export {
        /// The file; its extension selects the format.
        path: PathBuf,
        /// Whether to overwrite an existing file.
        overwrite: bool,
    },
}

/// A request for work on baskets.
#[derive(Debug, Clone)]
pub struct BasketRequest {
    /// The speech or folder whose store is meant.
    pub near: Option<PathBuf>,
    /// The basket that is meant; else the one changed last.
    pub basket: Option<RecordId>,
    /// Folders and files that the user has opened, beside the store's own folder.
    pub opened: Vec<PathBuf>,
    /// The work.
    pub work: BasketWork,
}

/// The baskets of a store.
#[derive(Debug, Clone, Default)]
pub struct StoreBaskets {
    /// The store's folder.
    pub store: PathBuf,
    /// The baskets.
    pub list: Arc<BasketList>,
    /// The one that is shown; `None` if there is none. Its passages are as they were when they were put
    /// in, until they have been looked for.
    pub shown: Option<Arc<ResolvedBasket>>,
}

/// An edit that was made.
#[derive(Debug, Clone)]
pub struct BasketEdited {
    /// What has changed.
    pub action: Arc<Action>,
    /// The basket that it was made in.
    pub basket: Option<RecordId>,
    /// The entry that it was made on, if it is there.
    pub entry: Option<RecordId>,
    /// What is told.
    pub told: StatusMessage,
    /// Why it is not in the store yet.
    pub waits: Option<String>,
    /// Which way it went.
    pub direction: EditDirection,
}
