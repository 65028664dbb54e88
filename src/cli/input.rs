//! Whole files and standard input that the user names, read within a bound.

use super::CliError;
use crate::app::import::MAX_ARCHIVE_BYTES;
use pizhu_files::regular_file::{IrregularFile, read_limited};
use pizhu_library::source::STDIN;
use pizhu_library::source::SourceError;
use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Maximum size in bytes of a note.
const MAX_NOTE_BYTES: u64 = 1 << 20;
/// Maximum size in bytes of a file of annotations or of a store.
pub(super) const MAX_ANNOTATIONS_BYTES: u64 = 64 << 20;

/// First bytes of a ZIP archive.
const ZIP_SIGNATURE: &[u8] = b"PK";

/// Reads a file, following a link; a pipe is read to its end, as the user has named it.
pub(super) fn read_named(path: &Path, limit: u64) -> Result<Vec<u8>, CliError> {
    let fails = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => CliError::Source(SourceError::Missing(path.to_owned())),
        io::ErrorKind::IsADirectory => CliError::Source(SourceError::Folder(path.to_owned())),
        _ if is_over_limit(&error) => CliError::OverLimit(path.to_owned(), limit),
        _ => CliError::Source(SourceError::Unreadable { path: path.to_owned(), error }),
    };
    let metadata = fs::metadata(path).map_err(fails)?;
    if metadata.is_file() && metadata.len() > limit {
        return Err(CliError::OverLimit(path.to_owned(), limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    File::open(path).and_then(|file| read_limited(file, limit, &mut bytes)).map_err(fails)?;
    Ok(bytes)
}

/// Reads standard input.
pub(super) fn read_stdin(limit: u64) -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    match read_limited(io::stdin(), limit, &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) if is_over_limit(&error) => Err(CliError::OverLimit(STDIN.into(), limit)),
        Err(error) => Err(CliError::Input(error)),
    }
}

/// The text of a note or memo as it was given; `-` reads it from standard input. A blank one is an error.
pub(super) fn read_note(text: &str) -> Result<String, CliError> {
    let text = if text == STDIN {
        let text = String::from_utf8(read_stdin(MAX_NOTE_BYTES)?);
        text.map_err(|error| CliError::Input(io::Error::new(io::ErrorKind::InvalidData, error)))?.trim_end().to_owned()
    } else {
        text.to_owned()
    };
    if text.trim().is_empty() { Err(CliError::EmptyNote) } else { Ok(text) }
}

/// Reads a file to import, or standard input for `-`.
pub(super) fn read_to_import(path: &Path) -> Result<Vec<u8>, CliError> {
    let bytes = if path == Path::new(STDIN) { read_stdin(MAX_ARCHIVE_BYTES) } else { read_named(path, MAX_ARCHIVE_BYTES) }?;
    if bytes.len() as u64 > MAX_ANNOTATIONS_BYTES && !bytes.starts_with(ZIP_SIGNATURE) {
        return Err(CliError::OverLimit(path.to_owned(), MAX_ANNOTATIONS_BYTES));
    }
    Ok(bytes)
}

fn is_over_limit(error: &io::Error) -> bool {
    IrregularFile::from_error(error) == Some(IrregularFile::TooLarge)
}
