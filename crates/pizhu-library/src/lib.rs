//! Many speeches: which there are, where the reader is in each, what is found in them, and the
//! built-in samples.

pub mod catalogue;
pub mod count;
pub mod digest;
pub mod exchange;
pub mod find;
pub mod gather;
pub mod index;
pub mod lessons;
pub mod reading_state;
pub mod reuse;
#[cfg(test)]
mod sample_data;
pub mod seek;
pub mod shelf;
pub mod source;
pub mod suggest;
