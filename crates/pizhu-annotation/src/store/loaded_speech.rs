//! What is stored of one speech, as it was loaded.

use super::{
    speech_file::{ReadOutcome, SpeechRecord},
    warning::StoreWarning,
};
use crate::merge::{AnnotationEntry, EntryMap};
use crate::model::Annotation;
use crate::record::{Record, RecordSet};
use crate::selector::Selector;
use crate::storage::FileFingerprint;
use std::{path::PathBuf, sync::Arc};

/// The stored annotations of one speech.
#[derive(Debug, Clone, Default)]
pub struct LoadedSpeech {
    /// The entries, with the tags' present names.
    pub entries: EntryMap,
    /// The files they were read from, the main one first; empty if nothing is saved yet.
    pub files: Vec<(PathBuf, FileFingerprint)>,
    /// Warnings met while reading.
    pub warnings: Vec<StoreWarning>,
    /// The record of the speech.
    pub(super) record: Option<SpeechRecord>,
    /// What else is known of the speech.
    pub(super) records: RecordSet,
    /// Content of the main file.
    pub(super) bytes: Vec<u8>,
    /// How each file was read.
    pub(super) outcomes: Vec<ReadOutcome>,
}

impl LoadedSpeech {
    /// The existing annotations, without those that have no tag left: theirs were all deleted.
    pub fn annotations(&self) -> impl Iterator<Item = Arc<Annotation>> {
        let existing = self.entries.values().filter_map(AnnotationEntry::annotation);
        existing.filter(|annotation| !annotation.is_blank()).cloned().map(Arc::new)
    }

    /// Those of [`Self::annotations`] that an author who codes blind sees.
    pub(super) fn visible_annotations(&self, blind: Option<&str>) -> impl Iterator<Item = Arc<Annotation>> {
        let only = blind.filter(|author| !self.records.is_done(author)).map(str::to_owned);
        self.annotations().filter(move |annotation| only.as_ref().is_none_or(|author| *author == annotation.author))
    }

    /// The selectors of the outline edits.
    pub(crate) fn outline_edits(&self) -> impl Iterator<Item = (&Selector, Option<&Selector>)> {
        self.records.records().values().filter_map(|entry| match &entry.record {
            Record::OutlineEdit { at, stretch, .. } => Some((at, stretch.as_deref())),
            _ => None,
        })
    }

    /// What else is known of the speech.
    #[must_use]
    pub fn records(&self) -> &RecordSet {
        &self.records
    }

    /// The record of the speech; `None` if nothing is saved yet.
    #[must_use]
    pub fn record(&self) -> Option<&SpeechRecord> {
        self.record.as_ref()
    }
}
