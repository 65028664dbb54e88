//! Bytes to source text: decoding, offsets, folding, and what cleaning takes out.
//!
//! Every public offset counts chars (Unicode scalar values) of the source text, end excluded.

pub mod clean;
pub mod cursor;
pub mod decode;
pub mod fold;
pub mod parts;
pub mod segment;
pub mod source;
mod span;
pub mod visible;
pub mod width;

pub use clean::{Cleaning, Removed, RemovedKind};
pub use cursor::{Cursor, PlainSet};
pub use decode::{Decoded, Decoder, Encoding, decode};
pub use source::{SourceBuilder, SourceText};
pub use span::Span;
