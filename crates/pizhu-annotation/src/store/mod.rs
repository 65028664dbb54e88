//! The store: one file of annotations per speech, and the codebook beside them.
//!
//! Invariants: a file is replaced as a whole by a rename, after the new content has been read back,
//! compared and synced; it is written only under the store's lock, from its content at that moment
//! merged with the edits; unreadable content is copied aside, never overwritten; edits of this machine
//! that an older copy has overwritten are merged in again; nothing is written to another folder than
//! the one that was opened; a file written by a newer program is never changed.

mod apply;
mod backup;
mod basket_places;
#[cfg(test)]
mod basket_tests;
mod checkpoint;
mod codebook_file;
mod constants;
mod copies;
mod distrust;
mod error;
mod files;
mod find_location;
mod find_speech;
mod folder;
mod handle;
mod header_cache;
mod kept_texts;
mod listing;
mod loaded_speech;
mod location;
mod memos;
mod merge_files;
mod note_seen;
mod opened_folder;
mod outline;
#[cfg(test)]
mod outline_tests;
mod overwritten;
mod parse_cache;
mod project_file;
mod proposal;
mod record_edits;
mod record_match;
mod recover;
mod replace;
mod restore;
mod seen;
mod snapshot_state;
mod snapshots;
mod speech_changes;
pub mod speech_file;
mod speech_key;
mod speech_record;
mod state_folder;
mod stateless;
mod tag_counts;
mod tag_scanner;
mod tag_usage;
mod told_unions;
mod trust;
mod warning;
mod warning_log;
mod write_batch;

pub use apply::{FoundAnnotations, SpeechIdentity};
pub use basket_places::PassagePlace;
pub use checkpoint::CommitOutcome;
pub use copies::CopyStatus;
pub use distrust::Distrust;
pub use error::StoreError;
pub use handle::Store;
pub use kept_texts::KeptTexts;
pub use loaded_speech::LoadedSpeech;
pub(crate) use location::SHARED_DIR;
pub use location::{StoreLocation, StoreLocator, state_dir};
pub use merge_files::{MergeError, MergeReport, MergeSide, init_shared, merge_and_report, merge_files};
pub use outline::MendedOutline;
pub use proposal::Proposal;
pub use speech_key::SpeechKey;
pub use tag_counts::{SpeechSummary, TagCounts};
pub use tag_usage::{TagUsage, TagUse};
pub use trust::{StoreInspection, TRUST_VARIABLE, TrustDecision, remember_decision};
pub use warning::StoreWarning;
pub use write_batch::StoredSpeech;
