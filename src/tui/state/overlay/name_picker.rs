//! The list of names: tags and speeches, to read or compare.

use crate::locale::{MessageId, id};
use crate::tui::message::CompareSide;
use crate::tui::widget::Picker;

/// What a name is picked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) enum NamePurpose {
    /// Reading all under a tag.
    ReadTag,
    /// Comparing: with this side, or two that are picked one after the other.
    Compare(Option<(CompareSide, String)>),
}

/// A picker of names.
#[derive(Debug)]
pub struct NamePicker {
    /// The entries.
    pub picker: Picker,
    /// What they stand for, in the order of the entries.
    pub(in crate::tui) names: Vec<CompareSide>,
    /// What a name is picked for.
    pub(in crate::tui) purpose: NamePurpose,
}

impl NamePicker {
    /// Id and argument of the title's message.
    #[must_use]
    pub(in crate::tui) fn title(&self) -> (MessageId, Option<&str>) {
        match &self.purpose {
            NamePurpose::ReadTag => (id::PROMPT_READ_TAG, None),
            NamePurpose::Compare(None) => (id::PROMPT_BESIDE, None),
            NamePurpose::Compare(Some((_, title))) => (id::PROMPT_BESIDE_WITH, Some(title)),
        }
    }

    /// Id of the hint's message.
    #[must_use]
    pub(in crate::tui) fn hint(&self) -> MessageId {
        if self.purpose == NamePurpose::ReadTag { id::CHOOSE_HINT } else { id::BESIDE_PICK_HINT }
    }
}
