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
