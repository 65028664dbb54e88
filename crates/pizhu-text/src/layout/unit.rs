//! A segment taken apart into the units that are placed.

use super::{
    class::{self, HANZI, Info, RARE},
    kinsoku::Mark,
};
use crate::document::Document;
use crate::text::Span;
use crate::text::visible;
use crate::text::visible::Unit;
use crate::text::visible::UnitKind;
use crate::text::width;
use crate::text::width::Ambiguous;
use std::{ops::Range, sync::Arc};

/// Distance of tab stops in cells.
const TAB: u8 = 4;

/// One unit of the text, not yet placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Chars of the source from the segment's start to its first.
    pub offset: u32,
    /// Where its text begins, in bytes of [`Line::text`].
    pub at: u32,
    /// Cells of the items before it.
    pub cells: u32,
    /// Its first char as the Chinese pass sees it: full-width digits as ASCII, quotes directed.
    pub shade: char,
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

impl Item {
    /// Its first char as UAX #14 is to see it.
    pub fn seen(&self) -> char {
        class::seen(self.shade)
    }
}

/// The kept text of a segment as units.
#[derive(Debug)]
pub struct Line {
    /// The chars of the source that are set.
    pub segment: Span,
    /// The segment's text without what cleaning removed, or a longer text that holds it.
    pub text: Arc<str>,
    /// Where the segment's text ends in it.
    pub end: usize,
    /// Its units in order.
    pub items: Vec<Item>,
    /// The items at which a run begins, in order: units that follow one another without a gap and
    /// are alike in kind, cells and bytes, of one char each. Other units are runs of their own.
    pub runs: Vec<u32>,
    /// Whether a digit is among the units.
    pub has_digits: bool,
    /// Whether `//` or `w.` is, as in a URL.
    pub has_urls: bool,
    /// Whether a tab or a line feed is, which no sum of cells takes into account.
    pub has_stops: bool,
}

impl Line {
    /// Takes the segment apart.
    pub fn new(document: &Document, segment: Span, ambiguous: Ambiguous) -> Self {
        let (text, bytes) = kept_text(document, segment);
        let mut maker = Maker {
            kept: document.cleaning.kept(segment),
            here: Span::empty(segment.start),
            open: [false; 2],
            before: ' ',
            ambiguous,
            alike: 0,
            next: Place { offset: 0, at: bytes.start as u32, cells: 0 },
            line: Self {
                segment,
                end: bytes.end,
                text: Arc::clone(&text),
                items: Vec::with_capacity(segment.len()),
                runs: Vec::with_capacity(segment.len() / 8 + 1),
                has_digits: false,
                has_urls: false,
                has_stops: false,
            },
        };
        maker.take(text.get(..bytes.end).unwrap_or_default(), bytes.start);
        maker.line
    }

    /// The offset in the source of an item's first char.
    pub fn offset(&self, item: &Item) -> usize {
        self.segment.start + item.offset as usize
    }

    /// Where the text of the item before item `index` ends, in bytes of [`Self::text`].
    pub fn at(&self, index: usize) -> u32 {
        self.items.get(index).map_or(self.end as u32, |item| item.at)
    }
}

/// The text of the segment's kept parts; shared with the source where nothing is removed.
fn kept_text(document: &Document, segment: Span) -> (Arc<str>, Range<usize>) {
    let (whole, bytes) = document.source.shared(segment);
    if document.cleaning.within(segment).is_empty() {
        return (whole, bytes);
    }
    // Places in the source are counted out chunk by chunk, so it is asked once.
    let mut rest = whole.get(bytes).unwrap_or_default();
    let mut text = String::with_capacity(rest.len());
    let mut at = segment.start;
    for span in document.cleaning.kept(segment) {
        rest = behind(rest, span.start - at);
        let left = behind(rest, span.len());
        text.push_str(&rest[..rest.len() - left.len()]);
        rest = left;
        at = span.end;
    }
    let len = text.len();
    (text.into(), 0..len)
}

/// The text behind its first `chars` chars.
fn behind(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or("", |(byte, _)| &text[byte..])
}

/// Where an item begins, by its three counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    /// Chars from the segment's start; of the item before, the place behind its last.
    offset: u32,
    at: u32,
    cells: u32,
}

struct Maker<K> {
    kept: K,
    /// What is left of the kept part at hand.
    here: Span,
    /// For each kind of quote whether the next one without direction closes one.
    open: [bool; 2],
    /// The first char of the unit before.
    before: char,
    ambiguous: Ambiguous,
    /// What the units of the run at hand are like; 0 where the next unit cannot belong to it.
    alike: u32,
    /// Behind the last item.
    next: Place,
    line: Line,
}

/// What units of one run have in common; never 0.
fn likeness(bytes: u8, width: u8, kind: UnitKind) -> u32 {
    1 << 24 | u32::from(bytes) << 16 | u32::from(width) << 8 | kind as u32
}

/// The hanzi of the table that `bytes`, which begin with a char, begin with: how many.
fn leading_hanzi(bytes: &[u8]) -> usize {
    // The first two bytes of UTF-8 tell: U+3400 to U+4DBF, U+4E00 to U+9FFF.
    let is_hanzi = |char: &&[u8; 3]| matches!(u16::from_be_bytes([char[0], char[1]]), 0xE390..=0xE4B6 | 0xE4B8..=0xE9BF);
    bytes.as_chunks::<3>().0.iter().take_while(is_hanzi).count()
}

/// The char of three bytes of UTF-8.
fn decoded([a, b, c]: [u8; 3]) -> char {
    let code = u32::from(a & 0xF) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F);
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

impl<K: Iterator<Item = Span>> Maker<K> {
    /// Takes `text` from byte `at` on.
    fn take(&mut self, text: &str, mut at: usize) {
        let table = class::table();
        let bytes = text.as_bytes();
        loop {
            let hanzi = leading_hanzi(&bytes[at..]);
            let behind = at + 3 * hanzi;
            let mut rest = text[behind..].chars();
            let mut next = rest.next();
            let mut info = next.and_then(|next| table.get(next));
            // The last of the hanzi may be part of a larger cluster with a rare char.
            let plain = if next.is_none() || info.is_some() { behind } else { behind.saturating_sub(3).max(at) };
            if plain > at {
                self.push_hanzi(&bytes[at..plain], &table.hanzi);
                at = plain;
            }
            if at == behind {
                // Known chars up to the next hanzi, each with a known char behind it.
                while let (Some(c), Some(known)) = (next, info) {
                    if known.class == HANZI && class::is_hanzi(c) {
                        break;
                    }
                    next = rest.next();
                    info = next.and_then(|next| table.get(next));
                    if next.is_some() && info.is_none() {
                        break;
                    }
                    self.push_known(known, c, next.unwrap_or(' '));
                    at += c.len_utf8();
                }
                if info.is_some() {
                    continue;
                }
            }
            // A rare char, or one before it, may be part of a larger cluster.
            let mut units = visible::units_from(text, at);
            loop {
                let Some(unit) = units.next() else { return };
                at += unit.source.len();
                let follows = text[at..].chars().next().unwrap_or(' ');
                self.push_rare(unit, follows);
                if !units.is_within_cluster() {
                    break;
                }
            }
        }
    }

    /// Takes one char of the kept parts; its offset from the segment's start.
    fn step(&mut self) -> u32 {
        self.refill();
        let offset = self.here.start;
        self.here.start += 1;
        (offset - self.line.segment.start) as u32
    }

    /// Goes to the next kept part where none of the one at hand is left.
    fn refill(&mut self) {
        if self.here.start >= self.here.end
            && let Some(next) = self.kept.next()
        {
            self.here = next;
        }
    }

    /// Takes `hanzi`, given as their bytes.
    fn push_hanzi(&mut self, hanzi: &[u8], info: &Info) {
        let width = info.widths[usize::from(self.ambiguous == Ambiguous::Wide)];
        let mut rest = hanzi.as_chunks::<3>().0;
        while !rest.is_empty() {
            self.refill();
            let left = self.here.end.saturating_sub(self.here.start).max(1);
            let (chars, behind) = rest.split_at(rest.len().min(left));
            rest = behind;
            let offset = (self.here.start - self.line.segment.start) as u32;
            self.open_run(likeness(3, width, UnitKind::Plain), offset);
            let Place { at, cells, .. } = self.next;
            let width = u32::from(width);
            self.line.items.extend((0u32..).zip(chars).map(|(n, char)| Item {
                offset: offset + n,
                at: at + 3 * n,
                cells: cells + n * width,
                shade: decoded(*char),
                len: 1,
                width: width as u8,
                kind: UnitKind::Plain,
                mark: Mark::Letter,
                class: HANZI,
            }));
            let n = chars.len() as u32;
            self.here.start += chars.len();
            self.next = Place { offset: offset + n, at: at + 3 * n, cells: cells + n * width };
        }
        if let Some(last) = self.line.items.last() {
            self.before = last.shade;
        }
    }

    /// Opens a run with the next item unless it belongs to the one at hand; `alike` is 0 for a
    /// unit that is a run of its own.
    fn open_run(&mut self, alike: u32, offset: u32) {
        if alike == 0 || alike != self.alike || offset != self.next.offset {
            self.line.runs.push(self.line.items.len() as u32);
            self.alike = alike;
        }
    }

    fn push_known(&mut self, info: &Info, c: char, next: char) {
        let offset = self.step();
        let width = info.widths[usize::from(self.ambiguous == Ambiguous::Wide)];
        let shade = if class::is_hanzi(c) { c } else { info.shade };
        let Place { at, cells, .. } = self.next;
        let mut item = Item { offset, at, cells, shade, len: 1, width, kind: info.kind, mark: info.mark, class: info.class };
        if info.by_context {
            self.shade(&mut item, c, next);
        }
        let bytes = c.len_utf8() as u8;
        self.push(item, c, u32::from(bytes), likeness(bytes, width, info.kind));
    }

    /// Takes `item`, whose first char is `c`, of `bytes` bytes.
    fn push(&mut self, item: Item, c: char, bytes: u32, alike: u32) {
        self.open_run(alike, item.offset);
        if c < '\u{80}' {
            self.line.has_urls |= (c == '/' && self.before == '/') || (c == '.' && self.before == 'w');
        }
        self.line.has_digits |= item.shade.is_ascii_digit();
        if matches!(item.kind, UnitKind::Tab | UnitKind::LineFeed) {
            self.line.has_stops = true;
            self.alike = 0;
        }
        self.before = c;
        self.next = Place { offset: item.offset + u32::from(item.len), at: item.at + bytes, cells: item.cells + u32::from(item.width) };
        self.line.items.push(item);
    }

    fn push_rare(&mut self, unit: Unit<'_>, next: char) {
        let mut chars = unit.source.chars();
        let Some(c) = chars.next() else { return };
        let offset = self.step();
        let mut end = offset + 1;
        for _ in chars {
            end = self.step() + 1;
        }
        let len = u16::try_from(end - offset).unwrap_or(u16::MAX);
        let width = unit_width(&unit, c, self.ambiguous);
        let Place { at, cells, .. } = self.next;
        let class = class::class_of('X');
        let mut item = Item { offset, at, cells, shade: 'X', len, width, kind: unit.kind, mark: Mark::Letter, class };
        // A sign stands for a letter.
        if unit.kind != UnitKind::Sign {
            self.shade(&mut item, c, next);
        }
        let bytes = unit.source.len() as u32;
        let alike = if len == 1 { likeness(bytes as u8, width, unit.kind) } else { 0 };
        self.push(item, c, bytes, alike);
    }

    /// What `item`, whose first char is `c`, is between the units beside it.
    fn shade(&mut self, item: &mut Item, c: char, next: char) {
        let (shade, seen) = class::in_context(c, self.before, next, &mut self.open);
        item.mark = Mark::of(shade);
        item.shade = if shade.len_utf8() == seen.len_utf8() { shade } else { seen };
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
    use crate::layout::oracle;
    use crate::text::SourceText;
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
                // Runs are as long as they can be, and nothing else.
                let alone = |item: &Item| item.len != 1 || matches!(item.kind, UnitKind::Tab | UnitKind::LineFeed);
                let bytes = |index: usize| line.at(index + 1) - line.items[index].at;
                for (index, pair) in line.items.windows(2).enumerate() {
                    let alike = (pair[0].kind, pair[0].width, bytes(index)) == (pair[1].kind, pair[1].width, bytes(index + 1));
                    let parts = !alike || alone(&pair[0]) || alone(&pair[1]);
                    prop_assert_eq!(line.runs.contains(&(index as u32 + 1)), parts, "before item {}", index + 1);
                    prop_assert_eq!(pair[1].cells, pair[0].cells + u32::from(pair[0].width));
                }
            }
        }
    }
}
