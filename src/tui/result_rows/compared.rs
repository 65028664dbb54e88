//! The rows of two compared speeches: the own text of each section, with what differs marked.

use crate::app::compare::ComparedSpeeches;
use crate::tui::message::{ComparedEntry, ComparedOutline, ComparedTexts, PieceStyle, ResultRow, SpeechSpan, StyledPieces};
use pizhu_library::compare::{ComparedSection, MarkKind, SectionSide, SpeechComparison};
use pizhu_text::document::{Document, ParagraphKind};
use pizhu_text::text::Span;
use std::path::Path;

/// A speech and its file.
type Source<'a> = (&'a Path, &'a Document);

/// The rows of two compared speeches.
///
/// Either side has a head for each section of both, in its own order: where it lacks one, an empty head
/// stands for it, so that whoever goes from change to change on one side misses none.
pub(super) fn compared_rows(compared: &ComparedSpeeches) -> ComparedTexts {
    let comparison = &compared.comparison;
    let sources: [Source<'_>; 2] = [0, 1].map(|side: usize| (compared.paths[side].as_path(), compared.documents[side].as_ref()));
    let sides = [0, 1].map(|side: usize| {
        let marks = comparison.marks(side);
        let mut rows = Vec::new();
        for index in order(comparison, side) {
            let section = &comparison.sections[index];
            let key = index.to_string();
            match &section.sides[side] {
                Some(own) => rows.extend(section_rows(sources[side], side, section, own, &marks, &key)),
                None => rows.extend(section.sides[1 - side].as_ref().map(|other| stand_in(sources[1 - side], section, other, &key))),
            }
        }
        let title = sources[side].1.metadata.title.as_deref().unwrap_or_default().replace('\n', " ");
        (title, rows)
    });
    let entries = comparison.sections.iter().map(|section| entry(section, [sources[0].1, sources[1].1])).collect();
    ComparedTexts { sides, outline: Some(ComparedOutline { kept: comparison.kept, entries }) }
}

fn entry(section: &ComparedSection, documents: [&Document; 2]) -> ComparedEntry {
    let shown = usize::from(section.sides[1].is_some());
    let path = |side: usize| {
        let id = section.sides[side].as_ref().and_then(|own| own.id);
        id.map(|id| documents[side].outline.path_text(id)).unwrap_or_default()
    };
    ComparedEntry {
        name: section.sides[shown].as_ref().map(|own| name(documents[shown], own)).unwrap_or_default(),
        depth: section.sides[shown].as_ref().map_or(0, |own| usize::from(own.depth)),
        paths: [path(0), path(1)],
        section: section.clone(),
    }
}

/// Marker and title of a section.
fn name(document: &Document, side: &SectionSide) -> String {
    let section = side.id.and_then(|id| document.outline.get(id));
    section.map(|section| format!("{}{}", section.marker_text, section.display_title())).unwrap_or_default()
}

/// The indices of the compared sections in the order of one side; those that it lacks after the one before
/// them on the other side.
fn order(comparison: &SpeechComparison, side: usize) -> Vec<usize> {
    // The place of each on this side: its own start, or that of the last before it.
    let mut last = 0;
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (index, section) in comparison.sections.iter().enumerate() {
        if let Some(own) = &section.sides[side] {
            last = own.span.start;
        }
        places.push((last, index));
    }
    let is_absent = |index: usize| comparison.sections[index].sides[side].is_none();
    places.sort_by_key(|(place, index)| (*place, is_absent(*index), *index));
    places.into_iter().map(|(_, index)| index).collect()
}

/// The head of a section that only the other speech has.
fn stand_in((path, document): Source<'_>, section: &ComparedSection, side: &SectionSide, key: &str) -> ResultRow {
    let source = Some(SpeechSpan { path: path.to_owned(), span: side.span });
    ResultRow {
        is_head: true,
        align_key: key.to_owned(),
        sign: section.state.sign(),
        ..ResultRow::line(vec![(name(document, side), PieceStyle::Dim)], source)
    }
}

/// The rows of a section's own text, one for each paragraph.
fn section_rows(
    (path, document): Source<'_>,
    side: usize,
    section: &ComparedSection,
    own: &SectionSide,
    marks: &[(Span, MarkKind)],
    key: &str,
) -> Vec<ResultRow> {
    let section_here = own.id.and_then(|id| document.outline.get(id));
    let heading = section_here.map_or(Span::empty(own.span.start), |section| section.heading);
    let restored = section_here.is_some_and(|section| section.repaired_title.is_some()).then(|| name(document, own));
    let mut rows: Vec<ResultRow> = Vec::new();
    let from = document.paragraph_at(own.span.start).unwrap_or(0);
    let paragraphs = document.paragraphs.iter().skip(from).take_while(|paragraph| paragraph.span.start < own.span.end);
    for paragraph in paragraphs
        .filter(|paragraph| !matches!(paragraph.kind, ParagraphKind::Boilerplate | ParagraphKind::Title | ParagraphKind::Metadata))
    {
        let Some(span) = paragraph.span.intersection(own.span) else { continue };
        let pieces = pieces(document, side, span, (heading, restored.as_deref()), marks);
        if pieces.iter().all(|(text, _)| text.trim().is_empty()) {
            continue;
        }
        let is_head = rows.is_empty();
        let sign = if is_head { section.state.sign() } else { "" };
        let source = Some(SpeechSpan { path: path.to_owned(), span });
        let align_key = if is_head { key.to_owned() } else { String::new() };
        rows.push(ResultRow { wraps: true, is_head, align_key, sign, ..ResultRow::line(pieces, source) });
    }
    if rows.is_empty() {
        // Nothing to see, but its counterpart has a place to go to.
        let source = Some(SpeechSpan { path: path.to_owned(), span: own.span });
        rows.push(ResultRow {
            is_head: true,
            align_key: key.to_owned(),
            sign: section.state.sign(),
            ..ResultRow::line(Vec::new(), source)
        });
    }
    rows
}

/// The text of a span, what differs marked; a damaged heading as restored.
fn pieces(
    document: &Document,
    side: usize,
    span: Span,
    (heading, restored): (Span, Option<&str>),
    marks: &[(Span, MarkKind)],
) -> StyledPieces {
    let mut pieces = StyledPieces::new();
    let mut push = |from: usize, to: usize, mark: Option<MarkKind>| {
        let Some(span) = Span::new(from.min(to), to).intersection(span) else { return };
        let cut = heading.end.clamp(span.start, span.end);
        for (span, plain) in [(Span::new(span.start, cut), PieceStyle::Title), (Span::new(cut, span.end), PieceStyle::Plain)] {
            let text = match restored {
                Some(restored) if span == heading => restored.to_owned(),
                _ => document.text(span).replace('\n', ""),
            };
            let style = match (mark, side) {
                (None, _) => plain,
                (Some(MarkKind::Moved), _) => PieceStyle::Moved,
                (Some(MarkKind::Changed), 0) => PieceStyle::Removed,
                (Some(MarkKind::Changed), _) => PieceStyle::Added,
            };
            if !text.is_empty() {
                pieces.push((text, style));
            }
        }
    };
    let mut at = span.start;
    let first = marks.partition_point(|(mark, _)| mark.end <= span.start);
    for (mark, kind) in marks[first..].iter().take_while(|(mark, _)| mark.start < span.end) {
        push(at, mark.start, None);
        push(mark.start.max(at), mark.end, Some(*kind));
        at = mark.end.max(at);
    }
    push(at, span.end, None);
    if let Some((text, _)) = pieces.first_mut() {
        *text = text.trim_start().to_owned();
    }
    pieces
}
