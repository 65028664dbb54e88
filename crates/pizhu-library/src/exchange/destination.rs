//! The file that an export is written to: replaced atomically or left unchanged.

use atomic_write_file::AtomicWriteFile;
use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// The file that an export is written to.
///
/// ```
/// use pizhu_library::exchange::{Destination, DestinationError};
///
/// let folder = tempfile::tempdir()?;
/// let destination = Destination::new(&folder.path().join("批注.md"), false);
/// destination.fill(|out| out.write_all("一、提高认识\n".as_bytes()))?;
/// assert_eq!(std::fs::read_to_string(destination.path())?, "一、提高认识\n");
/// let again = destination.fill(|out| out.write_all(b""));
/// assert!(matches!(again, Err(DestinationError::Exists(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Destination {
    path: PathBuf,
    force: bool,
}

/// Error of writing an export.
#[derive(Debug, thiserror::Error)]
pub enum DestinationError {
    /// The file exists and may not be replaced.
    #[error("{}: exists", .0.display())]
    Exists(PathBuf),
    /// Writing failed.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Error of the operating system.
        #[source]
        error: io::Error,
    },
}

impl Destination {
    /// The file at `path`; `force` allows replacing an existing one.
    #[must_use]
    pub fn new(path: &Path, force: bool) -> Self {
        Self { path: path.to_owned(), force }
    }

    /// Path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file with `write`: to a temporary file first, which is synced and then renamed. If
    /// anything fails, the file is left unchanged.
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
    fn files_are_replaced_atomically() {
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
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }
}
