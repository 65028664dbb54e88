//! Finding out that a frame is the last one scrolled.

use super::{
    code::{self, Code, differing},
    kept::Moved,
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

/// Cells that drawing in place must change for the bytes of each not to matter where scrolling
/// changes a quarter less.
const MANY: usize = 256;

/// Vertical bands of the screen that are looked at each for itself, so that a text is seen to
/// scroll beside panes that stand.
const BANDS: usize = 3;

/// Bytes of the sequences that a scroll, and each stretch of cells drawn anew, takes.
const SCROLL_COST: usize = 24;
const STRETCH_COST: usize = 8;
/// Bytes of a change of look, which may often be had for a move.
const LOOK_COST: usize = 10;

/// The shift of what is `shown` after which the least remains to be drawn for `next`; `None` where
/// none is worth it. Both are rows of `width` codes. Where it is known what has `moved`, no other
/// shift is looked for.
pub fn find(shown: &[Code], next: &[Code], width: u16, moved: Option<Moved>) -> Option<Shift> {
    let width = usize::from(width.max(1));
    let rows = shown.chunks_exact(width).zip(next.chunks_exact(width));
    if shown.len() != next.len() || rows.filter(|(shown, next)| differing(shown, next).is_some()).nth(WORTH).is_none() {
        return None;
    }
    if let Some(Moved { area, rows, up }) = moved.filter(|moved| moved.rows < moved.area.height) {
        let shift = Shift { top: area.top(), bottom: area.bottom(), lines: rows, up };
        let scrolled = changed(shown, next, width, Some(shift), usize::MAX);
        let many = MANY.max(scrolled + scrolled / 3);
        if changed(shown, next, width, None, many) >= many {
            return Some(shift);
        }
        let scrolled = cost(shown, next, width, Some(shift), usize::MAX);
        return (scrolled < cost(shown, next, width, None, scrolled)).then_some(shift);
    }
    let band = |from: usize, to: usize| by_rows(&prints(shown, width, from, to), &prints(next, width, from, to));
    let whole = band(0, width);
    let bands = (0..BANDS).filter_map(|n| band(width * n / BANDS, width * (n + 1) / BANDS));
    let mut candidates: Vec<Shift> = whole.into_iter().chain(bands).collect();
    candidates.sort_by_key(|shift| (shift.up, shift.lines, shift.top, shift.bottom));
    candidates.dedup();
    if candidates.is_empty() {
        return None;
    }
    let in_place = cost(shown, next, width, None, usize::MAX);
    let cost = |shift| cost(shown, next, width, Some(shift), in_place);
    let cheapest = candidates.into_iter().map(|shift| (cost(shift), shift)).min_by_key(|(cost, _)| *cost)?;
    (cheapest.0 < in_place).then_some(cheapest.1)
}

/// A fingerprint of each row's cells `from..to`; 0 where one of them is not known. Only what is
/// worth scrolling is decided by them.
fn prints(codes: &[Code], width: usize, from: usize, to: usize) -> Vec<u64> {
    let print = |row: &[Code]| {
        let row = &row[from..to];
        if row.contains(&Code::UNKNOWN) { 0 } else { row.iter().fold(SEED, |hash, code| mix(hash, code.number())) | 1 }
    };
    codes.chunks_exact(width).map(print).collect()
}

/// About how many cells of `next` the terminal does not show, shifted, counted up to about `most`.
fn changed(shown: &[Code], next: &[Code], width: usize, shift: Option<Shift>, most: usize) -> usize {
    let mut count = 0;
    for (y, next) in next.chunks_exact(width).enumerate() {
        let source = shift.map_or(Some(y), |shift| shift.source(y));
        count += match source.and_then(|y| shown.get(y * width..(y + 1) * width)) {
            Some(shown) => code::changed(shown, next),
            None => width,
        };
        if count >= most {
            break;
        }
    }
    count
}

/// About how many bytes drawing `next` takes where the terminal shows `shown`, shifted; where that
/// is over `most`, some number over it.
fn cost(shown: &[Code], next: &[Code], width: usize, shift: Option<Shift>, most: usize) -> usize {
    let mut cost = if shift.is_some() { SCROLL_COST } else { 0 };
    for (y, next) in next.chunks_exact(width).enumerate() {
        let source = shift.map_or(Some(y), |shift| shift.source(y));
        let shown = source.and_then(|y| shown.get(y * width..(y + 1) * width));
        let Some(places) = shown.map_or(Some(0..width), |shown| differing(shown, next)) else { continue };
        if cost > most {
            break;
        }
        let mut drawing = false;
        let mut look = None;
        for x in places {
            let code = next[x];
            let differs = shown.map_or(Code::BLANK, |row| row[x]) != code;
            if differs && code != Code::TAIL {
                cost += code.bytes() + if drawing { 0 } else { STRETCH_COST };
                if !code.is_blank() && look != Some(code.look()) {
                    cost += LOOK_COST;
                    look = Some(code.look());
                }
            }
            drawing = differs;
        }
    }
    cost
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

fn mix(hash: u64, value: u64) -> u64 {
    let product = u128::from(hash ^ value) * 0x9e37_79b9_7f4a_7c15;
    (product as u64) ^ ((product >> 64) as u64)
}

/// The shift after which the fewest rows remain to be drawn; `None` where none is worth it.
fn by_rows(shown: &[u64], next: &[u64]) -> Option<Shift> {
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
        assert_eq!(by_rows(&shown, &[9, 2, 3, 4, 5, 6, 8]), Some(Shift { top: 1, bottom: 6, lines: 1, up: true }));
        assert_eq!(by_rows(&shown, &[9, 0, 1, 2, 3, 4, 8]), Some(Shift { top: 1, bottom: 6, lines: 1, up: false }));
        assert_eq!(by_rows(&shown, &[9, 4, 5, 6, 7, 3, 8]), Some(Shift { top: 1, bottom: 6, lines: 3, up: true }));
    }

    #[test]
    fn what_did_not_scroll_is_left() {
        let shown = [9, 1, 2, 3, 4, 5, 8];
        assert_eq!(by_rows(&shown, &shown), None);
        assert_eq!(by_rows(&shown, &[9, 1, 7, 3, 4, 5, 8]), None);
        assert_eq!(by_rows(&shown, &[11, 12, 13, 14, 15, 16, 17]), None);
        assert_eq!(by_rows(&[0; 7], &shown), None);
    }
}
