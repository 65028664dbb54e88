//! The picker of bookmarks and marks.

use crate::tui::widget::Picker;

/// The picker of bookmarks.
#[derive(Debug)]
pub struct BookmarkPicker {
    /// The bookmarks, in text order.
    pub picker: Picker,
}
