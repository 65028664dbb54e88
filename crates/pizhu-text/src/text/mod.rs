//! Source text: decoding, offsets, script folding, cleaning, segmentation and cell widths.
//!
//! Every public offset counts chars (Unicode scalar values) of the source text, unless its name
//! says bytes or lines; ranges are half-open.

pub mod clean;
mod clean_text;
pub mod cursor;
pub mod decode;
pub mod diff;
pub mod fold;
pub mod parallel;
pub mod segmentation;
pub mod source;
mod span;
pub mod visible;
pub mod width;

pub use clean::{Cleaning, RemovedKind, RemovedRange};
pub use clean_text::CleanText;
pub use cursor::{CjkSet, Cursor};
pub use decode::{Decoded, Decoder, Encoding, decode};
pub use source::{SourceBuilder, SourceText};
pub use span::Span;
