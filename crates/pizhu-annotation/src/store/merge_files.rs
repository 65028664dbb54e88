//! The file merge behind `pizhu merge`, and its setup in git.

use super::{
    codebook_file::{self, is_codebook},
    error::StoreError,
    location::{SHARED_DIR, StoreLocation, state_dir},
    project_file::{ProjectFile, is_project},
    speech_file::{SpeechFile, SpeechRecord},
    trust::inspect,
};
use crate::codebook::{Codebook, UnitedTags};
use crate::merge::merge;
use crate::record::RecordSet;
use crate::storage::MAX_FILE_BYTES;
use pizhu_files::regular_file::{IrregularFile, open_regular, read_regular};
use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::Path,
    process::Command,
};

/// One of the two versions merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeSide {
    /// The version that becomes the result.
    Ours,
    /// The other version.
    Theirs,
}

/// Why two versions of a file cannot be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// Not a store file, or one is a speech's and the other a codebook.
    #[error("{0:?} is no file of a store")]
    NotAStoreFile(MergeSide),
    /// A newer program wrote this version.
    #[error("{0:?} was written by a newer program")]
    Newer(MergeSide),
    /// This version cannot be read completely; merging would lose the rest.
    #[error("{0:?} is damaged")]
    Damaged(MergeSide),
}

/// The result of merging three versions of a store file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeReport {
    /// The merged file.
    pub text: String,
    /// The tags of one parent and name that have become one, or will when the result is opened.
    pub united: Vec<UnitedTags>,
}

/// [`merge_files`] with what the user should be told.
///
/// # Errors
/// Fails as [`merge_files`] does.
pub fn merge_and_report(base: &[u8], ours: &[u8], theirs: &[u8]) -> Result<MergeReport, MergeError> {
    let text = merge_files(base, ours, theirs)?;
    let mut united = BTreeSet::new();
    if is_codebook(text.as_bytes()) {
        // Lines that git has united may hold twins that nobody has opened yet.
        for version in [ours, theirs, text.as_bytes()] {
            united.extend(codebook_file::read(&String::from_utf8_lossy(version)).book.united().iter().cloned());
        }
    }
    Ok(MergeReport { text, united: united.into_iter().collect() })
}

/// Merges three versions of one store file: a speech's, the codebook or the project's. An empty `base` means none;
/// of a damaged one, what can be read is used.
///
/// # Errors
/// Fails if `ours` or `theirs` cannot be read completely.
pub fn merge_files(base: &[u8], ours: &[u8], theirs: &[u8]) -> Result<String, MergeError> {
    let sides = [(MergeSide::Ours, ours), (MergeSide::Theirs, theirs)];
    if is_codebook(ours) {
        return merge_codebooks(base, sides);
    }
    if is_project(ours) {
        return merge_projects(base, sides);
    }
    for (side, bytes) in sides {
        let outcome = SpeechFile::from_ron(bytes);
        if outcome.is_newer() {
            return Err(MergeError::Newer(side));
        }
        if outcome.speech.is_none() {
            return Err(MergeError::NotAStoreFile(side));
        }
        if !outcome.is_complete() {
            return Err(MergeError::Damaged(side));
        }
    }
    let [base, ours, theirs] = [base, ours, theirs].map(SpeechFile::from_ron);
    let record = |record: Option<SpeechRecord>, side| record.ok_or(MergeError::NotAStoreFile(side));
    let speech = merge_records(base.speech.as_ref(), record(ours.speech, MergeSide::Ours)?, record(theirs.speech, MergeSide::Theirs)?);
    let mut entries = merge(&base.entries, &ours.entries, &theirs.entries);
    let mut records = RecordSet::merge(&base.records, &ours.records, &theirs.records);
    records.settle(&mut entries);
    let file = SpeechFile { speech, entries, records };
    file.to_ron().map_err(|_| MergeError::NotAStoreFile(MergeSide::Ours))
}

fn merge_projects(base: &[u8], sides: [(MergeSide, &[u8]); 2]) -> Result<String, MergeError> {
    for (side, bytes) in sides {
        let outcome = ProjectFile::from_ron(bytes);
        if !is_project(bytes) {
            return Err(MergeError::NotAStoreFile(side));
        }
        if outcome.newer {
            return Err(MergeError::Newer(side));
        }
        if outcome.lost > 0 {
            return Err(MergeError::Damaged(side));
        }
    }
    let base = ProjectFile::from_ron(base).file;
    let [ours, theirs] = sides.map(|(_, bytes)| ProjectFile::from_ron(bytes).file);
    ProjectFile::merge(&base, &ours, &theirs).to_ron().map_err(|_| MergeError::NotAStoreFile(MergeSide::Ours))
}

fn merge_codebooks(base: &[u8], sides: [(MergeSide, &[u8]); 2]) -> Result<String, MergeError> {
    // Each side as it is seen by those who opened it. Tags of one name that meet only now become one
    // when the result is opened, and it is said then.
    let read = |bytes: &[u8]| codebook_file::read(&String::from_utf8_lossy(bytes));
    for (side, bytes) in sides {
        if !is_codebook(bytes) {
            return Err(MergeError::NotAStoreFile(side));
        }
        let outcome = read(bytes);
        if outcome.newer {
            return Err(MergeError::Newer(side));
        }
        if outcome.is_damaged() {
            return Err(MergeError::Damaged(side));
        }
    }
    let base = if base.is_empty() { Codebook::default() } else { read(base).book };
    let [ours, theirs] = sides.map(|(_, bytes)| read(bytes).book);
    let merged = Codebook::merge_versions(Some(&base), &ours, &theirs);
    codebook_file::write(&merged, None).map_err(|_| MergeError::NotAStoreFile(MergeSide::Ours))
}

/// Merges the records of a speech from two sides; symmetric.
fn merge_records(base: Option<&SpeechRecord>, ours: SpeechRecord, theirs: SpeechRecord) -> SpeechRecord {
    let unchanged = |record: &SpeechRecord| base.is_some_and(|base| base.hash == record.hash);
    let ours_last = match (unchanged(&ours), unchanged(&theirs)) {
        (true, false) => false,
        (false, true) => true,
        _ => (ours.hash, &ours.paths, &ours.title) >= (theirs.hash, &theirs.paths, &theirs.title),
    };
    if ours == theirs {
        ours
    } else if ours_last {
        theirs.joined(ours)
    } else {
        ours.joined(theirs)
    }
}

/// Git attributes of the store's files.
const ATTRIBUTES: [&str; 3] = ["*.ron text eol=lf merge=union", "aside/** -merge", "snapshots/** -text -diff -merge"];
/// Files that git should ignore.
const IGNORED: [&str; 2] = [".lock", ".*.new"];
/// If `pizhu` is missing or refuses, git's union merge keeps both sides.
const DRIVER: &str = "pizhu merge %O %A %B || git merge-file --union %A %O %B";

/// Creates a shared store in `dir`, used by the speeches below it from then on. With `git`,
/// configures git to merge its files: by union everywhere, and by `pizhu merge` in this clone.
/// Returns the location, and whether this clone uses `pizhu merge`.
///
/// # Errors
/// Fails if something cannot be written.
pub fn init_shared(dir: &Path, git: bool) -> Result<(StoreLocation, bool), StoreError> {
    let store = dir.join(SHARED_DIR);
    if store.is_symlink() {
        return Err(StoreError::io(&store)(IrregularFile::Link.into()));
    }
    fs::create_dir_all(&store).map_err(StoreError::io(&store))?;
    let location = StoreLocation::from_dir(&store);
    if let Some(distrust) = inspect(&location, &state_dir()?).distrust {
        return Err(StoreError::Untrusted { dir: store, distrust });
    }
    let mut driver_set = false;
    if git {
        add_lines(&store.join(".gitattributes"), &ATTRIBUTES)?;
        add_lines(&store.join(".gitignore"), &IGNORED)?;
        driver_set = set_driver(dir)?;
    }
    Ok((location, driver_set))
}

/// Adds the missing ones of `lines` to a file; other content stays.
fn add_lines(path: &Path, lines: &[&str]) -> Result<(), StoreError> {
    let mut text = match read_regular(path, MAX_FILE_BYTES) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|error| StoreError::io(path)(io::Error::new(io::ErrorKind::InvalidData, error)))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(StoreError::io(path)(error)),
    };
    let missing: Vec<&str> = lines.iter().filter(|line| !text.lines().any(|there| there == **line)).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !(text.is_empty() || text.ends_with('\n')) {
        text.push('\n');
    }
    for line in missing {
        text.push_str(line);
        text.push('\n');
    }
    let mut file = open_regular(path, OpenOptions::new().create(true).write(true).truncate(true)).map_err(StoreError::io(path))?;
    file.write_all(text.as_bytes()).map_err(StoreError::io(path))
}

/// Registers `pizhu merge` in this clone; `false` if `dir` is in none, or git is missing. A clone
/// without it merges by union, which loses nothing either.
fn set_driver(dir: &Path) -> Result<bool, StoreError> {
    let git =
        |arguments: &[&str]| Command::new("git").arg("-C").arg(dir).args(arguments).output().ok().filter(|output| output.status.success());
    let Some(found) = git(&["rev-parse", "--git-path", "info/attributes"]) else { return Ok(false) };
    let path = dir.join(String::from_utf8_lossy(&found.stdout).trim());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    }
    // In this clone only: without the driver, git would merge by lines.
    add_lines(&path, &[&format!("**/{}/*.ron merge=pizhu", super::SHARED_DIR)])?;
    let set = [["merge.pizhu.name", "pizhu annotations"], ["merge.pizhu.driver", DRIVER]];
    Ok(set.iter().all(|[name, value]| git(&["config", name, value]).is_some()))
}
