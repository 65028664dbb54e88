//! A speech read from a file, and the options for reading it.

use super::extract::Revisions;
use pizhu_text::document::Document;
use pizhu_text::text::Encoding;
use std::{path::PathBuf, sync::Arc, time::SystemTime};

/// Path that means standard input.
pub const STDIN: &str = "-";

/// A speech read from a file. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Speech {
    /// Path it was read from; [`STDIN`] for standard input.
    pub path: PathBuf,
    /// Text and section tree.
    pub document: Arc<Document>,
    /// Encoding the file was decoded from.
    pub encoding: Encoding,
    /// Whether the file began with a byte order mark.
    pub bom: bool,
    /// Number of undecodable byte sequences replaced by U+FFFD.
    pub replaced: usize,
    /// Paths of the chapters that the file names but lacks.
    pub missing_parts: Arc<[String]>,
    /// Length of the file in bytes; of a pipe, the bytes read so far.
    pub file_len: u64,
    /// Modification time; `None` for a pipe, or if the file system has none.
    pub modified: Option<SystemTime>,
}

/// Options for reading a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// Encoding that overrides detection.
    pub encoding: Option<Encoding>,
    /// Side of tracked changes to read.
    pub revisions: Revisions,
}

impl From<Option<Encoding>> for ReadOptions {
    fn from(encoding: Option<Encoding>) -> Self {
        Self { encoding, ..Self::default() }
    }
}
