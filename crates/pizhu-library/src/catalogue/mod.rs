//! The catalogue: the speeches under some folders, with title, date and size.
//!
//! A scan runs on its own threads and reports in batches, first the files, sorted within their
//! folder, then what was read in them. Facts are cached in one file per set of roots, and are valid
//! as long as a file's size and modification time are, so a second scan reads only the folders.
//!
//! Hidden files and folders (`.pizhu` among them) and what a `.gitignore` names are skipped; links
//! to folders are not followed.

mod cache;
mod entry;
mod scan;

pub use cache::first_entries;
pub use entry::{CatalogueEntry, Facts};
pub use scan::{Scan, ScanEvent, ScanSummary};
