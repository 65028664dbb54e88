//! Bigram index of a large library: a prefilter that finds the speeches which may contain a query.
//!
//! The terms are bigrams of the cleaned and folded text; word terms would miss matches across word
//! boundaries. Postings point to windows, not whole speeches: speeches on one subject share most
//! bigrams, while those of a match are close together. Windows overlap, so any text up to the
//! overlap lies within one window; a longer query is cut into pieces of that length. A candidate is
//! then verified in its text. Only alphanumeric chars and ideographs form bigrams; before any other
//! char the second half is NUL, so every such char starts a term.
//!
//! The index is a folder of segments: write-once files of some tens of megabytes of text each,
//! valid on their own. Building can be stopped at any time and continues with the next segment; the
//! folder can be deleted at any time. A speech is identified by its fingerprint: a changed file is
//! not in the index and counts as a candidate.

mod bigram;
mod bigram_index;
mod build;
mod rice;
mod segment;

pub use bigram_index::{BigramIndex, Candidates};
pub use build::build;

use crate::library_id::library_id;
use std::path::{Path, PathBuf};

/// The index folder of the library under `roots`, in the folder `cache`.
#[must_use]
pub fn folder(cache: &Path, roots: &[PathBuf]) -> PathBuf {
    cache.join(format!("index-{}", library_id(roots)))
}
