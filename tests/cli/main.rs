//! The commands, run as processes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(unreachable_pub, reason = "`pub` items are shared by the modules of this test program")]

mod annotate;
mod completions;
mod errors;
mod exchange;
mod help;
mod outline;
#[path = "../program/mod.rs"]
mod program;
mod review;
mod search;
mod store;
mod tags;
