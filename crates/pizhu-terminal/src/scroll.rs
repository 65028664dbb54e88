//! Detects that a frame is the previous one scrolled.

use super::{
    frame_damage::AreaScroll,
    packed_cell::{self, PackedCell, diff_range},
};

/// A scroll of the rows `top..bottom` by `lines`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RegionScroll {
    /// The first row of the region.
    pub(crate) top: u16,
    /// The row after the region.
    pub(crate) bottom: u16,
    /// The distance in rows.
    pub(crate) lines: u16,
    /// Whether the text moves up.
    pub(crate) up: bool,
}

/// Minimum rows saved from drawing for a scroll to be saved its bytes.
const MIN_SAVED_ROWS: usize = 2;

/// Minimum cells changed by drawing in place for skipping the exact costs, if scrolling changes a
/// quarter less.
const MIN_CHANGED_CELLS: usize = 256;

/// Number of vertical bands of the screen searched separately, so that a scroll of the text is found
/// beside panes that do not scroll.
const BANDS: usize = 3;

/// Bytes of a scroll's sequences, and of the move to each run of cells drawn.
const SCROLL_COST: usize = 24;
const RUN_COST: usize = 8;
/// Bytes of a change of pen.
const PEN_COST: usize = 10;

/// The scroll of `shown` after which the fewest bytes draw `next`; `None` if none pays off. Both are
/// rows of `width` cells. If the view reports what has `moved`, no other scroll is considered.
pub(crate) fn find_scroll(shown: &[PackedCell], next: &[PackedCell], width: u16, moved: Option<AreaScroll>) -> Option<RegionScroll> {
    let width = usize::from(width.max(1));
    let rows = shown.chunks_exact(width).zip(next.chunks_exact(width));
    if shown.len() != next.len() || rows.filter(|(shown, next)| diff_range(shown, next).is_some()).nth(MIN_SAVED_ROWS).is_none() {
        return None;
    }
    if let Some(AreaScroll { area, rows, up }) = moved.filter(|moved| moved.rows < moved.area.height) {
        let scroll = RegionScroll { top: area.top(), bottom: area.bottom(), lines: rows, up };
        let scrolled = changed_cells(shown, next, width, Some(scroll), usize::MAX);
        let many = MIN_CHANGED_CELLS.max(scrolled + scrolled / 3);
        if changed_cells(shown, next, width, None, many) >= many {
            return Some(scroll);
        }
        let scrolled = drawing_cost(shown, next, width, Some(scroll), usize::MAX);
        return (scrolled < drawing_cost(shown, next, width, None, scrolled)).then_some(scroll);
    }
    let band = |from: usize, to: usize| find_by_hashes(&row_hashes(shown, width, from, to), &row_hashes(next, width, from, to));
    let whole = band(0, width);
    let bands = (0..BANDS).filter_map(|n| band(width * n / BANDS, width * (n + 1) / BANDS));
    let mut candidates: Vec<RegionScroll> = whole.into_iter().chain(bands).collect();
    candidates.sort_by_key(|scroll| (scroll.up, scroll.lines, scroll.top, scroll.bottom));
    candidates.dedup();
    if candidates.is_empty() {
        return None;
    }
    let in_place = drawing_cost(shown, next, width, None, usize::MAX);
    let cost = |scroll| drawing_cost(shown, next, width, Some(scroll), in_place);
    let cheapest = candidates.into_iter().map(|scroll| (cost(scroll), scroll)).min_by_key(|(cost, _)| *cost)?;
    (cheapest.0 < in_place).then_some(cheapest.1)
}

/// A hash of the cells `from..to` of each row; 0 if one of them is unknown. A collision costs bytes,
/// never correctness: hashes only propose candidates.
fn row_hashes(cells: &[PackedCell], width: usize, from: usize, to: usize) -> Vec<u64> {
    let print = |row: &[PackedCell]| {
        let row = &row[from..to];
        if row.contains(&PackedCell::UNKNOWN) { 0 } else { row.iter().fold(SEED, |hash, cell| mix(hash, cell.bits())) | 1 }
    };
    cells.chunks_exact(width).map(print).collect()
}

/// Approximate number of cells of `next` that the terminal does not show after `scroll`; stops
/// counting at about `most`.
fn changed_cells(shown: &[PackedCell], next: &[PackedCell], width: usize, scroll: Option<RegionScroll>, most: usize) -> usize {
    let mut count = 0;
    for (y, next) in next.chunks_exact(width).enumerate() {
        let source = scroll.map_or(Some(y), |scroll| scroll.source_row(y));
        count += match source.and_then(|y| shown.get(y * width..(y + 1) * width)) {
            Some(shown) => packed_cell::count_changed(shown, next),
            None => width,
        };
        if count >= most {
            break;
        }
    }
    count
}

/// Approximate bytes of drawing `next` over `shown` after `scroll`; stops counting above `most`.
fn drawing_cost(shown: &[PackedCell], next: &[PackedCell], width: usize, scroll: Option<RegionScroll>, most: usize) -> usize {
    let mut cost = if scroll.is_some() { SCROLL_COST } else { 0 };
    for (y, next) in next.chunks_exact(width).enumerate() {
        let source = scroll.map_or(Some(y), |scroll| scroll.source_row(y));
        let shown = source.and_then(|y| shown.get(y * width..(y + 1) * width));
        let Some(range) = shown.map_or(Some(0..width), |shown| diff_range(shown, next)) else { continue };
        if cost > most {
            break;
        }
        let mut drawing = false;
        let mut pen = None;
        for x in range {
            let cell = next[x];
            let differs = shown.map_or(PackedCell::BLANK, |row| row[x]) != cell;
            if differs && cell != PackedCell::TAIL {
                cost += cell.byte_len() + if drawing { 0 } else { RUN_COST };
                if !cell.is_blank() && pen != Some(cell.pen_index()) {
                    cost += PEN_COST;
                    pen = Some(cell.pen_index());
                }
            }
            drawing = differs;
        }
    }
    cost
}

impl RegionScroll {
    /// The row whose content row `y` shows after the scroll; `None` for one that came in blank.
    fn source_row(self, y: usize) -> Option<usize> {
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

/// The scroll after which the fewest rows, compared by their hashes, remain to be drawn; `None` if
/// none pays off.
fn find_by_hashes(shown: &[u64], next: &[u64]) -> Option<RegionScroll> {
    let height = shown.len();
    if height != next.len() || height < 3 {
        return None;
    }
    let differing = (0..height).filter(|y| shown[*y] != next[*y]).count();
    if differing <= MIN_SAVED_ROWS {
        return None;
    }
    // A row that already shows what it should (blank, repeated) is no evidence for a scroll.
    let mut best: Option<(usize, RegionScroll)> = None;
    for lines in 1..height {
        for up in [true, false] {
            let source = |y: usize| if up { y.checked_add(lines).filter(|y| *y < height) } else { y.checked_sub(lines) };
            let moved = |y: usize| source(y).is_some_and(|from| shown[from] != 0 && shown[from] == next[y]);
            let is_evidence = |y: &usize| moved(*y) && shown[*y] != next[*y];
            let Some(first) = (0..height).find(is_evidence) else { continue };
            let Some(last) = (0..height).rev().find(is_evidence) else { continue };
            let (top, bottom) = if up { (first, last + lines + 1) } else { (first - lines, last + 1) };
            let gained = (top..bottom).filter(is_evidence).count();
            let gone_rows = (top..bottom).filter(|y| shown[*y] == next[*y] && !moved(*y)).count();
            let saved = gained.saturating_sub(gone_rows);
            if saved >= MIN_SAVED_ROWS && best.is_none_or(|(most, _)| saved > most) {
                let scroll = RegionScroll { top: top as u16, bottom: bottom as u16, lines: lines as u16, up };
                best = Some((saved, scroll));
            }
        }
    }
    best.map(|(_, scroll)| scroll)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scroll_between_fixed_rows_is_found() {
        let shown = [9, 1, 2, 3, 4, 5, 8];
        assert_eq!(find_by_hashes(&shown, &[9, 2, 3, 4, 5, 6, 8]), Some(RegionScroll { top: 1, bottom: 6, lines: 1, up: true }));
        assert_eq!(find_by_hashes(&shown, &[9, 0, 1, 2, 3, 4, 8]), Some(RegionScroll { top: 1, bottom: 6, lines: 1, up: false }));
        assert_eq!(find_by_hashes(&shown, &[9, 4, 5, 6, 7, 3, 8]), Some(RegionScroll { top: 1, bottom: 6, lines: 3, up: true }));
    }

    #[test]
    fn frames_that_did_not_scroll_give_none() {
        let shown = [9, 1, 2, 3, 4, 5, 8];
        assert_eq!(find_by_hashes(&shown, &shown), None);
        assert_eq!(find_by_hashes(&shown, &[9, 1, 7, 3, 4, 5, 8]), None);
        assert_eq!(find_by_hashes(&shown, &[11, 12, 13, 14, 15, 16, 17]), None);
        assert_eq!(find_by_hashes(&[0; 7], &shown), None);
    }
}
