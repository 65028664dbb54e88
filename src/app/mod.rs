//! Use cases: what the command line and the reader both do, each once.
//!
//! A use case takes a typed request and a source of speeches, passes its results to a sink as they
//! come, and stops when its token is cancelled or the sink breaks.
//!
//! Invariant: nothing here words, prints or draws; the callers do.

pub(crate) mod annotated;
pub(crate) mod attributes;
pub(crate) mod compare;
pub(crate) mod count;
pub(crate) mod error;
pub(crate) mod existing_files;
pub(crate) mod export;
pub(crate) mod find;
pub(crate) mod import;
pub(crate) mod job;
pub(crate) mod open;
pub(crate) mod reading_place;
mod recorded_file;
pub(crate) mod reuse;
pub(crate) mod review;
pub(crate) mod search;
pub(crate) mod speeches;
pub(crate) mod stores;
pub(crate) mod suggest;
pub(crate) mod tagged;
pub(crate) mod wanted;

#[cfg(test)]
mod tests;
