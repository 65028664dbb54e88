//! The annotations of an open document, indexed by position.
//!
//! A persistent (copy-on-write) sorted list in chunks: the drawing thread and the saving thread
//! keep versions of it, and each edit makes a new one. A copy costs a few pointers, an edit copies
//! one chunk, and the counts per section are cached by chunk.
//!
//! Invariants: chunks are in order; none is empty or longer than `MAX_CHUNK_LEN`; `ids` has the
//! sort key of exactly the annotations in the chunks.

use super::{
    anchor::{PastTexts, Resolver},
    anchored::{AnchoredAnnotation, SortKey},
    codebook::TagRef,
    mended_section::place_section,
    model::{Annotation, AnnotationId, Scope, Target},
};
use pizhu_text::document::Document;
use pizhu_text::document::SectionId;
use pizhu_text::text::Span;
use std::{
    array,
    collections::{BTreeMap, BTreeSet, HashMap},
    iter,
    ops::Index,
    sync::{Arc, OnceLock},
};

/// Maximum annotations per chunk.
const MAX_CHUNK_LEN: usize = 128;
/// Shards of the table of ids.
const ID_SHARDS: usize = 64;

/// Counts of a section. An annotation counts for the innermost section containing its start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnnotationCounts {
    /// Number of annotations by tag.
    pub tags: BTreeMap<TagRef, usize>,
    /// Number of annotations with a note.
    pub notes: usize,
}

impl AnnotationCounts {
    fn add(&mut self, other: &Self) {
        for (tag, count) in &other.tags {
            match self.tags.get_mut(tag) {
                Some(total) => *total += count,
                None => drop(self.tags.insert(tag.clone(), *count)),
            }
        }
        self.notes += other.notes;
    }
}

/// Counts by section; `None` for annotations before the first section or without a place.
pub type CountsBySection = BTreeMap<Option<SectionId>, AnnotationCounts>;

/// A chunk of neighbouring annotations.
#[derive(Debug, Clone, Default)]
struct AnchorChunk {
    list: Vec<AnchoredAnnotation>,
    /// The greatest end of their spans.
    max_end: usize,
    /// The sections annotated as a whole, sorted.
    sections: Vec<SectionId>,
    counts: OnceLock<CountsBySection>,
}

impl AnchorChunk {
    fn new(list: Vec<AnchoredAnnotation>) -> Self {
        let mut chunk = Self { list, ..Self::default() };
        chunk.summarize();
        chunk
    }

    fn summarize(&mut self) {
        self.max_end = self.list.iter().filter_map(|anchored| Some(anchored.span?.end)).max().unwrap_or(0);
        self.sections.clear();
        self.sections.extend(self.list.iter().filter_map(|anchored| anchored.section));
        self.sections.sort_unstable();
        self.sections.dedup();
        self.counts = OnceLock::new();
    }

    fn counts(&self) -> &CountsBySection {
        self.counts.get_or_init(|| {
            let mut counts = CountsBySection::new();
            for anchored in &self.list {
                let count = counts.entry(anchored.home_section).or_default();
                for tag in &anchored.annotation.tags {
                    match count.tags.get_mut(tag) {
                        Some(total) => *total += 1,
                        None => drop(count.tags.insert(tag.clone(), 1)),
                    }
                }
                count.notes += usize::from(!anchored.annotation.note.is_empty());
            }
            counts
        })
    }

    fn first(&self) -> Option<SortKey> {
        self.list.first().map(AnchoredAnnotation::sort_key)
    }

    fn last(&self) -> Option<SortKey> {
        self.list.last().map(AnchoredAnnotation::sort_key)
    }
}

/// Sort keys by annotation id, sharded so that an edit copies one shard.
#[derive(Debug, Clone)]
struct IdTable(Vec<Arc<HashMap<AnnotationId, SortKey>>>);

impl Default for IdTable {
    fn default() -> Self {
        Self(vec![Arc::default(); ID_SHARDS])
    }
}

impl IdTable {
    fn shard(id: AnnotationId) -> usize {
        (id.uuid().as_u128() % ID_SHARDS as u128) as usize
    }

    fn from_annotations<'a>(all: impl Iterator<Item = &'a AnchoredAnnotation>) -> Self {
        let mut shards: [HashMap<AnnotationId, SortKey>; ID_SHARDS] = array::from_fn(|_| HashMap::new());
        for anchored in all {
            shards[Self::shard(anchored.id())].insert(anchored.id(), anchored.sort_key());
        }
        Self(shards.map(Arc::new).into())
    }

    fn get(&self, id: AnnotationId) -> Option<SortKey> {
        self.0[Self::shard(id)].get(&id).copied()
    }

    fn insert(&mut self, anchored: &AnchoredAnnotation) {
        Arc::make_mut(&mut self.0[Self::shard(anchored.id())]).insert(anchored.id(), anchored.sort_key());
    }

    fn remove(&mut self, id: AnnotationId) -> Option<SortKey> {
        self.get(id)?;
        Arc::make_mut(&mut self.0[Self::shard(id)]).remove(&id)
    }
}

/// The annotations of an open document in the order of their places. Cheap to clone.
///
/// ```
/// use pizhu_annotation::{AnchorIndex, Annotation, Scope, Selector};
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::{SourceText, Span};
/// use std::sync::Arc;
///
/// let document = parse(SourceText::from("今年要抓好人才工作，把短板补起来。"), &Hints::default());
/// let selector = Selector::for_passage(&document, Span::new(3, 9)).unwrap();
/// let index = AnchorIndex::new(&document, [Arc::new(Annotation::new(Scope::Passage, selector, "甲"))]);
/// assert_eq!(index.len(), 1);
/// assert_eq!(index.overlapping(Span::new(8, 12)).count(), 1);
/// assert_eq!(index.overlapping(Span::new(9, 12)).count(), 0);
/// ```
#[derive(Debug, Clone, Default)]
pub struct AnchorIndex {
    chunks: Vec<Arc<AnchorChunk>>,
    ids: IdTable,
    len: usize,
}

impl AnchorIndex {
    /// Anchors `annotations` in `document`. In a provisional document, those not found are left
    /// out: their text may be in the part still to be read.
    #[must_use]
    pub fn new(document: &Document, annotations: impl IntoIterator<Item = Arc<Annotation>>) -> Self {
        Self::with_past(document, annotations, PastTexts::default())
    }

    /// [`Self::new`] with former versions of the document's text: an annotation made from one of them
    /// goes where its chars went.
    #[must_use]
    pub fn with_past(document: &Document, annotations: impl IntoIterator<Item = Arc<Annotation>>, past: PastTexts) -> Self {
        Self::from_list(resolve_all(document, annotations, past).collect())
    }

    fn from_list(mut list: Vec<AnchoredAnnotation>) -> Self {
        list.sort_by_key(AnchoredAnnotation::sort_key);
        let ids = IdTable::from_annotations(list.iter());
        let len = list.len();
        let mut list = list.into_iter();
        // Half full, so that insertions find room.
        let chunks = iter::from_fn(|| {
            let chunk: Vec<AnchoredAnnotation> = list.by_ref().take(MAX_CHUNK_LEN / 2).collect();
            (!chunk.is_empty()).then(|| Arc::new(AnchorChunk::new(chunk)))
        });
        Self { chunks: chunks.collect(), ids, len }
    }

    /// The index of the annotations as `map` places them.
    pub(super) fn mapped(&self, map: impl Fn(&AnchoredAnnotation) -> AnchoredAnnotation) -> Self {
        Self::from_list(self.iter().map(map).collect())
    }

    /// Updates this to the index of `annotations` in the same document; those whose selector is
    /// unchanged keep their places. Returns the ids of all that were added, removed or changed.
    pub(super) fn refresh(
        &mut self,
        document: &Document,
        annotations: impl IntoIterator<Item = Arc<Annotation>>,
        past: PastTexts,
    ) -> Vec<AnnotationId> {
        let mut removed: BTreeSet<AnnotationId> = self.iter().map(AnchoredAnnotation::id).collect();
        let (mut amended, mut new) = (Vec::new(), Vec::new());
        for annotation in annotations {
            let existing = self.get(annotation.id);
            if existing.is_some() {
                removed.remove(&annotation.id);
            }
            match existing {
                Some(existing) if existing.annotation == annotation && existing.annotation.tags.looks_like(&annotation.tags) => {}
                Some(existing) if existing.has_same_selector(&annotation) => {
                    amended.push(AnchoredAnnotation { annotation, ..existing.clone() });
                }
                _ => new.push(annotation),
            }
        }
        let mut changed: Vec<AnnotationId> = removed.iter().copied().collect();
        changed.extend(amended.iter().map(AnchoredAnnotation::id).chain(new.iter().map(|annotation| annotation.id)));
        if !new.is_empty() {
            // In a provisional text, an annotation not found loses its old place, too.
            removed.extend(new.iter().map(|annotation| annotation.id));
            amended.extend(resolve_all(document, new, past));
        }
        if changed.len() > MAX_CHUNK_LEN {
            let amended_ids: BTreeSet<AnnotationId> = amended.iter().map(AnchoredAnnotation::id).collect();
            let stays = |anchored: &&AnchoredAnnotation| !removed.contains(&anchored.id()) && !amended_ids.contains(&anchored.id());
            amended.extend(self.iter().filter(stays).cloned());
            *self = Self::from_list(amended);
        } else {
            for id in removed {
                self.remove(id);
            }
            for anchored in amended {
                self.insert(anchored);
            }
        }
        changed
    }

    /// Computes the counts of all chunks in advance, off the drawing thread.
    pub(super) fn precompute_counts(&self) {
        for chunk in &self.chunks {
            chunk.counts();
        }
    }

    /// Tags and notes by section.
    #[must_use]
    pub fn counts(&self) -> CountsBySection {
        let mut all = CountsBySection::new();
        for (section, count) in self.chunks.iter().flat_map(|chunk| chunk.counts()) {
            all.entry(*section).or_default().add(count);
        }
        all
    }

    /// The annotations that satisfy `keep`, at the same places.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&AnchoredAnnotation) -> bool) -> Self {
        Self::from_list(self.iter().filter(|anchored| keep(anchored)).cloned().collect())
    }

    /// The annotations in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &AnchoredAnnotation> + Clone {
        self.chunks.iter().flat_map(|chunk| &chunk.list)
    }

    /// Copies the annotations in order.
    #[must_use]
    pub fn to_vec(&self) -> Vec<AnchoredAnnotation> {
        self.iter().cloned().collect()
    }

    /// Number of annotations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The annotation with this id.
    #[must_use]
    pub fn get(&self, id: AnnotationId) -> Option<&AnchoredAnnotation> {
        let (chunk, at) = self.locate(self.ids.get(id)?)?;
        Some(&self.chunks[chunk].list[at])
    }

    /// Chunk and index of the annotation with this key.
    fn locate(&self, sort_key: SortKey) -> Option<(usize, usize)> {
        let chunk = self.chunks.partition_point(|chunk| chunk.last() < Some(sort_key));
        let at = self.chunks.get(chunk)?.list.binary_search_by_key(&sort_key, AnchoredAnnotation::sort_key).ok()?;
        Some((chunk, at))
    }

    /// Inserts an annotation, replacing the one with its id.
    pub fn insert(&mut self, anchored: AnchoredAnnotation) {
        self.remove(anchored.id());
        self.ids.insert(&anchored);
        self.len += 1;
        let sort_key = anchored.sort_key();
        let index = self.chunks.partition_point(|chunk| chunk.last() < Some(sort_key)).min(self.chunks.len().saturating_sub(1));
        let Some(chunk) = self.chunks.get_mut(index) else {
            self.chunks.push(Arc::new(AnchorChunk::new(vec![anchored])));
            return;
        };
        let chunk = Arc::make_mut(chunk);
        chunk.list.insert(chunk.list.partition_point(|other| other.sort_key() < sort_key), anchored);
        if chunk.list.len() > MAX_CHUNK_LEN {
            let rest = chunk.list.split_off(MAX_CHUNK_LEN / 2);
            self.chunks.insert(index + 1, Arc::new(AnchorChunk::new(rest)));
        }
        Arc::make_mut(&mut self.chunks[index]).summarize();
    }

    /// Anchors an annotation in `document` and inserts it, replacing the one with its id.
    pub fn resolve_and_insert(&mut self, document: &Document, annotation: Arc<Annotation>) {
        self.insert_resolved(&Resolver::new(document), annotation);
    }

    /// [`Self::resolve_and_insert`] with a resolver that anchors several annotations.
    pub(super) fn insert_resolved(&mut self, resolver: &Resolver<'_>, annotation: Arc<Annotation>) {
        // The place depends on the selector only, not on tags and note.
        if let Some(existing) = self.get(annotation.id)
            && existing.has_same_selector(&annotation)
        {
            let anchored = AnchoredAnnotation { annotation, ..existing.clone() };
            self.insert(anchored);
            return;
        }
        self.insert(AnchoredAnnotation::resolved(resolver, annotation));
    }

    /// Removes an annotation.
    pub fn remove(&mut self, id: AnnotationId) -> Option<AnchoredAnnotation> {
        let sort_key = self.ids.remove(id)?;
        let (index, at) = self.locate(sort_key)?;
        self.len -= 1;
        let chunk = Arc::make_mut(&mut self.chunks[index]);
        let anchored = chunk.list.remove(at);
        chunk.summarize();
        if chunk.list.is_empty() {
            self.chunks.remove(index);
        }
        Some(anchored)
    }

    /// The annotations of exactly this place.
    pub fn at_target(&self, target: Target) -> impl Iterator<Item = &AnchoredAnnotation> {
        let (passage, section) = match target {
            Target::Passage(span) => (Some(span), None),
            Target::Section(id) => (None, Some(id)),
            // Whatever its place, it is on the first char.
            Target::Speech => (Some(Span::new(0, 1)), None),
        };
        let passages = passage.into_iter().flat_map(|span| self.overlapping(span));
        let sections = section.into_iter().flat_map(|id| self.on_section(id));
        passages.chain(sections).filter(move |anchored| anchored.target() == Some(target))
    }

    /// The annotations on this section as a whole.
    pub fn on_section(&self, id: SectionId) -> impl Iterator<Item = &AnchoredAnnotation> {
        let chunks = self.chunks.iter().filter(move |chunk| chunk.sections.binary_search(&id).is_ok());
        chunks.flat_map(|chunk| &chunk.list).filter(move |anchored| anchored.section == Some(id))
    }

    /// The sections annotated as a whole.
    #[must_use]
    pub fn annotated_sections(&self) -> BTreeSet<SectionId> {
        self.chunks.iter().flat_map(|chunk| chunk.sections.iter().copied()).collect()
    }

    /// The annotations that share a char with `span`, in order.
    pub fn overlapping(&self, span: Span) -> impl Iterator<Item = &AnchoredAnnotation> {
        let to = self.chunks.partition_point(|chunk| chunk.first().is_some_and(|(start, ..)| start < span.end));
        let chunks = self.chunks[..to].iter().filter(move |chunk| chunk.max_end > span.start);
        chunks.flat_map(|chunk| &chunk.list).filter(move |anchored| anchored.span.is_some_and(|here| here.overlaps(span)))
    }
}

impl Index<usize> for AnchorIndex {
    type Output = AnchoredAnnotation;

    /// The annotation at `index` in order.
    ///
    /// # Panics
    /// Panics if `index` is out of range.
    fn index(&self, mut index: usize) -> &AnchoredAnnotation {
        for chunk in &self.chunks {
            match chunk.list.get(index) {
                Some(anchored) => return anchored,
                None => index -= chunk.list.len(),
            }
        }
        panic!("no annotation {index} more")
    }
}

impl<'a> IntoIterator for &'a AnchorIndex {
    type Item = &'a AnchoredAnnotation;
    type IntoIter = Box<dyn Iterator<Item = &'a AnchoredAnnotation> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

/// Anchors annotations; in a provisional document, drops those not found.
fn resolve_all(
    document: &Document,
    annotations: impl IntoIterator<Item = Arc<Annotation>>,
    past: PastTexts,
) -> impl Iterator<Item = AnchoredAnnotation> {
    let resolver = Resolver::with_past(document, past.clone());
    annotations
        .into_iter()
        .map(move |annotation| {
            let mut found = resolver.resolve(&annotation);
            if annotation.scope == Scope::Section {
                found = place_section(document, found, |parsed| Resolver::with_past(parsed, past.clone()).resolve(&annotation));
            }
            AnchoredAnnotation::new(document, annotation, found)
        })
        .filter(|anchored| document.is_final || anchored.span.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AnchorStatus;
    use crate::Selector;
    use proptest::prelude::*;

    /// One of 600 annotations, anywhere in the text.
    fn anchored(id: usize, start: usize, len: usize, section: Option<u32>, tag: usize) -> AnchoredAnnotation {
        let section = section.map(SectionId);
        let scope = if section.is_some() { Scope::Section } else { Scope::Passage };
        let annotation = Annotation {
            id: AnnotationId::from_content(&id.to_be_bytes()),
            tags: [TagRef::derived(["甲", "乙", "丙"][tag])].into(),
            note: "注".repeat(tag),
            ..Annotation::new(scope, Selector::default(), "测")
        };
        let span = Some(Span::new(start, start + len));
        AnchoredAnnotation {
            annotation: Arc::new(annotation),
            status: AnchorStatus::Exact,
            span,
            proposed: None,
            section,
            home_section: Some(SectionId((start / 50) as u32)),
        }
    }

    fn check(anchors: &AnchorIndex, model: &BTreeMap<AnnotationId, AnchoredAnnotation>, look: Span) {
        let mut sorted: Vec<&AnchoredAnnotation> = model.values().collect();
        sorted.sort_by_key(|anchored| anchored.sort_key());
        assert!(anchors.iter().eq(sorted.iter().copied()));
        assert!(anchors.iter().rev().eq(sorted.iter().rev().copied()));
        assert_eq!((anchors.len(), anchors.is_empty()), (sorted.len(), sorted.is_empty()));
        assert!(anchors.chunks.iter().all(|chunk| (1..=MAX_CHUNK_LEN).contains(&chunk.list.len())));
        for (at, anchored) in sorted.iter().enumerate().step_by(37) {
            assert_eq!((&anchors[at], anchors.get(anchored.id())), (*anchored, Some(*anchored)));
            let target = anchored.target().unwrap();
            assert!(anchors.at_target(target).eq(sorted.iter().copied().filter(|other| other.target() == Some(target))));
        }
        let overlaps = |anchored: &&&AnchoredAnnotation| anchored.span.is_some_and(|span| span.overlaps(look));
        assert!(anchors.overlapping(look).eq(sorted.iter().filter(overlaps).copied()));
        assert!(anchors.on_section(SectionId(1)).eq(sorted.iter().filter(|anchored| anchored.section == Some(SectionId(1))).copied()));
        let mut tags = BTreeMap::<&TagRef, usize>::new();
        for tag in sorted.iter().flat_map(|anchored| &anchored.annotation.tags) {
            *tags.entry(tag).or_default() += 1;
        }
        let counts = anchors.counts();
        for (tag, count) in tags {
            assert_eq!(counts.values().filter_map(|count| count.tags.get(tag)).sum::<usize>(), count);
        }
        assert_eq!(
            counts.values().map(|count| count.notes).sum::<usize>(),
            sorted.iter().filter(|p| !p.annotation.note.is_empty()).count()
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn chunks_equal_a_sorted_list(
            made in prop::collection::vec((0..600_usize, 0..2000_usize, 1..40_usize, prop::option::of(0..3_u32), 0..3_usize), 0..500),
            edits in prop::collection::vec((0..600_usize, 0..2000_usize, 1..400_usize, prop::option::of(0..3_u32), 0..3_usize, any::<bool>()), 0..300),
            look in (0..2000_usize, 1..60_usize),
        ) {
            let look = Span::new(look.0, look.0 + look.1);
            let mut model: BTreeMap<AnnotationId, AnchoredAnnotation> = BTreeMap::new();
            for (id, start, len, section, tag) in made {
                let anchored = anchored(id, start, len, section, tag);
                model.insert(anchored.id(), anchored);
            }
            let mut anchors = AnchorIndex::from_list(model.values().cloned().collect());
            anchors.precompute_counts();
            check(&anchors, &model, look);
            let (kept, model_kept) = (anchors.clone(), model.clone());
            for (id, start, len, section, tag, insert) in edits {
                let anchored = anchored(id, start, len, section, tag);
                if insert {
                    model.insert(anchored.id(), anchored.clone());
                    anchors.insert(anchored);
                } else {
                    prop_assert_eq!(anchors.remove(anchored.id()), model.remove(&anchored.id()));
                }
            }
            check(&anchors, &model, look);
            check(&kept, &model_kept, look);
        }

        #[test]
        fn refreshed_index_equals_a_new_one(
            before in prop::collection::btree_map(0..400_usize, (0..30_usize, 0..3_usize), 0..300),
            edits in prop::collection::vec((0..400_usize, prop::option::of((0..30_usize, 0..3_usize))), 0..200),
        ) {
            let document = Document::from(pizhu_text::text::SourceText::from("一、抓好人才工作。要把人才放在心上，抓好基层党建，改进作风，为民服务。"));
            let annotation = |id: usize, (start, tag): (usize, usize)| {
                let mut annotation = (*anchored(id, 0, 1, None, tag).annotation).clone();
                annotation.selector = Selector::for_passage(&document, Span::new(start, start + 3)).unwrap();
                annotation.created = jiff::Timestamp::UNIX_EPOCH;
                annotation.modified = jiff::Timestamp::UNIX_EPOCH;
                Arc::new(annotation)
            };
            let mut after = before.clone();
            for (id, edit) in edits {
                match edit {
                    Some(made) => drop(after.insert(id, made)),
                    None => drop(after.remove(&id)),
                }
            }
            let all = |of: &BTreeMap<usize, (usize, usize)>| -> Vec<_> { of.iter().map(|(id, made)| annotation(*id, *made)).collect() };
            let old = AnchorIndex::new(&document, all(&before));
            let mut renewed = old.clone();
            let changed: BTreeSet<AnnotationId> = renewed.refresh(&document, all(&after), PastTexts::default()).into_iter().collect();
            prop_assert!(renewed.iter().eq(AnchorIndex::new(&document, all(&after)).iter()));
            let ids: BTreeSet<AnnotationId> = old.iter().chain(renewed.iter()).map(AnchoredAnnotation::id).collect();
            let expected: BTreeSet<AnnotationId> = ids.into_iter().filter(|id| old.get(*id) != renewed.get(*id)).collect();
            prop_assert_eq!(changed, expected);
        }
    }
}
