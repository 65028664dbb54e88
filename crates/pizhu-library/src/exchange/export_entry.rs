//! The export record of an annotation: self-contained, with its position, quote and tags.

use crate::attributes::Attributes;
use jiff::Timestamp;
use pizhu_annotation::AnchorStatus;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::Scope;
use pizhu_annotation::Selector;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::TagRef;
use pizhu_text::document::DamagedHeading;
use pizhu_text::document::Document;
use pizhu_text::text::Span;
use serde::Serialize;
use std::collections::BTreeMap;

/// The export record of an annotation.
///
/// Invariants: `quote` is the source text from `start` to `end`, which are never equal. `start`,
/// `end` and `section` are `None` exactly for annotations that need review or are orphaned; `quote`
/// is then the quote of the selector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportEntry {
    /// Id of the annotation.
    pub id: AnnotationId,
    /// Passage, section or speech.
    pub scope: Scope,
    /// Path of the speech: relative to the root of the store if below it, otherwise absolute.
    pub document: String,
    /// Hash that identifies the text of the speech.
    pub document_hash: SpeechHash,
    /// Title of the speech.
    pub document_title: Option<String>,
    /// Date of the speech, `YYYY-MM-DD`.
    pub document_date: Option<String>,
    /// Path of the annotated section, or of the section of the first char; empty outside sections.
    pub section: Option<Vec<String>>,
    /// Char offset of the start in the source text.
    pub start: Option<usize>,
    /// Char offset of the end, exclusive.
    pub end: Option<usize>,
    /// Proposed span, for an annotation that needs review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Span>,
    /// The annotated source text; for a section, all of it.
    pub quote: String,
    /// The quote without page marks, glosses, boilerplate and line breaks inside paragraphs, and
    /// with damaged headings restored.
    pub text: String,
    /// Names of the tags.
    pub tags: Vec<String>,
    /// Each tag with its ancestors, joined by `/`.
    pub tag_paths: Vec<String>,
    /// The note; empty for none.
    pub note: String,
    /// Author of the annotation.
    pub author: String,
    /// Time of creation.
    pub created: Timestamp,
    /// Time of the last change.
    pub modified: Timestamp,
    /// How the annotation was anchored in the text.
    pub anchor: &'static str,
    /// The original selector, if the text has changed since. An import uses it, so that an
    /// annotation that needs review here needs it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marked: Option<Selector>,
    /// The attributes of the speech, by key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// The tags, in the order of `tags`.
    #[serde(skip)]
    pub tag_refs: Vec<TagRef>,
    /// Index of the speech in the collection.
    #[serde(skip)]
    pub speech: usize,
}

impl ExportEntry {
    /// Creates the record of an annotation; `speech` is the index of its document in the collection.
    pub(super) fn new(
        placed: &AnchoredAnnotation,
        document: &Document,
        name: &str,
        hash: SpeechHash,
        codebook: &Codebook,
        speech: usize,
    ) -> Self {
        let annotation = &placed.annotation;
        let span = placed.span.filter(|span| !span.is_empty());
        let section = span.map(|span| {
            let at_start = || document.outline.section_at(span.start).filter(|_| annotation.scope != Scope::Speech);
            let id = placed.section.or_else(at_start);
            id.map(|id| document.outline.path(id)).unwrap_or_default()
        });
        let current = codebook.current_tags(&annotation.tags);
        let tag_refs: Vec<TagRef> = current.by_name().into_iter().cloned().collect();
        Self {
            id: annotation.id,
            scope: annotation.scope,
            document: name.to_owned(),
            document_hash: hash,
            document_title: document.metadata.title.as_deref().map(str::to_owned),
            document_date: document.metadata.date.as_deref().map(str::to_owned),
            section,
            start: span.map(|span| span.start),
            end: span.map(|span| span.end),
            proposed: placed.proposed.filter(|_| span.is_none()),
            quote: span.map_or_else(|| annotation.selector.quote.clone(), |span| document.quote(span)),
            text: span.map_or_else(|| annotation.selector.quote.clone(), |span| document.quotation(span, DamagedHeading::Restored)),
            tag_paths: tag_refs.iter().map(|tag| codebook.path_of(tag)).collect(),
            tags: tag_refs.iter().map(|tag| tag.name.clone()).collect(),
            attributes: BTreeMap::new(),
            tag_refs,
            note: annotation.note.clone(),
            author: annotation.author.clone(),
            created: annotation.created,
            modified: annotation.modified,
            anchor: placed.status.name(),
            marked: (placed.status != AnchorStatus::Exact).then(|| annotation.selector.clone()),
            speech,
        }
    }

    /// The record with the attributes of its speech.
    pub(super) fn of_speech(mut self, attributes: &Attributes) -> Self {
        self.document_date = attributes.date().map(str::to_owned);
        self.attributes = attributes.iter().map(|(key, attribute)| (key.to_owned(), attribute.value.clone())).collect();
        self
    }

    /// Annotated span in chars; `None` if the annotation needs review or is orphaned.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        Some(Span::new(self.start?, self.end?))
    }

    /// Whether the annotation is anchored in the text.
    #[must_use]
    pub(crate) fn is_placed(&self) -> bool {
        self.anchor != AnchorStatus::Review.name() && self.anchor != AnchorStatus::Orphaned.name()
    }
}
