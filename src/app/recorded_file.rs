//! The file of a speech that a store has recorded.

use pizhu_annotation::SpeechHash;
use pizhu_library::source;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The file of a speech by the paths that the store recorded, the latest first. Earlier versions
/// recorded what is not UTF-8 as U+FFFD; such a path stands for the one file that reads so, or whose
/// text has the recorded hash.
pub(crate) fn recorded_file(places: &[PathBuf], hash: SpeechHash) -> Option<PathBuf> {
    let mut paths = places.iter().rev();
    paths.clone().find(|path| path.is_file()).cloned().or_else(|| paths.find_map(|path| undecodable_file(path, hash)))
}

/// The file whose path reads as `path` with U+FFFD for what is not UTF-8.
fn undecodable_file(path: &Path, hash: SpeechHash) -> Option<PathBuf> {
    let is_lossy = |path: &Path| path.to_str().is_some_and(|path| path.contains(char::REPLACEMENT_CHARACTER));
    if !is_lossy(path) {
        return None;
    }
    let mut found: Vec<PathBuf> = vec![PathBuf::new()];
    for step in path.components() {
        let name = step.as_os_str();
        if !is_lossy(Path::new(name)) {
            for path in &mut found {
                path.push(name);
            }
            continue;
        }
        let inside = |folder: &PathBuf| {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            fs::read_dir(folder).into_iter().flatten().flatten()
        };
        let same = found.iter().flat_map(inside).filter(|entry| entry.file_name().to_string_lossy() == name.to_string_lossy());
        found = same.map(|entry| entry.path()).collect();
    }
    found.retain(|path| path.is_file());
    let is_speech = |path: &PathBuf| source::open(path, None).is_ok_and(|speech| SpeechHash::from_text(&speech.document.source) == hash);
    if found.len() > 1 { found.into_iter().find(is_speech) } else { found.pop() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    /// Such a speech was said to be gone, with status 0.
    #[test]
    fn file_names_that_are_not_utf8_are_found_by_how_they_read_and_by_hash() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
        let folder = tempfile::tempdir().unwrap();
        // 讲话 and 讲稿 in GBK read alike as UTF-8.
        let names: [&[u8]; 2] = [b"\xBD\xB2\xBB\xB0.txt", b"\xBD\xB2\xB8\xE5.txt"];
        let paths = names.map(|name| folder.path().join(OsStr::from_bytes(name)));
        let hash = |text: &str| SpeechHash::from_text(&pizhu_text::text::SourceText::from(text));
        fs::write(&paths[0], "一、提高认识\n").unwrap();
        let recorded = [PathBuf::from(paths[0].to_string_lossy().into_owned())];
        assert_eq!(recorded_file(&recorded, hash("改过\n")), Some(paths[0].clone()), "the only one, though edited");
        fs::write(&paths[1], "二、抓好落实\n").unwrap();
        assert_eq!(recorded[0].to_string_lossy(), paths[1].to_string_lossy());
        for (path, text) in paths.iter().zip(["一、提高认识\n", "二、抓好落实\n"]) {
            assert_eq!(recorded_file(&recorded, hash(text)).as_ref(), Some(path));
        }
        assert_eq!(recorded_file(&recorded, hash("别的\n")), None, "two read alike, and neither is it");
        assert_eq!(recorded_file(&["没有.txt".into()], hash("一")), None);
    }
}
