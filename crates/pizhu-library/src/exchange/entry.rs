//! One annotation as it leaves the program: self-contained, with its place, words and tags.

use pizhu_annotation::Anchor;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::Placed;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::SpeechHash;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use jiff::Timestamp;
use serde::Serialize;

/// One annotation as it leaves the program.
///
/// Invariants: `quote` is the source between `start` and `end`, which are never equal; `start`,
/// `end` and `section` are `None` exactly for what needs review or is orphaned, and `quote` is
/// then what was marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The annotation's id.
    pub id: AnnotationId,
    /// On a passage or a section.
    pub scope: Scope,
    /// The speech's path: relative to the store's root where it lies under it, else absolute.
    pub document: String,
    /// The speech's identity.
    pub document_hash: SpeechHash,
    /// The speech's title.
    pub document_title: Option<String>,
    /// The path of the section it is on, or that holds its first char; empty outside sections.
    pub section: Option<Vec<String>>,
    /// Offset of the first char in the source text.
    pub start: Option<usize>,
    /// Offset behind the last char.
    pub end: Option<usize>,
    /// Where it may belong, for a review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Span>,
    /// The source text; of a section, the whole section.
    pub quote: String,
    /// The same without page marks, glosses and line breaks inside paragraphs.
    pub text: String,
    /// Names of tags.
    pub tags: Vec<String>,
    /// Each tag with those above it, joined by `/`.
    pub tag_paths: Vec<String>,
    /// The note; empty for none.
    pub note: String,
    /// Who made it.
    pub author: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub modified: Timestamp,
    /// How its place was found.
    pub anchor: &'static str,
    /// The place as it was marked, where the text is not as it was: an import keeps to it, so
    /// that what needs a review here needs one there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marked: Option<Selector>,
    /// Which of the collection's speeches it belongs to.
    #[serde(skip)]
    pub speech: usize,
}

impl Entry {
    /// The entry of an annotation in its document; `speech` is the document's number in the
    /// collection.
    pub(super) fn new(placed: &Placed, document: &Document, name: &str, hash: SpeechHash, codebook: &Codebook, speech: usize) -> Self {
        let annotation = &placed.annotation;
        let span = placed.span.filter(|span| !span.is_empty());
        let section = span.map(|span| {
            let id = placed.section.or_else(|| document.outline.at(span.start));
            id.map(|id| document.outline.path(id)).unwrap_or_default()
        });
        let tags: Vec<String> = codebook.current(&annotation.tags).into_iter().collect();
        Self {
            id: annotation.id,
            scope: annotation.scope,
            document: name.to_owned(),
            document_hash: hash,
            document_title: document.metadata.title.as_deref().map(str::to_owned),
            section,
            start: span.map(|span| span.start),
            end: span.map(|span| span.end),
            proposed: placed.proposed.filter(|_| span.is_none()),
            quote: span.map_or_else(|| annotation.selector.quote.clone(), |span| document.quote(span)),
            text: span.map_or_else(|| annotation.selector.quote.clone(), |span| document.text(span)),
            tag_paths: tags.iter().map(|tag| codebook.tag_path(tag)).collect(),
            tags,
            note: annotation.note.clone(),
            author: annotation.author.clone(),
            created: annotation.created,
            modified: annotation.modified,
            anchor: placed.anchor.name(),
            marked: (placed.anchor != Anchor::Exact).then(|| annotation.selector.clone()),
            speech,
        }
    }

    /// Its chars; `None` for what needs review or is orphaned.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        Some(Span::new(self.start?, self.end?))
    }

    /// Whether its place is in the text.
    #[must_use]
    pub fn is_placed(&self) -> bool {
        self.anchor != Anchor::Review.name() && self.anchor != Anchor::Orphaned.name()
    }
}
