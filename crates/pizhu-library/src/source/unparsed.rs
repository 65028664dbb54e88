//! A file read whole and decoded, but not parsed: for those who look into many files and need the
//! section trees of few.
//!
//! What [`Unparsed::parse`] gives is what [`super::open`] gives, by the same decoding; a file
//! whose text is extracted is parsed in being read.

use super::{
    Foreign, Manner, STDIN, SourceError, Speech, open,
    reading::{FIRST_BYTES, fill, hints},
    rich::Rich,
};
use pizhu_text::document;
use pizhu_text::document::Hints;
use pizhu_text::text::Decoded;
use pizhu_text::text::Decoder;
use pizhu_text::text::Encoding;
use pizhu_text::text::SourceText;
use pizhu_text::text::decode;
use std::{
    fs::{File, Metadata},
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::Arc,
};

/// A text before it is parsed.
#[derive(Debug, Clone)]
pub struct Unparsed {
    path: PathBuf,
    decoded: Decoded,
    hints: Hints,
    /// What the system says of the file; of when it was opened.
    pub metadata: Metadata,
    /// The text was asked for as it stands in the file, and wanted.
    pub was_wanted: bool,
}

/// What a file gives.
#[derive(Debug, Clone)]
pub enum Contents {
    /// Plain text or Markdown.
    Text(Box<Unparsed>),
    /// What has been parsed already.
    Speech(Speech),
}

impl Unparsed {
    /// The text.
    #[must_use]
    pub fn source(&self) -> &SourceText {
        &self.decoded.source
    }

    /// What it was decoded as.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.decoded.encoding
    }

    /// What the text says of its title and date.
    #[must_use]
    pub fn front(&self) -> document::Metadata {
        document::metadata(&self.decoded.source, &self.hints)
    }

    /// The text with its section tree.
    #[must_use]
    pub fn parse(self) -> Speech {
        let Self { path, decoded: Decoded { source, encoding, bom, replaced }, hints, metadata, .. } = self;
        let document = Arc::new(document::parse(source, &hints));
        let modified = metadata.modified().ok();
        Speech { path, document, encoding, bom, replaced, file_len: metadata.len(), modified }
    }
}

impl Contents {
    /// The speech, parsed where it is not yet.
    #[must_use]
    pub fn parse(self) -> Speech {
        match self {
            Self::Text(text) => text.parse(),
            Self::Speech(speech) => speech,
        }
    }
}

/// The bytes of a file of which the system says `metadata`; it is not asked again.
fn read_whole(file: &mut File, metadata: &Metadata) -> io::Result<Vec<u8>> {
    // One more than it should have, to see its end.
    let mut bytes = vec![0; usize::try_from(metadata.len()).unwrap_or(0).saturating_add(1)];
    let filled = fill(file, &mut bytes)?;
    if filled < bytes.len() {
        bytes.truncate(filled);
    } else {
        file.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Reads a file whole. `wanted` is asked of the text of a plain one, with its line ends as they
/// are in the file; where it says no, nothing more is done, and there is `None`. Files whose text
/// is extracted, and what is no file, are never refused.
///
/// # Errors
/// As [`super::open`].
pub fn read_where(path: &Path, manner: Manner, wanted: impl FnOnce(&str) -> bool) -> Result<Option<Contents>, SourceError> {
    let parsed = || open(path, manner).map(|speech| Some(Contents::Speech(speech)));
    if path == Path::new(STDIN) {
        return parsed();
    }
    let fails = |error| SourceError::io(path, error);
    let mut file = File::open(path).map_err(fails)?;
    let metadata = file.metadata().map_err(fails)?;
    if !metadata.is_file() {
        return parsed();
    }
    let bytes = read_whole(&mut file, &metadata).map_err(fails)?;
    let head = &bytes[..bytes.len().min(FIRST_BYTES as usize)];
    let complete = bytes.len() < FIRST_BYTES as usize;
    match Foreign::known(path, head) {
        Some(what) if Rich::of(what).is_some() => return parsed(),
        Some(what) => return Err(SourceError::NotText { path: path.to_owned(), what }),
        None => {}
    }
    // What is valid UTF-8 without zero bytes is decoded as that, and most files are.
    let plain = if manner.encoding.is_none_or(|forced| forced == Encoding::UTF8) { simdutf8::basic::from_utf8(&bytes).ok() } else { None };
    let plain = plain.map(|text| text.strip_prefix('\u{FEFF}').unwrap_or(text)).filter(|text| memchr::memchr(0, text.as_bytes()).is_none());
    if let Some(text) = plain
        && !wanted(text)
    {
        return Ok(None);
    }
    let (encoding, bom) = match plain {
        Some(text) => (Encoding::UTF8, bytes.len() - text.len()),
        None => decode::detect(head, manner.encoding, complete),
    };
    if let Some(what) = Foreign::of(path, head, encoding, manner.encoding.is_some()) {
        return Err(SourceError::NotText { path: path.to_owned(), what });
    }
    let mut decoded = match plain {
        // Without CR it is the source text as it stands.
        Some(text) if memchr::memchr(b'\r', text.as_bytes()).is_none() => {
            Decoded { source: SourceText::from(text), encoding, bom: bom > 0, replaced: 0 }
        }
        _ => {
            let mut reader = Decoder::new(encoding);
            reader.push(&bytes[bom..], true);
            Decoded { bom: bom > 0, ..reader.finish() }
        }
    };
    if decoded.replaced > 0 && manner.encoding.is_none() && bom == 0 && !complete {
        let anew = decode::decode(&bytes, None);
        if anew.replaced < decoded.replaced {
            decoded = anew;
        }
    }
    let hints = hints(path, &decoded.source);
    let was_wanted = plain.is_some();
    Ok(Some(Contents::Text(Box::new(Unparsed { path: path.to_owned(), decoded, hints, metadata, was_wanted }))))
}
