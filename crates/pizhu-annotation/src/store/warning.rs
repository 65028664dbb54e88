//! Warnings about the files of a store.

use crate::codebook::UnitedTags;
use std::path::PathBuf;

/// A warning about a file, for the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreWarning {
    /// The file is damaged: what can be read is used.
    Damaged {
        /// The file.
        path: PathBuf,
        /// Number of unreadable lines.
        lost: usize,
    },
    /// It is unknown which speech the file belongs to: its head is damaged, or it cannot be read. It is
    /// left alone.
    Unrecognized(PathBuf),
    /// What stands in the place of a shared store's folder is no folder; another store is used.
    NoFolder(PathBuf),
    /// A damaged file was copied aside before it was rewritten.
    PutAside {
        /// The file.
        path: PathBuf,
        /// The copy of its old content.
        aside: PathBuf,
    },
    /// A conflict copy left by a sync program was merged.
    ConflictMerged(PathBuf),
    /// A newer program wrote the file: it is not changed.
    Newer(PathBuf),
    /// The file had an older schema version; a backup was kept.
    Migrated {
        /// The file.
        path: PathBuf,
        /// The copy of its old content.
        backup: PathBuf,
    },
    /// These tags were added to the codebook.
    TagsCreated(Vec<String>),
    /// Two tags of one parent and name, made independently, are one now.
    TagsUnited(UnitedTags),
    /// A speech seen for the first time is a copy of another and shares its annotations.
    Shared {
        /// The speech.
        path: PathBuf,
        /// The other copy.
        with: PathBuf,
    },
    /// A copy of a speech was edited: it has annotations of its own from now on, those that it had as a
    /// copy.
    CopyParted {
        /// The copy.
        path: PathBuf,
        /// The file of the speech it is a copy of.
        from: PathBuf,
        /// Number of annotations copied.
        count: usize,
    },
    /// A speech without annotations is nearly equal to another, whose annotations may belong to it.
    Proposed {
        /// The speech.
        path: PathBuf,
        /// The other speech.
        similar: PathBuf,
        /// Number of the other's annotations.
        count: usize,
    },
    /// The store lacks annotations that the history of this machine holds: its file was deleted,
    /// emptied or replaced by an older one.
    Lacking {
        /// The store's file.
        path: PathBuf,
        /// Number of annotations.
        count: usize,
    },
    /// An older copy of the file had overwritten edits of this machine, which were merged in again.
    BroughtBack {
        /// The file.
        path: PathBuf,
        /// Number of annotations.
        count: usize,
    },
    /// The user's state folder cannot be written.
    StateUnwritable {
        /// The state folder.
        state: PathBuf,
        /// The folder used in its place; `None` if there is none, so that no journal is kept.
        instead: Option<PathBuf>,
    },
    /// Edits wait in the journal for another folder than the one at the store's path.
    EditsWaiting {
        /// The store's path.
        path: PathBuf,
        /// Number of edits.
        count: usize,
    },
}
