//! `pizhu tag`: tags on a section, a passage or the whole speech.

use super::{CliContext, CliError, Status, address::Address, args::common::OutputArgs};
use clap::Args;
use pizhu_annotation::{Edit, StoreError};
use std::path::PathBuf;

/// `pizhu tag`
#[derive(Debug, Args)]
pub struct TagArgs {
    /// The speech.
    pub file: PathBuf,
    /// The section, passage or speech.
    #[command(flatten)]
    pub address: Address,
    /// Names of tags, or their paths (父/子) where several have a name; a name that no tag has
    /// makes a new one.
    #[arg(value_name = "TAG", required = true)]
    pub tags: Vec<String>,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

pub(super) fn run(context: &mut CliContext, args: &TagArgs) -> Result<Status, CliError> {
    let speech = context.open_to_annotate(&args.file)?;
    let target = args.address.resolve(&speech)?;
    let tags = context.store_for(Some(&args.file))?.codebook()?.refer_all(&args.tags).map_err(StoreError::from)?;
    context.edit(&speech, Edit::Tag { target, tags })
}
