//! `pizhu merge`: git merge driver, a three-way merge of a store's file.

use super::{
    CliContext, CliError, Status,
    context::warn,
    error,
    input::{MAX_ANNOTATIONS_BYTES, read_named},
};
use clap::Args;
use pizhu_annotation::StoreWarning;
use pizhu_annotation::store::{MergeError, MergeSide, merge_and_report};
use pizhu_library::exchange::Destination;
use std::path::{Path, PathBuf};

/// `pizhu merge`
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// The common ancestor; an empty file if there is none.
    pub base: PathBuf,
    /// Our version; it is replaced by the result.
    pub ours: PathBuf,
    /// Their version.
    pub theirs: PathBuf,
}

pub(super) fn run(context: &mut CliContext, args: &MergeArgs) -> Result<Status, CliError> {
    let read = |path: &Path| read_named(path, MAX_ANNOTATIONS_BYTES);
    let (base, ours, theirs) = (read(&args.base)?, read(&args.ours)?, read(&args.theirs)?);
    let merged = merge_and_report(&base, &ours, &theirs).map_err(|error| {
        let (MergeError::NotAStoreFile(side) | MergeError::Newer(side) | MergeError::Damaged(side)) = error;
        let path = if side == MergeSide::Ours { &args.ours } else { &args.theirs };
        CliError::Merge(path.clone(), error)
    })?;
    if merged.text.as_bytes() != ours {
        Destination::new(&args.ours, true).fill(|out| out.write_all(merged.text.as_bytes()))?;
    }
    for united in merged.united {
        warn(&error::store_warning(&StoreWarning::TagsUnited(united), context.locale));
    }
    Ok(Status::Done)
}
