//! The section tree and the paragraphs, out of the reading.

use super::{
    OrdinalKind, Paragraph, ParagraphKind, Section, SectionId,
    candidate::Candidate,
    find::{Event, Found},
    lines::{Logical, is_stop},
    reading::Node,
    roles::Role,
};
use crate::text::{Cleaning, Cursor, SourceText, Span, cursor::is_blank};
use std::sync::Arc;

/// The sections of the nodes, in reading order.
pub(super) fn sections(source: &SourceText, cleaning: &Cleaning, lines: &[Logical], found: &Found, nodes: &[Node]) -> Vec<Section> {
    let ends = ends(source, found, nodes);
    let starts: Vec<usize> = nodes.iter().map(|node| start(&found.events[node.event])).collect();
    nodes
        .iter()
        .enumerate()
        .map(|(index, node)| {
            let limit = starts.get(index + 1).copied().unwrap_or(usize::MAX);
            let (kind, marker, title) = match &found.events[node.event] {
                Event::Candidate(candidate) => {
                    let line = &lines[candidate.line as usize];
                    (candidate.ordinal.kind, candidate.marker(), title(source, cleaning, line, candidate, limit))
                }
                Event::Heading { span, .. } => (OrdinalKind::Heading, Span::empty(span.start), *span),
                Event::Close => (OrdinalKind::Heading, Span::empty(0), Span::empty(0)),
            };
            let restored = found.restored.binary_search_by_key(&marker.start, |(at, _)| *at).ok();
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
                marker_text: Arc::from(text(source, cleaning, marker).split_whitespace().collect::<String>()),
                title_text: Arc::from(text(source, cleaning, title)),
            }
        })
        .collect()
}

/// The text of a span inside a paragraph: line ends that remain are spaces between words.
fn text(source: &SourceText, cleaning: &Cleaning, span: Span) -> String {
    let mut text = cleaning.text(source, span);
    if text.contains('\n') {
        text = text.replace('\n', " ");
    }
    text
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

/// The title of a candidate: the line, where it is a heading alone; otherwise up to the first
/// mark that ends a clause, or the next section.
fn title(source: &SourceText, cleaning: &Cleaning, line: &Logical, candidate: &Candidate, limit: usize) -> Span {
    let from = candidate.ordinal.title_start;
    let to = line.span.end.min(limit).max(from);
    let mut end = to;
    if !candidate.alone {
        end = Cursor::new(source, cleaning, Span::new(from, to)).find(|(_, c)| is_stop(*c)).map_or(to, |(at, _)| at);
    }
    // Without the marks and spaces it ends in.
    let mark = |c: char| is_stop(c) || (end == limit && matches!(c, '，' | ',' | '、'));
    let end = source.chars_before(end).take_while(|(at, c)| *at >= from && (is_blank(*c) || mark(*c))).last().map_or(end, |(at, _)| at);
    Span::new(from, end.max(from))
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
