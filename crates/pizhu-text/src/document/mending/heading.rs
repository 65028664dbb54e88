//! Headings made by hand: their words, ordinal and likely level.

use super::super::{
    candidate::FINAL_NUMBER,
    ordinal::OrdinalKind,
    ordinal_forms::ordinal_at,
    outline::Outline,
    paragraph::Paragraph,
    punctuation::{is_closing, is_stop},
};
use crate::text::cursor::is_blank;
use crate::text::{CleanText, Cursor, Span};

/// Longest line that is a heading as a whole, in chars.
const MAX_LINE_CHARS: usize = 80;
/// Longest heading or title by hand, in chars.
const MAX_HEADING_CHARS: usize = 400;

/// A heading as its words show it.
#[derive(Debug, Clone)]
pub(super) struct HeadingText {
    pub(super) kind: OrdinalKind,
    pub(super) number: u32,
    pub(super) marker: Span,
    pub(super) title: Span,
    pub(super) marker_text: String,
    pub(super) title_text: String,
}

impl HeadingText {
    /// Reads the words of `at`: an ordinal, if they begin with one, and the title.
    pub(super) fn read(text: &CleanText, at: Span) -> Self {
        let mut cursor = Cursor::new(&text.source, &text.cleaning, at);
        let first = cursor.by_ref().find(|(_, c)| !is_blank(*c) && *c != '#');
        let (start, ordinal) = match first {
            Some((start, c)) => {
                (start, ordinal_at(c, &cursor).filter(|ordinal| ordinal.well_formed && ordinal.marker_end as usize <= at.end))
            }
            None => (at.start, None),
        };
        let (kind, number, marker_end, title_start) = match ordinal {
            Some(ordinal) => {
                let number = if ordinal.number == FINAL_NUMBER { 0 } else { ordinal.number };
                (
                    ordinal.kind,
                    number,
                    ordinal.marker_end as usize,
                    (ordinal.title_start as usize).clamp(ordinal.marker_end as usize, at.end),
                )
            }
            None => (OrdinalKind::Heading, 0, start, start),
        };
        let (mut title_text, mut end, mut len) = (String::new(), title_start, 0);
        for (at, c) in Cursor::new(&text.source, &text.cleaning, Span::new(title_start, at.end)) {
            title_text.push(if c == '\n' { ' ' } else { c });
            if !(is_blank(c) || is_stop(c) || matches!(c, '，' | ',' | '、')) {
                (end, len) = (at + 1, title_text.len());
            }
        }
        title_text.truncate(len);
        let marker = Span::new(start, marker_end);
        let marker_text = text.text(marker).split_whitespace().collect();
        Self { kind, number, marker, title: Span::new(title_start, end), marker_text, title_text }
    }
}

/// The words at `place`; see `Document::heading_words`. A heading ends with the clause if
/// `cuts_clause` and the line runs on.
pub(in crate::document) fn words_at(
    text: &CleanText,
    paragraphs: &[Paragraph],
    outline: &Outline,
    place: Span,
    cuts_clause: bool,
) -> Option<Span> {
    let source = &text.source;
    let begins = if place.is_empty() { place.start } else { skip_blank(text, place)? };
    let after = paragraphs.partition_point(|paragraph| paragraph.span.start <= begins);
    let paragraph = paragraphs.get(after.checked_sub(1)?)?.span;
    let line = source.line_span(source.char_to_line(begins));
    let whole = if place.is_empty() { line } else { Span::new(begins, place.end) };
    let whole = trimmed(text, whole.intersection(paragraph)?)?;
    // A section that begins in the words ends them.
    let sections = outline.sections();
    let next = sections.get(sections.lower_bound(whole.start + 1)).map_or(usize::MAX, |section| section.heading.start);
    let mut whole = Span::new(whole.start, whole.end.min(next).min(whole.start + MAX_HEADING_CHARS));
    if place.is_empty() && cuts_clause {
        let chars = || Cursor::new(source, &text.cleaning, whole);
        let last = chars().last().map_or('\0', |(_, c)| c);
        if whole.len() > MAX_LINE_CHARS || is_closing(last) {
            // The number of an ordinal ends in a mark, too.
            let from = HeadingText::read(text, whole).title.start;
            let stop = chars().find(|(at, c)| *at > from && is_stop(*c)).map_or(whole.end, |(at, _)| at);
            whole = Span::new(whole.start, stop);
        }
    }
    trimmed(text, whole)
}

/// The first offset of `span` that is not blank.
fn skip_blank(text: &CleanText, span: Span) -> Option<usize> {
    text.source.chars_from(span.start).take(span.len()).find(|(_, c)| !c.is_whitespace()).map(|(at, _)| at)
}

/// The span without white space and signs of Markdown headings at its edges.
fn trimmed(text: &CleanText, span: Span) -> Option<Span> {
    let skipped = |c: char| c.is_whitespace() || c == '#';
    let start = text.source.chars_from(span.start).take(span.len()).find(|(_, c)| !skipped(*c))?.0;
    let end = text.source.chars_before(span.end).take(span.end - start).find(|(_, c)| !c.is_whitespace())?.0 + 1;
    Some(Span::new(start, end))
}

/// See `Document::likely_level`.
pub(in crate::document) fn likely_level(text: &CleanText, outline: &Outline, words: Span) -> u8 {
    let heading = HeadingText::read(text, words);
    let sections = outline.sections();
    let above = sections.lower_bound(words.start);
    let level = |depth: u16| u8::try_from(depth.saturating_add(1)).unwrap_or(u8::MAX);
    let same_kind = |index: &usize| sections.get(*index).is_some_and(|section| section.kind == heading.kind);
    let last = above.checked_sub(1).and_then(|last| sections.get(last));
    match (0..above).rev().find(same_kind).and_then(|index| sections.get(index)) {
        Some(sibling) => level(sibling.depth),
        None => match last {
            None => 1,
            Some(last) if heading.kind == OrdinalKind::Heading => level(last.depth),
            Some(last) => level(last.depth + 1),
        },
    }
}
