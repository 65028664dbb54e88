//! The outline: the section tree of a document as an arena of records.
//!
//! Invariants: sections are in reading order, parents before children; `heading` begins at the
//! marker and is a prefix of `span`; the span of a child lies within that of its parent; spans of
//! siblings do not overlap.

use super::{confidence::Confidence, ordinal::OrdinalKind};
use crate::text::Span;
use std::{
    collections::HashMap,
    fmt,
    ops::Range,
    sync::{Arc, OnceLock},
};
use unicode_normalization::UnicodeNormalization as _;

/// The index of a section in its [`Outline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectionId(pub u32);

impl SectionId {
    /// The index in [`Outline::sections`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A section: a heading (ordinal and title) and the text under it. A view into its outline, cheap
/// to copy.
///
/// ```
/// use pizhu_text::document::{Hints, OrdinalKind, parse};
/// use pizhu_text::text::SourceText;
///
/// let text = "在青禾县会议上的讲话\n\n一、总体要求。一是要稳。二是要实。\n\n二、保障措施。一是要严。二是要快。\n";
/// let document = parse(SourceText::from(text), &Hints::default());
/// let section = document.outline.sections().get(2).unwrap();
/// assert_eq!((section.kind, section.number, section.depth), (OrdinalKind::Shi, 2, 1));
/// assert_eq!((section.marker_text, section.title_text), ("二是", "要实"));
/// assert_eq!(document.quote(section.heading), "二是要实");
/// assert_eq!(document.text(section.span).trim_end(), "二是要实。");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section<'a> {
    /// The enclosing section; `None` at the top level.
    pub parent: Option<SectionId>,
    /// Number of enclosing sections.
    pub depth: u16,
    /// The kind of its ordinal.
    pub kind: OrdinalKind,
    /// The number of its ordinal; 0 for an unnumbered heading.
    pub number: u32,
    /// The ordinal in the source; empty for an unnumbered heading.
    pub marker: Span,
    /// The title in the source, without marker and separators; page marks and glosses may lie
    /// inside.
    pub title: Span,
    /// Marker and title, with the separators between them.
    pub heading: Span,
    /// The whole section, from its heading to its end.
    pub span: Span,
    /// The title repaired, if the heading was mojibake.
    pub repaired_title: Option<&'a str>,
    /// The cleaned text of the marker.
    pub marker_text: &'a str,
    /// The cleaned text of the title.
    pub title_text: &'a str,
    /// The chance that it is a section at this depth.
    pub confidence: Confidence,
}

/// A section as stored. It ends where the first later section outside its subtree starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SectionRecord {
    parent: u32,
    /// Index of the first later section outside its subtree; [`NO_SECTION`] if there is none.
    subtree_end: u32,
    number: u32,
    /// Char offsets in the source.
    start: u32,
    marker_end: u32,
    title_start: u32,
    title_end: u32,
    /// Byte offsets into [`SectionArena::texts`] of the marker and of the title.
    text: u32,
    title_text: u32,
    depth: u16,
    kind: OrdinalKind,
    confidence: Confidence,
}

/// The index that means no section.
const NO_SECTION: u32 = u32::MAX;

/// All section records and their texts.
#[derive(Debug, Default, PartialEq, Eq)]
struct SectionArena {
    records: Vec<SectionRecord>,
    /// Cleaned marker and title of each section in turn.
    texts: String,
    /// Repaired titles by section index, sorted.
    repaired_titles: Vec<(u32, Box<str>)>,
    /// Length of the source in chars.
    len: usize,
}

impl SectionArena {
    fn section(&self, index: usize) -> Option<Section<'_>> {
        let record = self.records.get(index)?;
        let start = record.start as usize;
        let marker = Span::new(start, record.marker_end as usize);
        let title = Span::new(record.title_start as usize, record.title_end as usize);
        let end = self.records.get(record.subtree_end as usize).map_or(self.len, |next| next.start as usize);
        let texts_end = self.records.get(index + 1).map_or(self.texts.len(), |next| next.text as usize);
        let repaired = self.repaired_titles.binary_search_by_key(&(index as u32), |(at, _)| *at).ok();
        Some(Section {
            parent: (record.parent != NO_SECTION).then_some(SectionId(record.parent)),
            depth: record.depth,
            kind: record.kind,
            number: record.number,
            marker,
            title,
            heading: Span::new(start, title.end.max(marker.end)),
            span: Span::new(start, end),
            repaired_title: repaired.map(|index| &*self.repaired_titles[index].1),
            marker_text: self.texts.get(record.text as usize..record.title_text as usize).unwrap_or_default(),
            title_text: self.texts.get(record.title_text as usize..texts_end).unwrap_or_default(),
            confidence: record.confidence,
        })
    }
}

/// A section to add to an outline; fields as in [`Section`].
#[derive(Debug, Clone, Copy)]
pub(super) struct NewSection<'a> {
    pub parent: Option<SectionId>,
    pub depth: u16,
    pub kind: OrdinalKind,
    pub number: u32,
    pub marker: Span,
    pub title: Span,
    pub repaired_title: Option<&'a str>,
    pub marker_text: &'a str,
    pub title_text: &'a str,
    pub confidence: Confidence,
}

/// Builds an outline from its sections in reading order.
#[derive(Debug, Default)]
pub(super) struct OutlineBuilder {
    arena: SectionArena,
}

impl OutlineBuilder {
    pub(super) fn with_capacity(sections: usize) -> Self {
        Self { arena: SectionArena { records: Vec::with_capacity(sections), ..SectionArena::default() } }
    }

    /// Appends a section.
    pub(super) fn push(&mut self, new: &NewSection<'_>) {
        let SectionArena { records, texts, repaired_titles, .. } = &mut self.arena;
        repaired_titles.extend(new.repaired_title.map(|title| (records.len() as u32, Box::from(title))));
        let text = texts.len() as u32;
        texts.push_str(new.marker_text);
        let title_text = texts.len() as u32;
        texts.push_str(new.title_text);
        records.push(SectionRecord {
            parent: new.parent.map_or(NO_SECTION, |parent| parent.0),
            subtree_end: NO_SECTION,
            number: new.number,
            start: new.marker.start as u32,
            marker_end: new.marker.end as u32,
            title_start: new.title.start as u32,
            title_end: new.title.end as u32,
            text,
            title_text,
            depth: new.depth,
            kind: new.kind,
            confidence: new.confidence,
        });
    }

    /// Concatenates the parts into the outline of a source of `len` chars.
    pub(super) fn finish(parts: Vec<Self>, len: usize, generation: u64) -> Outline {
        let mut all = SectionArena { len, ..SectionArena::default() };
        all.records.reserve_exact(parts.iter().map(|part| part.arena.records.len()).sum());
        all.texts.reserve_exact(parts.iter().map(|part| part.arena.texts.len()).sum());
        for Self { arena: part } in parts {
            let (sections, texts) = (all.records.len() as u32, all.texts.len() as u32);
            all.texts.push_str(&part.texts);
            all.repaired_titles.extend(part.repaired_titles.into_iter().map(|(at, title)| (at + sections, title)));
            all.records.extend(part.records.into_iter().map(|record| SectionRecord {
                text: record.text + texts,
                title_text: record.title_text + texts,
                ..record
            }));
        }
        let mut open: Vec<usize> = Vec::new();
        for index in 0..all.records.len() {
            for closed in open.drain(usize::from(all.records[index].depth).min(open.len())..) {
                all.records[closed].subtree_end = index as u32;
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

/// The section tree of one document: an immutable snapshot, cheap to clone.
///
/// A section is addressed by its path: the markers from the top down (the title for an unnumbered
/// heading), joined by `/`.
///
/// ```
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::SourceText;
///
/// let text = "在青禾县会议上的讲话\n\n一、总体要求。一是要稳。二是要实。\n\n二、保障措施。一是要严。二是要快。\n";
/// let outline = parse(SourceText::from(text), &Hints::default()).outline;
/// let paths: Vec<String> = outline.iter().map(|(id, _)| outline.path_text(id)).collect();
/// assert_eq!(paths, ["一、", "一、/一是", "一、/二是", "二、", "二、/一是", "二、/二是"]);
/// // Paths are compared without final punctuation.
/// let id = outline.resolve("二/一是").unwrap();
/// assert_eq!(outline.get(id).unwrap().title_text, "要严");
/// assert_eq!(outline.children(None).count(), 2);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// Increases with each new outline of the same document.
    pub generation: u64,
    arena: Arc<SectionArena>,
    /// The last path step of each section, computed for all at the first request.
    steps: Arc<OnceLock<Vec<String>>>,
}

impl PartialEq for Outline {
    fn eq(&self, other: &Self) -> bool {
        self.generation == other.generation && self.arena == other.arena
    }
}

impl Eq for Outline {}

/// The sections of an outline, in reading order.
#[derive(Debug, Clone, Copy)]
pub struct Sections<'a>(&'a SectionArena);

impl<'a> Sections<'a> {
    /// Number of sections.
    #[must_use]
    pub fn len(self) -> usize {
        self.0.records.len()
    }

    /// Whether there are no sections.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.records.is_empty()
    }

    /// The section of that index.
    #[must_use]
    pub fn get(self, index: usize) -> Option<Section<'a>> {
        self.0.section(index)
    }

    /// The first section.
    #[must_use]
    pub fn first(self) -> Option<Section<'a>> {
        self.get(0)
    }

    /// Iterates over the sections.
    #[must_use]
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Section<'a>> + ExactSizeIterator + Clone {
        (0..self.len()).map(move |index| self.section(index))
    }

    /// Iterates over the sections of these indices, as far as they exist.
    #[must_use]
    pub fn range(self, indices: Range<usize>) -> impl DoubleEndedIterator<Item = Section<'a>> + Clone {
        (indices.start..indices.end.min(self.len())).map(move |index| self.section(index))
    }

    /// The index of the first section that starts at or after `offset` (chars of the source).
    #[must_use]
    pub fn lower_bound(self, offset: usize) -> usize {
        self.0.records.partition_point(|record| (record.start as usize) < offset)
    }

    /// The index of the first section for which `before` is false; it must be true for a prefix of
    /// the sections and false for the others, as in [`slice::partition_point`].
    pub fn partition_point(self, mut before: impl FnMut(Section<'a>) -> bool) -> usize {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = from.midpoint(to);
            if before(self.section(middle)) { from = middle + 1 } else { to = middle }
        }
        from
    }

    /// The section of an index that is known to exist; like indexing a slice.
    ///
    /// # Panics
    /// If `index` is not less than [`Self::len`].
    #[must_use]
    #[expect(clippy::expect_used, reason = "callers count up to `len`, or keep ids of this outline; indexing a slice panics alike")]
    pub fn section(self, index: usize) -> Section<'a> {
        self.0.section(index).expect("index of a section")
    }
}

/// The reason why a path does not resolve to one section.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// No section has this path.
    #[error("no section {0}")]
    Missing(String),
    /// Several sections have this path; their unique paths.
    #[error("several sections fit: {}", .0.join(", "))]
    Ambiguous(Vec<String>),
}

impl Outline {
    /// Rebuilds an outline of a source of `len` chars from cached depths, headings and path steps
    /// (as of [`Self::step`]) in reading order. Kinds, numbers and marker texts are not restored:
    /// each heading counts as title.
    ///
    /// ```
    /// use pizhu_text::document::Outline;
    /// use pizhu_text::text::Span;
    ///
    /// let sections = vec![
    ///     (0, Span::new(0, 6), String::from("一、")),
    ///     (1, Span::new(10, 14), String::from("一是#1")),
    ///     (1, Span::new(20, 24), String::from("一是#2")),
    /// ];
    /// let outline = Outline::from_steps(sections, 30);
    /// let id = outline.section_at(22).unwrap();
    /// assert_eq!(outline.path_text(id), "一、/一是#2");
    /// assert_eq!(outline.get(id).unwrap().span, Span::new(20, 30));
    /// ```
    #[must_use]
    pub fn from_steps(sections: Vec<(u16, Span, String)>, len: usize) -> Self {
        let mut builder = OutlineBuilder::with_capacity(sections.len());
        let mut open: Vec<SectionId> = Vec::new();
        let mut steps = Vec::with_capacity(sections.len());
        for (index, (depth, heading, step)) in sections.into_iter().enumerate() {
            open.truncate(usize::from(depth));
            let new = NewSection {
                parent: open.last().copied(),
                depth,
                kind: OrdinalKind::Heading,
                number: 0,
                marker: Span::empty(heading.start),
                title: heading,
                repaired_title: None,
                marker_text: "",
                title_text: "",
                confidence: Confidence::default(),
            };
            builder.push(&new);
            open.push(SectionId(index as u32));
            steps.push(step);
        }
        Self { steps: Arc::new(OnceLock::from(steps)), ..OutlineBuilder::finish(vec![builder], len, 0) }
    }

    /// The last step of the section's path.
    #[must_use]
    pub fn step(&self, id: SectionId) -> Option<&str> {
        self.steps().get(id.index()).map(String::as_str)
    }

    /// The sections in reading order.
    #[must_use]
    pub fn sections(&self) -> Sections<'_> {
        Sections(&self.arena)
    }

    /// Iterates over the sections with their ids, in reading order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (SectionId, Section<'_>)> {
        let sections = self.sections();
        (0..sections.len()).map(move |index| (SectionId(index as u32), sections.section(index)))
    }

    /// The section of that id; the id must come from this outline (or one of the same length).
    #[must_use]
    pub fn get(&self, id: SectionId) -> Option<Section<'_>> {
        self.arena.section(id.index())
    }

    /// Iterates over the direct children of `parent`, or the top-level sections for `None`.
    pub fn children(&self, parent: Option<SectionId>) -> impl Iterator<Item = (SectionId, Section<'_>)> {
        // A subtree is contiguous: the next sibling comes right after it.
        let records = &self.arena.records;
        let from = parent.map_or(0, |id| id.index() + 1);
        let to = parent.map_or(records.len(), |id| {
            records.get(id.index()).map_or(0, |record| (record.subtree_end as usize).min(self.arena.records.len()))
        });
        let within = move |index: &usize| *index < to;
        std::iter::successors(Some(from).filter(within), move |index| Some(records[*index].subtree_end as usize).filter(within))
            .filter_map(|index| Some((SectionId(index as u32), self.arena.section(index)?)))
    }

    /// Iterates over the section and its ancestors, innermost first.
    pub fn ancestors(&self, id: SectionId) -> impl Iterator<Item = SectionId> {
        let above = move |id: &SectionId| {
            self.arena.records.get(id.index()).map(|record| SectionId(record.parent)).filter(|above| above.0 != NO_SECTION)
        };
        std::iter::successors(Some(id), above)
    }

    /// The innermost section that contains the char at `offset`.
    #[must_use]
    pub fn section_at(&self, offset: usize) -> Option<SectionId> {
        let before = self.arena.records.partition_point(|record| record.start as usize <= offset);
        let last = SectionId(before.checked_sub(1)? as u32);
        self.ancestors(last).find(|id| self.get(*id).is_some_and(|section| section.span.contains(offset)))
    }

    /// The path of a section, from the top down. Each step is a marker (the title of an unnumbered
    /// heading); siblings of the same name are numbered: `一是#2`.
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

    /// The last path step of every section, in reading order. Linear in the number of sections.
    fn steps(&self) -> &[String] {
        self.steps.get_or_init(|| self.numbered_steps(self.sections().iter().map(|section| section.step_name()).collect()))
    }

    /// Sets the names that the path steps are made of, for sections whose texts are not at hand.
    pub(super) fn with_step_names(self, names: Vec<String>) -> Self {
        let steps = self.numbered_steps(names);
        Self { steps: Arc::new(OnceLock::from(steps)), ..self }
    }

    /// The steps of sections with these names: siblings of one name are numbered.
    fn numbered_steps(&self, names: Vec<String>) -> Vec<String> {
        let keys: Vec<(Option<SectionId>, String)> =
            self.sections().iter().zip(&names).map(|(section, name)| (section.parent, step_key(name))).collect();
        let mut counts: HashMap<&(Option<SectionId>, String), (usize, usize)> = HashMap::new();
        for key in &keys {
            counts.entry(key).or_default().0 += 1;
        }
        let mut steps = Vec::with_capacity(names.len());
        for (name, key) in names.into_iter().zip(&keys) {
            let (all, seen) = counts.entry(key).or_default();
            *seen += 1;
            steps.push(if *all > 1 { format!("{name}#{seen}") } else { name });
        }
        steps
    }

    /// Finds the section of a path. Steps are compared after NFKC and without final punctuation, so
    /// `一/(一)` finds `一、/（一）`; `一是#2` is the second of the siblings of that name.
    ///
    /// # Errors
    /// If no section has this path, or several do because a step without `#n` is ambiguous.
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
    /// The name of the section in a path: its marker, or the title of an unnumbered heading.
    #[must_use]
    pub fn step_name(&self) -> String {
        // `/` and `#` are syntax of a path, so those of a title are widened.
        if self.marker_text.is_empty() { self.title_text.replace('/', "／").replace('#', "＃") } else { self.marker_text.to_string() }
    }

    /// The title to display: repaired if the heading was mojibake.
    #[must_use]
    pub fn display_title(&self) -> &'a str {
        self.repaired_title.unwrap_or(self.title_text)
    }
}

/// The comparison key of a path step: NFKC, without surrounding white space and final punctuation.
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
            builder.push(&NewSection {
                parent: open.last().copied(),
                depth: *depth,
                kind: OrdinalKind::HanEnumComma,
                number: 1,
                marker: Span::new(start, start + 2),
                title: Span::new(start + 2, start + 5),
                repaired_title: None,
                marker_text: marker,
                title_text: "题",
                confidence: Confidence::default(),
            });
            open.push(SectionId(index as u32));
        }
        OutlineBuilder::finish(vec![builder], rows.len() * 10, 1)
    }

    #[test]
    fn paths_round_trip() {
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
    fn offsets_resolve_to_the_innermost_section() {
        let tree = outline(&[(0, "一、"), (1, "（一）"), (0, "二、")]);
        assert_eq!(tree.section_at(5), Some(SectionId(0)));
        assert_eq!(tree.section_at(15), Some(SectionId(1)));
        assert_eq!(tree.section_at(25), Some(SectionId(2)));
        assert_eq!(tree.section_at(35), None);
        assert_eq!(tree.children(None).map(|(id, _)| id.0).collect::<Vec<_>>(), [0, 2]);
    }
}
