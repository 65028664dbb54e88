//! The arguments of commands over many speeches.

use clap::{Args, ValueEnum};
use std::{num::NonZeroUsize, path::PathBuf};

/// What a command over many speeches reads.
#[derive(Debug, Args)]
pub struct StageArgs {
    /// Files or folders; `-` is standard input.
    #[arg(value_name = "PATH", required_unless_present_any = ["files_from", "input"])]
    pub paths: Vec<PathBuf>,
    /// Also read the files and folders named in this file, one a line; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,
    /// The names of `--files-from` end with NUL, as `find -print0` writes them.
    #[arg(short = '0', long, requires = "files_from")]
    pub null: bool,
    /// What the input is: files that are speeches, or JSON lines, one record `{"id", "text"}` a
    /// speech, in the files named or on standard input [default: files].
    #[arg(long, value_name = "KIND")]
    pub input: Option<InputKind>,
    /// How many speeches are worked on at once [default: the number of cores].
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
}

/// What the files of a stage hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputKind {
    /// A speech each.
    Files,
    /// Many speeches each, one JSON record a line.
    Jsonl,
}

impl StageArgs {
    /// Whether the input are JSON lines.
    pub(super) fn reads_records(&self) -> bool {
        self.input == Some(InputKind::Jsonl)
    }

    /// Whether more than one speech may come, so that each must be named in the output.
    pub(super) fn may_be_many(&self) -> bool {
        self.files_from.is_some() || self.reads_records() || self.paths.len() > 1 || self.paths.iter().any(|path| path.is_dir())
    }
}
