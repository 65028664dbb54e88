//! Parsing: source text to document.

use super::{
    Document, Hints, Metadata, Outline, Paragraph, ParagraphKind, Section, SectionId,
    candidate::{Candidate, Place, ordinal_at},
    lines::{Line, is_closing, lines},
    reading::{Node, read},
};
use crate::text::{Cleaning, Cursor, SourceText, Span};
use std::sync::Arc;

/// How much of the source a provisional document is made of, in chars.
const PROVISIONAL_CHARS: usize = 64 * 1024;

/// Parses the whole source.
#[must_use]
pub fn parse(source: SourceText, hints: &Hints) -> Document {
    build(source, hints, true)
}

/// Parses what has come of a source so far, quickly, for the first paint. The document has the
/// whole of `source` as its text, but paragraphs and sections of its first block alone.
#[must_use]
pub fn parse_provisional(source: SourceText, hints: &Hints) -> Document {
    if source.len() <= PROVISIONAL_CHARS {
        return build(source, hints, false);
    }
    let mut head = crate::text::SourceBuilder::default();
    for piece in source.pieces(Span::new(0, PROVISIONAL_CHARS)) {
        head.push_str(piece);
    }
    Document { source, ..build(head.finish(), hints, false) }
}

fn build(source: SourceText, hints: &Hints, is_final: bool) -> Document {
    let cleaning = Cleaning::default();
    let lines = lines(&source);
    let candidates = candidates(&source, &cleaning, &lines, hints);
    let nodes = read(&candidates);
    let sections = sections(&source, &cleaning, &lines, &candidates, &nodes);
    let mut paragraphs = Vec::with_capacity(lines.len());
    let mut next = nodes.iter().enumerate().peekable();
    for (index, line) in lines.iter().enumerate() {
        let mut kind = if index == 0 { ParagraphKind::Title } else { ParagraphKind::Body };
        while let Some((id, _)) = next.next_if(|(_, node)| candidates[node.candidate].line as usize == index) {
            if candidates[nodes[id].candidate].start == line.span.start {
                kind = ParagraphKind::Heading(SectionId(id as u32));
            }
        }
        paragraphs.push(Paragraph { span: line.span, kind: hints.kind_of(line.span).unwrap_or(kind) });
    }
    let mut metadata = Metadata { title: hints.title.as_deref().map(Arc::from), ..Metadata::default() };
    if let Some(line) = lines.first() {
        metadata.title = Some(Arc::from(cleaning.text(&source, line.span)));
        metadata.title_span = Some(line.span);
    }
    Document { source, cleaning, outline: Outline::new(sections, 0), paragraphs: Arc::new(paragraphs), metadata, is_final }
}

fn candidates(source: &SourceText, cleaning: &Cleaning, lines: &[Line], hints: &Hints) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| hints.kind_of(line.span).is_none()) {
        let mut cursor = Cursor::new(source, cleaning, line.span);
        let mut place = Place::Line;
        while let Some((at, c)) = cursor.next() {
            if let Some(ordinal) = ordinal_at(c, &cursor) {
                found.push(Candidate {
                    ordinal,
                    start: at,
                    place,
                    alone: place == Place::Line && !is_closing(line.last),
                    line: index as u32,
                });
            }
            place = match c {
                '。' | '！' | '？' | '；' | '：' | ';' | ':' | '!' | '?' => Place::Stop,
                '，' | ',' | '、' => Place::Comma,
                _ => Place::Mid,
            };
        }
    }
    found.retain(|candidate| matches!(candidate.place, Place::Line | Place::Stop));
    found
}

fn sections(source: &SourceText, cleaning: &Cleaning, lines: &[Line], candidates: &[Candidate], nodes: &[Node]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        let candidate = &candidates[node.candidate];
        let line = &lines[candidate.line as usize];
        let mut end = line.span.end;
        for (at, c) in Cursor::new(source, cleaning, Span::new(candidate.ordinal.title_start, line.span.end)) {
            if matches!(c, '。' | '！' | '？' | '；' | '：' | ';' | ':' | '!' | '?') {
                end = at;
                break;
            }
        }
        let title = Span::new(candidate.ordinal.title_start.min(end), end);
        let section_end = nodes[index + 1..]
            .iter()
            .find(|other| other.depth <= node.depth)
            .map_or(source.len(), |other| candidates[other.candidate].start);
        sections.push(Section {
            parent: node.parent.map(|parent| SectionId(parent as u32)),
            depth: node.depth,
            kind: candidate.ordinal.kind,
            number: node.number,
            marker: candidate.marker(),
            title,
            heading: Span::new(candidate.start, end.max(candidate.ordinal.marker_end)),
            span: Span::new(candidate.start, section_end),
            restored: None,
            marker_text: Arc::from(cleaning.text(source, candidate.marker())),
            title_text: Arc::from(cleaning.text(source, title)),
        });
    }
    sections
}
