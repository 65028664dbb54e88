//! The results screen: a query over many speeches and the rows of its results.
//!
//! Invariant: the wrapped rows are the result's rows wrapped to `width`, each with a copy of its
//! row's sources; the list is a position among them.

use super::passage_layout::{PassageColumn, set_passages};
use crate::tui::message::{PieceStyle, QueryResults, QuerySubject, ResultRow};
use crate::tui::widget::LineInput;
use crate::tui::widget::ListState;
use crate::tui::widget::wrap_pieces;
use pizhu_text::layout;
use pizhu_text::layout::LayoutStyle;
use pizhu_text::search::MatchMode;
use pizhu_text::text::Span;

/// The results screen.
#[derive(Debug)]
pub struct ResultsScreen {
    /// Kind of the query.
    pub subject: QuerySubject,
    /// The search input.
    pub input: LineInput,
    /// How words are matched.
    pub mode: MatchMode,
    /// Whether it was opened from the tags screen, to which leaving it returns.
    pub from_tags: bool,
    /// Whether it was opened from the memos screen, to which leaving it returns.
    pub from_memos: bool,
    /// The position among the wrapped rows.
    pub list: ListState,
    results: QueryResults,
    /// Whether the results are those of the query before the last one.
    are_outdated: bool,
    wrapped_rows: Vec<ResultRow>,
    /// The column in which passages are set.
    column: Option<PassageColumn>,
    generation: u64,
    width: u16,
    height: u16,
}

impl ResultsScreen {
    /// A screen without results, for a query that is yet to be run.
    #[must_use]
    pub fn new(subject: QuerySubject, input: LineInput, mode: MatchMode) -> Self {
        Self {
            subject,
            input,
            mode,
            from_tags: false,
            from_memos: false,
            list: ListState::default(),
            results: QueryResults::default(),
            are_outdated: false,
            wrapped_rows: Vec::new(),
            column: None,
            generation: 0,
            width: 0,
            height: 1,
        }
    }

    /// Starts a query: results of earlier ones are dropped. Those that are shown stay until it finds
    /// something.
    pub(crate) fn start_query(&mut self, generation: u64) {
        self.generation = generation;
        self.results.more = true;
        self.are_outdated = true;
    }

    /// Adds to the results by `add`, unless they are of an older query. Of a search, whose rows only grow in number,
    /// the new ones alone are wrapped. The position is kept.
    pub(crate) fn add_results(&mut self, generation: u64, style: LayoutStyle, add: impl FnOnce(&mut QueryResults, &QuerySubject)) {
        if generation != self.generation {
            return;
        }
        if std::mem::take(&mut self.are_outdated) {
            self.results = QueryResults::default();
        }
        let known = self.results.rows.len();
        add(&mut self.results, &self.subject);
        match self.results.rows.get(known..) {
            Some(new) if known > 0 && self.subject == QuerySubject::Search => {
                self.wrapped_rows.extend(wrap_rows(new, LayoutStyle { first_indent: 0, ..style }, self.width));
            }
            _ => self.rewrap(style),
        }
        self.select(self.list.selected());
    }

    /// Takes results, unless they are of an older query. The position is kept.
    #[cfg(test)]
    pub(crate) fn set_results(&mut self, generation: u64, results: QueryResults, style: LayoutStyle) {
        if generation != self.generation {
            return;
        }
        self.results = results;
        self.are_outdated = false;
        self.rewrap(style);
        self.select(self.list.selected());
    }

    /// Sets the size of the screen's list area.
    pub fn resize(&mut self, width: u16, height: u16, style: LayoutStyle) {
        self.height = height.max(1);
        if self.width != width {
            self.width = width;
            self.rewrap(style);
        }
        self.select(self.list.selected());
    }

    /// The wrapped rows.
    #[must_use]
    pub(crate) fn wrapped_rows(&self) -> &[ResultRow] {
        &self.wrapped_rows
    }

    /// The column in which passages are set; `None` if the rows take the whole width.
    #[must_use]
    pub(crate) fn column(&self) -> Option<PassageColumn> {
        self.column
    }

    /// The results; empty until they arrive.
    #[must_use]
    pub fn results(&self) -> &QueryResults {
        &self.results
    }

    /// The selected row.
    #[must_use]
    pub fn selected(&self) -> Option<&ResultRow> {
        self.wrapped_rows.get(self.list.selected())
    }

    /// The title of the speech that the selected row belongs to; `None` while that title itself is
    /// selected or visible.
    #[must_use]
    pub(crate) fn selected_speech(&self) -> Option<&str> {
        let selected = self.list.selected().min(self.wrapped_rows.len().checked_sub(1)?);
        let title = |row: &ResultRow| row.pieces.first().is_some_and(|(_, style)| *style == PieceStyle::Title);
        let at = self.wrapped_rows[..=selected].iter().rposition(|row| row.is_head && row.right_column.is_none() && title(row))?;
        let is_visible = at >= self.list.first_shown(self.wrapped_rows.len(), self.height);
        if is_visible { None } else { self.wrapped_rows[at].pieces.first().map(|(text, _)| text.as_str()) }
    }

    /// Moves by rows; returns whether the selection changed.
    pub fn step(&mut self, steps: isize) -> bool {
        let before = self.list.selected();
        self.list.step(steps, self.wrapped_rows.len(), self.height);
        self.list.selected() != before
    }

    /// Moves to the next or previous head; returns whether there is one.
    pub(crate) fn step_head(&mut self, back: bool) -> bool {
        let at = self.list.selected();
        let found = if back {
            self.wrapped_rows[..at.min(self.wrapped_rows.len())].iter().rposition(|row| row.is_head)
        } else {
            self.wrapped_rows.iter().skip(at + 1).position(|row| row.is_head).map(|ahead| at + 1 + ahead)
        };
        if let Some(row) = found {
            self.list.select(row, self.wrapped_rows.len(), self.height);
            self.list.center(self.wrapped_rows.len(), self.height);
        }
        found.is_some()
    }

    /// Selects a row.
    pub fn select(&mut self, row: usize) {
        self.list.select(row, self.wrapped_rows.len(), self.height);
    }

    /// Height in rows.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height
    }

    fn rewrap(&mut self, style: LayoutStyle) {
        let has_notes = self.results.rows.iter().any(|row| !row.notes.is_empty());
        self.column = matches!(self.subject, QuerySubject::Tagged { .. }).then(|| PassageColumn::new(self.width, style, has_notes));
        self.wrapped_rows = match self.column {
            Some(column) => set_passages(&self.results.rows, style, column),
            None => wrap_rows(&self.results.rows, LayoutStyle { first_indent: 0, ..style }, self.width),
        };
    }
}

/// Wraps rows to `width` cells.
pub(in crate::tui) fn wrap_rows(rows: &[ResultRow], style: LayoutStyle, width: u16) -> Vec<ResultRow> {
    let half = (width.saturating_sub(3) / 2).max(layout::MIN_WIDTH);
    let mut shown = Vec::new();
    for row in rows {
        if !row.wraps {
            shown.push(row.clone());
            continue;
        }
        let style =
            LayoutStyle { width: if row.right_column.is_some() { half } else { width.saturating_sub(2).max(layout::MIN_WIDTH) }, ..style };
        let left = wrap_pieces(&row.pieces, style);
        let mut right = row.right_column.as_ref().map(|pieces| wrap_pieces(pieces, style).into_iter());
        let rows = left.len().max(right.as_ref().map_or(0, ExactSizeIterator::len));
        let mut left = left.into_iter();
        for index in 0..rows {
            shown.push(ResultRow {
                pieces: left.next().unwrap_or_default(),
                right_column: right.as_mut().map(|right| right.next().unwrap_or_default()),
                is_head: row.is_head && index == 0,
                right_label: String::new(),
                sign: if index == 0 { row.sign } else { "" },
                ..row.clone()
            });
        }
    }
    shown
}

/// A jump to perform when a speech has been opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingJump {
    /// Number of the opening.
    pub opening: u64,
    /// The span to go to.
    pub span: Span,
    /// The words to mark, and how they are matched.
    pub words: Option<(String, MatchMode)>,
}
