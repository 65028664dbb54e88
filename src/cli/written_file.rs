//! Where a command writes what it made of speeches: standard output, or a file that it may write.

use super::{CliContext, CliError, output::is_standard_output};
use crate::app::export::destination;
use pizhu_library::exchange::Destination;
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

impl CliContext {
    /// The file at `path` for what is made of the speeches in `files`: never one of them, nor a file of
    /// their stores.
    pub(super) fn destination(&mut self, path: &Path, force: bool, files: &[PathBuf]) -> Result<Destination, CliError> {
        Ok(destination(&self.stores, path, force, files)?)
    }

    /// Writes text that has no control characters, made of the speeches in `files`, to standard output or
    /// to a file.
    pub(super) fn write_made(
        &mut self,
        (path, force): (&Path, bool),
        files: &[PathBuf],
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CliError> {
        if is_standard_output(path) {
            return Ok(write(&mut self.out)?);
        }
        Ok(self.destination(path, force, files)?.fill(write)?)
    }
}
