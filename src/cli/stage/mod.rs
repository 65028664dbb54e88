//! Commands as a stage of a pipeline: many speeches in, from files, lists of files or JSON lines, and
//! one output in their order.
//!
//! Invariants: results stand in the order of the input; memory does not grow with the number of
//! speeches; one bad speech ends nothing: it is told (in `jsonl` by a record with `error`) and the
//! status is 1.

mod args;
mod folder_walk;
mod frame;
mod input;
mod reader;
mod record;
mod run;
mod speech;
mod surrogates;

pub(super) use args::{ListArgs, RecordArgs, StageArgs, StageSource};
pub(super) use frame::JsonFrame;
pub(super) use input::{StageInput, StageItem};
pub(super) use reader::StageReader;
pub(super) use record::{RecordHead, json_lines};
pub(super) use run::{Membership, StageFailure, StageOptions, StageOutput, StageWork, fold_results, run_stage, write_outputs};
pub(super) use speech::StageSpeech;
