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

/// One section: a heading (ordinal and title) and the text under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
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
    pub restored: Option<Arc<str>>,
    /// The marker's text after cleaning.
    pub marker_text: Arc<str>,
    /// The title's text after cleaning.
    pub title_text: Arc<str>,
}

/// The section tree of one document: a snapshot, cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    /// Grows with each new tree of the same document.
    pub generation: u64,
    sections: Arc<Vec<Section>>,
    /// Each section's step of its path, worked out for all at once when the first is asked for.
    steps: Arc<OnceLock<Vec<String>>>,
    /// For each section the index of the first one behind it that is not inside it.
    behind: Arc<Vec<u32>>,
}

impl PartialEq for Outline {
    fn eq(&self, other: &Self) -> bool {
        self.generation == other.generation && self.sections == other.sections
    }
}

impl Eq for Outline {}

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
    /// An outline of `sections`, which keep the invariants above.
    #[must_use]
    pub fn new(sections: Vec<Section>, generation: u64) -> Self {
        let mut behind = vec![sections.len() as u32; sections.len()];
        let mut open: Vec<usize> = Vec::new();
        for (index, section) in sections.iter().enumerate() {
            for closed in open.drain(usize::from(section.depth).min(open.len())..) {
                behind[closed] = index as u32;
            }
            open.push(index);
        }
        Self { generation, sections: Arc::new(sections), behind: Arc::new(behind), steps: Arc::default() }
    }

    /// All sections in reading order.
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// All sections with their ids, in reading order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (SectionId, &Section)> {
        self.sections.iter().enumerate().map(|(index, section)| (SectionId(index as u32), section))
    }

    /// The section of that id, which must come from this outline (or one of the same length).
    #[must_use]
    pub fn get(&self, id: SectionId) -> Option<&Section> {
        self.sections.get(id.index())
    }

    /// The sections directly under `parent`, or the topmost for `None`.
    pub fn children(&self, parent: Option<SectionId>) -> impl Iterator<Item = (SectionId, &Section)> {
        // Descendants follow their ancestor without a gap; siblings are reached by leaping over
        // what is inside the one before.
        let from = parent.map_or(0, |id| id.index() + 1);
        let to = parent.map_or(self.sections.len(), |id| self.behind.get(id.index()).map_or(0, |behind| *behind as usize));
        let within = move |index: &usize| *index < to;
        std::iter::successors(Some(from).filter(within), move |index| Some(self.behind[*index] as usize).filter(within))
            .map(|index| (SectionId(index as u32), &self.sections[index]))
    }

    /// The section and those above it, from the innermost outwards.
    pub fn ancestors(&self, id: SectionId) -> impl Iterator<Item = SectionId> {
        std::iter::successors(Some(id), move |id| self.get(*id)?.parent)
    }

    /// The innermost section that holds the char at `offset`.
    #[must_use]
    pub fn at(&self, offset: usize) -> Option<SectionId> {
        let before = self.sections.partition_point(|section| section.span.start <= offset);
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
            let names: Vec<String> = self.sections.iter().map(Section::step_name).collect();
            let keys: Vec<(Option<SectionId>, String)> =
                self.sections.iter().zip(&names).map(|(section, name)| (section.parent, step_key(name))).collect();
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

impl Section {
    /// What stands for the section in a path: its marker, or the title of an unnumbered heading.
    #[must_use]
    pub fn step_name(&self) -> String {
        // A path is joined by slashes and numbered by `#`; a title that holds one gives way.
        if self.marker_text.is_empty() { self.title_text.replace('/', "／").replace('#', "＃") } else { self.marker_text.to_string() }
    }

    /// The title as a reader should see it: restored where it was damaged.
    #[must_use]
    pub fn shown_title(&self) -> &str {
        self.restored.as_deref().unwrap_or(&self.title_text)
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
        let mut sections = Vec::new();
        for (index, (depth, marker)) in rows.iter().enumerate() {
            open.truncate(usize::from(*depth));
            let start = index * 10;
            // Ends where the next section of the same or a higher level begins.
            let end = rows[index + 1..].iter().position(|(d, _)| d <= depth).map_or(rows.len() * 10, |n| (index + 1 + n) * 10);
            sections.push(Section {
                parent: open.last().copied(),
                depth: *depth,
                kind: OrdinalKind::Pause,
                number: 1,
                marker: Span::new(start, start + 2),
                title: Span::new(start + 2, start + 5),
                heading: Span::new(start, start + 5),
                span: Span::new(start, end),
                restored: None,
                marker_text: Arc::from(*marker),
                title_text: Arc::from("题"),
            });
            open.push(SectionId(index as u32));
        }
        Outline::new(sections, 1)
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
