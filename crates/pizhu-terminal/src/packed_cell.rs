//! The content of a terminal cell packed into 64 bits, so that whole screens are compared, hashed
//! and stored as plain integers.
//!
//! A [`PackedCell`] is exact, not a hash: texts of up to four bytes are stored inline, longer texts
//! and styles as indices into a [`CellInterner`]. Two cells of one interner show the same if and
//! only if their packed values are equal.

use super::{Colors, color::color_key, pen::Pen};
use compact_str::CompactString;
use pizhu_text::text::visible;
use ratatui::{
    buffer::{Buffer, Cell, CellWidth as _},
    layout::Rect,
};
use smallvec::SmallVec;
use std::ops::Range;

/// A packed cell. From the lowest bit: 32 bits of text, 16 of the pen's index, 2 of the width in
/// cells (0 unless a grapheme begins here).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct PackedCell(u64);

/// Marks a text as an index into the interner: this highest byte occurs in no UTF-8.
const INTERNED: u32 = 0xFF00_0000;

/// Capacity of the interner for styles, and for long texts.
const MAX_INTERNED: usize = 0xFFFF;

impl PackedCell {
    /// Unknown content, which must be redrawn.
    pub(crate) const UNKNOWN: Self = Self(0);
    /// The right half of a wide character.
    pub(crate) const TAIL: Self = Self(1);
    /// A space in the default style, which is pen 0 of every interner.
    pub(crate) const BLANK: Self = Self(b' ' as u64 | 1 << 48);

    fn new(text: u32, pen: u16, width: u8) -> Self {
        Self(u64::from(text) | u64::from(pen) << 32 | u64::from(width) << 48)
    }

    /// Width in cells of the grapheme that begins here; 0 if none does.
    pub(crate) fn width(self) -> u8 {
        (self.0 >> 48) as u8
    }

    /// The index of its pen.
    pub(crate) fn pen_index(self) -> u16 {
        (self.0 >> 32) as u16
    }

    /// Whether it is a space, in any style.
    pub(crate) fn is_blank(self) -> bool {
        self.text_bits() == u32::from(b' ')
    }

    /// Whether it is one ASCII character.
    pub(crate) fn is_ascii(self) -> bool {
        self.width() == 1 && self.text_bits() < 0x80
    }

    /// Whether it is a hanzi of U+4000–U+9FFF, CJK punctuation or full-width ASCII: two cells wide in
    /// every terminal.
    pub(crate) fn is_wide_everywhere(self) -> bool {
        let [a, b, c, d] = self.text_bits().to_le_bytes();
        self.width() == 2 && d == 0 && c != 0 && is_wide_everywhere(&[a, b, c])
    }

    /// Approximate length of its text in bytes; an interned text counts as 8.
    pub(crate) fn byte_len(self) -> usize {
        match self.text_bits() {
            0..=0xFF => 1,
            0x100..=0xFFFF => 2,
            0x1_0000..=0xFF_FFFF => 3,
            INTERNED.. => 8,
            _ => 4,
        }
    }

    /// The raw value, for hashing.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    fn text_bits(self) -> u32 {
        self.0 as u32
    }
}

/// Cells compared at once.
const CHUNK: usize = 8;

/// Whether any of these cells differ. Branch-free, so that the compiler vectorizes it.
fn chunks_differ(shown: &[PackedCell; CHUNK], next: &[PackedCell; CHUNK]) -> bool {
    let mut all = 0;
    for at in 0..CHUNK {
        all |= shown[at].0 ^ next[at].0;
    }
    all != 0
}

/// The range of cells in which two rows of equal length differ, rounded outwards to whole chunks;
/// `None` if the rows are equal.
pub(crate) fn diff_range(shown: &[PackedCell], next: &[PackedCell]) -> Option<Range<usize>> {
    let (steps, rest) = shown.as_chunks::<CHUNK>();
    let (next_steps, next_rest) = next.as_chunks::<CHUNK>();
    let ends_alike = rest == next_rest;
    let mut pairs = steps.iter().zip(next_steps);
    let Some(first) = pairs.clone().position(|(shown, next)| chunks_differ(shown, next)) else {
        return (!ends_alike).then(|| steps.len() * CHUNK..next.len());
    };
    let last = if ends_alike { pairs.rposition(|(shown, next)| chunks_differ(shown, next)) } else { None };
    Some(first * CHUNK..last.map_or(next.len(), |last| (last + 1) * CHUNK))
}

/// Approximate number of differing cells in two rows of equal length: a chunk with any difference
/// counts in full.
pub(crate) fn count_changed(shown: &[PackedCell], next: &[PackedCell]) -> usize {
    let (steps, rest) = shown.as_chunks::<CHUNK>();
    let (next_steps, next_rest) = next.as_chunks::<CHUNK>();
    let differing = steps.iter().zip(next_steps).filter(|(shown, next)| chunks_differ(shown, next)).count();
    differing * CHUNK + if rest == next_rest { 0 } else { rest.len() }
}

/// Interns the styles and long texts that packed cells refer to by index.
#[derive(Debug)]
pub(crate) struct CellInterner {
    colors: Colors,
    pens: Vec<Pen>,
    texts: Vec<CompactString>,
    /// Style keys of cells, with the pen's index for text and for blanks.
    styles: Vec<((u64, u16), [u16; 2])>,
    /// Index of the last style found: neighbouring cells mostly share one.
    last_style: usize,
}

impl CellInterner {
    /// An empty interner for a terminal of this colour depth.
    pub(crate) fn new(colors: Colors) -> Self {
        Self { colors, pens: vec![Pen::default()], texts: Vec::new(), styles: Vec::new(), last_style: 0 }
    }

    /// Whether it must be replaced before the next frame, with all cells packed by it.
    pub(crate) fn is_full(&self) -> bool {
        self.styles.len().max(self.texts.len()) > MAX_INTERNED / 2
    }

    /// The pen of a cell.
    pub(crate) fn pen(&self, cell: PackedCell) -> Pen {
        self.pens.get(usize::from(cell.pen_index())).copied().unwrap_or_default()
    }

    /// Appends the text of a cell to `out`.
    pub(crate) fn push_text(&self, cell: PackedCell, out: &mut String) {
        let [a, b, c, _] = cell.text_bits().to_le_bytes().map(u32::from);
        let common = if cell.is_ascii() {
            Some(a)
        } else if cell.is_wide_everywhere() {
            Some((a & 0xF) << 12 | (b & 0x3F) << 6 | c & 0x3F)
        } else {
            None
        };
        match common.and_then(char::from_u32) {
            Some(c) => out.push(c),
            None => out.push_str(self.text(cell, &mut [0; 4])),
        }
    }

    /// The text of a cell; `room` is the buffer for an inline one.
    pub(crate) fn text<'a>(&'a self, cell: PackedCell, room: &'a mut [u8; 4]) -> &'a str {
        let short = cell.text_bits();
        if short >= INTERNED {
            return self.texts.get((short - INTERNED) as usize).map_or("?", CompactString::as_str);
        }
        *room = short.to_le_bytes();
        let len = cell.byte_len();
        std::str::from_utf8(&room[..len]).unwrap_or("?")
    }

    /// Packs the buffer `next` into `packed`, which holds rows of `width` cells. Cells inside the areas
    /// `unchanged` are left as they are.
    pub(crate) fn encode(&mut self, next: &Buffer, width: u16, unchanged: &[Rect], packed: &mut [PackedCell]) {
        let across = usize::from(next.area.width);
        let mut unchanged_in_rows: Vec<SmallVec<[(u16, u16); 4]>> = vec![SmallVec::new(); usize::from(next.area.height)];
        for unchanged in unchanged.iter().filter(|unchanged| unchanged.width > 0) {
            for row in unchanged_in_rows.iter_mut().take(usize::from(unchanged.bottom())).skip(usize::from(unchanged.top())) {
                row.push((unchanged.left(), unchanged.right()));
            }
        }
        let rows = next.content.chunks_exact(across.max(1)).zip(packed.chunks_exact_mut(usize::from(width.max(1))));
        for ((cells, packed), mut unchanged) in rows.zip(unchanged_in_rows) {
            unchanged.sort_unstable_by_key(|(left, _)| std::cmp::Reverse(*left));
            let mut x = 0;
            while let (Some(cell), room @ 1..) = (cells.get(x), packed.len().saturating_sub(x)) {
                if let Some((left, right)) = unchanged.last()
                    && x >= usize::from(*left)
                {
                    x = x.max(usize::from(*right));
                    unchanged.pop();
                    continue;
                }
                let (text, cells) = sanitized(cell, room);
                let pen_index = self.intern_style(cell, text == " ");
                packed[x] = PackedCell::new(self.intern_text(text), pen_index, cells);
                if cells == 2 {
                    packed[x + 1] = PackedCell::TAIL;
                }
                x += usize::from(cells);
            }
        }
    }

    fn intern_style(&mut self, cell: &Cell, blank: bool) -> u16 {
        let style = style_key(cell);
        if let Some((last, numbers)) = self.styles.get(self.last_style)
            && *last == style
        {
            return numbers[usize::from(blank)];
        }
        self.last_style = self.styles.iter().position(|(known, _)| *known == style).unwrap_or_else(|| {
            let numbers = [false, true].map(|blank| self.intern_pen(Pen::from_cell(cell, blank, self.colors)));
            self.styles.push((style, numbers));
            self.styles.len() - 1
        });
        self.styles[self.last_style].1[usize::from(blank)]
    }

    fn intern_pen(&mut self, pen: Pen) -> u16 {
        let known = self.pens.iter().position(|known| *known == pen).unwrap_or_else(|| {
            self.pens.push(pen);
            self.pens.len() - 1
        });
        known.min(MAX_INTERNED) as u16
    }

    fn intern_text(&mut self, text: &str) -> u32 {
        match *text.as_bytes() {
            [a] => u32::from(a),
            [a, b] => u32::from_le_bytes([a, b, 0, 0]),
            [a, b, c] => u32::from_le_bytes([a, b, c, 0]),
            // The last byte is a UTF-8 continuation byte, so the value is below `INTERNED`.
            [a, b, c, d @ 0x80..=0xBF] => u32::from_le_bytes([a, b, c, d]),
            _ => {
                let known = self.texts.iter().position(|known| known == text).unwrap_or_else(|| {
                    self.texts.push(CompactString::new(text));
                    self.texts.len() - 1
                });
                INTERNED | known.min(MAX_INTERNED) as u32
            }
        }
    }
}

/// Whether these bytes are a hanzi of U+4000–U+9FFF, CJK punctuation such as 、。《》, or full-width
/// ASCII.
fn is_wide_everywhere(bytes: &[u8]) -> bool {
    matches!(bytes, [0xE4..=0xE9, _, _] | [0xE3, 0x80, 0x80..=0x91] | [0xEF, 0xBC, 0x81..=0xBF])
}

/// Colours and attributes of a cell as integers, cheaper to compare.
fn style_key(cell: &Cell) -> (u64, u16) {
    (u64::from(color_key(cell.fg)) << 32 | u64::from(color_key(cell.bg)), cell.modifier.bits())
}

/// The text and width (1 or 2) of a cell that has `room` cells up to the right edge. Text unfit for
/// a terminal becomes `?`, text that does not fit a blank.
fn sanitized(cell: &Cell, room: usize) -> (&str, u8) {
    let text = cell.symbol();
    match text.as_bytes() {
        [byte] => return (if byte.is_ascii_control() { "?" } else { text }, 1),
        bytes if room > 1 && is_wide_everywhere(bytes) => return (text, 2),
        _ => {}
    }
    match cell.cell_width() {
        0 => (" ", 1),
        width if usize::from(width) > room => (" ", 1),
        width @ (1 | 2) if visible::is_terminal_safe(text) => (text, width as u8),
        _ => ("?", 1),
    }
}

impl std::fmt::Debug for PackedCell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::UNKNOWN => f.write_str("Unknown"),
            Self::TAIL => f.write_str("Tail"),
            _ => write!(f, "{:#x}/{}/{}", self.text_bits(), self.pen_index(), self.width()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::{Color, Style};
    use std::collections::BTreeSet;

    #[test]
    fn diff_range_covers_all_differing_cells() {
        let row = |other: &[usize]| -> Vec<PackedCell> {
            (0..21).map(|x| if other.contains(&x) { PackedCell::BLANK } else { PackedCell::new(u32::from(b'a'), 0, 1) }).collect()
        };
        assert_eq!(diff_range(&row(&[]), &row(&[])), None);
        for (other, cells) in [(vec![0], 0..8), (vec![20], 16..21), (vec![7, 9], 0..16), (vec![3, 20], 0..21)] {
            assert_eq!(diff_range(&row(&other), &row(&[])), Some(cells), "{other:?}");
            assert_eq!(
                count_changed(&row(&other), &row(&[])),
                other.iter().map(|x| x / 8).collect::<BTreeSet<_>>().iter().map(|step| if *step == 2 { 5 } else { 8 }).sum::<usize>()
            );
        }
    }

    #[test]
    fn cells_round_trip_through_the_interner() {
        let mut interner = CellInterner::new(Colors::True);
        let texts = ["a", " ", "é", "人", "。", "，", "Ａ", "〖", "㐀", "\u{9fff}", "𠀀", "e\u{301}", "é\u{301}", "👩\u{200d}👧"];
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, texts.len() as u16));
        for (y, text) in texts.iter().enumerate() {
            buffer[(0, y as u16)].set_symbol(text).set_style(Style::new().fg(Color::Indexed(y as u8)));
        }
        let mut packed = vec![PackedCell::UNKNOWN; texts.len() * 2];
        interner.encode(&buffer, 2, &[], &mut packed);
        for (y, text) in texts.iter().enumerate() {
            let cell = packed[y * 2];
            // Terminals without grapheme clusters show joined emoji wider than two cells.
            let wanted = if text.contains('\u{200d}') && cell.width() == 1 { "?" } else { text };
            assert_eq!(interner.text(cell, &mut [0; 4]), wanted);
            let mut pushed = String::new();
            interner.push_text(cell, &mut pushed);
            assert_eq!(pushed, wanted);
            assert!(!cell.is_wide_everywhere() || pizhu_text::text::width::is_certain(text));
            assert_eq!(interner.pen(cell), Pen::from_cell(&buffer[(0, y as u16)], *text == " ", Colors::True));
            assert_eq!(packed[y * 2 + 1] == PackedCell::TAIL, cell.width() == 2);
        }
    }

    #[test]
    fn a_default_blank_packs_to_blank() {
        let mut interner = CellInterner::new(Colors::True);
        let mut packed = [PackedCell::UNKNOWN; 3];
        interner.encode(&Buffer::empty(Rect::new(0, 0, 3, 1)), 3, &[], &mut packed);
        assert_eq!(packed, [PackedCell::BLANK; 3]);
        assert_eq!((PackedCell::BLANK.is_blank(), PackedCell::BLANK.width(), PackedCell::BLANK.pen_index()), (true, 1, 0));
        assert_eq!((PackedCell::TAIL.width(), PackedCell::UNKNOWN.width()), (0, 0));
    }
}
