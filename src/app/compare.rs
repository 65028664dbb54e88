//! Comparing two speeches.

use pizhu_library::compare::SpeechComparison;
use pizhu_text::document::Document;
use std::{path::PathBuf, sync::Arc};

/// Two speeches with their comparison.
#[derive(Debug, Clone)]
pub struct ComparedSpeeches {
    /// Their files.
    pub paths: [PathBuf; 2],
    /// Text and sections of each.
    pub documents: [Arc<Document>; 2],
    /// What became of the sections of the first.
    pub comparison: SpeechComparison,
}

impl ComparedSpeeches {
    /// Compares two speeches.
    #[must_use]
    pub(crate) fn new([one, other]: [(PathBuf, Arc<Document>); 2]) -> Self {
        let comparison = SpeechComparison::new(&one.1, &other.1);
        Self { paths: [one.0, other.0], documents: [one.1, other.1], comparison }
    }
}
