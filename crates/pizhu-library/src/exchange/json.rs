//! JSON: one document with a version, or one line an annotation. Carries everything.

use super::{
    Collection, Entry, Format, Options,
    incoming::{ImportError, Incoming, Incomings},
};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// The version that stands at the top.
pub(super) const VERSION: u32 = 1;

/// One JSON document.
pub(super) const FORMAT: Format = Format {
    name: "json",
    extension: "json",
    media: "application/json",
    doc: "everything, for programs and for importing again",
    write,
    reads: true,
};

/// JSON Lines.
pub(super) const LINES: Format = Format {
    name: "jsonl",
    extension: "jsonl",
    media: "application/jsonl",
    doc: "everything, one annotation a line, for streams and data frames",
    write: write_lines,
    reads: true,
};

#[derive(Serialize)]
struct Annotations<'a> {
    version: u32,
    annotations: Vec<&'a Entry>,
}

/// The annotations in order, each once.
pub(super) fn entries(collection: &Collection) -> Vec<&Entry> {
    let mut seen = std::collections::HashSet::new();
    collection.in_order().into_iter().map(|(_, entry)| entry).filter(|entry| seen.insert(entry.id)).collect()
}

fn write(collection: &Collection, _: Options, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Annotations { version: VERSION, annotations: entries(collection) })?;
    out.write_all(b"\n")
}

fn write_lines(collection: &Collection, _: Options, out: &mut dyn Write) -> io::Result<()> {
    for entry in entries(collection) {
        serde_json::to_writer(&mut *out, entry)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct Document {
    annotations: Vec<Incoming>,
}

/// Reads a document of annotations, a list of them, or one a line.
pub(super) fn read(text: &str) -> Result<Incomings, ImportError> {
    let broken = |error: serde_json::Error| ImportError::Broken(error.to_string());
    let start = text.trim_start();
    let entries = if start.starts_with('[') {
        serde_json::from_str(text).map_err(broken)?
    } else if let Ok(document) = serde_json::from_str::<Document>(text) {
        document.annotations
    } else {
        let lines: Result<Vec<Incoming>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
        lines.map_err(broken)?
    };
    Ok(Incomings { entries, ..Incomings::default() })
}
