//! `pizhu export`: annotations in other programs' formats.

use super::{CliError, Context, Status, args::date, context::speeches};
use pizhu_annotation::Codebook;
use pizhu_library::exchange::Collection;
use pizhu_library::exchange::Destination;
use pizhu_library::exchange::FORMATS;
use pizhu_library::exchange::Filter;
use pizhu_library::exchange::Format;
use pizhu_library::exchange::Options;
use pizhu_library::exchange::Order;
use pizhu_library::source::STDIN;
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// `pizhu export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Speeches, or folders of speeches [default: all that the store has annotations of].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The format [default: the one of the file's extension, else markdown].
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub format: Option<String>,
    /// The file to write; `-` is standard output.
    #[arg(long, short, value_name = "FILE", default_value = STDIN)]
    pub output: PathBuf,
    /// Replace the file if it is there.
    #[arg(long)]
    pub force: bool,
    /// Only annotations with this tag or one below it; may be given several times.
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Only speeches of this day (YYYY-MM-DD, or a month or year) or later.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub since: Option<String>,
    /// Only speeches of this day or earlier.
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub until: Option<String>,
    /// By place in the speeches, or by tag.
    #[arg(long, value_name = "ORDER", default_value = "place")]
    pub order: By,
    /// CSV as Excel wants it.
    #[arg(long)]
    pub excel: bool,
}

/// What the export is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Speech by speech, by place in each.
    Place,
    /// Tag by tag, each annotation under all of its tags.
    Tag,
}

/// The formats that can be written, each with what it is good for.
fn formats() -> clap::builder::PossibleValuesParser {
    FORMATS.iter().map(|format| clap::builder::PossibleValue::new(format.name).alias(format.extension).help(format.doc)).into()
}

pub(super) fn run(context: &mut Context, args: ExportArgs) -> Result<Status, CliError> {
    let by_name = args.format.as_deref().map(Format::find);
    let format = by_name.unwrap_or_else(|| Format::of_file(&args.output).or(FORMATS.first()));
    let Some(format) = format else { return Err(CliError::NoFormat(args.format.unwrap_or_default())) };
    let files = if args.paths.is_empty() { context.annotated_speeches()? } else { speeches(&args.paths)? };
    let order = match args.order {
        By::Place => Order::Place,
        By::Tag => Order::Tag,
    };
    let filter = Filter { tags: args.tag, author: context.author.clone(), since: args.since, until: args.until };
    let mut collection = Collection::new(codebook(context, &files)?, filter, order);
    for file in &files {
        let speech = context.open(file)?;
        let placed = context.annotations(&speech)?;
        let name = context.store_of(Some(file))?.place().document_name(file);
        collection.add(&name, &speech.document, &placed);
    }
    let options = Options { excel: args.excel };
    if args.output == Path::new(STDIN) {
        context.out.export(format, |out| (format.write)(&collection, options, out))?;
    } else {
        Destination::new(&args.output, args.force).fill(|out| (format.write)(&collection, options, out))?;
    }
    Ok(Status::Done)
}

/// The codebook of the speeches' store; of several stores, the first one's and what the others
/// have besides.
pub(super) fn codebook(context: &mut Context, files: &[PathBuf]) -> Result<Codebook, CliError> {
    let mut book: Option<Codebook> = None;
    for store in context.stores_of(files)? {
        let other = store.codebook()?;
        match &mut book {
            None => book = Some(other),
            Some(book) => {
                for (_, tag) in other.tree() {
                    // A tag that is there already stays as it is.
                    let _ = book.add(tag.clone());
                }
            }
        }
    }
    match book {
        Some(book) => Ok(book),
        None => Ok(context.store_of(None)?.codebook()?),
    }
}
