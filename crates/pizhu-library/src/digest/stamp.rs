//! What a file is known again by.

use std::{
    collections::HashMap,
    fs::Metadata,
    hash::{BuildHasherDefault, Hasher},
    path::Path,
    time::SystemTime,
};

/// A file in one state: another content has another stamp. On systems that number files a file
/// keeps its stamp when it is moved; elsewhere its path is part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stamp(pub u64);

/// What is known of files, by their stamps.
pub type StampMap<V> = HashMap<Stamp, V, BuildHasherDefault<StampHasher>>;

/// A stamp is a hash.
#[derive(Debug, Default)]
pub struct StampHasher(u64);

impl Hasher for StampHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, stamp: u64) {
        self.0 = stamp;
    }
}

impl Stamp {
    /// The stamp of the file at `path`, of which the system says `metadata`.
    #[must_use]
    pub fn of(path: &Path, metadata: &Metadata) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&metadata.len().to_le_bytes());
        hasher.update(&nanoseconds(metadata.modified().ok()).to_le_bytes());
        identify(path, metadata, &mut hasher);
        let hash = hasher.finalize();
        Self(u64::from_le_bytes(*hash.as_bytes().first_chunk().unwrap_or(&[0; 8])))
    }
}

fn nanoseconds(time: Option<SystemTime>) -> u128 {
    time.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok()).map_or(0, |since| since.as_nanos())
}

#[cfg(unix)]
fn identify(_path: &Path, metadata: &Metadata, hasher: &mut blake3::Hasher) {
    use std::os::unix::fs::MetadataExt as _;
    // The time of the last change of any kind too: a program may set the other time back.
    for number in [metadata.dev(), metadata.ino(), metadata.ctime().cast_unsigned(), metadata.ctime_nsec().cast_unsigned()] {
        hasher.update(&number.to_le_bytes());
    }
}

#[cfg(not(unix))]
fn identify(path: &Path, metadata: &Metadata, hasher: &mut blake3::Hasher) {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    hasher.update(path.as_os_str().as_encoded_bytes());
    hasher.update(&nanoseconds(metadata.created().ok()).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn another_content_has_another_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let stamp = || Stamp::of(&path, &fs::metadata(&path).unwrap());
        fs::write(&path, "讲话").unwrap();
        let first = stamp();
        assert_eq!(stamp(), first);
        std::thread::sleep(std::time::Duration::from_millis(20));
        fs::write(&path, "讲活").unwrap();
        assert_ne!(stamp(), first);
    }
}
