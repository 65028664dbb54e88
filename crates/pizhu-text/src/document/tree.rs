//! The section tree and the paragraphs, out of the reading.

use super::{
    OrdinalKind, Outline, Paragraph, ParagraphKind, SectionId,
    candidate::Candidate,
    find::{Event, Found},
    lines::{Logical, Stops},
    outline::{New, OutlineBuilder},
    reading::{NONE, Node},
    roles::Role,
};
use crate::text::Cleaning;
use crate::text::Cursor;
use crate::text::SourceText;
use crate::text::Span;
use crate::text::cursor::is_blank;
use crate::text::parts::in_parts;

/// Sections that a thread of its own is worth.
const LEAST_NODES: usize = 4000;

/// The outline that the nodes make.
pub(super) fn outline(source: &SourceText, cleaning: &Cleaning, stops: Stops, lines: &[Logical], found: &Found, nodes: &[Node]) -> Outline {
    let parts = in_parts(nodes.len(), LEAST_NODES, |part| {
        let from = nodes.get(part.start).map_or(0, |node| start(&found.events[node.event as usize]));
        let mut builder = OutlineBuilder::with_capacity(part.len());
        let cursor = Cursor::new(source, cleaning, Span::empty(from));
        let mut names = Names { cursor, stops, marker: String::new(), title: String::new() };
        for index in part {
            let node = &nodes[index];
            let limit = nodes.get(index + 1).map_or(usize::MAX, |next| start(&found.events[next.event as usize]));
            let mut restored = None;
            let (kind, marker, title) = match &found.events[node.event as usize] {
                Event::Candidate(candidate) => {
                    restored = found.restored.binary_search_by_key(&(candidate.start as usize), |(at, _)| *at).ok();
                    let marker = names.marker(candidate.marker());
                    let title = names.title(&lines[candidate.line as usize], candidate, limit);
                    (candidate.ordinal.kind, marker, title)
                }
                Event::Heading { start, end, .. } => {
                    let span = Span::new(*start as usize, *end as usize);
                    (OrdinalKind::Heading, names.no_marker(span), names.heading(span))
                }
                Event::Close => (OrdinalKind::Heading, Span::empty(0), Span::empty(0)),
            };
            builder.push(&New {
                parent: (node.parent != NONE).then_some(SectionId(node.parent)),
                depth: node.depth,
                kind,
                number: node.number,
                marker,
                title,
                restored: restored.map(|index| found.restored[index].1.as_str()),
                marker_text: &names.marker,
                title_text: &names.title,
            });
        }
        builder
    });
    OutlineBuilder::finish(parts, source.len(), 0)
}

/// The texts of markers and titles, read off in the order they stand in.
struct Names<'a> {
    /// At or before the next marker.
    cursor: Cursor<'a>,
    stops: Stops,
    /// The texts of the last.
    marker: String,
    title: String,
}

impl Names<'_> {
    /// Reads the text of a marker, without spaces.
    fn marker(&mut self, span: Span) -> Span {
        self.cursor.move_to(span);
        self.marker.clear();
        self.marker.extend(self.cursor.by_ref().map(|(_, c)| c).filter(|c| !c.is_whitespace()));
        span
    }

    /// Reads the title of a candidate: the line, where it is a heading alone; otherwise up to the
    /// first mark that ends a clause, or the next section at `limit`. Without the marks and spaces
    /// that it ends in.
    fn title(&mut self, line: &Logical, candidate: &Candidate, limit: usize) -> Span {
        let from = candidate.ordinal.title_start as usize;
        let to = line.span.end.min(limit).max(from);
        self.cursor.move_to(Span::new(from, to));
        let text = &mut self.title;
        text.clear();
        let (mut end, mut kept) = (from, 0);
        // The mark that the next section stands behind is not the title's either.
        let mut comma = None;
        let mut whole = true;
        let mut before = '\0';
        for (at, c) in self.cursor.by_ref() {
            let is_stop = self.stops.is_stop(before, c);
            before = c;
            if is_stop && !candidate.alone {
                whole = false;
                break;
            }
            push(text, c);
            if is_blank(c) || is_stop {
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
        Span::new(from, end)
    }

    /// An unnumbered heading has no marker.
    fn no_marker(&mut self, span: Span) -> Span {
        self.marker.clear();
        Span::empty(span.start)
    }

    /// Reads an unnumbered heading, all of which is title.
    fn heading(&mut self, span: Span) -> Span {
        self.cursor.move_to(span);
        self.title.clear();
        for (_, c) in self.cursor.by_ref() {
            push(&mut self.title, c);
        }
        span
    }
}

/// Adds a char of a title; line ends that remain are spaces between words.
fn push(text: &mut String, c: char) {
    text.push(if c == '\n' { ' ' } else { c });
}

/// Where an event begins.
fn start(event: &Event) -> usize {
    match event {
        Event::Candidate(candidate) => candidate.start as usize,
        Event::Heading { start, .. } => *start as usize,
        Event::Close => 0,
    }
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
        while let Some((id, opens)) =
            next.next_if(|(_, node)| line_of(&found.events[node.event as usize]) == Some(index)).map(|(id, node)| {
                let opens = match &found.events[node.event as usize] {
                    Event::Candidate(candidate) => candidate.place == super::candidate::Place::Line,
                    _ => true,
                };
                (id, opens)
            })
        {
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
