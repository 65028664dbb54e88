//! `pizhu man`: the manual pages.

use super::{CliContext, CliError, Status};
use clap::Args;
use std::path::PathBuf;

/// `pizhu man`
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The folder to write the pages of all commands into.
    pub folder: Option<PathBuf>,
}

pub(super) fn run(context: &mut CliContext, args: &ManArgs, command: clap::Command) -> Result<Status, CliError> {
    let Some(folder) = &args.folder else {
        clap_mangen::Man::new(command).render(&mut context.out)?;
        return Ok(Status::Done);
    };
    clap_mangen::generate_to(command, folder).map_err(|error| CliError::Folder(folder.clone(), error))?;
    Ok(Status::Done)
}
