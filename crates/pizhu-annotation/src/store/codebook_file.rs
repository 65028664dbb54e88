//! The codebook's file: RON, one line per tag, in the user's order.

use super::{
    constants::{CODEBOOK_FILE, SCHEMA_VERSION, TAG_ID_VERSION, WRITE_SETTLE_DELAY},
    error::StoreError,
    handle::Store,
    speech_file::{is_conflict_marker, parse},
    warning::StoreWarning,
};
use crate::codebook::{Codebook, CodebookError, Tag, TagId, TagLine, TagLookup, TagRef, TagTombstone};
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
#[derive(Debug, Clone)]
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
    /// Schema version of the file; 0 if there is none yet.
    version: u32,
}

impl CodebookFile {
    /// Whether there is a file.
    pub(super) fn exists(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// Whether the file is still of a version in which tags have no ids, or is not there.
    pub(super) fn is_older(&self) -> bool {
        self.version < TAG_ID_VERSION
    }
}

/// The result of reading a codebook's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CodebookOutcome {
    /// What can be read.
    pub(super) book: Codebook,
    /// Its schema version; 0 for none.
    pub(super) version: u32,
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
struct CodebookSchema<D> {
    version: u32,
    tags: Vec<TagLine>,
    #[serde(default = "Vec::new")]
    deleted: Vec<D>,
}

impl Store {
    /// The codebook; the starter codebook if the store has none yet.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    pub fn codebook(&self) -> Result<Codebook, StoreError> {
        if self.keeps_listing() {
            // Listing the files has found the copies.
            self.with_index(|_| ())?;
            return Ok((*self.book_to_read()?).clone());
        }
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

    /// Gives a new store a codebook without tags instead of the starter codebook. `false` if it has a
    /// codebook already, which stays.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub fn start_empty_codebook(&self) -> Result<bool, StoreError> {
        let _lock = self.lock()?;
        let path = self.codebook_path();
        self.storage.check_regular(&path).map_err(StoreError::io(&path))?;
        let file = self.read_codebook()?;
        if file.exists() {
            return Ok(false);
        }
        self.write_codebook(CodebookFile { book: Codebook::default(), ..file })?;
        Ok(true)
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
                CodebookFile { book, base, fingerprint, bytes, copies, newer: false, damaged: false, version: 0 }
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
        file.book.revive_lost();
        for united in file.book.united() {
            self.warn(StoreWarning::TagsUnited(united.clone()));
        }
        Ok(file)
    }

    /// The codebook in `bytes`. What a damaged one lacks comes from the last backup.
    fn read_main(&self, path: &Path, bytes: Vec<u8>, fingerprint: Option<FileFingerprint>) -> CodebookFile {
        let outcome = read(&String::from_utf8_lossy(&bytes));
        let (damaged, newer, version) = (outcome.is_damaged() && !outcome.newer, outcome.newer, outcome.version);
        let mut book = outcome.book;
        if damaged {
            let missing = self.tags_of_backup(path, &book);
            let (tags, gone) = (book.tags().iter().chain(&missing).cloned(), book.tombstones().cloned());
            book = Codebook::from_parts(tags.collect(), gone.collect());
            // A missing closing line is one, too.
            let lost = outcome.lost_lines.max(missing.len()).max(1);
            self.warn(StoreWarning::Damaged { path: path.to_owned(), lost });
        }
        CodebookFile { base: book.clone(), book, fingerprint, bytes, copies: Vec::new(), newer, damaged, version }
    }

    /// The tags of the last backup that are not in `book` and that nobody renamed or deleted, in the
    /// order of the tree.
    fn tags_of_backup(&self, path: &Path, book: &Codebook) -> Vec<Tag> {
        let Some(backup) = self.last_backup(path) else { return Vec::new() };
        let backup = read(&String::from_utf8_lossy(&backup)).book;
        let missing = backup.tree().into_iter().map(|(_, tag)| tag).filter(|tag| book.resolve(tag.id) == TagLookup::Unknown);
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
            let older = file.is_older();
            if let Some(backup) = self.back_up(path, &file.bytes, shrunk || older)?
                && older
            {
                self.warn(StoreWarning::Migrated { path: path.to_owned(), backup });
            }
        }
        let text = write(&file.book, Some(&file.base)).map_err(|_| StoreError::ReadBackMismatch(path.to_owned()))?;
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

/// The codebook as RON. The names beside ids are brought up to date in lines that are not as they were
/// in `base`; others stay as they are, so that they do not get in the way of a merge.
pub(super) fn write(book: &Codebook, base: Option<&Codebook>) -> Result<String, ron::Error> {
    let name = |tag: &TagRef| book.get(tag.id).map_or_else(|| tag.name.clone(), |tag| tag.name.clone());
    let refreshed = |tag: &TagRef| TagRef { id: tag.id, name: name(tag) };
    let is_as_before = |tag: &Tag| base.is_some_and(|base| base.get(tag.id) == Some(tag));
    let current = |tag: &Tag| Tag { parent: tag.parent.as_ref().map(refreshed), ..tag.clone() };
    let mut text = format!("(\nversion: {SCHEMA_VERSION},\ntags: [\n");
    for tag in book.tags() {
        text.push_str(&if is_as_before(tag) { ron::to_string(tag) } else { ron::to_string(&current(tag)) }?);
        text.push_str(",\n");
    }
    text.push_str("],\ndeleted: [\n");
    for record in book.tombstones() {
        let was = base.and_then(|base| base.tombstone(record.tag.id)).filter(|was| *was == record);
        let current = || TagTombstone { tag: current(&record.tag), into: record.into.as_ref().map(refreshed) };
        text.push_str(&was.map_or_else(|| ron::to_string(&current()), ron::to_string)?);
        text.push_str(",\n");
    }
    text.push_str("],\n)\n");
    Ok(text)
}

/// Parses a codebook, by lines if it does not parse as a whole.
pub(super) fn read(text: &str) -> CodebookOutcome {
    let mut outcome = read_versions(text);
    outcome.book.unite_twins();
    outcome
}

/// [`read`] without uniting tags of one parent and name.
fn read_versions(text: &str) -> CodebookOutcome {
    let mut unknown = Vec::new();
    let mut lines = CodebookLines::default();
    let (version, lost_lines, truncated) = if let Ok(whole) = parse::<CodebookSchema<TagTombstone>>(text, &mut unknown) {
        whole.tags.into_iter().for_each(|tag| lines.add_tag(tag));
        lines.gone.extend(whole.deleted);
        (whole.version, 0, false)
    } else if let Ok(whole) = parse::<CodebookSchema<String>>(text, &mut unknown) {
        // Version 1 has names of deleted tags only.
        whole.tags.into_iter().for_each(|tag| lines.add_tag(tag));
        lines.legacy.extend(whole.deleted.iter().map(|name| legacy_tombstone(name, None)));
        (whole.version, 0, false)
    } else {
        unknown.clear();
        lines.read(text, &mut unknown)
    };
    let newer = version > SCHEMA_VERSION || !unknown.is_empty();
    CodebookOutcome { book: lines.into_book(), version, newer, lost_lines, truncated }
}

/// What the lines of a codebook say.
#[derive(Default)]
struct CodebookLines {
    tags: Vec<Tag>,
    gone: Vec<TagTombstone>,
    /// Names of version 1 that a tag had formerly, or that were deleted: the ids derived from them.
    legacy: Vec<TagTombstone>,
}

impl CodebookLines {
    fn add_tag(&mut self, TagLine { tag, has_id }: TagLine) {
        if !has_id {
            // Annotations may still have the former names.
            let tombstones = tag.former_names.iter().map(|name| legacy_tombstone(name, Some(TagRef::from(&tag))));
            self.legacy.extend(tombstones);
        }
        self.tags.push(tag);
    }

    /// Reads line by line; returns the version, the number of unreadable lines, and whether the end is
    /// missing.
    fn read(&mut self, text: &str, unknown: &mut Vec<String>) -> (u32, usize, bool) {
        let (mut version, mut lost_lines, mut closed) = (0, 0, false);
        for line in text.lines() {
            let line = line.trim();
            closed = line == ")" || (closed && (line.is_empty() || is_conflict_marker(line)));
            let item = line.strip_suffix(',').unwrap_or(line);
            if let Some(number) = item.strip_prefix("version:").and_then(|number| number.trim().parse::<u32>().ok()) {
                version = version.max(number);
            } else if let Ok(tag) = parse::<TagLine>(item, unknown) {
                self.add_tag(tag);
            } else if let Ok(record) = parse::<TagTombstone>(item, unknown) {
                self.gone.push(record);
            } else if let Ok(name) = parse::<String>(item, unknown) {
                self.legacy.push(legacy_tombstone(&name, None));
            } else if !matches!(item, "" | "(" | ")" | "tags: [" | "deleted: [" | "]") && !is_conflict_marker(item) {
                lost_lines += 1;
            }
        }
        (version, lost_lines, !closed)
    }

    fn into_book(self) -> Codebook {
        // A name of version 1 stands for the tag that has it, before one that had it.
        let known: BTreeSet<TagId> = self.tags.iter().map(|tag| tag.id).chain(self.gone.iter().map(|record| record.tag.id)).collect();
        let legacy = self.legacy.into_iter().filter(|record| !known.contains(&record.tag.id));
        Codebook::from_versions(self.tags, self.gone.into_iter().chain(legacy).collect())
    }
}

fn legacy_tombstone(name: &str, into: Option<TagRef>) -> TagTombstone {
    TagTombstone { tag: Tag::with_id(TagId::from_name(name), name), into }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rename(book: &mut Codebook, name: &str, new: &str) {
        book.rename(book.find(name).unwrap().id, new).unwrap();
    }

    fn delete(book: &mut Codebook, name: &str) {
        book.delete(book.find(name).unwrap().id).unwrap();
    }

    #[test]
    fn codebook_round_trips_and_is_read_by_lines_after_a_union_merge() {
        let mut book = Codebook::starter();
        rename(&mut book, "人才工作", "人才");
        delete(&mut book, "中心工作");
        let text = write(&book, None).unwrap();
        assert_eq!(
            read(&text),
            CodebookOutcome { book: book.clone(), version: SCHEMA_VERSION, newer: false, lost_lines: 0, truncated: false }
        );
        let united = text.replacen("tags: [\n", "tags: [\n(name:\"信息化\"),\n(name:\"信息化\"),\ndeleted: [\n", 1);
        let mended = read(&united);
        assert!(mended.book.find("信息化").is_ok() && mended.book.tags().len() == book.tags().len() + 1);
        assert!(!mended.newer && !mended.is_damaged());
    }

    /// Formerly a file cut right behind a tag's `)` passed for complete.
    #[test]
    fn every_cut_of_a_codebook_is_damage() {
        let mut book = Codebook::starter();
        delete(&mut book, "中心工作");
        let text = write(&book, None).unwrap();
        // Without the last line end, the file is complete.
        for cut in (0..text.len() - 1).filter(|cut| text.is_char_boundary(*cut)) {
            assert!(read(&text[..cut]).is_damaged(), "cut at {cut}: {}", &text[cut.saturating_sub(30)..cut]);
        }
    }
}
