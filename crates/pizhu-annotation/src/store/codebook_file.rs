//! The codebook's file: RON, one line a tag, in the user's order.

use super::{
    Store, StoreError,
    files::SETTLE,
    sheet::{VERSION, parse},
};
use crate::codebook::Codebook;
use crate::codebook::Tag;
use crate::storage::Stamp;
use serde::Deserialize;
use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    thread,
};

/// The codebook's file in the store's folder.
pub(super) const CODEBOOK: &str = "codebook.ron";

/// A codebook as it was read, with what copies of it have.
pub(super) struct CodebookFile {
    /// The codebook.
    pub(super) book: Codebook,
    /// As it was read, before anybody changed it.
    base: Codebook,
    /// Where it is and what tells that it has changed; `None` where there is none yet.
    stamp: Option<Stamp>,
    bytes: Vec<u8>,
    /// The copies whose content it has.
    copies: Vec<(PathBuf, Stamp)>,
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
    fn codebook_path(&self) -> PathBuf {
        self.place.dir.join(CODEBOOK)
    }

    /// The codebook with the copies of it that were last found.
    pub(super) fn read_codebook(&self) -> Result<CodebookFile, StoreError> {
        let path = self.codebook_path();
        let stamp = self.storage.stamp(&path).ok();
        let (bytes, (book, newer, damaged)) = match self.storage.read(&path) {
            Ok(bytes) => {
                let parts = read(&String::from_utf8_lossy(&bytes));
                (bytes, parts)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => (Vec::new(), (Codebook::starter(), false, false)),
            Err(error) => return Err(StoreError::io(&path)(error)),
        };
        let mut file = CodebookFile { base: book.clone(), book, stamp, bytes, copies: Vec::new(), newer, damaged };
        for copy in self.codebook_copies() {
            let (Ok(stamp), Ok(bytes)) = (self.storage.stamp(&copy), self.storage.read(&copy)) else { continue };
            let (theirs, newer, damaged) = read(&String::from_utf8_lossy(&bytes));
            // What cannot be taken in whole stays where it is.
            if !newer && !damaged && is_codebook(&bytes) {
                file.book = Codebook::merge_two(&file.book, &theirs);
                file.copies.push((copy, stamp));
            }
        }
        Ok(file)
    }

    /// Writes the codebook, under the store's lock. What others have made of the file since it was
    /// read is merged. Gives the copies that were merged into it and put aside.
    pub(super) fn write_codebook(&self, mut file: CodebookFile) -> Result<Vec<PathBuf>, StoreError> {
        let path = self.codebook_path();
        self.persist(|| {
            if file.newer {
                return Err(StoreError::Newer(path.clone()));
            }
            if file.damaged {
                // It may be half written by somebody who is still at it.
                thread::sleep(SETTLE);
            }
            if let Some(merged) = self.try_write_codebook(&path, &file)? {
                return Ok(Some(merged));
            }
            let there = self.read_codebook()?;
            let book = Codebook::merge_three(&file.base, &file.book, &there.book);
            file = CodebookFile { book, ..there };
            Ok(None)
        })
    }

    /// [`Self::write_codebook`], `None` where somebody changed the file meanwhile.
    fn try_write_codebook(&self, path: &Path, file: &CodebookFile) -> Result<Option<Vec<PathBuf>>, StoreError> {
        let is_unchanged = || self.storage.stamp(path).ok() == file.stamp;
        if !is_unchanged() {
            return Ok(None);
        }
        if file.damaged {
            self.put_aside(path)?;
        }
        if !file.bytes.is_empty() {
            self.back_up(path, &file.bytes, false)?;
        }
        let text = write(&file.book).map_err(|_| StoreError::NotTheSame(path.to_owned()))?;
        let (back, newer, damaged) = read(&text);
        if back != file.book || newer || damaged {
            return Err(StoreError::NotTheSame(path.to_owned()));
        }
        if !self.replace_if(path, text.as_bytes(), is_unchanged)? {
            return Ok(None);
        }
        let mut merged = Vec::new();
        for copy in &file.copies {
            if self.retire(copy)? {
                merged.push(copy.0.clone());
            }
        }
        Ok(Some(merged))
    }
}

/// Whether the text is that of a codebook, not of a speech.
pub(super) fn is_codebook(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).lines().any(|line| line.trim() == "tags: [")
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
