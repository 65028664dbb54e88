//! Results of a query over many speeches.

mod component;
pub(in crate::tui) mod passage_layout;
pub(in crate::tui) mod screen;
mod update;
pub(in crate::tui) mod view;
