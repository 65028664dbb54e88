//! Segments: pieces of a paragraph of bounded size, each laid out alone, so that only the text on
//! the screen is laid out.
//!
//! A cut depends only on the text near it: the n-th is the first sentence end at or after byte
//! n × [`SEGMENT_BYTES`] of the paragraph. So a segment of a paragraph of 100 MB is found without
//! reading the text before it.

use crate::document::Document;
use crate::text::Span;
use crate::text::visible;

/// Distance between cuts in bytes of UTF-8; a paragraph up to this size is one segment.
const SEGMENT_BYTES: usize = 16 * 1024;

/// Chars searched for a sentence end before a cut is made at any grapheme boundary.
const MAX_SEARCH_CHARS: usize = 1024;

/// Chars of context in which a cut without a sentence end looks for a grapheme boundary.
const CONTEXT_CHARS: usize = 64;

/// The segments of paragraph `paragraph` (an index of [`Document::paragraphs`]). They are contiguous,
/// cover its span, and are not empty. There are none if there is no such paragraph.
///
/// ```
/// use pizhu_text::{
///     document::{Document, Paragraph, ParagraphKind},
///     layout::{segment_at, segments},
///     text::SourceText,
/// };
/// use std::sync::Arc;
///
/// let source = SourceText::from("青禾县召开会议。");
/// let paragraphs = Arc::new(vec![Paragraph { span: source.span(), kind: ParagraphKind::Body }]);
/// let document = Document { clean_text: source.into(), paragraphs, ..Document::default() };
/// assert_eq!(segments(&document, 0), [document.source.span()]); // short: one segment
/// assert_eq!(segment_at(&document, 3), Some(document.source.span()));
/// ```
#[must_use]
pub fn segments(document: &Document, paragraph: usize) -> Vec<Span> {
    let Some(span) = document.paragraphs.get(paragraph).map(|paragraph| paragraph.span) else { return Vec::new() };
    let cuts = cut_count(document, span);
    let mut made = Vec::with_capacity(cuts + 1);
    let mut from = span.start;
    for n in 1..=cuts {
        let to = cut(document, span, n);
        if to > from && to < span.end {
            made.push(Span::new(from, to));
            from = to;
        }
    }
    if from < span.end {
        made.push(Span::new(from, span.end));
    }
    made
}

/// The segment that holds source offset `offset`, one of those of [`segments`]; `None` outside
/// paragraphs.
#[must_use]
pub fn segment_at(document: &Document, offset: usize) -> Option<Span> {
    let span = document.paragraphs.get(document.paragraph_at(offset)?)?.span;
    if !span.contains(offset) {
        return None;
    }
    let cuts = cut_count(document, span);
    let boundary = |n: usize| match n {
        0 => span.start,
        n if n > cuts => span.end,
        n => cut(document, span, n).min(span.end),
    };
    if cuts == 0 {
        return Some(span);
    }
    // A cut is a little after its grid point, so the segment is this one or an earlier one.
    let bytes = document.source.char_to_byte(offset) - document.source.char_to_byte(span.start);
    let mut n = (bytes / SEGMENT_BYTES).min(cuts);
    while n > 0 && boundary(n) > offset {
        n -= 1;
    }
    let start = boundary(n);
    let end = (n + 1..=cuts + 1).map(boundary).find(|end| *end > offset)?;
    Some(Span::new(start, end))
}

/// Number of cuts of the paragraph `span`.
fn cut_count(document: &Document, span: Span) -> usize {
    if span.len() <= SEGMENT_BYTES / 4 {
        return 0; // a char has at most four bytes; this is cheaper than counting bytes
    }
    let bytes = document.source.char_to_byte(span.end) - document.source.char_to_byte(span.start);
    bytes.saturating_sub(1) / SEGMENT_BYTES
}

/// Offset of the n-th cut (from 1) of the paragraph `span`: after a sentence end and its closing
/// marks, or at a grapheme boundary if no sentence ends near.
fn cut(document: &Document, span: Span, n: usize) -> usize {
    let source = &document.source;
    let from = source.byte_to_char(source.char_to_byte(span.start) + n * SEGMENT_BYTES).min(span.end);
    let mut ended = false;
    for (offset, c) in source.chars_from(from).take(MAX_SEARCH_CHARS).take_while(|(offset, _)| *offset < span.end) {
        if ended && !is_end(c) && !matches!(c, '”' | '’' | '」' | '』' | '）' | ')' | '》' | ' ' | '\u{3000}' | '\n') {
            return offset;
        }
        ended = ended || is_end(c);
    }
    // No sentence end: the first grapheme boundary, found in a context that begins at the grid
    // point, so that the result does not depend on the caller.
    let context = source.slice(Span::new(from, (from + CONTEXT_CHARS).min(span.end)));
    let first = visible::clusters(&context).next().map_or(0, |unit| unit.source.chars().count());
    from + first
}

fn is_end(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Paragraph;
    use crate::document::ParagraphKind;
    use crate::text::SourceText;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn document(text: &str) -> Document {
        let source = SourceText::from(text);
        let span = source.span();
        Document {
            clean_text: source.into(),
            paragraphs: Arc::new(vec![Paragraph { span, kind: ParagraphKind::Body }]),
            ..Document::default()
        }
    }

    #[test]
    fn a_short_paragraph_is_one_segment() {
        let document = document("青禾县召开会议。会议开得很好。");
        assert_eq!(segments(&document, 0), [document.source.span()]);
        assert_eq!(segments(&document, 1), []);
    }

    #[test]
    fn a_long_paragraph_is_cut_after_sentences() {
        let document = document(&"全县上下要认真抓好落实，确保“见到实效。”".repeat(2000));
        let made = segments(&document, 0);
        assert!(made.len() > 5);
        for segment in &made {
            assert!(document.quote(*segment).ends_with("。”"));
            assert!(document.quote(*segment).len() < SEGMENT_BYTES + 4 * MAX_SEARCH_CHARS);
        }
    }

    proptest! {
        #[test]
        fn segments_cover_the_paragraph_and_are_found_by_offset(
            pieces in prop::collection::vec(("[a字👩\u{301}]{1,5}|。|”|\n", 1usize..4000), 1..12), at in 0usize..60_000,
        ) {
            let text: String = pieces.iter().map(|(piece, times)| piece.repeat(*times)).collect();
            let document = document(&text);
            let made = segments(&document, 0);
            prop_assert_eq!(made.first().map(|s| s.start), Some(0));
            prop_assert_eq!(made.last().map(|s| s.end), Some(document.source.len()));
            prop_assert!(made.windows(2).all(|pair| pair[0].end == pair[1].start));
            prop_assert!(made.iter().all(|segment| !segment.is_empty()));
            let at = at % document.source.len();
            prop_assert_eq!(segment_at(&document, at), made.iter().copied().find(|segment| segment.contains(at)));
        }
    }
}
