//! The preview beside the library: outline with its tags, first lines, number of notes. It is made on
//! a thread of its own, the newest request first, and kept for a while.

pub(super) mod jobs;
pub(super) mod pane;
mod update;
pub(super) mod view;

/// Chars read in a minute, by which the reading time is told.
pub(super) const CHARS_A_MINUTE: usize = 300;

#[cfg(test)]
mod tests;
