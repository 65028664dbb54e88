//! From a place in the skeleton to the exact chars: the marks and spaces at a quote's ends, and
//! whether what stands there is the same text.

use super::Anchor;
use crate::{
    annotation::selector::Selector,
    document::Document,
    text::{Span, fold::fold},
};

/// A punctuation mark by what it means: the widths, the straight and the curved, the Chinese and
/// the ASCII full stop are one.
fn mark(c: char) -> char {
    match fold(c) {
        '。' | '｡' => '.',
        '“' | '”' | '„' | '「' | '」' | '『' | '』' | '＂' => '"',
        '‘' | '’' | '‚' => '\'',
        '【' | '〔' | '［' => '[',
        '】' | '〕' | '］' => ']',
        '〈' => '<',
        '〉' => '>',
        '—' | '–' | '―' | '─' => '-',
        '…' | '⋯' => '…',
        '·' | '•' | '・' | '･' => '·',
        '﹑' => '、',
        other => other,
    }
}

/// Whether the char says something: neither white space nor invisible.
fn counts(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{AD}')
}

/// A text as it is compared: marks by their meaning, without white space.
fn essence(text: &str) -> impl DoubleEndedIterator<Item = char> {
    text.chars().filter(|c| counts(*c)).map(mark)
}

/// `core` (the found letters and digits) with the marks and spaces that the quote has at its ends,
/// as far as they stand there.
pub(super) fn with_edges(document: &Document, quote: &str, core: Span) -> Span {
    let is_letter = |c: char| fold(c).is_alphanumeric();
    let lead: Vec<char> = quote.chars().take_while(|c| !is_letter(*c)).collect();
    let trail: Vec<char> = quote.chars().rev().take_while(|c| !is_letter(*c)).collect();
    let start = reach(lead.iter().rev().copied(), document.source.chars_before(core.start)).map_or(core.start, |(at, _)| at);
    let end = reach(trail.iter().rev().copied(), document.source.chars_from(core.end)).map_or(core.end, |(at, _)| at + 1);
    Span::new(start, end)
}

/// Follows `wanted` along `there`; the last char that both have. White space that one side has
/// and the other has not is passed over, and belongs to neither.
fn reach(wanted: impl Iterator<Item = char>, there: impl Iterator<Item = (usize, char)>) -> Option<(usize, char)> {
    let mut there = there.peekable();
    let mut last = None;
    for c in wanted {
        if counts(c) {
            while there.next_if(|(_, other)| !counts(*other)).is_some() {}
            last = Some(there.next_if(|(_, other)| mark(*other) == mark(c))?).or(last);
            continue;
        }
        if let Some(space) = there.next_if(|(_, other)| !counts(*other) && (*other == '\n') == (c == '\n')) {
            last = Some(space);
        }
    }
    last
}

/// What a certain place is called, given the chars that stand there.
pub(super) fn name_of(document: &Document, selector: &Selector, span: Span) -> Anchor {
    let raw = document.source.slice(span);
    if raw == selector.quote {
        return if span.start == selector.start { Anchor::Exact } else { Anchor::Moved };
    }
    let clean = document.text(span);
    let quote = selector.matched();
    if essence(&clean).eq(essence(quote)) || essence(&raw).eq(essence(&selector.quote)) { Anchor::Moved } else { Anchor::Changed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::SourceText;

    #[test]
    fn the_ends_of_a_quote_come_back_with_its_marks() {
        let edges = |text: &str, core: &str, quote: &str| {
            let document = Document { source: SourceText::from(text), is_final: true, ..Document::default() };
            let at = text[..text.find(core).unwrap()].chars().count();
            document.quote(with_edges(&document, quote, Span::new(at, at + core.chars().count())))
        };
        assert_eq!(edges("说：“抓人才。”又说", "抓人才", "“抓人才。”"), "“抓人才。”");
        assert_eq!(edges("说:\"抓人才.\"又说", "抓人才", "“抓人才。”"), "\"抓人才.\"");
        assert_eq!(edges("说：“抓人才。”又说", "抓人才", "抓人才"), "抓人才");
        assert_eq!(edges("说：“抓人才\n。”又说", "抓人才", "抓人才。"), "抓人才\n。");
        assert_eq!(edges("说：抓人才！又说", "抓人才", "抓人才。"), "抓人才");
        assert_eq!(edges("　　抓人才\n又说", "抓人才", "　　抓人才\n"), "　　抓人才\n");
        assert_eq!(edges("抓人才又说", "抓人才", "　　抓人才\n"), "抓人才");
    }
}
