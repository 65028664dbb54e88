//! Where an export goes: a file, replaced whole or not at all, or a stream.

use atomic_write_file::AtomicWriteFile;
use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// A file that an export is to become.
#[derive(Debug, Clone)]
pub struct Destination {
    path: PathBuf,
    force: bool,
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum DestinationError {
    /// There is such a file, and it was not said that it may be replaced.
    #[error("{}: exists", .0.display())]
    Exists(PathBuf),
    /// It cannot be written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
}

impl Destination {
    /// The file at `path`; `force` replaces one that is there.
    #[must_use]
    pub fn new(path: &Path, force: bool) -> Self {
        Self { path: path.to_owned(), force }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Fills the file by `write`: under another name first, synced, then renamed. Where anything
    /// fails the file is as it was.
    ///
    /// # Errors
    /// When the file exists and may not be replaced, or cannot be written.
    pub fn fill(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), DestinationError> {
        let fails = |error| DestinationError::Io { path: self.path.clone(), error };
        if !self.force && self.path.symlink_metadata().is_ok() {
            return Err(DestinationError::Exists(self.path.clone()));
        }
        let mut out = BufWriter::new(AtomicWriteFile::open(&self.path).map_err(fails)?);
        write(&mut out).map_err(fails)?;
        let file = out.into_inner().map_err(|error| fails(error.into_error()))?;
        file.commit().map_err(fails)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.md");
        let fill = |force, text: &'static str| Destination::new(&path, force).fill(|out| out.write_all(text.as_bytes()));
        fill(false, "一").unwrap();
        assert!(matches!(fill(false, "二"), Err(DestinationError::Exists(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "一");
        let broken = Destination::new(&path, true).fill(|out| {
            out.write_all("半".as_bytes())?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(matches!(broken, Err(DestinationError::Io { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "一");
        fill(true, "二").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "二");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}
