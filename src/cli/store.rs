//! `pizhu store`: creates shared stores; links and unlinks copies of a speech.

use super::{CliContext, CliError, Status, args::common::OutputArgs};
use crate::locale::{MessageId, id};
use clap::{Args, Subcommand};
use pizhu_annotation::Store;
use pizhu_annotation::StoreLocation;
use pizhu_annotation::store::SpeechKey;
use pizhu_annotation::store::init_shared;
use pizhu_annotation::store::state_dir;
use pizhu_library::source::SourceError;
use serde::Serialize;
use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

/// `pizhu store`
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// What to do.
    #[command(subcommand)]
    pub action: StoreAction,
}

/// What can be done to a store.
#[derive(Debug, Subcommand)]
pub enum StoreAction {
    /// Create a store in a folder, for the speeches below it and everyone who shares the folder.
    Init {
        /// The folder.
        #[arg(value_name = "DIR", default_value = ".")]
        folder: PathBuf,
        /// Let git merge the files of the store: with `pizhu merge` in this clone, by union
        /// elsewhere.
        #[arg(long)]
        git: bool,
        /// Keep the texts that annotations are placed in within the store, for everyone who shares it,
        /// instead of in each user's own folder.
        #[arg(long)]
        snapshots: bool,
        /// Start with a codebook without tags instead of the starter codebook.
        #[arg(long)]
        empty_codebook: bool,
        /// Copy the annotations of the speeches below the folder from your own store.
        #[arg(long)]
        adopt: bool,
        /// Output options.
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Separate a speech from the other copies of its text: it gets its own annotations.
    Part {
        /// The speech.
        file: PathBuf,
    },
    /// Share the annotations of another file: a copy of the speech, or the speech before it was
    /// moved and edited.
    Join {
        /// The speech.
        file: PathBuf,
        /// The other file, by its present or former path [default: the other copies of the same
        /// text].
        other: Option<PathBuf>,
    },
}

impl StoreAction {
    /// Output format given to the subcommand.
    pub(super) fn output_format(&self) -> Option<super::output::OutputFormat> {
        match self {
            Self::Init { output, .. } => output.format,
            Self::Part { .. } | Self::Join { .. } => None,
        }
    }
}

/// The created store, in JSON.
#[derive(Serialize)]
struct InitReport<'a> {
    version: u32,
    store: &'a Path,
    git: bool,
    driver: bool,
    adopted: usize,
}

pub(super) fn run(context: &mut CliContext, args: StoreArgs) -> Result<Status, CliError> {
    match args.action {
        StoreAction::Init { folder, git, snapshots, empty_codebook, adopt, .. } => {
            init(context, &folder, (git, snapshots), empty_codebook, adopt)
        }
        StoreAction::Part { file } => {
            let (store, key) = store_and_key(context, &file)?;
            let parted = store.detach(&key)?;
            print_message(context, if parted { id::STORE_PARTED } else { id::STORE_WAS_APART }, &file)
        }
        StoreAction::Join { file, other } => {
            let (store, key) = store_and_key(context, &file)?;
            let joined = match &other {
                None => store.attach(&key, None, None)?,
                Some(other) => match context.open(other) {
                    Ok(speech) => store.attach(&key, Some(&SpeechKey::from_document(store.location(), &speech.document, other)), None)?,
                    // The file is gone; the store knows it by its former path.
                    Err(CliError::Source(SourceError::Missing(_))) => {
                        store.attach(&key, None, Some(&store.location().document_name(other)))?
                    }
                    Err(error) => return Err(error),
                },
            };
            if joined { print_message(context, id::STORE_JOINED, &file) } else { Err(CliError::NothingToJoin(other.unwrap_or(file))) }
        }
    }
}

/// Store and key of a speech.
fn store_and_key(context: &mut CliContext, file: &Path) -> Result<(Store, SpeechKey), CliError> {
    let speech = context.open_to_annotate(file)?;
    let store = context.store_for(Some(file))?;
    let key = SpeechKey::from_document(store.location(), &speech.document, file);
    Ok((store, key))
}

fn print_message(context: &mut CliContext, message: MessageId, path: &Path) -> Result<Status, CliError> {
    let line = context.locale.format(message, &[("path", path.display().to_string().into())]);
    let line = context.out.sanitized(&line).into_owned();
    writeln!(context.out, "{line}")?;
    Ok(Status::Done)
}

fn init(
    context: &mut CliContext,
    folder: &Path,
    (git, snapshots): (bool, bool),
    empty_codebook: bool,
    adopt: bool,
) -> Result<Status, CliError> {
    if !folder.is_dir() {
        return Err(CliError::Source(SourceError::Missing(folder.to_owned())));
    }
    // The store so far; looked up before the new one exists.
    let previous = Store::new(StoreLocation::find(None, context.store.as_deref())?, state_dir()?);
    let (location, driver) = init_shared(folder, git)?;
    let store = Store::new(location, state_dir()?);
    if snapshots {
        store.share_snapshots()?;
    }
    let is_empty = empty_codebook && store.start_empty_codebook()?;
    let adopted = if adopt { store.copy_annotations_from(&previous, folder, &context.annotator())? } else { 0 };
    if context.is_json() {
        context.out.json(&InitReport { version: 1, store: &store.location().dir, git, driver, adopted })?;
        return Ok(Status::Done);
    }
    print_message(context, id::STORE_MADE, &store.location().dir)?;
    if git {
        print_message(context, if driver { id::STORE_DRIVER } else { id::STORE_UNION }, folder)?;
    }
    if snapshots {
        print_message(context, id::STORE_SNAPSHOTS, &store.location().dir)?;
    }
    if empty_codebook {
        print_message(context, if is_empty { id::STORE_EMPTY_CODEBOOK } else { id::STORE_HAS_CODEBOOK }, &store.location().dir)?;
    }
    if adopt {
        let line = context.locale.format(id::STORE_ADOPTED, &[("count", adopted.into())]);
        writeln!(context.out, "{line}")?;
    }
    Ok(Status::Done)
}
