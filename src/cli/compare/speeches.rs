//! Two speeches with their comparison.

use pizhu_library::compare::SpeechComparison;
use pizhu_text::document::Document;
use std::sync::Arc;

/// Two speeches with their comparison.
pub(super) struct ComparedSpeeches {
    /// The files as they were named.
    pub(super) names: [String; 2],
    pub(super) documents: [Arc<Document>; 2],
    pub(super) comparison: SpeechComparison,
}
