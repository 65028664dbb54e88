//! The reader in the terminal; the only part that names ratatui or crossterm.

pub mod theme;
pub mod widget;
