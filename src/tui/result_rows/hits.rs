//! Rows of hits and of whole speeches.

use crate::app::search::FoundSpeech;
use crate::tui::message::{PieceStyle, ResultRow, SpeechSpan, StyledPieces};
use crate::tui::screens::memos::message::place_words;
use pizhu_annotation::Memo;
use pizhu_library::find;
use pizhu_terminal::paint;
use pizhu_text::document::{DamagedHeading, Document, ParagraphKind};
use pizhu_text::text::Span;
use pizhu_text::text::diff::diff_chars;
use pizhu_text::text::fold::{fold, fold_text};
use pizhu_text::text::width::AmbiguousWidth;
use std::path::Path;

/// Cells for the path of a section; a longer one takes more.
const PLACE_CELLS: usize = 12;
/// Chars of a sentence before its first hit.
const MAX_CHARS_BEFORE: usize = 12;

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

/// The rows of a speech's hits: one for each sentence with all its hits, whose number is at the edge; one
/// for each hit in a note.
///
/// Example: of 人才 in `抓人才，引人才。留住本土人才。` two rows, with two hits and one.
fn hit_rows(found: &FoundSpeech) -> impl Iterator<Item = ResultRow> {
    let (path, document) = (&found.path, &found.document);
    found.groups.iter().map(|group| match (group.sentence, group.hits.as_slice()) {
        (Some(sentence), [first, ..]) => sentence_row(path, document, sentence, first, &group.hits),
        (None, [hit]) => hit_row(path, hit),
        _ => ResultRow::default(),
    })
}

/// The rows of a speech with hits: its heading with their number, and the hits.
pub(super) fn found_rows(found: &FoundSpeech) -> impl Iterator<Item = ResultRow> {
    let mut hits = found.groups.iter().flat_map(|group| &group.hits);
    let first = hits.find_map(|hit| hit.span).map(|span| SpeechSpan { path: found.path.clone(), span });
    let label = format!("{}×{}", date_prefix(&found.document), found.count);
    std::iter::once(heading_row(&found.path, &found.document, first, &label)).chain(hit_rows(found))
}

/// The path of a hit's section, of one width, so that the sentences begin below each other.
fn place_piece(section: &[String]) -> (String, PieceStyle) {
    let path = section.join("/");
    let gap = PLACE_CELLS.saturating_sub(paint::width(&path, AmbiguousWidth::Narrow));
    (format!("  {path}{} ", " ".repeat(gap)), PieceStyle::Dim)
}

/// A sentence with its hits; what comes long before the first one is left out, so that it is in sight.
fn sentence_row(path: &Path, document: &Document, sentence: Span, first: &find::Hit, hits: &[find::Hit]) -> ResultRow {
    let mut pieces = vec![place_piece(&first.section)];
    let damaged = document.outline.section_at(sentence.start).and_then(|id| document.outline.get(id));
    if damaged.is_some_and(|section| section.repaired_title.is_some() && section.heading.contains(sentence.start)) {
        // The chars of a restored title are not those of the source.
        pieces.push((document.quotation(sentence, DamagedHeading::Restored).replace('\n', ""), PieceStyle::Match));
    } else {
        let mut at = sentence.start;
        for span in hits.iter().filter_map(|hit| hit.span) {
            let before = document.text(Span::new(at, span.start.max(at))).replace('\n', "");
            let is_first = at == sentence.start;
            let before = if is_first { tail(before.trim_start(), MAX_CHARS_BEFORE) } else { before };
            for (text, style) in [(before, PieceStyle::Plain), (document.text(span).replace('\n', ""), PieceStyle::Match)] {
                if !text.is_empty() {
                    pieces.push((text, style));
                }
            }
            at = span.end.max(at);
        }
        let after = document.text(Span::new(at.min(sentence.end), sentence.end)).replace('\n', "");
        if !after.trim().is_empty() {
            pieces.push((after.trim_end().to_owned(), PieceStyle::Plain));
        }
    }
    let right_label = if hits.len() > 1 { format!("×{}", hits.len()) } else { String::new() };
    let source = first.span.map(|span| SpeechSpan { path: path.to_owned(), span });
    ResultRow { right_label, ..ResultRow::line(pieces, source) }
}

/// The last chars of a text, with `…` before them if there are more.
fn tail(text: &str, count: usize) -> String {
    match text.char_indices().rev().nth(count) {
        Some((at, c)) => format!("…{}", text.get(at + c.len_utf8()..).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn hit_row(path: &Path, hit: &find::Hit) -> ResultRow {
    let [before, words, after] = hit.snippet.parts();
    let mut pieces = vec![place_piece(&hit.section)];
    for (text, style) in [(before, PieceStyle::Plain), (words, PieceStyle::Match), (after, PieceStyle::Plain)] {
        if !text.is_empty() {
            pieces.push((text.to_owned(), style));
        }
    }
    ResultRow::line(pieces, hit.span.map(|span| SpeechSpan { path: path.to_owned(), span }))
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

/// Rows of memos of tags and of the project, each below what it is on; they lead nowhere.
pub(super) fn memo_rows(memos: &[Memo]) -> Vec<ResultRow> {
    let mut rows = Vec::new();
    for memo in memos {
        let place = place_words(memo);
        let head = if place.is_empty() { memo.author.clone().unwrap_or_default() } else { format!("〔{place}〕") };
        rows.push(ResultRow { is_head: true, ..ResultRow::line(vec![(head, PieceStyle::Badge)], None) });
        let text = memo.text.split_whitespace().collect::<Vec<_>>().join(" ");
        rows.push(ResultRow { wraps: true, ..ResultRow::line(vec![(text, PieceStyle::Note)], None) });
    }
    rows
}

/// Path of a section, followed by its title.
pub(super) fn titled_path(document: &Document, id: pizhu_text::document::SectionId) -> String {
    let title = document.outline.get(id).map(|section| section.display_title().to_owned()).unwrap_or_default();
    format!("{} {title}", document.outline.path_text(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_library::compiled_query::CompiledQuery;
    use pizhu_library::find::Query;
    use pizhu_text::document::{Hints, parse};
    use pizhu_text::search::MatchMode;
    use pizhu_text::text::SourceText;
    use std::sync::Arc;

    /// The rows of a search as text, hits in brackets.
    fn rows(text: &str, query: &str) -> Vec<String> {
        let mut document = parse(SourceText::from(text), &Hints::default());
        let parsed = rows_of(&document, query);
        // As it comes out of the cache: each hit was a row then, cut out of its sentence.
        document.paragraphs = std::sync::Arc::default();
        assert_eq!(rows_of(&document, query), parsed);
        parsed
    }

    fn rows_of(document: &Document, query: &str) -> Vec<String> {
        let compiled = CompiledQuery::new(Query::parse(query, MatchMode::Folded)).unwrap();
        let document = Arc::new(document.clone());
        let found = FoundSpeech::new(Path::new("讲话.txt"), &document, &compiled.hits(&document, None), false);
        let text = |row: ResultRow| {
            let pieces = row.pieces.iter().skip(1);
            let text: String =
                pieces.map(|(text, style)| if *style == PieceStyle::Match { format!("[{text}]") } else { text.clone() }).collect();
            format!("{text}{}", row.right_label)
        };
        found.iter().flat_map(hit_rows).map(text).collect()
    }

    #[test]
    fn sentences_begin_below_each_other() {
        let width = |section: &[&str]| {
            let section: Vec<String> = section.iter().map(|step| (*step).to_owned()).collect();
            paint::width(&place_piece(&section).0, AmbiguousWidth::Narrow)
        };
        assert_eq!([width(&[]), width(&["一、"]), width(&["一、", "（三）"])], [PLACE_CELLS + 3; 3]);
    }

    #[test]
    fn a_sentence_is_one_row_with_all_its_hits() {
        let speech = "同志们：\n一、抓人才\n抓好人才，引进人才，留住人才。还要用好人才。\n别的事情也要抓紧。\n";
        assert_eq!(rows(speech, "人才"), ["一、抓[人才]", "抓好[人才]，引进[人才]，留住[人才]。×3", "还要用好[人才]。"]);
    }

    #[test]
    fn a_damaged_heading_is_shown_restored() {
        let speech = "在青禾县会议上的讲话\n一、总体要求\n1.基础得到进一步夯实\n要稳。\n2贝葱履芰Φ玫浇一步提升\n要实。\n\
                      3.作风得到进一步转变\n要严。\n二、保障措施\n要快。\n";
        let shown = rows(speech, "提升");
        assert_eq!(shown.len(), 1);
        assert!(!shown[0].contains("贝葱") && shown[0].contains("提升"), "{shown:?}");
    }

    #[test]
    fn the_first_hit_of_a_long_sentence_is_in_sight() {
        let speech = format!("同志们：\n今年要{}抓好人才工作，把短板补起来。\n", "坚持不懈".repeat(20));
        assert_eq!(rows(&speech, "人才"), ["…不懈坚持不懈坚持不懈抓好[人才]工作，把短板补起来。"]);
    }
}
