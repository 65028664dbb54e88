//! Journals: append-only files of checksummed lines.
//!
//! Each editing process has a journal in the user's state folder, never in the synced store. What
//! has been appended and synced is saved, whatever happens to the process; it is soon checkpointed
//! into the store, or, if the process has died, by the next process that opens the store. A line
//! with a wrong checksum was cut short while being written and was never reported as saved. The
//! histories of speeches are files of the same kind.

use super::{
    edit::Action,
    storage::{Lock, Storage, create_dir_synced},
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
const CHECKSUM_DIGITS: usize = 16;

/// A line of a process's journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum JournalRecord {
    /// An action on a speech.
    Done {
        /// The speech.
        speech: SpeechKey,
        /// The action.
        action: Action,
    },
    /// An action on the records of the project.
    Project {
        /// The action.
        action: Action,
    },
    /// A checkpoint of these actions starts: they are in the store if `file` has content of this
    /// hash.
    #[serde(rename = "folding")]
    Checkpointing {
        /// The actions.
        actions: Vec<Uuid>,
        /// The speech's file.
        file: PathBuf,
        /// BLAKE3 of its new content.
        content: String,
    },
    /// The store's folder was not there, or not the one that was opened: the actions wait for a folder
    /// that has one of these files.
    Away {
        /// Names of files in the folder.
        files: Vec<String>,
    },
    /// These actions are in the store.
    #[serde(rename = "folded")]
    Checkpointed {
        /// The actions.
        actions: Vec<Uuid>,
    },
}

/// Encodes a value as a line of checksum and JSON.
pub(super) fn encode_line<T: Serialize>(value: &T) -> io::Result<String> {
    let json = serde_json::to_string(value)?;
    Ok(format!("{} {json}\n", checksum(&json)))
}

/// Decodes the values of all valid lines.
pub(super) fn decode_lines<T: DeserializeOwned>(bytes: &[u8]) -> Vec<T> {
    decode_checked(bytes).0
}

/// Decodes the values of all valid lines, and reports whether one has unknown content, written by a
/// newer program.
fn decode_checked<T: DeserializeOwned>(bytes: &[u8]) -> (Vec<T>, bool) {
    let mut newer = false;
    let checked = bytes.split(|byte| *byte == b'\n').filter_map(|line| {
        let (expected, json) = std::str::from_utf8(line).ok()?.split_at_checked(CHECKSUM_DIGITS)?;
        let json = json.strip_prefix(' ')?;
        (checksum(json) == expected).then_some(json)
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
    hex.truncate(CHECKSUM_DIGITS);
    hex
}

/// This process's journal for one store.
#[derive(Debug)]
pub(super) struct Journal {
    storage: Arc<dyn Storage>,
    path: PathBuf,
    /// Held as a sign that this process is alive.
    _alive: Lock,
    /// Whether the last append may have left half a line.
    torn: bool,
}

impl Journal {
    /// Creates a journal in `dir`.
    pub(super) fn start(storage: Arc<dyn Storage>, dir: &Path) -> io::Result<Self> {
        create_dir_synced(&*storage, dir, true)?;
        let name = Uuid::now_v7().simple().to_string();
        let alive = storage.lock(&dir.join(format!("{name}.lock")), Duration::ZERO, true)?;
        let path = dir.join(format!("{name}.log"));
        storage.write(&path, b"", true)?;
        storage.sync(&path)?;
        storage.sync_dir(dir)?;
        Ok(Self { storage, path, _alive: alive, torn: false })
    }

    /// The journal's file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Appends records; they are on the disk when this returns.
    pub(super) fn append(&mut self, records: &[JournalRecord]) -> io::Result<()> {
        // A line end terminates what a failed append may have left.
        let mut lines = String::from(if self.torn { "\n" } else { "" });
        for record in records {
            lines.push_str(&encode_line(record)?);
        }
        self.torn = true;
        let is_new = self.storage.append_to_log(&self.path, lines.as_bytes())?;
        // The file was removed meanwhile, and has just been created again.
        if is_new && let Some(dir) = self.path.parent() {
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

    /// Deletes the journal; all its actions must be in the store.
    pub(super) fn end(self) {
        // A leftover empty journal is harmless.
        let _ = self.storage.remove(&self.path);
        let _ = self.storage.remove(&self.path.with_extension("lock"));
    }
}

/// The journal of a process that has died, with its lock taken over.
#[derive(Debug)]
pub(super) struct AbandonedJournal {
    pub(super) path: PathBuf,
    _taken: Lock,
    /// Actions not known to be in the store, in order.
    pub(super) actions: Vec<(SpeechKey, Action)>,
    /// Actions on the records of the project, likewise.
    pub(super) project_actions: Vec<Action>,
    /// Checkpoints that had started: the actions, the file, and the hash of the content that has
    /// them.
    pub(super) checkpointing: Vec<(Vec<Uuid>, PathBuf, String)>,
    /// Actions checkpointed since the journal was taken over.
    pub(super) checkpointed: Vec<Uuid>,
    /// Names of files of which one must be in the store's folder, if it was away.
    pub(super) landmarks: Vec<String>,
    /// Whether it has unknown content.
    pub(super) newer: bool,
}

impl AbandonedJournal {
    /// Number of actions not known to be in the store.
    pub(super) fn action_count(&self) -> usize {
        self.actions.len() + self.project_actions.len()
    }

    /// Records the checkpointed actions and keeps the journal for the others.
    pub(super) fn mark_checkpointed(self, storage: &dyn Storage) -> io::Result<()> {
        if self.checkpointed.is_empty() {
            return Ok(());
        }
        // The process may have died in the middle of a line.
        let line = format!("\n{}", encode_line(&JournalRecord::Checkpointed { actions: self.checkpointed })?);
        storage.append(&self.path, line.as_bytes(), true)?;
        storage.sync(&self.path)
    }

    /// Deletes the journal; its actions must be in the store.
    pub(super) fn remove(self, storage: &dyn Storage) -> Result<(), StoreError> {
        storage.remove(&self.path).map_err(StoreError::io(&self.path))?;
        let _ = storage.remove(&self.path.with_extension("lock"));
        // A journal that reappeared after a crash would repeat its actions over later ones.
        self.path.parent().map_or(Ok(()), |dir| storage.sync_dir(dir).map_err(StoreError::io(dir)))
    }
}

/// Takes over the journals in `dir` whose processes have died.
pub(super) fn abandoned_journals(storage: &dyn Storage, dir: &Path) -> Result<Vec<AbandonedJournal>, StoreError> {
    let mut abandoned = Vec::new();
    for path in storage.list(dir).map_err(StoreError::io(dir))? {
        if path.extension().is_none_or(|extension| extension != "log") {
            continue;
        }
        let Ok(taken) = storage.lock(&path.with_extension("lock"), Duration::ZERO, true) else { continue };
        // Another process may have handled it since the listing.
        let Ok(bytes) = storage.read(&path) else { continue };
        let (mut actions, mut project_actions) = (Vec::new(), Vec::new());
        let (mut checkpointing, mut checkpointed, mut landmarks) = (Vec::new(), HashSet::new(), Vec::new());
        let (records, newer) = decode_checked(&bytes);
        for record in records {
            match record {
                JournalRecord::Done { speech, action } => actions.push((speech, action)),
                JournalRecord::Project { action } => project_actions.push(action),
                JournalRecord::Checkpointing { actions, file, content } => checkpointing.push((actions, file, content)),
                JournalRecord::Checkpointed { actions } => checkpointed.extend(actions),
                JournalRecord::Away { files } => landmarks = files,
            }
        }
        actions.retain(|(_, action)| !checkpointed.contains(&action.id));
        project_actions.retain(|action| !checkpointed.contains(&action.id));
        let checkpointed = Vec::new();
        abandoned.push(AbandonedJournal { path, _taken: taken, actions, project_actions, checkpointing, checkpointed, landmarks, newer });
    }
    Ok(abandoned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_or_changed_line_is_dropped_without_affecting_others() {
        let lines = ["甲", "乙\n丙", "丁"].map(|text| encode_line(&text).unwrap());
        let whole = lines.concat();
        assert_eq!(decode_lines::<String>(whole.as_bytes()), ["甲", "乙\n丙", "丁"]);
        for cut in 0..whole.len() {
            let read = decode_lines::<String>(&whole.as_bytes()[..cut]);
            let ends = [lines[0].len(), lines[0].len() + lines[1].len(), whole.len()];
            // The line end itself may be missing.
            assert_eq!(read.len(), ends.iter().filter(|end| cut + 1 >= **end).count(), "cut at {cut}");
        }
        for at in 0..lines[0].len() - 1 {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] ^= 1;
            let read = decode_lines::<String>(&bytes);
            assert!(read.ends_with(&["丁".to_owned()]) && !read.contains(&"甲".to_owned()), "byte {at}");
        }
    }
}
