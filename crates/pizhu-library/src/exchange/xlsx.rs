//! XLSX: the table of the CSV as a workbook, and the codebook on a sheet beside it. Every cell is
//! text or a number, never a formula.

use super::{Collection, Format, Options, csv};
use rust_xlsxwriter::{Format as CellFormat, Workbook, Worksheet, XlsxError};
use std::io::{self, Write};

/// Chars that a cell holds at most.
const CELL_CHARS: usize = 32_767;

/// XLSX.
pub(super) const FORMAT: Format = Format {
    name: "xlsx",
    extension: "xlsx",
    media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    doc: "a workbook, one row a passage and tag, with the codebook",
    write,
    reads: false,
};

fn write(collection: &Collection, _: Options, out: &mut dyn Write) -> io::Result<()> {
    let bytes = workbook(collection).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn workbook(collection: &Collection) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("annotations")?;
    head(sheet, &csv::COLUMNS)?;
    let mut line = 0;
    for (under, entry) in collection.in_order() {
        for row in csv::rows(collection, under, entry) {
            line += 1;
            for (column, (name, cell)) in (0..).zip(csv::COLUMNS.iter().zip(&row)) {
                match cell.parse::<u32>().ok().filter(|_| matches!(*name, "start" | "end")) {
                    Some(number) => sheet.write_number(line, column, number)?,
                    None => sheet.write_string(line, column, cut(cell))?,
                };
            }
        }
    }
    let codes = book.add_worksheet();
    codes.set_name("codebook")?;
    head(codes, &["tag", "path", "definition", "keywords", "english", "color"])?;
    for (line, (_, tag)) in (1..).zip(collection.codebook().tree()) {
        let path = collection.codebook().tag_path(&tag.name);
        let cells = [&tag.name, &path, &tag.definition, &tag.keywords.join(","), &tag.english, &tag.colour];
        for (column, cell) in (0..).zip(cells) {
            codes.write_string(line, column, cut(cell))?;
        }
    }
    book.save_to_buffer()
}

fn head(sheet: &mut Worksheet, names: &[&str]) -> Result<(), XlsxError> {
    let bold = CellFormat::new().set_bold();
    for (column, name) in (0..).zip(names) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
        let width = match *name {
            "quote" | "text" | "note" | "definition" => 60,
            "start" | "end" | "scope" | "anchor" => 8,
            _ => 18,
        };
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// The text as far as a cell holds it, cut with a sign.
fn cut(text: &str) -> String {
    // Excel counts UTF-16 units.
    if text.encode_utf16().count() <= CELL_CHARS {
        return text.to_owned();
    }
    let mut units = 0;
    let kept: String = text
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units < CELL_CHARS
        })
        .collect();
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Order;
    use crate::exchange::fixture;

    #[test]
    fn cells_are_text_or_numbers_and_long_ones_are_cut() {
        let book = fixture::written(FORMAT, Order::Place);
        let sheet = fixture::part(&book, "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>") && sheet.contains("<v>19</v>") && sheet.contains("<v>31</v>"), "{sheet}");
        // One row a passage and tag, one for none, and the head.
        assert_eq!(sheet.matches("<row ").count(), 6);
        let strings = fixture::part(&book, "xl/sharedStrings.xml");
        assert!(strings.contains("=1+1") && strings.contains("人才/引才") && strings.contains("定义"));
        let long = "𠮷".repeat(CELL_CHARS);
        assert!(cut(&long).encode_utf16().count() <= CELL_CHARS && cut(&long).ends_with("𠮷…"));
        assert_eq!(cut("短"), "短");
    }
}
