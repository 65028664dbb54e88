//! The codebook: the hierarchy of tags.
//!
//! Invariants: names are unique, not blank, and contain no `/` and no control character; a parent
//! is a tag of the codebook and never a descendant of its child; tags are in the user's order,
//! whatever their depth. Former names of renamed and merged tags, and names of deleted ones, are
//! remembered, so that annotations arriving late (by a sync program or git) still find their tag.

mod book;
mod error;
mod merge;
mod name_index;
mod starter;
mod tag;

pub use book::{Codebook, MAX_TAG_LEVELS, TagLookup};
pub use error::CodebookError;
pub use tag::{Tag, check_name};

#[cfg(test)]
mod tests;
