//! `pizhu merge`, and what makes git use it.

use super::{
    Place, StoreError, codebook_file,
    sheet::{Sheet, SpeechRecord},
};
use crate::annotation::{codebook::Codebook, merge::merge};
use std::{fs, path::Path, process::Command};

/// Merges the contents of three versions of one file of a store, a speech's or the codebook.
/// Whatever can be read in them is in the result; an empty `base` stands for none.
///
/// `None` where `ours` or `theirs` is no such file.
#[must_use]
pub fn merge_files(base: &[u8], ours: &[u8], theirs: &[u8]) -> Option<String> {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let is_codebook = |bytes| text(bytes).lines().any(|line| line.trim() == "tags: [");
    if is_codebook(ours) && is_codebook(theirs) {
        let read = |bytes| codebook_file::read(&text(bytes)).0;
        let base = if base.is_empty() { Codebook::default() } else { read(base) };
        return codebook_file::write(&Codebook::merge_three(&base, &read(ours), &read(theirs))).ok();
    }
    let [base, ours, theirs] = [base, ours, theirs].map(Sheet::from_ron);
    if ours.is_newer() || theirs.is_newer() {
        return None;
    }
    let speech = merge_records(base.speech.as_ref(), ours.speech?, theirs.speech?);
    Sheet { speech, entries: merge(&base.entries, &ours.entries, &theirs.entries) }.to_ron().ok()
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

/// Makes a shared store in `dir` (which speeches below it will use from then on). With `git`, lets
/// git merge its files: by union everywhere, and by `pizhu merge` in this clone. Gives the place.
///
/// # Errors
/// When something cannot be written.
pub fn init_shared(dir: &Path, git: bool) -> Result<Place, StoreError> {
    let store = dir.join(super::SHARED_DIR);
    fs::create_dir_all(&store).map_err(StoreError::io(&store))?;
    if git {
        let attributes = store.join(".gitattributes");
        fs::write(&attributes, "*.ron text eol=lf merge=union\naside/** -merge\n").map_err(StoreError::io(&attributes))?;
        let ignore = store.join(".gitignore");
        fs::write(&ignore, ".lock\n.*.new\n").map_err(StoreError::io(&ignore))?;
        set_driver(dir);
    }
    Ok(Place::given(&store))
}

/// Registers `pizhu merge` in this clone, where `dir` is in one: a clone without it merges by
/// union, which loses nothing either.
fn set_driver(dir: &Path) {
    let git =
        |arguments: &[&str]| Command::new("git").arg("-C").arg(dir).args(arguments).output().ok().filter(|output| output.status.success());
    let Some(top) = git(&["rev-parse", "--git-path", "info/attributes"]) else { return };
    let path = dir.join(String::from_utf8_lossy(&top.stdout).trim());
    let line = format!("{}/*.ron merge=pizhu", super::SHARED_DIR);
    let there = fs::read_to_string(&path).unwrap_or_default();
    if !there.lines().any(|other| other.ends_with(&line)) {
        let folder = path.parent().map(fs::create_dir_all);
        let written = fs::write(&path, format!("{there}**/{line}\n"));
        if folder.is_none_or(|made| made.is_err()) || written.is_err() {
            return;
        }
    }
    git(&["config", "merge.pizhu.name", "pizhu annotations"]);
    git(&["config", "merge.pizhu.driver", "pizhu merge %O %A %B"]);
}
