//! Flattens tables into lines, row by row. A nested table adds its paragraphs to the cell.
//!
//! Rows are written when they end, and running text at once, so that memory is bounded by one row
//! of entries.

use crate::source::extract::ExtractError;
use crate::source::extract::ExtractedTextBuilder;
use crate::source::extract::LineHint;
use crate::source::table_row::{MAX_ENTRY_CHARS, TableRow};
use pizhu_text::document::ParagraphKind;

/// Maximum nesting of tables.
const MAX_NESTED: usize = 32;
/// Maximum columns of a row that are separated; word processors write at most 63.
const MAX_COLUMNS: usize = 1024;

/// State of the open tables, with the current row of the outermost one.
#[derive(Debug, Default)]
pub(super) struct TableFlattener {
    depth: usize,
    row: TableRow,
    /// Column of the next cell.
    column: usize,
    /// Chars in the last cell.
    length: usize,
    /// Whether the row holds running text.
    is_text: bool,
    /// Whether the last row was written as entries.
    is_tabular: bool,
}

impl TableFlattener {
    /// Whether a table is open.
    pub(super) fn is_open(&self) -> bool {
        self.depth > 0
    }

    /// Begins a table.
    pub(super) fn begin(&mut self) -> Result<(), ExtractError> {
        if self.depth == MAX_NESTED {
            return Err(ExtractError::TooDeep);
        }
        self.is_tabular &= self.depth > 0;
        self.depth += 1;
        Ok(())
    }

    /// Ends a table.
    pub(super) fn end(&mut self, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
        self.end_row(lines)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    /// Begins a cell.
    pub(super) fn begin_cell(&mut self) {
        if self.depth == 1 && !self.is_text && self.row.len() < MAX_COLUMNS {
            self.row.begin_cell(self.column);
            self.column = (self.column + 1).min(MAX_COLUMNS);
            self.length = 0;
        }
    }

    /// Drops the current cell: it does not exist on this side of the changes.
    pub(super) fn drop_cell(&mut self) {
        if self.depth == 1
            && let Some(column) = self.row.drop_cell()
        {
            self.column = column;
        }
    }

    /// Skips columns: those before the first cell, or those that the current cell also covers.
    pub(super) fn skip_columns(&mut self, count: usize) {
        if self.depth == 1 {
            self.column = self.column.saturating_add(count).min(MAX_COLUMNS);
        }
    }

    /// Adds a paragraph to the current cell.
    pub(super) fn push(&mut self, text: String, hint: LineHint, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
        if self.is_text {
            return lines.push(&text, hint);
        }
        self.length += text.chars().count();
        self.row.push(text, hint);
        self.is_text = self.length > MAX_ENTRY_CHARS;
        if self.is_text { self.row.write_paragraphs(lines) } else { Ok(()) }
    }

    /// Ends a row and writes it.
    pub(super) fn end_row(&mut self, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
        if self.depth > 1 {
            return Ok(());
        }
        (self.length, self.column) = (0, 0);
        self.is_tabular = !std::mem::take(&mut self.is_text) && self.row.is_tabular(self.is_tabular);
        if self.is_tabular { self.row.write_entries(ParagraphKind::Verbatim, lines) } else { self.row.write_paragraphs(lines) }
    }
}
