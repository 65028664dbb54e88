//! The terminal reader; the only part that names ratatui or crossterm.
//!
//! Data flow (Elm style): key → keymap → command → [`state`], which returns [`effect`]s. Effects
//! run off the drawing thread and report back as events. Drawing reads the state and never
//! changes it.

mod annotation_controller;
mod background_jobs;
mod codebook_jobs;
pub(crate) mod command;
pub(crate) mod crash;
mod draft;
pub(crate) mod effect;
mod event_sink;
mod external;
mod file_watcher;
mod import_jobs;
pub(crate) mod key;
mod library_query;
pub(crate) mod message;
#[cfg(test)]
mod monkey_test;
pub(crate) mod overlay;
mod preview;
mod result_rows;
mod run;
pub(crate) mod screens;
pub(crate) mod state;
mod store_access;
#[cfg(test)]
mod test_harness;
pub(crate) mod theme;
mod undo_message;
pub(crate) mod update;
pub(crate) mod view;
pub(crate) mod viewport;
pub(crate) mod widget;

pub(crate) use run::{TuiError, TuiOptions, run};
