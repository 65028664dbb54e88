//! The widgets that screens are composed of.
//!
//! A widget is a state that knows nothing of speeches or tags, and a `draw` onto a buffer that
//! changes nothing. Widths are in cells as the terminal draws them ([`StyleContext::ambiguous`]);
//! frames and signs take one cell in every terminal.

mod edit;
mod label;
mod line_input;
mod list;
mod picker;
mod popup;
mod text_area;
mod tree;
mod wrap;

pub(crate) use edit::TextEdit;
pub(crate) use label::Label;
pub use label::StyleContext;
pub(crate) use line_input::LineInput;
pub(crate) use list::{ListState, draw_list, draw_scroll_bar};
pub(in crate::tui) use picker::{Picker, PickerChoice, PickerItem};
pub(crate) use popup::{Popup, centered, fit_hint, inner_area};
pub(in crate::tui) use text_area::TextArea;
pub(crate) use tree::{TreeRow, TreeState};
pub(crate) use wrap::{wrap_paragraph, wrap_pieces};
