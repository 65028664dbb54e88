//! Damage tracking: what a view reports as unchanged since the previous frame.

use ratatui::layout::Rect;

/// The undamaged part of a frame: cells that the diff skips. Their contents in the buffer may be
/// stale.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FrameDamage {
    /// The scroll to apply to the previous frame first.
    pub scrolled: Option<AreaScroll>,
    /// Areas that equal the previous frame after that scroll.
    pub unchanged: Vec<Rect>,
}

/// A vertical scroll of the rows within an area. The rows scrolled in are redrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AreaScroll {
    /// The area; no wide character crosses its left or right edge.
    pub area: Rect,
    /// The distance in rows.
    pub rows: u16,
    /// Whether the text moves up.
    pub up: bool,
}

impl AreaScroll {
    /// Applies the scroll to `cells`, a screen of rows of `width` cells.
    pub fn apply<T>(self, cells: &mut [T], width: u16) {
        let Self { area, rows, up } = self;
        let across = usize::from(width);
        let mut exchange = |upper: u16| {
            let (at, below) = (usize::from(upper) * across, usize::from(upper + rows) * across);
            if below + across > cells.len() {
                return;
            }
            let (head, tail) = cells.split_at_mut(below);
            let (left, right) = (usize::from(area.left()), usize::from(area.right()).min(across));
            head[at + left..at + right].swap_with_slice(&mut tail[left..right]);
        };
        let uppers = area.top()..area.bottom().saturating_sub(rows);
        if up {
            uppers.for_each(&mut exchange);
        } else {
            uppers.rev().for_each(&mut exchange);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(rows: u16, up: bool) -> String {
        let mut cells: Vec<char> = "a0 b1 c2 d3 e4 ".chars().collect();
        AreaScroll { area: Rect::new(1, 1, 1, 4), rows, up }.apply(&mut cells, 3);
        (1..5).map(|y| cells[y * 3 + 1]).collect()
    }

    #[test]
    fn rows_scroll_within_their_area() {
        assert!(moved(1, true).starts_with("234"));
        assert!(moved(3, true).starts_with('4'));
        assert!(moved(1, false).ends_with("123"));
        assert!(moved(2, false).ends_with("12"));
        assert_eq!(moved(4, true), "1234");
        assert_eq!(moved(9, false), "1234");
    }
}
