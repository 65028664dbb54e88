//! What is imported, and how its speeches are read.

use crate::app::{open::open_speech, stores::StoreFinder};
use pizhu_annotation::Store;
use pizhu_library::exchange::import::ImportBatch;
use pizhu_library::source::{ReadOptions, SourceError, Speech};
use std::path::{Path, PathBuf};

/// What is imported, and where.
pub(crate) struct ImportRequest<'a> {
    /// The file; names in it may be relative to its folder.
    pub(crate) file: &'a Path,
    /// What the file holds.
    pub(crate) batch: &'a ImportBatch,
    /// The store that it is imported into.
    pub(crate) store: &'a Store,
    /// Speeches that the annotations may belong to, beside those that the store knows.
    pub(crate) candidates: &'a [PathBuf],
    /// The folder for the texts of a project that none of the speeches has; existing files are never replaced.
    /// Without it, a folder beside the file, with its name.
    pub(crate) texts: Option<&'a Path>,
    /// The author of what names none.
    pub(crate) author: &'a str,
}

/// What an import is doing.
pub(crate) enum ImportStep<'a> {
    /// Work on this number of speeches begins.
    Begun(usize),
    /// One of them is done.
    Advanced,
    /// A speech was read.
    Opened(&'a Speech),
}

/// Reads the speeches that an import is about.
pub(super) struct SpeechReader<'a> {
    pub(super) stores: &'a StoreFinder,
    pub(super) options: ReadOptions,
    pub(super) sink: &'a mut dyn FnMut(ImportStep<'_>),
}

impl SpeechReader<'_> {
    /// Opens a speech.
    pub(super) fn open(&mut self, path: &Path) -> Result<Speech, SourceError> {
        let speech = open_speech(path, self.options, self.stores)?.speech;
        (self.sink)(ImportStep::Opened(&speech));
        Ok(speech)
    }
}
