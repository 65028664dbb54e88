//! Opening of files that must be regular files: links are not followed, and nothing blocks.
//!
//! A folder from a stranger may hold links, FIFOs, devices and sockets under the names of files that
//! the program reads by itself (store files, ignore files). Such a file is opened without following
//! a link and without waiting for a writer, and its kind is checked on the open file, so that a swap
//! between check and opening has no effect.

use std::{
    fmt,
    fs::{File, FileType, Metadata, OpenOptions},
    io::{self, Read},
    path::Path,
};

/// Why a file is not read or written although its name is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IrregularFile {
    /// A symbolic link.
    Link,
    /// A folder.
    Folder,
    /// A FIFO.
    Fifo,
    /// A socket.
    Socket,
    /// A device or something else.
    Device,
    /// A regular file that exceeds the limit.
    TooLarge,
}

impl IrregularFile {
    /// The kind of a file that is not regular; `None` for a regular file.
    ///
    /// ```
    /// use pizhu_files::regular_file::IrregularFile;
    ///
    /// let dir = tempfile::tempdir().unwrap();
    /// let kind = std::fs::symlink_metadata(dir.path()).unwrap().file_type();
    /// assert_eq!(IrregularFile::from_type(kind), Some(IrregularFile::Folder));
    /// ```
    #[must_use]
    pub fn from_type(kind: FileType) -> Option<Self> {
        if kind.is_file() {
            return None;
        }
        if kind.is_symlink() {
            return Some(Self::Link);
        }
        if kind.is_dir() {
            return Some(Self::Folder);
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt as _;
            if kind.is_fifo() {
                return Some(Self::Fifo);
            }
            if kind.is_socket() {
                return Some(Self::Socket);
            }
        }
        Some(Self::Device)
    }

    /// The kind inside an error of this module.
    #[must_use]
    pub fn from_error(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref::<Self>().copied()
    }

    /// Whether the error is that something else stands in the place of the file, which then counts as
    /// absent. A file that is only too large does not.
    #[must_use]
    pub fn is_passed_over(error: &io::Error) -> bool {
        Self::from_error(error).is_some_and(|kind| kind != Self::TooLarge)
    }

    /// Short name, the last part of message ids: `irregular-link`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Folder => "folder",
            Self::Fifo => "fifo",
            Self::Socket => "socket",
            Self::Device => "device",
            Self::TooLarge => "large",
        }
    }
}

impl fmt::Display for IrregularFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Link => "a link, not a file",
            Self::Folder => "a folder, not a file",
            Self::Fifo => "a FIFO, not a file",
            Self::Socket => "a socket, not a file",
            Self::Device => "a device, not a file",
            Self::TooLarge => "larger than a file of this kind can be",
        })
    }
}

impl std::error::Error for IrregularFile {}

impl From<IrregularFile> for io::Error {
    fn from(kind: IrregularFile) -> Self {
        Self::new(io::ErrorKind::InvalidInput, kind)
    }
}

/// Opens a file with `options` if it is a regular file, or creates one if `options` say so.
///
/// # Errors
/// Fails with an [`IrregularFile`] inside if it is anything else, or as the system does.
pub fn open_regular(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    without_following(options);
    // Opening a device may already have an effect.
    check_kind(path)?;
    let file = options.open(path)?;
    match IrregularFile::from_type(file.metadata()?.file_type()) {
        None => Ok(file),
        Some(kind) => Err(kind.into()),
    }
}

/// Opens a regular file to read it, and looks at it once: on the open file.
///
/// # Errors
/// Fails like [`open_regular`].
pub fn open_to_read(path: &Path) -> io::Result<(File, Metadata)> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        let file = open_existing(path, &mut options)?;
        let metadata = file.metadata()?;
        match IrregularFile::from_type(metadata.file_type()) {
            None => Ok((file, metadata)),
            Some(kind) => Err(kind.into()),
        }
    }
    #[cfg(not(unix))]
    {
        let file = open_regular(path, &mut options)?;
        let metadata = file.metadata()?;
        Ok((file, metadata))
    }
}

/// Opens a file that the user chose, or that stands in a folder of theirs, to read it: links are
/// followed. A FIFO or a terminal is waited for, as `<(command)` is one. A regular file never is: reading
/// those that wait for an event, such as `/proc/kmsg`, fails with [`io::ErrorKind::WouldBlock`].
///
/// # Errors
/// Fails as the system does.
pub fn open_source(path: &Path) -> io::Result<(File, Metadata)> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
        let file = options.open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_file() || metadata.is_dir() {
            return Ok((file, metadata));
        }
        // What a writer writes in between is kept, as the first is closed after the second is opened.
        let waiting = File::open(path)?;
        let metadata = waiting.metadata()?;
        Ok((waiting, metadata))
    }
    #[cfg(not(unix))]
    {
        let file = options.open(path)?;
        let metadata = file.metadata()?;
        Ok((file, metadata))
    }
}

/// Opens what is at a path with `options`, without following a link or waiting; its kind is not
/// checked.
///
/// # Errors
/// Fails with an [`IrregularFile`] inside if it cannot be opened because of its kind, or as the system
/// does.
pub fn open_existing(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    without_following(options);
    options.open(path).map_err(|error| match error.kind() {
        // Then it is of no kind.
        io::ErrorKind::NotFound => error,
        _ => check_kind(path).err().unwrap_or(error),
    })
}

/// Options by which no link is followed and nothing is waited for.
#[cfg(unix)]
fn without_following(options: &mut OpenOptions) -> &mut OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed())
}

/// Checks that there is a regular file at `path`, or nothing.
///
/// # Errors
/// Fails with an [`IrregularFile`] inside.
pub fn check_kind(path: &Path) -> io::Result<()> {
    match path.symlink_metadata().ok().and_then(|data| IrregularFile::from_type(data.file_type())) {
        None => Ok(()),
        Some(kind) => Err(kind.into()),
    }
}

/// Reads a regular file of at most `limit` bytes.
///
/// ```
/// use pizhu_files::regular_file::{IrregularFile, read_regular};
///
/// let dir = tempfile::tempdir().unwrap();
/// let path = dir.path().join(".gitignore");
/// std::fs::write(&path, "drafts/\n").unwrap();
/// assert_eq!(read_regular(&path, 100).unwrap(), b"drafts/\n");
/// let error = read_regular(&path, 3).unwrap_err();
/// assert_eq!(IrregularFile::from_error(&error), Some(IrregularFile::TooLarge));
/// ```
///
/// # Errors
/// Fails like [`open_regular`], or if the file is larger.
pub fn read_regular(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let (file, metadata) = open_to_read(path)?;
    let len = metadata.len();
    if len > limit {
        return Err(IrregularFile::TooLarge.into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0).saturating_add(1));
    // It may grow while it is read.
    read_limited(file, limit, &mut bytes)?;
    Ok(bytes)
}

/// Reads at most `limit` bytes to the end of an input.
///
/// # Errors
/// Fails with [`IrregularFile::TooLarge`] inside if there are more, or if reading fails.
pub fn read_limited(input: impl Read, limit: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    input.take(limit.saturating_add(1)).read_to_end(bytes)?;
    if bytes.len() as u64 > limit { Err(IrregularFile::TooLarge.into()) } else { Ok(()) }
}
