//! Evaluation of re-anchoring, and agreement coefficients compared with other implementations.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(unreachable_pub, reason = "`pub` items are shared by the modules of this test program")]

mod agreement;
mod anchor_evaluation;
mod anchor_second_judge;
mod anchoring;
