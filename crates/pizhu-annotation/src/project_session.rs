//! Editing the baskets of a store while the program runs: each edit goes to a journal first.
//!
//! Invariants: an edit that was not refused is on the disk when [`ProjectSession::edit`] returns, in the
//! journal or in the store, unless it says otherwise; what could not be brought into the store is kept,
//! shown and tried again, by this process or, if it dies, by the next one that opens the store.

use super::{
    basket::BasketEdit,
    edit::{Action, ActionKind},
    journal::{Journal, JournalRecord},
    merge::EntryMap,
    record::RecordSet,
    record_change::changes_between,
    record_merge::apply_record_changes,
    store::{Store, StoreError},
    watch::StoreWatcher,
};
use std::sync::Arc;

/// An edit that was made.
#[derive(Debug)]
pub struct ProjectEdit {
    /// What has changed, as one action that can be undone.
    pub action: Arc<Action>,
    /// Why it is not in the store yet; it is in the journal then, or nowhere but in memory.
    pub problem: Option<StoreError>,
}

/// The records of a project, edited by one author.
pub struct ProjectSession {
    store: Store,
    author: String,
    journal: Option<Journal>,
    /// Actions that are not in the store yet.
    pending: Vec<Action>,
    watcher: Option<StoreWatcher>,
}

impl std::fmt::Debug for ProjectSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProjectSession").field("pending", &self.pending.len()).finish_non_exhaustive()
    }
}

impl ProjectSession {
    /// A session; nothing is written before the first edit.
    #[must_use]
    pub fn new(store: Store, author: &str) -> Self {
        Self { store, author: author.to_owned(), journal: None, pending: Vec::new(), watcher: None }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The records with the edits that are not in the store yet.
    ///
    /// # Errors
    /// Fails if they cannot be read.
    pub fn records(&self) -> Result<RecordSet, StoreError> {
        let mut records = self.store.project()?;
        let mut deleted = EntryMap::new();
        for action in &self.pending {
            apply_record_changes(&mut records, &mut deleted, action);
        }
        Ok(records)
    }

    /// Changes the baskets.
    ///
    /// # Errors
    /// Fails if the change is refused, the store is not to be written, or what was changed is on no disk;
    /// in the last case it is kept in memory and tried again with the next edit.
    pub fn edit(&mut self, edit: &BasketEdit) -> Result<ProjectEdit, StoreError> {
        self.store.check_writable()?;
        let before = self.records()?;
        let mut after = before.clone();
        edit.apply(&mut after, &self.author)?;
        let kind = match edit {
            BasketEdit::Undo { action } => match action.kind {
                ActionKind::Undo(_) => ActionKind::Redo(action.id),
                _ => ActionKind::Undo(action.id),
            },
            _ => ActionKind::Edit,
        };
        let action = Action::new(kind, &self.author, Vec::new()).with_records(changes_between(&before, &after));
        if action.is_empty() {
            return Ok(ProjectEdit { action: Arc::new(action), problem: None });
        }
        let is_journalled = self.write_journal(&action);
        self.pending.push(action.clone());
        match self.flush() {
            Err(error) if !is_journalled => Err(error),
            flushed => Ok(ProjectEdit { action: Arc::new(action), problem: flushed.err() }),
        }
    }

    /// Appends an action to the journal; whether it is on the disk then.
    fn write_journal(&mut self, action: &Action) -> bool {
        if self.journal.is_none() {
            self.journal = self.store.start_journal().ok();
        }
        let mut records = vec![JournalRecord::Project { action: action.clone() }];
        if self.store.check_same_folder().is_err() {
            // Whoever recovers this journal must not write to the folder that is there now.
            records.push(JournalRecord::Away { files: self.store.project_landmarks() });
        }
        self.journal.as_mut().is_some_and(|journal| journal.append(&records).is_ok())
    }

    /// Brings what waits into the store.
    ///
    /// # Errors
    /// Fails if the store cannot be written; what waits is kept.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.store.commit_project(&self.pending)?;
        self.pending.clear();
        if let Some(journal) = &mut self.journal {
            // A longer journal repeats merges that change nothing.
            let _ = journal.clear();
        }
        Ok(())
    }

    /// Calls `on_change` after a change of the store's files, by whomever, until the session ends.
    pub fn watch(&mut self, on_change: impl Fn() + Send + 'static) {
        let dir = &self.store.location().dir;
        // If the system cannot watch it, changes are seen with the next edit.
        self.watcher = StoreWatcher::start(dir, dir, on_change).ok();
    }
}

impl Drop for ProjectSession {
    fn drop(&mut self) {
        // What cannot be written now is in the journal, for the next process.
        if self.flush().is_ok()
            && let Some(journal) = self.journal.take()
        {
            journal.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basket::{BasketItem, BasketList, BasketName};
    use crate::storage::Storage as _;
    use crate::store::StoreLocation;
    use std::path::Path;
    use std::time::Duration;

    fn store(dir: &Path) -> Store {
        Store::new(StoreLocation::from_dir(&dir.join("store")), dir.join("state"))
    }

    fn add(text: &str) -> BasketEdit {
        BasketEdit::Add { basket: BasketName::Named("素材".into()), at: None, items: vec![BasketItem::words(text)] }
    }

    fn texts(records: &RecordSet) -> Vec<String> {
        let list = BasketList::new(records.records());
        list.all().iter().flat_map(|basket| &basket.entries).map(|entry| entry.item.text().to_owned()).collect()
    }

    #[test]
    fn edits_are_undone_and_redone() {
        let dir = tempfile::tempdir().unwrap();
        let mut session = ProjectSession::new(store(dir.path()), "甲");
        session.edit(&add("一")).unwrap();
        let second = session.edit(&add("二")).unwrap().action;
        let undone = session.edit(&BasketEdit::Undo { action: second }).unwrap().action;
        assert_eq!(texts(&store(dir.path()).project().unwrap()), ["一"]);
        let redone = session.edit(&BasketEdit::Undo { action: undone }).unwrap().action;
        assert_eq!(texts(&store(dir.path()).project().unwrap()), ["一", "二"]);
        assert!(matches!(redone.kind, ActionKind::Redo(_)));
        let basket = BasketList::new(session.records().unwrap().records()).all()[0].id;
        let gone = session.edit(&BasketEdit::Delete { basket }).unwrap().action;
        assert!(texts(&store(dir.path()).project().unwrap()).is_empty());
        session.edit(&BasketEdit::Undo { action: gone }).unwrap();
        assert_eq!(texts(&store(dir.path()).project().unwrap()), ["一", "二"]);
    }

    /// Another process has the store's lock, and this one is killed.
    #[test]
    fn edit_that_the_store_refuses_is_kept_in_the_journal() {
        let dir = tempfile::tempdir().unwrap();
        let mut session = ProjectSession::new(store(dir.path()), "甲");
        session.edit(&add("一")).unwrap();
        let path = dir.path().join("store/project.ron");
        let text = std::fs::read_to_string(&path).unwrap();
        // A folder in the file's place cannot be replaced.
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        let edit = session.edit(&add("二")).unwrap();
        assert!(edit.problem.is_some());
        // Killed: nothing more is written, and the lock of its journal is free.
        let journal = session.journal.take().unwrap();
        let log = journal.path().to_owned();
        let bytes = std::fs::read(&log).unwrap();
        drop((journal, std::mem::take(&mut session.pending)));
        drop(session);
        std::fs::write(&log, bytes).unwrap();
        std::fs::remove_dir(&path).unwrap();
        std::fs::write(&path, text).unwrap();
        assert_eq!(texts(&store(dir.path()).project().unwrap()), ["一", "二"]);
        assert!(!log.exists(), "taken over");
        let lock = crate::storage::Disk.lock(&dir.path().join("store/.lock"), Duration::ZERO, true);
        assert!(lock.is_ok(), "released");
    }
}
