//! Bars: one for the total of each row.

use super::{
    svg::{MARGIN, SvgDrawing, TOP, TextAlign, indent, names_width},
    table::PictureTable,
};

/// Height of a row.
const ROW: f64 = 28.0;
/// Length of the longest bar.
const LONGEST: f64 = 440.0;
/// The greatest width of the names of rows.
const MAX_NAMES: f64 = 330.0;

/// Draws the totals of a table as bars.
pub(super) fn draw(table: &PictureTable) -> SvgDrawing {
    let mut picture = SvgDrawing::default();
    let names = names_width(table.rows.iter().map(|row| (row.label.as_str(), row.depth)), MAX_NAMES);
    let most = table.rows.iter().map(|row| row.total).max().unwrap_or(0).max(1) as f64;
    let left = MARGIN + names + 12.0;
    let bottom = TOP + table.rows.len() as f64 * ROW;
    picture.rect("pz-axis", [left - 1.0, TOP, 1.0, bottom - TOP], "");
    for (index, row) in table.rows.iter().enumerate() {
        let y = TOP + index as f64 * ROW;
        let base = y + ROW / 2.0 + 5.0;
        let shift = indent(row.depth);
        picture.text("pz-name", [MARGIN + shift, base], TextAlign::Start, &row.label, names - shift);
        let length = row.total as f64 / most * LONGEST;
        if row.total > 0 {
            picture.rect("pz-bar", [left, y + 5.0, length.max(1.0), ROW - 10.0], &format!("{}: {}", row.label, row.total));
        }
        picture.text("pz-figure", [left + length + 8.0, base], TextAlign::Start, &row.total.to_string(), 90.0);
    }
    picture.extend(left + LONGEST + 70.0, bottom + 4.0);
    picture
}
