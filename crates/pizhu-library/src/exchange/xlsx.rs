//! XLSX: a workbook with the table of the CSV format and a second sheet for the codebook. Cells are
//! text or numbers, never formulas.

use super::{
    collection::Collection,
    csv,
    format::{ExportOptions, Format},
};
use rust_xlsxwriter::{Format as CellFormat, Workbook, Worksheet, XlsxError};
use std::io::{self, Write};

/// Maximum UTF-16 code units of a cell in Excel.
const MAX_CELL_UNITS: usize = 32_767;

/// XLSX workbook.
pub(super) const FORMAT: Format = Format {
    name: "xlsx",
    extension: "xlsx",
    media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    doc: "a workbook, one row a passage and tag, with the codebook",
    write,
    read: None,
};

fn write(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let bytes = workbook(collection).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn workbook(collection: &Collection) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("annotations")?;
    let keys = collection.attribute_keys();
    let columns = csv::columns(&keys);
    write_header(sheet, &columns.iter().map(String::as_str).collect::<Vec<_>>())?;
    let mut line = 0;
    for (under, entry) in collection.ordered() {
        for row in csv::rows(collection, under, entry) {
            line += 1;
            let values = csv::attribute_cells(collection, entry, &keys);
            for (column, (name, cell)) in (0..).zip(columns.iter().zip(row.iter().chain(&values))) {
                match cell.parse::<u32>().ok().filter(|_| matches!(name.as_str(), "start" | "end")) {
                    Some(number) => sheet.write_number(line, column, number)?,
                    None => sheet.write_string(line, column, truncate_cell(cell))?,
                };
            }
        }
    }
    let codes = book.add_worksheet();
    codes.set_name("codebook")?;
    write_header(codes, &["tag", "path", "definition", "keywords", "english", "color", "memo"])?;
    for (line, (_, tag)) in (1..).zip(collection.codebook().tree()) {
        let path = collection.codebook().path(tag.id).unwrap_or_default();
        let cells = [&tag.name, &path, &tag.definition, &tag.keywords.join(","), &tag.english, &tag.colour, &tag.memo];
        for (column, cell) in (0..).zip(cells) {
            codes.write_string(line, column, truncate_cell(cell))?;
        }
    }
    let memos = collection.memos();
    if !memos.is_empty() {
        let sheet = book.add_worksheet();
        sheet.set_name("memos")?;
        write_header(sheet, &["author", "memo"])?;
        for (line, (author, text)) in (1..).zip(memos) {
            for (column, cell) in (0..).zip([author, text]) {
                sheet.write_string(line, column, truncate_cell(cell))?;
            }
        }
    }
    book.save_to_buffer()
}

/// Writes a workbook of one sheet, all cells text.
pub(super) fn write_sheet<'a>(
    name: &str,
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<&'a str>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let sheet_of = || -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        write_header(sheet, header)?;
        for (line, row) in (1..).zip(rows) {
            for (column, cell) in (0..).zip(row) {
                sheet.write_string(line, column, truncate_cell(cell))?;
            }
        }
        book.save_to_buffer()
    };
    out.write_all(&sheet_of().map_err(io::Error::other)?)
}

fn write_header(sheet: &mut Worksheet, names: &[&str]) -> Result<(), XlsxError> {
    let bold = CellFormat::new().set_bold();
    for (column, name) in (0..).zip(names) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
        let width = match *name {
            "quote" | "text" | "note" | "definition" | "memo" => 60,
            "start" | "end" | "scope" | "anchor" => 8,
            _ => 18,
        };
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Truncates text to the capacity of a cell, with an ellipsis.
fn truncate_cell(text: &str) -> String {
    // Excel counts UTF-16 code units.
    if text.encode_utf16().count() <= MAX_CELL_UNITS {
        return text.to_owned();
    }
    let mut units = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units < MAX_CELL_UNITS
        })
        .collect();
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::ExportOrder;
    use crate::exchange::fixture;

    #[test]
    fn cells_are_text_or_numbers_and_truncated() {
        let book = fixture::export_bytes(FORMAT, ExportOrder::Position);
        let sheet = fixture::zip_entry(&book, "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>") && sheet.contains("<v>19</v>") && sheet.contains("<v>31</v>"), "{sheet}");
        // One row per passage and tag, one for a passage without tags, and the header.
        assert_eq!(sheet.matches("<row ").count(), 6);
        let strings = fixture::zip_entry(&book, "xl/sharedStrings.xml");
        assert!(strings.contains("=1+1") && strings.contains("人才/引才") && strings.contains("定义"));
        let long = "𠮷".repeat(MAX_CELL_UNITS);
        assert!(truncate_cell(&long).encode_utf16().count() <= MAX_CELL_UNITS && truncate_cell(&long).ends_with("𠮷…"));
        assert_eq!(truncate_cell("短"), "短");
    }
}
