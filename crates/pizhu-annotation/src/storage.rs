//! The file system interface of the store.
//!
//! The store and the journal access files only through [`Storage`], operation by operation, so that
//! a test can simulate a crash between any two and lose whatever was not synced. Written bytes are
//! durable only after [`Storage::sync`]; a name (created, renamed, removed) only after
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

/// Metadata that cheaply shows whether a file has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileFingerprint {
    /// Length in bytes.
    pub len: u64,
    /// Time of the last modification.
    pub modified: Option<SystemTime>,
    /// Inode number (0 if the system has none); it changes when the file is replaced by a rename.
    pub inode: u64,
}

/// A lock held until it is dropped.
pub struct Lock {
    _held: Box<dyn Any + Send>,
}

impl Lock {
    /// Wraps a guard; the lock lasts as long as `held`.
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

/// File operations used by the store.
///
/// Each fails with the error of the operating system. Paths are absolute, or relative to the
/// working directory.
#[expect(clippy::missing_errors_doc, reason = "every operation fails as the file system does")]
pub trait Storage: Send + Sync + fmt::Debug {
    /// Reads the whole file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Reads up to `len` bytes from the start of the file.
    fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>>;
    /// Lists the files (not folders) directly in `dir`, sorted; empty if `dir` does not exist.
    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>>;
    /// The fingerprint of a file; also succeeds for an existing folder.
    fn fingerprint(&self, path: &Path) -> io::Result<FileFingerprint>;
    /// Creates the folder and its ancestors; `private` restricts access to the user.
    fn create_dir(&self, dir: &Path, private: bool) -> io::Result<()>;
    /// Creates or truncates the file and writes all bytes.
    fn write(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()>;
    /// Appends the bytes to the file, creating it if needed.
    fn append(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()>;
    /// Waits until the file's bytes are on the disk.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Renames, replacing an existing file.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Waits until the folder's entries are on the disk.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Deletes the file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Takes an exclusive lock on the file, waiting up to `wait`. The lock is released when the
    /// holding process ends, in whatever way.
    fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock>;
}

/// Creates a folder and its ancestors; their names are on the disk when this returns.
pub(super) fn create_dir_synced(storage: &dyn Storage, dir: &Path, private: bool) -> io::Result<()> {
    let missing: Vec<&Path> = dir.ancestors().take_while(|dir| !dir.as_os_str().is_empty() && storage.fingerprint(dir).is_err()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    storage.create_dir(dir, private)?;
    // From the top down: a folder is only as durable as its parent.
    missing
        .iter()
        .rev()
        .filter_map(|dir| dir.parent())
        .filter(|parent| !parent.as_os_str().is_empty())
        .try_for_each(|parent| storage.sync_dir(parent))
}

/// The real file system.
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

    fn fingerprint(&self, path: &Path) -> io::Result<FileFingerprint> {
        let data = fs::metadata(path)?;
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(&data);
        #[cfg(not(unix))]
        let inode = 0;
        Ok(FileFingerprint { len: data.len(), modified: data.modified().ok(), inode })
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
        // Windows refuses to sync a file opened for reading.
        OpenOptions::new().append(true).open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        #[cfg(unix)]
        {
            // Some file systems cannot sync a folder and report it; durability of names is then
            // theirs.
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
