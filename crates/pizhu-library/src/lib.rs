//! A library: many speeches in files. Source formats, catalogue, search and index, tag counts and
//! suggestions, text reuse, reading state, import and export of annotations.
//!
//! Nothing here depends on the interface: progress is reported to callbacks, and messages are left
//! to the caller.

pub mod attributes;
pub mod basket;
pub mod catalogue;
pub mod compare;
pub mod compiled_query;
pub mod condition;
pub mod count;
pub mod count_options;
mod date_range;
pub mod document_cache;
pub mod exchange;
pub mod feedback;
pub mod find;
mod library_id;
mod near_copies;
pub mod parallel;
pub mod parse_cache;
pub mod picture;
pub mod reading_state;
pub mod report;
pub mod reuse;
#[cfg(test)]
mod sample_data;
mod section_level;
pub mod source;
pub mod suggest;
mod varint;
