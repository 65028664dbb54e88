//! Constants shared by the files of the store.

use std::time::Duration;

/// The schema version written by this program.
pub(super) const SCHEMA_VERSION: u32 = 2;
/// The first schema version in which tags have ids.
pub(super) const TAG_ID_VERSION: u32 = 2;
/// Name of the file of the project's records in the store's folder.
pub(super) const PROJECT_FILE: &str = "project.ron";
/// Name of the codebook's file in the store's folder.
pub(super) const CODEBOOK_FILE: &str = "codebook.ron";
/// How long another program may take to write a file.
pub(super) const WRITE_SETTLE_DELAY: Duration = Duration::from_millis(150);
