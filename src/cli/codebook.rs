//! `pizhu tags import` and `pizhu tags export`: the codebook to and from files.

use super::{CliError, Context, Status, args::ShapeArg, import::brought_by};
use pizhu_annotation::Codebook;
use pizhu_annotation::Store;
use pizhu_library::exchange::CODEBOOKS;
use pizhu_library::exchange::Collection;
use pizhu_library::exchange::Destination;
use pizhu_library::exchange::Filter;
use pizhu_library::exchange::Format;
use pizhu_library::exchange::Options;
use pizhu_library::exchange::Order;
use pizhu_library::exchange::placing::add_tags;
use pizhu_library::source::STDIN;
use clap::{Args, builder::PossibleValue, builder::PossibleValuesParser};
use serde::Serialize;
use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

/// `pizhu tags import`
#[derive(Debug, Args)]
pub struct ImportTagsArgs {
    /// The file: a table (CSV, Taguette's too), .qdc, the codebook of a .qdpx, or a store's
    /// codebook.ron; `-` is standard input.
    pub file: PathBuf,
    /// The shape of the report.
    #[command(flatten)]
    pub shape: ShapeArg,
}

/// `pizhu tags export`
#[derive(Debug, Args)]
pub struct ExportTagsArgs {
    /// The format [default: by the file's extension, else csv].
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub format: Option<String>,
    /// The file to write; `-` is standard output.
    #[arg(long, short, value_name = "FILE", default_value = STDIN)]
    pub output: PathBuf,
    /// Replace the file if it is there.
    #[arg(long)]
    pub force: bool,
    /// CSV as Excel wants it.
    #[arg(long)]
    pub excel: bool,
}

/// What came in.
#[derive(Serialize)]
struct Report {
    version: u32,
    created: usize,
    merged: usize,
    /// The names of the new tags.
    tags: Vec<String>,
}

fn formats() -> PossibleValuesParser {
    CODEBOOKS.iter().map(|format| PossibleValue::new(format.name).help(format.doc)).into()
}

/// The format that was named, or else the one of the file's extension; without one, the table.
fn format_of(args: &ExportTagsArgs) -> Result<&'static Format, CliError> {
    let extension = || args.output.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let Some(name) = args.format.clone().or_else(extension) else { return Ok(&CODEBOOKS[0]) };
    CODEBOOKS.iter().find(|format| format.name == name).ok_or(CliError::NoFormat(name))
}

pub(super) fn export(context: &mut Context, book: Codebook, args: &ExportTagsArgs) -> Result<Status, CliError> {
    let format = format_of(args)?;
    let collection = Collection::new(book, Filter::default(), Order::default());
    let options = Options { excel: args.excel };
    if args.output == Path::new(STDIN) {
        context.out.export(format, |out| (format.write)(&collection, options, out))?;
    } else {
        Destination::new(&args.output, args.force).fill(|out| (format.write)(&collection, options, out))?;
    }
    Ok(Status::Done)
}

pub(super) fn import(context: &mut Context, store: &Store, args: &ImportTagsArgs) -> Result<Status, CliError> {
    let brought = brought_by(&args.file)?.tags;
    if brought.is_empty() {
        return Err(CliError::NoTags(args.file.clone()));
    }
    let tags = store.edit_codebook(|book| add_tags(book, &brought, &[]))?;
    let report = Report { version: 1, created: tags.len(), merged: brought.len() - tags.len(), tags };
    context.shape = args.shape.format.unwrap_or(context.shape);
    if context.is_json() {
        context.out.json(&report)?;
        return Ok(Status::Done);
    }
    let counts = context.words.format("tags-imported", &[("created", report.created.into()), ("merged", report.merged.into())]);
    writeln!(context.out, "{counts}")?;
    if !report.tags.is_empty() {
        let names = context.words.format("warning-tags-created", &[("tags", report.tags.join(", ").into())]);
        let names = context.out.shown(&names).into_owned();
        writeln!(context.out, "{names}")?;
    }
    Ok(Status::Done)
}
