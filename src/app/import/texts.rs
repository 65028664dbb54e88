//! Taking the texts out of a project that is imported.
//!
//! Invariant: no existing file is written over, nor a link followed at the last step.

use super::{
    request::{ImportRequest, SpeechReader},
    resolver::SpeechResolver,
};
use crate::app::error::UseCaseError;
use pizhu_library::exchange::import::ImportText;
use pizhu_library::source::STDIN;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Maximum chars of a file name without its extension.
const MAX_NAME_CHARS: usize = 60;

/// Writes the texts that no speech has to files, which the resolver then knows. Returns their paths.
pub(super) fn write_missing(
    request: &ImportRequest<'_>,
    resolver: &mut SpeechResolver<'_>,
    reader: &mut SpeechReader<'_>,
) -> Result<Vec<String>, UseCaseError> {
    let mut written = Vec::new();
    for text in &request.batch.texts {
        // Without a folder named, a speech of the same name is taken for it, though it may be edited.
        let is_there =
            resolver.find_text(reader, text.hash).is_some() || request.texts.is_none() && resolver.find(reader, &text.into()).is_some();
        if is_there {
            continue;
        }
        let folder = match request.texts {
            Some(folder) => folder.to_owned(),
            None if request.file == Path::new(STDIN) => continue,
            None => request.file.with_extension(""),
        };
        let path = write_text(&folder, text).map_err(|error| UseCaseError::Folder(folder, error))?;
        resolver.add(text.hash, &path);
        written.push(path.display().to_string());
    }
    Ok(written)
}

/// Writes a text to a new file, or finds the file that has it already.
fn write_text(folder: &Path, text: &ImportText) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let content: Vec<u8> = text.text.chunks().iter().flat_map(|chunk| chunk.text().as_bytes().to_vec()).collect();
    let stem = file_stem(&text.document);
    for number in 1.. {
        let name = if number == 1 { format!("{stem}.txt") } else { format!("{stem} ({number}).txt") };
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                file.write_all(&content)?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let is_same = fs::symlink_metadata(&path).is_ok_and(|known| known.is_file() && known.len() == content.len() as u64)
                    && fs::read(&path).is_ok_and(|known| known == content);
                if is_same {
                    return Ok(path);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// A file name for a source of a project, without path and extension: `../甲/讲 话.txt` gives `讲 话`.
fn file_stem(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = ["txt", "docx", "md", "html", "htm", "rtf", "odt", "epub", "pdf"]
        .iter()
        .find_map(|extension| name.strip_suffix(extension)?.strip_suffix('.'))
        .unwrap_or(name);
    let is_plain = |c: &char| !c.is_control() && !":*?\"<>|".contains(*c);
    let stem: String = stem.chars().filter(is_plain).take(MAX_NAME_CHARS).collect();
    let stem = stem.trim().trim_start_matches('.').trim_end_matches('.').trim();
    if stem.is_empty() { "text".to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_annotation::SpeechHash;
    use pizhu_text::text::SourceText;

    fn text(document: &str, words: &str) -> ImportText {
        let text = SourceText::from(words);
        ImportText { document: document.to_owned(), hash: SpeechHash::from_text(&text), text }
    }

    #[test]
    fn names_stay_in_the_folder() {
        for (name, wanted) in [
            ("../甲/讲 话.txt", "讲 话"),
            ("C:\\讲话.docx", "讲话"),
            ("..", "text"),
            (".pizhu", "pizhu"),
            ("", "text"),
            ("a\u{1B}[2J\n:*.txt", "a[2J"),
            ("2024.3 讲话", "2024.3 讲话"),
        ] {
            assert_eq!(file_stem(name), wanted, "{name:?}");
        }
        assert_eq!(file_stem(&"长".repeat(500)).chars().count(), MAX_NAME_CHARS);
    }

    #[test]
    fn no_file_is_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("项目");
        let first = write_text(&folder, &text("讲话.txt", "一\n")).unwrap();
        assert_eq!((first.clone(), fs::read_to_string(&first).unwrap()), (folder.join("讲话.txt"), "一\n".to_owned()));
        assert_eq!(write_text(&folder, &text("讲话.txt", "一\n")).unwrap(), first, "the same text again");
        fs::write(&first, "我的\n").unwrap();
        let second = write_text(&folder, &text("讲话.txt", "一\n")).unwrap();
        assert_eq!((second, fs::read_to_string(&first).unwrap()), (folder.join("讲话 (2).txt"), "我的\n".to_owned()));
        #[cfg(unix)]
        {
            let outside = dir.path().join("outside");
            std::os::unix::fs::symlink(&outside, folder.join("链接.txt")).unwrap();
            assert_eq!(write_text(&folder, &text("链接", "二\n")).unwrap(), folder.join("链接 (2).txt"));
            assert!(!outside.exists());
        }
    }
}
