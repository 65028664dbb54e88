//! The file that an export is written to: replaced atomically, written through, or left unchanged.
//!
//! Invariant: a speech that the export is made from, and a file of a store, are never written to,
//! whatever path leads there and whatever the options.

use super::file_identity::FileIdentity;
use atomic_write_file::AtomicWriteFile;
use pizhu_annotation::StoreLocation;
use std::{
    ffi::OsStr,
    fs::{self, File, Metadata},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// Name of the folder of a store that a team shares.
const SHARED_STORE: &str = ".pizhu";
/// Links that are followed from one to the next; as many as Linux follows.
const MAX_LINKS: usize = 40;

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
/// // The speech itself is not replaced, whatever the options.
/// let speech = folder.path().join("讲话.md");
/// std::fs::write(&speech, "同志们：\n")?;
/// let onto = Destination::new(&speech, true).exported_from([&speech]);
/// assert!(matches!(onto.fill(|out| out.write_all(b"")), Err(DestinationError::Speech(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Destination {
    path: PathBuf,
    force: bool,
    speeches: Vec<PathBuf>,
    /// Folders of stores, which may hold other files too.
    stores: Vec<PathBuf>,
    /// Folders that only the program writes to.
    private: Vec<PathBuf>,
}

/// Error of writing an export. In each case nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DestinationError {
    /// The file exists and may not be replaced.
    #[error("{}: exists", .0.display())]
    Exists(PathBuf),
    /// The file is a speech that the export is made from.
    #[error("{}: is a speech that is exported", .0.display())]
    Speech(PathBuf),
    /// The file is one of a store's.
    #[error("{}: is a file of a store", .0.display())]
    Store(PathBuf),
    /// The path is a folder.
    #[error("{}: is a folder", .0.display())]
    Folder(PathBuf),
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

/// What the path of a destination leads to.
#[derive(Debug, PartialEq, Eq)]
enum TargetKind {
    /// A plain file, existing or not: written to a temporary file, then renamed.
    Plain,
    /// A FIFO or a character device: opened and written to.
    Stream,
}

impl Destination {
    /// The file at `path`; `force` allows replacing an existing one.
    #[must_use]
    pub fn new(path: &Path, force: bool) -> Self {
        Self { path: path.to_owned(), force, speeches: Vec::new(), stores: Vec::new(), private: Vec::new() }
    }

    /// Adds the speeches that the export is made from, which are never written to.
    #[must_use]
    pub fn exported_from<P: AsRef<Path>>(mut self, speeches: impl IntoIterator<Item = P>) -> Self {
        self.speeches.extend(speeches.into_iter().map(|path| path.as_ref().to_owned()));
        self
    }

    /// Adds a store, whose files are never written to. Those below a folder `.pizhu` are known
    /// without it.
    #[must_use]
    pub fn beside_store(mut self, store: &StoreLocation) -> Self {
        let folders = if store.root.is_some() { &mut self.stores } else { &mut self.private };
        folders.push(store.dir.clone());
        self
    }

    /// Adds a folder that only the program writes to, as that of its journals.
    #[must_use]
    pub fn outside(mut self, folder: &Path) -> Self {
        self.private.push(folder.to_owned());
        self
    }

    /// Path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file with `write`. A plain file: to a temporary file first, which is synced and
    /// then renamed, so that it is left unchanged if anything fails; a replaced file keeps its
    /// mode. A link is followed and stays. A FIFO or a device is written to as it stands.
    ///
    /// # Errors
    /// When the file may not be replaced, or cannot be written.
    pub fn fill(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), DestinationError> {
        let fails = |error| DestinationError::Io { path: self.path.clone(), error };
        let target = follow_links(&self.path).map_err(fails)?;
        if self.check(&target)? == TargetKind::Stream {
            let mut out = BufWriter::new(File::options().write(true).open(&target).map_err(fails)?);
            return write(&mut out).and_then(|()| out.flush()).map_err(fails);
        }
        let mut out = BufWriter::new(AtomicWriteFile::open(&target).map_err(fails)?);
        write(&mut out).map_err(fails)?;
        let file = out.into_inner().map_err(|error| fails(error.into_error()))?;
        // Another program may have made the file in the meantime.
        self.check(&target)?;
        file.commit().map_err(fails)
    }

    /// Checks whether the file at `target`, where all links have been followed, may be written.
    fn check(&self, target: &Path) -> Result<TargetKind, DestinationError> {
        let path = || self.path.clone();
        if self.is_private(target) {
            return Err(DestinationError::Store(path()));
        }
        let metadata = match fs::metadata(target) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return self.check_new(target),
            Err(error) => return Err(DestinationError::Io { path: path(), error }),
        };
        if metadata.is_dir() {
            return Err(DestinationError::Folder(path()));
        }
        let identity = FileIdentity::new(target, &metadata);
        if self.speeches.iter().any(|speech| FileIdentity::of(speech).is_some_and(|speech| speech == identity)) {
            return Err(DestinationError::Speech(path()));
        }
        let is_stores =
            |store: &PathBuf| identity.is_in_folder(store, is_store_name) || identity.is_in_folder(&store.join("aside"), |_| true);
        if self.stores.iter().any(is_stores) {
            return Err(DestinationError::Store(path()));
        }
        if !metadata.is_file() {
            let refused = || DestinationError::Io { path: path(), error: io::Error::other("neither a file nor a pipe") };
            return if is_stream(&metadata) { Ok(TargetKind::Stream) } else { Err(refused()) };
        }
        if !self.force {
            return Err(DestinationError::Exists(path()));
        }
        if metadata.permissions().readonly() {
            return Err(DestinationError::Io { path: path(), error: io::ErrorKind::PermissionDenied.into() });
        }
        Ok(TargetKind::Plain)
    }

    /// Whether the file lies below a folder `.pizhu` or a private one, by its real path.
    fn is_private(&self, target: &Path) -> bool {
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        folder.components().any(|step| step.as_os_str() == SHARED_STORE)
            || self.private.iter().any(|private| private.canonicalize().is_ok_and(|private| folder.starts_with(private)))
    }

    /// Checks whether a new file may be made: not in a store's folder under a name that the store
    /// would read.
    fn check_new(&self, target: &Path) -> Result<TargetKind, DestinationError> {
        let is_record = target.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("ron"));
        let folder = target.parent().and_then(FileIdentity::of);
        if is_record && self.stores.iter().any(|store| folder.is_some() && FileIdentity::of(store) == folder) {
            return Err(DestinationError::Store(self.path.clone()));
        }
        Ok(TargetKind::Plain)
    }
}

/// Follows links to the path that they lead to, which need not exist: a link to a missing file
/// gives that file's path.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        if !fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink()) {
            return Ok(path);
        }
        // Links that the kernel resolves itself, like those below /proc, lead to no path.
        if fs::metadata(&path).is_ok_and(|metadata| is_stream(&metadata)) {
            return path.canonicalize().or(Ok(path));
        }
        let to = fs::read_link(&path)?;
        path = path.parent().unwrap_or(Path::new("")).join(to);
    }
    Err(io::Error::other("too many links"))
}

/// Whether a store gives its files such a name: `codebook.ron`, `.lock`.
fn is_store_name(name: &OsStr) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "ron") || name.as_encoded_bytes().starts_with(b".")
}

#[cfg(unix)]
fn is_stream(metadata: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    metadata.file_type().is_fifo() || metadata.file_type().is_char_device()
}

#[cfg(not(unix))]
fn is_stream(_: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(path: &Path, force: bool, text: &'static str) -> Result<(), DestinationError> {
        Destination::new(path, force).fill(|out| out.write_all(text.as_bytes()))
    }

    #[test]
    fn files_are_replaced_atomically() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.md");
        fill(&path, false, "一").unwrap();
        assert!(matches!(fill(&path, false, "二"), Err(DestinationError::Exists(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "一");
        let broken = Destination::new(&path, true).fill(|out| {
            out.write_all("半".as_bytes())?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(matches!(broken, Err(DestinationError::Io { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "一");
        fill(&path, true, "二").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "二");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }

    /// A link became a regular file of mode 0777.
    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("其他")).unwrap();
        fs::write(at("其他/真.md"), "旧").unwrap();
        fs::set_permissions(at("其他/真.md"), fs::Permissions::from_mode(0o640)).unwrap();
        symlink("其他/真.md", at("一")).unwrap();
        symlink("一", at("二")).unwrap();
        assert!(matches!(fill(&at("二"), false, "新"), Err(DestinationError::Exists(path)) if path == at("二")));
        fill(&at("二"), true, "新").unwrap();
        assert_eq!(fs::read_to_string(at("其他/真.md")).unwrap(), "新");
        assert_eq!(fs::metadata(at("其他/真.md")).unwrap().permissions().mode() & 0o7777, 0o640);
        assert!(at("一").is_symlink() && at("二").is_symlink());
        symlink("其他/没有.md", at("悬空")).unwrap();
        fill(&at("悬空"), false, "新").unwrap();
        assert!(at("悬空").is_symlink() && fs::read_to_string(at("其他/没有.md")).unwrap() == "新");
        symlink("圈", at("圈")).unwrap();
        assert!(matches!(fill(&at("圈"), true, "新"), Err(DestinationError::Io { .. })));
    }

    /// The speech was replaced by its own export with `--force`.
    #[cfg(unix)]
    #[test]
    fn speeches_and_stores_are_known_under_every_path() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("a/.pizhu/aside")).unwrap();
        fs::create_dir(at("own")).unwrap();
        for name in ["a/讲话.md", "a/.pizhu/codebook.ron", "a/.pizhu/aside/x", "own/y.ron", "own/codebook.ron"] {
            fs::write(at(name), "原").unwrap();
        }
        symlink("讲话.md", at("a/软")).unwrap();
        fs::hard_link(at("a/讲话.md"), at("a/硬")).unwrap();
        symlink("a", at("b")).unwrap();
        symlink("a/.pizhu/codebook.ron", at("码")).unwrap();
        fs::hard_link(at("own/y.ron"), at("硬存")).unwrap();
        let onto = |name: &str| {
            let destination =
                Destination::new(&at(name), true).exported_from([at("a/讲话.md")]).beside_store(&StoreLocation::from_dir(&at("own")));
            destination.fill(|out| out.write_all(b"x")).unwrap_err()
        };
        for name in ["a/讲话.md", "a/../a/讲话.md", "b/讲话.md", "a/软", "a/硬"] {
            assert!(matches!(onto(name), DestinationError::Speech(_)), "{name}");
        }
        for name in ["a/.pizhu/codebook.ron", "b/.pizhu/new.md", "a/.pizhu/aside/x", "码", "own/y.ron", "own/new.ron", "硬存"] {
            assert!(matches!(onto(name), DestinationError::Store(_)), "{name}");
        }
        fs::write(at("own/批注.md"), "旧").unwrap();
        Destination::new(&at("own/批注.md"), true).beside_store(&StoreLocation::from_dir(&at("own"))).fill(|_| Ok(())).unwrap();
        for name in ["a/讲话.md", "a/.pizhu/codebook.ron", "own/y.ron"] {
            assert_eq!(fs::read_to_string(at(name)).unwrap(), "原");
        }
        assert!(!at("a/.pizhu/new.md").exists() && !at("own/new.ron").exists());
    }
}
