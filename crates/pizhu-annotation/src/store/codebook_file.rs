//! The codebook's file: RON, one line per tag, in the user's order.

use super::{
    constants::{CODEBOOK_FILE, SCHEMA_VERSION, WRITE_SETTLE_DELAY},
    error::StoreError,
    handle::Store,
    speech_file::{is_conflict_marker, parse},
    warning::StoreWarning,
};
use crate::codebook::{Codebook, CodebookError, Tag, TagLookup};
use crate::storage::FileFingerprint;
use pizhu_files::regular_file::IrregularFile;
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

/// The result of reading a codebook's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CodebookOutcome {
    /// What can be read.
    pub(super) book: Codebook,
    /// Whether a newer program wrote it.
    pub(super) newer: bool,
    /// Number of unreadable lines.
    pub(super) lost_lines: usize,
    /// Whether the closing line is missing, which only a complete file has.
    pub(super) truncated: bool,
}

impl CodebookOutcome {
    /// Whether something was lost.
    pub(super) fn is_damaged(&self) -> bool {
        self.lost_lines > 0 || self.truncated
    }
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
        let path = self.codebook_path();
        self.storage.check_regular(&path).map_err(StoreError::io(&path))?;
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
        let mut file = match self.storage.read(&path) {
            Ok(bytes) => self.read_main(&path, bytes, fingerprint),
            // What is no regular file is passed over and told.
            Err(error) if error.kind() == io::ErrorKind::NotFound || IrregularFile::is_passed_over(&error) => {
                let book = Codebook::starter();
                let (base, bytes, copies) = (book.clone(), Vec::new(), Vec::new());
                CodebookFile { book, base, fingerprint, bytes, copies, newer: false, damaged: false }
            }
            Err(error) => return Err(StoreError::io(&path)(error)),
        };
        for copy in self.codebook_copies() {
            let (Ok(fingerprint), Ok(bytes)) = (self.storage.fingerprint(&copy), self.storage.read(&copy)) else { continue };
            let theirs = read(&String::from_utf8_lossy(&bytes));
            // A copy that cannot be read completely is left alone.
            if !theirs.newer && !theirs.is_damaged() && is_codebook(&bytes) {
                file.book = Codebook::two_way_merge(&file.book, &theirs.book);
                file.copies.push((copy, fingerprint));
            }
        }
        Ok(file)
    }

    /// The codebook in `bytes`. What a damaged one lacks comes from the last backup.
    fn read_main(&self, path: &Path, bytes: Vec<u8>, fingerprint: Option<FileFingerprint>) -> CodebookFile {
        let outcome = read(&String::from_utf8_lossy(&bytes));
        let (damaged, newer) = (outcome.is_damaged() && !outcome.newer, outcome.newer);
        let mut book = outcome.book;
        if damaged {
            let missing = self.tags_of_backup(path, &book);
            for tag in &missing {
                // The parent is there: it comes first.
                let _ = book.add(tag.clone());
            }
            // A missing closing line is one, too.
            let lost = outcome.lost_lines.max(missing.len()).max(1);
            self.warn(StoreWarning::Damaged { path: path.to_owned(), lost });
        }
        CodebookFile { base: book.clone(), book, fingerprint, bytes, copies: Vec::new(), newer, damaged }
    }

    /// The tags of the last backup that are not in `book` and that nobody renamed or deleted, in the
    /// order of the tree.
    fn tags_of_backup(&self, path: &Path, book: &Codebook) -> Vec<Tag> {
        let Some(backup) = self.last_backup(path) else { return Vec::new() };
        let backup = read(&String::from_utf8_lossy(&backup)).book;
        let missing = backup.tree().into_iter().map(|(_, tag)| tag).filter(|tag| book.resolve(&tag.name) == TagLookup::Unknown);
        missing.cloned().collect()
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
            let aside = self.put_aside(path)?;
            self.warn(StoreWarning::PutAside { path: path.to_owned(), aside });
        } else if !file.bytes.is_empty() {
            // Tags that vanished without a trace may have been deleted by hand or lost.
            let shrunk = !self.tags_of_backup(path, &file.base).is_empty();
            if shrunk {
                self.put_aside(path)?;
            }
            self.back_up(path, &file.bytes, shrunk)?;
        }
        let text = write(&file.book).map_err(|_| StoreError::ReadBackMismatch(path.to_owned()))?;
        let back = read(&text);
        if back.book != file.book || back.newer || back.is_damaged() {
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

/// Parses a codebook, by lines if it does not parse as a whole.
pub(super) fn read(text: &str) -> CodebookOutcome {
    let mut unknown = Vec::new();
    if let Ok(whole) = parse::<CodebookSchema>(text, &mut unknown) {
        let newer = whole.version > SCHEMA_VERSION || !unknown.is_empty();
        return CodebookOutcome { book: Codebook::from_parts(whole.tags, whole.deleted), newer, lost_lines: 0, truncated: false };
    }
    unknown.clear();
    let (mut tags, mut deleted, mut version, mut lost_lines, mut closed) = (Vec::new(), BTreeSet::new(), 0, 0, false);
    for line in text.lines() {
        let line = line.trim();
        closed = line == ")" || (closed && (line.is_empty() || is_conflict_marker(line)));
        let item = line.strip_suffix(',').unwrap_or(line);
        if let Some(number) = item.strip_prefix("version:").and_then(|number| number.trim().parse().ok()) {
            version = number;
        } else if let Ok(tag) = parse::<Tag>(item, &mut unknown) {
            tags.push(tag);
        } else if let Ok(name) = parse::<String>(item, &mut unknown) {
            deleted.insert(name);
        } else if !matches!(item, "" | "(" | ")" | "tags: [" | "deleted: [" | "]") && !is_conflict_marker(item) {
            lost_lines += 1;
        }
    }
    let newer = version > SCHEMA_VERSION || !unknown.is_empty();
    CodebookOutcome { book: Codebook::from_parts(tags, deleted), newer, lost_lines, truncated: !closed }
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
        assert_eq!(read(&text), CodebookOutcome { book: book.clone(), newer: false, lost_lines: 0, truncated: false });
        let united = text.replacen("tags: [\n", "tags: [\n(name:\"信息化\"),\n(name:\"信息化\"),\ndeleted: [\n", 1);
        let mended = read(&united);
        assert!(mended.book.get("信息化").is_some() && mended.book.tags().len() == book.tags().len() + 1);
        assert!(!mended.newer && !mended.is_damaged());
    }

    /// Formerly a file cut right behind a tag's `)` passed for complete.
    #[test]
    fn every_cut_of_a_codebook_is_damage() {
        let mut book = Codebook::starter();
        book.delete("中心工作").unwrap();
        let text = write(&book).unwrap();
        // Without the last line end, the file is complete.
        for cut in (0..text.len() - 1).filter(|cut| text.is_char_boundary(*cut)) {
            assert!(read(&text[..cut]).is_damaged(), "cut at {cut}: {}", &text[cut.saturating_sub(30)..cut]);
        }
    }
}
