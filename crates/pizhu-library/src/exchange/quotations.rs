//! A table of quotations: one row an annotation, with its tags and the attributes of its speech.

use super::{
    collection::Collection,
    csv::attribute_cells,
    format::{ExportOptions, Format},
    json,
    spreadsheet::{csv_writer, neutralize},
};
use std::io::{self, Write};

/// Table of quotations.
pub(super) const FORMAT: Format = Format {
    name: "quotations",
    extension: "quotations.csv",
    media: "text/csv",
    doc: "a table of quotations, one row an annotation, with tags and the speech's attributes",
    write,
    read: None,
};

fn write(collection: &Collection, options: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let keys = collection.attribute_keys();
    let mut table = csv_writer(options, out)?;
    let columns = ["quotation", "tags", "note", "author", "title", "section", "document", "start", "end"].map(str::to_owned);
    table.write_record(columns.into_iter().chain(keys.iter().cloned()))?;
    for entry in json::entries(collection) {
        let number = |offset: Option<usize>| offset.map_or_else(String::new, |offset| offset.to_string());
        let cells = [
            entry.text.clone(),
            entry.tag_paths.join("; "),
            entry.note.clone(),
            entry.author.clone(),
            entry.document_title.clone().unwrap_or_default(),
            entry.section.as_deref().unwrap_or_default().join("/"),
            entry.document.clone(),
            number(entry.start),
            number(entry.end),
        ];
        let values = attribute_cells(collection, entry, &keys);
        table.write_record(cells.iter().chain(&values).map(|cell| neutralize(cell).into_owned()))?;
    }
    table.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{ExportOrder, fixture};

    #[test]
    fn an_annotation_is_one_row() {
        let out = fixture::export_text(FORMAT, ExportOrder::Position);
        let mut table = ::csv::Reader::from_reader(out.as_bytes());
        let header: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(header[..2], ["quotation", "tags"]);
        assert!(header.contains(&"kind".to_owned()));
        let rows: Vec<_> = table.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 4);
        assert!(rows.iter().any(|row| &row[1] == "'=散; 人才/引才" && row[2].starts_with("'=1+1")), "{rows:?}");
    }
}
