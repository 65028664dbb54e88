//! The codebook: the hierarchy of tags.
//!
//! Invariants: a tag is known by its id, which never changes and is never used again; names are
//! unique among the tags of one parent (two that were made independently become one, others are kept
//! and shown as `名#2`), not blank, and contain no `/` and no control character; a parent is a tag of
//! the codebook and never a descendant of its child; tags are in the user's order, whatever their
//! depth. Of deleted and merged tags the codebook keeps a record by id, so that annotations arriving
//! late (by a sync program or git) still find their tag or its absence, and so that it can be brought
//! back.

mod book;
mod change;
mod current;
mod error;
mod merge;
mod order;
mod repair;
mod replace;
mod reversal;
mod starter;
mod tag;
mod tag_id;
mod tag_index;
mod tag_ref;

pub use book::{Codebook, MAX_TAG_LEVELS, TagLookup, UnitedTags};
pub use error::CodebookError;
pub use replace::CodebookReplacement;
pub use reversal::CodebookChange;
pub(crate) use tag::TagLine;
pub use tag::{TAG_KEYS, Tag, TagTombstone, check_name};
pub use tag_id::{TagId, TagIdError};
pub use tag_ref::TagRef;

#[cfg(test)]
mod tests;
