//! The paragraphs of a mended document.
//!
//! Invariant: they cover the same chars as the parsed ones, but for white space where one was cut.

use super::{parts::OutlineParts, tree::TitleState};
use crate::document::outline::SectionId;
use crate::document::paragraph::{Paragraph, ParagraphKind};
use crate::text::{CleanText, Span};
use std::collections::HashMap;

/// The paragraphs with their new kinds; `made` are the headings that were none, in text order.
pub(super) fn mended(
    text: &CleanText,
    parsed: &OutlineParts,
    new_ids: &HashMap<SectionId, SectionId>,
    made: &[(Span, SectionId)],
    title: TitleState,
) -> Vec<Paragraph> {
    let mut made = made.iter().copied().peekable();
    let mut paragraphs = Vec::with_capacity(parsed.paragraphs.len() + 2);
    for paragraph in parsed.paragraphs.iter() {
        let mut cuts: Vec<(Span, ParagraphKind)> = Vec::new();
        while let Some((span, id)) = made.next_if(|(span, _)| span.start < paragraph.span.end) {
            if span.start >= paragraph.span.start {
                cuts.push((span, ParagraphKind::Heading(id)));
            }
        }
        if let TitleState::At(span) = title
            && let Some(words) = span.intersection(paragraph.span)
        {
            cuts.push((words, ParagraphKind::Title));
            cuts.sort_by_key(|(span, _)| span.start);
        }
        let kind = match paragraph.kind {
            ParagraphKind::Heading(id) => new_ids.get(&id).map_or(ParagraphKind::Body, |id| ParagraphKind::Heading(*id)),
            ParagraphKind::Title if parsed.metadata.title_span.is_some_and(|span| span.overlaps(paragraph.span)) => match title {
                TitleState::Parsed => ParagraphKind::Title,
                TitleState::None => ParagraphKind::Body,
                TitleState::At(_) => ParagraphKind::Metadata,
            },
            other => other,
        };
        cut(text, Paragraph { kind, ..*paragraph }, &cuts, &mut paragraphs);
    }
    paragraphs
}

/// Adds a paragraph in pieces: each of `cuts` that begins a line becomes one, to the end of its line;
/// what runs on after a heading in the same line stays with it. Others are points inside.
fn cut(text: &CleanText, paragraph: Paragraph, cuts: &[(Span, ParagraphKind)], out: &mut Vec<Paragraph>) {
    let mut rest = paragraph;
    for (span, kind) in cuts.iter().filter(|(span, _)| paragraph.span.contains(span.start)) {
        if span.start < rest.span.start {
            continue;
        }
        let Some(start) = line_start(text, rest.span, span.start) else { continue };
        push(text, Paragraph { span: Span::new(rest.span.start, start), ..rest }, out);
        // The words of a heading may reach into the next paragraph.
        let end = line_end(text, rest.span, span.end.min(rest.span.end));
        let after = if matches!(rest.kind, ParagraphKind::Heading(_) | ParagraphKind::Title | ParagraphKind::Subheading) {
            ParagraphKind::Body
        } else {
            rest.kind
        };
        match end {
            Some(end) => {
                push(text, Paragraph { span: Span::new(start, end), kind: *kind }, out);
                rest = Paragraph { span: Span::new(end, rest.span.end), kind: after };
            }
            None => rest = Paragraph { span: Span::new(start, rest.span.end), kind: *kind },
        }
    }
    push(text, rest, out);
}

/// Adds a paragraph without the white space at its edges, unless nothing is left.
fn push(text: &CleanText, paragraph: Paragraph, out: &mut Vec<Paragraph>) {
    let span = paragraph.span;
    let Some((start, _)) = text.source.chars_from(span.start).take(span.len()).find(|(_, c)| !c.is_whitespace()) else { return };
    let end = text.source.chars_before(span.end).take(span.len()).find(|(_, c)| !c.is_whitespace()).map_or(span.end, |(at, _)| at + 1);
    out.push(Paragraph { span: Span::new(start, end), kind: paragraph.kind });
}

/// The start of the line of `offset` in the paragraph, if only blanks and signs of a Markdown heading
/// stand between.
fn line_start(text: &CleanText, paragraph: Span, offset: usize) -> Option<usize> {
    let mut before = text.source.chars_before(offset).take(offset.saturating_sub(paragraph.start));
    match before.find(|(_, c)| *c == '\n' || !(c.is_whitespace() || *c == '#')) {
        None => Some(paragraph.start),
        Some((at, '\n')) => Some(at + 1),
        Some(_) => None,
    }
}

/// The end of the line in which a heading ends, if nothing but its final marks follows there.
fn line_end(text: &CleanText, paragraph: Span, offset: usize) -> Option<usize> {
    let after = text.source.chars_from(offset).take(paragraph.end.saturating_sub(offset));
    let mut end = offset;
    for (at, c) in after {
        if c == '\n' {
            return Some(end);
        }
        if c.is_alphanumeric() {
            return None;
        }
        if !c.is_whitespace() {
            end = at + 1;
        }
    }
    Some(end.max(offset))
}
