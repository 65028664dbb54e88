//! What a run tells of its speeches once, however many of them it concerns: copies, likenesses, and
//! what a store lacks.

use super::error;
use crate::locale::{Locale, id};
use pizhu_annotation::StoreWarning;
use std::path::Path;

/// Warnings kept for the end of a run.
#[derive(Default)]
pub(super) struct SpeechNotices {
    shared: Vec<StoreWarning>,
    proposed: Vec<StoreWarning>,
    lacking: Vec<StoreWarning>,
    /// Number of files that a store no longer has.
    pub(super) lost_files: usize,
}

impl SpeechNotices {
    /// Keeps a warning; gives one back that is to be printed at once.
    pub(super) fn keep(&mut self, warning: StoreWarning) -> Option<StoreWarning> {
        let kept = match &warning {
            StoreWarning::Shared { .. } => &mut self.shared,
            StoreWarning::Proposed { .. } => &mut self.proposed,
            StoreWarning::Lacking { .. } => &mut self.lacking,
            _ => return Some(warning),
        };
        kept.push(warning);
        None
    }

    /// Whether it is told that this file of the store lacks annotations.
    pub(super) fn has_told_lacking(&self, file: &Path) -> bool {
        self.lacking.iter().any(|warning| matches!(warning, StoreWarning::Lacking { path, .. } if path == file))
    }

    /// Drops the proposals: the command lists them.
    pub(super) fn forget_proposals(&mut self) {
        self.proposed.clear();
    }

    /// One line for each kind.
    pub(super) fn lines(&self, locale: Locale) -> Vec<String> {
        let mut lines = Vec::new();
        for (kept, id) in [
            (&self.shared, id::WARNING_SHARED_SEVERAL),
            (&self.proposed, id::WARNING_PROPOSED_SEVERAL),
            (&self.lacking, id::WARNING_LACKING_SEVERAL),
        ] {
            match kept.as_slice() {
                [] => {}
                [one] => lines.push(error::store_warning(one, locale)),
                [first, ..] => lines.push(error::several_speeches(id, first, kept.len(), locale)),
            }
        }
        if self.lost_files > 0 {
            lines.push(locale.format(id::WARNING_LOST_FILES, &[("count", self.lost_files.into())]));
        }
        lines
    }
}
