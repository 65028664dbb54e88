//! The store: one file of annotations per speech, and the codebook beside them.
//!
//! Invariants: a file is replaced as a whole by a rename, after the new content has been read back,
//! compared and synced; it is written only under the store's lock, from its content at that moment
//! merged with the edits; unreadable content is copied aside, never overwritten; a file written by a
//! newer program is never changed.

mod apply;
mod backup;
mod codebook_file;
mod constants;
mod copies;
mod error;
mod files;
mod handle;
mod header_cache;
mod location;
mod merge_files;
mod parse_cache;
mod recover;
mod replace;
pub mod speech_file;
mod speech_key;
mod tag_counts;
mod tag_scanner;
mod warning;

pub use copies::CopyStatus;
pub use error::StoreError;
pub use files::{CommitOutcome, LoadedSpeech};
pub use handle::Store;
pub(crate) use location::SHARED_DIR;
pub use location::{StoreLocation, StoreLocator, state_dir};
pub use merge_files::{MergeError, MergeSide, init_shared, merge_files};
pub use speech_key::SpeechKey;
pub use tag_counts::TagCounts;
pub use warning::StoreWarning;
