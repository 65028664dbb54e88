//! The commands, run as processes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(unreachable_pub, reason = "`pub` items are shared by the modules of this test program")]

mod annotate;
mod attributes;
mod basket;
mod blind;
#[cfg(unix)]
mod bounds;
mod compare;
mod completions;
mod conditions;
mod copies;
#[cfg(unix)]
mod destinations;
mod errors;
mod exchange;
mod help;
#[cfg(unix)]
mod limits;
mod many;
mod memos;
mod no_state;
mod outline;
mod private_files;
#[path = "../program/mod.rs"]
mod program;
mod refi;
mod report;
mod review;
mod schema;
mod search;
mod section;
mod stage;
mod stage_commands;
mod store;
mod tags;
mod text_output;
mod whole_project;
