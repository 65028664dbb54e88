//! `pizhu tags import` and `pizhu tags export`: the codebook to and from files.

use super::{CliContext, CliError, Status, args::common::OutputArgs, import::read_import, output::is_standard_output};
use crate::locale::id;
use clap::{Args, builder::PossibleValue, builder::PossibleValuesParser};
use pizhu_annotation::Codebook;
use pizhu_annotation::Store;
use pizhu_annotation::store::state_dir;
use pizhu_library::exchange::CODEBOOKS;
use pizhu_library::exchange::Collection;
use pizhu_library::exchange::Destination;
use pizhu_library::exchange::ExportFilter;
use pizhu_library::exchange::ExportOptions;
use pizhu_library::exchange::ExportOrder;
use pizhu_library::exchange::Format;
use pizhu_library::exchange::import_resolver::{ImportedTags, add_tags, valid_tags};
use pizhu_library::source::STDIN;
use serde::Serialize;
use std::{io::Write, path::PathBuf};

/// `pizhu tags import`
#[derive(Debug, Args)]
pub struct ImportTagsArgs {
    /// The file: a table (CSV, also Taguette's), .qdc, a .qdpx with a codebook, or a store's
    /// codebook.ron; `-` is standard input.
    pub file: PathBuf,
    /// Replace the codebook: its tags become those of the file, in their order and hierarchy. Tags of the
    /// same name or path keep their annotations, and what the file leaves empty; others are deleted,
    /// unless annotations have them: then nothing is done without --into.
    #[arg(long)]
    pub replace: bool,
    /// The tag of the file that gets the annotations of tags that are not in it.
    #[arg(long, value_name = "TAG", requires = "replace")]
    pub into: Option<String>,
    /// Output options.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `pizhu tags export`
#[derive(Debug, Args)]
pub struct ExportTagsArgs {
    /// The format [default: from the file extension, else csv].
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub format: Option<String>,
    /// The file to write; `-` is standard output.
    #[arg(long, short, value_name = "FILE", default_value = STDIN)]
    pub output: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub force: bool,
    /// CSV in the form that Excel expects.
    #[arg(long)]
    pub excel: bool,
}

/// The report of an import, in JSON.
#[derive(Serialize)]
struct CodebookReport {
    version: u32,
    created: usize,
    merged: usize,
    /// Names of the new tags.
    tags: Vec<String>,
    /// Names of the tags that were there and have changed.
    changed: Vec<String>,
    /// Names of the tags that were deleted, and of those merged into another, because the file lacks
    /// them.
    deleted: Vec<String>,
    into: Vec<String>,
}

fn formats() -> PossibleValuesParser {
    CODEBOOKS.iter().map(|format| PossibleValue::new(format.name).help(format.doc)).into()
}

/// The named format, else that of the file's extension, else CSV.
fn export_format(args: &ExportTagsArgs) -> Result<&'static Format, CliError> {
    let extension = || args.output.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let Some(name) = args.format.clone().or_else(extension) else { return Ok(&CODEBOOKS[0]) };
    CODEBOOKS.iter().find(|format| format.name == name).ok_or(CliError::NoFormat(name))
}

pub(super) fn export(context: &mut CliContext, book: Codebook, args: &ExportTagsArgs) -> Result<Status, CliError> {
    let format = export_format(args)?;
    let collection = Collection::new(book, ExportFilter::default(), ExportOrder::default());
    let options = ExportOptions { excel: args.excel };
    let write = |out: &mut dyn Write| (format.write)(&collection, options, out);
    if is_standard_output(&args.output) {
        context.out.export(format, write)?;
    } else {
        let store = context.store_for(None)?;
        Destination::new(&args.output, args.force).beside_store(store.location()).outside(&state_dir()?).fill(write)?;
    }
    Ok(Status::Done)
}

pub(super) fn import(context: &mut CliContext, store: &Store, args: &ImportTagsArgs) -> Result<Status, CliError> {
    let brought = read_import(&args.file)?.tags;
    if brought.is_empty() {
        return Err(CliError::NoTags(args.file.clone()));
    }
    let report = if args.replace {
        let tags = valid_tags(&brought);
        let used = store.used_tags()?;
        let done = store.edit_codebook(|book| book.replace(&tags, &used, args.into.as_deref()))?;
        let merged = done.changed.len() + done.left;
        let (tags, changed) = (done.created, done.changed);
        CodebookReport { version: 1, created: tags.len(), merged, tags, changed, deleted: done.deleted, into: done.merged }
    } else {
        let ImportedTags { created: tags, changed, .. } = store.edit_codebook(|book| add_tags(book, &brought, &[]))?;
        let merged = brought.len() - tags.len();
        CodebookReport { version: 1, created: tags.len(), merged, tags, changed, deleted: Vec::new(), into: Vec::new() }
    };
    context.format = args.output.format.unwrap_or(context.format);
    if context.is_json() {
        context.out.json(&report)?;
        return Ok(Status::Done);
    }
    let left = report.merged.saturating_sub(report.changed.len());
    let counts = [("created", report.created.into()), ("changed", report.changed.len().into()), ("left", left.into())];
    writeln!(context.out, "{}", context.locale.format(id::TAGS_IMPORTED, &counts))?;
    let lists = [
        (id::WARNING_TAGS_CREATED, &report.tags),
        (id::TAGS_CHANGED, &report.changed),
        (id::TAGS_DELETED, &report.deleted),
        (id::TAGS_MERGED_INTO, &report.into),
    ];
    for (message, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
        let facts = [("tags", names.join(", ").into()), ("into", args.into.clone().unwrap_or_default().into())];
        let line = context.out.sanitized(&context.locale.format(message, &facts)).into_owned();
        writeln!(context.out, "{line}")?;
    }
    Ok(Status::Done)
}
