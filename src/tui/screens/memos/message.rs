//! Changes of memos as the screen asks for them, and what it shows.

use pizhu_annotation::{CodebookChange, Memo, MemoSubject, NotedPlace, RecordId, edit::AnnotationChange};
use std::{path::PathBuf, sync::Arc};

/// The memos of a store.
#[derive(Debug, Clone, Default)]
pub struct StoreMemos {
    /// The store's folder.
    pub store: PathBuf,
    /// The memos.
    pub memos: Arc<Vec<Memo>>,
}

/// A change of memos.
#[derive(Debug, Clone)]
pub enum MemoEdit {
    /// Writes a memo that is there; an empty text deletes it.
    Write {
        /// What it is on.
        subject: MemoSubject,
        /// The text.
        text: String,
    },
    /// Adds a memo of the project.
    Add {
        /// The text.
        text: String,
    },
    /// Undoes a change, or redoes one that was undone.
    Undo {
        /// The change.
        change: Arc<MemoChange>,
        /// Whether it is a redo.
        again: bool,
    },
}

/// What was changed, for undoing it.
#[derive(Debug, Clone)]
pub enum MemoChange {
    /// The memo of a tag.
    Tag(Arc<CodebookChange>),
    /// A memo of the project: its author and text before and after.
    Project {
        /// The record.
        id: RecordId,
        /// The author.
        author: String,
        /// The text before; empty if there was none.
        before: String,
        /// The text after; empty if it was deleted.
        after: String,
    },
    /// A note on a speech or a part of it.
    Note {
        /// Its place.
        place: Box<NotedPlace>,
        /// What has changed.
        change: Box<AnnotationChange>,
    },
}

/// Whether two memos are on the same: the same tag, annotation or record.
#[must_use]
pub(crate) fn is_same_subject(one: &MemoSubject, other: &MemoSubject) -> bool {
    match (one, other) {
        (MemoSubject::Project(one), MemoSubject::Project(other)) => one == other,
        (MemoSubject::Tag(one), MemoSubject::Tag(other)) => one.id == other.id,
        (MemoSubject::Annotation(one), MemoSubject::Annotation(other)) => one.id == other.id && one.document == other.document,
        _ => false,
    }
}

/// What a memo is on, in one line: a tag's path, or a speech's title with the path of the section and the
/// marked words; empty for the project.
#[must_use]
pub(crate) fn place_words(memo: &Memo) -> String {
    match &memo.subject {
        MemoSubject::Project(_) => String::new(),
        MemoSubject::Tag(tag) => tag.name.clone(),
        MemoSubject::Annotation(place) => {
            let quote: String = place.quote.split_whitespace().collect();
            let quote = if memo.kind() == "passage" { quote } else { String::new() };
            let title = if place.title.is_empty() { &place.document } else { &place.title };
            let section = place.section.join("/");
            [title.as_str(), &section, &quote].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        }
    }
}
