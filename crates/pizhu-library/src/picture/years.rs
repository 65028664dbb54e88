//! Tags over the years: for each tag a small chart of bars, all with one scale, a bar a year. Years
//! without a speech keep their place, so that the distances are those of time.

use super::{
    svg::{MARGIN, SvgDrawing, TOP, TextAlign, indent, names_width, width},
    table::PictureTable,
};

/// Height of a chart, and of its highest bar.
const ROW: f64 = 62.0;
const HIGHEST: f64 = 36.0;
/// The greatest width of the names of rows.
const MAX_NAMES: f64 = 330.0;

/// Draws the rows of a table over its columns.
pub(super) fn draw(table: &PictureTable) -> SvgDrawing {
    let mut picture = SvgDrawing::default();
    let names = names_width(table.rows.iter().map(|row| (row.label.as_str(), row.depth)), MAX_NAMES);
    let line = table.timeline();
    let widest = line.iter().map(|(name, _)| width(name)).fold(0.0, f64::max);
    let widest_cell = table.cells.iter().flatten().map(|cell| width(&cell.text)).fold(0.0, f64::max);
    let slot = (widest.max(widest_cell) + 8.0).clamp(40.0, 110.0);
    let left = MARGIN + names + 16.0;
    let right = left + line.len() as f64 * slot;
    let most = table.cells.iter().flatten().filter_map(|cell| cell.value).fold(0.0, f64::max);
    for (index, (row, cells)) in table.rows.iter().zip(&table.cells).enumerate() {
        let base = TOP + (index + 1) as f64 * ROW - 8.0;
        let shift = indent(row.depth);
        picture.text("pz-name", [MARGIN + shift, base - 3.0], TextAlign::Start, &row.label, names - shift);
        picture.rect("pz-axis", [left, base, right - left, 1.0], "");
        for (at, (name, column)) in line.iter().enumerate() {
            let Some(cell) = column.and_then(|column| cells.get(column)) else { continue };
            let Some(value) = cell.value.filter(|value| *value > 0.0) else { continue };
            let height = (value / most * HIGHEST).max(1.5);
            let x = left + at as f64 * slot;
            let hint = format!("{} · {name}: {}", row.label, cell.text);
            picture.rect("pz-bar", [x + slot * 0.2, base - height, slot * 0.6, height], &hint);
            picture.text("pz-figure pz-small", [x + slot / 2.0, base - height - 4.0], TextAlign::Middle, &cell.text, slot);
        }
    }
    let foot = TOP + table.rows.len() as f64 * ROW + 14.0;
    for (at, (name, column)) in line.iter().enumerate() {
        let class = if column.is_some() { "pz-name pz-small" } else { "pz-faint pz-small" };
        picture.text(class, [left + (at as f64 + 0.5) * slot, foot], TextAlign::Middle, name, slot);
    }
    picture.extend(right, foot + 4.0);
    picture
}
