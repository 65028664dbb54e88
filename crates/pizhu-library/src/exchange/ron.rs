//! RON: the contents of the JSON format in the notation of the store.

use super::{
    codebook,
    collection::Collection,
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
    import_entry::{ImportBatch, ImportEntry, ImportError, utf8},
    json,
    record_part::{ProjectPart, SpeechPart, add_parts, project_part, speech_parts},
    tag_record::{TagRecord, codebook_records},
};
use pizhu_annotation::Tag;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// RON document.
pub(super) const FORMAT: Format = Format {
    name: "ron",
    extension: "ron",
    media: "text/ron",
    doc: "everything, in Rust's own notation, one entry a block",
    write,
    read: Some(read),
};

#[derive(Serialize)]
#[serde(rename = "Written")]
struct RonDocument<'a> {
    version: u32,
    annotations: Vec<&'a ExportEntry>,
    codebook: Vec<TagRecord>,
    project: ProjectPart,
    speeches: Vec<SpeechPart>,
}

#[derive(Deserialize)]
#[serde(rename = "Written")]
struct RonImport {
    #[serde(rename = "version")]
    _version: u32,
    annotations: Vec<ImportEntry>,
    #[serde(default)]
    codebook: Vec<TagRecord>,
    #[serde(default)]
    project: ProjectPart,
    #[serde(default)]
    speeches: Vec<SpeechPart>,
}

fn write(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let value = RonDocument {
        version: json::VERSION,
        annotations: json::entries(collection),
        codebook: codebook_records(collection),
        project: project_part(collection),
        speeches: speech_parts(collection),
    };
    let text = options().to_string_pretty(&value, ::ron::ser::PrettyConfig::default()).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")
}

/// Writes and reads `Some(x)` as plain `x`.
fn options() -> ::ron::Options {
    ::ron::Options::default().with_default_extension(::ron::extensions::Extensions::IMPLICIT_SOME)
}

/// Reads a document of annotations, or the codebook of a store.
fn read(bytes: &[u8]) -> Result<ImportBatch, ImportError> {
    let text = utf8(bytes)?;
    match options().from_str::<RonImport>(text) {
        Ok(read) => {
            let tags = read.codebook.into_iter().map(Tag::from).collect();
            let mut batch = ImportBatch { entries: read.annotations, tags, ..ImportBatch::default() };
            add_parts(&mut batch, read.project, read.speeches);
            Ok(batch)
        }
        // If neither parses, report the error of the annotations.
        Err(error) => codebook::read_ron(text, &options()).map_err(|_| ImportError::Broken(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::ExportOrder;
    use crate::exchange::fixture;

    #[test]
    fn annotations_and_codebooks_are_read() {
        let read = read(fixture::export_text(FORMAT, ExportOrder::Position).as_bytes()).unwrap();
        assert_eq!(read.entries.len(), 4);
        let long = read.entries.iter().find(|entry| entry.start == Some(19)).unwrap();
        assert_eq!((long.end, long.note.as_str(), long.tags.len()), (Some(31), "=1+1\n第二行 & <b>", 2));
        assert!(read.entries.iter().any(|entry| entry.start.is_none() && entry.marked.is_some()), "an orphan has its original selector");
        let book = super::read("(version: 1, tags: [(name: \"引才\", parent: \"人才\"), (name: \"人才\")])".as_bytes()).unwrap();
        assert_eq!(book.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["人才", "引才"], "a parent first");
        assert!(matches!(super::read("(version: 1, annotations: 3)".as_bytes()), Err(ImportError::Broken(_))));
    }
}
