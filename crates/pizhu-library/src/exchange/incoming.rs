//! Annotations and codebooks as other programs hand them in: what each entry brings, and no more.

use super::{csv, json, qdpx, ron, web_annotation};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::Tag;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use std::path::Path;

/// An annotation as it comes in. The least is a document, one of quote, start and end, and
/// section, and tags or a note.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Incoming {
    /// Its id; derived from the content where it has none.
    #[serde(deserialize_with = "lenient_id")]
    pub id: Option<AnnotationId>,
    /// On a passage or a section.
    pub scope: Option<Scope>,
    /// The speech's path or name.
    pub document: String,
    /// The speech's identity.
    pub document_hash: Option<SpeechHash>,
    /// The speech's title.
    pub document_title: Option<String>,
    /// The section's path.
    #[serde(deserialize_with = "section_path")]
    pub section: Option<Vec<String>>,
    /// Offset of the first char.
    pub start: Option<usize>,
    /// Offset behind the last char.
    pub end: Option<usize>,
    /// The words marked.
    pub quote: Option<String>,
    /// The words before them.
    #[serde(skip)]
    pub before: String,
    /// The words behind them.
    #[serde(skip)]
    pub after: String,
    /// Names of tags.
    pub tags: Vec<String>,
    /// The tags with those above them, joined by `/`.
    pub tag_paths: Vec<String>,
    /// The note.
    pub note: String,
    /// Who made it.
    pub author: Option<String>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// The place as it was marked, where it was not exactly there any more.
    pub marked: Option<Selector>,
}

/// What a file brings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Incomings {
    /// Annotations.
    pub entries: Vec<Incoming>,
    /// Tags with all that is known of them, a parent before its children.
    pub tags: Vec<Tag>,
}

/// Why a file brings nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is of no format that is read.
    #[error("not a format that is read")]
    Unknown,
    /// It is of a format that is read, but broken.
    #[error("broken: {0}")]
    Broken(String),
}

/// An id that is no UUID is none.
fn lenient_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<AnnotationId>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.and_then(|id| id.parse().ok()))
}

/// A section's path: its steps, or joined by `/`.
fn section_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Path {
        Steps(Vec<String>),
        Joined(String),
    }
    Ok(Option::<Path>::deserialize(deserializer)?.map(|path| match path {
        Path::Steps(steps) => steps,
        Path::Joined(path) => path.split('/').filter(|step| !step.is_empty()).map(str::to_owned).collect(),
    }))
}

/// Reads what a file brings; the format is told by its content, then by its name.
///
/// # Errors
/// When it is of no format that is read, or broken.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Incomings, ImportError> {
    if bytes.starts_with(b"PK\x03\x04") {
        return qdpx::read(bytes);
    }
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
    let text = text.map_err(|_| ImportError::Broken("it is not UTF-8".into()))?;
    let start = text.trim_start();
    let named = |extension: &str| path.extension().is_some_and(|name| name.eq_ignore_ascii_case(extension));
    if start.starts_with('<') {
        return qdpx::read_codebook(text.as_bytes());
    }
    if named("ron") || start.starts_with("(version") || start.starts_with("(\n") {
        return ron::read(text);
    }
    if start.starts_with('{') || start.starts_with('[') {
        let head: String = start.chars().take(4096).collect();
        if head.contains("anno.jsonld") || head.contains("TextQuoteSelector") || head.contains("\"AnnotationPage\"") {
            return web_annotation::read(text.as_bytes());
        }
        return json::read(text);
    }
    if named("csv") || start.lines().next().is_some_and(|line| line.contains(',')) { csv::read(text) } else { Err(ImportError::Unknown) }
}
