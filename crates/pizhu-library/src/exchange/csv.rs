//! CSV: one row a passage and tag, for tables.
//!
//! A cell that a spreadsheet would run as a formula gets an apostrophe in front, which
//! spreadsheets hide; reading takes it off again.

use super::{
    Collection, Entry, Format, Options, codebook,
    incoming::{ImportError, Incoming, Incomings},
};
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
    write,
    reads: true,
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
    let mut table = table(options, out)?;
    table.write_record(COLUMNS)?;
    for (under, entry) in collection.in_order() {
        for row in rows(collection, under, entry) {
            table.write_record(row.iter().map(|cell| neutral(cell).into_owned()))?;
        }
    }
    table.flush()
}

/// A table to be written to `out`, in the form that the options want.
pub(super) fn table(options: Options, out: &mut dyn Write) -> io::Result<csv::Writer<&mut dyn Write>> {
    if options.excel {
        out.write_all("\u{FEFF}".as_bytes())?;
    }
    let terminator = if options.excel { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    Ok(csv::WriterBuilder::new().terminator(terminator).from_writer(out))
}

/// The rows of an annotation: one a tag, or one for none.
pub(super) fn rows(collection: &Collection, under: Option<&str>, entry: &Entry) -> Vec<[String; COLUMNS.len()]> {
    let mut tags: Vec<&str> = under.map_or_else(|| collection.tags_of(entry).collect(), |tag| vec![tag]);
    if tags.is_empty() {
        tags.push("");
    }
    tags.into_iter().map(|tag| row(collection, entry, tag)).collect()
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
/// Line ends before a sign are passed over by some.
fn is_formula(cell: &str) -> bool {
    let signs = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    cell.trim_start_matches(['\'', '\n']).starts_with(signs)
}

/// The cell as text whatever it begins with.
pub(super) fn neutral(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell as it was before [`neutral`].
fn restored(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Reads a table of annotations, one row a passage and tag: this program's, Taguette's highlights
/// (`document,content,tag`), or any with such columns; or a codebook, this program's or Taguette's
/// (`tag,description`).
pub(super) fn read(text: &str) -> Result<Incomings, ImportError> {
    let broken = |error: csv::Error| ImportError::Broken(error.to_string());
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header: Vec<String> = table.headers().map_err(broken)?.iter().map(|name| name.trim().to_lowercase()).collect();
    let column = |names: &[&str]| names.iter().find_map(|name| header.iter().position(|column| column == name));
    let of = |row: &csv::StringRecord, names: &[&str]| {
        column(names).and_then(|at| row.get(at)).map(|cell| restored(cell).to_owned()).filter(|cell| !cell.is_empty())
    };
    let is_codebook = column(&["document"]).is_none();
    if is_codebook && column(&["tag", "name"]).is_none() {
        return Err(ImportError::Unknown);
    }
    let mut found = Incomings::default();
    for row in table.records() {
        let row = row.map_err(broken)?;
        if is_codebook {
            found.tags.extend(codebook::tag(|names| of(&row, names)));
            continue;
        }
        let entry = Incoming {
            id: of(&row, &["id"]).and_then(|id| id.parse().ok()),
            scope: of(&row, &["scope"]).and_then(|scope| serde_json::from_value(scope.into()).ok()),
            document: of(&row, &["document"]).unwrap_or_default(),
            document_hash: of(&row, &["document_hash"]).and_then(|hash| hash.parse().ok()),
            document_title: of(&row, &["document_title"]),
            section: of(&row, &["section"]).map(|path| path.split('/').map(str::to_owned).collect()),
            start: of(&row, &["start"]).and_then(|n| n.parse().ok()),
            end: of(&row, &["end"]).and_then(|n| n.parse().ok()),
            quote: of(&row, &["quote", "content"]),
            tags: of(&row, &["tag"]).into_iter().collect(),
            tag_paths: of(&row, &["tag_path"]).into_iter().collect(),
            note: of(&row, &["note"]).unwrap_or_default(),
            // An empty cell says that nobody is named, which no column does not.
            author: column(&["author"]).and_then(|at| row.get(at)).map(|cell| restored(cell).to_owned()),
            created: of(&row, &["created"]).and_then(|time| time.parse().ok()),
            modified: of(&row, &["modified"]).and_then(|time| time.parse().ok()),
            ..Incoming::default()
        };
        // The rows of one annotation follow one another.
        let same = |last: &&mut Incoming| match (last.id, entry.id) {
            (Some(a), Some(b)) => a == b,
            (None, None) => {
                (&last.document, &last.quote, last.start, &last.note) == (&entry.document, &entry.quote, entry.start, &entry.note)
            }
            _ => false,
        };
        match found.entries.last_mut().filter(same) {
            Some(last) => {
                last.tags.extend(entry.tags);
                last.tag_paths.extend(entry.tag_paths);
            }
            None => found.entries.push(entry),
        }
    }
    found.tags = codebook::parents_first(found.tags);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised() {
        for cell in ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "'=1", "＝1", "\n=1", "\n'+1"] {
            assert_eq!(neutral(cell), format!("'{cell}"));
            assert_eq!(restored(&neutral(cell)), cell);
        }
        for cell in ["一、题", "'引文'", "", "a=b", "\n行首", "a\n=b"] {
            assert_eq!((neutral(cell).as_ref(), restored(cell)), (cell, cell));
        }
    }
}
