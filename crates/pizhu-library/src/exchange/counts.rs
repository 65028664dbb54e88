//! Tables of how often tags are used: as CSV, and as shades and bars.

use super::{
    Options,
    csv::{neutral, table as csv_table},
};
use crate::count::Head;
use crate::count::Key;
use crate::count::Table;
use std::io::{self, Write};

/// How dark the cell of a figure is beside the largest of its table: 0 for none, else 1 to 4 by
/// quarters.
#[must_use]
pub fn shade(figure: usize, most: usize) -> usize {
    if figure == 0 { 0 } else { (figure * 4).div_ceil(most.max(figure)).clamp(1, 4) }
}

/// The signs of the shades, two cells each in every terminal: quarter blocks, which are not
/// ambiguous in Unicode's East Asian Width.
pub const SHADES: [&str; 5] = ["  ", "▖ ", "▞ ", "▞▞", "▛▟"];

/// A bar of `figure` beside the largest, of at most `room` cells.
#[must_use]
pub fn bar(figure: usize, most: usize, room: usize) -> String {
    "▞".repeat(if figure == 0 { 0 } else { (figure * room / most.max(1)).clamp(1, room.max(1)) })
}

/// Writes a table as CSV: one record per row, its total last. Each record begins with the tag's
/// name, or with the speech's file and title; `name` words a head.
///
/// # Errors
/// What `out` says.
pub fn write(table: &Table, options: Options, name: &dyn Fn(&Head) -> String, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv_table(options, out)?;
    let has_files = table.rows.iter().any(|row| matches!(row.key, Key::Speech(_)));
    let corner = if has_files { vec!["document", "title"] } else { vec!["tag"] };
    let columns = table.columns.iter().map(|head| neutral(&name(head)).into_owned());
    csv.write_record(corner.into_iter().map(str::to_owned).chain(columns).chain(["total".to_owned()]))?;
    for (row, cells) in table.rows.iter().zip(&table.cells) {
        let file = match &row.key {
            Key::Speech(path) => Some(neutral(&path.display().to_string()).into_owned()),
            _ => None,
        };
        let figures = cells.iter().map(|cell| cell.map(|figure| figure.to_string()).unwrap_or_default());
        let label = neutral(&name(row)).into_owned();
        csv.write_record(file.into_iter().chain([label]).chain(figures).chain([row.total.to_string()]))?;
    }
    csv.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_and_bars_go_by_quarters_and_never_vanish() {
        assert_eq!([0, 1, 25, 26, 50, 51, 75, 76, 100].map(|figure| shade(figure, 100)), [0, 1, 1, 2, 2, 3, 3, 4, 4]);
        assert_eq!((shade(5, 0), shade(0, 0)), (4, 0));
        assert_eq!([0, 1, 50, 100].map(|figure| bar(figure, 100, 10).chars().count()), [0, 1, 5, 10]);
        for sign in SHADES {
            assert!(
                [pizhu_text::text::width::Ambiguous::Narrow, pizhu_text::text::width::Ambiguous::Wide]
                    .iter()
                    .all(|wide| pizhu_text::text::width::text_width(sign, *wide) == 2)
            );
        }
    }

    #[test]
    fn a_table_is_written_with_formulas_neutralised() {
        let head = |key: Key, name: &str, total| Head { key, name: name.to_owned(), depth: 0, total };
        let table = Table {
            rows: vec![head(Key::Tag("=人才".to_owned()), "=人才", 3), head(Key::Tag("党建".to_owned()), "党建", 0)],
            columns: vec![head(Key::Level(Some(1)), "level 1", 3), head(Key::Level(None), "", 0)],
            cells: vec![vec![Some(3), Some(0)], vec![None, Some(0)]],
        };
        let mut out = Vec::new();
        write(&table, Options::default(), &|head: &Head| if head.name.is_empty() { "no place".to_owned() } else { head.name.clone() }, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "tag,level 1,no place,total\n'=人才,3,0,3\n党建,,0,0\n");
    }
}
