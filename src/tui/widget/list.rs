//! A scrolling list: the selected entry and the first one shown.
//!
//! The state holds no entries; the caller passes their number and, for visible rows, their labels, so
//! that a list of a hundred thousand files costs no more than a screenful.

use super::label::{Label, StyleContext};
use crate::tui::theme::StyleRole;
use pizhu_terminal::paint;
use ratatui::{buffer::Buffer, layout::Rect};

/// The selection and scroll position of a list.
///
/// Invariant after each call that takes `len`: `selected < len`, or 0 in an empty list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListState {
    selected: usize,
    top: usize,
}

impl ListState {
    /// The selected entry.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Selects entry `index` of `len`, of which `height` rows are shown.
    pub fn select(&mut self, index: usize, len: usize, height: u16) {
        self.selected = index.min(len.saturating_sub(1));
        self.top = self.first_shown(len, height);
    }

    /// Moves the selection by `steps`, stopping at either end.
    pub fn step(&mut self, steps: isize, len: usize, height: u16) {
        self.select(self.selected.saturating_add_signed(steps), len, height);
    }

    /// Moves the selection by `steps`, wrapping at the ends.
    pub fn cycle(&mut self, steps: isize, len: usize, height: u16) {
        if len > 0 {
            let len_signed = isize::try_from(len).unwrap_or(isize::MAX);
            let index = (isize::try_from(self.selected.min(len - 1)).unwrap_or(0) + steps % len_signed).rem_euclid(len_signed);
            self.select(index.unsigned_abs(), len, height);
        }
    }

    /// Moves the selection by `pages` of `height` rows each, which overlap by one row.
    pub fn page(&mut self, pages: isize, len: usize, height: u16) {
        self.step(pages.saturating_mul(isize::try_from(height.max(2) - 1).unwrap_or(1)), len, height);
    }

    /// Scrolls the selected entry to the middle of `height` rows.
    pub(crate) fn center(&mut self, len: usize, height: u16) {
        self.top = self.selected.saturating_sub(usize::from(height / 2));
        self.top = self.first_shown(len, height);
    }

    /// The first of the entries shown in `height` rows. The selected entry is always visible, and no row
    /// stays empty that could be filled.
    #[must_use]
    pub(crate) fn first_shown(&self, len: usize, height: u16) -> usize {
        let height = usize::from(height.max(1));
        let least = (self.selected + 1).saturating_sub(height);
        self.top.clamp(least, self.selected.max(least)).min(len.saturating_sub(height))
    }

    /// The entry at `row` of the visible list (0 at the top), for the mouse.
    #[must_use]
    pub(crate) fn entry_at(&self, row: u16, len: usize, height: u16) -> Option<usize> {
        let index = self.first_shown(len, height) + usize::from(row);
        (row < height && index < len).then_some(index)
    }
}

/// Draws the visible rows of a list. `label` gives an entry's label; the style of the selected entry
/// is added here. If there are more entries than rows, the last column is a scroll bar.
pub(crate) fn draw_list<'a>(
    list: &ListState,
    len: usize,
    area: Rect,
    buffer: &mut Buffer,
    styles: StyleContext<'_>,
    label: impl Fn(usize) -> Label<'a>,
) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let first = list.first_shown(len, area.height);
    let scrolls = len > usize::from(area.height) && area.width > 2;
    let width = if scrolls { area.width - 1 } else { area.width };
    for (row, index) in area.rows().zip(first..len) {
        let row = Rect { width, ..row };
        if index == list.selected {
            let base = styles.style(StyleRole::Text).patch(styles.style(StyleRole::Selected));
            label(index).over(base).draw(row, buffer, base, styles.ambiguous);
        } else {
            label(index).draw(row, buffer, buffer[(row.x, row.y)].style(), styles.ambiguous);
        }
    }
    if scrolls {
        draw_scroll_bar(Rect { x: area.right() - 1, width: 1, ..area }, first, len, buffer, styles);
    }
}

/// Draws a scroll bar of one column for `len` entries, of which those from `first` on are visible.
pub(crate) fn draw_scroll_bar(area: Rect, first: usize, len: usize, buffer: &mut Buffer, styles: StyleContext<'_>) {
    let height = usize::from(area.height);
    if height == 0 || len <= height {
        return;
    }
    let thumb = (height * height / len).max(1);
    let start = first * (height - thumb) / (len - height);
    for (index, row) in area.rows().enumerate() {
        let sign = if (start..start + thumb).contains(&index) { "▐" } else { " " };
        let style = buffer[(row.x, row.y)].style().patch(styles.style(StyleRole::Gutter));
        paint::draw_text(buffer, row.x, row.y, row.right(), sign, style, styles.ambiguous);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Theme;
    use pizhu_text::text::width::AmbiguousWidth;
    use proptest::prelude::*;
    use std::cell::RefCell;

    proptest! {
        #[test]
        fn the_selected_entry_is_always_visible(moves in prop::collection::vec((0..5_usize, -30..30_isize, 0..40_usize, 1..12_u16), 1..40)) {
            let mut list = ListState::default();
            for (kind, steps, len, height) in moves {
                match kind {
                    0 => list.step(steps, len, height),
                    1 => list.page(steps.signum(), len, height),
                    2 => list.center(len, height),
                    3 => list.cycle(steps, len, height),
                    _ => list.select(steps.unsigned_abs(), len, height),
                }
                if kind == 2 || (kind == 3 && len == 0) { continue; }
                let first = list.first_shown(len, height);
                prop_assert!(list.selected() < len.max(1));
                prop_assert!(first <= list.selected() && list.selected() < first + usize::from(height));
                prop_assert!(first == 0 || first + usize::from(height) <= len);
            }
        }
    }

    #[test]
    fn cycling_wraps_at_both_ends() {
        let mut list = ListState::default();
        list.cycle(-1, 7, 3);
        assert_eq!((list.selected(), list.first_shown(7, 3)), (6, 4));
        list.cycle(1, 7, 3);
        assert_eq!((list.selected(), list.first_shown(7, 3)), (0, 0));
        list.cycle(5, 0, 3);
        assert_eq!(list.selected(), 0);
    }

    #[test]
    fn stepping_back_scrolls_only_at_the_edge() {
        let mut list = ListState::default();
        list.step(9, 20, 5);
        assert_eq!(list.first_shown(20, 5), 5);
        list.step(-3, 20, 5);
        assert_eq!(list.first_shown(20, 5), 5);
        list.step(-2, 20, 5);
        assert_eq!(list.first_shown(20, 5), 4);
    }

    #[test]
    fn only_visible_rows_are_labelled() {
        let theme = Theme::plain();
        let styles = StyleContext { theme: &theme, ambiguous: AmbiguousWidth::Narrow };
        let mut list = ListState::default();
        list.select(50_000, 100_000, 4);
        let asked = RefCell::new(Vec::new());
        let area = Rect::new(0, 0, 10, 4);
        let mut buffer = Buffer::empty(area);
        draw_list(&list, 100_000, area, &mut buffer, styles, |index| {
            asked.borrow_mut().push(index);
            Label::new(index.to_string(), ratatui::style::Style::new())
        });
        assert_eq!(asked.into_inner(), [49_997, 49_998, 49_999, 50_000]);
        assert_eq!(list.entry_at(1, 100_000, 4), Some(49_998));
        assert_eq!(list.entry_at(4, 100_000, 4), None);
        assert!((0..4).any(|row| buffer[(9, row)].symbol() == "▐"));
    }
}
