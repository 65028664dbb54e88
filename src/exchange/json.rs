//! JSON: one document with a version, or one line an annotation. Carries everything.

use super::{Collection, Entry, Format, Options};
use serde::Serialize;
use std::io::{self, Write};

/// The version that stands at the top.
const VERSION: u32 = 1;

/// One JSON document.
pub(super) const FORMAT: Format = Format {
    name: "json",
    extension: "json",
    media: "application/json",
    doc: "everything, for programs and for importing again",
    write: Some(write),
};

/// JSON Lines.
pub(super) const LINES: Format = Format {
    name: "jsonl",
    extension: "jsonl",
    media: "application/jsonl",
    doc: "everything, one annotation a line, for streams and data frames",
    write: Some(write_lines),
};

#[derive(Serialize)]
struct Annotations<'a> {
    version: u32,
    annotations: Vec<&'a Entry>,
}

/// The annotations in order, each once.
fn entries(collection: &Collection) -> Vec<&Entry> {
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
