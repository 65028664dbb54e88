//! Reads speeches from files: detects the kind of a file, decodes it block by block, parses it.
//!
//! Files are read in place: nothing is copied or memory-mapped. The text of DOCX, HTML and EPUB is
//! extracted, with hints taken from the markup. A file is refused only if it cannot be text at all
//! (see [`file_kind`]); byte sequences that the encoding cannot decode become U+FFFD and are
//! counted. [`open`] and [`Loader`] decode alike: a text loaded in two steps has the same offsets
//! as one opened at once.

mod archive;
mod decoded_file;
mod docx;
mod epub;
mod error;
mod extract;
mod extracted_format;
pub mod file_kind;
mod first_block;
pub mod folder;
mod html;
mod ignore_rules;
mod loader;
mod markdown;
mod number_format;
mod speech;
mod table_row;
mod workbook;
mod xml;

pub use decoded_file::{DecodedFile, FileContents, read_if};
pub(crate) use epub::percent_decode;
pub use error::SourceError;
pub use extract::{ExtractError, ExtractedText, Revisions};
pub use extracted_format::extract;
pub use file_kind::FileKind;
pub(crate) use first_block::FIRST_BLOCK_BYTES;
pub use folder::{LeftOut, MAX_RULES_BYTES, SpeechList, for_each_speech, is_lock_file, is_speech_file, list_speeches, speeches_under};
pub use loader::{Loader, open};
pub use speech::{ReadOptions, STDIN, Speech};

pub(crate) use workbook::read_sheet;

#[cfg(test)]
pub(crate) use archive::tests::zip_bytes;
