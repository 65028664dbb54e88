//! `pizhu merge`: git merge driver, a three-way merge of a store's file.

use super::{CliContext, CliError, Status};
use clap::Args;
use pizhu_annotation::store::MergeError;
use pizhu_annotation::store::MergeSide;
use pizhu_annotation::store::merge_files;
use pizhu_library::exchange::Destination;
use pizhu_library::source::SourceError;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

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

pub(super) fn run(_: &mut CliContext, args: &MergeArgs) -> Result<Status, CliError> {
    let (base, ours, theirs) = (read(&args.base)?, read(&args.ours)?, read(&args.theirs)?);
    let merged = merge_files(&base, &ours, &theirs).map_err(|error| {
        let (MergeError::NotAStoreFile(side) | MergeError::Newer(side) | MergeError::Damaged(side)) = error;
        let path = if side == MergeSide::Ours { &args.ours } else { &args.theirs };
        CliError::Merge(path.clone(), error)
    })?;
    if merged.as_bytes() != ours {
        Destination::new(&args.ours, true).fill(|out| out.write_all(merged.as_bytes()))?;
    }
    Ok(Status::Done)
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    fs::read(path).map_err(|error| {
        CliError::Source(match error.kind() {
            io::ErrorKind::NotFound => SourceError::Missing(path.to_owned()),
            io::ErrorKind::IsADirectory => SourceError::Folder(path.to_owned()),
            _ => SourceError::Unreadable { path: path.to_owned(), error },
        })
    })
}
