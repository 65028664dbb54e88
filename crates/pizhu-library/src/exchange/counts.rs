//! Output of tag count tables: CSV, shades and bars.

use super::{
    format::ExportOptions,
    spreadsheet::{csv_writer, neutralize},
};
use crate::count::CountHeader;
use crate::count::CountKey;
use crate::count::CountTable;
use std::io::{self, Write};

/// Shade of a figure relative to the largest of its table: 0 for zero, otherwise its quarter, 1 to 4.
///
/// ```
/// use pizhu_library::exchange::counts::shade;
///
/// assert_eq!([0, 1, 26, 100].map(|figure| shade(figure, 100)), [0, 1, 2, 4]);
/// ```
#[must_use]
pub fn shade(figure: usize, most: usize) -> usize {
    if figure == 0 { 0 } else { (figure * 4).div_ceil(most.max(figure)).clamp(1, 4) }
}

/// Text of each shade, two cells wide in every terminal: quadrant blocks, whose East Asian Width is
/// not ambiguous (UAX #11).
pub const SHADE_TEXTS: [&str; 5] = ["  ", "▖ ", "▞ ", "▞▞", "▛▟"];

/// A bar for `figure` in proportion to the largest one, of 1 to `room` cells; empty for zero.
#[must_use]
pub fn bar(figure: usize, most: usize, room: usize) -> String {
    "▞".repeat(if figure == 0 { 0 } else { (figure * room / most.max(1)).clamp(1, room.max(1)) })
}

/// Writes a table as CSV: one record per row, its total last. Each record begins with the name of
/// the tag, or with the file and title of the speech. `name` gives the label of a row or column.
///
/// # Errors
/// When writing to `out` fails.
pub fn write(table: &CountTable, options: ExportOptions, name: &dyn Fn(&CountHeader) -> String, out: &mut dyn Write) -> io::Result<()> {
    write_cells(table, options, name, out, |row| {
        table.cells[row].iter().map(|cell| cell.map(|figure| figure.to_string()).unwrap_or_default()).collect()
    })
}

/// [`write`](fn@write) with the shares that `share` gives for the row of a number, instead of figures.
///
/// # Errors
/// When writing to `out` fails.
pub fn write_shares(
    table: &CountTable,
    options: ExportOptions,
    name: &dyn Fn(&CountHeader) -> String,
    share: impl Fn(usize) -> Vec<Option<f64>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_cells(table, options, name, out, |row| {
        share(row).into_iter().map(|share| share.map(|share| format!("{share:.2}")).unwrap_or_default()).collect()
    })
}

fn write_cells(
    table: &CountTable,
    options: ExportOptions,
    name: &dyn Fn(&CountHeader) -> String,
    out: &mut dyn Write,
    cells: impl Fn(usize) -> Vec<String>,
) -> io::Result<()> {
    let mut csv = csv_writer(options, out)?;
    let has_files = table.rows.iter().any(|row| matches!(row.key, CountKey::Speech(_)));
    let corner = if has_files { vec!["document", "title"] } else { vec!["tag"] };
    let columns = table.columns.iter().map(|head| neutralize(&name(head)).into_owned());
    csv.write_record(corner.into_iter().map(str::to_owned).chain(columns).chain(["total".to_owned()]))?;
    for (number, row) in table.rows.iter().enumerate() {
        let file = match &row.key {
            CountKey::Speech(path) => Some(neutralize(&path.display().to_string()).into_owned()),
            _ => None,
        };
        let label = neutralize(&name(row)).into_owned();
        csv.write_record(file.into_iter().chain([label]).chain(cells(number)).chain([row.total.to_string()]))?;
    }
    csv.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_and_bars_are_proportional_and_never_empty() {
        assert_eq!([0, 1, 25, 26, 50, 51, 75, 76, 100].map(|figure| shade(figure, 100)), [0, 1, 1, 2, 2, 3, 3, 4, 4]);
        assert_eq!((shade(5, 0), shade(0, 0)), (4, 0));
        assert_eq!([0, 1, 50, 100].map(|figure| bar(figure, 100, 10).chars().count()), [0, 1, 5, 10]);
        for sign in SHADE_TEXTS {
            assert!(
                [pizhu_text::text::width::AmbiguousWidth::Narrow, pizhu_text::text::width::AmbiguousWidth::Wide]
                    .iter()
                    .all(|wide| pizhu_text::text::width::text_width(sign, *wide) == 2)
            );
        }
    }

    #[test]
    fn formulas_in_tables_are_neutralized() {
        let head = |key: CountKey, name: &str, total| CountHeader { key, name: name.to_owned(), depth: 0, total };
        let table = CountTable {
            rows: vec![
                head(CountKey::Tag(pizhu_annotation::TagRef::new("=人才")), "=人才", 3),
                head(CountKey::Tag(pizhu_annotation::TagRef::new("党建")), "党建", 0),
            ],
            columns: vec![head(CountKey::Level(Some(1)), "level 1", 3), head(CountKey::Level(None), "", 0)],
            cells: vec![vec![Some(3), Some(0)], vec![None, Some(0)]],
        };
        let mut out = Vec::new();
        write(
            &table,
            ExportOptions::default(),
            &|head: &CountHeader| if head.name.is_empty() { "no place".to_owned() } else { head.name.clone() },
            &mut out,
        )
        .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "tag,level 1,no place,total\n'=人才,3,0,3\n党建,,0,0\n");
    }
}
