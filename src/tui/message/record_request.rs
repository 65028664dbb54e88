//! A change of what is known of the open speech beside its annotations.

use super::StatusMessage;
use crate::locale::notice;
use pizhu_annotation::RecordSet;

/// A change of the records of the open speech.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordRequest {
    /// The author is done with the speech, or is not after all.
    Done(bool),
    /// Sets an attribute; an empty value says that there is none.
    SetAttribute {
        /// Its name.
        key: String,
        /// Its value.
        value: String,
    },
    /// Takes back what was set; what was found in the text counts again.
    UnsetAttribute {
        /// Its name.
        key: String,
    },
}

impl RecordRequest {
    /// Changes the records, by `author`.
    pub(in crate::tui) fn apply(&self, records: &mut RecordSet, author: &str) {
        match self {
            Self::Done(done) => _ = records.set_done(author, *done),
            Self::SetAttribute { key, value } => records.set_attribute(key, author, value),
            Self::UnsetAttribute { key } => _ = records.unset_attribute(key),
        }
    }

    /// The message that it was done.
    #[must_use]
    pub(in crate::tui) fn done_message(&self) -> StatusMessage {
        match self {
            Self::Done(true) => StatusMessage::done(notice::SPEECH_DONE),
            Self::Done(false) => StatusMessage::done(notice::SPEECH_NOT_DONE),
            Self::SetAttribute { key, value } => StatusMessage::done(notice::ATTRIBUTE_SET).with("attribute", key).with("value", value),
            Self::UnsetAttribute { key } => StatusMessage::done(notice::ATTRIBUTE_UNSET).with("attribute", key),
        }
    }
}
