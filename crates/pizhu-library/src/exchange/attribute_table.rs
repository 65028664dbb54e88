//! Tables of attributes: a row a speech, a column an attribute; CSV and XLSX.

use super::{
    format::ExportOptions,
    import::decode_foreign,
    spreadsheet::{csv_rows, csv_writer, neutralize, restore},
    xlsx::write_sheet,
};
use crate::source::{ExtractError, read_sheet};
use pizhu_annotation::attribute::is_attribute_key;
use std::io::{self, Write};

/// The columns that name the speech, as any of these.
const SPEECH_COLUMNS: [&str; 6] = ["document", "path", "file", "文件", "文档", "檔案"];
/// Columns that are written for people and not read.
const SHOWN_COLUMNS: [&str; 2] = ["title", "document_title"];
/// The first bytes of a workbook.
const ZIP_SIGNATURE: &[u8] = b"PK\x03\x04";

/// A speech's row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttributeRow {
    /// Number of the row in its file, from 1, that of the header.
    pub line: usize,
    /// Path or file name of the speech.
    pub document: String,
    /// Its title, for people.
    pub title: String,
    /// The values, one a key of the table; empty for none.
    pub values: Vec<String>,
}

/// A table of attributes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttributeTable {
    /// The keys.
    pub keys: Vec<String>,
    /// The rows.
    pub rows: Vec<AttributeRow>,
}

/// Why a file is no table of attributes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The file cannot be read as a table.
    #[error("broken: {0}")]
    Broken(String),
    /// No column names the speeches.
    #[error("no column `document`")]
    NoDocument,
    /// A column cannot be an attribute.
    #[error("not an attribute: {0:?}")]
    BadKey(String),
    /// Two columns have one name.
    #[error("two columns: {0:?}")]
    Twice(String),
}

impl AttributeTable {
    /// Reads a table from CSV (any encoding and delimiter) or the first sheet of an XLSX workbook. The
    /// first row has the keys; the column `document` (or `path`, `file`, `文件`) names the speech.
    ///
    /// ```
    /// use pizhu_library::exchange::AttributeTable;
    ///
    /// let table = AttributeTable::read("文件,place,人数\n讲话.txt,如皋,230\n".as_bytes())?;
    /// assert_eq!((table.keys, table.rows[0].values.clone()), (vec!["place".into(), "人数".into()], vec!["如皋".into(), "230".into()]));
    /// # Ok::<(), pizhu_library::exchange::TableError>(())
    /// ```
    ///
    /// # Errors
    /// The file is no table, no column names the speeches, or a column cannot be an attribute.
    pub fn read(bytes: &[u8]) -> Result<Self, TableError> {
        let rows = if bytes.starts_with(ZIP_SIGNATURE) {
            read_sheet(bytes).map_err(|error: ExtractError| TableError::Broken(error.to_string()))?
        } else {
            let text = decode_foreign(bytes);
            let bytes = text.as_deref().map_or(bytes, str::as_bytes);
            csv_rows(&String::from_utf8_lossy(bytes)).map_err(|error| TableError::Broken(error.to_string()))?
        };
        let mut rows = rows.into_iter().enumerate();
        let header: Vec<String> = rows.next().map(|(_, row)| row.iter().map(|name| name.trim().to_owned()).collect()).unwrap_or_default();
        let is_speech = |name: &&String| SPEECH_COLUMNS.iter().any(|column| name.eq_ignore_ascii_case(column));
        let Some(document) = header.iter().position(|name| is_speech(&name)) else { return Err(TableError::NoDocument) };
        let is_value = |at: &usize| *at != document && !header[*at].is_empty() && !SHOWN_COLUMNS.contains(&header[*at].as_str());
        let columns: Vec<usize> = (0..header.len()).filter(is_value).collect();
        let keys: Vec<String> = columns.iter().map(|at| header[*at].clone()).collect();
        if let Some(bad) = keys.iter().find(|key| !is_attribute_key(key)) {
            return Err(TableError::BadKey(bad.clone()));
        }
        if let Some((_, twice)) = keys.iter().enumerate().find(|(at, key)| keys[..*at].contains(key)) {
            return Err(TableError::Twice(twice.clone()));
        }
        let cell = |row: &[String], at: usize| row.get(at).map(|cell| restore(cell).trim().to_owned()).unwrap_or_default();
        let named = rows.filter(|(_, row)| !cell(row, document).is_empty());
        let rows = named.map(|(line, row)| AttributeRow {
            line: line + 1,
            document: cell(&row, document),
            title: String::new(),
            values: columns.iter().map(|at| cell(&row, *at)).collect(),
        });
        Ok(Self { keys, rows: rows.collect() })
    }

    fn cells(&self) -> (Vec<&str>, impl Iterator<Item = Vec<&str>>) {
        let header = ["document", "title"].into_iter().chain(self.keys.iter().map(String::as_str)).collect();
        let rows = self
            .rows
            .iter()
            .map(|row| [row.document.as_str(), row.title.as_str()].into_iter().chain(row.values.iter().map(String::as_str)).collect());
        (header, rows)
    }

    /// Writes the table as CSV; `excel` for Excel.
    ///
    /// # Errors
    /// Writing fails.
    pub fn write_csv(&self, excel: bool, out: &mut dyn Write) -> io::Result<()> {
        let (header, rows) = self.cells();
        let mut table = csv_writer(ExportOptions { excel }, out)?;
        table.write_record(header)?;
        for row in rows {
            table.write_record(row.into_iter().map(|cell| neutralize(cell).into_owned()))?;
        }
        table.flush()
    }

    /// Writes the table as an XLSX workbook.
    ///
    /// # Errors
    /// Writing fails.
    pub fn write_xlsx(&self, out: &mut dyn Write) -> io::Result<()> {
        let (header, rows) = self.cells();
        write_sheet("attributes", &header, rows, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> AttributeTable {
        let row = |line, document: &str, values: &[&str]| AttributeRow {
            line,
            document: document.to_owned(),
            title: String::new(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        AttributeTable {
            keys: ["place", "date", "人数"].map(str::to_owned).to_vec(),
            rows: vec![row(2, "讲 话.txt", &["如皋", "2024-03-01", "230"]), row(3, "乙.txt", &["", "2024", "=1+1"])],
        }
    }

    #[test]
    fn tables_come_back_from_csv_and_workbooks() {
        let mut csv = Vec::new();
        table().write_csv(true, &mut csv).unwrap();
        assert_eq!(AttributeTable::read(&csv).unwrap(), table());
        assert!(String::from_utf8(csv).unwrap().contains("'=1+1"), "no formula");
        let mut xlsx = Vec::new();
        table().write_xlsx(&mut xlsx).unwrap();
        assert_eq!(AttributeTable::read(&xlsx).unwrap(), table());
    }

    #[test]
    fn malformed_attribute_tables_are_errors() {
        for (text, wanted) in [
            ("a,b\n1,2\n", TableError::NoDocument),
            ("document,a=b\nx,1\n", TableError::BadKey("a=b".into())),
            ("document,甲,甲\nx,1,2\n", TableError::Twice("甲".into())),
        ] {
            assert_eq!(AttributeTable::read(text.as_bytes()), Err(wanted));
        }
        assert!(matches!(AttributeTable::read(b"PK\x03\x04"), Err(TableError::Broken(_))));
        let empty = AttributeTable::read("document;place\n;如皋\n甲.txt;\n".as_bytes()).unwrap();
        assert_eq!((empty.rows.len(), empty.rows[0].values.join("")), (1, String::new()));
    }
}
