//! The outline: the section tree of a document as an arena of spans.
//!
//! Invariants: sections stand in reading order, a parent before its children; `heading` begins
//! at the marker and lies at the start of `span`; a child's span lies inside its parent's;
//! siblings' spans do not overlap.

use super::ordinal::OrdinalKind;
use crate::text::Span;
use std::{
    collections::HashMap,
    fmt,
    ops::Range,
    sync::{Arc, OnceLock},
};
use unicode_normalization::UnicodeNormalization as _;

/// The index of a section in its outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectionId(pub u32);

impl SectionId {
    /// The place in [`Outline::sections`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One section: a heading (ordinal and title) and the text under it. A view into its outline,
/// cheap to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section<'a> {
    /// The section around it; `None` at the top level.
    pub parent: Option<SectionId>,
    /// Sections above it.
    pub depth: u16,
    /// What kind of ordinal opens it.
    pub kind: OrdinalKind,
    /// The ordinal's number; 0 for an unnumbered heading.
    pub number: u32,
    /// The ordinal as the source writes it; empty for an unnumbered heading.
    pub marker: Span,
    /// The title, without the marker and its separators, page marks and glosses still inside.
    pub title: Span,
    /// Marker and title.
    pub heading: Span,
    /// From the heading's start to the end of the section.
    pub span: Span,
    /// The title repaired, where the heading was damaged.
    pub restored: Option<&'a str>,
    /// The marker's text after cleaning.
    pub marker_text: &'a str,
    /// The title's text after cleaning.
    pub title_text: &'a str,
}

/// A section as it is kept. Its end is the start of the first section behind it that is not
/// inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kept {
    parent: u32,
    /// The first section behind it that is not inside it.
    behind: u32,
    number: u32,
    /// Offsets in the source.
    start: u32,
    marker_end: u32,
    title_start: u32,
    title_end: u32,
    /// Where its texts begin among all texts, and the title's among these, in bytes.
    text: u32,
    title_text: u32,
    depth: u16,
    kind: OrdinalKind,
}

/// No section.
const NONE: u32 = u32::MAX;

/// The sections and their texts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Arena {
    kept: Vec<Kept>,
    /// Marker and title of each section in turn.
    texts: String,
    /// Repaired titles by their section, sorted.
    restored: Vec<(u32, Box<str>)>,
    /// Length of the source, in chars.
    len: usize,
}

impl Arena {
    fn section(&self, index: usize) -> Option<Section<'_>> {
        let kept = self.kept.get(index)?;
        let start = kept.start as usize;
        let marker = Span::new(start, kept.marker_end as usize);
        let title = Span::new(kept.title_start as usize, kept.title_end as usize);
        let end = self.kept.get(kept.behind as usize).map_or(self.len, |behind| behind.start as usize);
        let texts_end = self.kept.get(index + 1).map_or(self.texts.len(), |next| next.text as usize);
        let restored = self.restored.binary_search_by_key(&(index as u32), |(at, _)| *at).ok();
        Some(Section {
            parent: (kept.parent != NONE).then_some(SectionId(kept.parent)),
            depth: kept.depth,
            kind: kept.kind,
            number: kept.number,
            marker,
            title,
            heading: Span::new(start, title.end.max(marker.end)),
            span: Span::new(start, end),
            restored: restored.map(|index| &*self.restored[index].1),
            marker_text: self.texts.get(kept.text as usize..kept.title_text as usize).unwrap_or_default(),
            title_text: self.texts.get(kept.title_text as usize..texts_end).unwrap_or_default(),
        })
    }
}

/// A section that is to be added to an outline.
#[derive(Debug, Clone, Copy)]
pub(super) struct New<'a> {
    pub parent: Option<SectionId>,
    pub depth: u16,
    pub kind: OrdinalKind,
    pub number: u32,
    pub marker: Span,
    pub title: Span,
    pub restored: Option<&'a str>,
    pub marker_text: &'a str,
    pub title_text: &'a str,
}

/// Puts an outline together out of its sections in reading order.
#[derive(Debug, Default)]
pub(super) struct OutlineBuilder {
    arena: Arena,
}

impl OutlineBuilder {
    pub(super) fn with_capacity(sections: usize) -> Self {
        Self { arena: Arena { kept: Vec::with_capacity(sections), ..Arena::default() } }
    }

    /// Adds a section.
    pub(super) fn push(&mut self, new: &New<'_>) {
        let Arena { kept, texts, restored, .. } = &mut self.arena;
        restored.extend(new.restored.map(|title| (kept.len() as u32, Box::from(title))));
        let text = texts.len() as u32;
        texts.push_str(new.marker_text);
        let title_text = texts.len() as u32;
        texts.push_str(new.title_text);
        kept.push(Kept {
            parent: new.parent.map_or(NONE, |parent| parent.0),
            behind: NONE,
            number: new.number,
            start: new.marker.start as u32,
            marker_end: new.marker.end as u32,
            title_start: new.title.start as u32,
            title_end: new.title.end as u32,
            text,
            title_text,
            depth: new.depth,
            kind: new.kind,
        });
    }

    /// The outline of the parts one behind the other, over a source of `len` chars.
    pub(super) fn finish(parts: Vec<Self>, len: usize, generation: u64) -> Outline {
        let mut all = Arena { len, ..Arena::default() };
        all.kept.reserve_exact(parts.iter().map(|part| part.arena.kept.len()).sum());
        all.texts.reserve_exact(parts.iter().map(|part| part.arena.texts.len()).sum());
        for Self { arena: part } in parts {
            let (sections, texts) = (all.kept.len() as u32, all.texts.len() as u32);
            all.texts.push_str(&part.texts);
            all.restored.extend(part.restored.into_iter().map(|(at, title)| (at + sections, title)));
            all.kept.extend(part.kept.into_iter().map(|kept| Kept {
                text: kept.text + texts,
                title_text: kept.title_text + texts,
                ..kept
            }));
        }
        let mut open: Vec<usize> = Vec::new();
        for index in 0..all.kept.len() {
            for closed in open.drain(usize::from(all.kept[index].depth).min(open.len())..) {
                all.kept[closed].behind = index as u32;
            }
            open.push(index);
        }
        Outline { generation, arena: Arc::new(all), steps: Arc::default() }
    }
}

impl<'a> IntoIterator for Sections<'a> {
    type Item = Section<'a>;
    type IntoIter = Box<dyn Iterator<Item = Section<'a>> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

/// The section tree of one document: a snapshot, cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// Grows with each new tree of the same document.
    pub generation: u64,
    arena: Arc<Arena>,
    /// Each section's step of its path, worked out for all at once when the first is asked for.
    steps: Arc<OnceLock<Vec<String>>>,
}

impl PartialEq for Outline {
    fn eq(&self, other: &Self) -> bool {
        self.generation == other.generation && self.arena == other.arena
    }
}

impl Eq for Outline {}

/// All sections of an outline, in reading order.
#[derive(Debug, Clone, Copy)]
pub struct Sections<'a>(&'a Arena);

impl<'a> Sections<'a> {
    /// How many there are.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.kept.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.kept.is_empty()
    }

    /// The section at that place.
    #[must_use]
    pub fn get(self, index: usize) -> Option<Section<'a>> {
        self.0.section(index)
    }

    /// The first.
    #[must_use]
    pub fn first(self) -> Option<Section<'a>> {
        self.get(0)
    }

    /// The sections one after another.
    #[must_use]
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Section<'a>> + ExactSizeIterator + Clone {
        (0..self.len()).map(move |index| self.at(index))
    }

    /// Those of these places that there are.
    #[must_use]
    pub fn range(self, places: Range<usize>) -> impl DoubleEndedIterator<Item = Section<'a>> + Clone {
        (places.start..places.end.min(self.len())).map(move |index| self.at(index))
    }

    /// The place of the first section that begins at `offset` of the source or behind.
    #[must_use]
    pub fn from(self, offset: usize) -> usize {
        self.0.kept.partition_point(|kept| (kept.start as usize) < offset)
    }

    /// The first place where `before` does not hold, which holds for the sections before it and
    /// for none behind.
    pub fn partition_point(self, mut before: impl FnMut(Section<'a>) -> bool) -> usize {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = from.midpoint(to);
            if before(self.at(middle)) { from = middle + 1 } else { to = middle }
        }
        from
    }

    /// The section at a place that is known to be there.
    ///
    /// # Panics
    /// Where there are no more than `index` sections.
    #[must_use]
    #[expect(clippy::expect_used, reason = "callers count up to `len`, or keep ids of this outline; indexing a slice panics alike")]
    pub fn at(self, index: usize) -> Section<'a> {
        self.0.section(index).expect("the place of a section")
    }
}

/// Why a section path names no one section.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// No section has this path.
    #[error("no section {0}")]
    Missing(String),
    /// Several have; their full paths.
    #[error("several sections fit: {}", .0.join(", "))]
    Ambiguous(Vec<String>),
}

impl Outline {
    /// An outline of sections of which only their places and paths are known, over a source of
    /// `len` chars: of each its depth, its heading, and the last step of its path as [`Self::step`]
    /// gave it. They come in reading order.
    #[must_use]
    pub fn of_steps(sections: Vec<(u16, Span, String)>, len: usize) -> Self {
        let mut builder = OutlineBuilder::with_capacity(sections.len());
        let mut open: Vec<SectionId> = Vec::new();
        let mut steps = Vec::with_capacity(sections.len());
        for (index, (depth, heading, step)) in sections.into_iter().enumerate() {
            open.truncate(usize::from(depth));
            let new = New {
                parent: open.last().copied(),
                depth,
                kind: OrdinalKind::Heading,
                number: 0,
                marker: Span::empty(heading.start),
                title: heading,
                restored: None,
                marker_text: "",
                title_text: "",
            };
            builder.push(&new);
            open.push(SectionId(index as u32));
            steps.push(step);
        }
        Self { steps: Arc::new(OnceLock::from(steps)), ..OutlineBuilder::finish(vec![builder], len, 0) }
    }

    /// The last step of a section's path.
    #[must_use]
    pub fn step(&self, id: SectionId) -> Option<&str> {
        self.steps().get(id.index()).map(String::as_str)
    }

    /// All sections in reading order.
    #[must_use]
    pub fn sections(&self) -> Sections<'_> {
        Sections(&self.arena)
    }

    /// All sections with their ids, in reading order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (SectionId, Section<'_>)> {
        let sections = self.sections();
        (0..sections.len()).map(move |index| (SectionId(index as u32), sections.at(index)))
    }

    /// The section of that id, which must come from this outline (or one of the same length).
    #[must_use]
    pub fn get(&self, id: SectionId) -> Option<Section<'_>> {
        self.arena.section(id.index())
    }

    /// The sections directly under `parent`, or the topmost for `None`.
    pub fn children(&self, parent: Option<SectionId>) -> impl Iterator<Item = (SectionId, Section<'_>)> {
        // Descendants follow their ancestor without a gap; siblings are reached by leaping over
        // what is inside the one before.
        let kept = &self.arena.kept;
        let from = parent.map_or(0, |id| id.index() + 1);
        let to = parent.map_or(kept.len(), |id| kept.get(id.index()).map_or(0, |kept| (kept.behind as usize).min(self.arena.kept.len())));
        let within = move |index: &usize| *index < to;
        std::iter::successors(Some(from).filter(within), move |index| Some(kept[*index].behind as usize).filter(within))
            .filter_map(|index| Some((SectionId(index as u32), self.arena.section(index)?)))
    }

    /// The section and those above it, from the innermost outwards.
    pub fn ancestors(&self, id: SectionId) -> impl Iterator<Item = SectionId> {
        let above =
            move |id: &SectionId| self.arena.kept.get(id.index()).map(|kept| SectionId(kept.parent)).filter(|above| above.0 != NONE);
        std::iter::successors(Some(id), above)
    }

    /// The innermost section that holds the char at `offset`.
    #[must_use]
    pub fn at(&self, offset: usize) -> Option<SectionId> {
        let before = self.arena.kept.partition_point(|kept| kept.start as usize <= offset);
        let last = SectionId(before.checked_sub(1)? as u32);
        self.ancestors(last).find(|id| self.get(*id).is_some_and(|section| section.span.contains(offset)))
    }

    /// The steps of a section's path from the top: each its marker (the title for an unnumbered
    /// heading), with `#n` for the n-th of several siblings that have the same.
    #[must_use]
    pub fn path(&self, id: SectionId) -> Vec<String> {
        let all = self.steps();
        let mut steps: Vec<String> = self.ancestors(id).filter_map(|id| all.get(id.index()).cloned()).collect();
        steps.reverse();
        steps
    }

    /// [`Self::path`] joined by `/`.
    #[must_use]
    pub fn path_text(&self, id: SectionId) -> String {
        self.path(id).join("/")
    }

    /// The last step of every section's path, in reading order: its marker or title, numbered
    /// where siblings have the same. Linear in the number of sections.
    fn steps(&self) -> &[String] {
        self.steps.get_or_init(|| {
            let sections = self.sections();
            let names: Vec<String> = sections.iter().map(|section| section.step_name()).collect();
            let keys: Vec<(Option<SectionId>, String)> =
                sections.iter().zip(&names).map(|(section, name)| (section.parent, step_key(name))).collect();
            let mut twins: HashMap<&(Option<SectionId>, String), (usize, usize)> = HashMap::new();
            for key in &keys {
                twins.entry(key).or_default().0 += 1;
            }
            let mut steps = Vec::with_capacity(names.len());
            for (name, key) in names.into_iter().zip(&keys) {
                let (all, seen) = twins.entry(key).or_default();
                *seen += 1;
                steps.push(if *all > 1 { format!("{name}#{seen}") } else { name });
            }
            steps
        })
    }

    /// The section that a path means: steps joined by `/`, compared after NFKC without their
    /// final punctuation; `一是#2` is the second of its siblings of that name.
    ///
    /// # Errors
    /// When no section fits, or several do because a step without `#n` is not unique.
    pub fn resolve(&self, path: &str) -> Result<SectionId, PathError> {
        let mut found: Vec<Option<SectionId>> = vec![None];
        for step in path.split('/').filter(|step| !step.trim().is_empty()) {
            let (name, nth) = match step.rsplit_once('#').map(|(name, n)| (name, n.parse::<usize>())) {
                Some((name, Ok(n))) if n > 0 => (name, Some(n)),
                _ => (step, None),
            };
            let key = step_key(name);
            let mut next = Vec::new();
            for parent in found {
                let fits = self.children(parent).filter(|(_, section)| step_key(&section.step_name()) == key).map(|(id, _)| id);
                match nth {
                    Some(n) => next.extend(fits.skip(n - 1).take(1).map(Some)),
                    None => next.extend(fits.map(Some)),
                }
            }
            found = next;
        }
        match found.as_slice() {
            [Some(id)] => Ok(*id),
            [] | [None] => Err(PathError::Missing(path.to_owned())),
            several => Err(PathError::Ambiguous(several.iter().flatten().map(|id| self.path_text(*id)).collect())),
        }
    }
}

impl<'a> Section<'a> {
    /// What stands for the section in a path: its marker, or the title of an unnumbered heading.
    #[must_use]
    pub fn step_name(&self) -> String {
        // A path is joined by slashes and numbered by `#`; a title that holds one gives way.
        if self.marker_text.is_empty() { self.title_text.replace('/', "／").replace('#', "＃") } else { self.marker_text.to_string() }
    }

    /// The title as a reader should see it: restored where it was damaged.
    #[must_use]
    pub fn shown_title(&self) -> &'a str {
        self.restored.unwrap_or(self.title_text)
    }
}

/// A path step as it is compared: NFKC, without spaces around and punctuation behind.
fn step_key(step: &str) -> String {
    let folded: String = step.trim().nfkc().collect();
    let bare = folded.trim_end_matches(|c: char| matches!(c, '、' | '，' | ',' | '.' | '．' | ':' | '：' | '。') || c.is_whitespace());
    if bare.is_empty() { folded } else { bare.to_owned() }
}

impl fmt::Display for SectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(rows: &[(u16, &str)]) -> Outline {
        let mut open: Vec<SectionId> = Vec::new();
        let mut builder = OutlineBuilder::default();
        for (index, (depth, marker)) in rows.iter().enumerate() {
            open.truncate(usize::from(*depth));
            let start = index * 10;
            builder.push(&New {
                parent: open.last().copied(),
                depth: *depth,
                kind: OrdinalKind::Pause,
                number: 1,
                marker: Span::new(start, start + 2),
                title: Span::new(start + 2, start + 5),
                restored: None,
                marker_text: marker,
                title_text: "题",
            });
            open.push(SectionId(index as u32));
        }
        OutlineBuilder::finish(vec![builder], rows.len() * 10, 1)
    }

    #[test]
    fn paths_lead_there_and_back() {
        let tree = outline(&[(0, "一、"), (1, "（一）"), (2, "一是"), (2, "二是"), (2, "一是"), (1, "（二）"), (0, "二、")]);
        for (id, _) in tree.iter() {
            assert_eq!(tree.resolve(&tree.path_text(id)), Ok(id));
        }
        assert_eq!(tree.resolve("一/(一)/一是#2"), Ok(SectionId(4)));
        assert_eq!(
            tree.resolve("一、/(一)/一是"),
            Err(PathError::Ambiguous(vec!["一、/（一）/一是#1".into(), "一、/（一）/一是#2".into()]))
        );
        assert_eq!(tree.resolve("三、"), Err(PathError::Missing("三、".into())));
    }

    #[test]
    fn the_innermost_section_holds_an_offset() {
        let tree = outline(&[(0, "一、"), (1, "（一）"), (0, "二、")]);
        assert_eq!(tree.at(5), Some(SectionId(0)));
        assert_eq!(tree.at(15), Some(SectionId(1)));
        assert_eq!(tree.at(25), Some(SectionId(2)));
        assert_eq!(tree.at(35), None);
        assert_eq!(tree.children(None).map(|(id, _)| id.0).collect::<Vec<_>>(), [0, 2]);
    }
}
