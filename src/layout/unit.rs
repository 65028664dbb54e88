//! A segment taken apart into the units that are placed.

use crate::{
    document::Document,
    text::{
        Span,
        visible::{self, UnitKind},
        width::{self, Ambiguous},
    },
};
use compact_str::CompactString;

/// Distance of tab stops in cells.
const TAB: u8 = 4;

/// One unit of the text, not yet placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Offset of its first char in the source.
    pub offset: usize,
    /// Chars of the source from its first to its last.
    pub len: u16,
    /// Cells it takes (a tab: the most it can take).
    pub width: u8,
    /// What it is.
    pub kind: UnitKind,
    /// Its first char.
    pub char: char,
    /// Where its text begins in [`Line::text`].
    pub at: u32,
}

/// The kept text of a segment as units.
#[derive(Debug, Default)]
pub struct Line {
    /// The chars of the source that are set.
    pub segment: Span,
    /// The segment's text without what cleaning removed.
    pub text: String,
    /// Its units in order.
    pub items: Vec<Item>,
}

impl Line {
    /// Takes the segment apart.
    pub fn new(document: &Document, segment: Span, ambiguous: Ambiguous) -> Self {
        let mut line = Self { segment, ..Self::default() };
        let mut kept = document.cleaning.kept(segment).peekable();
        line.text.reserve(segment.len() * 3);
        line.items.reserve(segment.len());
        // Places in the source are counted out chunk by chunk, so it is asked once.
        let whole = document.source.slice(segment);
        let mut rest: &str = &whole;
        let mut at = segment.start;
        for span in document.cleaning.kept(segment) {
            rest = behind(rest, span.start - at);
            let left = behind(rest, span.len());
            line.text.push_str(&rest[..rest.len() - left.len()]);
            rest = left;
            at = span.end;
        }
        let mut here = kept.next().unwrap_or(Span::empty(segment.start));
        let mut at = 0;
        for unit in visible::units(&line.text) {
            let mut chars = unit.source.chars();
            let Some(first) = chars.next() else { continue };
            if here.is_empty() {
                here = kept.next().unwrap_or(here);
            }
            let offset = here.start;
            here.start += 1;
            let mut end = here.start;
            for _ in chars {
                if here.is_empty() {
                    here = kept.next().unwrap_or(here);
                }
                here.start += 1;
                end = here.start;
            }
            let len = u16::try_from(end - offset).unwrap_or(u16::MAX);
            line.items.push(Item { offset, len, width: unit_width(&unit, first, ambiguous), kind: unit.kind, char: first, at });
            at += unit.source.len() as u32;
        }
        line
    }

    /// The text that is drawn for item `index`, which takes `cells` cells.
    pub fn shown(&self, index: usize, cells: u8) -> CompactString {
        let item = &self.items[index];
        if item.kind == UnitKind::Tab {
            return CompactString::new(" ".repeat(usize::from(cells)));
        }
        let end = self.items.get(index + 1).map_or(self.text.len(), |next| next.at as usize);
        let source = &self.text[item.at as usize..end];
        CompactString::from(visible::Unit { source, kind: item.kind }.shown())
    }
}

/// The text behind its first `chars` chars.
fn behind(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or("", |(byte, _)| &text[byte..])
}

/// Cells of a tab that begins at `column`.
pub fn tab_width(column: u16) -> u8 {
    TAB - (column % u16::from(TAB)) as u8
}

fn unit_width(unit: &visible::Unit<'_>, first: char, ambiguous: Ambiguous) -> u8 {
    match unit.kind {
        UnitKind::Plain if unit.source.len() == first.len_utf8() => width::char_width(first, ambiguous),
        UnitKind::Plain | UnitKind::Sign => width::grapheme_width(&unit.shown(), ambiguous),
        UnitKind::Space => {
            if first == '\u{3000}' {
                2
            } else {
                1
            }
        }
        UnitKind::Tab => TAB,
        UnitKind::LineFeed => 0,
    }
}
