//! The memos screen: all memos of a store in one list, read, written and deleted there.

pub(super) mod commands;
pub(super) mod jobs;
pub(super) mod message;
pub(super) mod screen;
mod update;
pub(super) mod view;

#[cfg(test)]
mod tests;
