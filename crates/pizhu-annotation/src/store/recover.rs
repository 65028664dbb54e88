//! Folding the journals of processes that died, and the histories of speeches.

use super::{SpeechKey, Store, StoreError, files::fitting};
use crate::edit::Action;
use crate::edit::ActionKind;
use crate::edit::restoring;
use crate::journal::Dead;
use crate::journal::dead_journals;
use crate::journal::from_lines;
use crate::journal::to_line;
use crate::merge::Entry;
use crate::storage::make_dir;
use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// What became of the journals of dead processes.
#[derive(Default)]
struct Recovered {
    /// Actions that are in the store now.
    count: usize,
    /// Speeches that cannot be written, and why.
    failed: Vec<(SpeechKey, StoreError)>,
}

impl Store {
    /// Where processes keep their journals for this store.
    pub(in crate) fn journal_dir(&self) -> PathBuf {
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
        let dead = self.dead()?;
        if dead.iter().all(|journal| journal.actions.is_empty()) {
            dead.into_iter().try_for_each(|journal| journal.remove(&*self.storage))?;
            return Ok(0);
        }
        // Let go of while the store's lock is waited for: who has that lock now folds them first,
        // before what it has to write itself.
        drop(dead);
        let _lock = self.lock()?;
        self.recover_locked()
    }

    /// [`Self::recover`], the first time only. Where the store cannot be written now, the journals
    /// wait.
    pub(super) fn recover_once(&self) {
        self.recovered.get_or_init(|| drop(self.recover()));
    }

    /// [`Self::recover`] under the store's lock.
    pub(super) fn recover_locked(&self) -> Result<usize, StoreError> {
        let Recovered { count, mut failed } = self.fold_dead()?;
        if failed.is_empty() { Ok(count) } else { Err(failed.swap_remove(0).1) }
    }

    /// [`Self::recover`] under the store's lock, before a speech is written: what another speech
    /// waits for is nothing to this one.
    ///
    /// # Errors
    /// When something that was done to this speech waits.
    pub(super) fn recover_before(&self, key: &SpeechKey) -> Result<(), StoreError> {
        let failed = self.fold_dead()?.failed;
        let own = failed.into_iter().find(|(other, _)| other.hash == key.hash || other.name == key.name);
        own.map_or(Ok(()), |(_, error)| Err(error))
    }

    /// The journals of processes that died, with their locks. Those a newer program wrote are its
    /// own to fold: what is not understood would be gone with them.
    fn dead(&self) -> Result<Vec<Dead>, StoreError> {
        let mut dead = dead_journals(&*self.storage, &self.journal_dir())?;
        dead.retain(|journal| !journal.newer);
        Ok(dead)
    }

    fn fold_dead(&self) -> Result<Recovered, StoreError> {
        let mut recovered = Recovered::default();
        for mut journal in self.dead()? {
            let failed = self.fold_journal(&mut journal, &mut recovered.count)?;
            if failed.is_empty() {
                journal.remove(&*self.storage)?;
            } else {
                // What is in the store is not done again when the rest is.
                let _ = journal.keep(&*self.storage);
                recovered.failed.extend(failed);
            }
        }
        Ok(recovered)
    }

    /// Folds a journal; what stays in its `actions` could not be, for the reasons given.
    fn fold_journal(&self, journal: &mut Dead, count: &mut usize) -> Result<Vec<(SpeechKey, StoreError)>, StoreError> {
        let mut folded: HashSet<Uuid> = HashSet::new();
        for (actions, file, content) in &journal.folding {
            let there = self.storage.read(file).map(|bytes| blake3::hash(&bytes).to_hex().to_string());
            if there.is_ok_and(|hash| hash == *content) {
                let done = journal.actions.iter().map(|(_, action)| action).filter(|action| actions.contains(&action.id));
                self.record_history(file, &done.collect::<Vec<_>>())?;
                folded.extend(actions);
            }
        }
        let mut by_speech: Vec<(SpeechKey, Vec<Action>)> = Vec::new();
        for (key, action) in journal.actions.iter().filter(|(_, action)| !folded.contains(&action.id)) {
            match by_speech.iter_mut().find(|(other, _)| other == key) {
                Some((_, actions)) => actions.push(action.clone()),
                None => by_speech.push((key.clone(), vec![action.clone()])),
            }
        }
        let mut failed = Vec::new();
        for (key, mut actions) in by_speech {
            *count += actions.len();
            let ids: Vec<Uuid> = actions.iter().map(|action| action.id).collect();
            // What the history has is in the store, whoever has written there since.
            let known: HashSet<Uuid> = self.history_under_lock(&key)?.iter().map(|action| action.id).collect();
            actions.retain(|action| !known.contains(&action.id));
            match self.fold(&key, &actions, &mut |_, _| Ok(())) {
                Ok(_) => folded.extend(ids),
                Err(error) => {
                    *count -= ids.len();
                    failed.push((key, error));
                }
            }
        }
        journal.folded = journal.actions.iter().map(|(_, action)| action.id).filter(|id| folded.contains(id)).collect();
        Ok(failed)
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
        let is_new = self.storage.stamp(&path).is_err();
        self.storage.append(&path, lines.as_bytes(), true).map_err(StoreError::io(&path))?;
        self.storage.sync(&path).map_err(StoreError::io(&path))?;
        if is_new { self.storage.sync_dir(&dir).map_err(StoreError::io(&dir)) } else { Ok(()) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Edit;
    use crate::Place;
    use crate::Target;
    use crate::edit::Change;
    use crate::journal::Record;
    use crate::model::Annotation;
    use crate::model::Scope;
    use crate::selector::Selector;
    use pizhu_text::document::Document;
    use pizhu_text::text::SourceText;
    use pizhu_text::text::Span;
    use std::fs;

    const TEXT: &str = "一、抓好人才工作\n要把人才放在心上。\n";

    fn document(text: &str) -> Document {
        Document { source: SourceText::from(text), is_final: true, ..Document::default() }
    }

    fn store(dir: &Path) -> Store {
        Store::new(Place::given(&dir.join("store")), dir.join("state"))
    }

    fn key(dir: &Path, text: &str, name: &str) -> SpeechKey {
        SpeechKey::of(store(dir).place(), &document(text), &dir.join(name))
    }

    fn note(n: usize) -> Vec<Edit> {
        vec![Edit::Note { target: Target::Passage(Span::new(n, n + 2)), note: format!("第{n}") }]
    }

    /// A line of a journal in which a process says that it put a note on a speech.
    fn done(key: &SpeechKey) -> String {
        let annotation =
            Annotation { note: "死前".to_owned(), ..Annotation::new(Scope::Passage, Selector { end: 1, ..Selector::default() }, "甲") };
        let action = Action::new(ActionKind::Edit, "甲", vec![Change { before: None, after: Some(annotation) }]);
        to_line(&Record::Done { speech: key.clone(), action }).unwrap()
    }

    /// The journal of a process that died.
    fn journal(dir: &Path, lines: &str) -> PathBuf {
        let folder = store(dir).journal_dir();
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("死.log");
        fs::write(&path, lines).unwrap();
        path
    }

    fn count(dir: &Path, text: &str, name: &str) -> usize {
        store(dir).load(&key(dir, text, name)).unwrap().annotations().count()
    }

    #[test]
    fn what_cannot_be_folded_waits_and_keeps_nothing_else_from_being_saved() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let (newer, other) = ("另一篇讲话，文字不同。", "第三篇讲话，也不相同。");
        store(dir).apply(&document(newer), &dir.join("新.txt"), "甲", note(0)).unwrap();
        let (file, _) = store(dir).speeches().unwrap().remove(0);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replacen("version: 1", "version: 9", 1)).unwrap();
        let lines = done(&key(dir, newer, "新.txt")) + &done(&key(dir, other, "三.txt"));
        let path = journal(dir, &lines);
        store(dir).apply(&document(TEXT), &dir.join("甲.txt"), "甲", note(0)).unwrap();
        assert_eq!((count(dir, TEXT, "甲.txt"), count(dir, other, "三.txt")), (1, 1));
        assert!(matches!(store(dir).recover(), Err(StoreError::Newer(_))));
        let kept = dead_journals(&crate::storage::Disk, &store(dir).journal_dir()).unwrap().remove(0).actions;
        assert!(kept.len() == 1 && kept[0].0.name.ends_with("新.txt"), "the other is done: {kept:?}");
        assert!(store(dir).apply(&document(newer), &dir.join("新.txt"), "甲", note(3)).is_err());
        fs::write(&file, text).unwrap();
        assert_eq!(store(dir).recover().unwrap(), 1);
        assert_eq!(count(dir, newer, "新.txt"), 2);
        assert!(!path.exists());
    }

    #[test]
    fn a_journal_of_a_newer_program_is_left_to_it() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let line = done(&key(dir, TEXT, "甲.txt"));
        let json = line[CHECK + 1..].trim_end().replacen("{\"done\":{", "{\"done\":{\"voice\":7,", 1);
        let unknown = to_line(&serde_json::from_str::<serde_json::Value>("{\"spoken\":{\"words\":3}}").unwrap()).unwrap();
        let known = serde_json::from_str::<serde_json::Value>(&json).unwrap();
        for lines in [unknown + &line, to_line(&known).unwrap()] {
            let path = journal(dir, &lines);
            store(dir).recover().unwrap();
            store(dir).apply(&document(TEXT), &dir.join("甲.txt"), "甲", note(0)).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), lines);
        }
    }

    /// Chars before the JSON of a line, without the space.
    const CHECK: usize = 16;
}
