//! CSV: one row per passage and tag.

use super::{
    codebook,
    collection::Collection,
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
    import_entry::{ImportBatch, ImportEntry, ImportError, utf8},
    spreadsheet::{csv_writer, malformed, neutralize, open_table},
};
use pizhu_annotation::TagRef;
use std::io::{self, Write};

/// CSV table of annotations.
pub(super) const FORMAT: Format = Format {
    name: "csv",
    extension: "csv",
    media: "text/csv",
    doc: "a table, one row a passage and tag, for spreadsheets and statistics",
    write,
    read: Some(read),
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

fn write(collection: &Collection, options: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv_writer(options, out)?;
    let keys = collection.attribute_keys();
    table.write_record(columns(&keys))?;
    for (under, entry) in collection.ordered() {
        for row in rows(collection, under, entry) {
            let values = attribute_cells(collection, entry, &keys);
            table.write_record(row.iter().chain(&values).map(|cell| neutralize(cell).into_owned()))?;
        }
    }
    table.flush()
}

/// The names of the columns: [`COLUMNS`], then `attr.` and each key.
pub(super) fn columns(keys: &[String]) -> Vec<String> {
    let attributes = keys.iter().map(|key| format!("attr.{key}"));
    COLUMNS.iter().map(|name| (*name).to_owned()).chain(attributes).collect()
}

/// The attributes of an annotation's speech, in the order of the keys.
pub(super) fn attribute_cells(collection: &Collection, entry: &ExportEntry, keys: &[String]) -> Vec<String> {
    let attributes = &collection.speech(entry).attributes;
    keys.iter().map(|key| attributes.get(key).unwrap_or_default().to_owned()).collect()
}

/// The rows of an annotation: one per tag, or one if it has none. Only that of the tag `under`, if
/// given.
pub(super) fn rows(collection: &Collection, under: Option<&TagRef>, entry: &ExportEntry) -> Vec<[String; COLUMNS.len()]> {
    let tags: Vec<&TagRef> = under.map_or_else(|| collection.tags_of(entry).collect(), |tag| vec![tag]);
    if tags.is_empty() {
        return vec![row(collection, entry, None)];
    }
    tags.into_iter().map(|tag| row(collection, entry, Some(tag))).collect()
}

fn row(collection: &Collection, entry: &ExportEntry, tag: Option<&TagRef>) -> [String; COLUMNS.len()] {
    let number = |offset: Option<usize>| offset.map_or_else(String::new, |offset| offset.to_string());
    [
        entry.id.to_string(),
        entry.scope.name().to_owned(),
        entry.document.clone(),
        entry.document_hash.to_string(),
        entry.document_title.clone().unwrap_or_default(),
        entry.document_date.clone().unwrap_or_default(),
        entry.section.as_deref().unwrap_or_default().join("/"),
        number(entry.start),
        number(entry.end),
        tag.map(|tag| tag.name.clone()).unwrap_or_default(),
        tag.map(|tag| collection.codebook().path_of(tag)).unwrap_or_default(),
        entry.note.clone(),
        entry.text.clone(),
        entry.quote.clone(),
        entry.author.clone(),
        entry.created.to_string(),
        entry.modified.to_string(),
        entry.anchor.to_owned(),
    ]
}

/// Reads a table of annotations with one row per passage and tag (this program's, Taguette's
/// highlights `document,content,tag`, or any with such columns), or a codebook (this program's, or
/// Taguette's `tag,description`).
fn read(bytes: &[u8]) -> Result<ImportBatch, ImportError> {
    let (header, mut table) = open_table(utf8(bytes)?)?;
    if !header.has_column(&["document"]) {
        return codebook::read(bytes);
    }
    // A table for people, whose tags and quotations are not to be told from text.
    if header.has_column(&["quotation"]) && !header.has_column(&["quote", "content"]) {
        return Err(ImportError::Unknown);
    }
    let mut found = ImportBatch::default();
    for row in table.records() {
        let row = row.map_err(|error| malformed(&error))?;
        let cell = |names: &[&str]| header.nonempty_cell(&row, names);
        let entry = ImportEntry {
            id: cell(&["id"]).and_then(|id| id.parse().ok()),
            scope: cell(&["scope"]).and_then(|scope| serde_json::from_value(scope.into()).ok()),
            document: cell(&["document"]).unwrap_or_default(),
            document_hash: cell(&["document_hash"]).and_then(|hash| hash.parse().ok()),
            document_title: cell(&["document_title"]),
            section: cell(&["section"]).map(|path| path.split('/').map(str::to_owned).collect()),
            start: cell(&["start"]).and_then(|n| n.parse().ok()),
            end: cell(&["end"]).and_then(|n| n.parse().ok()),
            quote: cell(&["quote", "content"]),
            tags: cell(&["tag"]).into_iter().collect(),
            tag_paths: cell(&["tag_path"]).into_iter().collect(),
            note: cell(&["note"]).unwrap_or_default(),
            // An empty cell means no author; a missing column means an unknown one.
            author: header.cell(&row, &["author"]),
            created: cell(&["created"]).and_then(|time| time.parse().ok()),
            modified: cell(&["modified"]).and_then(|time| time.parse().ok()),
            ..ImportEntry::default()
        };
        // The rows of an annotation are consecutive.
        let same = |last: &&mut ImportEntry| match (last.id, entry.id) {
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
    Ok(found)
}
