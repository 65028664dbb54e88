//! What holds for the whole run: arguments, environment and settings, resolved once.

use super::{
    CliError, Status,
    args::{Changes, Global},
    error,
    output::{Output, Shape},
    preferences::Preferences,
};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::Placements;
use pizhu_annotation::Store;
use crate::locale::Locale;
use crate::settings::Settings;
use crate::settings::TrackedChanges;
use pizhu_library::source;
use pizhu_library::source::Manner;
use pizhu_library::source::Revisions;
use pizhu_library::source::STDIN;
use pizhu_library::source::Speech;
use serde::Serialize;
use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
};

/// What holds for the whole run.
pub struct Context {
    /// The store that was named.
    pub(super) store: Option<PathBuf>,
    /// The author that was named.
    pub(super) author: Option<String>,
    /// How files are read.
    pub(super) manner: Manner,
    /// What the user has set.
    settings: Settings,
    /// Whether colours were refused.
    pub(super) colorless: bool,
    /// The shape of the output.
    pub(super) shape: Shape,
    /// The user's language.
    pub(super) words: Locale,
    /// Standard output.
    pub(super) out: Output,
    /// The stores used so far: what one has read it does not read again.
    stores: Vec<Store>,
}

/// The annotations that a command has made or changed.
#[derive(Serialize)]
struct Edited {
    version: u32,
    ids: Vec<AnnotationId>,
}

impl Context {
    pub(super) fn new(global: &Global, shape: Option<Shape>, preferences: Preferences) -> Self {
        let Preferences { settings, words, faults } = preferences;
        for fault in &faults {
            warn(fault);
        }
        let revisions = revisions(global.changes, settings.tracked_changes);
        Self {
            store: global.store.clone(),
            author: global.author.clone(),
            manner: Manner { encoding: global.encoding, revisions },
            settings,
            colorless: global.color == "never",
            shape: shape.unwrap_or_default(),
            words,
            out: Output::new(&global.color),
            stores: Vec::new(),
        }
    }

    /// Whether the output is for programs.
    pub(super) fn is_json(&self) -> bool {
        self.shape == Shape::Json
    }

    /// The speech of a file, with its final tree.
    pub(super) fn open(&self, path: &Path) -> Result<Speech, CliError> {
        Ok(source::open(path, self.manner)?)
    }

    /// A speech whose annotations are to be changed: standard input has nothing they could be
    /// kept with.
    pub(super) fn open_to_annotate(&self, path: &Path) -> Result<Speech, CliError> {
        if path == Path::new(STDIN) {
            return Err(CliError::StdinIsNoSpeech);
        }
        self.open(path)
    }

    /// The store for a speech or a folder; for `None`, of the folder the program runs in.
    pub(super) fn store_of(&mut self, path: Option<&Path>) -> Result<Store, CliError> {
        let store = Store::find(Some(path.unwrap_or(Path::new("."))), self.store.as_deref())?;
        if let Some(known) = self.stores.iter().find(|known| known.place() == store.place()) {
            return Ok(known.clone());
        }
        self.stores.push(store.clone());
        Ok(store)
    }

    /// The stores of some speeches, each once.
    pub(super) fn stores_of(&mut self, files: &[PathBuf]) -> Result<Vec<Store>, CliError> {
        let mut found: Vec<Store> = Vec::new();
        for file in files {
            let store = self.store_of(Some(file))?;
            if !found.iter().any(|other| other.place() == store.place()) {
                found.push(store);
            }
        }
        Ok(found)
    }

    /// The annotations of a speech.
    pub(super) fn annotations(&mut self, speech: &Speech) -> Result<Placements, CliError> {
        let (placements, notices) = self.store_of(Some(&speech.path))?.annotations(&speech.document, &speech.path)?;
        for notice in &notices {
            warn(&error::notice(notice, self.words));
        }
        Ok(placements)
    }

    /// The files of all speeches that the store has annotations of. Those that are gone are said.
    pub(super) fn annotated_speeches(&mut self) -> Result<Vec<PathBuf>, CliError> {
        let store = self.store_of(None)?;
        let mut files = Vec::new();
        for (_, record) in store.speeches()? {
            let mut seen_at = record.paths.iter().rev().map(|name| store.place().document_path(name));
            match seen_at.clone().find(|path| path.is_file()) {
                Some(path) => files.push(path),
                None => warn(&error::gone(&seen_at.next().unwrap_or_default(), &record.title, self.words)),
            }
        }
        files.sort();
        files.dedup();
        Ok(files)
    }

    /// Who annotates: the name given, else the one that is set, else the user's.
    pub(super) fn annotator(&self) -> String {
        let user = || ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
        let set = || Some(self.settings.author.clone()).filter(|author| !author.is_empty());
        self.author.clone().or_else(set).or_else(user).unwrap_or_default()
    }

    /// Does an edit, saves it, and prints the annotation's id.
    pub(super) fn edit(&mut self, speech: &Speech, edit: Edit) -> Result<Status, CliError> {
        self.edit_all(speech, vec![edit])
    }

    /// Does edits, saves them, and prints the annotations' ids.
    pub(super) fn edit_all(&mut self, speech: &Speech, edits: Vec<Edit>) -> Result<Status, CliError> {
        let store = self.store_of(Some(&speech.path))?;
        let ids = store.apply(&speech.document, &speech.path, &self.annotator(), edits)?;
        self.print_ids(ids)?;
        Ok(Status::Done)
    }

    /// Prints the ids of annotations that were made or changed.
    pub(super) fn print_ids(&mut self, ids: Vec<AnnotationId>) -> Result<(), CliError> {
        if self.is_json() {
            self.out.json(&Edited { version: 1, ids })?;
        } else {
            for id in ids {
                writeln!(self.out, "{id}")?;
            }
        }
        Ok(())
    }
}

/// The side of tracked changes that is read: the one named, else the one that is set.
pub(super) fn revisions(named: Option<Changes>, set: TrackedChanges) -> Revisions {
    match (named, set) {
        (Some(Changes::Original), _) | (None, TrackedChanges::Original) => Revisions::Original,
        (Some(Changes::Accepted), _) | (None, TrackedChanges::Accepted) => Revisions::Accepted,
    }
}

/// The speeches that `paths` mean: files as they are, folders as the speeches under them.
pub(super) fn speeches(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let mut files = Vec::new();
    for path in paths {
        if fs::metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
            let found = source::speeches_under(path)?;
            if found.is_empty() {
                return Err(CliError::NoSpeeches(path.clone()));
            }
            files.extend(found);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// Tells what does not keep the command from going on.
pub(super) fn warn(line: &str) {
    eprintln!("pizhu: {line}");
}
