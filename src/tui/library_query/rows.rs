//! Rows of results, of speeches and passages.

use crate::tui::message::{PieceStyle, ResultRow, SpeechSpan, StyledPieces};
use pizhu_annotation::AnchoredAnnotation;
use pizhu_library::find;
use pizhu_text::document::{Document, ParagraphKind};
use pizhu_text::text::diff::diff_chars;
use pizhu_text::text::fold::{fold, fold_text};
use std::path::Path;

/// The speech's date followed by two spaces; empty if it has none.
pub(super) fn date_prefix(document: &Document) -> String {
    document.metadata.date.as_deref().map(|date| format!("{date}  ")).unwrap_or_default()
}

/// Diffs two texts, ignoring line breaks and folding characters; differing parts are marked.
pub(super) fn diff_pieces(a: &str, b: &str) -> (StyledPieces, StyledPieces) {
    let [a, b]: [Vec<char>; 2] = [a, b].map(|text| text.chars().filter(|c| *c != '\n').collect());
    let folded = |chars: &[char]| chars.iter().copied().map(fold).collect::<Vec<char>>();
    let (mut left, mut right) = (StyledPieces::new(), StyledPieces::new());
    let push = |pieces: &mut StyledPieces, chars: &[char], style| {
        if !chars.is_empty() {
            pieces.push((chars.iter().collect(), style));
        }
    };
    for segment in diff_chars(&folded(&a), &folded(&b)) {
        let style = if segment.equal { PieceStyle::Plain } else { PieceStyle::Match };
        push(&mut left, &a[segment.old], style);
        push(&mut right, &b[segment.new], style);
    }
    (left, right)
}

/// The heading row of a speech.
pub(super) fn heading_row(path: &Path, document: &Document, source: Option<SpeechSpan>, right_label: &str) -> ResultRow {
    let name = || path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let title = document.metadata.title.as_deref().map(|title| title.replace('\n', " ")).filter(|title| !title.trim().is_empty());
    ResultRow {
        right_label: right_label.to_owned(),
        is_head: true,
        ..ResultRow::line(vec![(title.unwrap_or_else(name), PieceStyle::Title)], source)
    }
}

pub(super) fn hit_row(path: &Path, hit: &find::Hit) -> ResultRow {
    let [before, words, after] = hit.snippet.parts();
    let mut pieces = vec![(format!("  {:<8} ", hit.section.join("/")), PieceStyle::Dim)];
    for (text, style) in [(before, PieceStyle::Plain), (words, PieceStyle::Match), (after, PieceStyle::Plain)] {
        if !text.is_empty() {
            pieces.push((text.to_owned(), style));
        }
    }
    ResultRow::line(pieces, hit.span.map(|span| SpeechSpan { path: path.to_owned(), span }))
}

/// The passages of one speech as rows: its title, then each passage under its section, with its
/// note. Of a passage inside one already shown only the note is added.
pub(super) fn passage_rows(path: &Path, document: &Document, placed: &[AnchoredAnnotation]) -> Vec<ResultRow> {
    let source = |placed: &AnchoredAnnotation| placed.span.map(|span| SpeechSpan { path: path.to_owned(), span });
    let mut rows = vec![heading_row(path, document, placed.iter().find_map(source), &date_prefix(document))];
    let mut read = 0;
    let mut section = None;
    for one in placed {
        let annotation = &one.annotation;
        let text = match one.span {
            Some(span) if span.end <= read => String::new(),
            Some(span) => document.text(span),
            None => annotation.selector.quote.clone(),
        };
        let path_here = match one.span {
            Some(span) => one.section.or_else(|| document.outline.section_at(span.start)).map(|id| titled_path(document, id)),
            None => Some(annotation.selector.section.join("/")),
        };
        if !text.is_empty() && path_here != section {
            let tags = annotation.tags.names().join(" ");
            let words = path_here.clone().unwrap_or_default();
            rows.push(ResultRow { right_label: tags, is_head: true, ..ResultRow::line(vec![(words, PieceStyle::Dim)], source(one)) });
            section = path_here;
        }
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            rows.push(ResultRow { wraps: true, ..ResultRow::line(vec![(line.to_owned(), PieceStyle::Plain)], source(one)) });
        }
        for line in annotation.note.lines() {
            rows.push(ResultRow {
                wraps: true,
                ..ResultRow::line(vec![("※ ".to_owned(), PieceStyle::Note), (line.to_owned(), PieceStyle::Note)], source(one))
            });
        }
        read = read.max(one.span.map_or(0, |span| span.end));
    }
    rows.push(ResultRow::default());
    rows
}

/// All of a speech as rows, one per paragraph; a section's first paragraph is its head.
pub(super) fn speech_rows(path: &Path, document: &Document) -> Vec<ResultRow> {
    let mut rows = Vec::new();
    for paragraph in document.paragraphs.iter() {
        let text = document.text(paragraph.span).replace('\n', "");
        if text.trim().is_empty() || matches!(paragraph.kind, ParagraphKind::Boilerplate | ParagraphKind::Title) {
            continue;
        }
        let heading = document
            .outline
            .section_at(paragraph.span.start)
            .filter(|id| document.outline.get(*id).is_some_and(|section| paragraph.span.contains(section.span.start)));
        let source = Some(SpeechSpan { path: path.to_owned(), span: paragraph.span });
        let style = if heading.is_some() { PieceStyle::Title } else { PieceStyle::Plain };
        let align_key = heading.map(|id| fold_text(&document.outline.path_text(id))).unwrap_or_default();
        rows.push(ResultRow {
            wraps: true,
            is_head: heading.is_some(),
            align_key,
            ..ResultRow::line(vec![(text.trim().to_owned(), style)], source)
        });
    }
    rows
}

/// Path of a section, followed by its title.
pub(super) fn titled_path(document: &Document, id: pizhu_text::document::SectionId) -> String {
    let title = document.outline.get(id).map(|section| section.display_title().to_owned()).unwrap_or_default();
    format!("{} {title}", document.outline.path_text(id))
}
