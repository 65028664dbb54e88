//! Entries of the library's list, and their updates.

use jiff::Timestamp;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::store::TagCounts;
use pizhu_library::attributes::Attributes;
use pizhu_library::parse_cache::MetadataFingerprint;
use pizhu_text::text::fold::fold_text;
use std::{path::PathBuf, sync::Arc};

/// One speech of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LibraryEntry {
    /// Its file.
    pub path: PathBuf,
    /// Its file's fingerprint; `None` until the file was scanned in this session.
    pub fingerprint: Option<MetadataFingerprint>,
    /// Its title, else its file name.
    pub title: String,
    /// Its date as YYYY-MM-DD; empty if unknown.
    pub date: String,
    /// Who speaks; empty if unknown.
    pub speaker: String,
    /// Where and at which occasion, for filtering; empty if unknown.
    pub occasion: String,
    /// What is known of it: found in the text, or set by hand.
    pub attributes: Attributes,
    /// Its length in chars; until it is fully read, a third of its bytes.
    pub chars: usize,
    /// Whether the user wants it at hand.
    pub favourite: bool,
    /// Its tags with their counts, most used first.
    pub tags: TagCounts,
    /// Reading progress in percent; `None` if never opened.
    pub percent: Option<u8>,
    /// When it was last open; `None` if never.
    pub opened: Option<Timestamp>,
    /// Identity of its text; `None` until it is fully read.
    pub hash: Option<SpeechHash>,
    /// Why it cannot be opened; empty if it can.
    pub error: String,
    /// Folded title, date, speaker, occasion, attributes and path, one per line, for filtering. Set by [`Self::with_search_key`].
    pub search_key: String,
}

impl LibraryEntry {
    /// Computes the key for filtering.
    #[must_use]
    pub(crate) fn with_search_key(self) -> Self {
        let known: Vec<&str> = self.attributes.iter().map(|(_, attribute)| attribute.value.as_str()).collect();
        let facts = [&self.title, &self.date, &self.speaker, &self.occasion, &known.join(" "), &self.path.display().to_string()];
        let search_key = fold_text(&facts.map(String::as_str).join("\n"));
        Self { search_key, ..self }
    }
}

/// Changes of the list since the last update.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LibraryUpdate {
    /// Whether the list is cleared first.
    pub reset: bool,
    /// Entries by index. An index just past the end appends.
    pub entries: Vec<(usize, Arc<LibraryEntry>)>,
    /// Number of files read so far; `None` when the scan is done.
    pub read: Option<usize>,
}

impl LibraryUpdate {
    /// An update that replaces the whole list.
    #[must_use]
    pub fn full(entries: Vec<LibraryEntry>) -> Self {
        let entries = entries.into_iter().map(|entry| Arc::new(entry.with_search_key())).enumerate().collect();
        Self { reset: true, entries, read: None }
    }
}
