//! Files into speeches: what a file is, its bytes read in blocks, decoded and parsed.
//!
//! Files are read where they are; nothing is copied elsewhere, nothing is mapped. Of DOCX, HTML
//! and EPUB the text is extracted, with what their markup tells as hints. A file is
//! refused only where it cannot be text at all (see [`foreign`]); bytes that a text's encoding
//! does not explain become counted U+FFFD. [`open`] and [`Reading`] are the same reading: a text
//! opened in two steps has the same offsets as one opened at once.

mod archive;
mod docx;
mod epub;
mod extract;
pub mod folder;
pub mod foreign;
mod html;
mod markdown;
mod number_format;
mod reading;
mod rich;
mod unparsed;
mod xml;

pub use extract::{ExtractError, Extracted, Revisions};
pub use folder::{is_speech_file, speeches_under};
pub use foreign::Foreign;
pub use reading::{FIRST_BYTES, Reading};
pub use rich::extract;
pub use unparsed::{Contents, Unparsed, read_where};

#[cfg(test)]
pub(crate) use archive::tests::packed;

use pizhu_text::document::Document;
use pizhu_text::text::Encoding;
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// One speech as read from a file. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Speech {
    /// Where it was read from; [`STDIN`] for standard input.
    pub path: PathBuf,
    /// The text and its section tree.
    pub document: Arc<Document>,
    /// What the file was decoded as.
    pub encoding: Encoding,
    /// Whether a byte order mark was there.
    pub bom: bool,
    /// How many undecodable sequences became U+FFFD.
    pub replaced: usize,
    /// Length of the file in bytes; for a pipe, of what has been read.
    pub file_len: u64,
    /// When the file was last modified; `None` where there is no file or no clock.
    pub modified: Option<SystemTime>,
}

/// Why a file gives no speech.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is no such file.
    #[error("{}: no such file", .0.display())]
    Missing(PathBuf),
    /// It is a folder.
    #[error("{}: is a folder", .0.display())]
    Folder(PathBuf),
    /// It cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// It holds something else than text.
    #[error("{}: is {}, not text", path.display(), what.name())]
    NotText {
        /// The file.
        path: PathBuf,
        /// What it holds.
        what: Foreign,
    },
    /// It is of a known format, but no text can be taken out of it.
    #[error("{}: {error}", path.display())]
    Extract {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        error: ExtractError,
    },
}

impl SourceError {
    /// The file it is about.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Missing(path)
            | Self::Folder(path)
            | Self::Unreadable { path, .. }
            | Self::NotText { path, .. }
            | Self::Extract { path, .. } => path,
        }
    }

    fn io(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing(path),
            io::ErrorKind::IsADirectory => Self::Folder(path),
            _ => Self::Unreadable { path, error },
        }
    }
}

/// How files are read, where that is not told by the file alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manner {
    /// The encoding that overrules the detected one.
    pub encoding: Option<Encoding>,
    /// Which side of tracked changes is read.
    pub revisions: Revisions,
}

impl From<Option<Encoding>> for Manner {
    fn from(encoding: Option<Encoding>) -> Self {
        Self { encoding, ..Self::default() }
    }
}

/// Reads a speech whole: its final section tree. `-` is standard input.
///
/// # Errors
/// When the file is missing, a folder, unreadable, or no text.
pub fn open(path: &Path, manner: impl Into<Manner>) -> Result<Speech, SourceError> {
    Reading::begin(path, manner)?.finish()
}
