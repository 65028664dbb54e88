//! `pizhu merge`, and what makes git use it.

use super::{
    Place, StoreError,
    codebook_file::{self, is_codebook},
    sheet::{Sheet, SpeechRecord},
};
use crate::codebook::Codebook;
use crate::merge::merge;
use std::{fs, io, path::Path, process::Command};

/// One of the two versions that are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one that becomes the result.
    Ours,
    /// The other.
    Theirs,
}

/// Why two versions of a file are not merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// A version is no file of a store, or one is a speech's and the other the codebook.
    #[error("{0:?} is no file of a store")]
    Foreign(Side),
    /// A newer program wrote a version.
    #[error("{0:?} was written by a newer program")]
    Newer(Side),
    /// A version cannot be read whole: merged, what cannot be read would be gone.
    #[error("{0:?} is damaged")]
    Damaged(Side),
}

/// Merges the contents of three versions of one file of a store, a speech's or the codebook. An
/// empty `base` stands for none; of a damaged one all that can be read is used.
///
/// # Errors
/// When `ours` or `theirs` cannot be taken in whole.
pub fn merge_files(base: &[u8], ours: &[u8], theirs: &[u8]) -> Result<String, MergeError> {
    let sides = [(Side::Ours, ours), (Side::Theirs, theirs)];
    if is_codebook(ours) {
        return merge_codebooks(base, sides);
    }
    for (side, bytes) in sides {
        let reading = Sheet::from_ron(bytes);
        if reading.is_newer() {
            return Err(MergeError::Newer(side));
        }
        if reading.speech.is_none() {
            return Err(MergeError::Foreign(side));
        }
        if !reading.is_whole() {
            return Err(MergeError::Damaged(side));
        }
    }
    let [base, ours, theirs] = [base, ours, theirs].map(Sheet::from_ron);
    let record = |record: Option<SpeechRecord>, side| record.ok_or(MergeError::Foreign(side));
    let speech = merge_records(base.speech.as_ref(), record(ours.speech, Side::Ours)?, record(theirs.speech, Side::Theirs)?);
    let sheet = Sheet { speech, entries: merge(&base.entries, &ours.entries, &theirs.entries) };
    sheet.to_ron().map_err(|_| MergeError::Foreign(Side::Ours))
}

fn merge_codebooks(base: &[u8], sides: [(Side, &[u8]); 2]) -> Result<String, MergeError> {
    let read = |bytes: &[u8]| codebook_file::read(&String::from_utf8_lossy(bytes));
    for (side, bytes) in sides {
        if !is_codebook(bytes) {
            return Err(MergeError::Foreign(side));
        }
        let (_, newer, damaged) = read(bytes);
        if newer {
            return Err(MergeError::Newer(side));
        }
        if damaged {
            return Err(MergeError::Damaged(side));
        }
    }
    let base = if base.is_empty() { Codebook::default() } else { read(base).0 };
    let [ours, theirs] = sides.map(|(_, bytes)| read(bytes).0);
    codebook_file::write(&Codebook::merge_three(&base, &ours, &theirs)).map_err(|_| MergeError::Foreign(Side::Ours))
}

/// The record of a speech that two sides have seen; the same whichever is `ours`.
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

/// How git is to merge the files of a store.
const ATTRIBUTES: [&str; 2] = ["*.ron text eol=lf merge=union", "aside/** -merge"];
/// What git is not to keep.
const IGNORED: [&str; 2] = [".lock", ".*.new"];
/// Where `pizhu` is not installed, or refuses, git's own union keeps both sides.
const DRIVER: &str = "pizhu merge %O %A %B || git merge-file --union %A %O %B";

/// Makes a shared store in `dir` (which speeches below it will use from then on). With `git`, lets
/// git merge its files: by union everywhere, and by `pizhu merge` in this clone. Gives the place,
/// and whether this clone has `pizhu merge`.
///
/// # Errors
/// When something cannot be written.
pub fn init_shared(dir: &Path, git: bool) -> Result<(Place, bool), StoreError> {
    let store = dir.join(super::SHARED_DIR);
    fs::create_dir_all(&store).map_err(StoreError::io(&store))?;
    let mut driven = false;
    if git {
        add_lines(&store.join(".gitattributes"), &ATTRIBUTES)?;
        add_lines(&store.join(".gitignore"), &IGNORED)?;
        driven = set_driver(dir)?;
    }
    Ok((Place::given(&store), driven))
}

/// Sees to it that a file has these lines; what else it has stays.
fn add_lines(path: &Path, lines: &[&str]) -> Result<(), StoreError> {
    let mut text = match fs::read_to_string(path) {
        Ok(text) => text,
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
    fs::write(path, text).map_err(StoreError::io(path))
}

/// Registers `pizhu merge` in this clone; `false` where `dir` is in none, or there is no git. A
/// clone without it merges by union, which loses nothing either.
fn set_driver(dir: &Path) -> Result<bool, StoreError> {
    let git =
        |arguments: &[&str]| Command::new("git").arg("-C").arg(dir).args(arguments).output().ok().filter(|output| output.status.success());
    let Some(found) = git(&["rev-parse", "--git-path", "info/attributes"]) else { return Ok(false) };
    let path = dir.join(String::from_utf8_lossy(&found.stdout).trim());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(StoreError::io(folder))?;
    }
    // Here, and not in the shared file: a driver that a clone does not have would merge by lines.
    add_lines(&path, &[&format!("**/{}/*.ron merge=pizhu", super::SHARED_DIR)])?;
    let set = [["merge.pizhu.name", "pizhu annotations"], ["merge.pizhu.driver", DRIVER]];
    Ok(set.iter().all(|[name, value]| git(&["config", name, value]).is_some()))
}
