//! A cache of the speech records at the head of the files.

use super::speech_file::SpeechRecord;
use crate::storage::FileFingerprint;
use std::{collections::HashMap, path::PathBuf, sync::Arc};

/// A file with its speech record; `None` if the record is unreadable or absent.
pub(super) type FileHeader = (PathBuf, Option<Arc<SpeechRecord>>);

/// Cache of the files' headers, valid while a file's fingerprint is unchanged.
#[derive(Debug, Default)]
pub(super) struct HeaderCache {
    pub(super) headers: HashMap<PathBuf, (FileFingerprint, Option<Arc<SpeechRecord>>)>,
    /// Copies of the codebook that a sync program left beside it.
    pub(super) codebooks: Vec<PathBuf>,
}
