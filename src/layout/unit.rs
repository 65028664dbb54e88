//! A segment taken apart into the units that are placed.

use super::{
    class::{self, Info, RARE},
    kinsoku::Mark,
    shown::Shown,
};
use crate::{
    document::Document,
    text::{
        Span,
        visible::{self, Unit, UnitKind},
        width::{self, Ambiguous},
    },
};
use std::borrow::Cow;

/// Distance of tab stops in cells.
const TAB: u8 = 4;

/// One unit of the text, not yet placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Chars of the source from the segment's start to its first.
    pub offset: u32,
    /// Where its text begins in [`Line::text`].
    pub at: u32,
    /// Its first char as the Chinese pass sees it: full-width digits as ASCII, quotes directed.
    pub shade: char,
    /// Its first char as UAX #14 is to see it.
    pub seen: char,
    /// Chars of the source from its first to its last.
    pub len: u16,
    /// Cells it takes (a tab: the most it can take).
    pub width: u8,
    /// What it is.
    pub kind: UnitKind,
    /// What it is to kinsoku.
    pub mark: Mark,
    /// Its class in UAX #14, or [`RARE`].
    pub class: u8,
}

/// The kept text of a segment as units.
#[derive(Debug)]
pub struct Line<'a> {
    /// The chars of the source that are set.
    pub segment: Span,
    /// The segment's text without what cleaning removed.
    pub text: Cow<'a, str>,
    /// Its units in order.
    pub items: Vec<Item>,
    /// Whether a digit is among them.
    pub has_digits: bool,
    /// Whether `//` or `w.` is, as in a URL.
    pub has_urls: bool,
}

impl<'a> Line<'a> {
    /// Takes the segment apart.
    pub fn new(document: &'a Document, segment: Span, ambiguous: Ambiguous) -> Self {
        let text = kept_text(document, segment);
        let mut maker = Maker {
            kept: document.cleaning.kept(segment),
            here: Span::empty(segment.start),
            start: segment.start,
            open: [false; 2],
            before: ' ',
            ambiguous,
            items: Vec::with_capacity(segment.len()),
            has_digits: false,
            has_urls: false,
        };
        maker.take(&text);
        let Maker { items, has_digits, has_urls, .. } = maker;
        Self { segment, text, items, has_digits, has_urls }
    }

    /// The offset in the source of an item's first char.
    pub fn offset(&self, item: &Item) -> usize {
        self.segment.start + item.offset as usize
    }

    /// The text that is drawn for item `index`, which takes `cells` cells.
    #[inline]
    pub fn shown(&self, index: usize, cells: u8) -> Shown {
        let item = &self.items[index];
        let end = self.items.get(index + 1).map_or(self.text.len(), |next| next.at as usize);
        match self.text.get(item.at as usize..end) {
            Some(source) if item.kind == UnitKind::Plain && item.len == 1 => Shown::new(source),
            Some(source) => shown(source, item.kind, cells),
            None => Shown::new(""),
        }
    }
}

fn shown(source: &str, kind: UnitKind, cells: u8) -> Shown {
    match kind {
        UnitKind::Tab => Shown::new(&" ".repeat(usize::from(cells))),
        _ => Shown::new(&Unit { source, kind }.shown()),
    }
}

/// The text of the segment's kept parts; borrowed where nothing is removed.
fn kept_text(document: &Document, segment: Span) -> Cow<'_, str> {
    // Places in the source are counted out chunk by chunk, so it is asked once.
    let whole = document.source.slice(segment);
    if document.cleaning.within(segment).is_empty() {
        return whole;
    }
    let mut text = String::with_capacity(whole.len());
    let mut rest: &str = &whole;
    let mut at = segment.start;
    for span in document.cleaning.kept(segment) {
        rest = behind(rest, span.start - at);
        let left = behind(rest, span.len());
        text.push_str(&rest[..rest.len() - left.len()]);
        rest = left;
        at = span.end;
    }
    Cow::Owned(text)
}

/// The text behind its first `chars` chars.
fn behind(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or("", |(byte, _)| &text[byte..])
}

struct Maker<K> {
    kept: K,
    /// What is left of the kept part at hand.
    here: Span,
    /// The segment's start.
    start: usize,
    /// For each kind of quote whether the next one without direction closes one.
    open: [bool; 2],
    /// The first char of the unit before.
    before: char,
    ambiguous: Ambiguous,
    items: Vec<Item>,
    has_digits: bool,
    has_urls: bool,
}

impl<K: Iterator<Item = Span>> Maker<K> {
    fn take(&mut self, text: &str) {
        let table = class::table();
        let known = |c: Option<char>| c.and_then(|c| table.get(c));
        let mut at = 0;
        let mut rest = text.chars();
        let mut next = rest.next();
        let mut next_info = known(next);
        while let Some(c) = next {
            let info = next_info;
            next = rest.next();
            next_info = known(next);
            if let Some(info) = info
                && (next_info.is_some() || next.is_none())
            {
                self.push_known(info, c, next.unwrap_or(' '), at);
                at += c.len_utf8();
                continue;
            }
            // A rare char, or one before it, may be part of a larger cluster.
            let mut units = visible::units_from(text, at);
            loop {
                let Some(unit) = units.next() else { return };
                let behind = at + unit.source.len();
                let follows = text[behind..].chars().next().unwrap_or(' ');
                self.push_rare(unit, follows, at);
                at = behind;
                if !units.is_within_cluster() {
                    break;
                }
            }
            rest = text[at..].chars();
            next = rest.next();
            next_info = known(next);
        }
    }

    /// Takes one char of the kept parts; its offset in the source.
    fn step(&mut self) -> usize {
        if self.here.start >= self.here.end
            && let Some(next) = self.kept.next()
        {
            self.here = next;
        }
        let offset = self.here.start;
        self.here.start += 1;
        offset
    }

    fn push_known(&mut self, info: &Info, c: char, next: char, at: usize) {
        let offset = (self.step() - self.start) as u32;
        let width = info.widths[usize::from(self.ambiguous == Ambiguous::Wide)];
        let (shade, seen) = if class::is_hanzi(c) { (c, c) } else { (info.shade, info.seen) };
        let mut item = Item { offset, at: at as u32, shade, seen, len: 1, width, kind: info.kind, mark: info.mark, class: info.class };
        if info.by_context {
            self.shade(&mut item, c, next);
        }
        if c < '\u{80}' {
            self.has_urls |= (c == '/' && self.before == '/') || (c == '.' && self.before == 'w');
        }
        self.has_digits |= item.shade.is_ascii_digit();
        self.before = c;
        self.items.push(item);
    }

    fn push_rare(&mut self, unit: Unit<'_>, next: char, at: usize) {
        let mut chars = unit.source.chars();
        let Some(c) = chars.next() else { return };
        let offset = self.step();
        let mut end = offset + 1;
        for _ in chars {
            end = self.step() + 1;
        }
        let len = u16::try_from(end - offset).unwrap_or(u16::MAX);
        let width = unit_width(&unit, c, self.ambiguous);
        let mut item = Item {
            offset: (offset - self.start) as u32,
            at: at as u32,
            shade: 'X',
            seen: 'X',
            len,
            width,
            kind: unit.kind,
            mark: Mark::Letter,
            class: class::class_of('X'),
        };
        // A sign stands for a letter.
        if unit.kind != UnitKind::Sign {
            self.shade(&mut item, c, next);
        }
        self.has_urls |= (c == '/' && self.before == '/') || (c == '.' && self.before == 'w');
        self.has_digits |= item.shade.is_ascii_digit();
        self.before = c;
        self.items.push(item);
    }

    /// What `item`, whose first char is `c`, is between the units beside it.
    fn shade(&mut self, item: &mut Item, c: char, next: char) {
        let (shade, seen) = class::in_context(c, self.before, next, &mut self.open);
        item.mark = Mark::of(shade);
        item.shade = if shade.len_utf8() == seen.len_utf8() { shade } else { seen };
        item.seen = seen;
        item.class = if item.kind == UnitKind::Plain { class::class_of(seen) } else { RARE };
    }
}

/// Cells of a tab that begins at `column`.
pub fn tab_width(column: u16) -> u8 {
    TAB - (column % u16::from(TAB)) as u8
}

fn unit_width(unit: &Unit<'_>, first: char, ambiguous: Ambiguous) -> u8 {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{layout::oracle, text::SourceText};
    use proptest::prelude::*;

    proptest! {
        /// The quick way gives the units that [`visible::units`] gives, each in its place.
        #[test]
        fn units_are_those_of_the_general_rules(text in oracle::text()) {
            let document = Document { source: SourceText::from(text.as_str()), ..Document::default() };
            for ambiguous in [Ambiguous::Narrow, Ambiguous::Wide] {
                let line = Line::new(&document, document.source.span(), ambiguous);
                let mut offset = 0;
                let mut at = 0;
                let mut items = line.items.iter();
                for unit in visible::units(&text) {
                    let item = items.next().unwrap();
                    let len = unit.source.chars().count();
                    prop_assert_eq!((item.offset as usize, item.at as usize, usize::from(item.len), item.kind), (offset, at, len, unit.kind));
                    let first = unit.source.chars().next().unwrap();
                    prop_assert_eq!(item.width, unit_width(&unit, first, ambiguous));
                    offset += len;
                    at += unit.source.len();
                }
                prop_assert!(items.next().is_none());
            }
        }
    }
}
