//! What a picture is drawn from.

use crate::count::{CountHeader, CountKey, CountTable};

/// The largest distance between two years of which the years between are drawn, too.
const MAX_YEARS: i32 = 80;

/// A row: a tag, or a speech.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureRow {
    /// Its name.
    pub label: String,
    /// Depth of the tag in the codebook.
    pub depth: usize,
    /// Its total.
    pub total: usize,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureColumn {
    /// Its name.
    pub label: String,
    /// The year; `None` for any other column.
    pub year: Option<i32>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureCell {
    /// The figure or share; `None` if there is none, as of a tag and its ancestor.
    pub value: Option<f64>,
    /// The value as it is written.
    pub text: String,
    /// Whether row and column are the same tag: the cell is not shaded.
    pub is_own: bool,
}

/// A table of counts with the texts of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureTable {
    /// The heading.
    pub title: String,
    /// What is counted, a line below the heading; empty for none.
    pub note: String,
    /// The word above the totals of the rows; empty for no totals.
    pub total_label: String,
    /// The rows.
    pub rows: Vec<PictureRow>,
    /// The columns.
    pub columns: Vec<PictureColumn>,
    /// The cells, row by row.
    pub cells: Vec<Vec<PictureCell>>,
}

impl PictureTable {
    /// The figures of a table, rows and columns named by `label`.
    #[must_use]
    pub fn new(table: &CountTable, title: &str, label: &dyn Fn(&CountHeader) -> String) -> Self {
        let row = |header: &CountHeader| PictureRow { label: label(header), depth: header.depth, total: header.total };
        let column = |header: &CountHeader| {
            let year = match &header.key {
                CountKey::Year(Some(year)) => year.parse().ok(),
                _ => None,
            };
            PictureColumn { label: label(header), year }
        };
        let cells = table.rows.iter().zip(&table.cells).map(|(row, cells)| {
            let cell = |(figure, column): (&Option<usize>, &CountHeader)| PictureCell {
                value: figure.map(|figure| figure as f64),
                text: figure.map_or_else(|| "–".to_owned(), |figure| figure.to_string()),
                is_own: row.key == column.key,
            };
            cells.iter().zip(&table.columns).map(cell).collect()
        });
        Self {
            title: title.to_owned(),
            note: String::new(),
            total_label: String::new(),
            rows: table.rows.iter().map(row).collect(),
            columns: table.columns.iter().map(column).collect(),
            cells: cells.collect(),
        }
    }

    /// The table with shares from 0 to 100 instead of figures.
    #[must_use]
    pub fn with_shares(mut self, shares: &[Vec<Option<f64>>]) -> Self {
        for (cell, share) in self.cells.iter_mut().flatten().zip(shares.iter().flatten()) {
            cell.value = *share;
            cell.text = share.map_or_else(|| "–".to_owned(), |share| format!("{share:.1}%"));
        }
        self
    }

    /// The table with the first rows and columns only.
    pub(crate) fn truncate(&mut self, rows: usize, columns: usize) {
        self.rows.truncate(rows);
        self.cells.truncate(rows);
        self.columns.truncate(columns);
        self.cells.iter_mut().for_each(|cells| cells.truncate(columns));
    }

    /// The largest value of a shaded cell.
    pub(super) fn max_value(&self) -> f64 {
        let shaded = self.cells.iter().flatten().filter(|cell| !cell.is_own);
        shaded.filter_map(|cell| cell.value).fold(0.0, f64::max)
    }

    /// The columns in the order of time with the years between them: the number of each in the table, or
    /// `None` for a year without a column; columns without a year come last.
    pub(super) fn timeline(&self) -> Vec<(String, Option<usize>)> {
        let mut years: Vec<(i32, usize)> =
            self.columns.iter().enumerate().filter_map(|(index, column)| Some((column.year?, index))).collect();
        years.sort_unstable();
        let mut line = Vec::new();
        let mut before: Option<i32> = None;
        for (year, index) in years {
            if let Some(before) = before
                && year - before <= MAX_YEARS
            {
                line.extend((before + 1..year).map(|between| (between.to_string(), None)));
            }
            line.push((self.columns[index].label.clone(), Some(index)));
            before = Some(year);
        }
        let others = self.columns.iter().enumerate().filter(|(_, column)| column.year.is_none());
        line.extend(others.map(|(index, column)| (column.label.clone(), Some(index))));
        line
    }
}
