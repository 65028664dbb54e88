//! The picker of an export format.

mod component;
mod update;

use crate::tui::widget::Picker;

/// The picker of an export format.
#[derive(Debug)]
pub(in crate::tui) struct FormatPicker {
    /// The formats; item n is [`pizhu_library::exchange::FORMATS`]`[n]`.
    pub picker: Picker,
}
