//! The first block of a file: reading it, and detecting what the file holds and how to decode it.

use super::{error::SourceError, extracted_format::ExtractedFormat, file_kind::FileKind, markdown};
use pizhu_text::document::Hints;
use pizhu_text::text::Decoded;
use pizhu_text::text::Encoding;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use pizhu_text::text::decode;
use std::{
    io::{self, Read},
    path::Path,
};

/// Bytes read in the first step; a shorter file is read whole.
pub(crate) const FIRST_BLOCK_BYTES: u64 = 64 * 1024;
/// Chars examined to detect Markdown.
const MARKDOWN_SNIFF_CHARS: usize = 16 * 1024;

/// What a file holds.
pub(super) enum DetectedContent {
    /// Text in this encoding.
    Text {
        encoding: Encoding,
        /// Length of the byte order mark in bytes; 0 if there is none.
        bom: usize,
    },
    /// A format whose text is extracted.
    Extracted(ExtractedFormat),
}

/// Detects what a file holds that begins with `head`. `forced` is an encoding given by the user.
/// `complete` says that `head` is the whole file.
///
/// # Errors
/// When the file is not text.
pub(super) fn detect(path: &Path, head: &[u8], forced: Option<Encoding>, complete: bool) -> Result<DetectedContent, SourceError> {
    classify(path, head, decode::detect(head, forced, complete), forced.is_some())
}

/// [`detect`] for a known encoding and length of the byte order mark.
pub(super) fn classify(path: &Path, head: &[u8], (encoding, bom): (Encoding, usize), forced: bool) -> Result<DetectedContent, SourceError> {
    match FileKind::detect(path, head, encoding, forced) {
        Some(kind) => Ok(DetectedContent::Extracted(ExtractedFormat::require(path, kind)?)),
        None => Ok(DetectedContent::Text { encoding, bom }),
    }
}

/// Decodes the whole file `bytes` again if that leaves fewer undecodable sequences. For a guessed
/// encoding: the first block may have been pure ASCII, or too short for a sound guess.
pub(super) fn decode_again(decoded: Decoded, bytes: &[u8]) -> Decoded {
    let redecoded = decode::decode(bytes, None);
    if redecoded.replaced < decoded.replaced { redecoded } else { decoded }
}

/// Reads until `block` is full or the input ends; returns the number of bytes read.
pub(super) fn fill(input: &mut dyn Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match input.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Parsing hints of a text file: Markdown or none.
pub(super) fn hints(path: &Path, source: &SourceText) -> Hints {
    let head = source.slice(Span::new(0, MARKDOWN_SNIFF_CHARS));
    if markdown::is_markdown(path, &head) { Hints::markdown() } else { Hints::default() }
}
