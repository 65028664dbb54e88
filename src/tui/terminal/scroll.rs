//! Finding out that a frame is the last one scrolled.

use ratatui::{
    buffer::{Buffer, Cell},
    layout::Rect,
    style::Color,
};

/// Rows `top..bottom` of the terminal moved by `lines`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// First row of the region.
    pub top: u16,
    /// Row behind the region.
    pub bottom: u16,
    /// By how many rows.
    pub lines: u16,
    /// Whether the text moves up.
    pub up: bool,
}

/// Rows that must be saved from drawing for a scroll to be worth its bytes.
const WORTH: usize = 2;

/// A fingerprint of each row of `next`; never 0, which stands for a row that is not known.
pub fn prints(next: &Buffer, area: Rect) -> Vec<u64> {
    let width = usize::from(next.area.width.max(1));
    let print = |row: &[Cell]| {
        row.iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, cell| mix(mix(mix(hash, symbol(cell)), colors(cell)), u64::from(cell.modifier.bits())))
            | 1
    };
    let mut prints: Vec<u64> = next.content.chunks(width).map(print).collect();
    prints.resize(usize::from(area.height), 0);
    prints
}

fn mix(hash: u64, value: u64) -> u64 {
    let product = u128::from(hash ^ value) * 0x9e37_79b9_7f4a_7c15;
    (product as u64) ^ ((product >> 64) as u64)
}

/// What a cell shows, as a number: itself where it is of eight bytes at most.
fn symbol(cell: &Cell) -> u64 {
    let bytes = cell.symbol().as_bytes();
    let head = bytes.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
    bytes.chunks(8).skip(1).fold(head, |hash, more| mix(hash, more.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))))
}

fn colors(cell: &Cell) -> u64 {
    u64::from(color(cell.fg)) << 32 | u64::from(color(cell.bg))
}

fn color(color: Color) -> u32 {
    match color {
        Color::Reset => 1,
        Color::Black => 2,
        Color::Red => 3,
        Color::Green => 4,
        Color::Yellow => 5,
        Color::Blue => 6,
        Color::Magenta => 7,
        Color::Cyan => 8,
        Color::Gray => 9,
        Color::DarkGray => 10,
        Color::LightRed => 11,
        Color::LightGreen => 12,
        Color::LightYellow => 13,
        Color::LightBlue => 14,
        Color::LightMagenta => 15,
        Color::LightCyan => 16,
        Color::White => 17,
        Color::Indexed(index) => 0x100 + u32::from(index),
        Color::Rgb(r, g, b) => u32::from_be_bytes([1, r, g, b]),
    }
}

/// The shift after which the fewest rows remain to be drawn; `None` where none is worth it.
pub fn find(shown: &[u64], next: &[u64]) -> Option<Shift> {
    let height = shown.len();
    if height != next.len() || height < 3 {
        return None;
    }
    let differing = (0..height).filter(|y| shown[*y] != next[*y]).count();
    if differing <= WORTH {
        return None;
    }
    // A blank row, or one that repeats, tells nothing.
    let mut best: Option<(usize, Shift)> = None;
    for lines in 1..height {
        for up in [true, false] {
            let source = |y: usize| if up { y.checked_add(lines).filter(|y| *y < height) } else { y.checked_sub(lines) };
            let moved = |y: usize| source(y).is_some_and(|from| shown[from] != 0 && shown[from] == next[y]);
            let telling = |y: &usize| moved(*y) && shown[*y] != next[*y];
            let Some(first) = (0..height).find(telling) else { continue };
            let Some(last) = (0..height).rev().find(telling) else { continue };
            let (top, bottom) = if up { (first, last + lines + 1) } else { (first - lines, last + 1) };
            let gained = (top..bottom).filter(telling).count();
            let spoilt = (top..bottom).filter(|y| shown[*y] == next[*y] && !moved(*y)).count();
            let worth = gained.saturating_sub(spoilt);
            if worth >= WORTH && best.is_none_or(|(most, _)| worth > most) {
                let shift = Shift { top: top as u16, bottom: bottom as u16, lines: lines as u16, up };
                best = Some((worth, shift));
            }
        }
    }
    best.map(|(_, shift)| shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scroll_is_found_between_fixed_rows() {
        let shown = [9, 1, 2, 3, 4, 5, 8];
        assert_eq!(find(&shown, &[9, 2, 3, 4, 5, 6, 8]), Some(Shift { top: 1, bottom: 6, lines: 1, up: true }));
        assert_eq!(find(&shown, &[9, 0, 1, 2, 3, 4, 8]), Some(Shift { top: 1, bottom: 6, lines: 1, up: false }));
        assert_eq!(find(&shown, &[9, 4, 5, 6, 7, 3, 8]), Some(Shift { top: 1, bottom: 6, lines: 3, up: true }));
    }

    #[test]
    fn what_did_not_scroll_is_left() {
        let shown = [9, 1, 2, 3, 4, 5, 8];
        assert_eq!(find(&shown, &shown), None);
        assert_eq!(find(&shown, &[9, 1, 7, 3, 4, 5, 8]), None);
        assert_eq!(find(&shown, &[11, 12, 13, 14, 15, 16, 17]), None);
        assert_eq!(find(&[0; 7], &shown), None);
    }
}
