//! Flattens tables into lines: a row with several short filled cells becomes one line of entries,
//! any other row its paragraphs. A nested table adds its paragraphs to the cell.
//!
//! Rows are written when they end, and running text at once, so that memory is bounded by one row
//! of entries.

use crate::source::extract::ExtractError;
use crate::source::extract::ExtractedTextBuilder;
use crate::source::extract::LineHint;
use crate::source::extract::trim_invisible;
use pizhu_text::document::ParagraphKind;

/// Maximum nesting of tables.
const MAX_NESTED: usize = 32;
/// Maximum chars of a cell that is an entry; longer cells are running text.
const MAX_ENTRY_CHARS: usize = 300;
/// Maximum cells of a row that are separated; word processors write at most 63.
const MAX_CELLS: usize = 1024;

/// State of the open tables, with the current row of the outermost one.
#[derive(Debug, Default)]
pub(super) struct TableFlattener {
    depth: usize,
    /// The paragraphs of the row's cells.
    cells: Vec<Vec<(String, LineHint)>>,
    /// Chars in the last cell.
    length: usize,
    /// Whether the row holds running text.
    is_text: bool,
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
        if self.depth == 1 && !self.is_text && self.cells.len() < MAX_CELLS {
            self.cells.push(Vec::new());
            self.length = 0;
        }
    }

    /// Drops the current cell: it does not exist on this side of the changes.
    pub(super) fn drop_cell(&mut self) {
        if self.depth == 1 {
            self.cells.pop();
        }
    }

    /// Adds a paragraph to the current cell.
    pub(super) fn push(&mut self, text: String, hint: LineHint, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
        if self.is_text {
            return lines.push(&text, hint);
        }
        self.length += text.chars().count();
        match self.cells.last_mut() {
            Some(cell) => cell.push((text, hint)),
            None => self.cells.push(vec![(text, hint)]),
        }
        self.is_text = self.length > MAX_ENTRY_CHARS;
        if self.is_text { self.write_paragraphs(lines) } else { Ok(()) }
    }

    /// Ends a row and writes it.
    pub(super) fn end_row(&mut self, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
        if self.depth > 1 {
            return Ok(());
        }
        self.is_text = false;
        self.length = 0;
        if self.cells.iter().filter(|cell| !cell.is_empty()).count() < 2 {
            return self.write_paragraphs(lines);
        }
        let entry = |cell: &Vec<(String, LineHint)>| cell.iter().map(|(text, _)| flatten_cell(text)).collect::<Vec<_>>().join(" ");
        let entries: Vec<String> = self.cells.drain(..).map(|cell| entry(&cell)).collect();
        lines.push(&entries.join("\t"), LineHint::Kind(ParagraphKind::Verbatim))
    }

    fn write_paragraphs(&mut self, lines: &mut ExtractedTextBuilder) -> Result<(), ExtractError> {
        self.cells.drain(..).flatten().try_for_each(|(text, hint)| lines.push(&text, hint))
    }
}

fn flatten_cell(text: &str) -> String {
    trim_invisible(text).replace(['\n', '\t'], " ")
}
