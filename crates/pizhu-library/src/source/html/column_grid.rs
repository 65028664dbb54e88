//! Columns of an HTML table, counted over merged cells.

/// The columns of an open table that its rows fill.
#[derive(Debug, Default)]
pub(super) struct ColumnGrid {
    /// Column of the next cell.
    next: u16,
    /// How many more rows a cell of an earlier row covers each column.
    covered: Vec<u16>,
    /// Row, cell and column around the table.
    pub(super) outside: (u32, u32, u16),
}

impl ColumnGrid {
    /// Maximum columns, and maximum rows, that a cell may cover.
    const MAX_SPAN: u16 = 64;

    /// The grid of a table inside this row, cell and column.
    pub(super) fn within(outside: (u32, u32, u16)) -> Self {
        Self { outside, ..Self::default() }
    }

    /// Begins a row.
    pub(super) fn begin_row(&mut self) {
        // Cells of earlier rows also cover the columns that the last row did not reach.
        let rest = self.covered.get_mut(usize::from(self.next)..).unwrap_or_default();
        for covered in rest {
            *covered = covered.saturating_sub(1);
        }
        self.next = 0;
    }

    /// Places a cell that spans columns and rows; returns its first column.
    pub(super) fn place(&mut self, columns: u16, rows: u16) -> u16 {
        while let Some(covered) = self.covered.get_mut(usize::from(self.next)).filter(|covered| **covered > 0) {
            *covered -= 1;
            self.next += 1;
        }
        let first = self.next.min(Self::MAX_SPAN);
        self.next = first + columns.clamp(1, Self::MAX_SPAN);
        if rows > 1 {
            self.covered.resize(self.covered.len().max(usize::from(self.next)), 0);
            self.covered[usize::from(first)..usize::from(self.next)].fill((rows - 1).min(Self::MAX_SPAN));
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_skip_columns_covered_by_row_spans() {
        let mut grid = ColumnGrid::default();
        grid.begin_row();
        assert_eq!([grid.place(0, 2), grid.place(2, 0), grid.place(1, 3)], [0, 1, 3]);
        grid.begin_row();
        assert_eq!(grid.place(1, 1), 1);
        grid.begin_row();
        assert_eq!([grid.place(3, 1), grid.place(1, 1)], [0, 4], "the last column is covered once more");
        grid.begin_row();
        assert_eq!(grid.place(u16::MAX, u16::MAX), 0);
        assert_eq!(grid.place(1, 1), 64);
    }
}
