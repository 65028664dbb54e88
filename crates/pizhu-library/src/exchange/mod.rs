//! Export and import of annotations and codebooks: one module per format.
//!
//! [`FORMATS`] is the only table of formats; the command line, the export dialog, the help and the
//! README are generated from it. A format writes a [`Collection`]: speeches, their annotations as
//! [`ExportEntry`]s in the chosen order, and the codebook. It does not decide what is exported.

mod attribute_table;
mod brat;
mod codebook;
mod collection;
pub mod counts;
mod csv;
mod destination;
mod docx;
mod export_entry;
mod file_identity;
#[cfg(test)]
pub(crate) mod fixture;
mod format;
mod html;
pub mod import;
mod import_entry;
pub mod import_resolver;
mod iramuteq;
mod json;
mod markdown;
mod markup;
mod qdpx;
mod quotations;
mod record_part;
mod ron;
mod spans;
mod spreadsheet;
mod tag_record;
mod tei;
mod web_annotation;
mod xlsx;

pub(crate) use docx::parts as docx_parts;
#[cfg(test)]
pub(crate) use fixture::zip_entry as zip_part;
pub(crate) use markdown::escape as escape_markdown;

pub use attribute_table::{AttributeRow, AttributeTable, TableError};
pub use collection::{Collection, ExportFilter, ExportOrder, ExportSpeech, SpeechRecords};
pub use destination::{Destination, DestinationError};
pub use export_entry::ExportEntry;
pub use format::{ExportOptions, Format, ReadFn, WriteFn};
pub(crate) use markup::escape_xml;

use std::path::Path;

/// All formats.
///
/// ```
/// use pizhu_library::exchange::FORMATS;
///
/// let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
/// assert!(names.contains(&"json") && names.contains(&"qdpx"));
/// ```
pub const FORMATS: &[Format] = &[
    markdown::FORMAT,
    html::FORMAT,
    docx::QUOTES,
    docx::COMMENTS,
    csv::FORMAT,
    quotations::FORMAT,
    xlsx::FORMAT,
    json::FORMAT,
    json::LINES,
    ron::FORMAT,
    web_annotation::FORMAT,
    qdpx::PROJECT,
    brat::FORMAT,
    spans::CONLL,
    spans::SPANS,
    tei::FORMAT,
    iramuteq::FORMAT,
    qdpx::CODEBOOK,
    qdpx::TAGUETTE,
];

/// Formats of a codebook alone. The first is the only lossless one.
pub const CODEBOOKS: &[Format] = &[codebook::TABLE, qdpx::CODEBOOK, qdpx::TAGUETTE];

impl Format {
    /// The format of a file by its name; the longest matching extension wins.
    ///
    /// ```
    /// use pizhu_library::exchange::Format;
    /// use std::path::Path;
    ///
    /// let name = |path: &str| Format::from_path(Path::new(path)).map(|format| format.name);
    /// assert_eq!(name("批注.docx"), Some("docx"));
    /// assert_eq!(name("批注.comments.docx"), Some("docx-comments"));
    /// assert_eq!(name("批注.pages"), None);
    /// ```
    #[must_use]
    pub fn from_path(path: &Path) -> Option<&'static Self> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let fits = |format: &&Self| name.strip_suffix(format.extension).is_some_and(|stem| stem.ends_with('.'));
        FORMATS.iter().filter(fits).max_by_key(|format| format.extension.len())
    }

    /// The format with this name or, failing that, this extension.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name).or_else(|| FORMATS.iter().find(|format| format.extension == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_names_are_unique_and_findable() {
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
        let of = |name: &str| Format::from_path(Path::new(name)).map(|format| format.name);
        assert_eq!(
            [of("a/批注.CSV"), of("a.comments.docx"), of("a.b.docx"), of("codebook.csv")].map(Option::unwrap_or_default),
            ["csv", "docx-comments", "docx", "csv"]
        );
        assert_eq!((of("csv"), of("a.pages"), of("-")), (None, None, None));
    }
}
