//! Commands as a stage of a pipeline: many speeches in, from files, lists of files or JSON lines, and
//! one output in their order.
//!
//! Invariants: results stand in the order of the input; memory does not grow with the number of
//! speeches; one bad speech ends nothing: it is told (in `jsonl` by a record with `error`) and the
//! status is 1.

mod args;
mod input;
mod record;
mod run;

pub(super) use args::StageArgs;
pub(super) use record::RecordHead;
pub(super) use run::{Membership, StageSpeech, run_stage};
