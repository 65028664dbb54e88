//! The one seam between the store and the file system.
//!
//! Everything the store and the journal do to files goes through [`Storage`], step by step, so
//! that a test can stop the world between any two steps and lose whatever was not synced. What is
//! written is durable only after [`Storage::sync`]; a name (created, renamed, removed) only after
//! [`Storage::sync_dir`] of its folder.

use std::{
    any::Any,
    fmt,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant, SystemTime},
};

/// What tells that a file has changed, cheaply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// Length in bytes.
    pub len: u64,
    /// When it was last written.
    pub modified: Option<SystemTime>,
    /// The file's number on its disk (0 where the system has none): renaming brings a new one.
    pub inode: u64,
}

/// A lock held; dropping it lets go.
pub struct Lock {
    _held: Box<dyn Any + Send>,
}

impl Lock {
    /// A lock that lasts as long as `held`.
    #[must_use]
    pub fn new(held: Box<dyn Any + Send>) -> Self {
        Self { _held: held }
    }
}

impl fmt::Debug for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lock")
    }
}

/// The operations on files that the store is made of.
///
/// Each fails with the error of the operating system. Paths are absolute, or relative to the
/// folder the process runs in.
#[expect(clippy::missing_errors_doc, reason = "every operation fails as the file system does")]
pub trait Storage: Send + Sync + fmt::Debug {
    /// The file's bytes.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Up to `len` bytes of the file's beginning.
    fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>>;
    /// The files (not folders) directly in `dir`, sorted; none where `dir` is not there.
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>>;
    /// Length and time of the file; also tells whether a folder is there.
    fn stamp(&self, path: &Path) -> io::Result<Stamp>;
    /// Makes the folder and those above it; `private` to the user alone.
    fn create_dir(&self, dir: &Path, private: bool) -> io::Result<()>;
    /// Makes the file, or empties it, and writes all bytes.
    fn write(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()>;
    /// Adds the bytes at the file's end, making it where it is not there.
    fn append(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()>;
    /// Waits until the file's bytes are on the disk.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Renames, replacing what has the new name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Waits until the folder's names are on the disk.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Deletes the file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Takes the lock of that file for this holder alone, waiting up to `wait`. Another process
    /// that ends, in whatever way, lets go of its locks.
    fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock>;
}

/// Makes a folder and those above it, so that their names are on the disk when this returns.
pub(super) fn make_dir(storage: &dyn Storage, dir: &Path, private: bool) -> io::Result<()> {
    let missing: Vec<&Path> = dir.ancestors().take_while(|dir| !dir.as_os_str().is_empty() && storage.stamp(dir).is_err()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    storage.create_dir(dir, private)?;
    // From the top: a folder is only as safe as the one it lies in.
    missing
        .iter()
        .rev()
        .filter_map(|dir| dir.parent())
        .filter(|parent| !parent.as_os_str().is_empty())
        .try_for_each(|parent| storage.sync_dir(parent))
}

/// The file system.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Disk {
    fn options(private: bool) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.create(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(if private { 0o600 } else { 0o666 });
        }
        #[cfg(not(unix))]
        let _ = private;
        options
    }
}

impl Storage for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(len);
        io::Read::read_to_end(&mut io::Read::take(File::open(path)?, len as u64), &mut bytes)?;
        Ok(bytes)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut paths = Vec::new();
        for entry in entries {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                paths.push(entry.path());
            }
        }
        paths.sort();
        Ok(paths)
    }

    fn stamp(&self, path: &Path) -> io::Result<Stamp> {
        let data = fs::metadata(path)?;
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(&data);
        #[cfg(not(unix))]
        let inode = 0;
        Ok(Stamp { len: data.len(), modified: data.modified().ok(), inode })
    }

    fn create_dir(&self, dir: &Path, private: bool) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, if private { 0o700 } else { 0o777 });
        #[cfg(not(unix))]
        let _ = private;
        builder.create(dir)
    }

    fn write(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        Self::options(private).write(true).truncate(true).open(path)?.write_all(bytes)
    }

    fn append(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        Self::options(private).append(true).open(path)?.write_all(bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        // Windows refuses to sync what was opened for reading.
        OpenOptions::new().append(true).open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        #[cfg(unix)]
        {
            // Some file systems cannot sync a folder, and say so; the names are then theirs to keep.
            match File::open(dir)?.sync_all() {
                Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
                other => other,
            }
        }
        #[cfg(not(unix))]
        {
            let _ = dir;
            Ok(())
        }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock> {
        let file = Self::options(private).append(true).open(path)?;
        let end = Instant::now() + wait;
        let mut pause = Duration::from_millis(1);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock::new(Box::new(file))),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) => {
                    let left = end.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Err(io::Error::new(io::ErrorKind::WouldBlock, "locked by another process"));
                    }
                    thread::sleep(pause.min(left));
                    pause = (pause * 2).min(Duration::from_millis(50));
                }
            }
        }
    }
}
