//! The READMEs and the book against the program.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod book;
mod markdown;
mod readme;
