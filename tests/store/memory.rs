//! A storage in memory, for tests of many histories.

use pizhu_annotation::storage::{FileFingerprint, Lock, Storage};
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Files with the number of the write that made each.
type Files = BTreeMap<PathBuf, (u64, Vec<u8>)>;

/// Files in memory, and the number of the last operation on them.
#[derive(Debug, Default)]
pub struct MemoryStorage(Mutex<(u64, Files)>);

impl MemoryStorage {
    fn with<T>(&self, answer: impl FnOnce(&mut u64, &mut Files) -> T) -> T {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, files) = &mut *state;
        *number += 1;
        answer(number, files)
    }

    /// The files directly in `dir`, by name.
    pub fn files_in(&self, dir: &Path) -> BTreeMap<String, Vec<u8>> {
        self.with(|_, files| {
            let here = files.iter().filter(|(path, _)| path.parent() == Some(dir));
            here.map(|(path, (_, bytes))| (path.file_name().unwrap().to_string_lossy().into_owned(), bytes.clone())).collect()
        })
    }

    /// Sets the content of a file, as another program does.
    pub fn put(&self, path: &Path, bytes: &[u8]) {
        self.with(|number, files| files.insert(path.to_owned(), (*number, bytes.to_owned())));
    }
}

fn missing<T>() -> io::Result<T> {
    Err(io::ErrorKind::NotFound.into())
}

impl Storage for MemoryStorage {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.with(|_, files| files.get(path).map_or_else(missing, |(_, bytes)| Ok(bytes.clone())))
    }

    fn read_head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        self.read(path).map(|bytes| bytes.into_iter().take(len).collect())
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.with(|_, files| files.keys().filter(|path| path.parent() == Some(dir)).cloned().collect()))
    }

    fn fingerprint(&self, path: &Path) -> io::Result<FileFingerprint> {
        self.with(|_, files| match files.get(path) {
            Some((number, bytes)) => Ok(FileFingerprint { len: bytes.len() as u64, modified: None, inode: *number }),
            None if files.keys().any(|file| file.starts_with(path)) => Ok(FileFingerprint { len: 0, modified: None, inode: 0 }),
            None => missing(),
        })
    }

    fn create_dir(&self, _: &Path, _: bool) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, path: &Path, bytes: &[u8], _: bool) -> io::Result<()> {
        self.put(path, bytes);
        Ok(())
    }

    fn append(&self, path: &Path, bytes: &[u8], _: bool) -> io::Result<()> {
        self.with(|number, files| {
            let (made, content) = files.entry(path.to_owned()).or_default();
            *made = *number;
            content.extend(bytes);
        });
        Ok(())
    }

    fn sync(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.with(|_, files| match files.remove(from) {
            Some(file) => {
                files.insert(to.to_owned(), file);
                Ok(())
            }
            None => missing(),
        })
    }

    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.with(|_, files| files.remove(path).map_or_else(missing, |_| Ok(())))
    }

    fn lock(&self, _: &Path, _: Duration, _: bool) -> io::Result<Lock> {
        Ok(Lock::new(Box::new(())))
    }
}
