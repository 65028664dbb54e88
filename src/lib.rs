//! pizhu (批注): reads long Chinese speeches in a terminal, and annotates them.
//!
//! Data flows one way: bytes → decode → clean → section tree → layout → view; and
//! key → keymap → command → update → effects → draw. A part uses only the parts named here
//! (`tests/architecture.rs` reads every `use crate::` line against this table):
//!
//! | part | may use |
//! |---|---|
//! | text, settings, locale | nothing of ours |
//! | document | text |
//! | source | text, document |
//! | layout, annotation, search | text, document; never each other |
//! | library | text, document, source, annotation, search |
//! | exchange | text, document, annotation, library, settings, locale |
//! | tui | all above |
//! | cli, main | everything |
//!
//! Only `tui` and `main.rs` name ratatui or crossterm.

pub mod cli;
pub mod locale;
pub mod samples;
pub mod settings;
pub mod tui;
