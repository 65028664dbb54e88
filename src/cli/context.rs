//! Arguments, environment and settings, resolved once per run.

use super::{
    CliError, Status,
    args::common::{GlobalArgs, RevisionSide},
    error, named_speeches,
    output::{Output, OutputFormat},
    preferences::Preferences,
    speech_notices::SpeechNotices,
};
use crate::app::open::{OpenedSpeech, open_speech};
use crate::app::stores::StoreFinder;
use crate::locale::Locale;
use crate::settings::Settings;
use crate::settings::TrackedChanges;
use pizhu_annotation::AnchorIndex;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Codebook;
use pizhu_annotation::Edit;
use pizhu_annotation::Store;
use pizhu_annotation::StoreWarning;
use pizhu_annotation::store::{FoundAnnotations, SpeechIdentity};
use pizhu_library::source::ReadOptions;
use pizhu_library::source::Revisions;
use pizhu_library::source::STDIN;
use pizhu_library::source::Speech;
use pizhu_text::text::visible::visible;
use serde::Serialize;
use std::{
    collections::HashSet,
    env,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Arguments, environment and settings, resolved once per run; shared by all commands.
pub(crate) struct CliContext {
    /// Store named on the command line.
    pub(super) store: Option<PathBuf>,
    /// Author named on the command line.
    pub(super) author: Option<String>,
    /// Options for reading speeches.
    pub(super) read_options: ReadOptions,
    /// Whether the marks of others are left out until the author is done with a speech.
    pub(super) codes_blind: bool,
    /// The user's settings.
    settings: Settings,
    /// Whether colours are disabled.
    pub(super) colorless: bool,
    /// Output format.
    pub(super) format: OutputFormat,
    /// Messages in the user's language.
    pub(super) locale: Locale,
    /// Standard output.
    pub(super) out: Output,
    /// Files of stores whose damage was told.
    pub(super) told_files: Vec<PathBuf>,
    /// Whether the user's own folders may be read and written.
    pub(super) uses_state: bool,
    /// The stores used; reusing one reuses its caches and its listing.
    pub(super) stores: Arc<StoreFinder>,
    /// Whether a file was told of and left out.
    pub(super) has_left_out: bool,
    /// Warnings to be summed up at the end of the run.
    pub(super) notices: SpeechNotices,
    /// The speeches opened so far, of those that count once however many copies there are.
    pub(super) counted: HashSet<SpeechIdentity>,
}

/// Ids of created or changed annotations, in JSON.
#[derive(Serialize)]
struct EditReport {
    version: u32,
    ids: Vec<AnnotationId>,
}

impl CliContext {
    pub(super) fn new(global: &GlobalArgs, format: Option<OutputFormat>, preferences: Preferences) -> Self {
        let Preferences { settings, locale, problems } = preferences;
        for problem in &problems {
            warn(problem);
        }
        let revisions = resolve_revisions(global.changes, settings.tracked_changes);
        let blind = global.blind.then(|| annotator(global.author.as_deref(), &settings.author));
        Self {
            store: global.store.clone(),
            author: global.author.clone(),
            read_options: ReadOptions { encoding: global.encoding, revisions },
            colorless: global.color == "never",
            format: format.unwrap_or_default(),
            locale,
            out: Output::new(&global.color),
            told_files: Vec::new(),
            uses_state: global.uses_state(),
            stores: Arc::new(StoreFinder::new(global.store.clone(), global.uses_state(), settings.snapshots).blind_for(blind)),
            codes_blind: global.blind,
            has_left_out: false,
            notices: SpeechNotices::default(),
            counted: HashSet::new(),
            settings,
        }
    }

    /// Whether the output is JSON.
    pub(super) fn is_json(&self) -> bool {
        self.format == OutputFormat::Json
    }

    /// Opens the speech in a file, its outline as it is mended in its store. If the store cannot be read,
    /// the commands that need it say so.
    pub(super) fn open(&self, path: &Path) -> Result<Speech, CliError> {
        Ok(self.open_mended(path)?.speech)
    }

    /// [`Self::open`], with the error of a store that cannot be read.
    pub(super) fn open_mended(&self, path: &Path) -> Result<OpenedSpeech, CliError> {
        let opened = open_speech(path, self.read_options, &self.stores)?;
        self.warn_of_missing_parts(&opened.speech);
        Ok(opened)
    }

    /// Tells of the chapters that a book names but lacks.
    pub(super) fn warn_of_missing_parts(&self, speech: &Speech) {
        if !speech.missing_parts.is_empty() {
            warn(&error::missing_parts(&speech.path, &speech.missing_parts, self.locale));
        }
    }

    /// Opens a speech to change its annotations; standard input cannot be annotated.
    pub(super) fn open_to_annotate(&self, path: &Path) -> Result<Speech, CliError> {
        if path == Path::new(STDIN) {
            return Err(CliError::StdinIsNoSpeech);
        }
        self.open(path)
    }

    /// The store of a speech or folder; for `None`, of the working directory.
    pub(super) fn store_for(&mut self, path: Option<&Path>) -> Result<Store, CliError> {
        Ok(self.stores.for_path(path)?)
    }

    /// The store of the speech in a file, looked for once in each folder.
    pub(super) fn store_of(&mut self, file: &Path) -> Result<Store, CliError> {
        Ok(self.stores.of_file(file)?)
    }

    /// The distinct stores of some speeches.
    pub(super) fn stores_for(&mut self, files: &[PathBuf]) -> Result<Vec<Store>, CliError> {
        Ok(self.stores.of_files(files)?)
    }

    /// The codebook of the speeches' store; of several stores, theirs united.
    pub(super) fn codebook_of(&mut self, files: &[PathBuf]) -> Result<Codebook, CliError> {
        Ok(self.stores.codebook_of(files)?)
    }

    /// The annotations of a speech; prints the store's warnings.
    pub(super) fn annotations(&mut self, speech: &Speech) -> Result<AnchorIndex, CliError> {
        Ok(self.speech_annotations(speech)?.anchors)
    }

    /// The annotations of a speech, and which speech it is; prints the store's warnings, or keeps them
    /// for the end of the run if there may be one for each of many speeches.
    pub(super) fn speech_annotations(&mut self, speech: &Speech) -> Result<FoundAnnotations, CliError> {
        let mut found = self.store_of(&speech.path)?.speech_annotations(&speech.document, &speech.path)?;
        self.tell_store_warnings(std::mem::take(&mut found.warnings));
        Ok(found)
    }

    /// Prints a store's warnings about a speech, or keeps them for the end of the run if there may be one
    /// for each of many speeches.
    pub(super) fn tell_store_warnings(&mut self, warnings: Vec<StoreWarning>) {
        for warning in warnings {
            if let Some(warning) = self.notices.keep(warning) {
                warn(&error::store_warning(&warning, self.locale));
                if let StoreWarning::Damaged { path, .. } | StoreWarning::Newer(path) = warning {
                    self.told_files.push(path);
                }
            }
        }
    }

    /// The author of new annotations: from the command line, the settings, or the account.
    pub(super) fn annotator(&self) -> String {
        annotator(self.author.as_deref(), &self.settings.author)
    }

    /// Applies an edit, saves it, and prints the annotation's id.
    pub(super) fn edit(&mut self, speech: &Speech, edit: Edit) -> Result<Status, CliError> {
        self.edit_all(speech, vec![edit])
    }

    /// Applies edits, saves them, and prints the annotations' ids.
    pub(super) fn edit_all(&mut self, speech: &Speech, edits: Vec<Edit>) -> Result<Status, CliError> {
        let store = self.store_for(Some(&speech.path))?;
        let ids = store.apply(&speech.document, &speech.path, &self.annotator(), edits)?;
        named_speeches::remember(&speech.path, store.location());
        self.print_ids(ids)?;
        Ok(Status::Done)
    }

    /// Prints ids of created or changed annotations.
    pub(super) fn print_ids(&mut self, ids: Vec<AnnotationId>) -> Result<(), CliError> {
        if self.is_json() {
            self.out.json(&EditReport { version: 1, ids })?;
        } else {
            for id in ids {
                writeln!(self.out, "{id}")?;
            }
        }
        Ok(())
    }
}

/// The author of new annotations: as given, as set, or the account.
fn annotator(given: Option<&str>, set: &str) -> String {
    let user = || ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    let named = given.or(Some(set).filter(|author| !author.is_empty()));
    named.map(str::to_owned).or_else(user).unwrap_or_default()
}

/// The side of tracked changes: from the command line, else from the settings.
pub(super) fn resolve_revisions(argument: Option<RevisionSide>, set: TrackedChanges) -> Revisions {
    match (argument, set) {
        (Some(RevisionSide::Original), _) | (None, TrackedChanges::Original) => Revisions::Original,
        (Some(RevisionSide::Accepted), _) | (None, TrackedChanges::Accepted) => Revisions::Accepted,
    }
}

/// Prints a warning to standard error.
pub(super) fn warn(line: &str) {
    // Standard error may be a terminal that is gone; `eprintln!` would panic then.
    let _ = writeln!(std::io::stderr(), "pizhu: {}", visible(line));
}
