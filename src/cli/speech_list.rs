//! The speeches that a command over many works on, and what is told of those that it leaves out.
//!
//! Invariant: one bad file ends nothing over many. It is told on standard error, the rest is done,
//! and the status is 1.

use super::{
    CliContext, CliError, Status,
    context::warn,
    error::{linked_folder, missing_speech, unused_rules},
    named_speeches::NamedSpeeches,
    stage::{StageInput, StageItem, StageSource},
};
use crate::app::existing_files::ExistingFiles;
use pizhu_annotation::store::{FoundAnnotations, SpeechKey};
use pizhu_annotation::{SpeechHash, Store};
use pizhu_library::source;
use pizhu_library::source::LeftOut;
use pizhu_library::source::Speech;
use std::{
    fs,
    path::{Path, PathBuf},
};

impl CliContext {
    /// Expands folders in `paths` to the speeches under them; a folder that cannot be read or holds
    /// no speech is left out if others were named.
    pub(super) fn list_speeches(&mut self, paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
        let mut files = Vec::new();
        for path in paths {
            // A pattern of the shell takes in what Word leaves beside an open document.
            if paths.len() > 1 && source::is_lock_file(path) {
                continue;
            }
            if !fs::metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
                files.push(path.clone());
                continue;
            }
            match self.speeches_under(path) {
                Ok(found) => files.extend(found),
                Err(error) if paths.len() > 1 => self.leave_out(&error),
                Err(error) => return Err(error),
            }
        }
        Ok(files)
    }

    /// The speeches under a folder; tells of what is left out. It is an error if there is nothing.
    pub(super) fn speeches_under(&mut self, folder: &Path) -> Result<Vec<PathBuf>, CliError> {
        let listed = source::list_speeches(folder)?;
        let is_empty = listed.files.is_empty() && listed.left_out.iter().all(|left_out| matches!(left_out, LeftOut::Rules(..)));
        for left_out in listed.left_out {
            match left_out {
                LeftOut::LinkedFolder(path) => warn(&linked_folder(&path, self.locale)),
                LeftOut::Unreadable(error) => self.leave_out(&error.into()),
                LeftOut::Rules(path, error) => warn(&unused_rules(&path, &error, self.locale)),
            }
        }
        if is_empty { Err(CliError::NoSpeeches(folder.to_owned())) } else { Ok(listed.files) }
    }

    /// The files of a source, those of a list in full; if `only_inside`, without the links that lead out
    /// of the folders named.
    pub(super) fn list_source(&mut self, source: &StageSource<'_>, only_inside: bool) -> Result<Vec<PathBuf>, CliError> {
        if source.are_files {
            return Ok(source.paths.to_vec());
        }
        if source.list.files_from.is_none() {
            let mut files = self.list_speeches(&source.paths)?;
            if only_inside {
                self.retain_named(&mut files, &source.paths);
            }
            return Ok(files);
        }
        let mut input = StageInput::open(source, self.locale)?;
        if only_inside {
            input = input.only_inside(NamedSpeeches::load(self.uses_state));
        }
        let mut files = Vec::new();
        for item in input {
            match item {
                StageItem::File(path) => files.push(path),
                StageItem::Failed(failed) => self.leave_out(&CliError::LeftOut(failed.message)),
                StageItem::Record(_) => {}
            }
        }
        Ok(files)
    }

    /// Opens one of `files` with all that the store knows of the speech. If it cannot be read and is not the
    /// only one, it is left out and `None` is returned. So is a copy of a speech that was opened before: copies
    /// that share their annotations are one speech.
    pub(super) fn open_with_records(&mut self, file: &Path, files: &[PathBuf]) -> Result<Option<(Speech, FoundAnnotations)>, CliError> {
        let opened = self.open(file).and_then(|speech| {
            let annotations = self.speech_annotations(&speech)?;
            Ok((speech, annotations))
        });
        let opened = self.unless_among(opened, files)?;
        Ok(opened.filter(|(_, annotations)| self.counted.insert(annotations.identity.clone())))
    }

    /// What was done with one of `files`; if that failed and it is not the only one, it is left out.
    pub(super) fn unless_among<T>(&mut self, done: Result<T, CliError>, files: &[PathBuf]) -> Result<Option<T>, CliError> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(error) if files.len() > 1 => {
                self.leave_out(&error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Tells of a file that is left out.
    pub(super) fn leave_out(&mut self, error: &CliError) {
        warn(&error.message(self.locale));
        self.has_left_out = true;
    }

    /// The status of a command that has done what it could.
    pub(super) fn done(&self) -> Status {
        if self.has_left_out { Status::NoMatch } else { Status::Done }
    }

    /// Those of `copies` whose text is not that of the speech in `file`, one of each text: they were edited,
    /// and have the annotations of the speech until they get their own.
    fn edited_copies(&self, store: &Store, file: &Path, copies: Vec<PathBuf>) -> Result<Vec<PathBuf>, CliError> {
        let key = |path: &Path| {
            let speech = source::open(path, self.read_options).ok()?;
            Some(SpeechKey::from_document(store.location(), &speech.document, path))
        };
        let mut texts: Vec<SpeechHash> = key(file).map(|key| key.hash).into_iter().collect();
        let mut edited = Vec::new();
        for path in copies {
            let Some(key) = key(&path) else {
                // The command tells why it cannot be read.
                edited.push(path);
                continue;
            };
            if !texts.contains(&key.hash) && store.has_speech(&key)? {
                texts.push(key.hash);
                edited.push(path);
            }
        }
        Ok(edited)
    }

    /// Files of all speeches with annotations in the store; tells of missing ones.
    pub(super) fn annotated_speeches(&mut self) -> Result<Vec<PathBuf>, CliError> {
        let store = self.store_for(None)?;
        let mut files = Vec::new();
        let mut existing = ExistingFiles::default();
        for (file, record) in store.speeches()? {
            if let Some(path) = existing.find(&store, &file, &record) {
                let copies = existing.copies(&store.known_places(&record, &file), &path);
                if !copies.is_empty() {
                    files.extend(self.edited_copies(&store, &path, copies)?);
                }
                files.push(path);
            } else {
                let path = store.known_places(&record, &file).pop().unwrap_or(file);
                warn(&missing_speech(&path, &record.title, self.locale));
                self.has_left_out = true;
            }
        }
        // A speech that is not there has been told already.
        if !self.has_left_out {
            self.notices.lost_files += store.lost_files()?.len();
        }
        files.sort();
        files.dedup();
        self.retain_known(&mut files, store.location());
        Ok(files)
    }
}
