//! Annotations and codebooks to and from other programs: one file a format.
//!
//! [`FORMATS`] is the one table of formats: the command line, the reader's export dialog, the help
//! and the README are made out of it. A format writes a [`Collection`], which knows the speeches,
//! the annotations as [`Entry`]s in the chosen order, and the codebook; it decides nothing about
//! what is exported.

mod brat;
mod codebook;
mod collection;
mod csv;
mod destination;
mod docx;
mod entry;
mod html;
pub mod incoming;
mod json;
mod markdown;
mod markup;
pub mod placing;
mod qdpx;
mod ron;
mod web_annotation;
mod xlsx;

pub use codebook::CODEBOOKS;
pub use collection::{Collected, Collection, Filter, Order};
pub use destination::{Destination, DestinationError};
pub use entry::Entry;

use std::io::{self, Write};

/// Writes a collection in a format.
pub type Writer = fn(&Collection, Options, &mut dyn Write) -> io::Result<()>;

/// A format that annotations are written to or read from.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// The extension of its files, without a dot.
    pub extension: &'static str,
    /// Its media type.
    pub media: &'static str,
    /// What it is good for, in one English line; the locale has it in every language under
    /// `format-` and the name.
    pub doc: &'static str,
    /// Writes annotations; `None` where the format is only read.
    pub write: Option<Writer>,
}

/// What only some formats heed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// CSV: with a byte order mark and CRLF, as Excel wants it.
    pub excel: bool,
}

/// All formats.
pub const FORMATS: &[Format] = &[
    markdown::FORMAT,
    html::FORMAT,
    docx::QUOTES,
    docx::COMMENTS,
    csv::FORMAT,
    xlsx::FORMAT,
    json::FORMAT,
    json::LINES,
    ron::FORMAT,
    web_annotation::FORMAT,
    qdpx::PROJECT,
    brat::FORMAT,
    qdpx::CODEBOOK,
    qdpx::TAGUETTE,
];

impl Format {
    /// Whether its files are text.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.media.starts_with("text/") || self.media.contains("json") || self.media.ends_with("xml")
    }

    /// The format of that name or extension.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name).or_else(|| FORMATS.iter().find(|format| format.extension == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for format in FORMATS {
            assert_eq!(Format::find(format.name).map(|found| found.name), Some(format.name));
            assert!(Format::find(format.extension).is_some());
            assert!(!format.doc.is_empty() && format.media.contains('/'));
        }
        let mut names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FORMATS.len());
        assert!(Format::find("word-perfect").is_none());
    }
}
