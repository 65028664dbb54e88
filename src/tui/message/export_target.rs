//! Where an export is written.

use std::path::PathBuf;

/// What is exported to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// The annotations of the open speech, in the format with this index in the table of formats.
    Annotations(usize),
    /// Passages under a tag.
    Passages,
    /// A table of counts.
    Counts,
    /// A basket.
    Basket,
}

/// The file that an export is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExportTarget {
    /// What is exported.
    pub kind: ExportKind,
    /// The file.
    pub path: PathBuf,
    /// Whether it may be replaced.
    pub overwrite: bool,
}
