//! `pizhu import`: annotations and codebooks from other programs.

mod args;
mod report;

pub(super) use args::ImportArgs;

use super::{CliContext, CliError, Status, input::read_to_import, progress::Progress};
use crate::app::{
    import::{ImportRequest, ImportStep, candidates_folder, import_annotations},
    job::CancelToken,
};
use pizhu_annotation::Store;
use pizhu_library::exchange::import::{self, ImportBatch};
use report::WordedReport;
use std::{
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
};

pub(super) fn run(context: &mut CliContext, args: &ImportArgs) -> Result<Status, CliError> {
    let batch = read_import(&args.file)?;
    let beside = args.texts.as_deref().or(args.file.parent()).filter(|dir| dir.is_dir());
    let store = context.store_for(args.paths.first().map(PathBuf::as_path).or(beside))?;
    let candidates = context.import_candidates(&store, &args.file, &args.paths)?;
    let (author, stores) = (context.annotator(), Arc::clone(&context.stores));
    let request = ImportRequest {
        file: &args.file,
        batch: &batch,
        store: &store,
        candidates: &candidates,
        texts: args.texts.as_deref(),
        author: &author,
    };
    let mut progress = Progress::before_output(context, 0);
    let imported = import_annotations(&request, (&stores, context.read_options), &CancelToken::default(), &mut |step| match step {
        ImportStep::Begun(count) => progress = Progress::before_output(context, count),
        ImportStep::Advanced => progress.advance(),
        ImportStep::Opened(speech) => context.warn_of_missing_parts(speech),
    })?;
    progress.clear();
    // Nobody cancels the command.
    let report = WordedReport::new(imported.unwrap_or_default(), context.locale);
    if context.is_json() {
        context.out.json(&report)?;
    } else {
        for line in report.lines(context.locale) {
            let line = context.out.sanitized(&line).into_owned();
            writeln!(context.out, "{line}")?;
        }
    }
    Ok(if report.failed.is_empty() { Status::Done } else { Status::NoMatch })
}

impl CliContext {
    /// The speeches that the file may be about: those named, else those beside it.
    pub(super) fn import_candidates(&mut self, store: &Store, file: &Path, paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
        if paths.is_empty() {
            // There may be none: the store knows its own.
            return Ok(self.speeches_under(&candidates_folder(store, file)).unwrap_or_default());
        }
        self.list_speeches(paths)
    }
}

/// Parses a file to import, or standard input.
pub(super) fn read_import(file: &Path) -> Result<ImportBatch, CliError> {
    import::read(file, &read_to_import(file)?).map_err(|error| CliError::Import(file.to_owned(), error))
}
