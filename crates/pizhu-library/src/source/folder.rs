//! Finds the speech files of a folder.

use super::{error::SourceError, file_kind::FileKind};
use ignore::WalkBuilder;
use pizhu_text::text::decode;
use std::{
    fs::{self, File, Metadata},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

/// Extensions of speech files, in lower case.
pub(crate) const EXTENSIONS: [&str; 9] = ["txt", "text", "md", "markdown", "docx", "html", "htm", "xhtml", "epub"];
/// Bytes read from a file without an extension to detect text.
const SNIFF_BYTES: u64 = 4096;

/// Whether a file is a speech: by its extension or, without one, by its content. Hidden files are
/// not. Only a file without an extension is opened.
///
/// ```
/// use pizhu_library::source::is_speech_file;
/// use std::path::Path;
///
/// assert!(is_speech_file(Path::new("讲话.TXT")) && is_speech_file(Path::new("讲话.docx")));
/// assert!(!is_speech_file(Path::new("数据.xlsx")) && !is_speech_file(Path::new(".草稿.txt")));
/// ```
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
    // Opening a pipe would block until it has a writer.
    if !fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return false;
    }
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(SNIFF_BYTES).read_to_end(&mut head));
    let (encoding, _) = decode::detect(&head, None, false);
    read.is_ok() && !head.is_empty() && FileKind::detect(path, &head, encoding, false).is_none()
}

/// Walks folders and files and yields their speech files, sorted by name within each folder.
///
/// A file given as a root is a speech whatever its name. Hidden files and folders are skipped, and
/// so are those ignored by a `.gitignore` in or below a root. Links to folders are not followed, so
/// the walk ends.
///
/// An unreadable root is an error; unreadable folders below it are skipped.
pub fn walk(roots: &[PathBuf]) -> impl Iterator<Item = Result<(PathBuf, Metadata), SourceError>> {
    let mut missing = Vec::new();
    let mut walker: Option<WalkBuilder> = None;
    for root in roots {
        if let Err(error) = fs::metadata(root) {
            missing.push(Err(SourceError::io(root, error)));
            continue;
        }
        match &mut walker {
            None => walker = Some(WalkBuilder::new(root)),
            Some(walker) => {
                walker.add(root);
            }
        }
    }
    if let Some(walker) = &mut walker {
        // Ignore files above a root do not count: a home folder kept in git often ignores everything.
        walker.parents(false).git_global(false).require_git(false).sort_by_file_name(Ord::cmp);
    }
    let found = walker.into_iter().flat_map(|walker| walker.build()).filter_map(|entry| {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return unreadable_root(error).map(Err),
        };
        let is_root = entry.depth() == 0;
        let path = entry.into_path();
        let metadata = fs::metadata(&path).ok().filter(Metadata::is_file)?;
        (is_root || is_speech_file(&path)).then_some(Ok((path, metadata)))
    });
    missing.into_iter().chain(found)
}

/// The error of an unreadable root; `None` for errors below a root.
fn unreadable_root(error: ignore::Error) -> Option<SourceError> {
    let at_root = error.depth() == Some(0);
    let path = match &error {
        ignore::Error::WithDepth { err, .. } => match &**err {
            ignore::Error::WithPath { path, .. } => Some(path.clone()),
            _ => None,
        },
        _ => None,
    }?;
    at_root.then(|| SourceError::io(&path, error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into())))
}

/// Collects the speech files under `folder` as [`walk`] yields them, sorted by path.
///
/// # Errors
/// When `folder` itself cannot be read; unreadable folders below it are skipped.
pub fn speeches_under(folder: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let mut found = walk(&[folder.to_owned()]).map(|entry| entry.map(|(path, _)| path)).collect::<Result<Vec<PathBuf>, SourceError>>()?;
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeches_are_found_by_extension_or_content() {
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
        assert_eq!(speeches_under(&root.join("b.txt")).unwrap(), [root.join("b.txt")]);
    }

    #[test]
    fn ignored_files_are_skipped_unless_given_as_roots() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("speeches");
        fs::create_dir_all(root.join("drafts")).unwrap();
        fs::write(folder.path().join(".gitignore"), "*\n").unwrap();
        fs::write(root.join(".gitignore"), "drafts/\n*.md\n").unwrap();
        for name in ["a.txt", "b.md", "drafts/c.txt"] {
            fs::write(root.join(name), "讲话").unwrap();
        }
        assert_eq!(speeches_under(&root).unwrap(), [root.join("a.txt")]);
        let roots = [root.join("b.md"), root.join("none"), root.join("drafts")];
        let found: Vec<_> = walk(&roots).collect();
        assert!(matches!(&found[0], Err(SourceError::Missing(path)) if *path == roots[1]));
        let found: Vec<&PathBuf> = found.iter().flatten().map(|(path, _)| path).collect();
        assert_eq!(found, [&root.join("b.md"), &root.join("drafts/c.txt")]);
    }

    #[cfg(unix)]
    #[test]
    fn link_loops_terminate() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        fs::write(folder.path().join("a.txt"), "讲话").unwrap();
        assert_eq!(speeches_under(folder.path()).unwrap().len(), 1);
    }
}
