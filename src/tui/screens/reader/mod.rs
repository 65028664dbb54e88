//! The reader: one speech, its outline, its annotations and its margin.

pub(in crate::tui) mod component;
pub(in crate::tui) mod annotations;
pub(in crate::tui) mod margin;
pub(in crate::tui) mod outline;
pub(in crate::tui) mod outline_view;
pub(in crate::tui) mod screen;
pub(in crate::tui) mod search;
pub(in crate::tui) mod selection;
pub(in crate::tui) mod text_unit;
pub(in crate::tui) mod view;
