//! CSV: one row a passage and tag, for tables.
//!
//! A cell that a spreadsheet would run as a formula gets an apostrophe in front, which
//! spreadsheets hide; reading takes it off again.

use super::{Collection, Entry, Format, Options};
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// CSV.
pub(super) const FORMAT: Format = Format {
    name: "csv",
    extension: "csv",
    media: "text/csv",
    doc: "a table, one row a passage and tag, for spreadsheets and statistics",
    write: Some(write),
};

/// The columns.
pub(super) const COLUMNS: [&str; 18] = [
    "id",
    "scope",
    "document",
    "document_hash",
    "document_title",
    "document_date",
    "section",
    "start",
    "end",
    "tag",
    "tag_path",
    "note",
    "text",
    "quote",
    "author",
    "created",
    "modified",
    "anchor",
];

fn write(collection: &Collection, options: Options, out: &mut dyn Write) -> io::Result<()> {
    if options.excel {
        out.write_all("\u{FEFF}".as_bytes())?;
    }
    let terminator = if options.excel { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut table = csv::WriterBuilder::new().terminator(terminator).from_writer(out);
    table.write_record(COLUMNS)?;
    for (under, entry) in collection.in_order() {
        let mut tags: Vec<&str> = under.map_or_else(|| collection.tags_of(entry).collect(), |tag| vec![tag]);
        if tags.is_empty() {
            tags.push("");
        }
        for tag in tags {
            table.write_record(row(collection, entry, tag).iter().map(|cell| neutral(cell).into_owned()))?;
        }
    }
    table.flush()
}

fn row(collection: &Collection, entry: &Entry, tag: &str) -> [String; COLUMNS.len()] {
    let number = |offset: Option<usize>| offset.map_or_else(String::new, |offset| offset.to_string());
    [
        entry.id.to_string(),
        entry.scope.name().to_owned(),
        entry.document.clone(),
        entry.document_hash.to_string(),
        entry.document_title.clone().unwrap_or_default(),
        collection.speech(entry).document.metadata.date.as_deref().unwrap_or_default().to_owned(),
        entry.section.as_deref().unwrap_or_default().join("/"),
        number(entry.start),
        number(entry.end),
        tag.to_owned(),
        if tag.is_empty() { String::new() } else { collection.codebook().tag_path(tag) },
        entry.note.clone(),
        entry.text.clone(),
        entry.quote.clone(),
        entry.author.clone(),
        entry.created.to_string(),
        entry.modified.to_string(),
        entry.anchor.to_owned(),
    ]
}

/// Whether a spreadsheet would take the cell for a formula, or for one already neutralised.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// The cell as text whatever it begins with.
pub(super) fn neutral(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised() {
        for cell in ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "'=1", "＝1"] {
            assert_eq!(neutral(cell), format!("'{cell}"));
        }
        for cell in ["一、题", "'引文'", "", "a=b"] {
            assert_eq!(neutral(cell), cell);
        }
    }
}
