//! Formats whose text is extracted: DOCX, HTML, EPUB.
//!
//! Dispatches to the extractor of the format and parses the result.

use super::{
    docx, epub,
    error::SourceError,
    extract::{ExtractError, ExtractedText, Revisions},
    file_kind::FileKind,
    html,
    speech::{ReadOptions, Speech},
};
use pizhu_files::regular_file::open_source;
use pizhu_text::document;
use pizhu_text::text::Encoding;
use std::{
    io::{BufReader, Cursor, Read, Seek, SeekFrom},
    path::Path,
    sync::Arc,
    time::SystemTime,
};

/// Format whose text is extracted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExtractedFormat {
    Docx,
    Html,
    Epub,
}

/// An opened file: the bytes read so far and the stream of the rest.
pub(super) struct OpenedFile<'a> {
    pub path: &'a Path,
    pub head: Vec<u8>,
    pub rest: Box<dyn Read + Send>,
    /// Whether the file can be read a second time.
    pub seekable: bool,
    pub modified: Option<SystemTime>,
}

impl ExtractedFormat {
    /// The format of a kind of file; `None` if its text cannot be extracted.
    pub(super) fn from_kind(kind: FileKind) -> Option<Self> {
        match kind {
            FileKind::Docx => Some(Self::Docx),
            FileKind::Html => Some(Self::Html),
            FileKind::Epub => Some(Self::Epub),
            _ => None,
        }
    }

    /// [`Self::from_kind`], with an error if the text cannot be extracted.
    pub(super) fn require(path: &Path, kind: FileKind) -> Result<Self, SourceError> {
        Self::from_kind(kind).ok_or_else(|| SourceError::NotText { path: path.to_owned(), what: kind })
    }

    /// Reads a whole file and parses its extracted text.
    pub(super) fn read(self, file: OpenedFile<'_>, options: ReadOptions) -> Result<Speech, SourceError> {
        let OpenedFile { path, head, rest, seekable, modified } = file;
        let fails = |error| SourceError::io(path, error);
        let bom = self == Self::Html && head.starts_with(b"\xEF\xBB\xBF");
        let (result, file_len) = if seekable {
            drop((rest, head));
            let mut input = BufReader::new(open_source(path).map_err(fails)?.0);
            let file_len = input.seek(SeekFrom::End(0)).map_err(fails)?;
            input.rewind().map_err(fails)?;
            (self.extract(input, file_len, options), file_len)
        } else {
            let mut bytes = head;
            { rest }.read_to_end(&mut bytes).map_err(fails)?;
            let file_len = bytes.len() as u64;
            (self.extract(Cursor::new(bytes), file_len, options), file_len)
        };
        let (extracted, encoding) = result.map_err(|error| SourceError::Extract { path: path.to_owned(), error })?;
        let ExtractedText { text, hints, replaced, missing_parts } = extracted;
        let document = Arc::new(document::parse(text, &hints));
        Ok(Speech { path: path.to_owned(), document, encoding, bom, replaced, missing_parts: missing_parts.into(), file_len, modified })
    }

    /// Extracts the text of `input`, which is `file_len` bytes long; returns it with its encoding.
    fn extract(self, mut input: impl Read + Seek, file_len: u64, options: ReadOptions) -> Result<(ExtractedText, Encoding), ExtractError> {
        match self {
            Self::Docx => Ok((docx::extract(input, file_len, options.revisions)?, Encoding::UTF8)),
            Self::Epub => Ok((epub::extract(input, file_len, options.encoding)?, Encoding::UTF8)),
            Self::Html => {
                let mut bytes = Vec::new();
                input.read_to_end(&mut bytes).map_err(|error| ExtractError::Damaged(error.to_string()))?;
                html::extract(&bytes, options.encoding)
            }
        }
    }
}

/// Extracts the text of a DOCX, HTML or EPUB file held in memory; `None` for any other kind.
///
/// ```
/// use pizhu_library::source::{Revisions, extract};
/// use std::path::Path;
///
/// let page = "<html><body><h1>讲话</h1><p>同志们：</p></body></html>";
/// let extracted = extract(Path::new("a.html"), page.as_bytes(), Revisions::Accepted).expect("HTML has an extractor")?;
/// assert_eq!(extracted.text.slice(extracted.text.span()), "讲话\n同志们：\n");
/// assert!(extract(Path::new("a.txt"), "同志们：".as_bytes(), Revisions::Accepted).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the file is damaged, locked, or unpacks to too much.
#[must_use]
pub fn extract(path: &Path, bytes: &[u8], revisions: Revisions) -> Option<Result<ExtractedText, ExtractError>> {
    let (encoding, _) = pizhu_text::text::decode::detect(bytes, None, true);
    let format = ExtractedFormat::from_kind(FileKind::detect(path, bytes, encoding, false)?)?;
    let result = format.extract(Cursor::new(bytes), bytes.len() as u64, ReadOptions { revisions, encoding: None });
    Some(result.map(|(extracted, _)| extracted))
}
