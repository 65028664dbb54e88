//! All annotations of one open document, in the order of their places.
//!
//! The drawing thread keeps them, the saving thread keeps them, and each edit makes new ones of
//! the old: so they are kept in shared pieces. A copy costs a few pointers, an edit the piece it
//! falls in, and what the screen counts is counted once a piece.
//!
//! Invariants: the pieces are in order and none is empty or longer than `PIECE`; `ids` has the
//! key of each annotation and no others.

use super::{
    anchor::Anchorer,
    model::{Annotation, AnnotationId, Target},
    placed::{Key, Placed},
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

/// Annotations in a piece, at most.
const PIECE: usize = 128;
/// Parts of the table of ids.
const PARTS: usize = 64;

/// What stands in a section, each annotation counted for the innermost section it begins in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// How many annotations have each tag.
    pub tags: BTreeMap<String, usize>,
    /// How many have a note.
    pub notes: usize,
}

impl Count {
    fn add(&mut self, other: &Self) {
        for (tag, count) in &other.tags {
            match self.tags.get_mut(tag) {
                Some(there) => *there += count,
                None => drop(self.tags.insert(tag.clone(), *count)),
            }
        }
        self.notes += other.notes;
    }
}

/// Counts by section; `None` for what has no place.
pub type Counts = BTreeMap<Option<SectionId>, Count>;

/// Neighbouring annotations.
#[derive(Debug, Clone, Default)]
struct Piece {
    list: Vec<Placed>,
    /// The furthest that one of them reaches.
    reach: usize,
    /// The sections that some of them are on, sorted.
    sections: Vec<SectionId>,
    counts: OnceLock<Counts>,
}

impl Piece {
    fn of(list: Vec<Placed>) -> Self {
        let mut piece = Self { list, ..Self::default() };
        piece.sum_up();
        piece
    }

    fn sum_up(&mut self) {
        self.reach = self.list.iter().filter_map(|placed| Some(placed.span?.end)).max().unwrap_or(0);
        self.sections.clear();
        self.sections.extend(self.list.iter().filter_map(|placed| placed.section));
        self.sections.sort_unstable();
        self.sections.dedup();
        self.counts = OnceLock::new();
    }

    fn counts(&self) -> &Counts {
        self.counts.get_or_init(|| {
            let mut counts = Counts::new();
            for placed in &self.list {
                let count = counts.entry(placed.home).or_default();
                for tag in &placed.annotation.tags {
                    match count.tags.get_mut(tag) {
                        Some(there) => *there += 1,
                        None => drop(count.tags.insert(tag.clone(), 1)),
                    }
                }
                count.notes += usize::from(!placed.annotation.note.is_empty());
            }
            counts
        })
    }

    fn first(&self) -> Option<Key> {
        self.list.first().map(Placed::key)
    }

    fn last(&self) -> Option<Key> {
        self.list.last().map(Placed::key)
    }
}

/// Where each annotation stands, by parts of which an edit changes one.
#[derive(Debug, Clone)]
struct Ids(Vec<Arc<HashMap<AnnotationId, Key>>>);

impl Default for Ids {
    fn default() -> Self {
        Self(vec![Arc::default(); PARTS])
    }
}

impl Ids {
    fn part(id: AnnotationId) -> usize {
        (id.uuid().as_u128() % PARTS as u128) as usize
    }

    fn of<'a>(all: impl Iterator<Item = &'a Placed>) -> Self {
        let mut parts: [HashMap<AnnotationId, Key>; PARTS] = array::from_fn(|_| HashMap::new());
        for placed in all {
            parts[Self::part(placed.id())].insert(placed.id(), placed.key());
        }
        Self(parts.map(Arc::new).into())
    }

    fn get(&self, id: AnnotationId) -> Option<Key> {
        self.0[Self::part(id)].get(&id).copied()
    }

    fn put(&mut self, placed: &Placed) {
        Arc::make_mut(&mut self.0[Self::part(placed.id())]).insert(placed.id(), placed.key());
    }

    fn remove(&mut self, id: AnnotationId) -> Option<Key> {
        self.get(id)?;
        Arc::make_mut(&mut self.0[Self::part(id)]).remove(&id)
    }
}

/// All annotations of one open document, in the order of their places. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Placements {
    pieces: Vec<Arc<Piece>>,
    ids: Ids,
    len: usize,
}

impl Placements {
    /// Finds the places of `annotations` in `document`. Of a provisional document, what is not
    /// found is left out: it may stand in the part still to come.
    #[must_use]
    pub fn new(document: &Document, annotations: impl IntoIterator<Item = Arc<Annotation>>) -> Self {
        Self::of(find_all(document, annotations).collect())
    }

    fn of(mut list: Vec<Placed>) -> Self {
        list.sort_by_key(Placed::key);
        let ids = Ids::of(list.iter());
        let len = list.len();
        let mut list = list.into_iter();
        // Half full, so that edits find room.
        let pieces = iter::from_fn(|| {
            let piece: Vec<Placed> = list.by_ref().take(PIECE / 2).collect();
            (!piece.is_empty()).then(|| Arc::new(Piece::of(piece)))
        });
        Self { pieces: pieces.collect(), ids, len }
    }

    /// Makes these the placements of `annotations` in the same document. Those whose place is
    /// described as before stay where they are. Gives the ids of all that came, went or changed.
    pub(super) fn renew(&mut self, document: &Document, annotations: impl IntoIterator<Item = Arc<Annotation>>) -> Vec<AnnotationId> {
        let mut gone: BTreeSet<AnnotationId> = self.iter().map(Placed::id).collect();
        let (mut amended, mut new) = (Vec::new(), Vec::new());
        for annotation in annotations {
            let there = self.get(annotation.id);
            if there.is_some() {
                gone.remove(&annotation.id);
            }
            match there {
                Some(there) if there.annotation == annotation => {}
                Some(there) if there.is_described_as(&annotation) => amended.push(Placed { annotation, ..there.clone() }),
                _ => new.push(annotation),
            }
        }
        let mut changed: Vec<AnnotationId> = gone.iter().copied().collect();
        changed.extend(amended.iter().map(Placed::id).chain(new.iter().map(|annotation| annotation.id)));
        if !new.is_empty() {
            // What is looked for in vain in a provisional text has no place to stay at, either.
            gone.extend(new.iter().map(|annotation| annotation.id));
            amended.extend(find_all(document, new));
        }
        if changed.len() > PIECE {
            let kept: BTreeSet<AnnotationId> = amended.iter().map(Placed::id).collect();
            let stays = |placed: &&Placed| !gone.contains(&placed.id()) && !kept.contains(&placed.id());
            amended.extend(self.iter().filter(stays).cloned());
            *self = Self::of(amended);
        } else {
            for id in gone {
                self.remove(id);
            }
            for placed in amended {
                self.put(placed);
            }
        }
        changed
    }

    /// Counts what each piece holds, so that nobody has to wait for it later.
    pub(super) fn sum_up(&self) {
        for piece in &self.pieces {
            piece.counts();
        }
    }

    /// Tags and notes by section.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut all = Counts::new();
        for (section, count) in self.pieces.iter().flat_map(|piece| piece.counts()) {
            all.entry(*section).or_default().add(count);
        }
        all
    }

    /// Those of the annotations that `keep` wants, at the same places.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&Placed) -> bool) -> Self {
        Self::of(self.iter().filter(|placed| keep(placed)).cloned().collect())
    }

    /// The annotations in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Placed> + Clone {
        self.pieces.iter().flat_map(|piece| &piece.list)
    }

    /// The annotations in order, each on its own.
    #[must_use]
    pub fn to_vec(&self) -> Vec<Placed> {
        self.iter().cloned().collect()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The annotation of that id.
    #[must_use]
    pub fn get(&self, id: AnnotationId) -> Option<&Placed> {
        let (piece, at) = self.find(self.ids.get(id)?)?;
        Some(&self.pieces[piece].list[at])
    }

    /// The piece and the place in it of what has that key.
    fn find(&self, key: Key) -> Option<(usize, usize)> {
        let piece = self.pieces.partition_point(|piece| piece.last() < Some(key));
        let at = self.pieces.get(piece)?.list.binary_search_by_key(&key, Placed::key).ok()?;
        Some((piece, at))
    }

    /// Adds an annotation, or replaces the one of its id.
    pub fn put(&mut self, placed: Placed) {
        self.remove(placed.id());
        self.ids.put(&placed);
        self.len += 1;
        let key = placed.key();
        let index = self.pieces.partition_point(|piece| piece.last() < Some(key)).min(self.pieces.len().saturating_sub(1));
        let Some(piece) = self.pieces.get_mut(index) else {
            self.pieces.push(Arc::new(Piece::of(vec![placed])));
            return;
        };
        let piece = Arc::make_mut(piece);
        piece.list.insert(piece.list.partition_point(|other| other.key() < key), placed);
        if piece.list.len() > PIECE {
            let rest = piece.list.split_off(PIECE / 2);
            self.pieces.insert(index + 1, Arc::new(Piece::of(rest)));
        }
        Arc::make_mut(&mut self.pieces[index]).sum_up();
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
        self.put(Placed::new(document, annotation, found));
    }

    /// Takes an annotation out.
    pub fn remove(&mut self, id: AnnotationId) -> Option<Placed> {
        let key = self.ids.remove(id)?;
        let (index, at) = self.find(key)?;
        self.len -= 1;
        let piece = Arc::make_mut(&mut self.pieces[index]);
        let placed = piece.list.remove(at);
        piece.sum_up();
        if piece.list.is_empty() {
            self.pieces.remove(index);
        }
        Some(placed)
    }

    /// The annotations of exactly that place.
    pub fn at(&self, target: Target) -> impl Iterator<Item = &Placed> {
        let (passage, section) = match target {
            Target::Passage(span) => (Some(span), None),
            Target::Section(id) => (None, Some(id)),
        };
        let passages = passage.into_iter().flat_map(|span| self.overlapping(span));
        let sections = section.into_iter().flat_map(|id| self.on_section(id));
        passages.chain(sections).filter(move |placed| placed.target() == Some(target))
    }

    /// The annotations on a section.
    pub fn on_section(&self, id: SectionId) -> impl Iterator<Item = &Placed> {
        let pieces = self.pieces.iter().filter(move |piece| piece.sections.binary_search(&id).is_ok());
        pieces.flat_map(|piece| &piece.list).filter(move |placed| placed.section == Some(id))
    }

    /// The sections that annotations are on.
    #[must_use]
    pub fn sections(&self) -> BTreeSet<SectionId> {
        self.pieces.iter().flat_map(|piece| piece.sections.iter().copied()).collect()
    }

    /// The annotations that share a char with `span`, in order.
    pub fn overlapping(&self, span: Span) -> impl Iterator<Item = &Placed> {
        let to = self.pieces.partition_point(|piece| piece.first().is_some_and(|(start, ..)| start < span.end));
        let pieces = self.pieces[..to].iter().filter(move |piece| piece.reach > span.start);
        pieces.flat_map(|piece| &piece.list).filter(move |placed| placed.span.is_some_and(|here| here.overlaps(span)))
    }
}

impl Index<usize> for Placements {
    type Output = Placed;

    /// The annotation in that place of the order.
    ///
    /// # Panics
    /// Where there are not so many.
    fn index(&self, mut index: usize) -> &Placed {
        for piece in &self.pieces {
            match piece.list.get(index) {
                Some(placed) => return placed,
                None => index -= piece.list.len(),
            }
        }
        panic!("no annotation {index} more")
    }
}

impl<'a> IntoIterator for &'a Placements {
    type Item = &'a Placed;
    type IntoIter = Box<dyn Iterator<Item = &'a Placed> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

/// The places of annotations in a document; of a provisional one, of those that have one.
fn find_all(document: &Document, annotations: impl IntoIterator<Item = Arc<Annotation>>) -> impl Iterator<Item = Placed> {
    let anchorer = Anchorer::new(document);
    annotations
        .into_iter()
        .map(move |annotation| {
            let found = anchorer.find(&annotation);
            Placed::new(document, annotation, found)
        })
        .filter(|placed| document.is_final || placed.span.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Anchor;
    use crate::Scope;
    use crate::Selector;
    use proptest::prelude::*;

    /// One of 600 annotations, which may be anywhere.
    fn placed(id: usize, start: usize, len: usize, section: Option<u32>, tag: usize) -> Placed {
        let section = section.map(SectionId);
        let scope = if section.is_some() { Scope::Section } else { Scope::Passage };
        let annotation = Annotation {
            id: AnnotationId::from_content(&id.to_be_bytes()),
            tags: [["甲", "乙", "丙"][tag].to_owned()].into(),
            note: "注".repeat(tag),
            ..Annotation::new(scope, Selector::default(), "测")
        };
        let span = Some(Span::new(start, start + len));
        Placed {
            annotation: Arc::new(annotation),
            anchor: Anchor::Exact,
            span,
            proposed: None,
            section,
            home: Some(SectionId((start / 50) as u32)),
        }
    }

    fn check(placements: &Placements, model: &BTreeMap<AnnotationId, Placed>, look: Span) {
        let mut sorted: Vec<&Placed> = model.values().collect();
        sorted.sort_by_key(|placed| placed.key());
        assert!(placements.iter().eq(sorted.iter().copied()));
        assert!(placements.iter().rev().eq(sorted.iter().rev().copied()));
        assert_eq!((placements.len(), placements.is_empty()), (sorted.len(), sorted.is_empty()));
        assert!(placements.pieces.iter().all(|piece| (1..=PIECE).contains(&piece.list.len())));
        for (at, placed) in sorted.iter().enumerate().step_by(37) {
            assert_eq!((&placements[at], placements.get(placed.id())), (*placed, Some(*placed)));
            let target = placed.target().unwrap();
            assert!(placements.at(target).eq(sorted.iter().copied().filter(|other| other.target() == Some(target))));
        }
        let overlaps = |placed: &&&Placed| placed.span.is_some_and(|span| span.overlaps(look));
        assert!(placements.overlapping(look).eq(sorted.iter().filter(overlaps).copied()));
        assert!(placements.on_section(SectionId(1)).eq(sorted.iter().filter(|placed| placed.section == Some(SectionId(1))).copied()));
        let mut tags = BTreeMap::<&str, usize>::new();
        for tag in sorted.iter().flat_map(|placed| &placed.annotation.tags) {
            *tags.entry(tag).or_default() += 1;
        }
        let counts = placements.counts();
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
        fn pieces_are_the_sorted_list(
            made in prop::collection::vec((0..600_usize, 0..2000_usize, 1..40_usize, prop::option::of(0..3_u32), 0..3_usize), 0..500),
            edits in prop::collection::vec((0..600_usize, 0..2000_usize, 1..400_usize, prop::option::of(0..3_u32), 0..3_usize, any::<bool>()), 0..300),
            look in (0..2000_usize, 1..60_usize),
        ) {
            let look = Span::new(look.0, look.0 + look.1);
            let mut model: BTreeMap<AnnotationId, Placed> = BTreeMap::new();
            for (id, start, len, section, tag) in made {
                let placed = placed(id, start, len, section, tag);
                model.insert(placed.id(), placed);
            }
            let mut placements = Placements::of(model.values().cloned().collect());
            placements.sum_up();
            check(&placements, &model, look);
            let (kept, model_kept) = (placements.clone(), model.clone());
            for (id, start, len, section, tag, put) in edits {
                let placed = placed(id, start, len, section, tag);
                if put {
                    model.insert(placed.id(), placed.clone());
                    placements.put(placed);
                } else {
                    prop_assert_eq!(placements.remove(placed.id()), model.remove(&placed.id()));
                }
            }
            check(&placements, &model, look);
            check(&kept, &model_kept, look);
        }

        #[test]
        fn renewed_is_as_new(
            before in prop::collection::btree_map(0..400_usize, (0..30_usize, 0..3_usize), 0..300),
            edits in prop::collection::vec((0..400_usize, prop::option::of((0..30_usize, 0..3_usize))), 0..200),
        ) {
            let document = Document {
                source: pizhu_text::text::SourceText::from("一、抓好人才工作。要把人才放在心上，抓好基层党建，改进作风，为民服务。"),
                is_final: true,
                ..Document::default()
            };
            let annotation = |id: usize, (start, tag): (usize, usize)| {
                let mut annotation = (*placed(id, 0, 1, None, tag).annotation).clone();
                annotation.selector = Selector::passage(&document, Span::new(start, start + 3)).unwrap();
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
            let old = Placements::new(&document, all(&before));
            let mut renewed = old.clone();
            let changed: BTreeSet<AnnotationId> = renewed.renew(&document, all(&after)).into_iter().collect();
            prop_assert!(renewed.iter().eq(Placements::new(&document, all(&after)).iter()));
            let ids: BTreeSet<AnnotationId> = old.iter().chain(renewed.iter()).map(Placed::id).collect();
            let expected: BTreeSet<AnnotationId> = ids.into_iter().filter(|id| old.get(*id) != renewed.get(*id)).collect();
            prop_assert_eq!(changed, expected);
        }
    }
}
