//! The ground on which all crates read and write files: [`regular_file`] opens what must be a
//! regular file, [`private_file`] writes what only the user may read.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic"))]

pub mod private_file;
pub mod regular_file;
