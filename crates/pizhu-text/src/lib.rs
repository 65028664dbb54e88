//! Chinese speeches as text: decoding, cleaning, section trees, layout in terminal cells, search.
//!
//! The crate does no input or output. Data flows one way: bytes → [`text::decode()`] →
//! [`text::SourceText`] → [`document::parse`] → [`document::Document`] → [`layout::lay_out`] →
//! [`layout::Row`].
//!
//! Every public offset counts Unicode scalar values (chars) of the source text, end excluded.

pub mod document;
pub mod layout;
pub mod search;
pub mod text;
