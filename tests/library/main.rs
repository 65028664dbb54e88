//! Source formats, exchange formats, search and tag suggestions over many speeches.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(unreachable_pub, reason = "`pub` items are shared by the modules of this test program")]

mod exchange_round_trip;
#[path = "../text/expected.rs"]
mod expected;
mod recall;
mod source_formats;
mod suggestion;
