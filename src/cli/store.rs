//! `pizhu store`: stores that a team shares, and which copies of a speech share annotations.

use super::{CliError, Context, Status, args::ShapeArg};
use pizhu_annotation::Place;
use pizhu_annotation::Store;
use pizhu_annotation::store::SpeechKey;
use pizhu_annotation::store::init_shared;
use pizhu_annotation::store::state_dir;
use pizhu_library::source::SourceError;
use clap::{Args, Subcommand};
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
    /// Make a store in a folder, for the speeches below it and whoever shares the folder.
    Init {
        /// The folder.
        #[arg(value_name = "DIR", default_value = ".")]
        folder: PathBuf,
        /// Let git merge its files: by `pizhu merge` in this clone, by union elsewhere.
        #[arg(long)]
        git: bool,
        /// Take over what your own store has of the speeches below the folder.
        #[arg(long)]
        adopt: bool,
        /// The shape of the output.
        #[command(flatten)]
        shape: ShapeArg,
    },
    /// Part a speech from other copies of its text: it gets annotations of its own.
    Part {
        /// The speech.
        file: PathBuf,
    },
    /// Let a speech share the annotations of another file: a copy of it, or what it was before
    /// it was moved and edited.
    Join {
        /// The speech.
        file: PathBuf,
        /// The other, by the path it has or had [default: the other copies of the same text].
        other: Option<PathBuf>,
    },
}

impl StoreAction {
    /// The shape of the output that the command was told.
    pub(super) fn shape(&self) -> Option<super::output::Shape> {
        match self {
            Self::Init { shape, .. } => shape.format,
            Self::Part { .. } | Self::Join { .. } => None,
        }
    }
}

/// The store that was made.
#[derive(Serialize)]
struct Made<'a> {
    version: u32,
    store: &'a Path,
    git: bool,
    driver: bool,
    adopted: usize,
}

pub(super) fn run(context: &mut Context, args: StoreArgs) -> Result<Status, CliError> {
    match args.action {
        StoreAction::Init { folder, git, adopt, .. } => init(context, &folder, git, adopt),
        StoreAction::Part { file } => {
            let (store, key) = known(context, &file)?;
            let parted = store.part(&key)?;
            say(context, if parted { "store-parted" } else { "store-was-apart" }, &file)
        }
        StoreAction::Join { file, other } => {
            let (store, key) = known(context, &file)?;
            let joined = match &other {
                None => store.join(&key, None, None)?,
                Some(other) => match context.open(other) {
                    Ok(speech) => store.join(&key, Some(&SpeechKey::of(store.place(), &speech.document, other)), None)?,
                    // It is known by the path it had.
                    Err(CliError::Source(SourceError::Missing(_))) => store.join(&key, None, Some(&store.place().document_name(other)))?,
                    Err(error) => return Err(error),
                },
            };
            if joined { say(context, "store-joined", &file) } else { Err(CliError::NothingToJoin(other.unwrap_or(file))) }
        }
    }
}

/// The store and the key of a speech.
fn known(context: &mut Context, file: &Path) -> Result<(Store, SpeechKey), CliError> {
    let speech = context.open_to_annotate(file)?;
    let store = context.store_of(Some(file))?;
    let key = SpeechKey::of(store.place(), &speech.document, file);
    Ok((store, key))
}

fn say(context: &mut Context, message: &str, path: &Path) -> Result<Status, CliError> {
    let line = context.words.format(message, &[("path", path.display().to_string().into())]);
    let line = context.out.shown(&line).into_owned();
    writeln!(context.out, "{line}")?;
    Ok(Status::Done)
}

fn init(context: &mut Context, folder: &Path, git: bool, adopt: bool) -> Result<Status, CliError> {
    if !folder.is_dir() {
        return Err(CliError::Source(SourceError::Missing(folder.to_owned())));
    }
    // The store that the speeches had so far; looked for before there is a new one.
    let own = Store::new(Place::find(None, context.store.as_deref())?, state_dir()?);
    let (place, driver) = init_shared(folder, git)?;
    let store = Store::new(place, state_dir()?);
    let adopted = if adopt { store.adopt(&own, folder, &context.annotator())? } else { 0 };
    if context.is_json() {
        context.out.json(&Made { version: 1, store: &store.place().dir, git, driver, adopted })?;
        return Ok(Status::Done);
    }
    say(context, "store-made", &store.place().dir)?;
    if git {
        say(context, if driver { "store-driver" } else { "store-union" }, folder)?;
    }
    if adopt {
        let line = context.words.format("store-adopted", &[("count", adopted.into())]);
        writeln!(context.out, "{line}")?;
    }
    Ok(Status::Done)
}
