//! Pieces of a paragraph of bounded size, so that only what is on the screen is laid out.
//!
//! Cuts depend on nothing but the text near them: the n-th lies at the first sentence end at or
//! behind byte n × [`SEGMENT_BYTES`] of the paragraph. So any segment of a paragraph of 100 MB is
//! found without reading what is before it.

use crate::document::Document;
use crate::text::Span;
use crate::text::visible;

/// A paragraph up to this many bytes of UTF-8 is one segment.
pub const SEGMENT_BYTES: usize = 16 * 1024;

/// Chars that are searched for a sentence end before a cut is made anywhere.
const SEARCH: usize = 1024;

/// Chars of the context in which a cut without a sentence end looks for a grapheme boundary.
const CONTEXT: usize = 64;

/// The segments of paragraph `paragraph` (an index of [`Document::paragraphs`]): they follow one
/// another and make up its span; none is empty. Without such a paragraph there are none.
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

/// The segment that holds `offset`, as [`segments`] gives it for the paragraph there; `None`
/// where no paragraph is.
#[must_use]
pub fn segment_at(document: &Document, offset: usize) -> Option<Span> {
    let span = document.paragraphs.get(document.paragraph_at(offset)?)?.span;
    if !span.contains(offset) {
        return None;
    }
    let cuts = cut_count(document, span);
    let place = |n: usize| match n {
        0 => span.start,
        n if n > cuts => span.end,
        n => cut(document, span, n).min(span.end),
    };
    if cuts == 0 {
        return Some(span);
    }
    // The cut lies a little behind its grid point, so the segment is this one or the one before.
    let bytes = document.source.byte_of(offset) - document.source.byte_of(span.start);
    let mut n = (bytes / SEGMENT_BYTES).min(cuts);
    while n > 0 && place(n) > offset {
        n -= 1;
    }
    let start = place(n);
    let end = (n + 1..=cuts + 1).map(place).find(|end| *end > offset)?;
    Some(Span::new(start, end))
}

fn cut_count(document: &Document, span: Span) -> usize {
    if span.len() <= SEGMENT_BYTES / 4 {
        return 0; // a char has four bytes at most; counting bytes costs more than this
    }
    let bytes = document.source.byte_of(span.end) - document.source.byte_of(span.start);
    bytes.saturating_sub(1) / SEGMENT_BYTES
}

/// The place of the n-th cut of the paragraph `span`: behind a sentence's end and the closing
/// marks that follow it, or else at a grapheme boundary.
fn cut(document: &Document, span: Span, n: usize) -> usize {
    let source = &document.source;
    let from = source.offset_of_byte(source.byte_of(span.start) + n * SEGMENT_BYTES).min(span.end);
    let mut ended = false;
    for (offset, c) in source.chars_from(from).take(SEARCH).take_while(|(offset, _)| *offset < span.end) {
        if ended && !is_end(c) && !matches!(c, '”' | '’' | '」' | '』' | '）' | ')' | '》' | ' ' | '\u{3000}' | '\n') {
            return offset;
        }
        ended = ended || is_end(c);
    }
    // No sentence ends here: the first grapheme boundary will do, found in a context that
    // begins where it always begins, whoever asks.
    let context = source.slice(Span::new(from, (from + CONTEXT).min(span.end)));
    let first = visible::units(&context).next().map_or(0, |unit| unit.source.chars().count());
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
        Document { source, paragraphs: Arc::new(vec![Paragraph { span, kind: ParagraphKind::Body }]), ..Document::default() }
    }

    #[test]
    fn a_short_paragraph_is_one_segment() {
        let document = document("青禾县召开会议。会议开得很好。");
        assert_eq!(segments(&document, 0), [document.source.span()]);
        assert_eq!(segments(&document, 1), []);
    }

    #[test]
    fn a_long_one_is_cut_behind_sentences() {
        let document = document(&"全县上下要认真抓好落实，确保“见到实效。”".repeat(2000));
        let made = segments(&document, 0);
        assert!(made.len() > 5);
        for segment in &made {
            assert!(document.quote(*segment).ends_with("。”"));
            assert!(document.quote(*segment).len() < SEGMENT_BYTES + 4 * SEARCH);
        }
    }

    proptest! {
        #[test]
        fn segments_make_up_the_paragraph_and_are_found_by_offset(
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
