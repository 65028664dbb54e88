//! Two texts side by side.

mod component;
pub(in crate::tui) mod screen;
mod update;
pub(in crate::tui) mod view;
