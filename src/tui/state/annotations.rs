//! The tags and notes of the open speech, as the store's worker last told of them.

use super::{Reader, Unit};
use pizhu_annotation::Annotation;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::Placed;
use pizhu_annotation::Placements;
use pizhu_annotation::Resolved;
use pizhu_annotation::Scope;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// One annotation with what the screen says of it.
pub type Mark = Placed;

/// The annotations of the open speech.
///
/// Invariant: an id in `pending` was told of as not yet on the disk.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    placements: Arc<Placements>,
    codebook: Arc<Codebook>,
    pending: Arc<BTreeSet<AnnotationId>>,
    /// Whether they have been read from the store.
    loaded: bool,
    /// Whether the store can only be read.
    pub read_only: bool,
}

impl Notes {
    /// Takes what the worker tells: all annotations with their places, and those not yet saved.
    pub fn take(&mut self, placements: Arc<Placements>, pending: Arc<BTreeSet<AnnotationId>>) {
        self.placements = placements;
        self.pending = pending;
        self.loaded = true;
    }

    /// Takes the codebook as it is now.
    pub fn take_codebook(&mut self, codebook: Arc<Codebook>) {
        self.codebook = codebook;
    }

    /// All with their places, to be handed on.
    #[must_use]
    pub fn placements(&self) -> Arc<Placements> {
        Arc::clone(&self.placements)
    }

    /// All with their places.
    #[must_use]
    pub fn placements_ref(&self) -> &Placements {
        &self.placements
    }

    /// The tags there are.
    #[must_use]
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// [`Self::codebook`], to be kept.
    #[must_use]
    pub fn shared_codebook(&self) -> &Arc<Codebook> {
        &self.codebook
    }

    /// Whether the annotations have been read.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    /// All, in the order of their places.
    #[must_use]
    pub fn all(&self) -> &Placements {
        &self.placements
    }

    /// The annotation of that id.
    #[must_use]
    pub fn get(&self, id: AnnotationId) -> Option<&Mark> {
        self.placements.get(id)
    }

    /// Whether an annotation is not yet on the disk.
    #[must_use]
    pub fn is_pending(&self, id: AnnotationId) -> bool {
        self.pending.contains(&id)
    }

    /// The annotations not yet on the disk, to be kept.
    #[must_use]
    pub fn shared_pending(&self) -> &Arc<BTreeSet<AnnotationId>> {
        &self.pending
    }

    /// How many edits are not yet on the disk.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Where an annotation is.
    #[must_use]
    pub fn place(&self, id: AnnotationId) -> Option<Span> {
        let mark = self.get(id)?;
        mark.span.or(mark.proposed)
    }

    /// The spans of all that have one, in order.
    pub fn spans(&self) -> impl Iterator<Item = Span> {
        self.all().iter().filter_map(|mark| mark.span)
    }

    /// The annotations on passages that share a char with `span`.
    pub fn passages_within(&self, span: Span) -> impl Iterator<Item = &Mark> {
        self.placements.overlapping(span).filter(|mark| mark.annotation.scope == Scope::Passage)
    }

    /// The annotations on a section.
    pub fn on_section(&self, id: SectionId) -> impl Iterator<Item = &Mark> {
        self.placements.on_section(id)
    }

    /// The sections that have tags.
    #[must_use]
    pub fn tagged_sections(&self) -> BTreeSet<SectionId> {
        self.placements.sections().into_iter().filter(|id| self.is_tagged(*id)).collect()
    }

    /// Whether a section has a tag.
    #[must_use]
    pub fn is_tagged(&self, id: SectionId) -> bool {
        self.on_section(id).any(|mark| !mark.annotation.tags.is_empty())
    }

    /// The tags of an annotation as the codebook calls them now.
    #[must_use]
    pub fn tags(&self, annotation: &Annotation) -> BTreeSet<String> {
        self.codebook.current(&annotation.tags)
    }

    /// What the codebook calls a tag now; `None` where it was deleted.
    #[must_use]
    pub fn present<'a>(&'a self, tag: &'a str) -> Option<&'a str> {
        match self.codebook.resolve(tag) {
            Resolved::Tag(tag) => Some(&tag.name),
            Resolved::Deleted => None,
            Resolved::Unknown => Some(tag),
        }
    }

    /// How often each tag is used in this speech.
    #[must_use]
    pub fn tag_counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (tag, count) in self.placements.counts().into_values().flat_map(|count| count.tags) {
            if let Some(tag) = self.present(&tag) {
                *counts.entry(tag.to_owned()).or_default() += count;
            }
        }
        counts
    }
}

impl Reader {
    /// The annotations at the place one is at: on passages under the cursor or the selection, and
    /// on the section whose heading one is on (or whose entry, in the outline). Where there are
    /// none of these, those on the section one is in.
    #[must_use]
    pub fn annotations_here(&self) -> Vec<AnnotationId> {
        let document = self.document();
        if self.focus == super::Focus::Outline {
            return self.outline.selected().map(|id| self.notes.on_section(id).map(Placed::id).collect()).unwrap_or_default();
        }
        let cursor = self.viewport.cursor();
        let span = self.selected().unwrap_or(Span::new(cursor, cursor + 1));
        let mut here: Vec<AnnotationId> = self.notes.passages_within(span).map(Placed::id).collect();
        let section = document.outline.at(cursor);
        let on_heading = section.and_then(|id| document.outline.get(id)).is_some_and(|section| section.heading.contains(cursor));
        if let Some(id) = section
            && (on_heading || here.is_empty())
        {
            here.extend(self.notes.on_section(id).map(Placed::id));
        }
        here
    }

    /// Selects the text of an annotation, so that it can be seen; whether it has one.
    pub fn show_annotation(&mut self, id: AnnotationId) -> bool {
        let Some(span) = self.notes.place(id) else { return false };
        self.select_span(span, None::<Unit>, Vec::new());
        true
    }
}
