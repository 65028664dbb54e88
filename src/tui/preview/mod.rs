//! The preview beside the library: outline with its tags, first lines, number of notes. It is made on
//! a thread of its own, the newest request first, and kept for a while.

pub(super) mod jobs;
pub(super) mod pane;
mod update;
pub(super) mod view;

#[cfg(test)]
mod tests;
