//! `pizhu man`: the manual pages.

use super::{CliError, Context, Status, command};
use clap::Args;
use std::path::PathBuf;

/// `pizhu man`
#[derive(Debug, Args)]
pub struct ManArgs {
    /// A folder to write the pages of all commands into.
    pub folder: Option<PathBuf>,
}

pub(super) fn run(context: &mut Context, args: &ManArgs) -> Result<Status, CliError> {
    let Some(folder) = &args.folder else {
        clap_mangen::Man::new(command()).render(&mut context.out)?;
        return Ok(Status::Done);
    };
    clap_mangen::generate_to(command(), folder).map_err(|error| CliError::Folder(folder.clone(), error))?;
    Ok(Status::Done)
}
