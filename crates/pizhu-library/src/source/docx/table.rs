//! Tables into lines: a row with several filled cells of a few words each as a line of its
//! entries, any other as its paragraphs. A table within a cell only adds its paragraphs to it.
//!
//! Rows are written as they end, and one that holds running text as it comes, so that a table
//! takes no memory beyond a row of entries.

use pizhu_text::document::ParagraphKind;
use crate::source::extract::ExtractError;
use crate::source::extract::Lines;
use crate::source::extract::Mark;
use crate::source::extract::trimmed;

/// Tables that may lie in one another.
const MAX_NESTED: usize = 32;
/// Chars beyond which a cell holds running text, not an entry.
const ENTRY_CHARS: usize = 300;
/// Cells of a row that are told apart; word processors make 63.
const MAX_CELLS: usize = 1024;

/// The tables that are open, and the row of the outermost one.
#[derive(Debug, Default)]
pub(super) struct Tables {
    depth: usize,
    /// The paragraphs of the row's cells.
    cells: Vec<Vec<(String, Mark)>>,
    /// Chars in the last cell.
    length: usize,
    /// The row holds running text.
    is_text: bool,
}

impl Tables {
    /// Whether a table is open.
    pub(super) fn is_open(&self) -> bool {
        self.depth > 0
    }

    /// A table begins.
    pub(super) fn begin(&mut self) -> Result<(), ExtractError> {
        if self.depth == MAX_NESTED {
            return Err(ExtractError::TooDeep);
        }
        self.depth += 1;
        Ok(())
    }

    /// A table ends.
    pub(super) fn end(&mut self, lines: &mut Lines) -> Result<(), ExtractError> {
        self.end_row(lines)?;
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }

    /// A cell begins.
    pub(super) fn begin_cell(&mut self) {
        if self.depth == 1 && !self.is_text && self.cells.len() < MAX_CELLS {
            self.cells.push(Vec::new());
            self.length = 0;
        }
    }

    /// The cell that has begun is none.
    pub(super) fn drop_cell(&mut self) {
        if self.depth == 1 {
            self.cells.pop();
        }
    }

    /// A paragraph of the cell that is being read.
    pub(super) fn push(&mut self, text: String, mark: Mark, lines: &mut Lines) -> Result<(), ExtractError> {
        if self.is_text {
            return lines.push(&text, mark);
        }
        self.length += text.chars().count();
        match self.cells.last_mut() {
            Some(cell) => cell.push((text, mark)),
            None => self.cells.push(vec![(text, mark)]),
        }
        self.is_text = self.length > ENTRY_CHARS;
        if self.is_text { self.write_paragraphs(lines) } else { Ok(()) }
    }

    /// A row ends.
    pub(super) fn end_row(&mut self, lines: &mut Lines) -> Result<(), ExtractError> {
        if self.depth > 1 {
            return Ok(());
        }
        self.is_text = false;
        self.length = 0;
        if self.cells.iter().filter(|cell| !cell.is_empty()).count() < 2 {
            return self.write_paragraphs(lines);
        }
        let entry = |cell: &Vec<(String, Mark)>| cell.iter().map(|(text, _)| flat(text)).collect::<Vec<_>>().join(" ");
        let entries: Vec<String> = self.cells.drain(..).map(|cell| entry(&cell)).collect();
        lines.push(&entries.join("\t"), Mark::Kind(ParagraphKind::Verbatim))
    }

    fn write_paragraphs(&mut self, lines: &mut Lines) -> Result<(), ExtractError> {
        self.cells.drain(..).flatten().try_for_each(|(text, mark)| lines.push(&text, mark))
    }
}

fn flat(text: &str) -> String {
    trimmed(text).replace(['\n', '\t'], " ")
}
