//! `pizhu export`: annotations in other programs' formats.

use super::{
    CliContext, CliError, Status,
    args::common::parse_date,
    named_speeches::NamedSpeeches,
    output::{OutputFormat, is_standard_output},
    progress::Progress,
    stage::{
        JsonFrame, ListArgs, RecordArgs, StageInput, StageItem, StageOptions, StageOutput, StageReader, StageSource, StageWork,
        fold_results, write_outputs,
    },
    wanted_annotations::parse_condition,
};
use crate::app::{
    export::{ExportPart, ExportSelection, export_speeches},
    wanted::{WantedAnnotations, WantedTags},
};
use clap::{Args, ValueEnum};
use pizhu_library::exchange::Collection;
use pizhu_library::exchange::ExportOptions;
use pizhu_library::exchange::ExportOrder;
use pizhu_library::exchange::FORMATS;
use pizhu_library::exchange::Format;
use pizhu_library::source::STDIN;
use pizhu_text::text::visible::visible_lines;
use std::{io::Write, path::PathBuf, sync::Arc};

/// `pizhu export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Speeches, or folders of speeches [default: all speeches annotated in the store].
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Names from a list.
    #[command(flatten)]
    pub list: ListArgs,
    /// Records in place of files.
    #[command(flatten)]
    pub records: RecordArgs,
    /// The format [default: from the file extension, else markdown].
    #[arg(long, value_name = "FORMAT", value_parser = formats())]
    pub format: Option<String>,
    /// The file to write; `-` is standard output.
    #[arg(long, short, value_name = "FILE", default_value = STDIN)]
    pub output: PathBuf,
    /// Replace an existing file.
    #[arg(long)]
    pub force: bool,
    /// Only annotations with this tag or one below it; can be given several times.
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Only speeches of this day (YYYY-MM-DD, or a month or year) or later.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub since: Option<String>,
    /// Only speeches of this day or earlier.
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub until: Option<String>,
    /// Only annotations for which this condition holds.
    #[arg(long = "where", id = "where", value_name = "CONDITION")]
    pub condition: Option<String>,
    /// Order of the annotations.
    #[arg(long, value_name = "ORDER", default_value = "place")]
    pub order: ExportOrderArg,
    /// CSV in the form that Excel expects.
    #[arg(long)]
    pub excel: bool,
}

/// What the export is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportOrderArg {
    /// Speech by speech, by place in each.
    Place,
    /// Tag by tag, each annotation under all of its tags.
    Tag,
}

/// The formats, as values of `--format` with their help.
fn formats() -> clap::builder::PossibleValuesParser {
    FORMATS.iter().map(|format| clap::builder::PossibleValue::new(format.name).alias(format.extension).help(format.doc)).into()
}

pub(super) fn run(context: &mut CliContext, args: ExportArgs) -> Result<Status, CliError> {
    let by_name = args.format.as_deref().map(Format::find);
    let format = by_name.unwrap_or_else(|| Format::from_path(&args.output).or(FORMATS.first()));
    let Some(format) = format else { return Err(CliError::NoFormat(args.format.unwrap_or_default())) };
    let order = match args.order {
        ExportOrderArg::Place => ExportOrder::Position,
        ExportOrderArg::Tag => ExportOrder::Tag,
    };
    let condition = parse_condition(args.condition.as_deref(), args.since.as_deref(), args.until.as_deref())?;
    let wanted = WantedAnnotations { author: context.author.clone(), condition, tags: WantedTags::Any };
    let mut selection = ExportSelection { wanted, tags: args.tag, order, book: None };
    let source = StageSource::with_records(&args.paths, &args.list, &args.records).or_files(|| context.annotated_speeches())?;
    if format.is_records() && order == ExportOrder::Position && is_standard_output(&args.output) {
        context.check_tags(&source, &selection.tags, selection.wanted.condition.as_ref())?;
        return stream(context, &source, format, &selection);
    }
    if source.reads_records {
        return Err(CliError::RecordsAsRecordsOnly);
    }
    let files = context.list_source(&source, true)?;
    let stores = context.stores_for(&files)?;
    if !files.is_empty() {
        context.check_tags_in(&stores, &selection.tags, selection.wanted.condition.as_ref())?;
    }
    let book = Arc::new(context.codebook_of(&files)?);
    let mut collection = selection.collection(&book, &stores)?;
    selection.book = Some(book);
    collect(context, &source, files.clone(), &selection, &mut collection)?;
    let options = ExportOptions { excel: args.excel };
    let write = |out: &mut dyn Write| (format.write)(&collection, options, out);
    if is_standard_output(&args.output) {
        context.out.export(format, write)?;
    } else {
        context.destination(&args.output, args.force, &files)?.fill(write)?;
    }
    Ok(context.done())
}

/// Collects what is selected of the speeches, with their progress.
fn collect(
    context: &mut CliContext,
    source: &StageSource<'_>,
    files: Vec<PathBuf>,
    selection: &ExportSelection,
    collection: &mut Collection,
) -> Result<(), CliError> {
    let options = StageOptions { format: OutputFormat::Text, ..StageOptions::new(context, source, "annotations") };
    let options = StageOptions { needs_one: files.len() == 1, ..options };
    let (reader, progress) = (StageReader::new(context), Progress::before_output(context, files.len()));
    fold_results(
        context,
        options,
        files.into_iter().map(StageItem::File),
        progress,
        |batch, sink| {
            export_speeches(selection, &reader, batch, Ok, |result| {
                sink(result.map(|found| found.map(|(speech, part)| StageWork { value: part, warnings: speech.warnings })))
            })
        },
        |_, part: ExportPart| {
            part.add_to(collection, selection);
            Ok(())
        },
    )
}

/// Writes a format of records speech by speech, so that memory does not grow with their number.
fn stream(context: &mut CliContext, source: &StageSource<'_>, format: &Format, selection: &ExportSelection) -> Result<Status, CliError> {
    let mut options = StageOptions::new(context, source, "annotations");
    (options.format, options.needs_one) = (OutputFormat::Jsonl, false);
    options.frame = JsonFrame::none(context.out.target());
    let (source_reader, is_terminal) = (StageReader::new(context), context.out.target().is_terminal);
    let input = StageInput::open(source, context.locale)?.only_inside(NamedSpeeches::load(context.uses_state));
    let render = |part: ExportPart| {
        let mut collection = selection.collection(part.codebook(), &[])?;
        part.add_to(&mut collection, selection);
        let mut bytes = Vec::new();
        (format.write)(&collection, ExportOptions::default(), &mut bytes)?;
        if is_terminal {
            bytes = visible_lines(&String::from_utf8_lossy(&bytes)).into_owned().into_bytes();
        }
        Ok(StageOutput { bytes, entries: collection.entries().len(), ..StageOutput::default() })
    };
    write_outputs(context, options, input, Vec::new(), |batch, sink| {
        export_speeches(selection, &source_reader, batch, render, |result| {
            sink(result.map(|found| found.map(|(speech, output)| StageWork { value: output, warnings: speech.warnings })))
        })
    })?;
    Ok(context.done())
}
