//! Tables into lines.

use crate::{
    document::ParagraphKind,
    source::extract::{ExtractError, Lines, Mark, trimmed},
};

/// Chars beyond which a cell holds running text, not an entry.
const ENTRY_CHARS: usize = 300;

/// A table being read: its rows of cells of paragraphs.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<Vec<(String, Mark)>>>,
    row_is_gone: bool,
}

impl Table {
    /// A row begins.
    pub(super) fn row(&mut self) {
        self.clear_gone();
        self.rows.push(Vec::new());
    }

    /// A cell begins.
    pub(super) fn cell(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            row.push(Vec::new());
        }
    }

    /// The row that is being read was deleted.
    pub(super) fn drop_row(&mut self) {
        self.row_is_gone = true;
    }

    fn clear_gone(&mut self) {
        if std::mem::take(&mut self.row_is_gone) {
            self.rows.pop();
        }
    }

    /// A paragraph of the cell that is being read.
    pub(super) fn push(&mut self, text: String, mark: Mark) {
        if let Some(cell) = self.rows.last_mut().and_then(|row| row.last_mut()) {
            cell.push((text, mark));
        }
    }

    /// A table in the cell that is being read: its paragraphs become the cell's.
    pub(super) fn take_in(&mut self, mut inner: Self) {
        inner.clear_gone();
        for (text, mark) in inner.rows.into_iter().flatten().flatten() {
            self.push(text, mark);
        }
    }

    /// Writes the rows: one with several filled cells as a line of its entries, any other as its
    /// paragraphs.
    pub(super) fn write(mut self, lines: &mut Lines) -> Result<(), ExtractError> {
        self.clear_gone();
        for row in self.rows {
            let length = |cell: &Vec<(String, Mark)>| cell.iter().map(|(text, _)| text.chars().count()).sum::<usize>();
            let filled = row.iter().filter(|cell| !cell.is_empty()).count();
            if filled > 1 && row.iter().all(|cell| length(cell) <= ENTRY_CHARS) {
                let cells: Vec<String> =
                    row.iter().map(|cell| cell.iter().map(|(text, _)| flat(text)).collect::<Vec<_>>().join(" ")).collect();
                lines.push(&cells.join("\t"), Mark::Kind(ParagraphKind::Verbatim))?;
            } else {
                for (text, mark) in row.into_iter().flatten() {
                    lines.push(&text, mark)?;
                }
            }
        }
        Ok(())
    }
}

fn flat(text: &str) -> String {
    trimmed(text).replace(['\n', '\t'], " ")
}
