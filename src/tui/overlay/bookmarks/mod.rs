//! The picker of bookmarks and marks.

mod component;
mod update;

use crate::tui::widget::Picker;

/// The picker of bookmarks.
#[derive(Debug)]
pub(in crate::tui) struct BookmarkPicker {
    /// The bookmarks, in text order.
    pub picker: Picker,
}
