//! The reader in the terminal; the only part that names ratatui or crossterm.
//!
//! Key → keymap → command → state, which hands on effects; effects are done off the drawing
//! thread and answer with events; drawing reads the state and changes nothing.

pub mod command;
pub mod crash;
mod desk;
pub mod effect;
mod finder;
mod inquiry;
mod outside;
mod run;
#[cfg(test)]
mod scene;
pub mod state;
pub mod terminal;
pub mod theme;
pub mod update;
pub mod view;
pub mod viewport;
mod vigil;
#[cfg(test)]
mod walk;
pub mod widget;
mod worker;

pub use run::{Error, Options, run};
