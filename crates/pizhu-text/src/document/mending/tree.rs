//! The section tree while it is mended: a list of headings with their depths.
//!
//! Invariant after each edit: the first heading has depth 0, and each next one is at most one deeper
//! than the one before. A subtree is the run of deeper headings after its own.

use super::{
    edit::{OutlineChange, OutlineEdit},
    heading::HeadingText,
    parts::{OutlineParts, RemovedSection},
};
use crate::document::{
    confidence::Confidence,
    outline::{NewSection, Outline, OutlineBuilder, Section, SectionId},
};
use crate::text::{CleanText, Span};
use std::collections::{BTreeSet, HashMap};

/// Deepest level; deeper ones are of no use, and a loop of demotions must end.
const MAX_DEPTH: usize = 63;

/// The title after the edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TitleState {
    /// As parsed.
    Parsed,
    /// The parsed one is none.
    None,
    /// These words.
    At(Span),
}

/// A heading in the list.
#[derive(Debug, Clone)]
struct Node {
    heading: HeadingText,
    depth: usize,
    repaired_title: Option<String>,
    /// The name of its path step, where the texts are not at hand.
    step_name: Option<String>,
    confidence: Confidence,
    /// The section of the parsed outline that it is.
    origin: Option<SectionId>,
    /// The section as it was when its heading was taken away.
    stretch: Option<Span>,
    touched: bool,
}

impl Node {
    fn parsed(outline: &Outline, id: SectionId, section: Section<'_>) -> Self {
        let lacks_texts = section.marker_text.is_empty() && section.title_text.is_empty();
        // `#` stands in a step only before the number that tells siblings apart.
        let bare = |step: &str| step.rsplit_once('#').map_or(step, |(name, _)| name).to_owned();
        Self {
            heading: HeadingText {
                kind: section.kind,
                number: section.number,
                marker: section.marker,
                title: section.title,
                marker_text: section.marker_text.to_owned(),
                title_text: section.title_text.to_owned(),
            },
            depth: usize::from(section.depth),
            repaired_title: section.repaired_title.map(str::to_owned),
            step_name: lacks_texts.then(|| outline.step(id).map(bare)).flatten(),
            confidence: section.confidence,
            origin: Some(id),
            stretch: None,
            touched: false,
        }
    }

    fn start(&self) -> usize {
        self.heading.marker.start
    }

    fn span(&self) -> Span {
        Span::new(self.start(), self.heading.title.end.max(self.heading.marker.end))
    }
}

/// The headings of a document while they are mended.
#[derive(Debug)]
pub(super) struct MendedTree<'a> {
    text: &'a CleanText,
    parsed: &'a OutlineParts,
    nodes: Vec<Node>,
    taken_away: Vec<Node>,
    title: TitleState,
}

impl<'a> MendedTree<'a> {
    pub(super) fn new(text: &'a CleanText, parsed: &'a OutlineParts) -> Self {
        let nodes = parsed.outline.iter().map(|(id, section)| Node::parsed(&parsed.outline, id, section)).collect();
        Self { text, parsed, nodes, taken_away: Vec::new(), title: TitleState::Parsed }
    }

    /// Applies an edit; one that fits nothing has no effect.
    pub(super) fn apply(&mut self, edit: OutlineEdit) {
        if edit.at.is_empty() || edit.at.end > self.text.source.len() {
            return;
        }
        let found = self.find(edit.at);
        let level = edit.level.map(usize::from);
        match (edit.change, found) {
            (OutlineChange::Promote, Some(at)) => {
                let depth = self.nodes[at].depth;
                if depth > 0 && level.is_none_or(|before| depth + 1 >= before) {
                    self.shift(at, depth - 1);
                }
            }
            (OutlineChange::Demote, Some(at)) => {
                let depth = self.nodes[at].depth;
                let has_sibling_above = at.checked_sub(1).is_some_and(|above| self.nodes[above].depth >= depth);
                if has_sibling_above && level.is_none_or(|before| depth < before) {
                    self.shift(at, depth + 1);
                }
            }
            (OutlineChange::Heading(level), Some(at)) => {
                let deepest = at.checked_sub(1).map_or(0, |above| self.nodes[above].depth + 1);
                self.shift(at, usize::from(level.max(1) - 1).min(deepest));
            }
            (OutlineChange::Heading(level), None) => self.insert(edit.at, usize::from(level.max(1) - 1)),
            (OutlineChange::NoHeading, Some(at)) => self.remove(at, edit.stretch),
            (OutlineChange::NoHeading, None) => match self.title {
                TitleState::At(span) if span.overlaps(edit.at) => self.title = TitleState::Parsed,
                TitleState::Parsed if self.parsed.metadata.title_span.is_some_and(|span| span.overlaps(edit.at)) => {
                    self.title = TitleState::None;
                }
                _ => {}
            },
            (OutlineChange::Title, found) => {
                if let Some(at) = found {
                    self.remove(at, edit.stretch);
                }
                let is_parsed = self.parsed.metadata.title_span == Some(edit.at);
                self.title = if is_parsed { TitleState::Parsed } else { TitleState::At(edit.at) };
            }
            (OutlineChange::Promote | OutlineChange::Demote, None) => {}
        }
    }

    /// The heading that begins in `at`, else the one that `at` begins in.
    fn find(&self, at: Span) -> Option<usize> {
        let next = self.nodes.partition_point(|node| node.start() < at.start);
        if self.nodes.get(next).is_some_and(|node| node.start() < at.end) {
            return Some(next);
        }
        next.checked_sub(1).filter(|above| self.nodes[*above].span().overlaps(at))
    }

    /// The index after the subtree of the heading at `at`.
    fn subtree_end(&self, at: usize) -> usize {
        let depth = self.nodes[at].depth;
        self.nodes.iter().skip(at + 1).position(|node| node.depth <= depth).map_or(self.nodes.len(), |count| at + 1 + count)
    }

    /// Moves the heading to `depth`, with its subtree.
    fn shift(&mut self, at: usize, depth: usize) {
        let (from, end) = (self.nodes[at].depth, self.subtree_end(at));
        for node in &mut self.nodes[at..end] {
            node.depth = (node.depth + depth - from).min(MAX_DEPTH);
        }
        self.nodes[at].touched = true;
        self.nodes[at].confidence = Confidence::default();
        self.settle();
    }

    /// Takes the heading away: the sections below it go to the section before it of its level, or up to
    /// its own level if there is none.
    fn remove(&mut self, at: usize, stretch: Option<Span>) {
        let mut node = self.nodes.remove(at);
        node.stretch = stretch.filter(|stretch| stretch.overlaps(node.span()));
        if node.origin.is_some() {
            self.taken_away.push(node);
        }
        self.settle();
    }

    /// Makes `at` a heading; what follows and is deeper comes below it.
    fn insert(&mut self, at: Span, depth: usize) {
        let again = self.taken_away.iter().position(|node| node.start() >= at.start && node.start() < at.end);
        let mut node = if let Some(index) = again {
            self.taken_away.remove(index)
        } else {
            let heading = HeadingText::read(self.text, at);
            let step_name = self.nodes.iter().any(|node| node.step_name.is_some()).then(|| step_name(&heading));
            Node {
                heading,
                depth,
                repaired_title: None,
                step_name,
                confidence: Confidence::default(),
                origin: None,
                stretch: None,
                touched: true,
            }
        };
        if self.nodes.iter().any(|other| other.start() == node.start()) {
            return;
        }
        let index = self.nodes.partition_point(|other| other.start() < node.start());
        // It ends where the next section begins.
        if let Some(next) = self.nodes.get(index).map(Node::start) {
            let clip = |span: Span| Span::new(span.start.min(next), span.end.min(next));
            if node.span().end > next {
                (node.heading.marker, node.heading.title) = (clip(node.heading.marker), clip(node.heading.title));
                node.heading.title_text = self.text.text(node.heading.title);
            }
        }
        // Words that are not read, such as a gloss, are no heading.
        if node.heading.title_text.trim().is_empty() && node.heading.marker_text.is_empty() && node.step_name.is_none()
            || node.span().is_empty()
        {
            return;
        }
        node.depth = depth.min(index.checked_sub(1).map_or(0, |above| self.nodes[above].depth + 1));
        (node.touched, node.confidence) = (true, Confidence::default());
        if let TitleState::At(span) = self.title
            && span.overlaps(node.span())
        {
            self.title = TitleState::Parsed;
        }
        if self.title == TitleState::Parsed && self.parsed.metadata.title_span.is_some_and(|span| span.overlaps(node.span())) {
            self.title = TitleState::None;
        }
        self.nodes.insert(index, node);
        self.settle();
    }

    /// Makes the depths a tree: the parent of each heading is the last one above it that is less deep.
    fn settle(&mut self) {
        let mut open: Vec<usize> = Vec::new();
        for node in &mut self.nodes {
            while open.last().is_some_and(|above| *above >= node.depth) {
                open.pop();
            }
            open.push(node.depth);
            node.depth = open.len() - 1;
        }
    }

    /// The outline, and the new ids of the parsed sections that are left.
    pub(super) fn build(&self) -> (Outline, HashMap<SectionId, SectionId>) {
        let (mut builder, mut open, mut new_ids) = (OutlineBuilder::with_capacity(self.nodes.len()), Vec::new(), HashMap::new());
        for (index, node) in self.nodes.iter().enumerate() {
            let id = SectionId(u32::try_from(index).unwrap_or(u32::MAX));
            open.truncate(node.depth);
            builder.push(&NewSection {
                parent: open.last().copied(),
                depth: u16::try_from(node.depth).unwrap_or(u16::MAX),
                kind: node.heading.kind,
                number: node.heading.number,
                marker: node.heading.marker,
                title: node.heading.title,
                repaired_title: node.repaired_title.as_deref(),
                marker_text: &node.heading.marker_text,
                title_text: &node.heading.title_text,
                confidence: node.confidence,
            });
            open.push(id);
            new_ids.extend(node.origin.map(|origin| (origin, id)));
        }
        let generation = self.parsed.outline.generation + 1;
        let mut outline = OutlineBuilder::finish(vec![builder], self.text.source.len(), generation);
        if self.nodes.iter().any(|node| node.step_name.is_some()) {
            let name = |node: &Node| node.step_name.clone().unwrap_or_else(|| step_name(&node.heading));
            outline = outline.with_step_names(self.nodes.iter().map(name).collect());
        }
        (outline, new_ids)
    }

    /// The title.
    pub(super) fn title(&self) -> TitleState {
        self.title
    }

    /// The headings that the parsed outline has not, with their ids.
    pub(super) fn made(&self) -> Vec<(Span, SectionId)> {
        let made = self.nodes.iter().enumerate().filter(|(_, node)| node.origin.is_none());
        made.map(|(index, node)| (node.span(), SectionId(u32::try_from(index).unwrap_or(u32::MAX)))).collect()
    }

    /// Starts of the headings made or moved.
    pub(super) fn touched(&self) -> BTreeSet<usize> {
        self.nodes.iter().filter(|node| node.touched).map(Node::start).collect()
    }

    /// The sections whose headings were taken away, in text order.
    pub(super) fn removed(&self) -> Vec<RemovedSection> {
        let section = |node: &Node| {
            let section = self.parsed.outline.get(node.origin?)?;
            Some(RemovedSection { heading: section.heading, span: node.stretch.unwrap_or(section.span) })
        };
        let mut removed: Vec<RemovedSection> = self.taken_away.iter().filter_map(section).collect();
        removed.sort_by_key(|removed| removed.heading.start);
        removed
    }
}

/// The name of a heading in a path.
fn step_name(heading: &HeadingText) -> String {
    if heading.marker_text.is_empty() { heading.title_text.replace('/', "／").replace('#', "＃") } else { heading.marker_text.clone() }
}
