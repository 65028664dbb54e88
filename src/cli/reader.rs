//! No subcommand: the reader in the terminal.

use super::{CliError, Context, Status};
use pizhu_annotation::Store;
use crate::settings::Folders;
use pizhu_text::text::width::Ambiguous;
use crate::tui;
use crate::tui::Options;
use std::path::PathBuf;

/// Opens the reader on files or folders. A store that was named must be of use: whoever names
/// one means to write into it.
pub(super) fn run(context: &Context, paths: Vec<PathBuf>, ambiguous: Option<&str>) -> Result<Status, CliError> {
    if let Some(store) = &context.store {
        Store::find(None, Some(store))?.codebook()?;
    }
    let options = Options {
        paths,
        manner: context.manner,
        store: context.store.clone(),
        author: context.annotator(),
        ambiguous: match ambiguous {
            Some("narrow") => Some(Ambiguous::Narrow),
            Some("wide") => Some(Ambiguous::Wide),
            _ => None,
        },
        colorless: context.colorless,
        folders: Folders::find(|name| std::env::var(name).ok()),
    };
    tui::run(options)?;
    Ok(Status::Done)
}
