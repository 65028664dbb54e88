//! JSON: one versioned document, or one annotation per line (JSON Lines). Lossless.

use super::{
    collection::Collection,
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
    import_entry::{ImportBatch, ImportEntry, ImportError, utf8},
    record_part::{ProjectPart, SpeechPart, add_parts, project_part, speech_parts},
    tag_record::{TagRecord, codebook_records},
};
use pizhu_annotation::Tag;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// Version of the document.
pub(super) const VERSION: u32 = 1;

/// JSON document.
pub(super) const FORMAT: Format = Format {
    name: "json",
    extension: "json",
    media: "application/json",
    doc: "everything, for programs and for importing again",
    write,
    read: Some(read),
};

/// JSON Lines.
pub(super) const LINES: Format = Format {
    name: "jsonl",
    extension: "jsonl",
    media: "application/jsonl",
    doc: "everything, one annotation a line, for streams and data frames",
    write: write_lines,
    read: Some(read),
};

#[derive(Serialize)]
struct JsonDocument<'a> {
    version: u32,
    annotations: Vec<&'a ExportEntry>,
    codebook: Vec<TagRecord>,
    project: ProjectPart,
    speeches: Vec<SpeechPart>,
}

/// The annotations in the chosen order, each once.
pub(super) fn entries(collection: &Collection) -> Vec<&ExportEntry> {
    let mut seen = std::collections::HashSet::new();
    collection.ordered().into_iter().map(|(_, entry)| entry).filter(|entry| seen.insert((entry.id, &entry.document))).collect()
}

fn write(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let document = JsonDocument {
        version: VERSION,
        annotations: entries(collection),
        codebook: codebook_records(collection),
        project: project_part(collection),
        speeches: speech_parts(collection),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn write_lines(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    for entry in entries(collection) {
        serde_json::to_writer(&mut *out, entry)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct JsonImport {
    annotations: Vec<ImportEntry>,
    #[serde(default)]
    codebook: Vec<TagRecord>,
    #[serde(default)]
    project: ProjectPart,
    #[serde(default)]
    speeches: Vec<SpeechPart>,
}

/// Whether these are texts with labelled spans for training, which name no annotations.
fn is_spans(text: &str) -> bool {
    let first = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Map<String, serde_json::Value>>().next();
    let has = |record: &serde_json::Map<_, _>| record.contains_key("spans") && !record.contains_key("document");
    first.and_then(Result::ok).is_some_and(|record| has(&record))
}

/// Reads a document of annotations, a list, or JSON Lines.
fn read(bytes: &[u8]) -> Result<ImportBatch, ImportError> {
    let text = utf8(bytes)?;
    let broken = |error: serde_json::Error| ImportError::Broken(error.to_string());
    let start = text.trim_start();
    let entries = if start.starts_with('[') {
        serde_json::from_str(text).map_err(broken)?
    } else if let Ok(document) = serde_json::from_str::<JsonImport>(text) {
        let tags = document.codebook.into_iter().map(Tag::from).collect();
        let mut batch = ImportBatch { entries: document.annotations, tags, ..ImportBatch::default() };
        add_parts(&mut batch, document.project, document.speeches);
        return Ok(batch);
    } else if is_spans(text) {
        return Err(ImportError::Unknown);
    } else {
        let lines: Result<Vec<ImportEntry>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
        lines.map_err(broken)?
    };
    Ok(ImportBatch { entries, ..ImportBatch::default() })
}
