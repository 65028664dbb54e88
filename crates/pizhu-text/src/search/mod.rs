//! Search in one text: a query → a matcher → the spans of its hits.
//!
//! Matching is on the cleaned text, read block by block, so a hit may lie across line breaks and
//! page marks inside a paragraph, and no copy of the whole text is made. Hits are spans of the
//! source, in order, not overlapping, never empty. Time is linear in the text.

mod blocks;
mod matcher;
mod pinyin;
mod sieve;
mod stretches;

pub use matcher::{Matcher, Mode, QueryError};
pub use pinyin::{FirstChar, PinyinPairs, readings};
pub use sieve::Sieve;
