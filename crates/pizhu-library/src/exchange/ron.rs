//! RON: what JSON carries, in the notation of the store.

use super::{
    Collection, Entry, Format, Options, codebook,
    incoming::{ImportError, Incoming, Incomings},
    json,
};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// RON.
pub(super) const FORMAT: Format = Format {
    name: "ron",
    extension: "ron",
    media: "text/ron",
    doc: "everything, in Rust's own notation, one entry a block",
    write,
    reads: true,
};

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    annotations: Vec<&'a Entry>,
}

#[derive(Deserialize)]
#[serde(rename = "Written")]
struct Read {
    #[serde(rename = "version")]
    _version: u32,
    annotations: Vec<Incoming>,
}

fn write(collection: &Collection, _: Options, out: &mut dyn Write) -> io::Result<()> {
    let value = Written { version: json::VERSION, annotations: json::entries(collection) };
    let text = options().to_string_pretty(&value, ::ron::ser::PrettyConfig::default()).map_err(io::Error::other)?;
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")
}

/// `None` is left out and a value stands by itself.
fn options() -> ::ron::Options {
    ::ron::Options::default().with_default_extension(::ron::extensions::Extensions::IMPLICIT_SOME)
}

/// Reads annotations in RON, or a store's codebook.
pub(super) fn read(text: &str) -> Result<Incomings, ImportError> {
    match options().from_str::<Read>(text) {
        Ok(read) => Ok(Incomings { entries: read.annotations, ..Incomings::default() }),
        // What is wrong with a file of annotations is told of those.
        Err(error) => codebook::read_ron(text, &options()).map_err(|_| ImportError::Broken(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Order;
    use crate::exchange::fixture;

    #[test]
    fn what_is_written_is_read_and_a_codebook_too() {
        let read = read(&fixture::text(FORMAT, Order::Place)).unwrap();
        assert_eq!(read.entries.len(), 4);
        let long = read.entries.iter().find(|entry| entry.start == Some(19)).unwrap();
        assert_eq!((long.end, long.note.as_str(), long.tags.len()), (Some(31), "=1+1\n第二行 & <b>", 2));
        assert!(read.entries.iter().any(|entry| entry.start.is_none() && entry.marked.is_some()), "what is gone says how it was marked");
        let book = super::read("(version: 1, tags: [(name: \"引才\", parent: \"人才\"), (name: \"人才\")])").unwrap();
        assert_eq!(book.tags.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["人才", "引才"], "a parent first");
        assert!(matches!(super::read("(version: 1, annotations: 3)"), Err(ImportError::Broken(_))));
    }
}
