//! Which files of a folder are speeches.

use super::{Foreign, SourceError};
use crate::text::decode;
use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

/// Extensions of the files that are speeches, in lower case.
pub const EXTENSIONS: [&str; 4] = ["txt", "text", "md", "markdown"];
/// Bytes read of a file without an extension to see whether it is text.
const SNIFF_BYTES: u64 = 4096;

/// Whether a file of this name is a speech: by its extension, or, where it has none, by being
/// text. Hidden files are not. A file without an extension is opened to see.
#[must_use]
pub fn is_speech_file(path: &Path) -> bool {
    if is_hidden(path) {
        return false;
    }
    match path.extension().map(|extension| extension.to_string_lossy().to_lowercase()) {
        Some(extension) => EXTENSIONS.contains(&extension.as_str()),
        None => begins_as_text(path),
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn begins_as_text(path: &Path) -> bool {
    // A pipe is not opened: that would wait for its writer.
    if !fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return false;
    }
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(SNIFF_BYTES).read_to_end(&mut head));
    let (encoding, _) = decode::detect(&head, None, false);
    read.is_ok() && !head.is_empty() && Foreign::of(path, &head, encoding, false).is_none()
}

/// The speeches in `folder` and the folders under it, sorted by path. Hidden files and folders
/// are left out, and links to folders are not followed, so that the walk ends.
///
/// # Errors
/// When `folder` itself cannot be read; a folder under it that cannot is passed over.
pub fn speeches_under(folder: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(here) = open.pop() {
        let entries = match fs::read_dir(&here) {
            Ok(entries) => entries,
            Err(error) if here == folder => return Err(SourceError::io(folder, error)),
            Err(_) => continue,
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                if !is_hidden(&path) {
                    open.push(path);
                }
            } else if is_speech_file(&path) && (kind.is_file() || path.is_file()) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeches_by_extension_and_by_content() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("2022/春")).unwrap();
        fs::create_dir_all(root.join(".pizhu")).unwrap();
        for name in ["b.txt", "a.MD", "2022/春/讲话", "2022/c.text", "d.ron", ".hidden.txt", ".pizhu/e.txt", "f.outline"] {
            fs::write(root.join(name), "同志们：\n").unwrap();
        }
        fs::write(root.join("program"), b"\x7FELF\x02\0\0\0").unwrap();
        fs::write(root.join("empty"), b"").unwrap();
        let names: Vec<String> =
            speeches_under(root).unwrap().iter().map(|path| path.strip_prefix(root).unwrap().display().to_string()).collect();
        assert_eq!(names, ["2022/c.text", "2022/春/讲话", "a.MD", "b.txt"]);
        assert!(matches!(speeches_under(&root.join("none")), Err(SourceError::Missing(_))));
        assert!(matches!(speeches_under(&root.join("b.txt")), Err(SourceError::Missing(_) | SourceError::Unreadable { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        fs::write(folder.path().join("a.txt"), "讲话").unwrap();
        assert_eq!(speeches_under(folder.path()).unwrap().len(), 1);
    }
}
