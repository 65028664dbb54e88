//! `pizhu tag`: tags on a section or a passage.

use super::{CliContext, CliError, Status, address::Address, args::common::OutputArgs};
use clap::Args;
use pizhu_annotation::Edit;
use std::path::PathBuf;

/// `pizhu tag`
#[derive(Debug, Args)]
pub struct TagArgs {
    /// The speech.
    pub file: PathBuf,
    /// The section or passage.
    #[command(flatten)]
    pub address: Address,
    /// Names of tags; tags that the codebook does not have are added to it.
    #[arg(value_name = "TAG", required = true)]
    pub tags: Vec<String>,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

pub(super) fn run(context: &mut CliContext, args: TagArgs) -> Result<Status, CliError> {
    let speech = context.open_to_annotate(&args.file)?;
    let target = args.address.resolve(&speech)?;
    context.edit(&speech, Edit::Tag { target, tags: args.tags })
}
