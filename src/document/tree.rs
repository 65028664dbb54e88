//! The section tree and the paragraphs, out of the reading.

use super::{
    OrdinalKind, Paragraph, ParagraphKind, Section, SectionId,
    candidate::Candidate,
    find::{Event, Found},
    lines::{Logical, is_stop},
    reading::Node,
    roles::Role,
};
use crate::text::{Cleaning, Cursor, SourceText, Span, cursor::is_blank, parts::in_parts};
use std::{collections::HashMap, sync::Arc};

/// Sections that a thread of its own is worth.
const LEAST_NODES: usize = 4000;

/// The sections of the nodes, in reading order.
pub(super) fn sections(source: &SourceText, cleaning: &Cleaning, lines: &[Logical], found: &Found, nodes: &[Node]) -> Vec<Section> {
    let ends = ends(source, found, nodes);
    let starts: Vec<usize> = nodes.iter().map(|node| start(&found.events[node.event])).collect();
    let parts = in_parts(nodes.len(), LEAST_NODES, |part| {
        let from = starts.get(part.start).copied().unwrap_or(0);
        let mut names = Names { cursor: Cursor::new(source, cleaning, Span::empty(from)), markers: HashMap::new() };
        let section = |index: usize| {
            let node = &nodes[index];
            let limit = starts.get(index + 1).copied().unwrap_or(usize::MAX);
            let mut restored = None;
            let (kind, (marker, marker_text), (title, title_text)) = match &found.events[node.event] {
                Event::Candidate(candidate) => {
                    restored = found.restored.binary_search_by_key(&candidate.start, |(at, _)| *at).ok();
                    let marker = names.marker(candidate.marker());
                    let title = names.title(&lines[candidate.line as usize], candidate, limit);
                    (candidate.ordinal.kind, marker, title)
                }
                Event::Heading { span, .. } => {
                    let (marker, title) = names.heading(*span);
                    (OrdinalKind::Heading, marker, title)
                }
                Event::Close => (OrdinalKind::Heading, (Span::empty(0), Arc::default()), (Span::empty(0), Arc::default())),
            };
            Section {
                parent: node.parent.map(|parent| SectionId(parent as u32)),
                depth: node.depth,
                kind,
                number: node.number,
                marker,
                title,
                heading: Span::new(marker.start, title.end.max(marker.end)),
                span: Span::new(marker.start, ends[index]),
                restored: restored.map(|index| Arc::from(found.restored[index].1.as_str())),
                marker_text,
                title_text,
            }
        };
        part.map(section).collect::<Vec<_>>()
    });
    let mut parts = parts.into_iter();
    let mut all = parts.next().unwrap_or_default();
    parts.for_each(|part| all.extend(part));
    all
}

/// The texts of markers and titles, read off in the order they stand in.
struct Names<'a> {
    /// At or before the next marker.
    cursor: Cursor<'a>,
    /// The markers met so far: a document has few that differ.
    markers: HashMap<String, Arc<str>>,
}

impl Names<'_> {
    /// The text of a marker, without spaces.
    fn marker(&mut self, span: Span) -> (Span, Arc<str>) {
        self.cursor.move_to(span);
        let text: String = self.cursor.by_ref().map(|(_, c)| c).filter(|c| !c.is_whitespace()).collect();
        let shared = if let Some(shared) = self.markers.get(&text) {
            Arc::clone(shared)
        } else {
            let shared: Arc<str> = Arc::from(text.as_str());
            self.markers.insert(text, Arc::clone(&shared));
            shared
        };
        (span, shared)
    }

    /// The title of a candidate: the line, where it is a heading alone; otherwise up to the first
    /// mark that ends a clause, or the next section at `limit`. Without the marks and spaces that
    /// it ends in.
    fn title(&mut self, line: &Logical, candidate: &Candidate, limit: usize) -> (Span, Arc<str>) {
        let from = candidate.ordinal.title_start;
        let to = line.span.end.min(limit).max(from);
        self.cursor.move_to(Span::new(from, to));
        let (mut end, mut text, mut kept) = (from, String::new(), 0);
        // The mark that the next section stands behind is not the title's either.
        let mut comma = None;
        let mut whole = true;
        for (at, c) in self.cursor.by_ref() {
            if is_stop(c) && !candidate.alone {
                whole = false;
                break;
            }
            push(&mut text, c);
            if is_blank(c) || is_stop(c) {
                continue;
            }
            if matches!(c, '，' | ',' | '、') {
                comma = comma.or(Some((end, kept)));
            } else {
                comma = None;
            }
            (end, kept) = (at + 1, text.len());
        }
        if let Some(before) = comma.filter(|_| whole && to == limit) {
            (end, kept) = before;
        }
        text.truncate(kept);
        (Span::new(from, end), Arc::from(text))
    }

    /// An unnumbered heading: no marker, and all of it is title.
    fn heading(&mut self, span: Span) -> ((Span, Arc<str>), (Span, Arc<str>)) {
        self.cursor.move_to(span);
        let mut text = String::new();
        self.cursor.by_ref().for_each(|(_, c)| push(&mut text, c));
        ((Span::empty(span.start), Arc::default()), (span, Arc::from(text)))
    }
}

/// Adds a char of a title; line ends that remain are spaces between words.
fn push(text: &mut String, c: char) {
    text.push(if c == '\n' { ' ' } else { c });
}

/// Where an event begins.
fn start(event: &Event) -> usize {
    match event {
        Event::Candidate(candidate) => candidate.start,
        Event::Heading { span, .. } => span.start,
        Event::Close => 0,
    }
}

/// The end of each section: where the next one begins that is not inside it.
fn ends(source: &SourceText, found: &Found, nodes: &[Node]) -> Vec<usize> {
    let mut ends = vec![source.len(); nodes.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let at = start(&found.events[node.event]);
        for closed in open.drain(usize::from(node.depth).min(open.len())..) {
            ends[closed] = at;
        }
        open.push(index);
    }
    ends
}

/// The paragraphs of the lines.
pub(super) fn paragraphs(lines: &[Logical], roles: &[Role], found: &Found, nodes: &[Node]) -> Vec<Paragraph> {
    let mut next = nodes.iter().enumerate().peekable();
    let mut paragraphs = Vec::with_capacity(lines.len());
    for (index, (line, role)) in lines.iter().zip(roles).enumerate() {
        let mut kind = match role {
            Role::Title => ParagraphKind::Title,
            Role::Metadata => ParagraphKind::Metadata,
            Role::Boilerplate => ParagraphKind::Boilerplate,
            Role::Salutation => ParagraphKind::Salutation,
            Role::Subheading | Role::Markdown(_) => ParagraphKind::Subheading,
            Role::Body => ParagraphKind::Body,
            Role::Closing => ParagraphKind::Closing,
            Role::Verbatim => ParagraphKind::Verbatim,
            Role::EndMatter => ParagraphKind::EndMatter,
        };
        while let Some((id, opens)) = next.next_if(|(_, node)| line_of(&found.events[node.event]) == Some(index)).map(|(id, node)| {
            let opens = match &found.events[node.event] {
                Event::Candidate(candidate) => candidate.place == super::candidate::Place::Line,
                _ => true,
            };
            (id, opens)
        }) {
            if opens {
                kind = ParagraphKind::Heading(SectionId(id as u32));
            }
        }
        paragraphs.push(Paragraph { span: line.span, kind });
    }
    paragraphs
}

/// The logical line an event stands in.
fn line_of(event: &Event) -> Option<usize> {
    match event {
        Event::Candidate(candidate) => Some(candidate.line as usize),
        Event::Heading { line, .. } => Some(*line as usize),
        Event::Close => None,
    }
}
