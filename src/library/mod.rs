//! Many speeches: which there are, where the reader is in each, and the built-in samples.

pub mod catalogue;
pub mod reading_state;
pub mod samples;
