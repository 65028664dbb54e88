//! The picker of an export format.

use crate::tui::widget::Picker;

/// The picker of an export format.
#[derive(Debug)]
pub struct FormatPicker {
    /// The formats; item n is [`pizhu_library::exchange::FORMATS`]`[n]`.
    pub picker: Picker,
}
