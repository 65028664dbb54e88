//! Outline parsing and layout of whole texts.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(unreachable_pub, reason = "`pub` items are shared by the modules of this test program")]

mod change;
mod corpus;
mod expected;
mod foreign_words;
mod layout_rules;
mod model;
mod outline_habits;
mod outline_samples;
mod outline_variants;
mod parse_invariants;
mod real_speeches;
mod rng;
mod shrink;
