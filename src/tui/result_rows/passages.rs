//! The rows of passages under a tag: each speech once, each section's heading once, each note with its
//! passage.

use super::hits::{date_prefix, heading_row, titled_path};
use crate::app::tagged::TaggedSpeech;
use crate::tui::message::{PieceStyle, ResultRow, SpeechSpan};
use pizhu_annotation::{AnchoredAnnotation, TagId};
use pizhu_text::document::{DamagedHeading, Document, ParagraphKind};
use pizhu_text::text::Span;
use std::path::Path;

/// The passages of one speech as rows: its title, then each passage under its section, with its
/// note. Of a passage inside one already shown only the note is added.
pub(in crate::tui) fn passage_rows(path: &Path, document: &Document, placed: &[AnchoredAnnotation]) -> Vec<ResultRow> {
    let source = |placed: &AnchoredAnnotation| placed.span.map(|span| SpeechSpan { path: path.to_owned(), span });
    let mut rows = vec![heading_row(path, document, placed.iter().find_map(source), &date_prefix(document))];
    let mut read = 0;
    let mut section = None;
    for one in placed {
        let annotation = &one.annotation;
        let is_shown = one.span.is_some_and(|span| span.end <= read);
        let path_here = match one.span {
            Some(span) => one.section.or_else(|| document.outline.section_at(span.start)).map(|id| titled_path(document, id)),
            None => Some(annotation.selector.section.join("/")),
        };
        if !is_shown && path_here != section {
            let tags = annotation.tags.names().join(" ");
            let words = path_here.clone().unwrap_or_default();
            rows.push(ResultRow { right_label: tags, is_head: true, ..ResultRow::line(vec![(words, PieceStyle::Dim)], source(one)) });
            section = path_here;
        }
        let mut passage: Vec<ResultRow> = match one.span {
            Some(_) if is_shown => Vec::new(),
            Some(span) => paragraphs(document, span).into_iter().map(|pieces| paragraph_row(pieces, source(one))).collect(),
            None => annotation.selector.quote.lines().map(|line| paragraph_row(plain(line), source(one))).collect(),
        };
        let notes: Vec<String> = annotation.note.lines().map(str::to_owned).collect();
        match passage.first_mut() {
            Some(first) => first.notes = notes,
            None if !notes.is_empty() => passage.push(ResultRow { notes, ..paragraph_row(Vec::new(), source(one)) }),
            None => {}
        }
        rows.extend(passage);
        read = read.max(one.span.map_or(0, |span| span.end));
    }
    rows.push(ResultRow::default());
    rows
}

/// The passages of all speeches under each tag that is read, in the order of the tree; `any`: under every
/// tag that they have.
pub(in crate::tui) fn rows_by_tag(found: &[TaggedSpeech], tag: &str, any: bool) -> Vec<ResultRow> {
    let mut tags: Vec<(usize, TagId, String)> = Vec::new();
    for (number, speech) in found.iter().enumerate() {
        let book = &speech.codebook;
        let wanted = book.all_wanted(tag);
        for (place, (_, one)) in book.tree().into_iter().enumerate() {
            let is_wanted = any || wanted.iter().any(|above| book.is_within(one.id, *above));
            if is_wanted && !tags.iter().any(|(_, known, _)| *known == one.id) {
                // Codebooks of several stores follow one another.
                let place = if number == 0 { place } else { usize::MAX };
                tags.push((place, one.id, book.path(one.id).unwrap_or_else(|| one.name.clone())));
            }
        }
    }
    tags.sort_by_key(|(place, ..)| *place);
    let mut rows = Vec::new();
    for (_, id, name) in tags {
        let mut under = Vec::new();
        let mut count = 0;
        for speech in found {
            let has =
                |anchored: &&AnchoredAnnotation| speech.codebook.current_tags(&anchored.annotation.tags).iter().any(|tag| tag.id == id);
            let placed: Vec<AnchoredAnnotation> = speech.placed.iter().filter(has).cloned().collect();
            if !placed.is_empty() {
                count += placed.len();
                under.extend(passage_rows(&speech.path, &speech.document, &placed));
            }
        }
        if count > 0 {
            let head = ResultRow::line(vec![(name, PieceStyle::Badge)], under.iter().find_map(|row: &ResultRow| row.source.clone()));
            rows.push(ResultRow { is_head: true, right_label: format!("×{count}"), ..head });
            rows.extend(under);
        }
    }
    rows
}

fn plain(line: &str) -> Vec<(String, PieceStyle)> {
    vec![(line.trim().to_owned(), PieceStyle::Plain)]
}

fn paragraph_row(pieces: Vec<(String, PieceStyle)>, source: Option<SpeechSpan>) -> ResultRow {
    ResultRow { wraps: true, is_paragraph: true, ..ResultRow::line(pieces, source) }
}

/// The paragraphs of a passage, without the heading that stands above it and without what is not part of
/// the speech.
fn paragraphs(document: &Document, span: Span) -> Vec<Vec<(String, PieceStyle)>> {
    let own = document.outline.section_at(span.start).and_then(|id| document.outline.get(id));
    // The heading is in the row above, unless the passage is no more than that.
    let start = own.filter(|section| section.span.start == span.start && section.heading.end < span.end).map_or(span.start, |section| {
        let after = document.source.chars_from(section.heading.end).find(|(_, c)| !c.is_whitespace() && !"。．.：:".contains(*c));
        after.map_or(section.heading.end, |(at, _)| at).min(span.end)
    });
    let span = if start < span.end { Span::new(start, span.end) } else { span };
    let first = document.paragraph_at(span.start).unwrap_or(0);
    let here = document.paragraphs.iter().skip(first).take_while(|paragraph| paragraph.span.start < span.end);
    let mut found = Vec::new();
    for paragraph in here.filter(|paragraph| paragraph.kind != ParagraphKind::Boilerplate) {
        let Some(part) = paragraph.span.intersection(span) else { continue };
        // A heading may begin its paragraph: the rest is text.
        let heading = match paragraph.kind {
            ParagraphKind::Heading(id) => {
                document.outline.get(id).map_or(part.start, |section| section.heading.end.clamp(part.start, part.end))
            }
            _ => part.start,
        };
        let piece = |span: Span| document.quotation(span, DamagedHeading::Restored).replace('\n', "");
        let (title, text) = (piece(Span::new(part.start, heading)), piece(Span::new(heading, part.end)));
        let pieces = [(title.trim_start().to_owned(), PieceStyle::Title), (text.trim_end().to_owned(), PieceStyle::Plain)];
        let pieces: Vec<(String, PieceStyle)> = pieces.into_iter().filter(|(text, _)| !text.trim().is_empty()).collect();
        if !pieces.is_empty() {
            found.push(pieces);
        }
    }
    if found.is_empty() {
        found.push(plain(&document.text(span).replace('\n', "")));
    }
    found
}
