//! The identity of a library in the names of its cache files.

use std::{fs, path::PathBuf};

/// Identifies a set of roots in the names of cache files: 16 hex digits.
pub(crate) fn library_id(roots: &[PathBuf]) -> String {
    let mut hasher = blake3::Hasher::new();
    for root in roots {
        let root = fs::canonicalize(root).unwrap_or_else(|_| root.clone());
        hasher.update(root.as_os_str().as_encoded_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex()[..16].to_owned()
}
