//! The list of names: tags and speeches, to read or compare.

mod component;
mod update;

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
pub(in crate::tui) struct NamePicker {
    /// The entries.
    pub picker: Picker,
    /// What they stand for, in the order of the entries.
    pub(in crate::tui) names: Vec<CompareSide>,
    /// What a name is picked for.
    pub(in crate::tui) purpose: NamePurpose,
}
