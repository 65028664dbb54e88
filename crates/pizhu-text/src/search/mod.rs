//! Search in one text: a query compiles to a [`Matcher`], which gives the spans of its hits.
//!
//! The cleaned text is matched, so a hit may cross line breaks and page marks inside a paragraph.
//! It is read block by block, without a copy of the whole text. Hits are spans of the source, in
//! order, not overlapping, never empty. Time is linear in the text.

mod blocks;
mod matcher;
mod name_query;
mod partitions;
mod pinyin;
mod prefilter;
mod required_literals;

pub use matcher::{MAX_REGEX_BYTES, MatchMode, Matcher, QueryError};
pub use name_query::NameQuery;
pub use pinyin::{MAX_PINYIN_CHARS, readings};
pub use prefilter::Prefilter;
