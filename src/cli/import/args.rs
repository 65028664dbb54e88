//! The arguments of `pizhu import`.

use crate::cli::args::common::OutputArgs;
use clap::Args;
use std::path::PathBuf;

/// `pizhu import`
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The file to import; `-` is standard input.
    pub file: PathBuf,
    /// Speeches, or folders of speeches, that the annotations may belong to [default: the speeches
    /// that the store knows and those beside the file].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The folder for the texts of a project that none of the speeches has; existing files are never
    /// replaced [default: a folder beside the project, with its name].
    #[arg(long, value_name = "DIR")]
    pub texts: Option<PathBuf>,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}
