//! Formats whose text is extracted: DOCX, HTML, EPUB.

use super::{
    Foreign, Manner, Revisions, SourceError, Speech, docx, epub,
    extract::{ExtractError, Extracted},
    html,
};
use pizhu_text::document;
use pizhu_text::text::Encoding;
use std::{
    fs::File,
    io::{BufReader, Cursor, Read, Seek, SeekFrom},
    path::Path,
    sync::Arc,
    time::SystemTime,
};

/// A format whose text is extracted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rich {
    Docx,
    Html,
    Epub,
}

/// A file as it is opened: what has been read of it and what is still to come.
pub(super) struct Opened<'a> {
    pub path: &'a Path,
    pub head: Vec<u8>,
    pub rest: Box<dyn Read + Send>,
    /// Whether it can be read a second time.
    pub seekable: bool,
    pub modified: Option<SystemTime>,
}

impl Rich {
    /// The format of a kind of file; `None` for one that no text is extracted of.
    pub(super) fn of(kind: Foreign) -> Option<Self> {
        match kind {
            Foreign::Docx => Some(Self::Docx),
            Foreign::Html => Some(Self::Html),
            Foreign::Epub => Some(Self::Epub),
            _ => None,
        }
    }

    /// The speech in a file.
    pub(super) fn read(self, file: Opened<'_>, manner: Manner) -> Result<Speech, SourceError> {
        let Opened { path, head, rest, seekable, modified } = file;
        let fails = |error| SourceError::io(path, error);
        let bom = self == Self::Html && head.starts_with(b"\xEF\xBB\xBF");
        let (taken, file_len) = if seekable {
            drop((rest, head));
            let mut input = BufReader::new(File::open(path).map_err(fails)?);
            let file_len = input.seek(SeekFrom::End(0)).map_err(fails)?;
            input.rewind().map_err(fails)?;
            (self.take(input, file_len, manner), file_len)
        } else {
            let mut bytes = head;
            { rest }.read_to_end(&mut bytes).map_err(fails)?;
            let file_len = bytes.len() as u64;
            (self.take(Cursor::new(bytes), file_len, manner), file_len)
        };
        let (extracted, encoding) = taken.map_err(|error| SourceError::Extract { path: path.to_owned(), error })?;
        let Extracted { text, hints, replaced } = extracted;
        let document = Arc::new(document::parse(text, &hints));
        Ok(Speech { path: path.to_owned(), document, encoding, bom, replaced, file_len, modified })
    }

    /// The text in `input`, of `file_len` bytes, and its encoding.
    fn take(self, mut input: impl Read + Seek, file_len: u64, manner: Manner) -> Result<(Extracted, Encoding), ExtractError> {
        match self {
            Self::Docx => Ok((docx::extract(input, file_len, manner.revisions)?, Encoding::UTF8)),
            Self::Epub => Ok((epub::extract(input, file_len)?, Encoding::UTF8)),
            Self::Html => {
                let mut bytes = Vec::new();
                input.read_to_end(&mut bytes).map_err(|error| ExtractError::Damaged(error.to_string()))?;
                html::extract(&bytes, manner.encoding)
            }
        }
    }
}

/// Extracts the text of a file that is in memory, whatever format it says it is in: the way in
/// for fuzzing, and for callers without a file. `None` where it is no rich format.
#[must_use]
pub fn extract(path: &Path, bytes: &[u8], revisions: Revisions) -> Option<Result<Extracted, ExtractError>> {
    let (encoding, _) = pizhu_text::text::decode::detect(bytes, None, true);
    let rich = Rich::of(Foreign::of(path, bytes, encoding, false)?)?;
    let taken = rich.take(Cursor::new(bytes), bytes.len() as u64, Manner { revisions, encoding: None });
    Some(taken.map(|(extracted, _)| extracted))
}
