//! The terminal reader; the only part that names ratatui or crossterm.
//!
//! Data flow (Elm style): key → keymap → command → [`state`], which returns [`effect`]s. Effects
//! run off the drawing thread and report back as events. Drawing reads the state and never
//! changes it.

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
