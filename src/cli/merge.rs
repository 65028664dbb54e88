//! `pizhu merge`: three versions of a store's file, as git's merge driver.

use super::{CliError, Context, Status};
use pizhu_annotation::store::MergeError;
use pizhu_annotation::store::Side;
use pizhu_annotation::store::merge_files;
use pizhu_library::exchange::Destination;
use pizhu_library::source::SourceError;
use clap::Args;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// `pizhu merge`
#[derive(Debug, Args)]
pub struct MergeArgs {
    /// The version both come from; an empty file where there is none.
    pub base: PathBuf,
    /// One version; it is replaced by the result.
    pub ours: PathBuf,
    /// The other version.
    pub theirs: PathBuf,
}

pub(super) fn run(_: &mut Context, args: &MergeArgs) -> Result<Status, CliError> {
    let (base, ours, theirs) = (read(&args.base)?, read(&args.ours)?, read(&args.theirs)?);
    let merged = merge_files(&base, &ours, &theirs).map_err(|error| {
        let (MergeError::Foreign(side) | MergeError::Newer(side) | MergeError::Damaged(side)) = error;
        let path = if side == Side::Ours { &args.ours } else { &args.theirs };
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
