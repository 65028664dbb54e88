//! The basket screen (素材): passages of any speeches in the user's order, with headings and words
//! between them; its state, its updates, its view, and the thread that works for it.

mod component;
pub(in crate::tui) mod jobs;
pub(in crate::tui) mod screen;
mod update;
pub(in crate::tui) mod view;

#[cfg(test)]
mod tests;
