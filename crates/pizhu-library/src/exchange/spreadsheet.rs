//! CSV tables that are exchanged with spreadsheets.
//!
//! A cell that a spreadsheet would evaluate as a formula gets a leading apostrophe, which
//! spreadsheets hide; reading removes it.

use super::{format::ExportOptions, import_entry::ImportError};
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// Creates a CSV writer to `out` according to the options.
pub(super) fn csv_writer(options: ExportOptions, out: &mut dyn Write) -> io::Result<::csv::Writer<&mut dyn Write>> {
    if options.excel {
        out.write_all("\u{FEFF}".as_bytes())?;
    }
    let terminator = if options.excel { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') };
    Ok(::csv::WriterBuilder::new().terminator(terminator).from_writer(out))
}

/// Whether a spreadsheet would evaluate the cell as a formula, or the cell is already neutralized.
/// Some spreadsheets ignore line ends before the operator.
fn is_formula(cell: &str) -> bool {
    let signs = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    cell.trim_start_matches(['\'', '\n']).starts_with(signs)
}

/// Neutralizes a formula: `=1+1` gives `'=1+1`; any other cell is unchanged.
pub(super) fn neutralize(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Reverts [`neutralize`].
pub(super) fn restore(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Header of a table that is read.
pub(super) struct TableHeader(Vec<String>);

/// The delimiter of a table, and the table without the line `sep=;` by which a spreadsheet names it.
/// Otherwise the sign that occurs most often in the header decides: a comma, a semicolon or a tab.
fn delimiter(text: &str) -> (u8, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if let &[named] = first.trim_end_matches('\r').strip_prefix("sep=").unwrap_or_default().as_bytes() {
        return (named, rest);
    }
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in first.bytes() {
        quoted ^= byte == b'"';
        for (_, count) in counts.iter_mut().filter(|(sign, _)| *sign == byte && !quoted) {
            *count += 1;
        }
    }
    let most = counts.iter().rev().max_by_key(|(_, count)| *count);
    (most.map_or(b',', |(sign, _)| *sign), text)
}

/// Opens a table and reads its header.
pub(super) fn open_table(text: &str) -> Result<(TableHeader, ::csv::Reader<&[u8]>), ImportError> {
    let (delimiter, text) = delimiter(text);
    let mut table = ::csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let header = table.headers().map_err(|error| malformed(&error))?.iter().map(|name| name.trim().to_lowercase()).collect();
    Ok((TableHeader(header), table))
}

/// The rows of a table, without a byte order mark.
pub(super) fn csv_rows(text: &str) -> Result<Vec<Vec<String>>, ::csv::Error> {
    let (delimiter, text) = delimiter(text.trim_start_matches('\u{FEFF}'));
    let mut table = ::csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
    table.records().map(|row| row.map(|row| row.iter().map(str::to_owned).collect())).collect()
}

/// The import error of a malformed table.
pub(super) fn malformed(error: &::csv::Error) -> ImportError {
    ImportError::Broken(error.to_string())
}

impl TableHeader {
    /// Whether there is a column with one of these names.
    pub(super) fn has_column(&self, names: &[&str]) -> bool {
        self.column(names).is_some()
    }

    fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.0.iter().position(|column| column == name))
    }

    /// The cell in the first column with one of these names; `None` if there is no such cell.
    pub(super) fn cell(&self, row: &::csv::StringRecord, names: &[&str]) -> Option<String> {
        self.column(names).and_then(|at| row.get(at)).map(|cell| restore(cell).to_owned())
    }

    /// Like [`Self::cell`], but `None` for an empty cell, too.
    pub(super) fn nonempty_cell(&self, row: &::csv::StringRecord, names: &[&str]) -> Option<String> {
        self.cell(row, names).filter(|cell| !cell.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiter_is_taken_from_the_header() {
        assert_eq!(delimiter("document,quote\na;b;c;d,e\n").0, b',');
        assert_eq!(delimiter("document;\"a,b,c\";tag\r\n").0, b';');
        assert_eq!(delimiter("document\tquote\ttag\n").0, b'\t');
        assert_eq!(delimiter("tag\n"), (b',', "tag\n"));
        assert_eq!(delimiter("sep=;\r\ndocument,a;quote\r\n"), (b';', "document,a;quote\r\n"));
    }

    #[test]
    fn formulas_are_neutralized() {
        for cell in ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "'=1", "＝1", "\n=1", "\n'+1"] {
            assert_eq!(neutralize(cell), format!("'{cell}"));
            assert_eq!(restore(&neutralize(cell)), cell);
        }
        for cell in ["一、题", "'引文'", "", "a=b", "\n行首", "a\n=b"] {
            assert_eq!((neutralize(cell).as_ref(), restore(cell)), (cell, cell));
        }
    }
}
