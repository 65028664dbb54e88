//! `pizhu tag`: tags on a section or a passage.

use super::{CliError, Context, Status, address::Place, args::ShapeArg};
use pizhu_annotation::Edit;
use clap::Args;
use std::path::PathBuf;

/// `pizhu tag`
#[derive(Debug, Args)]
pub struct TagArgs {
    /// The speech.
    pub file: PathBuf,
    /// Where in it.
    #[command(flatten)]
    pub place: Place,
    /// Names of tags; those the codebook does not have are added to it.
    #[arg(value_name = "TAG", required = true)]
    pub tags: Vec<String>,
    /// The shape of the output.
    #[command(flatten)]
    pub shape: ShapeArg,
}

pub(super) fn run(context: &mut Context, args: TagArgs) -> Result<Status, CliError> {
    let speech = context.open_to_annotate(&args.file)?;
    let target = args.place.resolve(&speech)?;
    context.edit(&speech, Edit::Tag { target, tags: args.tags })
}
