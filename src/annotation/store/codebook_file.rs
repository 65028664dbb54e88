//! The codebook's file: RON, one line a tag, in the user's order.

use super::{
    Store, StoreError,
    sheet::{VERSION, parse},
};
use crate::annotation::codebook::{Codebook, Tag};
use serde::Deserialize;
use std::{collections::BTreeSet, io, path::PathBuf};

/// A codebook as it was read.
pub(super) struct CodebookFile {
    /// The codebook.
    pub(super) book: Codebook,
    path: PathBuf,
    bytes: Option<Vec<u8>>,
    newer: bool,
    damaged: bool,
}

#[derive(Deserialize)]
struct Whole {
    version: u32,
    tags: Vec<Tag>,
    #[serde(default)]
    deleted: BTreeSet<String>,
}

impl Store {
    pub(super) fn read_codebook(&self) -> Result<CodebookFile, StoreError> {
        let path = self.place.dir.join("codebook.ron");
        let bytes = match self.storage.read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(CodebookFile { book: Codebook::starter(), path, bytes: None, newer: false, damaged: false });
            }
            Err(error) => return Err(StoreError::io(&path)(error)),
        };
        let (book, newer, damaged) = read(&String::from_utf8_lossy(&bytes));
        Ok(CodebookFile { book, path, bytes: Some(bytes), newer, damaged })
    }

    pub(super) fn write_codebook(&self, file: &CodebookFile) -> Result<(), StoreError> {
        let CodebookFile { book, path, bytes, newer, damaged } = file;
        if *newer {
            return Err(StoreError::Newer(path.clone()));
        }
        if *damaged {
            self.put_aside(path)?;
        }
        if let Some(bytes) = bytes {
            self.back_up(path, bytes, false)?;
        }
        let text = write(book).map_err(|_| StoreError::NotTheSame(path.clone()))?;
        let (back, newer, damaged) = read(&text);
        if back != *book || newer || damaged {
            return Err(StoreError::NotTheSame(path.clone()));
        }
        self.replace(path, text.as_bytes())
    }
}

pub(super) fn write(book: &Codebook) -> Result<String, ron::Error> {
    let mut text = format!("(\nversion: {VERSION},\ntags: [\n");
    for tag in book.tags() {
        text.push_str(&ron::to_string(tag)?);
        text.push_str(",\n");
    }
    text.push_str("],\ndeleted: [\n");
    for name in book.deleted() {
        text.push_str(&ron::to_string(name)?);
        text.push_str(",\n");
    }
    text.push_str("],\n)\n");
    Ok(text)
}

/// The codebook in a file's text, whether a newer program wrote it, and whether something in it
/// was lost.
pub(super) fn read(text: &str) -> (Codebook, bool, bool) {
    let mut unknown = Vec::new();
    if let Ok(whole) = parse::<Whole>(text, &mut unknown) {
        let newer = whole.version > VERSION || !unknown.is_empty();
        return (Codebook::from_parts(whole.tags, whole.deleted), newer, false);
    }
    unknown.clear();
    let (mut tags, mut deleted, mut version, mut damaged) = (Vec::new(), BTreeSet::new(), 0, !text.trim_end().ends_with(')'));
    for line in text.lines() {
        let item = line.trim();
        let item = item.strip_suffix(',').unwrap_or(item);
        if let Some(number) = item.strip_prefix("version:").and_then(|number| number.trim().parse().ok()) {
            version = number;
        } else if let Ok(tag) = parse::<Tag>(item, &mut unknown) {
            tags.push(tag);
        } else if let Ok(name) = parse::<String>(item, &mut unknown) {
            deleted.insert(name);
        } else if !matches!(item, "" | "(" | ")" | "tags: [" | "deleted: [" | "]") && !super::sheet::is_mark(item) {
            damaged = true;
        }
    }
    (Codebook::from_parts(tags, deleted), version > VERSION || !unknown.is_empty(), damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_codebook_is_read_as_it_was_written_and_line_by_line_after_a_union() {
        let mut book = Codebook::starter();
        book.rename("人才工作", "人才").unwrap();
        book.delete("中心工作").unwrap();
        let text = write(&book).unwrap();
        assert_eq!(read(&text), (book.clone(), false, false));
        let united = text.replacen("tags: [\n", "tags: [\n(name:\"信息化\"),\n(name:\"信息化\"),\ndeleted: [\n", 1);
        let (mended, newer, damaged) = read(&united);
        assert!(mended.get("信息化").is_some() && mended.tags().len() == book.tags().len() + 1);
        assert!(!newer && !damaged);
    }
}
