//! The store of a speech or folder as background jobs work on it: what is not saved yet is saved first.

use super::library_query::FLUSH_TIMEOUT;
use pizhu_annotation::{Store, StoreError, StoreLocation, StoreWriter};
use std::path::PathBuf;

/// Which store a job works on.
pub(in crate::tui) struct StoreAccess {
    /// The speech or folder whose store is meant.
    pub(in crate::tui) near: Option<PathBuf>,
    /// The store given on the command line.
    pub(in crate::tui) given: Option<PathBuf>,
    /// The thread that writes to a store, with the store's location.
    pub(in crate::tui) writer: Option<(StoreLocation, StoreWriter)>,
}

impl StoreAccess {
    /// The store, and the thread that writes to it, if there is one.
    pub(in crate::tui) fn open(&self) -> Result<(Store, Option<&StoreWriter>), StoreError> {
        let store = Store::find(self.near.as_deref(), self.given.as_deref())?;
        let writer = self.writer.as_ref().filter(|(location, _)| location == store.location()).map(|(_, writer)| writer);
        if let Some(writer) = writer {
            // A failure to save was reported by the writer; what is in the store is read.
            let _ = writer.flush(FLUSH_TIMEOUT);
        }
        Ok((store, writer))
    }
}
