//! The entries of a catalogue.

use crate::parse_cache::MetadataFingerprint;
use pizhu_annotation::SpeechHash;
use pizhu_text::text::Encoding;
use std::{path::PathBuf, sync::Arc};

/// A speech of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueEntry {
    /// Path of the file.
    pub path: PathBuf,
    /// Size of the file in bytes.
    pub size: u64,
    /// Modification time in nanoseconds since 1970; 0 if unknown.
    pub modified: i128,
    /// Fingerprint of the file; the default if it is not known.
    pub fingerprint: MetadataFingerprint,
    /// What was read in the file; `None` until it is read.
    pub facts: Option<Arc<Facts>>,
}

/// What the catalogue shows of a file's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Title of the speech, if it has one.
    pub title: Option<String>,
    /// Date as `YYYY-MM-DD`, if there is one.
    pub date: Option<String>,
    /// Who speaks, if the text tells.
    pub speaker: Option<String>,
    /// Where it was given, likewise.
    pub place: Option<String>,
    /// At which meeting or ceremony, likewise.
    pub occasion: Option<String>,
    /// Encoding; `None` if the file is not text.
    pub encoding: Option<Encoding>,
    /// Length in chars; `None` if only the beginning was read (see [`crate::source::Loader`]).
    pub chars: Option<usize>,
    /// Hash of the text, likewise.
    pub hash: Option<SpeechHash>,
    /// Why the file cannot be opened.
    pub problem: Option<String>,
}
