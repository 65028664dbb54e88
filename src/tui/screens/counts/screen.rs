//! The counts screen: grouping and display of the tag counts, and the selected cell.
//!
//! Invariant: `table` is the tally's table by `group_by`, transposed and sorted as the flags say; the two
//! lists are positions among its rows and columns.

use crate::locale::counts::count_label;
use crate::locale::{Locale, MessageId, id};
use crate::tui::widget::ListState;
use pizhu_library::count::CountBy;
use pizhu_library::count::CountHeader;
use pizhu_library::count::CountTable;
use pizhu_library::count::Tally;
use pizhu_library::count::sort_by_total;
use pizhu_text::text::width::AmbiguousWidth;
use pizhu_text::text::width::text_width;

/// How figures are displayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CountsDisplay {
    /// As a table, each cell with a shade.
    #[default]
    Heat,
    /// As a table.
    Table,
    /// As bars, one per row.
    Bars,
}

impl CountsDisplay {
    /// Id of its message.
    #[must_use]
    pub fn message(self) -> MessageId {
        match self {
            Self::Heat => id::COUNT_FORM_HEAT,
            Self::Table => id::COUNT_FORM_TABLE,
            Self::Bars => id::COUNT_FORM_BARS,
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Heat => Self::Table,
            Self::Table => Self::Bars,
            Self::Bars => Self::Heat,
        }
    }
}

/// Minimum and maximum width of a column, in cells, including its gap.
const COLUMN_WIDTHS: (usize, usize) = (8, 13);
/// Width of the totals, in cells, including the gap before them.
const TOTAL_WIDTH: usize = 6;

/// The counts screen.
#[derive(Debug, Default)]
pub struct CountsScreen {
    /// Grouping of the counts.
    pub group_by: CountBy,
    /// How figures are displayed.
    pub display: CountsDisplay,
    /// The selected row.
    pub row: ListState,
    /// The selected column.
    pub column: ListState,
    /// Whether more speeches are being read.
    pub more: bool,
    transposed: bool,
    sorted_by_total: bool,
    tally: Tally,
    table: CountTable,
    generation: u64,
    width: u16,
    height: u16,
}

impl CountsScreen {
    /// The table.
    #[must_use]
    pub fn table(&self) -> &CountTable {
        &self.table
    }

    /// Number of annotations counted, and of their speeches.
    #[must_use]
    pub(crate) fn counted_totals(&self) -> (usize, usize) {
        (self.tally.count(), self.tally.speeches())
    }

    /// Height of the figures in rows, without the column headers.
    #[must_use]
    pub fn height(&self) -> u16 {
        self.height.saturating_sub(u16::from(self.display != CountsDisplay::Bars)).max(1)
    }

    /// Starts a query: counts of earlier ones are dropped.
    pub(crate) fn start_query(&mut self, generation: u64) {
        self.generation = generation;
        self.more = true;
    }

    /// Takes counts, unless they are of an older query; returns whether it did.
    pub(crate) fn set_tally(&mut self, generation: u64, tally: Tally, more: bool) -> bool {
        if generation != self.generation {
            return false;
        }
        self.tally = tally;
        self.more = more;
        self.rebuild();
        true
    }

    /// Sets the size of the screen's list area.
    pub fn resize(&mut self, width: u16, height: u16) {
        (self.width, self.height) = (width, height);
        self.select(self.row.selected());
    }

    /// Counts by the next or previous grouping.
    pub(crate) fn next_grouping(&mut self, back: bool) {
        self.group_by = self.group_by.next(back);
        (self.row, self.column) = (ListState::default(), ListState::default());
        self.rebuild();
    }

    /// Switches to the next display.
    pub(crate) fn next_display(&mut self) {
        self.display = self.display.next();
        self.rebuild();
    }

    /// Transposes the table; the same figure stays selected.
    pub(crate) fn transpose(&mut self) {
        self.transposed = !self.transposed;
        std::mem::swap(&mut self.row, &mut self.column);
        self.rebuild();
    }

    /// Toggles sorting by total; returns whether the rows are now sorted so.
    pub(crate) fn toggle_sort(&mut self) -> bool {
        self.sorted_by_total = !self.sorted_by_total;
        self.rebuild();
        self.sorted_by_total
    }

    fn rebuild(&mut self) {
        let table = self.tally.table(self.group_by);
        self.table = if self.transposed { table.transposed() } else { table };
        if self.sorted_by_total {
            sort_by_total(&mut self.table);
        }
        self.row.select(self.row.selected(), self.table.rows.len(), self.height());
    }

    /// Width of the row headers and totals, in cells.
    #[must_use]
    pub(crate) fn names_width(&self, locale: Locale, ambiguous: AmbiguousWidth) -> u16 {
        let width = |row: &CountHeader| text_width(&count_label(row, locale), ambiguous) + 2 * row.depth;
        let widest = self.table.rows.iter().map(width).max().unwrap_or(0) + 1;
        let room = usize::from(self.width) * 2 / 5;
        (widest.min(room.saturating_sub(TOTAL_WIDTH).max(8)) + TOTAL_WIDTH) as u16
    }

    /// Width of a column, in cells, including its gap.
    #[must_use]
    pub fn column_width(&self, locale: Locale, ambiguous: AmbiguousWidth) -> u16 {
        let widest = self.table.columns.iter().map(|head| text_width(&count_label(head, locale), ambiguous) + 1).max().unwrap_or(0);
        widest.clamp(COLUMN_WIDTHS.0, COLUMN_WIDTHS.1) as u16
    }

    /// Number of columns on the screen.
    #[must_use]
    pub(crate) fn columns_shown(&self, locale: Locale, ambiguous: AmbiguousWidth) -> u16 {
        (self.width.saturating_sub(self.names_width(locale, ambiguous) + 1) / self.column_width(locale, ambiguous)).max(1)
    }

    /// Moves by rows; returns whether the selection changed.
    pub fn step(&mut self, steps: isize) -> bool {
        let before = self.row.selected();
        self.row.step(steps, self.table.rows.len(), self.height());
        self.row.selected() != before
    }

    /// Selects a row.
    pub fn select(&mut self, row: usize) {
        self.row.select(row, self.table.rows.len(), self.height());
    }

    /// Moves by columns; returns whether the selection changed.
    pub(crate) fn step_column(&mut self, steps: isize, locale: Locale, ambiguous: AmbiguousWidth) -> bool {
        let before = self.column.selected();
        let shown = self.columns_shown(locale, ambiguous);
        self.column.step(steps, self.table.columns.len(), shown);
        self.column.selected() != before
    }

    /// Row and column of the selected cell; in bars, the row alone. `None` if nothing is counted there.
    #[must_use]
    pub(crate) fn selected_cell(&self) -> Option<(&CountHeader, Option<&CountHeader>)> {
        let row = self.table.rows.get(self.row.selected())?;
        if self.display == CountsDisplay::Bars {
            return (row.total > 0).then_some((row, None));
        }
        let column = self.table.columns.get(self.column.selected())?;
        let figure = *self.table.cells.get(self.row.selected())?.get(self.column.selected())?;
        figure.filter(|figure| *figure > 0).map(|_| (row, Some(column)))
    }
}
