//! Whole files, decoded but not parsed: for searches that look into many files and need the section
//! trees of few.
//!
//! Invariant: [`DecodedFile::parse`] equals [`super::open`] on the same file. Files whose text is
//! extracted (DOCX, HTML, EPUB) are parsed while they are read.

use super::{
    error::SourceError,
    extracted_format::ExtractedFormat,
    file_kind::FileKind,
    first_block::{DetectedContent, FIRST_BLOCK_BYTES, classify, decode_again, detect, fill, hints},
    loader::{MAX_SPEECH_BYTES, open},
    speech::{ReadOptions, STDIN, Speech},
};
use pizhu_files::regular_file::{IrregularFile, open_source};
use pizhu_text::document;
use pizhu_text::document::Hints;
use pizhu_text::text::Decoded;
use pizhu_text::text::Decoder;
use pizhu_text::text::Encoding;
use pizhu_text::text::SourceText;
use std::{
    fs::{File, Metadata},
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

/// A decoded text file that has not been parsed.
#[derive(Debug, Clone)]
pub struct DecodedFile {
    path: PathBuf,
    decoded: Decoded,
    hints: Hints,
    /// File metadata, taken when the file was opened.
    pub metadata: Metadata,
    /// The filter of [`read_if`] saw the raw text and accepted it; `false` if it was not asked.
    pub passed_filter: bool,
}

/// Contents of a file: a decoded text or a parsed speech.
#[derive(Debug, Clone)]
pub enum FileContents {
    /// Plain text or Markdown.
    Text(Box<DecodedFile>),
    /// A speech that was parsed while it was read.
    Speech(Speech),
}

impl DecodedFile {
    /// The decoded text.
    #[must_use]
    pub fn source(&self) -> &SourceText {
        &self.decoded.source
    }

    /// Encoding the file was decoded from.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.decoded.encoding
    }

    /// Title and date, found without parsing the whole text.
    #[must_use]
    pub(crate) fn front_matter(&self) -> document::Metadata {
        document::parse_metadata(&self.decoded.source, &self.hints)
    }

    /// Parses the text into a speech.
    #[must_use]
    pub fn parse(self) -> Speech {
        let Self { path, decoded: Decoded { source, encoding, bom, replaced }, hints, metadata, .. } = self;
        let document = Arc::new(document::parse(source, &hints));
        let modified = metadata.modified().ok();
        Speech { path, document, encoding, bom, replaced, missing_parts: Arc::default(), file_len: metadata.len(), modified }
    }
}

impl FileContents {
    /// The speech; parses it if that has not been done.
    #[must_use]
    pub fn parse(self) -> Speech {
        match self {
            Self::Text(text) => text.parse(),
            Self::Speech(speech) => speech,
        }
    }
}

/// Reads a whole file, sizing the buffer by `metadata` to save a system call.
fn read_whole(file: &mut File, metadata: &Metadata) -> io::Result<Vec<u8>> {
    // One byte more than expected, to detect the end of the file.
    let mut bytes = vec![0; usize::try_from(metadata.len()).unwrap_or(0).saturating_add(1)];
    let filled = fill(file, &mut bytes)?;
    if filled < bytes.len() {
        bytes.truncate(filled);
    } else {
        file.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Reads a whole file if its text passes the filter `wanted`; otherwise returns `None`.
///
/// The filter sees UTF-8 text with the line ends of the file, before normalization. It is not asked
/// about other encodings, extracted formats, pipes and standard input, which always pass.
///
/// ```
/// use pizhu_library::source::{ReadOptions, read_if};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("讲话.txt");
/// std::fs::write(&path, "要抓好落实。\n")?;
/// let options = ReadOptions::default();
/// assert!(read_if(&path, options, |text| text.contains("落实"))?.is_some());
/// assert!(read_if(&path, options, |text| text.contains("创新"))?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As for [`super::open`].
pub fn read_if(path: &Path, options: ReadOptions, wanted: impl FnOnce(&str) -> bool) -> Result<Option<FileContents>, SourceError> {
    let parsed = || open(path, options).map(|speech| Some(FileContents::Speech(speech)));
    if path == Path::new(STDIN) {
        return parsed();
    }
    let fails = |error| SourceError::io(path, error);
    let (mut file, metadata) = open_source(path).map_err(fails)?;
    if !metadata.is_file() {
        return parsed();
    }
    if metadata.len() > MAX_SPEECH_BYTES {
        return Err(fails(IrregularFile::TooLarge.into()));
    }
    let bytes = read_whole(&mut file, &metadata).map_err(fails)?;
    let head = &bytes[..bytes.len().min(FIRST_BLOCK_BYTES as usize)];
    let complete = bytes.len() < FIRST_BLOCK_BYTES as usize;
    // The filter is not asked about known kinds of files.
    if let Some(kind) = FileKind::from_signature(path, head) {
        ExtractedFormat::require(path, kind)?;
        return parsed();
    }
    // Valid UTF-8 without NUL bytes, as most files are, needs no detection.
    let plain = if options.encoding.is_none_or(|forced| forced == Encoding::UTF8) { simdutf8::basic::from_utf8(&bytes).ok() } else { None };
    let plain = plain.map(|text| text.strip_prefix('\u{FEFF}').unwrap_or(text)).filter(|text| memchr::memchr(0, text.as_bytes()).is_none());
    if let Some(text) = plain
        && !wanted(text)
    {
        return Ok(None);
    }
    let content = match plain {
        Some(text) => classify(path, head, (Encoding::UTF8, bytes.len() - text.len()), options.encoding.is_some())?,
        None => detect(path, head, options.encoding, complete)?,
    };
    let DetectedContent::Text { encoding, bom } = content else { return parsed() };
    let mut decoded = match plain {
        // Without CR no line ends need normalizing.
        Some(text) if memchr::memchr(b'\r', text.as_bytes()).is_none() => {
            Decoded { source: SourceText::from(text), encoding, bom: bom > 0, replaced: 0 }
        }
        _ => {
            let mut reader = Decoder::new(encoding);
            reader.push(&bytes[bom..], true);
            Decoded { bom: bom > 0, ..reader.finish() }
        }
    };
    if decoded.replaced > 0 && options.encoding.is_none() && bom == 0 && !complete {
        decoded = decode_again(decoded, &bytes);
    }
    let hints = hints(path, &decoded.source);
    let passed_filter = plain.is_some();
    Ok(Some(FileContents::Text(Box::new(DecodedFile { path: path.to_owned(), decoded, hints, metadata, passed_filter }))))
}
