//! Writing the annotations of many speeches under one lock.
//!
//! What a single write does for itself is done once for a batch: taking the lock, recovering journals,
//! reading the codebook, comparing the folder with the one that was opened, and syncing the names of the
//! new files. Each file is still replaced as a whole, after a last look whether it is as it was read.
//!
//! Invariant: nothing of a batch counts as saved before [`Store::insert_all`] returns.

use super::{
    codebook_file::CodebookFile, error::StoreError, handle::Store, loaded_speech::LoadedSpeech, replace::Durability,
    speech_changes::SpeechChanges, speech_key::SpeechKey,
};
use crate::edit::{Action, ActionKind, AnnotationChange};
use crate::identity::SpeechHash;
use crate::merge::AnnotationEntry;
use crate::model::{Annotation, AnnotationId};
use pizhu_text::document::Document;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// What is stored of a speech, read to be changed in a batch.
#[derive(Debug)]
pub struct StoredSpeech {
    key: SpeechKey,
    document: Arc<Document>,
    loaded: LoadedSpeech,
}

impl StoredSpeech {
    /// An annotation of the speech.
    #[must_use]
    pub fn get(&self, id: AnnotationId) -> Option<&Annotation> {
        self.loaded.entries.get(&id).and_then(AnnotationEntry::annotation).filter(|annotation| !annotation.is_blank())
    }

    /// The action that inserts annotations, or replaces those of the same ids; `None` if they are there.
    fn insertion(&self, author: &str, annotations: Vec<Annotation>) -> Option<Action> {
        let change = |annotation: Annotation| {
            let before = self.get(annotation.id).cloned();
            (before.as_ref() != Some(&annotation)).then_some(AnnotationChange { before, after: Some(annotation) })
        };
        let changes: Vec<AnnotationChange> = annotations.into_iter().filter_map(change).collect();
        (!changes.is_empty()).then(|| Action::new(ActionKind::Import, author, changes))
    }
}

/// What the writes of several speeches under one lock share.
#[derive(Default)]
pub(super) struct WriteBatch {
    codebook: Option<Arc<CodebookFile>>,
    /// The next speech as it was read before the lock was taken.
    loaded: Option<LoadedSpeech>,
    /// The files written, with what happened in each.
    written: Vec<WrittenFile>,
}

struct WrittenFile {
    file: PathBuf,
    /// Under which name and text the speech was seen, if it was read whole.
    seen: Option<(String, SpeechHash)>,
    actions: Vec<Action>,
}

impl WriteBatch {
    /// The codebook, read once.
    pub(super) fn codebook(&mut self, store: &Store) -> Result<Arc<CodebookFile>, StoreError> {
        let file = match self.codebook.take() {
            Some(file) => file,
            None => Arc::new(store.read_codebook()?),
        };
        Ok(Arc::clone(self.codebook.insert(file)))
    }

    /// Reads the codebook again when it is needed: it was written.
    pub(super) fn forget_codebook(&mut self) {
        self.codebook = None;
    }

    /// The speech as it was read before, the first time it is asked for and if it was read from `files`.
    pub(super) fn take_loaded(&mut self, files: &[PathBuf]) -> Option<LoadedSpeech> {
        self.loaded.take().filter(|loaded| loaded.files.iter().map(|(file, _)| file).eq(files))
    }

    /// Notes that actions on a speech are in a file now.
    pub(super) fn note_written(&mut self, key: &SpeechKey, file: &Path, actions: &[Action]) {
        let seen = (key.is_whole() && key.has_place()).then(|| (key.name.clone(), key.hash));
        self.written.push(WrittenFile { file: file.to_owned(), seen, actions: actions.to_vec() });
    }
}

impl Store {
    /// What is stored of a document, to be changed by [`Self::insert_all`].
    ///
    /// # Errors
    /// Fails if the store cannot be read.
    pub fn stored(&self, document: &Arc<Document>, path: &Path) -> Result<StoredSpeech, StoreError> {
        self.recover_once();
        let key = SpeechKey::from_document(&self.location, document, path);
        let (_, loaded) = self.find_and_load(&key)?;
        Ok(StoredSpeech { key, document: Arc::clone(document), loaded })
    }

    /// Inserts annotations into speeches, or replaces those of the same ids, as one action of each; they
    /// are on the disk when this returns. Returns for each speech whether it could be done. Others wait
    /// for the store meanwhile, so some dozen speeches are enough for a batch. For a store that keeps a
    /// listing: see [`Self::keep_listing`].
    ///
    /// # Errors
    /// Fails if the store cannot be written at all, or another folder has taken its place.
    pub fn insert_all(
        &self,
        author: &str,
        speeches: Vec<(StoredSpeech, Vec<Annotation>)>,
    ) -> Result<Vec<Result<(), StoreError>>, StoreError> {
        self.check_trusted()?;
        let planned: Vec<(StoredSpeech, Option<Action>)> = speeches
            .into_iter()
            .map(|(speech, annotations)| {
                let action = speech.insertion(author, annotations);
                (speech, action)
            })
            .collect();
        if planned.iter().all(|(_, action)| action.is_none()) {
            return Ok(planned.iter().map(|_| Ok(())).collect());
        }
        let _lock = self.lock()?;
        // Half-finished writes of dead processes are resolved before the next write.
        let mut failed = self.recover_before_all()?;
        self.sweep_drafts_once();
        self.check_listing()?;
        let mut batch = WriteBatch::default();
        let mut results = Vec::with_capacity(planned.len());
        let mut texts: Vec<(SpeechHash, Arc<Document>)> = Vec::new();
        for (StoredSpeech { key, document, loaded }, action) in planned {
            let unrecovered = failed.iter().position(|(other, _)| other.may_be(&key));
            let result = match (action, unrecovered) {
                (None, _) => Ok(()),
                (Some(_), Some(index)) => Err(failed.swap_remove(index).1),
                (Some(action), None) => self.write_in(&mut batch, &key, loaded, action),
            };
            if result.is_ok() {
                texts.push((key.hash, document));
            }
            results.push(result);
        }
        self.end_batch(&batch)?;
        for (hash, document) in texts {
            self.keep_text(hash, &document);
        }
        Ok(results)
    }

    /// Writes an action on a speech.
    fn write_in(&self, batch: &mut WriteBatch, key: &SpeechKey, loaded: LoadedSpeech, action: Action) -> Result<(), StoreError> {
        let was_listed = !loaded.files.is_empty();
        batch.loaded = Some(loaded);
        let (actions, mut attempts) = ([action], 0);
        let outcome = self.retry_until_unchanged(|| {
            let outcome = self.try_checkpoint(SpeechChanges { key, actions: &actions, records: None }, &mut |_, _| Ok(()), Some(batch))?;
            attempts += 1;
            // The first time, a copy of the speech may just have been written to the same file.
            if outcome.is_none() && !(was_listed && attempts == 1) {
                self.forget_listing();
            }
            Ok(outcome)
        })?;
        self.keep_warnings(outcome);
        Ok(())
    }

    /// Makes what was written durable, and notes it on this machine.
    fn end_batch(&self, batch: &WriteBatch) -> Result<(), StoreError> {
        let dir = &self.location.dir;
        if batch.written.is_empty() {
            return Ok(());
        }
        self.storage.sync_dir(dir).map_err(StoreError::io(dir))?;
        self.check_same_folder()?;
        for written in &batch.written {
            // The annotations are safe even if the history cannot be written.
            let _ = self.record_history_as(&written.file, &written.actions.iter().collect::<Vec<_>>(), Durability::WithBatch);
        }
        for dir in self.state_subdirs("history") {
            // Where there is none, none was written.
            let _ = self.storage.sync_dir(&dir);
        }
        let seen = batch.written.iter().filter_map(|written| {
            let (name, hash) = written.seen.clone()?;
            Some((name, hash, written.file.as_path()))
        });
        self.note_all_seen(seen);
        self.settle_listing();
        Ok(())
    }
}
