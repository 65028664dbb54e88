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

/// Vertical bands of the screen that are looked at each for itself, so that a text is seen to
/// scroll beside panes that stand.
const BANDS: usize = 3;

/// Bytes of the sequences that a scroll, and each stretch of cells drawn anew, takes.
const SCROLL_COST: usize = 24;
const STRETCH_COST: usize = 8;
/// Bytes of a change of look, which may often be had for a move.
const LOOK_COST: usize = 10;

/// Fingerprints of a frame's cells and rows. Only what is worth scrolling is decided by them.
#[derive(Debug)]
pub struct Prints {
    width: usize,
    /// Of each cell; 0 where it is not known.
    cells: Vec<u32>,
    /// Bytes of each cell's text.
    bytes: Vec<u8>,
    /// Of each cell's foreground and attributes, 0 for a blank.
    looks: Vec<u16>,
    /// Of each row; 0 where it is not wholly known.
    rows: Vec<u64>,
}

impl Prints {
    /// Of a screen of which nothing is known.
    pub fn unknown(area: Rect) -> Self {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        Self {
            width,
            cells: vec![0; width * height],
            bytes: vec![0; width * height],
            looks: vec![0; width * height],
            rows: vec![0; height],
        }
    }

    /// Of `next`, as far as it lies on the screen `area`.
    pub fn of(next: &Buffer, area: Rect) -> Self {
        let mut prints = Self::unknown(area);
        let width = usize::from(next.area.width);
        let rows = next.content.chunks_exact(width.max(1)).zip(prints.cells.chunks_exact_mut(prints.width.max(1)));
        for (y, (row, cells)) in rows.enumerate() {
            let mut row_hash = SEED;
            for (x, (cell, print)) in row.iter().zip(cells).enumerate() {
                let hash = of_cell(cell);
                row_hash = mix(row_hash, hash);
                *print = (hash >> 16) as u32 | 1;
                let at = y * prints.width + x;
                prints.bytes[at] = cell.symbol().len() as u8;
                if cell.symbol() != " " {
                    prints.looks[at] = (mix(u64::from(color(cell.fg)), u64::from(cell.modifier.bits())) as u16) | 1;
                }
            }
            prints.rows[y] = row_hash | 1;
        }
        prints
    }

    /// Forgets one row.
    pub fn forget_row(&mut self, y: u16) {
        let y = usize::from(y);
        if let Some(row) = self.rows.get_mut(y) {
            *row = 0;
            self.cells[y * self.width..(y + 1) * self.width].fill(0);
        }
    }

    /// The shift of what is shown after which the least remains to be drawn for `next`; `None`
    /// where none is worth it.
    pub fn shift_to(&self, next: &Self) -> Option<Shift> {
        if self.rows.len() != next.rows.len() || self.width != next.width {
            return None;
        }
        if self.rows == next.rows {
            return None;
        }
        let in_place = self.cost(next, None);
        let bands = (0..BANDS).filter_map(|n| {
            let (from, to) = (self.width * n / BANDS, self.width * (n + 1) / BANDS);
            find(&self.band(from, to), &next.band(from, to))
        });
        let mut candidates: Vec<Shift> = find(&self.rows, &next.rows).into_iter().chain(bands).collect();
        candidates.dedup();
        let cheapest = candidates.into_iter().map(|shift| (self.cost(next, Some(shift)), shift)).min_by_key(|(cost, _)| *cost)?;
        (cheapest.0 < in_place).then_some(cheapest.1)
    }

    /// For each row of `next` whether the screen shows it, after `shift`.
    pub fn same_rows(&self, next: &Self, shift: Option<Shift>) -> Vec<bool> {
        let shown = |y: usize| shift.map_or(Some(y), |shift| shift.source(y)).map_or(0, |source| self.rows[source]);
        next.rows.iter().enumerate().map(|(y, row)| y < self.rows.len() && shown(y) == *row).collect()
    }

    /// The rows of one band.
    fn band(&self, from: usize, to: usize) -> Vec<u64> {
        let row = |cells: &[u32]| {
            let cells = &cells[from..to];
            if cells.contains(&0) { 0 } else { cells.iter().fold(SEED, |hash, cell| mix(hash, u64::from(*cell))) | 1 }
        };
        self.cells.chunks_exact(self.width.max(1)).map(row).collect()
    }

    /// About how many bytes drawing `next` takes where the screen shows `self`, shifted.
    fn cost(&self, next: &Self, shift: Option<Shift>) -> usize {
        let blank = (of_cell(&Cell::EMPTY) >> 16) as u32 | 1;
        let mut cost = if shift.is_some() { SCROLL_COST } else { 0 };
        for y in 0..self.rows.len() {
            let source = shift.map_or(Some(y), |shift| shift.source(y));
            let shown = source.map(|y| &self.cells[y * self.width..(y + 1) * self.width]);
            let wanted = y * self.width..(y + 1) * self.width;
            let mut drawing = false;
            let looks = &next.looks[wanted.clone()];
            let mut look = 0;
            for (x, (cell, bytes)) in next.cells[wanted.clone()].iter().zip(&next.bytes[wanted]).enumerate() {
                let differs = shown.map_or(blank, |row| row[x]) != *cell;
                if differs {
                    cost += usize::from(*bytes) + if drawing { 0 } else { STRETCH_COST };
                    if looks[x] != 0 && looks[x] != look {
                        cost += LOOK_COST;
                        look = looks[x];
                    }
                }
                drawing = differs;
            }
        }
        cost
    }
}

impl Shift {
    /// The row that stands in row `y` after the shift; `None` for one that came in blank.
    fn source(self, y: usize) -> Option<usize> {
        let (top, bottom, lines) = (usize::from(self.top), usize::from(self.bottom), usize::from(self.lines));
        if !(top..bottom).contains(&y) {
            return Some(y);
        }
        let from = if self.up { y.checked_add(lines) } else { y.checked_sub(lines) };
        from.filter(|from| (top..bottom).contains(from))
    }
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn of_cell(cell: &Cell) -> u64 {
    mix(mix(mix(SEED, symbol(cell)), colors(cell)), u64::from(cell.modifier.bits()))
}

fn mix(hash: u64, value: u64) -> u64 {
    let product = u128::from(hash ^ value) * 0x9e37_79b9_7f4a_7c15;
    (product as u64) ^ ((product >> 64) as u64)
}

/// What a cell shows, as a number: itself where it is of eight bytes at most.
fn symbol(cell: &Cell) -> u64 {
    let bytes = cell.symbol().as_bytes();
    match *bytes {
        [a] => return u64::from(a),
        [a, b, c] => return u64::from(a) << 16 | u64::from(b) << 8 | u64::from(c),
        _ => {}
    }
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
fn find(shown: &[u64], next: &[u64]) -> Option<Shift> {
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
