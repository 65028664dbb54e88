//! The introduction: how to read, tag and export, in six lines.

mod component;
pub(in crate::tui) mod view;

/// The introduction.
#[derive(Debug)]
pub(in crate::tui) struct Welcome;
