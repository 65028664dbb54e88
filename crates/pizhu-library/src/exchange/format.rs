//! The description of a format, and the options of an export.

use super::{
    collection::Collection,
    import_entry::{ImportBatch, ImportError},
};
use std::io::{self, Write};

/// Writes a collection in a format.
pub type WriteFn = fn(&Collection, ExportOptions, &mut dyn Write) -> io::Result<()>;

/// Reads the contents of a file, without a byte order mark.
pub type ReadFn = fn(&[u8]) -> Result<ImportBatch, ImportError>;

/// A file format of annotations or codebooks.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Name on the command line.
    pub name: &'static str,
    /// File extension without the dot; may have two parts (`comments.docx`).
    pub extension: &'static str,
    /// Media type.
    pub media: &'static str,
    /// Purpose in one English line. The locale has a translation under `format-` and the name.
    pub doc: &'static str,
    /// Writes a collection.
    pub write: WriteFn,
    /// Reads what `write` writes; `None` for formats that are only exported.
    pub read: Option<ReadFn>,
}

/// Export options that only some formats use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExportOptions {
    /// CSV with a byte order mark and CRLF, for Excel.
    pub excel: bool,
}

impl Format {
    /// Whether the files are text, not binary.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.media.starts_with("text/") || self.media.contains("json") || self.media.ends_with("xml")
    }

    /// Whether a file is a sequence of records, so that what two collections give can be joined.
    #[must_use]
    pub fn is_records(&self) -> bool {
        self.media == "application/jsonl"
    }

    /// Whether files of the format can be imported.
    #[must_use]
    pub fn can_import(&self) -> bool {
        self.read.is_some()
    }
}
