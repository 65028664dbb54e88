//! The compare screen: two speeches or tags side by side, scrolled in step.
//!
//! Invariant: a pane's wrapped rows are its `rows` wrapped to the pane's width; its list is a
//! position among them.

use crate::tui::screens::results::screen::wrap_rows;
use crate::tui::message::{CompareSide, ComparedOutline, ComparedTexts, PieceStyle, ResultRow, SpeechSpan};
use crate::tui::widget::ListState;
use pizhu_text::layout::LayoutStyle;
use ratatui::layout::Rect;
use std::ops::Range;

/// Minimum width to put the panes side by side; in narrower terminals one is above the other.
const MIN_SIDE_BY_SIDE_WIDTH: u16 = 64;

/// Cells of the signs before the rows of two compared speeches.
const SIGN_WIDTH: u16 = 2;

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

    /// The rows from the last head at or before a row to the next head.
    fn section_rows(&self, row: usize) -> Range<usize> {
        let upto = (row + 1).min(self.wrapped_rows.len());
        let start = self.wrapped_rows[..upto].iter().rposition(|row| row.is_head).unwrap_or(0);
        let len = self.wrapped_rows.iter().skip(start + 1).position(|row| row.is_head);
        start..len.map_or(self.wrapped_rows.len(), |len| start + 1 + len)
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
    /// What became of the sections, if both sides are speeches.
    pub outline: Option<ComparedOutline>,
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
        Self { sides, panes, focus: 0, synchronized: true, outline: None, is_loading: true, generation, areas: [Rect::default(); 2] }
    }

    /// Takes the two texts, unless they are of an older query.
    pub(crate) fn set_texts(&mut self, generation: u64, texts: ComparedTexts, style: LayoutStyle) {
        if generation != self.generation {
            return;
        }
        for (pane, (title, rows)) in self.panes.iter_mut().zip(texts.sides) {
            if !title.is_empty() {
                pane.title = title;
            }
            pane.rows = rows;
        }
        self.is_loading = false;
        self.outline = texts.outline;
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

    /// Cells before the rows for signs.
    #[must_use]
    pub(crate) fn sign_width(&self) -> u16 {
        if self.outline.is_some() { SIGN_WIDTH } else { 0 }
    }

    /// Scrolls the other pane to the matching head: of the same name (the same section), else of the
    /// same index; of two speeches as far into the section as here. Does nothing unless the panes are
    /// synchronized.
    fn sync_other(&mut self) {
        if !self.synchronized {
            return;
        }
        let (here, other) = (self.focus, 1 - self.focus);
        let at = self.panes[here].list.selected();
        let found = self.panes[here].head_before(at);
        let row = found.and_then(|(number, name)| self.panes[other].matching_head(number, name));
        if let Some(mut row) = row {
            if self.outline.is_some() {
                let (own, theirs) = (self.panes[here].section_rows(at), self.panes[other].section_rows(row));
                row += (at - own.start.min(at)) * theirs.len().saturating_sub(1) / own.len().saturating_sub(1).max(1);
            }
            let len = self.panes[other].wrapped_rows.len();
            let height = self.height(other);
            self.panes[other].list.select(len, len, height);
            self.panes[other].list.select(row, len, height);
        }
    }

    /// Moves to the next or previous change: a head of a section that is not the same, or rows that differ;
    /// without a comparison, to a head. Returns whether there is one.
    pub(crate) fn step_change(&mut self, back: bool) -> bool {
        if self.outline.is_none() {
            return self.step_head(back);
        }
        let rows = &self.panes[self.focus].wrapped_rows;
        let differs = |row: &ResultRow| !change_sign(row).is_empty();
        let starts = |index: usize| {
            let row = &rows[index];
            (row.is_head && !matches!(row.sign, "" | "=" | "~"))
                || (differs(row) && !index.checked_sub(1).is_some_and(|before| differs(&rows[before])))
        };
        let at = self.panes[self.focus].list.selected();
        let found = if back {
            (0..at.min(rows.len())).rev().find(|index| starts(*index))
        } else {
            (at + 1..rows.len()).find(|index| starts(*index))
        };
        if let Some(row) = found {
            self.select(row);
        }
        found.is_some()
    }

    /// The compared section that the selected row belongs to.
    #[must_use]
    pub(crate) fn selected_entry(&self) -> Option<usize> {
        let pane = &self.panes[self.focus];
        pane.head_before(pane.list.selected())?.1.parse().ok()
    }

    /// Goes to a compared section.
    pub(crate) fn select_entry(&mut self, entry: usize) {
        let name = entry.to_string();
        let row = self.panes[self.focus].wrapped_rows.iter().position(|row| row.is_head && row.align_key == name);
        if let Some(row) = row {
            self.select(row);
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
            let width = self.areas[pane].width.saturating_sub(self.sign_width());
            let mut rows = wrap_rows(&self.panes[pane].rows, style, width);
            for row in rows.iter_mut().filter(|row| row.sign.is_empty()) {
                row.sign = change_sign(row);
            }
            self.panes[pane].wrapped_rows = rows;
            self.select_in(pane, self.panes[pane].list.selected());
        }
    }
}

/// The sign of a row that is not the same in both speeches; empty for one that is.
fn change_sign(row: &ResultRow) -> &'static str {
    let has = |wanted: PieceStyle| row.pieces.iter().any(|(text, style)| *style == wanted && !text.trim().is_empty());
    if has(PieceStyle::Removed) {
        "-"
    } else if has(PieceStyle::Added) {
        "+"
    } else if has(PieceStyle::Moved) {
        "→"
    } else {
        ""
    }
}
