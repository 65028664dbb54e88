//! The content of a terminal cell packed into 64 bits, so that whole screens are compared, hashed
//! and stored as plain integers.
//!
//! A [`PackedCell`] is exact, not a hash: texts of up to four bytes are stored inline, longer texts
//! and styles as indices into a [`CellInterner`]. Two cells of one interner show the same if and
//! only if their packed values are equal.

use super::{Colors, color::number, pen::Pen};
use pizhu_text::text::visible;
use compact_str::CompactString;
use ratatui::{
    buffer::{Buffer, Cell, CellWidth as _},
    layout::Rect,
};
use smallvec::SmallVec;
use std::ops::Range;

/// A packed cell. From the lowest bit: 32 bits of text, 16 of the pen's index, 2 of the width in
/// cells (0 unless a grapheme begins here).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code(u64);

/// Marks a text as an index into the interner: this highest byte occurs in no UTF-8.
const LONG: u32 = 0xFF00_0000;

/// Capacity of the interner for styles, and for long texts.
const MOST: usize = 0xFFFF;

impl Code {
    /// Unknown content, which must be redrawn.
    pub const UNKNOWN: Self = Self(0);
    /// The right half of a wide character.
    pub const TAIL: Self = Self(1);
    /// A space in the default style, which is pen 0 of every interner.
    pub const BLANK: Self = Self(b' ' as u64 | 1 << 48);

    fn new(text: u32, pen: u16, width: u8) -> Self {
        Self(u64::from(text) | u64::from(pen) << 32 | u64::from(width) << 48)
    }

    /// Width in cells of the grapheme that begins here; 0 if none does.
    pub fn width(self) -> u8 {
        (self.0 >> 48) as u8
    }

    /// The index of its pen.
    pub fn look(self) -> u16 {
        (self.0 >> 32) as u16
    }

    /// Whether it is a space, in any style.
    pub fn is_blank(self) -> bool {
        self.short() == u32::from(b' ')
    }

    /// Whether it is one ASCII character.
    pub fn is_ascii(self) -> bool {
        self.width() == 1 && self.short() < 0x80
    }

    /// Whether it is a hanzi of U+4000–U+9FFF, CJK punctuation or full-width ASCII: two cells wide in
    /// every terminal.
    pub fn is_wide_everywhere(self) -> bool {
        let [a, b, c, d] = self.short().to_le_bytes();
        self.width() == 2 && d == 0 && c != 0 && is_wide_everywhere(&[a, b, c])
    }

    /// Approximate length of its text in bytes; an interned text counts as 8.
    pub fn bytes(self) -> usize {
        match self.short() {
            0..=0xFF => 1,
            0x100..=0xFFFF => 2,
            0x1_0000..=0xFF_FFFF => 3,
            LONG.. => 8,
            _ => 4,
        }
    }

    /// The raw value, for hashing.
    pub fn number(self) -> u64 {
        self.0
    }

    fn short(self) -> u32 {
        self.0 as u32
    }
}

/// Cells compared at once.
const STEP: usize = 8;

/// Whether any of these cells differ. Branch-free, so that the compiler vectorizes it.
fn differ(shown: &[Code; STEP], next: &[Code; STEP]) -> bool {
    let mut all = 0;
    for at in 0..STEP {
        all |= shown[at].0 ^ next[at].0;
    }
    all != 0
}

/// The range of cells in which two rows of equal length differ, rounded outwards to whole chunks;
/// `None` if the rows are equal.
pub fn differing(shown: &[Code], next: &[Code]) -> Option<Range<usize>> {
    let (steps, rest) = shown.as_chunks::<STEP>();
    let (next_steps, next_rest) = next.as_chunks::<STEP>();
    let ends_alike = rest == next_rest;
    let mut pairs = steps.iter().zip(next_steps);
    let Some(first) = pairs.clone().position(|(shown, next)| differ(shown, next)) else {
        return (!ends_alike).then(|| steps.len() * STEP..next.len());
    };
    let last = if ends_alike { pairs.rposition(|(shown, next)| differ(shown, next)) } else { None };
    Some(first * STEP..last.map_or(next.len(), |last| (last + 1) * STEP))
}

/// Approximate number of differing cells in two rows of equal length: a chunk with any difference
/// counts in full.
pub fn changed(shown: &[Code], next: &[Code]) -> usize {
    let (steps, rest) = shown.as_chunks::<STEP>();
    let (next_steps, next_rest) = next.as_chunks::<STEP>();
    let differing = steps.iter().zip(next_steps).filter(|(shown, next)| differ(shown, next)).count();
    differing * STEP + if rest == next_rest { 0 } else { rest.len() }
}

/// Interns the styles and long texts that packed cells refer to by index.
#[derive(Debug)]
pub struct Legend {
    colors: Colors,
    pens: Vec<Pen>,
    texts: Vec<CompactString>,
    /// Style keys of cells, with the pen's index for text and for blanks.
    styles: Vec<((u64, u16), [u16; 2])>,
    /// Index of the last style found: neighbouring cells mostly share one.
    last: usize,
}

impl Legend {
    /// An empty interner for a terminal of this colour depth.
    pub fn new(colors: Colors) -> Self {
        Self { colors, pens: vec![Pen::default()], texts: Vec::new(), styles: Vec::new(), last: 0 }
    }

    /// Whether it must be replaced before the next frame, with all cells packed by it.
    pub fn is_full(&self) -> bool {
        self.styles.len().max(self.texts.len()) > MOST / 2
    }

    /// The pen of a cell.
    pub fn pen(&self, code: Code) -> Pen {
        self.pens.get(usize::from(code.look())).copied().unwrap_or_default()
    }

    /// Appends the text of a cell to `out`.
    pub fn push(&self, code: Code, out: &mut String) {
        let [a, b, c, _] = code.short().to_le_bytes().map(u32::from);
        let common = if code.is_ascii() {
            Some(a)
        } else if code.is_wide_everywhere() {
            Some((a & 0xF) << 12 | (b & 0x3F) << 6 | c & 0x3F)
        } else {
            None
        };
        match common.and_then(char::from_u32) {
            Some(c) => out.push(c),
            None => out.push_str(self.text(code, &mut [0; 4])),
        }
    }

    /// The text of a cell; `room` is the buffer for an inline one.
    pub fn text<'a>(&'a self, code: Code, room: &'a mut [u8; 4]) -> &'a str {
        let short = code.short();
        if short >= LONG {
            return self.texts.get((short - LONG) as usize).map_or("?", CompactString::as_str);
        }
        *room = short.to_le_bytes();
        let len = code.bytes();
        std::str::from_utf8(&room[..len]).unwrap_or("?")
    }

    /// Packs the buffer `next` into `codes`, which holds rows of `width` cells. Cells inside the areas
    /// `kept` are left as they are.
    pub fn encode(&mut self, next: &Buffer, width: u16, kept: &[Rect], codes: &mut [Code]) {
        let across = usize::from(next.area.width);
        let mut kept_in_rows: Vec<SmallVec<[(u16, u16); 4]>> = vec![SmallVec::new(); usize::from(next.area.height)];
        for kept in kept.iter().filter(|kept| kept.width > 0) {
            for row in kept_in_rows.iter_mut().take(usize::from(kept.bottom())).skip(usize::from(kept.top())) {
                row.push((kept.left(), kept.right()));
            }
        }
        let rows = next.content.chunks_exact(across.max(1)).zip(codes.chunks_exact_mut(usize::from(width.max(1))));
        for ((cells, codes), mut kept) in rows.zip(kept_in_rows) {
            kept.sort_unstable_by_key(|(left, _)| std::cmp::Reverse(*left));
            let mut x = 0;
            while let (Some(cell), room @ 1..) = (cells.get(x), codes.len().saturating_sub(x)) {
                if let Some((left, right)) = kept.last()
                    && x >= usize::from(*left)
                {
                    x = x.max(usize::from(*right));
                    kept.pop();
                    continue;
                }
                let (text, cells) = fitted(cell, room);
                let look = self.look(cell, text == " ");
                codes[x] = Code::new(self.number(text), look, cells);
                if cells == 2 {
                    codes[x + 1] = Code::TAIL;
                }
                x += usize::from(cells);
            }
        }
    }

    fn look(&mut self, cell: &Cell, blank: bool) -> u16 {
        let style = style(cell);
        if let Some((last, numbers)) = self.styles.get(self.last)
            && *last == style
        {
            return numbers[usize::from(blank)];
        }
        self.last = self.styles.iter().position(|(known, _)| *known == style).unwrap_or_else(|| {
            let numbers = [false, true].map(|blank| self.pen_number(Pen::of(cell, blank, self.colors)));
            self.styles.push((style, numbers));
            self.styles.len() - 1
        });
        self.styles[self.last].1[usize::from(blank)]
    }

    fn pen_number(&mut self, pen: Pen) -> u16 {
        let known = self.pens.iter().position(|known| *known == pen).unwrap_or_else(|| {
            self.pens.push(pen);
            self.pens.len() - 1
        });
        known.min(MOST) as u16
    }

    fn number(&mut self, text: &str) -> u32 {
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
                LONG | known.min(MOST) as u32
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
fn style(cell: &Cell) -> (u64, u16) {
    (u64::from(number(cell.fg)) << 32 | u64::from(number(cell.bg)), cell.modifier.bits())
}

/// The text and width (1 or 2) of a cell that has `room` cells up to the right edge. Text unfit for
/// a terminal becomes `?`, text that does not fit a blank.
fn fitted(cell: &Cell, room: usize) -> (&str, u8) {
    let text = cell.symbol();
    match text.as_bytes() {
        [byte] => return (if byte.is_ascii_control() { "?" } else { text }, 1),
        bytes if room > 1 && is_wide_everywhere(bytes) => return (text, 2),
        _ => {}
    }
    match cell.cell_width() {
        0 => (" ", 1),
        width if usize::from(width) > room => (" ", 1),
        width @ (1 | 2) if visible::is_fit(text) => (text, width as u8),
        _ => ("?", 1),
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::UNKNOWN => f.write_str("Unknown"),
            Self::TAIL => f.write_str("Tail"),
            _ => write!(f, "{:#x}/{}/{}", self.short(), self.look(), self.width()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::{Color, Style};
    use std::collections::BTreeSet;

    #[test]
    fn rows_differ_within_the_cells_named() {
        let row = |other: &[usize]| -> Vec<Code> {
            (0..21).map(|x| if other.contains(&x) { Code::BLANK } else { Code::new(u32::from(b'a'), 0, 1) }).collect()
        };
        assert_eq!(differing(&row(&[]), &row(&[])), None);
        for (other, cells) in [(vec![0], 0..8), (vec![20], 16..21), (vec![7, 9], 0..16), (vec![3, 20], 0..21)] {
            assert_eq!(differing(&row(&other), &row(&[])), Some(cells), "{other:?}");
            assert_eq!(
                changed(&row(&other), &row(&[])),
                other.iter().map(|x| x / 8).collect::<BTreeSet<_>>().iter().map(|step| if *step == 2 { 5 } else { 8 }).sum::<usize>()
            );
        }
    }

    #[test]
    fn a_code_gives_its_text_and_look_back() {
        let mut legend = Legend::new(Colors::True);
        let texts = ["a", " ", "é", "人", "。", "，", "Ａ", "〖", "㐀", "\u{9fff}", "𠀀", "e\u{301}", "é\u{301}", "👩\u{200d}👧"];
        let mut buffer = Buffer::empty(Rect::new(0, 0, 2, texts.len() as u16));
        for (y, text) in texts.iter().enumerate() {
            buffer[(0, y as u16)].set_symbol(text).set_style(Style::new().fg(Color::Indexed(y as u8)));
        }
        let mut codes = vec![Code::UNKNOWN; texts.len() * 2];
        legend.encode(&buffer, 2, &[], &mut codes);
        for (y, text) in texts.iter().enumerate() {
            let code = codes[y * 2];
            // Terminals without grapheme clusters show joined emoji wider than two cells.
            let wanted = if text.contains('\u{200d}') && code.width() == 1 { "?" } else { text };
            assert_eq!(legend.text(code, &mut [0; 4]), wanted);
            let mut pushed = String::new();
            legend.push(code, &mut pushed);
            assert_eq!(pushed, wanted);
            assert!(!code.is_wide_everywhere() || pizhu_text::text::width::is_certain(text));
            assert_eq!(legend.pen(code), Pen::of(&buffer[(0, y as u16)], *text == " ", Colors::True));
            assert_eq!(codes[y * 2 + 1] == Code::TAIL, code.width() == 2);
        }
    }

    #[test]
    fn a_blank_is_known_by_its_code() {
        let mut legend = Legend::new(Colors::True);
        let mut codes = [Code::UNKNOWN; 3];
        legend.encode(&Buffer::empty(Rect::new(0, 0, 3, 1)), 3, &[], &mut codes);
        assert_eq!(codes, [Code::BLANK; 3]);
        assert_eq!((Code::BLANK.is_blank(), Code::BLANK.width(), Code::BLANK.look()), (true, 1, 0));
        assert_eq!((Code::TAIL.width(), Code::UNKNOWN.width()), (0, 0));
    }
}
