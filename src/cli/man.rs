//! `pizhu man`: the manual pages.

use super::{CliContext, CliError, Status};
use atomic_write_file::AtomicWriteFile;
use clap::Args;
use clap_mangen::Man;
use std::{
    fs,
    io::{self, Write as _},
    path::PathBuf,
};

/// `pizhu man`
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The folder to write the pages of all commands into.
    pub folder: Option<PathBuf>,
}

pub(super) fn run(context: &mut CliContext, args: &ManArgs, command: clap::Command) -> Result<Status, CliError> {
    let Some(folder) = &args.folder else {
        Man::new(command).render(&mut context.out)?;
        return Ok(Status::Done);
    };
    let pages = pages(command).map_err(|error| CliError::Folder(folder.clone(), error))?;
    let pages: Vec<(PathBuf, Vec<u8>)> = pages.into_iter().map(|(name, page)| (folder.join(name), page)).collect();
    // Pages of an earlier run are replaced; a link, a pipe or a folder of a page's name is not, and
    // then no page is written.
    let is_plain = |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    if let Some((path, _)) = pages.iter().find(|(path, _)| path.symlink_metadata().is_ok() && !is_plain(path)) {
        return Err(CliError::Folder(path.clone(), io::ErrorKind::AlreadyExists.into()));
    }
    for (path, page) in pages {
        let written = AtomicWriteFile::open(&path).and_then(|mut file| {
            file.write_all(&page)?;
            file.commit()
        });
        written.map_err(|error| CliError::Folder(path.clone(), error))?;
    }
    Ok(Status::Done)
}

/// The pages of a command and its subcommands, by file name.
fn pages(command: clap::Command) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let (mut found, mut open) = (Vec::new(), vec![command]);
    while let Some(command) = open.pop() {
        open.extend(command.get_subcommands().filter(|command| !command.is_hide_set()).cloned());
        let man = Man::new(command);
        let mut page = Vec::new();
        man.render(&mut page)?;
        found.push((man.get_filename(), page));
    }
    Ok(found)
}
