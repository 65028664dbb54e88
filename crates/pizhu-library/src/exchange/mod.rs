//! Annotations and codebooks to and from other programs: one file a format.
//!
//! [`FORMATS`] is the one table of formats: the command line, the reader's export dialog, the help
//! and the README are made out of it. A format writes a [`Collection`], which knows the speeches,
//! the annotations as [`Entry`]s in the chosen order, and the codebook; it decides nothing about
//! what is exported.

mod brat;
mod codebook;
mod collection;
pub mod counts;
mod csv;
mod destination;
mod docx;
mod entry;
#[cfg(test)]
mod fixture;
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

use std::{
    io::{self, Write},
    path::Path,
};

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
    /// Writes annotations.
    pub write: Writer,
    /// Whether [`incoming::read`] takes what `write` gives.
    pub reads: bool,
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

    /// The format of files called so, by the longest extension that fits.
    #[must_use]
    pub fn of_file(path: &Path) -> Option<&'static Self> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let fits = |format: &&Self| name.strip_suffix(format.extension).is_some_and(|stem| stem.ends_with('.'));
        FORMATS.iter().filter(fits).max_by_key(|format| format.extension.len())
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
        let of = |name: &str| Format::of_file(Path::new(name)).map(|format| format.name);
        assert_eq!(
            [of("a/批注.CSV"), of("a.comments.docx"), of("a.b.docx"), of("codebook.csv")].map(Option::unwrap_or_default),
            ["csv", "docx-comments", "docx", "csv"]
        );
        assert_eq!((of("csv"), of("a.pages"), of("-")), (None, None, None));
    }
}
