//! The key of a speech in a store.

use super::location::StoreLocation;
use crate::identity::SpeechHash;
use crate::sketch::{TextGrams, TextSketch};
use pizhu_text::document::Document;
use pizhu_text::text::SourceText;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The path of a text that has no place, from standard input or a pipeline: it is known by its text
/// alone, since what comes that way next is another speech. A file of this name is `./-`.
const NO_PLACE: &str = "-";

/// The key by which a speech's annotations are found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeechKey {
    /// Identity of the text.
    pub hash: SpeechHash,
    /// The path as the store names it; empty for a text without a place.
    pub name: String,
    /// The title, or the file's name.
    pub title: String,
    /// The text, if it was read to its end.
    #[serde(skip)]
    text: WholeText,
}

/// The whole text of a speech; it does not take part in comparisons of keys.
#[derive(Clone, Default)]
struct WholeText(Option<SourceText>);

impl SpeechKey {
    /// The key of a document read from `path`; `-` for a text that has none. Hashes the text:
    /// see [`SpeechHash::from_text`].
    #[must_use]
    pub fn from_document(location: &StoreLocation, document: &Document, path: &Path) -> Self {
        let title = document.metadata.title.as_deref().map(str::to_owned);
        let title = title.unwrap_or_else(|| path.file_stem().unwrap_or_default().to_string_lossy().into_owned());
        let text = WholeText(document.is_final.then(|| document.source.clone()));
        let name = if path == Path::new(NO_PLACE) { String::new() } else { location.document_name(path) };
        Self { hash: SpeechHash::from_text(&document.source), name, title, text }
    }

    /// The key with the title of the document as it is mended, if it has one.
    pub(crate) fn titled(mut self, mended: &Document) -> Self {
        if let Some(title) = &mended.metadata.title {
            self.title = title.to_string();
        }
        self
    }

    /// The key of a speech whose text is not at hand.
    pub(super) fn without_text(hash: SpeechHash, name: String, title: String) -> Self {
        Self { hash, name, title, text: WholeText::default() }
    }

    /// Whether the text has a place. Two texts without one have nothing in common.
    pub(super) fn has_place(&self) -> bool {
        !self.name.is_empty()
    }

    /// Whether two keys may be of the same speech.
    pub(super) fn may_be(&self, other: &Self) -> bool {
        self.hash == other.hash || (self.has_place() && self.name == other.name)
    }

    /// Whether the text was read to its end: only then does the hash tell what the speech is.
    pub(super) fn is_whole(&self) -> bool {
        self.text.0.is_some()
    }

    /// The grams of the text; none if it is short or not at hand.
    pub(super) fn grams(&self) -> TextGrams {
        self.text.0.as_ref().map(TextGrams::new).unwrap_or_default()
    }

    /// The sketch of the text; `None` if it is short or not at hand.
    pub(super) fn sketch(&self) -> Option<TextSketch> {
        TextSketch::new(&self.grams())
    }
}

impl PartialEq for WholeText {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for WholeText {}

impl std::fmt::Debug for WholeText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "whole" } else { "unread" })
    }
}
