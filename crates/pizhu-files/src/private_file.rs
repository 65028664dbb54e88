//! Private files: what the program keeps in the user's own folders (reading places, caches,
//! feedback, settings). Only the user can read them: files have mode 0600, their folder 0700,
//! whatever the umask is and whatever modes an older version left. Elsewhere than on Unix they have
//! the modes that the system gives.

use atomic_write_file::AtomicWriteFile;
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
    process,
};

/// Creates the folder and its ancestors. An existing folder that others may enter is closed to
/// them; its ancestors keep their modes.
///
/// # Errors
/// The folder cannot be created. That its mode cannot be changed, as on a file system without
/// modes, is no error.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    close_folder(folder);
    Ok(())
}

/// Closes an existing folder to everyone but the user; a folder that does not exist, or that
/// belongs to someone else, is left alone.
pub fn close_folder(folder: &Path) {
    if let Ok(metadata) = fs::metadata(folder) {
        close(&metadata, |permissions| fs::set_permissions(folder, permissions));
    }
}

/// Opens a file to be replaced as a whole; nothing changes before its `commit`.
///
/// # Errors
/// The temporary file beside it cannot be created.
pub fn replace(path: &Path) -> io::Result<AtomicWriteFile> {
    let mut options = AtomicWriteFile::options();
    #[cfg(unix)]
    {
        // Without this the new file has the mode of the old one.
        atomic_write_file::unix::OpenOptionsExt::preserve_mode(&mut options, false);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    options.open(path)
}

/// Replaces a file by one that holds `bytes`.
///
/// # Errors
/// The file cannot be written; then the old one remains.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = replace(path)?;
    file.write_all(bytes)?;
    file.commit()
}

/// Replaces a file by one that holds `bytes`, without waiting for the disk: it survives this program, but perhaps
/// not the machine. For what can be made again, or is written durably behind it.
///
/// # Errors
/// The file cannot be written; then the old one remains.
pub fn write_unsynced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}", process::id()));
    let unfinished = path.with_file_name(name);
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&unfinished)?.write_all(bytes)?;
    fs::rename(unfinished, path)
}

/// Opens a file to append to it; `create` creates one that does not exist.
///
/// # Errors
/// The file cannot be opened.
pub fn append(path: &Path, create: bool) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).append(true).create(create);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    if let Ok(metadata) = file.metadata() {
        close(&metadata, |permissions| file.set_permissions(permissions));
    }
    Ok(file)
}

/// Takes all rights of others away by `set`, if there are any. It fails for what belongs to someone
/// else, which is theirs to close.
fn close(metadata: &fs::Metadata, set: impl FnOnce(fs::Permissions) -> io::Result<()>) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode();
        if mode & 0o077 != 0 {
            let _ = set(fs::Permissions::from_mode(mode & 0o7700));
        }
    }
    #[cfg(not(unix))]
    let _ = (metadata, set);
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn open_to_all(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn files_and_folders_are_closed_to_others() {
        let top = tempfile::tempdir().unwrap();
        open_to_all(top.path(), 0o755);
        let folder = top.path().join("a/b");
        create_folder(&folder).unwrap();
        assert_eq!([mode(&folder), mode(&top.path().join("a")), mode(top.path())], [0o700, 0o700, 0o755]);
        let [replaced, appended] = ["replaced", "appended"].map(|name| folder.join(name));
        write(&replaced, b"1").unwrap();
        append(&appended, true).unwrap().write_all(b"1").unwrap();
        assert_eq!([mode(&replaced), mode(&appended)], [0o600, 0o600]);
        assert!(append(&folder.join("none"), false).is_err());
    }

    /// Before, a file that was replaced kept the mode 0644 that an older version had given it.
    #[test]
    fn wide_modes_of_an_older_version_are_narrowed() {
        let top = tempfile::tempdir().unwrap();
        let folder = top.path().join("pizhu");
        fs::create_dir(&folder).unwrap();
        open_to_all(&folder, 0o755);
        let [replaced, appended] = ["replaced", "appended"].map(|name| folder.join(name));
        for path in [&replaced, &appended] {
            fs::write(path, "0").unwrap();
            open_to_all(path, 0o644);
        }
        create_folder(&folder).unwrap();
        write_unsynced(&replaced, b"0").unwrap();
        assert_eq!((mode(&replaced), fs::read_dir(&folder).unwrap().count()), (0o600, 2));
        write(&replaced, b"1").unwrap();
        append(&appended, true).unwrap().write_all(b"1").unwrap();
        assert_eq!([mode(&folder), mode(&replaced), mode(&appended)], [0o700, 0o600, 0o600]);
        assert_eq!((fs::read_to_string(&replaced).unwrap(), fs::read_to_string(&appended).unwrap()), ("1".into(), "01".into()));
    }
}
