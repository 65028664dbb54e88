//! The library: the list of speeches.

mod component;
pub(in crate::tui) mod screen;
mod update;
pub(in crate::tui) mod view;
