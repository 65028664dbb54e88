//! The heat map: a cell for each figure, the darker the larger it is.

use super::{
    style::{SHADES, shade},
    svg::{MARGIN, SvgDrawing, TEXT_SIZE, TOP, TextAlign, indent, names_width, width},
    table::PictureTable,
};

/// Height of a row.
const ROW: f64 = 30.0;
/// The least and the greatest width of a column.
const COLUMN: [f64; 2] = [46.0, 120.0];
/// The greatest length of a slanted column name.
const MAX_SLANTED: f64 = 210.0;
/// The greatest width of the names of rows.
const MAX_NAMES: f64 = 330.0;

/// Draws a table as a heat map.
pub(super) fn draw(table: &PictureTable) -> SvgDrawing {
    let mut picture = SvgDrawing::default();
    let names = names_width(table.rows.iter().map(|row| (row.label.as_str(), row.depth)), MAX_NAMES);
    let widest_name = table.columns.iter().map(|column| width(&column.label)).fold(0.0, f64::max);
    let widest_cell = table.cells.iter().flatten().map(|cell| width(&cell.text)).fold(0.0, f64::max) + 12.0;
    let is_slanted = widest_name + 10.0 > COLUMN[1];
    let wanted = if is_slanted { widest_cell } else { widest_cell.max(widest_name + 10.0) };
    let column = wanted.max(COLUMN[0]);
    let heads = if is_slanted { widest_name.min(MAX_SLANTED) * 0.65 + TEXT_SIZE } else { 22.0 };
    let (left, top) = (MARGIN + names + 12.0, TOP + heads);
    for (index, head) in table.columns.iter().enumerate() {
        let x = left + index as f64 * column + column / 2.0;
        if is_slanted {
            picture.slanted("pz-name", [x, top - 8.0], &head.label, MAX_SLANTED);
        } else {
            picture.text("pz-name", [x, top - 8.0], TextAlign::Middle, &head.label, column);
        }
    }
    let right = left + table.columns.len() as f64 * column;
    if !table.total_label.is_empty() {
        picture.text("pz-faint", [right + 62.0, top - 8.0], TextAlign::End, &table.total_label, 62.0);
    }
    let most = table.max_value();
    for (index, (row, cells)) in table.rows.iter().zip(&table.cells).enumerate() {
        let y = top + index as f64 * ROW;
        let base = y + ROW / 2.0 + 5.0;
        let shift = indent(row.depth);
        picture.text("pz-name", [MARGIN + shift, base], TextAlign::Start, &row.label, names - shift);
        for (at, (cell, head)) in cells.iter().zip(&table.columns).enumerate() {
            let step = if cell.is_own { 0 } else { shade(cell.value.unwrap_or(0.0), most) };
            let x = left + at as f64 * column;
            let hint = format!("{} · {}: {}", row.label, head.label, cell.text);
            picture.rect(&format!("pz-h{step}"), [x + 1.0, y + 1.0, column - 2.0, ROW - 2.0], &hint);
            picture.text(&format!("pz-t{step}"), [x + column / 2.0, base], TextAlign::Middle, &cell.text, column);
        }
        if !table.total_label.is_empty() {
            picture.text("pz-figure", [right + 62.0, base], TextAlign::End, &row.total.to_string(), 62.0);
        }
    }
    let bottom = top + table.rows.len() as f64 * ROW;
    for step in 0..=SHADES {
        let x = left + step as f64 * 26.0;
        picture.rect(&format!("pz-h{step}"), [x, bottom + 16.0, 26.0, 10.0], "");
    }
    let end = left + (SHADES + 1) as f64 * 26.0;
    picture.text("pz-faint pz-small", [left, bottom + 42.0], TextAlign::Start, "0", 26.0);
    let mut largest = table.cells.iter().flatten().filter(|cell| !cell.is_own && cell.value == Some(most)).map(|cell| cell.text.as_str());
    picture.text("pz-faint pz-small", [end, bottom + 42.0], TextAlign::End, largest.next().unwrap_or("0"), 90.0);
    picture.extend(end.max(right + if table.total_label.is_empty() { 0.0 } else { 62.0 }), bottom + 44.0);
    picture
}
