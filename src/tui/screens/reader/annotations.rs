//! Tags and notes of the open speech, as last reported by the annotation controller.

use crate::tui::message::SpeechRecords;
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::AnchoredAnnotation;
use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::RecordSet;
use pizhu_annotation::Scope;
use pizhu_annotation::{OutlineEdits, PlacedOutlineEdit};
use pizhu_annotation::{TagId, TagLookup, TagRef};
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The annotations of the open speech.
#[derive(Debug, Clone, Default)]
pub struct SpeechAnnotations {
    index: Arc<AnchorIndex>,
    codebook: Arc<Codebook>,
    unsaved: Arc<BTreeSet<AnnotationId>>,
    /// The headings mended by hand.
    outline_edits: Arc<OutlineEdits>,
    /// Whether they were read from the store.
    loaded: bool,
    records: Arc<SpeechRecords>,
}

impl SpeechAnnotations {
    /// Sets all annotations, the ids of those not yet saved, and the headings mended by hand.
    pub fn set(&mut self, placements: Arc<AnchorIndex>, pending: Arc<BTreeSet<AnnotationId>>, outline_edits: Arc<OutlineEdits>) {
        self.index = placements;
        self.unsaved = pending;
        self.outline_edits = outline_edits;
        self.loaded = true;
    }

    /// Sets what is known of the speech beside its annotations.
    pub(crate) fn set_records(&mut self, records: Arc<SpeechRecords>) {
        self.records = records;
    }

    /// The records of the speech.
    #[must_use]
    pub(crate) fn records(&self) -> &RecordSet {
        &self.records.records
    }

    /// Whether the author has declared the speech done.
    #[must_use]
    pub(crate) fn is_done(&self) -> bool {
        self.records.is_done
    }

    /// Whether the marks of others are hidden.
    #[must_use]
    pub(crate) fn hides_others(&self) -> bool {
        self.records.hides_others
    }

    /// Sets the codebook.
    pub(crate) fn set_codebook(&mut self, codebook: Arc<Codebook>) {
        self.codebook = codebook;
    }

    /// All annotations, shared.
    #[must_use]
    pub fn shared(&self) -> Arc<AnchorIndex> {
        Arc::clone(&self.index)
    }

    /// The codebook.
    #[must_use]
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// The codebook, shared.
    #[must_use]
    pub(crate) fn shared_codebook(&self) -> &Arc<Codebook> {
        &self.codebook
    }

    /// Whether the annotations were read from the store.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// All annotations, in text order.
    #[must_use]
    pub fn all(&self) -> &AnchorIndex {
        &self.index
    }

    /// The annotation with that id.
    #[must_use]
    pub fn get(&self, id: AnnotationId) -> Option<&AnchoredAnnotation> {
        self.index.get(id)
    }

    /// The headings mended by hand.
    #[must_use]
    pub(crate) fn outline_edits(&self) -> &OutlineEdits {
        &self.outline_edits
    }

    /// The mended heading with that id.
    #[must_use]
    pub(crate) fn outline_edit(&self, id: AnnotationId) -> Option<&PlacedOutlineEdit> {
        self.outline_edits.get(id)
    }

    /// Whether an annotation is not yet saved.
    #[must_use]
    pub(crate) fn is_unsaved(&self, id: AnnotationId) -> bool {
        self.unsaved.contains(&id)
    }

    /// Ids of unsaved annotations, shared.
    #[must_use]
    pub(crate) fn shared_unsaved(&self) -> &Arc<BTreeSet<AnnotationId>> {
        &self.unsaved
    }

    /// Number of unsaved annotations.
    #[must_use]
    pub(crate) fn unsaved_count(&self) -> usize {
        self.unsaved.len()
    }

    /// Span of an annotation: resolved, else proposed.
    #[must_use]
    pub fn span_of(&self, id: AnnotationId) -> Option<Span> {
        let anchored = self.get(id)?;
        anchored.span.or(anchored.proposed)
    }

    /// The resolved spans, in text order.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.all().iter().filter_map(|anchored| anchored.span)
    }

    /// Annotations on passages that overlap `span`.
    pub(crate) fn passages_within(&self, span: Span) -> impl Iterator<Item = &AnchoredAnnotation> {
        self.index.overlapping(span).filter(|anchored| anchored.annotation.scope == Scope::Passage)
    }

    /// Annotations on a section.
    pub fn on_section(&self, id: SectionId) -> impl Iterator<Item = &AnchoredAnnotation> {
        self.index.on_section(id)
    }

    /// Sections with tags.
    #[must_use]
    pub fn tagged_sections(&self) -> BTreeSet<SectionId> {
        self.index.annotated_sections().into_iter().filter(|id| self.is_tagged(*id)).collect()
    }

    /// Whether a section has a tag.
    #[must_use]
    pub(crate) fn is_tagged(&self, id: SectionId) -> bool {
        self.on_section(id).any(|anchored| !anchored.annotation.tags.is_empty())
    }

    /// Tags of an annotation as the codebook has them now, by name.
    #[must_use]
    pub fn tags(&self, annotation: &Annotation) -> Vec<TagRef> {
        self.codebook.current_tags(&annotation.tags).by_name().into_iter().cloned().collect()
    }

    /// A tag as the codebook has it now; `None` if it was deleted.
    #[must_use]
    pub(crate) fn current_tag(&self, tag: &TagRef) -> Option<TagRef> {
        match self.codebook.resolve(tag.id) {
            TagLookup::Found(tag) => Some(self.codebook.reference(tag)),
            TagLookup::Deleted => None,
            TagLookup::Unknown => Some(tag.clone()),
        }
    }

    /// Number of uses of each tag in this speech.
    #[must_use]
    pub fn tag_counts(&self) -> BTreeMap<TagId, usize> {
        let mut counts = BTreeMap::new();
        for (tag, count) in self.index.counts().into_values().flat_map(|count| count.tags) {
            if let Some(tag) = self.current_tag(&tag) {
                *counts.entry(tag.id).or_default() += count;
            }
        }
        counts
    }
}
