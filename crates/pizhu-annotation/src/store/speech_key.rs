//! The key of a speech in a store.

use super::location::StoreLocation;
use crate::identity::SpeechHash;
use pizhu_text::document::Document;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The key by which a speech's annotations are found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeechKey {
    /// Identity of the text.
    pub hash: SpeechHash,
    /// The path as the store names it.
    pub name: String,
    /// The title, or the file's name.
    pub title: String,
}

impl SpeechKey {
    /// The key of a document read from `path`. Hashes the text: see [`SpeechHash::from_text`].
    #[must_use]
    pub fn from_document(location: &StoreLocation, document: &Document, path: &Path) -> Self {
        let title = document.metadata.title.as_deref().map(str::to_owned);
        let title = title.unwrap_or_else(|| path.file_stem().unwrap_or_default().to_string_lossy().into_owned());
        Self { hash: SpeechHash::from_text(&document.source), name: location.document_name(path), title }
    }
}
