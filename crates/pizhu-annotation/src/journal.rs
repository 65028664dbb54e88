//! Journals: files of checksummed lines that only grow.
//!
//! Each process that edits has a journal in the user's state folder (never in the synced store).
//! What has been appended and synced there is saved, whatever happens to the process; it is
//! folded into the store soon after, or, when the process has died, by the next one that opens the
//! store. A line that does not check is one whose writing was cut short: it was never said to be
//! saved. The histories of speeches are files of the same kind.

use super::{
    edit::Action,
    storage::{Lock, Storage, make_dir},
    store::{SpeechKey, StoreError},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use uuid::Uuid;

/// Hexadecimal digits of a line's checksum.
const CHECK_DIGITS: usize = 16;

/// One line of a process's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    /// The user did this to that speech.
    Done {
        /// The speech.
        speech: SpeechKey,
        /// What was done.
        action: Action,
    },
    /// These actions are about to be folded: if `file` has content of this hash, they are.
    Folding {
        /// The actions.
        actions: Vec<Uuid>,
        /// The speech's file.
        file: PathBuf,
        /// BLAKE3 of its new content.
        content: String,
    },
    /// These actions are in the store.
    Folded {
        /// The actions.
        actions: Vec<Uuid>,
    },
}

/// A line with its checksum.
pub(super) fn to_line<T: Serialize>(value: &T) -> io::Result<String> {
    let json = serde_json::to_string(value)?;
    Ok(format!("{} {json}\n", checksum(&json)))
}

/// The values of all lines that check.
pub(super) fn from_lines<T: DeserializeOwned>(bytes: &[u8]) -> Vec<T> {
    read_lines(bytes).0
}

/// The values of all lines that check, and whether one of them has what is not known here: a
/// newer program wrote it.
fn read_lines<T: DeserializeOwned>(bytes: &[u8]) -> (Vec<T>, bool) {
    let mut newer = false;
    let checked = bytes.split(|byte| *byte == b'\n').filter_map(|line| {
        let (check, json) = std::str::from_utf8(line).ok()?.split_at_checked(CHECK_DIGITS)?;
        let json = json.strip_prefix(' ')?;
        (checksum(json) == check).then_some(json)
    });
    let values = checked
        .filter_map(|json| {
            let value = serde_ignored::deserialize(&mut serde_json::Deserializer::from_str(json), |_| newer = true).ok();
            newer |= value.is_none();
            value
        })
        .collect();
    (values, newer)
}

fn checksum(text: &str) -> String {
    let mut hex = blake3::hash(text.as_bytes()).to_hex().to_string();
    hex.truncate(CHECK_DIGITS);
    hex
}

/// This process's journal for one store.
#[derive(Debug)]
pub(super) struct Journal {
    storage: Arc<dyn Storage>,
    path: PathBuf,
    /// Tells others that this process is alive.
    _alive: Lock,
    /// Whether the last append may have left half a line.
    torn: bool,
}

impl Journal {
    /// Starts a journal in `dir`.
    pub(super) fn start(storage: Arc<dyn Storage>, dir: &Path) -> io::Result<Self> {
        make_dir(&*storage, dir, true)?;
        let name = Uuid::now_v7().simple().to_string();
        let alive = storage.lock(&dir.join(format!("{name}.lock")), Duration::ZERO, true)?;
        let path = dir.join(format!("{name}.log"));
        storage.write(&path, b"", true)?;
        storage.sync(&path)?;
        storage.sync_dir(dir)?;
        Ok(Self { storage, path, _alive: alive, torn: false })
    }

    /// Adds records: on the disk when this returns.
    pub(super) fn append(&mut self, records: &[Record]) -> io::Result<()> {
        // A line end closes what an append that failed may have left.
        let mut lines = String::from(if self.torn { "\n" } else { "" });
        for record in records {
            lines.push_str(&to_line(record)?);
        }
        self.torn = true;
        let is_there = self.storage.stamp(&self.path).is_ok();
        self.storage.append(&self.path, lines.as_bytes(), true)?;
        self.storage.sync(&self.path)?;
        // Somebody tidied the folder up, and the name is a new one.
        if !is_there && let Some(dir) = self.path.parent() {
            self.storage.sync_dir(dir)?;
        }
        self.torn = false;
        Ok(())
    }

    /// Empties the journal; all its actions must be in the store.
    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.storage.write(&self.path, b"", true)?;
        self.storage.sync(&self.path)?;
        self.torn = false;
        Ok(())
    }

    /// Ends the journal; all its actions must be in the store.
    pub(super) fn end(self) {
        // An empty journal left behind does no harm.
        let _ = self.storage.remove(&self.path);
        let _ = self.storage.remove(&self.path.with_extension("lock"));
    }
}

/// The journal of a process that has died, with its lock taken over.
#[derive(Debug)]
pub(super) struct Dead {
    path: PathBuf,
    _taken: Lock,
    /// What it did that is not known to be in the store, in order.
    pub(super) actions: Vec<(SpeechKey, Action)>,
    /// Files it was replacing: the actions, and the hash of the content that has them.
    pub(super) folding: Vec<(Vec<Uuid>, PathBuf, String)>,
    /// What has been folded of it since.
    pub(super) folded: Vec<Uuid>,
    /// Whether it says what is not known here.
    pub(super) newer: bool,
}

impl Dead {
    /// Notes what has been folded and leaves the journal, for what could not be.
    pub(super) fn keep(self, storage: &dyn Storage) -> io::Result<()> {
        if self.folded.is_empty() {
            return Ok(());
        }
        // What was being written when the process died may be half a line.
        let line = format!("\n{}", to_line(&Record::Folded { actions: self.folded })?);
        storage.append(&self.path, line.as_bytes(), true)?;
        storage.sync(&self.path)
    }

    /// Removes the journal; its actions must be in the store.
    pub(super) fn remove(self, storage: &dyn Storage) -> Result<(), StoreError> {
        storage.remove(&self.path).map_err(StoreError::io(&self.path))?;
        let _ = storage.remove(&self.path.with_extension("lock"));
        // A journal that came back after a crash would do its actions again, over later ones.
        self.path.parent().map_or(Ok(()), |dir| storage.sync_dir(dir).map_err(StoreError::io(dir)))
    }
}

/// The journals in `dir` whose processes have died.
pub(super) fn dead_journals(storage: &dyn Storage, dir: &Path) -> Result<Vec<Dead>, StoreError> {
    let mut dead = Vec::new();
    for path in storage.list(dir).map_err(StoreError::io(dir))? {
        if path.extension().is_none_or(|extension| extension != "log") {
            continue;
        }
        let Ok(taken) = storage.lock(&path.with_extension("lock"), Duration::ZERO, true) else { continue };
        // Another process may have dealt with it between the two looks.
        let Ok(bytes) = storage.read(&path) else { continue };
        let (mut actions, mut folding, mut folded) = (Vec::new(), Vec::new(), HashSet::new());
        let (records, newer) = read_lines(&bytes);
        for record in records {
            match record {
                Record::Done { speech, action } => actions.push((speech, action)),
                Record::Folding { actions, file, content } => folding.push((actions, file, content)),
                Record::Folded { actions } => folded.extend(actions),
            }
        }
        actions.retain(|(_, action)| !folded.contains(&action.id));
        dead.push(Dead { path, _taken: taken, actions, folding, folded: Vec::new(), newer });
    }
    Ok(dead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_cut_or_changed_is_not_read_and_spoils_no_other() {
        let lines = ["甲", "乙\n丙", "丁"].map(|text| to_line(&text).unwrap());
        let whole = lines.concat();
        assert_eq!(from_lines::<String>(whole.as_bytes()), ["甲", "乙\n丙", "丁"]);
        for cut in 0..whole.len() {
            let read = from_lines::<String>(&whole.as_bytes()[..cut]);
            let ends = [lines[0].len(), lines[0].len() + lines[1].len(), whole.len()];
            // The line end itself may be missing.
            assert_eq!(read.len(), ends.iter().filter(|end| cut + 1 >= **end).count(), "cut at {cut}");
        }
        for at in 0..lines[0].len() - 1 {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] ^= 1;
            let read = from_lines::<String>(&bytes);
            assert!(read.ends_with(&["丁".to_owned()]) && !read.contains(&"甲".to_owned()), "byte {at}");
        }
    }
}
