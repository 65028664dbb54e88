//! Flattens tables into lines: a row with several filled cells of short entries becomes a line with
//! tabs between its columns, any other row its paragraphs. A nested table adds its paragraphs to the
//! cell.
//!
//! Rows are written when they end, and running text at once, so that memory is bounded by one row
//! of entries.

use crate::source::extract::ExtractError;
use crate::source::extract::ExtractedTextBuilder;
use crate::source::extract::LineHint;

/// Maximum nesting of tables.
const MAX_NESTED: usize = 32;
/// Maximum chars of a cell that is an entry; longer cells are running text.
const MAX_ENTRY_CHARS: usize = 300;
/// Maximum chars of the paragraphs of a cell that are set on one line, with spaces between them.
const MAX_JOINED_CHARS: usize = 40;
/// Maximum chars of the only entry of a row.
const MAX_LONE_ENTRY_CHARS: usize = 20;
/// Maximum columns of a row that are separated; word processors write at most 63.
const MAX_COLUMNS: usize = 1024;

/// A cell of the current row.
#[derive(Debug, Default)]
struct FlatCell {
    /// Index of its first column.
    column: usize,
    paragraphs: Vec<(String, LineHint)>,
}

impl FlatCell {
    /// Its lines: the paragraphs, or one line for a few short ones.
    fn lines(&self) -> Vec<String> {
        let lines = self.paragraphs.iter().flat_map(|(text, _)| text.split('\n')).map(str::trim).filter(|line| !line.is_empty());
        let lines: Vec<String> = lines.map(str::to_owned).collect();
        if lines.iter().map(|line| line.chars().count()).sum::<usize>() <= MAX_JOINED_CHARS { vec![lines.join(" ")] } else { lines }
    }

    /// Whether it may be the only entry of a row: a few words, no heading.
    fn is_lone_entry(&self) -> bool {
        let heads = |c: char| c.is_numeric() || "一二三四五六七八九十第（(【".contains(c);
        let [(text, LineHint::Plain)] = self.paragraphs.as_slice() else { return false };
        text.chars().count() <= MAX_LONE_ENTRY_CHARS && !text.starts_with(heads) && !text.ends_with('。')
    }
}

/// State of the open tables, with the current row of the outermost one.
#[derive(Debug, Default)]
pub(super) struct TableFlattener {
    depth: usize,
    cells: Vec<FlatCell>,
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
        if self.depth == 1 && !self.is_text && self.cells.len() < MAX_COLUMNS {
            self.cells.push(FlatCell { column: self.column, ..FlatCell::default() });
            self.column = (self.column + 1).min(MAX_COLUMNS);
            self.length = 0;
        }
    }

    /// Drops the current cell: it does not exist on this side of the changes.
    pub(super) fn drop_cell(&mut self) {
        if self.depth == 1
            && let Some(cell) = self.cells.pop()
        {
            self.column = cell.column;
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
        match self.cells.last_mut() {
            Some(cell) => cell.paragraphs.push((text, hint)),
            None => self.cells.push(FlatCell { column: 0, paragraphs: vec![(text, hint)] }),
        }
        self.is_text = self.length > MAX_ENTRY_CHARS;
        if self.is_text { self.write_paragraphs(lines) } else { Ok(()) }
    }

    /// Ends a row and writes it.
    pub(super) fn end_row(&mut self, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
        if self.depth > 1 {
            return Ok(());
        }
        let was_text = std::mem::take(&mut self.is_text);
        (self.length, self.column) = (0, 0);
        self.cells.retain(|cell| !cell.paragraphs.is_empty());
        let entries: Vec<(usize, Vec<String>)> = self.cells.iter().map(|cell| (cell.column, cell.lines())).collect();
        // Of two cells with several lines each, none could be told which belong together.
        let has_rows = match self.cells.as_slice() {
            [] => return Ok(()),
            [cell] => self.is_tabular && cell.is_lone_entry(),
            _ => entries.iter().filter(|(_, lines)| lines.len() > 1).count() < 2,
        };
        self.is_tabular = has_rows && !was_text;
        if !self.is_tabular {
            return self.write_paragraphs(lines);
        }
        self.cells.clear();
        lines.push_row(entries.iter().filter_map(|(column, lines)| Some((*column, lines.first()?.as_str()))))?;
        for (column, more) in &entries {
            more.iter().skip(1).try_for_each(|line| lines.push_row([(*column, line.as_str())]))?;
        }
        Ok(())
    }

    fn write_paragraphs(&mut self, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
        self.cells.drain(..).flat_map(|cell| cell.paragraphs).try_for_each(|(text, hint)| lines.push(&text, hint))
    }
}
