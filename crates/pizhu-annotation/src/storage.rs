//! The file system interface of the store.
//!
//! The store and the journal access files only through [`Storage`], operation by operation, so that
//! a test can simulate a crash between any two and lose whatever was not synced. Written bytes are
//! durable only after [`Storage::sync`]; a name (created, renamed, removed) only after
//! [`Storage::sync_dir`] of its folder.

use pizhu_files::regular_file::{IrregularFile, check_kind, open_existing, open_regular, open_to_read, read_regular};
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

/// Which folder it is, whatever its path: the same after others have been mounted over it or moved
/// into its place and away again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FolderIdentity {
    /// Number of the device (0 if the system has none).
    pub device: u64,
    /// Inode number (0 if the system has none).
    pub inode: u64,
    /// Time of its creation, if the file system knows it: a new folder may get the inode number of a
    /// deleted one.
    pub created: Option<SystemTime>,
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
    /// [`Self::read_head`] with the fingerprint of the file from before it is read.
    fn read_head_and_fingerprint(&self, path: &Path, len: usize) -> io::Result<(FileFingerprint, Vec<u8>)> {
        Ok((self.fingerprint(path)?, self.read_head(path, len)?))
    }
    /// Lists the regular files directly in `dir`, sorted; empty if `dir` does not exist.
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
    /// Writes a file that does not exist yet.
    fn create(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        self.write(path, bytes, private)
    }
    /// [`Self::create`] and [`Self::sync`].
    fn create_synced(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        self.create(path, bytes, private)?;
        self.sync(path)
    }
    /// [`Self::append`] to a log in a folder of the user's own, and [`Self::sync`]; whether it is a new
    /// file.
    fn append_to_log(&self, path: &Path, bytes: &[u8]) -> io::Result<bool> {
        let is_new = self.fingerprint(path).is_err();
        self.append(path, bytes, true)?;
        self.sync(path)?;
        Ok(is_new)
    }
    /// Renames, replacing an existing file.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Waits until the folder's entries are on the disk.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Deletes the file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Takes an exclusive lock on the file, waiting up to `wait`. The lock is released when the
    /// holding process ends, in whatever way.
    fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock>;
    /// Takes an exclusive lock on the folder itself, which nobody can delete while it is in use,
    /// waiting up to `wait`. `None` if the file system cannot lock folders.
    fn lock_folder(&self, dir: &Path, wait: Duration) -> io::Result<Option<Lock>> {
        let _ = (dir, wait);
        Ok(None)
    }
    /// The identity of the folder at `dir`.
    fn folder_identity(&self, dir: &Path) -> io::Result<FolderIdentity> {
        self.fingerprint(dir).map(|fingerprint| FolderIdentity { device: 0, inode: fingerprint.inode, created: None })
    }
    /// Reads up to `len` bytes from the end of the file.
    fn read_tail(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = self.read(path)?;
        bytes.drain(..bytes.len().saturating_sub(len));
        Ok(bytes)
    }
    /// Checks that there is a regular file at `path`, or nothing.
    fn check_regular(&self, path: &Path) -> io::Result<()> {
        let _ = path;
        Ok(())
    }
    /// Checks that there is a folder at `path`, not a link to one, or nothing.
    fn check_folder(&self, path: &Path) -> io::Result<()> {
        let _ = path;
        Ok(())
    }
}

/// Maximum size in bytes of a file that is read whole: some hundred thousand annotations.
pub(crate) const MAX_FILE_BYTES: u64 = 64 << 20;

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
        // Journals and histories are the user's own and grow without a limit.
        let is_log = path.extension().is_some_and(|extension| extension == "log");
        read_regular(path, if is_log { u64::MAX } else { MAX_FILE_BYTES })
    }

    fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        Ok(self.read_head_and_fingerprint(path, len)?.1)
    }

    fn read_head_and_fingerprint(&self, path: &Path, len: usize) -> io::Result<(FileFingerprint, Vec<u8>)> {
        let (file, metadata) = open_to_read(path)?;
        let mut bytes = Vec::with_capacity(len.min(usize::try_from(metadata.len()).unwrap_or(len)) + 1);
        io::Read::read_to_end(&mut io::Read::take(file, len as u64), &mut bytes)?;
        Ok((fingerprint(&metadata), bytes))
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
            if entry.file_type()?.is_file() {
                paths.push(entry.path());
            }
        }
        paths.sort();
        Ok(paths)
    }

    fn fingerprint(&self, path: &Path) -> io::Result<FileFingerprint> {
        let mut data = fs::symlink_metadata(path)?;
        // A link in the path to the store is the user's; one in the place of a file is not followed.
        if data.is_symlink()
            && let Ok(target) = fs::metadata(path)
            && target.is_dir()
        {
            data = target;
        }
        Ok(fingerprint(&data))
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
        open_regular(path, Self::options(private).write(true).truncate(true))?.write_all(bytes)
    }

    fn append(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        open_regular(path, Self::options(private).append(true))?.write_all(bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        // Windows refuses to sync a file opened for reading.
        open_regular(path, OpenOptions::new().append(true))?.sync_all()
    }

    fn create(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        Self::options(private).write(true).create_new(true).open(path)?.write_all(bytes)
    }

    fn create_synced(&self, path: &Path, bytes: &[u8], private: bool) -> io::Result<()> {
        // Nothing is there that would have to be looked at first.
        let mut file = Self::options(private).write(true).create_new(true).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn append_to_log(&self, path: &Path, bytes: &[u8]) -> io::Result<bool> {
        let (mut file, is_new) = match Self::options(true).append(true).create_new(true).open(path) {
            Ok(file) => (file, true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => (open_own_log(path)?, false),
            Err(error) => return Err(error),
        };
        file.write_all(bytes)?;
        file.sync_all()?;
        Ok(is_new)
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

    fn check_regular(&self, path: &Path) -> io::Result<()> {
        check_kind(path)
    }

    fn check_folder(&self, path: &Path) -> io::Result<()> {
        match check_kind(path) {
            Err(error) if IrregularFile::from_error(&error) != Some(IrregularFile::Folder) => Err(error),
            _ => Ok(()),
        }
    }

    fn lock(&self, path: &Path, wait: Duration, private: bool) -> io::Result<Lock> {
        let end = Instant::now() + wait;
        loop {
            let file = open_regular(path, Self::options(private).append(true))?;
            wait_for_lock(&file, end)?;
            // A deleted file excludes nobody: the next process makes and locks another.
            if is_at(&file, path) {
                return Ok(Lock::new(Box::new(LockedFile(file))));
            }
            if Instant::now() >= end {
                return Err(locked());
            }
        }
    }

    fn lock_folder(&self, dir: &Path, wait: Duration) -> io::Result<Option<Lock>> {
        let Ok(folder) = File::open(dir) else { return Ok(None) };
        match wait_for_lock(&folder, Instant::now() + wait) {
            Ok(()) => Ok(Some(Lock::new(Box::new(LockedFile(folder))))),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(error),
            // Network file systems lock files only, and only those opened for writing.
            Err(_) => Ok(None),
        }
    }

    fn folder_identity(&self, dir: &Path) -> io::Result<FolderIdentity> {
        let data = fs::metadata(dir)?;
        if !data.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let (device, inode) = file_number(&data);
        Ok(FolderIdentity { device, inode, created: data.created().ok() })
    }

    fn read_tail(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        // Only the user's own logs are read like this, one for each speech: nothing is looked at twice.
        let mut file = File::open(path)?;
        let size = io::Seek::seek(&mut file, io::SeekFrom::End(0))?;
        io::Seek::seek(&mut file, io::SeekFrom::Start(size.saturating_sub(len as u64)))?;
        let mut bytes = Vec::with_capacity(len.min(usize::try_from(size).unwrap_or(len)));
        io::Read::read_to_end(&mut io::Read::take(file, len as u64), &mut bytes)?;
        Ok(bytes)
    }
}

/// Opens an existing log of the user's own to append to it.
fn open_own_log(path: &Path) -> io::Result<File> {
    let file = open_existing(path, OpenOptions::new().append(true))?;
    // Only a file has an end to be found: what else bears the name of a log is not written to.
    io::Seek::seek(&mut &file, io::SeekFrom::End(0))?;
    Ok(file)
}

/// An open file with a lock, which ends with it.
///
/// Closing the file is not enough: a process that another thread is just starting has all files of
/// this one until it runs its program, and with them their locks.
struct LockedFile(File);

impl Drop for LockedFile {
    fn drop(&mut self) {
        // If that fails, the lock ends with the last copy of the open file.
        let _ = self.0.unlock();
    }
}

fn fingerprint(data: &fs::Metadata) -> FileFingerprint {
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(data);
    #[cfg(not(unix))]
    let inode = 0;
    FileFingerprint { len: data.len(), modified: data.modified().ok(), inode }
}

/// Device and inode number; zeros if the system has none.
fn file_number(data: &fs::Metadata) -> (u64, u64) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        (data.dev(), data.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = data;
        (0, 0)
    }
}

/// Whether the open file is the one at `path`.
fn is_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(present)) => file_number(&open) == file_number(&present),
        _ => false,
    }
}

fn locked() -> io::Error {
    io::Error::new(io::ErrorKind::WouldBlock, "locked by another process")
}

/// Locks an open file or folder, trying until `end`.
fn wait_for_lock(file: &File, end: Instant) -> io::Result<()> {
    let mut pause = Duration::from_millis(1);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {
                let left = end.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(locked());
                }
                thread::sleep(pause.min(left));
                pause = (pause * 2).min(Duration::from_millis(50));
            }
        }
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
    use std::os::fd::OwnedFd;

    /// A copy of a file that this process has open, as a process that is being started has it.
    fn inherited(path: &Path) -> OwnedFd {
        let numbers = fs::read_dir("/proc/self/fd").unwrap().flatten();
        let number = numbers.filter(|entry| fs::read_link(entry.path()).is_ok_and(|target| target == path)).map(|entry| entry.file_name());
        let number = number.last().unwrap().to_str().unwrap().parse().unwrap();
        pidfd_getfd(pidfd_open(getpid(), PidfdFlags::empty()).unwrap(), number, PidfdGetfdFlags::empty()).unwrap()
    }

    /// The lock of a dead process's journal, taken and given up to be taken again, was at times still
    /// held by a process that another thread was starting: the edits were not recovered then.
    #[test]
    fn lock_is_released_although_a_child_inherited_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().canonicalize().unwrap();
        let path = dir.join("lock");
        let lock = Disk.lock(&path, Duration::ZERO, true).unwrap();
        let inherited_file = inherited(&path);
        assert!(Disk.lock(&path, Duration::ZERO, true).is_err());
        drop(lock);
        assert!(Disk.lock(&path, Duration::ZERO, true).is_ok());
        let lock = Disk.lock_folder(&dir, Duration::ZERO).unwrap().unwrap();
        let inherited_folder = inherited(&dir);
        assert!(Disk.lock_folder(&dir, Duration::ZERO).is_err());
        drop(lock);
        assert!(Disk.lock_folder(&dir, Duration::ZERO).is_ok());
        drop((inherited_file, inherited_folder));
    }
}
