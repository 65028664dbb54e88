//! The compare screen: two speeches or tags side by side, scrolled in step.
//!
//! Invariant: a pane's wrapped rows are its `rows` wrapped to the pane's width; its list is a
//! position among them.

use super::library_results::wrap_rows;
use crate::tui::message::{CompareSide, ResultRow, SpeechSpan};
use crate::tui::widget::ListState;
use pizhu_text::layout::LayoutStyle;
use ratatui::layout::Rect;

/// Minimum width to put the panes side by side; in narrower terminals one is above the other.
const MIN_SIDE_BY_SIDE_WIDTH: u16 = 64;

/// One of the two panes.
#[derive(Debug, Default)]
pub struct ComparePane {
    /// Its title.
    pub title: String,
    /// The position among the wrapped rows.
    pub list: ListState,
    rows: Vec<ResultRow>,
    wrapped_rows: Vec<ResultRow>,
}

impl ComparePane {
    /// The wrapped rows.
    #[must_use]
    pub(crate) fn wrapped_rows(&self) -> &[ResultRow] {
        &self.wrapped_rows
    }

    /// The last head at or before a row: its index among the heads, and its name.
    fn head_before(&self, row: usize) -> Option<(usize, &str)> {
        let upto = &self.wrapped_rows[..(row + 1).min(self.wrapped_rows.len())];
        let heads = upto.iter().filter(|row| row.is_head).count();
        let last = upto.iter().rfind(|row| row.is_head)?;
        Some((heads - 1, last.align_key.as_str()))
    }

    /// Row of the head with that name, else of the head with that index.
    fn matching_head(&self, number: usize, name: &str) -> Option<usize> {
        let mut heads = self.wrapped_rows.iter().enumerate().filter(|(_, row)| row.is_head);
        let named = (!name.is_empty()).then(|| heads.clone().find(|(_, row)| row.align_key == name)).flatten();
        named.or_else(|| heads.nth(number)).map(|(row, _)| row)
    }
}

/// The compare screen.
#[derive(Debug)]
pub struct CompareScreen {
    /// Contents of the panes.
    pub sides: [CompareSide; 2],
    /// The panes.
    pub panes: [ComparePane; 2],
    /// Index of the focused pane.
    pub focus: usize,
    /// Whether the other pane follows, head by head.
    pub synchronized: bool,
    /// Whether the texts are being loaded.
    pub is_loading: bool,
    generation: u64,
    areas: [Rect; 2],
}

impl CompareScreen {
    /// Panes with these contents and titles, whose texts arrive as the results of a query.
    #[must_use]
    pub fn new(sides: [CompareSide; 2], titles: [&str; 2], generation: u64) -> Self {
        let panes = titles.map(|title| ComparePane { title: title.to_owned(), ..ComparePane::default() });
        Self { sides, panes, focus: 0, synchronized: true, is_loading: true, generation, areas: [Rect::default(); 2] }
    }

    /// Takes the two texts, unless they are of an older query.
    pub(crate) fn set_texts(&mut self, generation: u64, sides: [(String, Vec<ResultRow>); 2], style: LayoutStyle) {
        if generation != self.generation {
            return;
        }
        for (pane, (title, rows)) in self.panes.iter_mut().zip(sides) {
            if !title.is_empty() {
                pane.title = title;
            }
            pane.rows = rows;
        }
        self.is_loading = false;
        self.rewrap(style);
    }

    /// Divides `area` among the panes.
    pub(crate) fn arrange(&mut self, area: Rect, style: LayoutStyle) {
        self.areas = if area.width >= MIN_SIDE_BY_SIDE_WIDTH {
            let left = area.width / 2;
            [Rect { width: left, ..area }, Rect { x: area.x + left + 1, width: area.width.saturating_sub(left + 1), ..area }]
        } else {
            let upper = area.height / 2;
            [Rect { height: upper, ..area }, Rect { y: area.y + upper, height: area.height - upper, ..area }]
        };
        self.rewrap(style);
    }

    /// Source of the selected row.
    #[must_use]
    pub(crate) fn selected_source(&self) -> Option<SpeechSpan> {
        let pane = &self.panes[self.focus];
        pane.wrapped_rows.get(pane.list.selected())?.source.clone()
    }

    /// Areas of the panes, with the title in the first row.
    #[must_use]
    pub(crate) fn areas(&self) -> [Rect; 2] {
        self.areas
    }

    fn height(&self, pane: usize) -> u16 {
        self.areas[pane].height.saturating_sub(1).max(1)
    }

    fn select_in(&mut self, pane: usize, row: usize) {
        let height = self.height(pane);
        let len = self.panes[pane].wrapped_rows.len();
        self.panes[pane].list.select(row, len, height);
    }

    /// Scrolls the other pane to the matching head: of the same name (the same section), else of the
    /// same index. Does nothing unless the panes are synchronized.
    fn sync_other(&mut self) {
        if !self.synchronized {
            return;
        }
        let (here, other) = (self.focus, 1 - self.focus);
        let found = self.panes[here].head_before(self.panes[here].list.selected());
        let row = found.and_then(|(number, name)| self.panes[other].matching_head(number, name));
        if let Some(row) = row {
            let len = self.panes[other].wrapped_rows.len();
            let height = self.height(other);
            self.panes[other].list.select(len, len, height);
            self.panes[other].list.select(row, len, height);
        }
    }

    /// Moves by rows; returns whether the selection changed.
    pub fn step(&mut self, steps: isize) -> bool {
        let before = self.panes[self.focus].list.selected();
        self.select_in(self.focus, before.saturating_add_signed(steps));
        self.sync_other();
        self.panes[self.focus].list.selected() != before
    }

    /// Selects a row.
    pub fn select(&mut self, row: usize) {
        self.select_in(self.focus, row);
        self.sync_other();
    }

    /// Moves by a page.
    pub fn page(&mut self, direction: isize) {
        let rows = isize::from(self.height(self.focus).max(2).cast_signed()) - 1;
        self.step(direction.saturating_mul(rows));
    }

    /// Moves to the next or previous head; returns whether there is one.
    pub(crate) fn step_head(&mut self, back: bool) -> bool {
        let pane = &self.panes[self.focus];
        let at = pane.list.selected();
        let found = if back {
            pane.wrapped_rows[..at.min(pane.wrapped_rows.len())].iter().rposition(|row| row.is_head)
        } else {
            pane.wrapped_rows.iter().skip(at + 1).position(|row| row.is_head).map(|ahead| at + 1 + ahead)
        };
        if let Some(row) = found {
            self.select(row);
        }
        found.is_some()
    }

    fn rewrap(&mut self, style: LayoutStyle) {
        for pane in 0..2 {
            let width = self.areas[pane].width;
            self.panes[pane].wrapped_rows = wrap_rows(&self.panes[pane].rows, style, width);
            self.select_in(pane, self.panes[pane].list.selected());
        }
    }
}
