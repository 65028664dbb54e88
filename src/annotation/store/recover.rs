//! Folding the journals of processes that died, and the histories of speeches.

use super::{SpeechKey, Store, StoreError, files::fitting};
use crate::annotation::{
    edit::{Action, ActionKind, restoring},
    journal::{Dead, dead_journals, from_lines, to_line},
    merge::Entry,
    storage::make_dir,
};
use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
};
use uuid::Uuid;

impl Store {
    /// Where processes keep their journals for this store.
    pub(in crate::annotation) fn journal_dir(&self) -> PathBuf {
        self.state_of("journal")
    }

    /// Folds into the store what processes that died had saved in their journals. Gives how many
    /// actions came back.
    ///
    /// # Errors
    /// When the store cannot be written; the journals stay.
    pub fn recover(&self) -> Result<usize, StoreError> {
        // Most of the time there is none, and nothing is locked or made.
        let dir = self.journal_dir();
        if self
            .storage
            .list(&dir)
            .map_err(StoreError::io(&dir))?
            .iter()
            .all(|path| path.extension().is_none_or(|extension| extension != "log"))
        {
            return Ok(0);
        }
        let dead = dead_journals(&*self.storage, &dir)?;
        if dead.iter().all(|journal| journal.actions.is_empty()) {
            dead.into_iter().try_for_each(|journal| journal.remove(&*self.storage))?;
            return Ok(0);
        }
        let _lock = self.lock()?;
        self.fold_dead(dead)
    }

    /// [`Self::recover`], the first time only. Where the store cannot be written now, the journals
    /// wait.
    pub(super) fn recover_once(&self) {
        self.recovered.get_or_init(|| drop(self.recover()));
    }

    /// [`Self::recover`] under the store's lock.
    pub(super) fn recover_locked(&self) -> Result<usize, StoreError> {
        let dead = dead_journals(&*self.storage, &self.journal_dir())?;
        self.fold_dead(dead)
    }

    fn fold_dead(&self, dead: Vec<Dead>) -> Result<usize, StoreError> {
        let mut count = 0;
        for mut journal in dead {
            let mut folded: HashSet<Uuid> = HashSet::new();
            for (actions, file, content) in &journal.folding {
                let there = self.storage.read(file).map(|bytes| blake3::hash(&bytes).to_hex().to_string());
                if there.is_ok_and(|hash| hash == *content) {
                    let done = journal.actions.iter().map(|(_, action)| action).filter(|action| actions.contains(&action.id));
                    self.record_history(file, &done.collect::<Vec<_>>())?;
                    folded.extend(actions);
                }
            }
            journal.actions.retain(|(_, action)| !folded.contains(&action.id));
            let mut by_speech: Vec<(SpeechKey, Vec<Action>)> = Vec::new();
            for (key, action) in std::mem::take(&mut journal.actions) {
                count += 1;
                match by_speech.iter_mut().find(|(other, _)| *other == key) {
                    Some((_, actions)) => actions.push(action),
                    None => by_speech.push((key, vec![action])),
                }
            }
            for (key, mut actions) in by_speech {
                // What the history has is in the store, whoever has written there since.
                let known: HashSet<Uuid> = self.history_under_lock(&key)?.iter().map(|action| action.id).collect();
                actions.retain(|action| !known.contains(&action.id));
                self.fold(&key, &actions, &mut |_, _| Ok(()))?;
            }
            journal.remove(&*self.storage)?;
        }
        Ok(count)
    }

    /// The file of a speech's history.
    fn history_path(&self, file: &Path) -> PathBuf {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        self.state_of("history").join(format!("{name}.log"))
    }

    /// Adds actions to the history of the speech in `file`.
    pub(super) fn record_history(&self, file: &Path, actions: &[&Action]) -> Result<(), StoreError> {
        let path = self.history_path(file);
        let mut lines = String::from("\n");
        for action in actions {
            lines.push_str(&to_line(action).map_err(StoreError::io(&path))?);
        }
        let dir = self.state_of("history");
        make_dir(&*self.storage, &dir, true).map_err(StoreError::io(&dir))?;
        self.storage.append(&path, lines.as_bytes(), true).map_err(StoreError::io(&path))?;
        self.storage.sync(&path).map_err(StoreError::io(&path))
    }

    /// Gives a file that begins as a copy of another the same history.
    pub(super) fn copy_history(&self, from: &Path, to: &Path) -> Result<(), StoreError> {
        let history = self.read_history(&self.history_path(from))?;
        if history.is_empty() { Ok(()) } else { self.record_history(to, &history.iter().collect::<Vec<_>>()) }
    }

    fn read_history(&self, path: &Path) -> Result<Vec<Action>, StoreError> {
        match self.storage.read(path) {
            // A process that died may have written what was then written again for it.
            Ok(bytes) => {
                let mut seen = HashSet::new();
                Ok(from_lines::<Action>(&bytes).into_iter().filter(|action| seen.insert(action.id)).collect())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(StoreError::io(path)(error)),
        }
    }

    /// What was done to a speech on this machine, the oldest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn history(&self, key: &SpeechKey) -> Result<Vec<Action>, StoreError> {
        match self.load(key)?.files.first() {
            Some((file, _)) => self.read_history(&self.history_path(file)),
            None => Ok(Vec::new()),
        }
    }

    fn history_under_lock(&self, key: &SpeechKey) -> Result<Vec<Action>, StoreError> {
        let files = fitting(&self.heads()?, Some(key.hash), &key.name);
        files.first().map_or(Ok(Vec::new()), |file| self.read_history(&self.history_path(file)))
    }

    /// Brings back the annotations of a speech as they were right after `action` of its history
    /// (before the first of all for `None`), as one more action that can be undone. Gives the
    /// number of annotations that changed.
    ///
    /// # Errors
    /// When the history has no such action, or the store cannot be read or written.
    pub fn restore(&self, key: &SpeechKey, action: Option<Uuid>, author: &str) -> Result<usize, StoreError> {
        let speech = self.load(key)?;
        let Some((file, _)) = speech.files.first() else { return Ok(0) };
        let history = self.read_history(&self.history_path(file))?;
        let from = match action {
            Some(id) => history.iter().position(|other| other.id == id).ok_or(StoreError::NoSuchAction(id))? + 1,
            None => 0,
        };
        let now = |id| speech.entries.get(&id).and_then(Entry::live).cloned();
        let changes = restoring(&history[from..], now);
        let count = changes.len();
        if count > 0 {
            let kind = ActionKind::Restore(action.unwrap_or_default());
            self.commit(key, &[Action::new(kind, author, changes)])?;
        }
        Ok(count)
    }
}
