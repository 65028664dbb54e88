//! End-to-end tests of the reader in a pseudo-terminal: keys in, screens out.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(unreachable_pub, reason = "`pub` items are shared by the modules of this test program")]

mod across;
mod annotate;
mod basket;
mod blind;
mod compare;
mod completions;
mod drafts;
mod editor;
mod errors;
mod export;
#[path = "../hostile/mod.rs"]
mod hostile;
mod hostile_folders;
mod leaving;
mod library;
mod mouse;
mod picture;
mod progress;
mod real;
mod review;
mod screens;
mod section;
mod signal_matrix;
mod signals;
mod speech;
mod story;
mod student;
mod tag_story;
mod tags;
mod terminal;
