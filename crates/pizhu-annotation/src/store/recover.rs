//! Recovery of the journals of dead processes, and the histories of speeches.

use super::{
    error::{StoreError, is_unusable},
    handle::Store,
    replace::Durability,
    seen::file_stem,
    speech_key::SpeechKey,
    warning::StoreWarning,
};
use crate::edit::Action;
use crate::journal::AbandonedJournal;
use crate::journal::Journal;
use crate::journal::abandoned_journals;
use crate::journal::decode_lines;
use crate::journal::encode_line;
use crate::storage::create_dir_synced;
use std::{
    collections::HashSet,
    io,
    path::{Path, PathBuf},
    sync::PoisonError,
    thread,
    time::Duration,
};
use uuid::Uuid;

/// How often journals that were found are tried again.
const MAX_RECOVERY_ATTEMPTS: usize = 20;
/// Pause before each attempt.
const RECOVERY_PAUSE: Duration = Duration::from_millis(5);

/// The outcome of recovering the journals of dead processes.
#[derive(Default)]
struct RecoveryOutcome {
    /// Number of actions now in the store.
    count: usize,
    /// Speeches that cannot be written, and why.
    failed: Vec<(SpeechKey, StoreError)>,
    /// Why the project's file cannot be written.
    failed_project: Option<StoreError>,
}

impl Store {
    /// Starts this process's journal for this store.
    pub(crate) fn start_journal(&self) -> Result<Journal, StoreError> {
        self.write_state("journal", |dir| Journal::start(self.storage(), dir).map_err(StoreError::io(dir)))
    }

    /// The folders of the processes' journals for this store that have any.
    fn journal_dirs(&self) -> Result<Vec<PathBuf>, StoreError> {
        let mut found = Vec::new();
        for dir in self.state_subdirs("journal") {
            match self.storage.list(&dir) {
                Ok(paths) if paths.iter().any(|path| path.extension().is_some_and(|extension| extension == "log")) => found.push(dir),
                Ok(_) => {}
                // Where nothing can be written there is no journal.
                Err(error) if is_unusable(&error) => {}
                Err(error) => return Err(StoreError::io(&dir)(error)),
            }
        }
        Ok(found)
    }

    /// Whether processes other than this one, whose journal is `own`, have edits in journals for this
    /// store.
    pub(crate) fn has_other_journals(&self, own: Option<&Path>) -> bool {
        let paths = self.journal_dirs().unwrap_or_default().into_iter().flat_map(|dir| self.storage.list(&dir).unwrap_or_default());
        let mut logs = paths.filter(|path| path.extension().is_some_and(|extension| extension == "log"));
        logs.any(|path| Some(path.as_path()) != own && self.storage.fingerprint(&path).is_ok_and(|file| file.len > 0))
    }

    /// Checkpoints into the store what dead processes had saved in their journals. Returns the
    /// number of actions recovered.
    ///
    /// # Errors
    /// Fails if the store cannot be written; the journals are kept.
    pub fn recover(&self) -> Result<usize, StoreError> {
        // Usually there is none; then nothing is locked or created.
        if self.journal_dirs()?.is_empty() {
            return Ok(0);
        }
        let abandoned = self.abandoned_journals()?;
        if abandoned.iter().all(|journal| journal.action_count() == 0) {
            abandoned.into_iter().try_for_each(|journal| journal.remove(&*self.storage))?;
            return Ok(0);
        }
        // Released while waiting for the store's lock: its holder recovers the journals first,
        // before its own writes.
        let found: Vec<PathBuf> = abandoned.into_iter().map(|journal| journal.path).collect();
        let _lock = self.lock()?;
        let mut count = self.recover_locked()?;
        // Another process may have held the journals' locks for a moment, to see whether they are
        // abandoned. If one holds them for longer, the next opening of the store recovers them.
        for _ in 0..MAX_RECOVERY_ATTEMPTS {
            if found.iter().all(|path| self.storage.fingerprint(path).is_err()) {
                break;
            }
            thread::sleep(RECOVERY_PAUSE);
            count += self.recover_locked()?;
        }
        Ok(count)
    }

    /// Runs [`Self::recover`] the first time only. If the store cannot be written now, the journals
    /// are kept.
    pub(super) fn recover_once(&self) {
        self.recovered.get_or_init(|| drop(self.recover()));
    }

    /// [`Self::recover`] under the store's lock.
    pub(super) fn recover_locked(&self) -> Result<usize, StoreError> {
        let RecoveryOutcome { count, mut failed, failed_project } = self.recover_journals()?;
        match failed_project {
            Some(error) => Err(error),
            None if failed.is_empty() => Ok(count),
            None => Err(failed.swap_remove(0).1),
        }
    }

    /// [`Self::recover`] under the store's lock, before a speech is written; failures of other
    /// speeches are ignored.
    ///
    /// # Errors
    /// Fails if an action on this speech cannot be recovered.
    pub(super) fn recover_before(&self, key: &SpeechKey) -> Result<(), StoreError> {
        let failed = self.recover_journals()?.failed;
        let own = failed.into_iter().find(|(other, _)| other.may_be(key));
        own.map_or(Ok(()), |(_, error)| Err(error))
    }

    /// [`Self::recover_before`] for several speeches: the errors, by the speech.
    pub(super) fn recover_before_all(&self) -> Result<Vec<(SpeechKey, StoreError)>, StoreError> {
        Ok(self.recover_journals()?.failed)
    }

    /// The journals of dead processes, with their locks. Journals of a newer program are left to
    /// it: content unknown here would be lost. So are those whose edits belong to the folder that was
    /// here before.
    fn abandoned_journals(&self) -> Result<Vec<AbandonedJournal>, StoreError> {
        let mut abandoned = Vec::new();
        for dir in self.journal_dirs()? {
            abandoned.extend(abandoned_journals(&*self.storage, &dir)?.into_iter().filter(|journal| !journal.newer));
        }
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            abandoned.into_iter().partition(|journal| journal.action_count() == 0 || self.has_landmark(&journal.landmarks));
        let count = elsewhere.iter().map(AbandonedJournal::action_count).sum();
        if count > 0 {
            self.warn(StoreWarning::EditsWaiting { path: self.location.dir.clone(), count });
        }
        Ok(here)
    }

    fn recover_journals(&self) -> Result<RecoveryOutcome, StoreError> {
        let mut recovered = RecoveryOutcome::default();
        for mut journal in self.abandoned_journals()? {
            let failed = self.checkpoint_journal(&mut journal, &mut recovered.count)?;
            let project = self.checkpoint_project(&mut journal, &mut recovered.count);
            if failed.is_empty() && project.is_ok() {
                journal.remove(&*self.storage)?;
            } else {
                // Actions already in the store are not repeated with the rest.
                let _ = journal.mark_checkpointed(&*self.storage);
                recovered.failed.extend(failed);
                recovered.failed_project = recovered.failed_project.or(project.err());
            }
        }
        Ok(recovered)
    }

    /// Checkpoints the actions of a journal on the records of the project.
    fn checkpoint_project(&self, journal: &mut AbandonedJournal, count: &mut usize) -> Result<(), StoreError> {
        if journal.project_actions.is_empty() {
            return Ok(());
        }
        self.commit_project_locked(&journal.project_actions)?;
        *count += journal.project_actions.len();
        journal.checkpointed.extend(journal.project_actions.iter().map(|action| action.id));
        Ok(())
    }

    /// Checkpoints a journal; returns the speeches that failed, with the reasons.
    fn checkpoint_journal(&self, journal: &mut AbandonedJournal, count: &mut usize) -> Result<Vec<(SpeechKey, StoreError)>, StoreError> {
        let mut checkpointed: HashSet<Uuid> = HashSet::new();
        for (actions, file, content) in &journal.checkpointing {
            let present = self.storage.read(file).map(|bytes| blake3::hash(&bytes).to_hex().to_string());
            if present.is_ok_and(|hash| hash == *content) {
                let done = journal.actions.iter().map(|(_, action)| action).filter(|action| actions.contains(&action.id));
                self.record_history(file, &done.collect::<Vec<_>>())?;
                checkpointed.extend(actions);
            }
        }
        let mut by_speech: Vec<(SpeechKey, Vec<Action>)> = Vec::new();
        for (key, action) in journal.actions.iter().filter(|(_, action)| !checkpointed.contains(&action.id)) {
            match by_speech.iter_mut().find(|(other, _)| other == key) {
                Some((_, actions)) => actions.push(action.clone()),
                None => by_speech.push((key.clone(), vec![action.clone()])),
            }
        }
        let mut failed = Vec::new();
        for (key, mut actions) in by_speech {
            *count += actions.len();
            let ids: Vec<Uuid> = actions.iter().map(|action| action.id).collect();
            // Actions in the history are in the store, whoever has written there since.
            let known_ids: HashSet<Uuid> = self.history_under_lock(&key)?.iter().map(|action| action.id).collect();
            actions.retain(|action| !known_ids.contains(&action.id));
            match self.checkpoint(&key, &actions, &mut |_, _| Ok(())) {
                Ok(_) => checkpointed.extend(ids),
                Err(error) => {
                    *count -= ids.len();
                    failed.push((key, error));
                }
            }
        }
        journal.checkpointed = journal.actions.iter().map(|(_, action)| action.id).filter(|id| checkpointed.contains(id)).collect();
        Ok(failed)
    }

    /// Path of a speech's history in a folder of histories.
    pub(super) fn history_path(dir: &Path, file: &Path) -> PathBuf {
        dir.join(format!("{}.log", file.file_stem().unwrap_or_default().to_string_lossy()))
    }

    /// Appends actions to the history of the speech in `file`.
    pub(super) fn record_history(&self, file: &Path, actions: &[&Action]) -> Result<(), StoreError> {
        self.record_history_as(file, actions, Durability::Now)
    }

    /// [`Self::record_history`]; with a batch, the names of new histories are not on the disk yet.
    pub(super) fn record_history_as(&self, file: &Path, actions: &[&Action], durability: Durability) -> Result<(), StoreError> {
        let mut lines = String::from("\n");
        for action in actions {
            lines.push_str(&encode_line(action).map_err(StoreError::io(file))?);
        }
        self.write_state("history", |dir| {
            let path = Self::history_path(dir, file);
            let appended = match self.storage.append_to_log(&path, lines.as_bytes()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    create_dir_synced(&*self.storage, dir, true).map_err(StoreError::io(dir))?;
                    self.storage.append_to_log(&path, lines.as_bytes())
                }
                other => other,
            };
            let is_new = appended.map_err(StoreError::io(&path))?;
            self.note_history(file);
            if is_new && durability == Durability::Now { self.storage.sync_dir(dir).map_err(StoreError::io(dir)) } else { Ok(()) }
        })
    }

    /// Copies the history of a file to a new file.
    pub(super) fn copy_history(&self, from: &Path, to: &Path) -> Result<(), StoreError> {
        let history = self.read_history(from)?;
        if history.is_empty() { Ok(()) } else { self.record_history(to, &history.iter().collect::<Vec<_>>()) }
    }

    /// Moves the history of a file that was merged into another.
    pub(super) fn move_history(&self, from: &Path, to: &Path) -> Result<(), StoreError> {
        self.copy_history(from, to)?;
        for dir in self.state_subdirs("history") {
            let path = Self::history_path(&dir, from);
            if self.storage.fingerprint(&path).is_ok() {
                self.storage.remove(&path).map_err(StoreError::io(&path))?;
            }
        }
        Ok(())
    }

    /// Whether the speech in `file` may have a history: one listing of the histories serves while one of
    /// the store is kept.
    pub(super) fn may_have_history(&self, file: &Path) -> bool {
        if !self.keeps_listing() {
            return true;
        }
        let stem = file_stem(file);
        let known = self.header_cache.lock().unwrap_or_else(PoisonError::into_inner).histories.as_ref().map(|known| known.contains(&stem));
        if let Some(is_known) = known {
            return is_known;
        }
        let dirs = self.state_subdirs("history").into_iter();
        let listed: HashSet<String> = dirs.flat_map(|dir| self.storage.list(&dir).unwrap_or_default()).map(|log| file_stem(&log)).collect();
        let is_known = listed.contains(&stem);
        self.header_cache.lock().unwrap_or_else(PoisonError::into_inner).histories = Some(listed);
        is_known
    }

    /// Adds the history of `file` to the listing, if one is kept.
    fn note_history(&self, file: &Path) {
        if let Some(known) = &mut self.header_cache.lock().unwrap_or_else(PoisonError::into_inner).histories {
            known.insert(file_stem(file));
        }
    }

    /// The history of the speech in `file`.
    pub(super) fn read_history(&self, file: &Path) -> Result<Vec<Action>, StoreError> {
        let (mut history, mut seen) = (Vec::new(), HashSet::new());
        for dir in self.state_subdirs("history") {
            let path = Self::history_path(&dir, file);
            match self.storage.read(&path) {
                // A recovered action may have been recorded twice.
                Ok(bytes) => history.extend(decode_lines::<Action>(&bytes).into_iter().filter(|action| seen.insert(action.id))),
                Err(error) if error.kind() == io::ErrorKind::NotFound || is_unusable(&error) => {}
                Err(error) => return Err(StoreError::io(&path)(error)),
            }
        }
        Ok(history)
    }

    fn history_under_lock(&self, key: &SpeechKey) -> Result<Vec<Action>, StoreError> {
        self.speech_files(key)?.first().map_or(Ok(Vec::new()), |file| self.read_history(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Edit;
    use crate::StoreLocation;
    use crate::Target;
    use crate::edit::ActionKind;
    use crate::edit::AnnotationChange;
    use crate::journal::JournalRecord;
    use crate::model::Annotation;
    use crate::model::Scope;
    use crate::selector::Selector;
    use pizhu_text::document::Document;
    use pizhu_text::text::SourceText;
    use pizhu_text::text::Span;
    use std::fs;

    const TEXT: &str = "一、抓好人才工作\n要把人才放在心上。\n";

    fn document(text: &str) -> Document {
        Document::from(SourceText::from(text))
    }

    fn store(dir: &Path) -> Store {
        Store::new(StoreLocation::from_dir(&dir.join("store")), dir.join("state"))
    }

    fn key(dir: &Path, text: &str, name: &str) -> SpeechKey {
        SpeechKey::from_document(store(dir).location(), &document(text), &dir.join(name))
    }

    fn note(n: usize) -> Vec<Edit> {
        vec![Edit::Note { target: Target::Passage(Span::new(n, n + 2)), note: format!("第{n}") }]
    }

    /// A journal line in which a process added a note to a speech.
    fn done(key: &SpeechKey) -> String {
        let annotation =
            Annotation { note: "死前".to_owned(), ..Annotation::new(Scope::Passage, Selector { end: 1, ..Selector::default() }, "甲") };
        let action = Action::new(ActionKind::Edit, "甲", vec![AnnotationChange { before: None, after: Some(annotation) }]);
        encode_line(&JournalRecord::Done { speech: key.clone(), action }).unwrap()
    }

    /// Writes the journal of a dead process.
    fn journal(dir: &Path, lines: &str) -> PathBuf {
        let folder = store(dir).state_subdir("journal");
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("死.log");
        fs::write(&path, lines).unwrap();
        path
    }

    fn count(dir: &Path, text: &str, name: &str) -> usize {
        store(dir).load(&key(dir, text, name)).unwrap().annotations().count()
    }

    #[test]
    fn unrecoverable_actions_wait_without_blocking_other_speeches() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let (newer, other) = ("另一篇讲话，文字不同。", "第三篇讲话，也不相同。");
        store(dir).apply(&document(newer), &dir.join("新.txt"), "甲", note(0)).unwrap();
        let (file, _) = store(dir).speeches().unwrap().remove(0);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replacen("version: 2", "version: 9", 1)).unwrap();
        let lines = done(&key(dir, newer, "新.txt")) + &done(&key(dir, other, "三.txt"));
        let path = journal(dir, &lines);
        store(dir).apply(&document(TEXT), &dir.join("甲.txt"), "甲", note(0)).unwrap();
        assert_eq!((count(dir, TEXT, "甲.txt"), count(dir, other, "三.txt")), (1, 1));
        assert!(matches!(store(dir).recover(), Err(StoreError::Newer(_))));
        let kept = abandoned_journals(&crate::storage::Disk, &store(dir).state_subdir("journal")).unwrap().remove(0).actions;
        assert!(kept.len() == 1 && kept[0].0.name.ends_with("新.txt"), "only the newer file's action is left: {kept:?}");
        assert!(store(dir).apply(&document(newer), &dir.join("新.txt"), "甲", note(3)).is_err());
        fs::write(&file, text).unwrap();
        assert_eq!(store(dir).recover().unwrap(), 1);
        assert_eq!(count(dir, newer, "新.txt"), 2);
        assert!(!path.exists());
    }

    #[test]
    fn a_newer_programs_journal_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let line = done(&key(dir, TEXT, "甲.txt"));
        let json = line[CHECKSUM_CHARS + 1..].trim_end().replacen("{\"done\":{", "{\"done\":{\"voice\":7,", 1);
        let unknown = encode_line(&serde_json::from_str::<serde_json::Value>("{\"spoken\":{\"words\":3}}").unwrap()).unwrap();
        let known = serde_json::from_str::<serde_json::Value>(&json).unwrap();
        for lines in [unknown + &line, encode_line(&known).unwrap()] {
            let path = journal(dir, &lines);
            store(dir).recover().unwrap();
            store(dir).apply(&document(TEXT), &dir.join("甲.txt"), "甲", note(0)).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), lines);
        }
    }

    /// Chars before the JSON of a line, without the space.
    const CHECKSUM_CHARS: usize = 16;
}
