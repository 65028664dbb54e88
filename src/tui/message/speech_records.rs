//! What is known of the open speech beside its annotations.

use pizhu_annotation::RecordSet;

/// What is known of the open speech beside its annotations.
#[derive(Debug, Clone, Default)]
pub struct SpeechRecords {
    /// The records.
    pub records: RecordSet,
    /// Whether the author has declared the speech done.
    pub is_done: bool,
    /// Whether the marks of others are hidden until then.
    pub hides_others: bool,
}
