//! Fingerprints of file metadata, the keys of the caches.

use std::{
    collections::HashMap,
    fs::Metadata,
    hash::{BuildHasherDefault, Hasher},
    path::Path,
    time::SystemTime,
};

/// Hash of a file's metadata: length, modification time, and inode (elsewhere than on Unix, path
/// and creation time). A changed file has another fingerprint; on Unix a moved file keeps it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetadataFingerprint(pub u64);

/// A map by fingerprint.
pub type FingerprintMap<V> = HashMap<MetadataFingerprint, V, BuildHasherDefault<FingerprintHasher>>;

/// Hasher that passes a fingerprint through: it is a hash already.
#[derive(Debug, Default)]
pub struct FingerprintHasher(u64);

impl Hasher for FingerprintHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, fingerprint: u64) {
        self.0 = fingerprint;
    }
}

impl MetadataFingerprint {
    /// The fingerprint of the file at `path` with this metadata.
    #[must_use]
    pub fn new(path: &Path, metadata: &Metadata) -> Self {
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
    // The change time too: a program may set the modification time back.
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
    fn changed_content_changes_the_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let fingerprint = || MetadataFingerprint::new(&path, &fs::metadata(&path).unwrap());
        fs::write(&path, "讲话").unwrap();
        let first = fingerprint();
        assert_eq!(fingerprint(), first);
        let modified = || fs::metadata(&path).unwrap().modified().unwrap();
        let first_modified = modified();
        // Until the file system's clock has advanced.
        while modified() == first_modified {
            fs::write(&path, "讲活").unwrap();
        }
        assert_ne!(fingerprint(), first);
    }
}
