//! Without a subcommand: the interactive reader.

use super::{CliContext, CliError, Status};
use crate::settings::Folders;
use crate::tui;
use crate::tui::TuiOptions;
use pizhu_annotation::Store;
use pizhu_text::text::width::AmbiguousWidth;
use std::path::PathBuf;

/// Opens the reader on files or folders. A store named on the command line must be readable, as the
/// user means to write to it.
pub(super) fn run(context: &CliContext, paths: Vec<PathBuf>, ambiguous: Option<&str>) -> Result<Status, CliError> {
    if let Some(store) = &context.store {
        Store::find(None, Some(store))?.codebook()?;
    }
    let options = TuiOptions {
        paths,
        read_options: context.read_options,
        store: context.store.clone(),
        author: context.annotator(),
        blind: context.codes_blind,
        ambiguous: match ambiguous {
            Some("narrow") => Some(AmbiguousWidth::Narrow),
            Some("wide") => Some(AmbiguousWidth::Wide),
            _ => None,
        },
        no_color: context.colorless,
        folders: Folders::find(|name| std::env::var(name).ok()),
    };
    let ended_by = tui::run(options)?;
    Ok(ended_by.and_then(|signal| u8::try_from(signal).ok()).map_or(Status::Done, Status::Signalled))
}
