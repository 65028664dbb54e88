//! Finds the speech files of a folder.

use super::{error::SourceError, file_kind::FileKind, ignore_rules::IgnoreRules};
use ignore::{DirEntry, WalkBuilder};
use pizhu_files::regular_file::{IrregularFile, open_source};
use pizhu_text::text::decode;
use std::{
    fs::{self, Metadata},
    io::{self, Read as _},
    iter,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use super::ignore_rules::MAX_RULES_BYTES;

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
    if path.extension().is_some() { is_named_as_speech(path) } else { !is_hidden(path) && begins_as_text(path) }
}

/// Whether a file is a speech by its extension.
fn is_named_as_speech(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    !is_hidden(path) && extension.is_some_and(|extension| EXTENSIONS.contains(&extension.as_str()))
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) || is_lock_file(path)
}

/// Whether a file is what Word leaves beside a document while it is open: `~$讲话.docx`.
///
/// ```
/// use pizhu_library::source::is_lock_file;
/// use std::path::Path;
///
/// assert!(is_lock_file(Path::new("会议/~$讲话.docx")));
/// assert!(!is_lock_file(Path::new("~讲话.docx")));
/// ```
#[must_use]
pub fn is_lock_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"~$"))
}

fn begins_as_text(path: &Path) -> bool {
    // Opening a pipe would block until it has a writer.
    if !fs::metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return false;
    }
    let mut head = Vec::new();
    let read = open_source(path).and_then(|(file, _)| file.take(SNIFF_BYTES).read_to_end(&mut head));
    let (encoding, _) = decode::detect(&head, None, false);
    read.is_ok() && !head.is_empty() && FileKind::detect(path, &head, encoding, false).is_none()
}

/// Walks folders and files and yields their speech files, sorted by name within each folder.
///
/// A file given as a root is a speech whatever its name. Hidden files and folders are skipped, and
/// so are those ignored by a `.gitignore` in or below a root, if that is a regular file of at most
/// [`MAX_RULES_BYTES`]. Links to folders are not followed, so the walk ends.
///
/// An unreadable root is an error; unreadable folders below it are skipped.
pub fn walk(roots: &[PathBuf]) -> impl Iterator<Item = Result<(PathBuf, Metadata), SourceError>> {
    walk_telling(roots, |_| ())
}

/// A speech file that was found, with its metadata if they had to be looked at.
type FoundFile = (PathBuf, Option<Metadata>);

/// Something below a folder that its speeches are listed without.
#[derive(Debug)]
pub enum LeftOut {
    /// A link to a folder, which is not followed: it may lead out of what the user named, or back
    /// into it.
    LinkedFolder(PathBuf),
    /// A folder that cannot be read, or something with the name of a speech that is no file: a FIFO,
    /// a device, a link that leads nowhere.
    Unreadable(SourceError),
    /// A file of ignore rules that is not used, and why: it is no regular file, too large, or
    /// unreadable.
    Rules(PathBuf, io::Error),
}

/// [`walk`], passing what is left out to `tell`.
pub(crate) fn walk_telling<'a, F: FnMut(LeftOut) + 'a>(
    roots: &'a [PathBuf],
    tell: F,
) -> impl Iterator<Item = Result<(PathBuf, Metadata), SourceError>> + 'a {
    find_files(roots, tell).filter_map(|found| match found {
        Ok((path, Some(metadata))) => Some(Ok((path, metadata))),
        // One that is no longer there was deleted during the walk.
        Ok((path, None)) => fs::metadata(&path).ok().map(|metadata| Ok((path, metadata))),
        Err(error) => Some(Err(error)),
    })
}

/// [`walk_telling`], looking at the metadata only of what the folder does not list as a regular file.
fn find_files<'a, F: FnMut(LeftOut) + 'a>(roots: &'a [PathBuf], mut tell: F) -> impl Iterator<Item = Result<FoundFile, SourceError>> + 'a {
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
    let rules = Arc::new(IgnoreRules::default());
    if let Some(walker) = &mut walker {
        // Ignore files above a root do not count: a home folder kept in git often ignores everything.
        walker.standard_filters(false).hidden(true).sort_by_file_name(Ord::cmp);
        let rules = Arc::clone(&rules);
        walker.filter_entry(move |entry| {
            let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
            !rules.is_ignored(entry.path(), entry.depth(), is_dir)
        });
    }
    let mut entries = walker.into_iter().flat_map(|walker| walker.build());
    let found = iter::from_fn(move || {
        loop {
            let entry = entries.next();
            for (file, error) in rules.take_unread() {
                tell(LeftOut::Rules(file, error));
            }
            match examine(entry?) {
                Ok(Some(found)) => return Some(Ok(found)),
                Ok(None) => {}
                Err(RejectedEntry::Root(error)) => return Some(Err(error)),
                Err(RejectedEntry::LeftOut(left_out)) => tell(left_out),
            }
        }
    });
    missing.into_iter().chain(found)
}

/// An entry of a walk that is no speech but is told.
enum RejectedEntry {
    /// A root that cannot be read.
    Root(SourceError),
    LeftOut(LeftOut),
}

/// The speech file of an entry; `None` if it is none.
fn examine(entry: Result<DirEntry, ignore::Error>) -> Result<Option<FoundFile>, RejectedEntry> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => match unreadable(error) {
            None => return Ok(None),
            Some((true, error)) => return Err(RejectedEntry::Root(error)),
            Some((false, error)) => return Err(RejectedEntry::LeftOut(LeftOut::Unreadable(error))),
        },
    };
    let (is_root, is_link) = (entry.depth() == 0, entry.path_is_symlink());
    let is_listed_file = !is_root && !is_link && entry.file_type().is_some_and(|kind| kind.is_file());
    let path = entry.into_path();
    if is_listed_file {
        return Ok(is_speech_file(&path).then_some((path, None)));
    }
    let left_out = |path: &Path, error| Err(RejectedEntry::LeftOut(LeftOut::Unreadable(SourceError::io(path, error))));
    let metadata = match fs::metadata(&path) {
        Ok(metadata) => metadata,
        // Without a link, it was deleted during the walk.
        Err(error) if is_link && is_named_as_speech(&path) => return left_out(&path, error),
        Err(_) => return Ok(None),
    };
    if is_link && !is_root && metadata.is_dir() {
        return Err(RejectedEntry::LeftOut(LeftOut::LinkedFolder(path)));
    }
    match IrregularFile::from_type(metadata.file_type()) {
        None => Ok((is_root || is_speech_file(&path)).then_some((path, Some(metadata)))),
        Some(IrregularFile::Folder) => Ok(None),
        Some(kind) if is_named_as_speech(&path) => left_out(&path, kind.into()),
        Some(_) => Ok(None),
    }
}

/// The error of an unreadable folder, and whether it is a root; `None` for errors of ignore files.
fn unreadable(error: ignore::Error) -> Option<(bool, SourceError)> {
    let at_root = error.depth() == Some(0);
    let path = match &error {
        ignore::Error::WithDepth { err, .. } => match &**err {
            ignore::Error::WithPath { path, .. } => Some(path.clone()),
            _ => None,
        },
        _ => None,
    }?;
    Some((at_root, SourceError::io(&path, error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into()))))
}

/// Collects the speech files under `folder` as [`walk`] yields them, sorted by path.
///
/// # Errors
/// When `folder` itself cannot be read; unreadable folders below it are skipped.
pub fn speeches_under(folder: &Path) -> Result<Vec<PathBuf>, SourceError> {
    Ok(list_speeches(folder)?.files)
}

/// The speech files of a folder, and what was left out.
#[derive(Debug, Default)]
pub struct SpeechList {
    /// The files, sorted by path.
    pub files: Vec<PathBuf>,
    /// What was left out, in the order of the walk. Hidden and ignored files are not told.
    pub left_out: Vec<LeftOut>,
}

/// Collects the speech files under `folder` like [`speeches_under`], with what was left out.
///
/// # Errors
/// When `folder` itself cannot be read.
pub fn list_speeches(folder: &Path) -> Result<SpeechList, SourceError> {
    let mut files = Vec::new();
    let left_out = for_each_speech(folder, |path| {
        files.push(path);
        ControlFlow::Continue(())
    })?;
    Ok(SpeechList { files, left_out })
}

/// Calls `found` with each speech file under `folder` as the walk comes to it, in the order of
/// [`list_speeches`], until it breaks. Returns what was left out.
///
/// # Errors
/// When `folder` itself cannot be read.
pub fn for_each_speech(folder: &Path, mut found: impl FnMut(PathBuf) -> ControlFlow<()>) -> Result<Vec<LeftOut>, SourceError> {
    let mut left_out = Vec::new();
    let roots = [folder.to_owned()];
    // Sorted by name in each folder is sorted by path: paths compare name by name.
    for entry in find_files(&roots, |one| left_out.push(one)) {
        if found(entry?.0).is_break() {
            break;
        }
    }
    Ok(left_out)
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

    /// A FIFO used to block every command over the folder, and a link to /dev/zero to abort it.
    #[cfg(unix)]
    #[test]
    fn ignore_files_that_are_not_regular_files_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join(".git/info")).unwrap();
        fs::create_dir_all(root.join("b")).unwrap();
        for name in ["a.txt", "b/c.txt"] {
            fs::write(root.join(name), "讲话").unwrap();
        }
        fs::write(root.join("rules.list"), "*.txt\n").unwrap();
        for name in [".gitignore", ".ignore", ".git/info/exclude"] {
            let file = root.join(name);
            // The number of speeches, and the reason why the file is not used.
            let found = || {
                let listed = list_speeches(root).unwrap();
                let told = listed.left_out.into_iter().map(|left_out| match left_out {
                    LeftOut::Rules(path, error) if path == file => IrregularFile::from_error(&error).unwrap(),
                    other => panic!("{name}: {other:?}"),
                });
                (listed.files.len(), told.collect::<Vec<_>>())
            };
            assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
            assert_eq!(found(), (2, vec![IrregularFile::Fifo]), "{name}");
            for target in ["/dev/zero", "/dev/full", "rules.list", "none"] {
                fs::remove_file(&file).unwrap();
                std::os::unix::fs::symlink(root.join(target), &file).unwrap();
                assert_eq!(found(), (2, vec![IrregularFile::Link]), "{name}: a link to {target}");
            }
            fs::remove_file(&file).unwrap();
            fs::write(&file, format!("*.txt\n{}", "#".repeat(1 << 20))).unwrap();
            assert_eq!(found(), (2, vec![IrregularFile::TooLarge]), "{name}: over 1 MB");
            fs::write(&file, "\u{FEFF}b/\n").unwrap();
            assert_eq!(found(), (1, Vec::new()), "{name}: a file");
            fs::remove_file(&file).unwrap();
        }
    }

    /// They were left out in silence.
    #[cfg(unix)]
    #[test]
    fn special_files_named_like_speeches_are_reported() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::write(root.join("a.txt"), "讲话").unwrap();
        for name in ["fifo.txt", "fifo", ".fifo.txt"] {
            assert!(std::process::Command::new("mkfifo").arg(root.join(name)).status().unwrap().success());
        }
        for (name, target) in [("device.md", "/dev/zero"), ("nowhere.txt", "none"), ("self.txt", "self.txt"), (".#a.txt", "user@host:1")] {
            std::os::unix::fs::symlink(target, root.join(name)).unwrap();
        }
        let listed = list_speeches(root).unwrap();
        assert_eq!(listed.files, [root.join("a.txt")]);
        let told = listed.left_out.iter().map(|left_out| match left_out {
            LeftOut::Unreadable(error) => error.path().file_name().unwrap().to_str().unwrap(),
            other => panic!("{other:?}"),
        });
        assert_eq!(told.collect::<Vec<_>>(), ["device.md", "fifo.txt", "nowhere.txt", "self.txt"]);
    }

    /// As git and the walking library have it.
    #[test]
    fn nearer_rules_and_those_of_dot_ignore_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("inner/.git")).unwrap();
        fs::create_dir_all(root.join("near")).unwrap();
        fs::write(root.join(".gitignore"), "*.md\n!keep.md\n/only.txt\n").unwrap();
        fs::write(root.join("near/.gitignore"), "!back.md\n").unwrap();
        fs::write(root.join(".ignore"), "!seen.md\n").unwrap();
        for name in ["a.md", "keep.md", "only.txt", "near/only.txt", "near/back.md", "near/seen.md", "near/a.md", "inner/a.md"] {
            fs::write(root.join(name), "讲话").unwrap();
        }
        let names: Vec<String> =
            speeches_under(root).unwrap().iter().map(|path| path.strip_prefix(root).unwrap().display().to_string()).collect();
        // Rules of git end at the top of the inner repository.
        assert_eq!(names, ["inner/a.md", "keep.md", "near/back.md", "near/only.txt", "near/seen.md"]);
    }

    #[cfg(unix)]
    #[test]
    fn link_loops_terminate() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("again")).unwrap();
        fs::write(folder.path().join("a.txt"), "讲话").unwrap();
        fs::write(folder.path().join("~$讲话.docx"), "\u{6}user").unwrap();
        let listed = list_speeches(folder.path()).unwrap();
        assert_eq!(listed.files, [folder.path().join("a.txt")]);
        // Linked folders were left out in silence.
        assert!(matches!(&listed.left_out[..], [LeftOut::LinkedFolder(path)] if *path == folder.path().join("again")), "{listed:?}");
    }
}
