//! Paths as names in files: text, whatever bytes the path has.
//!
//! A path of valid Unicode is its own name. Another (讲话 in GBK bytes, on Linux) is written with its
//! stray bytes as `%BD`, a `%` of its own as `%25`, and marked by a prefix, so that a name like
//! `100%25.txt` keeps its meaning.

use std::{
    borrow::Cow,
    env,
    fmt::Write as _,
    path::{Path, PathBuf},
};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// Prefix of a name whose stray bytes are escaped.
const ESCAPED: &str = "percent:";

/// The name of a path.
///
/// ```
/// use pizhu_annotation::path_name::{named_path, path_name};
/// use std::path::Path;
///
/// assert_eq!(path_name(Path::new("年/讲话.txt")), "年/讲话.txt");
/// # #[cfg(unix)] {
/// use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
/// let path = Path::new(OsStr::from_bytes(b"\xBD\xB2 100%.txt"));
/// assert_eq!(path_name(path), "percent:%BD%B2 100%25.txt");
/// assert_eq!(named_path("percent:%BD%B2 100%25.txt"), path);
/// # }
/// ```
#[must_use]
pub fn path_name(path: &Path) -> String {
    match path.to_str() {
        Some(name) if !name.starts_with(ESCAPED) => name.to_owned(),
        _ => escaped(path),
    }
}

/// The path with this name: the inverse of [`path_name`].
#[must_use]
pub fn named_path(name: &str) -> PathBuf {
    name.strip_prefix(ESCAPED).map_or_else(|| PathBuf::from(name), unescaped)
}

fn escaped(path: &Path) -> String {
    let mut name = ESCAPED.to_owned();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        name.push_str(&chunk.valid().replace('%', "%25"));
        for byte in chunk.invalid() {
            // Writing to a string does not fail.
            let _ = write!(name, "%{byte:02X}");
        }
    }
    name
}

/// Reads `%` and two hexadecimal digits as a byte.
fn unescaped(name: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some((plain, tail)) = rest.split_once('%') {
        bytes.extend_from_slice(plain.as_bytes());
        let byte = tail.get(..2).filter(|digits| !digits.starts_with('+')).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = if byte.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    bytes.extend_from_slice(rest.as_bytes());
    path_of_bytes(bytes)
}

#[cfg(unix)]
fn path_of_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes))
}

#[cfg(not(unix))]
fn path_of_bytes(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}

/// The form in which names are compared: NFC. A file keeps its name, in the other Unicode form, when
/// it comes from a Mac or out of an archive.
///
/// ```
/// use pizhu_annotation::path_name::comparable_name;
///
/// assert_eq!(comparable_name("Cafe\u{301}.txt"), "Caf\u{E9}.txt");
/// ```
#[must_use]
pub fn comparable_name(name: &str) -> Cow<'_, str> {
    if is_nfc(name) { Cow::Borrowed(name) } else { Cow::Owned(name.nfc().collect()) }
}

/// The absolute path, with links and `..` resolved as far as the path exists: the same for every way
/// in which the file can be named.
#[must_use]
pub fn canonical_path(path: &Path) -> PathBuf {
    let path = env::current_dir().map_or_else(|_| path.to_owned(), |dir| dir.join(path));
    let mut missing = Vec::new();
    let mut existing = path.as_path();
    loop {
        if let Ok(real) = existing.canonicalize() {
            return missing.iter().rev().fold(real, |path, step| path.join(step));
        }
        match (existing.parent(), existing.file_name()) {
            (Some(parent), Some(name)) => {
                missing.push(name.to_owned());
                existing = parent;
            }
            _ => return path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_valid_unicode_keep_their_percent_signs() {
        for name in ["%E8%AE%B2.txt", "100%", "a%25b", "/年/讲话.txt", ""] {
            assert_eq!((path_name(Path::new(name)).as_str(), named_path(name).as_path()), (name, Path::new(name)));
        }
        // Whoever names a file like an escaped name gets it back, too.
        let odd = Path::new("percent:a%41");
        assert_eq!(named_path(&path_name(odd)), odd);
    }

    #[cfg(unix)]
    #[test]
    fn every_sequence_of_bytes_comes_back() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
        for bytes in [&b"\xBD\xB2\xBB\xB0.txt"[..], b"/\xB2/\xBD\xB2%\xFF%41", b"a\x80", b"\xE8\xAE", b"%\xB2%"] {
            let path = Path::new(OsStr::from_bytes(bytes));
            let name = path_name(path);
            assert_eq!(named_path(&name), path, "{name}");
            assert!(name.starts_with("percent:"));
        }
    }
}
