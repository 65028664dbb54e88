//! Annotations with the places they have in the text as it is now.

use super::{
    anchor::{Anchor, Anchored, Anchorer},
    model::{Annotation, AnnotationId, Scope, Target},
};
use crate::{
    document::{Document, SectionId},
    text::Span,
};
use std::{collections::HashMap, sync::Arc};

/// An annotation and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The annotation.
    pub annotation: Arc<Annotation>,
    /// How its place was found.
    pub anchor: Anchor,
    /// Its chars; of a section, the whole section. `None` for review and orphaned; never empty.
    pub span: Option<Span>,
    /// Where it may belong, for a review.
    pub proposed: Option<Span>,
    /// The section it is on, if it is on one.
    pub section: Option<SectionId>,
}

impl Placed {
    /// The annotation's id.
    #[must_use]
    pub fn id(&self) -> AnnotationId {
        self.annotation.id
    }

    /// The place as one can annotate it again; `None` for review and orphaned.
    #[must_use]
    pub fn target(&self) -> Option<Target> {
        match self.annotation.scope {
            Scope::Section => self.section.map(Target::Section),
            Scope::Passage => self.span.map(Target::Passage),
        }
    }

    fn new(annotation: Arc<Annotation>, found: Anchored) -> Self {
        Self { annotation, anchor: found.anchor, span: found.span, proposed: found.proposed, section: found.section }
    }

    fn is_described_as(&self, annotation: &Annotation) -> bool {
        (self.annotation.scope, &self.annotation.selector) == (annotation.scope, &annotation.selector)
    }

    /// The order in lists: by place, a longer span before those inside it; what has no place
    /// stands where it was marked.
    fn key(&self) -> (usize, usize, AnnotationId) {
        let span = self.span.or(self.proposed).unwrap_or(self.annotation.selector.span());
        (span.start, usize::MAX - span.end, self.annotation.id)
    }
}

/// All annotations of one open document, in the order of their places.
#[derive(Debug, Clone, Default)]
pub struct Placements {
    list: Vec<Placed>,
    ids: HashMap<AnnotationId, (usize, usize)>,
}

impl Placements {
    /// Finds the places of `annotations` in `document`. Of a provisional document, what is not
    /// found is left out: it may stand in the part still to come.
    #[must_use]
    pub fn new(document: &Document, annotations: impl IntoIterator<Item = Arc<Annotation>>) -> Self {
        let anchorer = Anchorer::new(document);
        let mut list: Vec<Placed> = annotations
            .into_iter()
            .map(|annotation| {
                let found = anchorer.find(&annotation);
                Placed::new(annotation, found)
            })
            .filter(|placed| document.is_final || placed.span.is_some())
            .collect();
        list.sort_by_key(Placed::key);
        let ids = list.iter().map(|placed| (placed.id(), Self::sort_key(placed))).collect();
        Self { list, ids }
    }

    /// The placements of `annotations` in the same document: those whose place is described as
    /// before stay where they are.
    #[must_use]
    pub(super) fn renewed(&self, document: &Document, annotations: impl IntoIterator<Item = Arc<Annotation>>) -> Self {
        let (mut known, mut new) = (Vec::new(), Vec::new());
        for annotation in annotations {
            match self.get(annotation.id) {
                Some(there) if there.is_described_as(&annotation) => known.push(Placed { annotation, ..there.clone() }),
                _ => new.push(annotation),
            }
        }
        let mut renewed = if new.is_empty() { Self::default() } else { Self::new(document, new) };
        renewed.list.append(&mut known);
        renewed.list.sort_by_key(Placed::key);
        renewed.ids = renewed.list.iter().map(|placed| (placed.id(), Self::sort_key(placed))).collect();
        renewed
    }

    /// Those of the annotations that `keep` wants, at the same places.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&Placed) -> bool) -> Self {
        let list: Vec<Placed> = self.list.iter().filter(|placed| keep(placed)).cloned().collect();
        let ids = list.iter().map(|placed| (placed.id(), Self::sort_key(placed))).collect();
        Self { list, ids }
    }

    fn sort_key(placed: &Placed) -> (usize, usize) {
        let (start, end, _) = placed.key();
        (start, end)
    }

    /// The annotations in order.
    #[must_use]
    pub fn list(&self) -> &[Placed] {
        &self.list
    }

    /// The annotation of that id.
    #[must_use]
    pub fn get(&self, id: AnnotationId) -> Option<&Placed> {
        self.index(id).map(|index| &self.list[index])
    }

    fn index(&self, id: AnnotationId) -> Option<usize> {
        let (start, end) = *self.ids.get(&id)?;
        self.list.binary_search_by_key(&(start, end, id), Placed::key).ok()
    }

    /// Adds an annotation, or replaces the one of its id.
    pub fn put(&mut self, placed: Placed) {
        self.remove(placed.id());
        let at = self.list.partition_point(|other| other.key() < placed.key());
        self.ids.insert(placed.id(), Self::sort_key(&placed));
        self.list.insert(at, placed);
    }

    /// Adds an annotation (or replaces it) where `document` has its place now.
    pub fn place(&mut self, document: &Document, annotation: Arc<Annotation>) {
        // The place does not change with tags and notes.
        if let Some(there) = self.get(annotation.id)
            && there.is_described_as(&annotation)
        {
            let placed = Placed { annotation, ..there.clone() };
            self.put(placed);
            return;
        }
        let found = Anchorer::new(document).find(&annotation);
        self.put(Placed::new(annotation, found));
    }

    /// Takes an annotation out.
    pub fn remove(&mut self, id: AnnotationId) -> Option<Placed> {
        let index = self.index(id)?;
        self.ids.remove(&id);
        Some(self.list.remove(index))
    }

    /// The annotations of exactly that place.
    pub fn at(&self, target: Target) -> impl Iterator<Item = &Placed> {
        self.list.iter().filter(move |placed| placed.target() == Some(target))
    }

    /// The annotations that share a char with `span`, in order.
    pub fn overlapping(&self, span: Span) -> impl Iterator<Item = &Placed> {
        let to = self.list.partition_point(|placed| placed.key().0 < span.end);
        self.list[..to].iter().filter(move |placed| placed.span.is_some_and(|here| here.overlaps(span)))
    }
}
