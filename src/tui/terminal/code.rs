//! What one cell of the terminal shows, in 64 bits, so that whole screens are compared, searched
//! for scrolling and kept as plain numbers.
//!
//! A [`Code`] is exact, not a fingerprint: short texts stand in it as they are, looks and long
//! texts as their numbers in a [`Legend`]. Two cells of one legend show the same if and only if
//! their codes are equal.

use super::{Colors, color::number, pen::Pen};
use crate::text::visible;
use compact_str::CompactString;
use ratatui::{
    buffer::{Buffer, Cell, CellWidth as _},
    layout::Rect,
};
use smallvec::SmallVec;
use std::ops::Range;

/// What a cell shows. From the lowest bit on: 32 of the text, 16 of the look, 2 of the width,
/// which is 0 for what is no grapheme's first cell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Code(u64);

/// The text's highest byte where the rest is the number of a long text. No UTF-8 has this byte.
const LONG: u32 = 0xFF00_0000;

/// Looks and long texts a legend holds at most.
const MOST: usize = 0xFFFF;

impl Code {
    /// Not known; must be drawn.
    pub const UNKNOWN: Self = Self(0);
    /// The right half of the cell before it.
    pub const TAIL: Self = Self(1);
    /// A blank of the default look, which is number 0 of every legend.
    pub const BLANK: Self = Self(b' ' as u64 | 1 << 48);

    fn new(text: u32, pen: u16, width: u8) -> Self {
        Self(u64::from(text) | u64::from(pen) << 32 | u64::from(width) << 48)
    }

    /// Cells of the grapheme that begins here; 0 where none does.
    pub fn width(self) -> u8 {
        (self.0 >> 48) as u8
    }

    /// The number of its look.
    pub fn look(self) -> u16 {
        (self.0 >> 32) as u16
    }

    /// Whether it shows a space, in whatever look.
    pub fn is_blank(self) -> bool {
        self.short() == u32::from(b' ')
    }

    /// Whether it shows one character of ASCII.
    pub fn is_ascii(self) -> bool {
        self.width() == 1 && self.short() < 0x80
    }

    /// Whether it shows a hanzi of U+4000 to U+9FFF, a Chinese mark or full-width ASCII: two cells
    /// in every terminal.
    pub fn is_wide_everywhere(self) -> bool {
        let [a, b, c, d] = self.short().to_le_bytes();
        self.width() == 2 && d == 0 && c != 0 && is_wide_everywhere(&[a, b, c])
    }

    /// About the bytes of its text: those of a long one are guessed.
    pub fn bytes(self) -> usize {
        match self.short() {
            0..=0xFF => 1,
            0x100..=0xFFFF => 2,
            0x1_0000..=0xFF_FFFF => 3,
            LONG.. => 8,
            _ => 4,
        }
    }

    /// The number itself, to be hashed.
    pub fn number(self) -> u64 {
        self.0
    }

    fn short(self) -> u32 {
        self.0 as u32
    }
}

/// Cells that are compared at once.
const STEP: usize = 8;

/// Whether some of these cells differ. Without a branch, so that they are compared in one go.
fn differ(shown: &[Code; STEP], next: &[Code; STEP]) -> bool {
    let mut all = 0;
    for at in 0..STEP {
        all |= shown[at].0 ^ next[at].0;
    }
    all != 0
}

/// The cells between which two rows of one length differ, a few that do not included; `None` where
/// they are equal.
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

/// About how many cells of two rows of one length differ: those beside one that does are counted
/// too.
pub fn changed(shown: &[Code], next: &[Code]) -> usize {
    let (steps, rest) = shown.as_chunks::<STEP>();
    let (next_steps, next_rest) = next.as_chunks::<STEP>();
    let differing = steps.iter().zip(next_steps).filter(|(shown, next)| differ(shown, next)).count();
    differing * STEP + if rest == next_rest { 0 } else { rest.len() }
}

/// The looks and long texts that codes name.
#[derive(Debug)]
pub struct Legend {
    colors: Colors,
    pens: Vec<Pen>,
    texts: Vec<CompactString>,
    /// The styles that cells were met in, with the numbers of their looks on text and on blanks.
    styles: Vec<((u64, u16), [u16; 2])>,
    /// Which of them was met last: neighbours mostly look alike.
    last: usize,
}

impl Legend {
    /// A legend for a terminal of these colours.
    pub fn new(colors: Colors) -> Self {
        Self { colors, pens: vec![Pen::default()], texts: Vec::new(), styles: Vec::new(), last: 0 }
    }

    /// Whether it must be begun anew before another frame, and with it all that its codes are in.
    pub fn is_full(&self) -> bool {
        self.styles.len().max(self.texts.len()) > MOST / 2
    }

    /// The look of a code.
    pub fn pen(&self, code: Code) -> Pen {
        self.pens.get(usize::from(code.look())).copied().unwrap_or_default()
    }

    /// Appends the text of a code.
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

    /// The text of a code, with `room` to put a short one in.
    pub fn text<'a>(&'a self, code: Code, room: &'a mut [u8; 4]) -> &'a str {
        let short = code.short();
        if short >= LONG {
            return self.texts.get((short - LONG) as usize).map_or("?", CompactString::as_str);
        }
        *room = short.to_le_bytes();
        let len = code.bytes();
        std::str::from_utf8(&room[..len]).unwrap_or("?")
    }

    /// Puts what `next` shows into `codes`, row by row, `width` codes each. Those in `kept` are as
    /// they were.
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
            // The last byte is one of UTF-8's that follow, so the number is below `LONG`.
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

/// Whether these are the bytes of a hanzi of U+4000 to U+9FFF, of 、。《》 and their like, or of
/// full-width ASCII.
fn is_wide_everywhere(bytes: &[u8]) -> bool {
    matches!(bytes, [0xE4..=0xE9, _, _] | [0xE3, 0x80, 0x80..=0x91] | [0xEF, 0xBC, 0x81..=0xBF])
}

/// Colours and attributes of a cell as numbers, which are quicker to compare.
fn style(cell: &Cell) -> (u64, u16) {
    (u64::from(number(cell.fg)) << 32 | u64::from(number(cell.bg)), cell.modifier.bits())
}

/// What a cell shows in the `room` cells to the right edge: its text and width, 1 or 2. What a
/// terminal must not get, or what does not fit, becomes `?` or a blank.
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
            // Joined emoji are wider than two cells as terminals count that know no clusters.
            let wanted = if text.contains('\u{200d}') && code.width() == 1 { "?" } else { text };
            assert_eq!(legend.text(code, &mut [0; 4]), wanted);
            let mut pushed = String::new();
            legend.push(code, &mut pushed);
            assert_eq!(pushed, wanted);
            assert!(!code.is_wide_everywhere() || crate::text::width::is_certain(text));
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
