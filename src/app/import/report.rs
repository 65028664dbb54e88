//! What an import has done.

use crate::app::error::UseCaseError;
use pizhu_annotation::AnnotationId;
use pizhu_library::exchange::import::ImportEntry;
use pizhu_library::exchange::import_resolver::ResolveError;
use std::collections::BTreeMap;

/// What an import has done.
#[derive(Debug, Default)]
pub(crate) struct ImportReport {
    pub(crate) created: usize,
    pub(crate) merged: usize,
    pub(crate) review: usize,
    /// Names of the new tags.
    pub(crate) tags: Vec<String>,
    pub(crate) to_review: Vec<ReviewEntry>,
    pub(crate) failed: Vec<FailedEntry>,
    /// The files that texts of the project were written to.
    pub(crate) texts: Vec<String>,
    /// Number of attributes and other records of speeches that were set or added.
    pub(crate) records: usize,
    /// Number of memos, types and other records of the project that were added.
    pub(crate) project: usize,
    /// What the file holds and was not kept, by kind.
    pub(crate) lost: BTreeMap<&'static str, usize>,
    /// Why speeches cannot be read or written.
    pub(crate) speech_errors: Vec<UseCaseError>,
}

/// An imported entry that needs review.
#[derive(Debug, serde::Serialize)]
pub(crate) struct ReviewEntry {
    /// Number of the entry in the file, from 1.
    pub(crate) entry: usize,
    pub(crate) id: AnnotationId,
    pub(crate) document: String,
    pub(crate) quote: String,
}

/// An entry that could not be imported.
#[derive(Debug)]
pub(crate) struct FailedEntry {
    /// Number of the entry in the file, from 1; 0 for what is known of a speech beside its annotations.
    pub(crate) entry: usize,
    pub(crate) document: String,
    pub(crate) reason: ImportFailure,
}

/// Why an entry could not be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ImportFailure {
    #[error("no such speech")]
    NoSpeech,
    #[error(transparent)]
    Placing(#[from] ResolveError),
    /// The speech cannot be read, or its annotations not be written: the index in
    /// [`ImportReport::speech_errors`].
    #[error("error {0} of a speech")]
    Speech(usize),
}

/// An entry with its number in the file, from 0.
pub(super) type NumberedEntry<'a> = (usize, &'a ImportEntry);

impl ImportReport {
    /// Keeps an error of a speech.
    pub(super) fn speech_failure(&mut self, error: UseCaseError) -> ImportFailure {
        self.speech_errors.push(error);
        ImportFailure::Speech(self.speech_errors.len() - 1)
    }

    /// Notes that a speech cannot be read or written.
    pub(super) fn fail_all(&mut self, entries: &[NumberedEntry<'_>], error: UseCaseError) {
        let reason = self.speech_failure(error);
        for (index, entry) in entries {
            self.fail(*index, entry, reason.clone());
        }
    }

    pub(super) fn fail(&mut self, index: usize, entry: &ImportEntry, reason: ImportFailure) {
        self.failed.push(FailedEntry { entry: index + 1, document: entry.document.clone(), reason });
    }
}
