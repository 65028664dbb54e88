//! The codebook's file: RON, one line per tag, in the user's order.

use super::{
    constants::{CODEBOOK_FILE, SCHEMA_VERSION, WRITE_SETTLE_DELAY},
    error::StoreError,
    handle::Store,
    speech_file::{is_conflict_marker, parse},
};
use crate::codebook::{Codebook, CodebookError, Tag};
use crate::storage::FileFingerprint;
use serde::Deserialize;
use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    thread,
};

/// A codebook as read, merged with copies of it.
pub(super) struct CodebookFile {
    /// The codebook.
    pub(super) book: Codebook,
    /// The codebook as read, before any change.
    base: Codebook,
    /// The file's fingerprint; `None` if there is no file yet.
    fingerprint: Option<FileFingerprint>,
    bytes: Vec<u8>,
    /// The copies merged into it.
    copies: Vec<(PathBuf, FileFingerprint)>,
    newer: bool,
    damaged: bool,
}

#[derive(Deserialize)]
struct CodebookSchema {
    version: u32,
    tags: Vec<Tag>,
    #[serde(default)]
    deleted: BTreeSet<String>,
}

impl Store {
    /// The codebook; the starter codebook if the store has none yet.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    pub fn codebook(&self) -> Result<Codebook, StoreError> {
        self.find_codebooks()?;
        Ok(self.read_codebook()?.book)
    }

    /// Changes the codebook and saves it.
    ///
    /// # Errors
    /// Fails if `change` refuses, or the codebook cannot be saved; then nothing has changed.
    pub fn edit_codebook<T>(&self, change: impl FnOnce(&mut Codebook) -> Result<T, CodebookError>) -> Result<T, StoreError> {
        let _lock = self.lock()?;
        self.find_codebooks()?;
        let mut file = self.read_codebook()?;
        let given = change(&mut file.book)?;
        self.write_codebook(file)?;
        Ok(given)
    }

    fn codebook_path(&self) -> PathBuf {
        self.location.dir.join(CODEBOOK_FILE)
    }

    /// Reads the codebook, merged with the copies found last.
    pub(super) fn read_codebook(&self) -> Result<CodebookFile, StoreError> {
        let path = self.codebook_path();
        let fingerprint = self.storage.fingerprint(&path).ok();
        let (bytes, (book, newer, damaged)) = match self.storage.read(&path) {
            Ok(bytes) => {
                let parts = read(&String::from_utf8_lossy(&bytes));
                (bytes, parts)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => (Vec::new(), (Codebook::starter(), false, false)),
            Err(error) => return Err(StoreError::io(&path)(error)),
        };
        let mut file = CodebookFile { base: book.clone(), book, fingerprint, bytes, copies: Vec::new(), newer, damaged };
        for copy in self.codebook_copies() {
            let (Ok(fingerprint), Ok(bytes)) = (self.storage.fingerprint(&copy), self.storage.read(&copy)) else { continue };
            let (theirs, newer, damaged) = read(&String::from_utf8_lossy(&bytes));
            // A copy that cannot be read completely is left alone.
            if !newer && !damaged && is_codebook(&bytes) {
                file.book = Codebook::two_way_merge(&file.book, &theirs);
                file.copies.push((copy, fingerprint));
            }
        }
        Ok(file)
    }

    /// Writes the codebook, under the store's lock, merging what others have written since it was
    /// read. Returns the copies that were merged into it and copied aside.
    pub(super) fn write_codebook(&self, mut file: CodebookFile) -> Result<Vec<PathBuf>, StoreError> {
        let path = self.codebook_path();
        self.retry_until_unchanged(|| {
            if file.newer {
                return Err(StoreError::Newer(path.clone()));
            }
            if file.damaged {
                // Another program may still be writing it.
                thread::sleep(WRITE_SETTLE_DELAY);
            }
            if let Some(merged) = self.try_write_codebook(&path, &file)? {
                return Ok(Some(merged));
            }
            let current = self.read_codebook()?;
            let book = Codebook::three_way_merge(&file.base, &file.book, &current.book);
            file = CodebookFile { book, ..current };
            Ok(None)
        })
    }

    /// One attempt at [`Self::write_codebook`]; `None` if the file changed meanwhile.
    fn try_write_codebook(&self, path: &Path, file: &CodebookFile) -> Result<Option<Vec<PathBuf>>, StoreError> {
        let is_unchanged = || self.storage.fingerprint(path).ok() == file.fingerprint;
        if !is_unchanged() {
            return Ok(None);
        }
        if file.damaged {
            self.put_aside(path)?;
        }
        if !file.bytes.is_empty() {
            self.back_up(path, &file.bytes, false)?;
        }
        let text = write(&file.book).map_err(|_| StoreError::ReadBackMismatch(path.to_owned()))?;
        let (back, newer, damaged) = read(&text);
        if back != file.book || newer || damaged {
            return Err(StoreError::ReadBackMismatch(path.to_owned()));
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

/// Whether the text is a codebook's, not a speech's.
pub(super) fn is_codebook(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).lines().any(|line| line.trim() == "tags: [")
}

pub(super) fn write(book: &Codebook) -> Result<String, ron::Error> {
    let mut text = format!("(\nversion: {SCHEMA_VERSION},\ntags: [\n");
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

/// Parses a codebook; also returns whether a newer program wrote it, and whether something was
/// lost.
pub(super) fn read(text: &str) -> (Codebook, bool, bool) {
    let mut unknown = Vec::new();
    if let Ok(whole) = parse::<CodebookSchema>(text, &mut unknown) {
        let newer = whole.version > SCHEMA_VERSION || !unknown.is_empty();
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
        } else if !matches!(item, "" | "(" | ")" | "tags: [" | "deleted: [" | "]") && !is_conflict_marker(item) {
            damaged = true;
        }
    }
    (Codebook::from_parts(tags, deleted), version > SCHEMA_VERSION || !unknown.is_empty(), damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codebook_round_trips_and_is_read_by_lines_after_a_union_merge() {
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
