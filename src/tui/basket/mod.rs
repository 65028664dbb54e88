//! The basket screen (素材): passages of any speeches in the user's order, with headings and words
//! between them; its state, its updates, its view, and the thread that works for it.

pub(super) mod jobs;
pub(super) mod screen;
mod update;
pub(super) mod view;

#[cfg(test)]
mod tests;
