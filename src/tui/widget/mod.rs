//! The pieces every screen is put together of.
//!
//! A widget is a state without any knowledge of speeches or tags, and a pure `draw` onto a
//! buffer that changes nothing. Widths are cells as this terminal draws them ([`Look::ambiguous`]);
//! frames and signs are only such as take one cell in every terminal.

mod edit;
mod line_input;
mod list;
pub mod paint;
mod picker;
mod popup;
mod text_area;
mod tree;

pub use edit::Edit;
pub use line_input::LineInput;
pub use list::{List, draw_list, draw_scroll_bar};
pub use paint::{Label, Look};
pub use picker::{Choice, Picker, PickerItem};
pub use popup::{Popup, fitting, inside, place};
pub use text_area::TextArea;
pub use tree::{Tree, TreeRow, draw_tree};
