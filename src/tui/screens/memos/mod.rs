//! The memos screen: all memos of a store in one list, read, written and deleted there.

mod component;
pub(in crate::tui) mod commands;
pub(in crate::tui) mod jobs;
pub(in crate::tui) mod message;
pub(in crate::tui) mod screen;
mod update;
pub(in crate::tui) mod view;

#[cfg(test)]
mod tests;
