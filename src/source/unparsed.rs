//! A file read whole and decoded, but not parsed: for those who look into many files and need the
//! section trees of few.
//!
//! What [`Unparsed::parse`] gives is what [`super::open`] gives, by the same decoding; a file
//! whose text is extracted is parsed in being read.

use super::{
    Foreign, Manner, STDIN, SourceError, Speech, open,
    reading::{FIRST_BYTES, hints},
    rich::Rich,
};
use crate::{
    document::{self, Hints},
    text::{Decoded, Decoder, Encoding, SourceText, decode},
};
use std::{
    fs::{File, Metadata},
    io::Read as _,
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

    /// The text with its section tree.
    #[must_use]
    pub fn parse(self) -> Speech {
        let Self { path, decoded: Decoded { source, encoding, bom, replaced }, hints, metadata } = self;
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
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0).saturating_add(1));
    file.read_to_end(&mut bytes).map_err(fails)?;
    let head = &bytes[..bytes.len().min(FIRST_BYTES as usize)];
    let complete = bytes.len() < FIRST_BYTES as usize;
    match Foreign::known(path, head) {
        Some(what) if Rich::of(what).is_some() => return parsed(),
        Some(what) => return Err(SourceError::NotText { path: path.to_owned(), what }),
        None => {}
    }
    // What is valid UTF-8 without zero bytes is decoded as that, and most files are.
    let plain = if manner.encoding.is_none_or(|forced| forced == Encoding::UTF8) { simdutf8::basic::from_utf8(&bytes).ok() } else { None };
    let plain = plain.map(|text| text.trim_start_matches('\u{FEFF}')).filter(|text| memchr::memchr(0, text.as_bytes()).is_none());
    if let Some(text) = plain
        && !wanted(text)
    {
        return Ok(None);
    }
    let (encoding, bom) = decode::detect(head, manner.encoding, complete);
    if let Some(what) = Foreign::of(path, head, encoding, manner.encoding.is_some()) {
        return Err(SourceError::NotText { path: path.to_owned(), what });
    }
    let mut reader = Decoder::new(encoding);
    reader.push(&bytes[bom..], true);
    let mut decoded = Decoded { bom: bom > 0, ..reader.finish() };
    if decoded.replaced > 0 && manner.encoding.is_none() && bom == 0 && !complete {
        let anew = decode::decode(&bytes, None);
        if anew.replaced < decoded.replaced {
            decoded = anew;
        }
    }
    let hints = hints(path, &decoded.source);
    Ok(Some(Contents::Text(Box::new(Unparsed { path: path.to_owned(), decoded, hints, metadata }))))
}
